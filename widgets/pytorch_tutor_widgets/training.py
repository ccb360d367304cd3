"""What a training run is made of: the clock, and the requests that reach it while it is busy.

Nothing here knows Jupyter. A request (stop, pause, another learning rate) may come from any thread; it is obeyed by the
thread that trains, between two batches, so that no batch is ever cut in half.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any


class Requests:
    """What the learner asked for while the loop was busy. Safe to call from any thread.

    >>> requests = Requests()
    >>> requests.stop()
    >>> requests.stopping
    True
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._stop = False
        self._pause = False
        self._rate: float | None = None

    def reset(self) -> None:
        """Forget everything, at the start of a run."""
        with self._lock:
            self._stop = self._pause = False
            self._rate = None
            self._changed.clear()

    def stop(self) -> None:
        """End the run after the current batch; a paused run ends too."""
        with self._lock:
            self._stop = True
            self._changed.set()

    def pause(self) -> None:
        """Wait after the current batch."""
        with self._lock:
            self._pause = True

    def resume(self) -> None:
        """Go on."""
        with self._lock:
            self._pause = False
            self._changed.set()

    def learning_rate(self, value: float) -> None:
        """From the next batch on, train with this learning rate."""
        with self._lock:
            self._rate = value
            self._changed.set()

    @property
    def stopping(self) -> bool:
        """Has the run been asked to end?"""
        return self._stop

    @property
    def pausing(self) -> bool:
        """Is the run to wait, or waiting?"""
        return self._pause and not self._stop

    def take_learning_rate(self) -> float | None:
        """The learning rate asked for since the last call, if any."""
        with self._lock:
            rate, self._rate = self._rate, None
            return rate

    def wait(self, seconds: float) -> None:
        """Sleep until something is asked for, at most so long. (Short, so that Ctrl-C gets through.)"""
        self._changed.wait(seconds)
        self._changed.clear()


class Progress:
    """How far a run is: batches done, time spent without pauses, time left, samples a second.

    The speed is that of the last seconds, not of the whole run, so that a slow first batch does not spoil it; the time
    left comes from the speed of the whole run, evaluations included, because those will come again.
    """

    def __init__(self, clock: Any = time.perf_counter) -> None:
        self._clock = clock
        self.begin(None)

    def begin(self, total: int | None) -> None:
        """Start the clock for `total` batches, or for an unknown number."""
        self.total = total
        self.done = 0
        self.samples = 0
        self.counts_samples = True
        self._started = self._clock()
        self._paused_at: float | None = None
        self._paused = 0.0
        self._ended: float | None = None
        self._recent: deque[tuple[float, int, int]] = deque([(0.0, 0, 0)])

    def advance(self, samples: int | None) -> None:
        """One batch more is done; it held that many samples, or nobody knows how many."""
        self.done += 1
        if samples is None:
            self.counts_samples = False
        else:
            self.samples += samples
        now = self.elapsed
        if now - self._recent[-1][0] >= 0.1:
            self._recent.append((now, self.done, self.samples))
            while len(self._recent) > 2 and now - self._recent[0][0] > 3.0:
                self._recent.popleft()

    def pause(self) -> None:
        """Stop the clock."""
        if self._paused_at is None:
            self._paused_at = self._clock()

    def resume(self) -> None:
        """Let the clock run again."""
        if self._paused_at is not None:
            self._paused += self._clock() - self._paused_at
            self._paused_at = None

    def end(self) -> None:
        """Stop the clock for good."""
        self.resume()
        self._ended = self._clock()

    @property
    def elapsed(self) -> float:
        """Seconds of training, pauses left out."""
        marks = (self._ended, self._paused_at)
        now = next((mark for mark in marks if mark is not None), None)
        now = self._clock() if now is None else now
        return float(max(0.0, now - self._started - self._paused))

    @property
    def left(self) -> float | None:
        """Seconds still to go, or None while nobody can know."""
        if self.total is None or not self.done:
            return None
        return self.elapsed / self.done * max(0, self.total - self.done)

    @property
    def speed(self) -> float | None:
        """Samples (or, where batches have no length, batches) a second; over the whole run once it has ended."""
        if not self.done or self.elapsed <= 0:
            return None
        if self._ended is not None or len(self._recent) < 2:
            return (self.samples if self.counts_samples else self.done) / self.elapsed
        (then, batches, samples), (now, batches_now, samples_now) = self._recent[0], self._recent[-1]
        return (samples_now - samples if self.counts_samples else batches_now - batches) / (now - then)


def batch_size(batch: Any) -> int | None:
    """How many samples a batch holds: the length of its first array.

    >>> batch_size([[1, 2, 3], [0, 1, 0]])
    3
    >>> batch_size(7) is None
    True
    """
    if isinstance(batch, dict):
        batch = list(batch.values())
    if isinstance(batch, (tuple, list)) and batch:
        batch = batch[0]
    if isinstance(batch, str) or getattr(batch, "shape", None) == ():
        return None
    try:
        return len(batch)
    except TypeError:
        return None


def number(value: Any) -> float:
    """A plain float from a number, an array or a tensor with one element.

    >>> number(2)
    2.0
    """
    if hasattr(value, "item"):
        value = value.item()
    return float(value)


def length(batches: Any) -> int | None:
    """How many batches will come, where that is known."""
    try:
        return len(batches)
    except TypeError:
        return None
