"""Observers: the only hook points of the engine, free when nobody listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

OpEntered = Callable[[Any, tuple[Any, ...]], tuple[Any, ...]]
OpCalled = Callable[[Any, tuple[Any, ...], Any], None]
StepEntered = Callable[[Any], None]
StepTaken = Callable[[Any], None]


class Observers:
    """Who listens now.

    ``op_entered(op_class, inputs)`` comes before an operation and returns the inputs that it is to have (autocast
    returns others); ``op_called(node, inputs, result)`` comes after it. ``step_entered(node)`` comes before a backward
    step, ``step_taken(step)`` after it.
    """

    def __init__(self) -> None:
        self.op_entered: tuple[OpEntered, ...] = ()
        self.op_called: tuple[OpCalled, ...] = ()
        self.step_entered: tuple[StepEntered, ...] = ()
        self.step_taken: tuple[StepTaken, ...] = ()


observers = Observers()


@contextmanager
def observe(
    *,
    op_called: OpCalled | None = None,
    step_taken: StepTaken | None = None,
    op_entered: OpEntered | None = None,
    step_entered: StepEntered | None = None,
) -> Iterator[None]:
    """Calls the given functions for every operation and every backward step inside the block.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.graph import observe
    >>> seen = []
    >>> with observe(op_called=lambda node, inputs, result: seen.append(node.name())):
    ...     _ = torch.ones(2, requires_grad=True).exp().sum()
    >>> seen
    ['ExpBackward0', 'SumBackward0']
    """
    before = observers.op_entered, observers.op_called, observers.step_entered, observers.step_taken
    if step_entered is not None:
        observers.step_entered = (*observers.step_entered, step_entered)
    if op_entered is not None:
        observers.op_entered = (*observers.op_entered, op_entered)
    if op_called is not None:
        observers.op_called = (*observers.op_called, op_called)
    if step_taken is not None:
        observers.step_taken = (*observers.step_taken, step_taken)
    try:
        yield
    finally:
        observers.op_entered, observers.op_called, observers.step_entered, observers.step_taken = before
