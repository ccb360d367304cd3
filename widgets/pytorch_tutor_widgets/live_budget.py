"""How much of the training time a view may take: it measures itself, and looks again when it can afford to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

FASTEST = 0.12  # seconds between two looks: the eye wants no more


class Budget:
    """A share of the time, kept in two ways: by the clock, and by what this thread has computed.

    By the clock alone, a look that another program happened to interrupt would seem expensive, and the view would stand
    still for a long time; by computing time alone, a loop that mostly waits for data would seem to leave no room. A
    look is allowed when either says that all looks so far, and one more like the last, take no more than the share.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._begun: tuple[float, float] | None = None
        self._spent = (0.0, 0.0)
        self._last = (0.0, 0.0)
        self._next = 0.0

    def begin(self) -> None:
        """Start counting, at the first call."""
        if self._begun is None:
            self._begun = moment()

    def allows(self) -> bool:
        """May there be another look now?"""
        now = moment()
        if self._begun is None or now[0] < self._next:
            return self._begun is None
        return any(
            spent + last <= self._share * (at - begun)
            for at, begun, spent, last in zip(now, self._begun, self._spent, self._last, strict=True)
        ) or self._spent == (0.0, 0.0)

    @contextmanager
    def spending(self, first_half: bool = False) -> Iterator[None]:
        """Count what is done inside as a look, or as the first half of one."""
        before = moment()
        yield
        after = moment()
        took = (after[0] - before[0], after[1] - before[1])
        self._spent = (self._spent[0] + took[0], self._spent[1] + took[1])
        if first_half:
            self._last = took
        else:
            self._last = (self._last[0] + took[0], self._last[1] + took[1])
            self._next = after[0] + FASTEST

    @property
    def spent(self) -> float:
        """Seconds by the clock that all looks have taken."""
        return self._spent[0]

    def share(self) -> float | None:
        """The share of the time that the looks have taken, or None in the first second."""
        if self._begun is None or moment()[0] - self._begun[0] < 1:
            return None
        shares = [
            spent / max(1e-9, at - begun) for at, begun, spent in zip(moment(), self._begun, self._spent, strict=True)
        ]
        return min(shares)


def moment() -> tuple[float, float]:
    """Now, by the clock and by what this thread has computed; in a browser's own Python, by the clock alone."""
    now = time.perf_counter()
    try:
        return now, time.thread_time()
    except (AttributeError, OSError):
        return now, now
