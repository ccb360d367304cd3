"""Measurement: the times of one statement, their median, and how far they can be trusted."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

import numpy as np

SPREAD_WARNING, GROSS_SPREAD = 0.1, 0.25  # of the interquartile range, relative to the median
MOST_DIGITS = 4


@dataclasses.dataclass(frozen=True)
class TaskSpec:
    """What was measured: the statement and the names under which it appears."""

    stmt: str
    setup: str
    global_setup: str = ""
    label: str | None = None
    sub_label: str | None = None
    description: str | None = None
    env: str | None = None
    num_threads: int = 1

    @property
    def title(self) -> str:
        """The names, or else the statement."""
        name = ": " + self.sub_label if self.sub_label else ""
        if self.label is not None:
            return self.label + name
        if "\n" not in self.stmt:
            return self.stmt + name
        name = f" ({self.sub_label})" if self.sub_label else ""
        return f"stmt:{name}\n" + "\n".join("  " + line for line in self.stmt.splitlines())

    def setup_str(self) -> str:
        """The preparation, where there is one."""
        if self.setup == "pass" or not self.setup:
            return ""
        if "\n" in self.setup:
            return "setup:\n" + "\n".join("  " + line for line in self.setup.splitlines())
        return f"setup: {self.setup}"

    def summarize(self) -> str:
        """Title, description and preparation, a line each."""
        parts = [part for part in (self.title, self.description or "", self.setup_str()) if part]
        return "\n".join(part + "\n" if "\n" in part else part for part in parts)


@dataclasses.dataclass(repr=False)
class Measurement:
    """One or more times of ``number_per_run`` executions of a statement.

    >>> m = Measurement(10, [2.0, 4.0, 3.0], TaskSpec("x + x", "pass"))
    >>> m.median, round(m.mean, 6)
    (0.3, 0.3)
    """

    number_per_run: int
    raw_times: list[float]
    task_spec: TaskSpec
    metadata: dict[Any, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        if name in {field.name for field in dataclasses.fields(TaskSpec)}:
            return getattr(self.task_spec, name)
        raise AttributeError(f"'Measurement' object has no attribute '{name}'")

    @property
    def times(self) -> list[float]:
        """Seconds for one execution, of each run."""
        return [time / self.number_per_run for time in self.raw_times]

    def _quantile(self, q: float) -> float:
        return float(np.quantile(self.times, q))

    @property
    def median(self) -> float:
        """Half of the runs were faster."""
        return self._quantile(0.5)

    @property
    def mean(self) -> float:
        """The mean of the runs."""
        return float(np.mean(self.times))

    @property
    def iqr(self) -> float:
        """The range of the middle half of the runs."""
        return self._quantile(0.75) - self._quantile(0.25)

    @property
    def significant_figures(self) -> int:
        """How many digits of the median mean something: 1 to 4, from the spread of the middle half."""
        times = sorted(self.times)
        middle = times[len(times) // 4 : math.ceil(3 * len(times) / 4)]
        if not middle:
            return 1
        half_width = max(1.645 * float(np.std(middle)) / math.sqrt(len(middle)), 25e-9)
        return min(max(math.floor(math.log10(self.median / half_width)), 1), MOST_DIGITS)

    @property
    def has_warnings(self) -> bool:
        """Do the runs differ so much that the median says little?"""
        return bool(self._warnings())

    def meets_confidence(self, threshold: float = SPREAD_WARNING) -> bool:
        """Is the middle half narrower than this part of the median?"""
        return self.iqr / self.median < threshold

    def _warnings(self) -> list[str]:
        if self.meets_confidence(SPREAD_WARNING):
            return []
        gross = not self.meets_confidence(GROSS_SPREAD)
        reason = (
            "This suggests significant environmental influence." if gross else "This could indicate system fluctuation."
        )
        spread = self.iqr / self.median * 100
        text = f"  WARNING: Interquartile range is {spread:.1f}% of the median measurement.\n           {reason}"
        return [text]

    @property
    def title(self) -> str:
        """The names, or else the statement."""
        return self.task_spec.title

    @property
    def as_row_name(self) -> str:
        """What stands before its row in a table."""
        return self.task_spec.sub_label or self.task_spec.stmt or "[Unknown]"

    def __repr__(self) -> str:
        n = len(self.raw_times)
        unit, scale = select_unit(self.median)
        threads = self.task_spec.num_threads
        lines = [object.__repr__(self), self.task_spec.summarize()]
        lines.append(f"  {'Median: ' if n > 1 else ''}{self.median / scale:.2f} {unit}")
        if n >= 4:
            low, high = self._quantile(0.25) / scale, self._quantile(0.75) / scale
            lines.append(f"  IQR:    {self.iqr / scale:.2f} {unit} ({low:.2f} to {high:.2f})")
        lines.append(
            f"  {n} measurement{'s' if n > 1 else ''}, {self.number_per_run} runs "
            f"{'per measurement,' if n > 1 else ','} {threads} thread{'s' if threads > 1 else ''}"
        )
        return "\n".join(lines + self._warnings())

    @staticmethod
    def merge(measurements: Iterable[Measurement]) -> list[Measurement]:
        """Measurements of the same task become one."""
        groups: dict[TaskSpec, list[float]] = {}
        for measurement in measurements:
            groups.setdefault(measurement.task_spec, []).extend(measurement.times)
        return [Measurement(1, times, task) for task, times in groups.items()]


def select_unit(t: float) -> tuple[str, float]:
    """The unit that suits a time in seconds, and its size.

    >>> select_unit(0.002)
    ('ms', 0.001)
    """
    unit = {-3: "ns", -2: "us", -1: "ms"}.get(int(math.log10(t) // 3), "s")
    return unit, {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}[unit]


def unit_to_english(u: str) -> str:
    """The unit's name."""
    return {"ns": "nanosecond", "us": "microsecond", "ms": "millisecond", "s": "second"}[u]


def trim_sigfig(x: float, n: int) -> float:
    """A number rounded to ``n`` digits.

    >>> trim_sigfig(3.14159, 2)
    3.1
    """
    if n != int(n):
        raise AssertionError("Number of significant figures must be an integer")
    scale = 10.0 ** (math.ceil(math.log10(abs(x))) - n)
    return float(round(x / scale) * scale)


def ordered_unique(elements: Iterable[Any]) -> list[Any]:
    """Each element once, in the order of its first appearance."""
    return list(dict.fromkeys(elements))
