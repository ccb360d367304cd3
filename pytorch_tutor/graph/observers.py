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
    own = {"op_entered": op_entered, "op_called": op_called, "step_entered": step_entered, "step_taken": step_taken}
    listening = {moment: function for moment, function in own.items() if function is not None}
    for moment, function in listening.items():
        setattr(observers, moment, (*getattr(observers, moment), function))
    try:
        yield
    finally:  # only its own go: others may have come or gone meanwhile, and blocks need not end in order
        for moment, function in listening.items():
            setattr(observers, moment, _without_last(getattr(observers, moment), function))


def _without_last(listeners: tuple[Any, ...], function: Any) -> tuple[Any, ...]:
    """The listeners but for the last entry of ``function``."""
    for place in reversed(range(len(listeners))):
        if listeners[place] is function:
            return listeners[:place] + listeners[place + 1 :]
    return listeners
