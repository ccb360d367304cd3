"""Give leaves the ``.grad`` that they have at a moment of the backward pass, and take it away again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Entry:
    """A leaf: its ``.grad`` before the pass (the object, and a copy of its value), and what the pass adds."""

    leaf: Any
    step: int  # 1-based: at this position and later the gradient is there
    added: Any
    held: Any
    value: Any
    left: Any = None  # what we left in .grad, to notice when somebody else changes it


class Ledger:
    """``goto(k)`` leaves in every leaf's ``.grad`` what a real backward pass has left there after ``k`` steps.

    As in ``backward()``, a leaf without a ``.grad`` gets a new tensor, and one that has a ``.grad`` has it changed in place. If
    other code changes a ``.grad`` in between (``zero_grad``, a step of an optimizer that follows, another ``backward``), the
    ledger lets go of that leaf for good: a picture must not overwrite a training run.
    """

    def __init__(self, lib: Any, added: list[tuple[Any, int, Any]]) -> None:
        self._lib = lib
        self._entries = []
        for leaf, step, gradient in added:
            held = leaf.grad
            value = None if held is None else held.detach().clone()
            self._entries.append(Entry(leaf, step, gradient, held, value, None if value is None else value.clone()))

    @property
    def active(self) -> int:
        """How many leaves still follow the stepper."""
        return len(self._entries)

    def goto(self, position: int) -> None:
        """Make every leaf's ``.grad`` that of ``position`` steps."""
        self._entries = [entry for entry in self._entries if self._ours(entry)]
        with self._lib.no_grad():
            for entry in self._entries:
                done = position >= entry.step
                if entry.held is None:
                    if done != (entry.leaf.grad is not None):
                        entry.leaf.grad = entry.added.detach().clone() if done else None
                else:
                    entry.held.copy_(entry.value + entry.added if done else entry.value)
                entry.left = None if entry.leaf.grad is None else entry.leaf.grad.detach().clone()

    def _ours(self, entry: Entry) -> bool:
        now = entry.leaf.grad
        if now is None or entry.left is None:
            return now is entry.left
        if entry.held is not None and now is not entry.held:
            return False
        return bool(_same(now, entry.left))


def _same(one: Any, other: Any) -> bool:
    """Equal in every element; NaN equals NaN."""
    return bool(one.shape == other.shape and ((one == other) | ((one != one) & (other != other))).all())
