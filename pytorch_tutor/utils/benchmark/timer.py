"""Timer: runs a statement often enough for its time to mean something."""

from __future__ import annotations

import contextlib
import enum
import sys
import textwrap
import time
import timeit
from collections.abc import Callable, Iterator
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.settings import get_num_threads, set_num_threads

from .measurement import Measurement, TaskSpec


class Language(enum.Enum):
    """The language of a statement: Python; C++ needs a compiler."""

    PYTHON = 0
    CPP = 1


@contextlib.contextmanager
def _threads(n: int) -> Iterator[None]:
    before = get_num_threads()
    try:
        if n != before:
            set_num_threads(n)
        yield
    finally:
        if n != before:
            set_num_threads(before)


class Timer:
    """Measures a statement, by default on one thread.

    Args:
        stmt: the statement, as text.
        setup: what runs once before.
        globals: the names that both can use.
        label, sub_label, description, env: names under which :class:`Compare` arranges the result.
        num_threads: how many threads operations may use.
        timer: the clock.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.utils import benchmark
    >>> timer = benchmark.Timer("x + x", globals={"x": torch.ones(3)})
    >>> timer.timeit(100).median > 0
    True
    """

    def __init__(
        self,
        stmt: str = "pass",
        setup: str = "pass",
        global_setup: str = "",
        timer: Callable[[], float] = time.perf_counter,
        globals: dict[str, Any] | None = None,
        label: str | None = None,
        sub_label: str | None = None,
        description: str | None = None,
        env: str | None = None,
        num_threads: int = 1,
        language: Language | str = Language.PYTHON,
    ) -> None:
        if not isinstance(stmt, str):
            raise ValueError("Currently only a `str` stmt is supported.")
        if language in (Language.CPP, "cpp", "c++"):
            raise lesson(
                NotImplementedError("statements in C++ are not measured: nothing is compiled here"),
                expected="language='py'",
                got=str(language),
            )
        if language not in (Language.PYTHON, "py", "python"):
            raise ValueError(f"Invalid language `{language}`.")
        if global_setup:
            raise ValueError(
                f"global_setup is C++ only, got `{global_setup}`. Most likely this code can simply be moved to `setup`."
            )
        stmt, setup = _dedented(stmt), _dedented(setup)
        self._globals = dict(globals or {})
        self._globals.setdefault("torch", sys.modules[__name__.partition(".")[0]])
        self._timer = timeit.Timer(stmt, setup, timer, self._globals)
        self._task = TaskSpec(stmt, setup, global_setup, label, sub_label, description, env, num_threads)

    def _run(self, number: int) -> float:
        return max(self._timer.timeit(number), 1e-9)

    def timeit(self, number: int = 1000000) -> Measurement:
        """Runs the statement ``number`` times, as one measurement."""
        with _threads(self._task.num_threads):
            self._run(max(number // 100, 2))  # warms up
            return Measurement(number, [self._run(number)], self._task)

    def _block(self, min_run_time: float) -> int:
        """How many executions to take together, so that the clock itself does not count."""
        overhead = sorted(self._run(0) for _ in range(5))[2]
        number = 1
        while True:
            taken = self._run(number)
            enough = overhead / taken <= 1e-4 and taken >= min_run_time / 1000
            if enough or taken > min_run_time or number * 10 > 2147483647:
                return number
            number *= 10

    def blocked_autorange(self, callback: Any = None, min_run_time: float = 0.2) -> Measurement:
        """Measures for at least ``min_run_time`` seconds, in blocks."""
        return self._measure(self._block(min_run_time), min_run_time, None, callback, lambda times: True)

    def adaptive_autorange(
        self, threshold: float = 0.1, *, min_run_time: float = 0.01, max_run_time: float = 10.0, callback: Any = None
    ) -> Measurement:
        """Measures until the middle half of the runs is narrower than ``threshold`` times the median."""
        number = self._block(0.05)

        def steady(times: list[float]) -> bool:
            return len(times) > 3 and Measurement(number, times, self._task).meets_confidence(threshold)

        return self._measure(number, min_run_time, max_run_time, callback, steady)

    def _measure(self, number: int, least: float, most: float | None, callback: Any, done: Any) -> Measurement:
        times: list[float] = []
        with _threads(self._task.num_threads):
            while sum(times) < least or not done(times):
                times.append(self._run(number))
                if callback:
                    callback(number, times[-1])
                if most and sum(times) > most:
                    break
        return Measurement(number, times, self._task)

    def repeat(self, repeat: int = -1, number: int = -1) -> None:
        """Not offered, as in PyTorch: see ``blocked_autorange``."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def autorange(self, callback: Any = None) -> None:
        """Not offered, as in PyTorch: see ``blocked_autorange``."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def collect_callgrind(self, *args: Any, **kwargs: Any) -> None:
        """Raises: instructions of the processor are not counted here."""
        raise lesson(
            NotImplementedError("callgrind counts the instructions of compiled code; there is none here"),
            hint="timer.blocked_autorange()",
        )


def _dedented(text: str) -> str:
    text = textwrap.dedent(text)
    return (text.removeprefix("\n")).rstrip()
