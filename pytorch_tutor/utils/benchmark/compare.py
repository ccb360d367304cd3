"""Compare: many measurements in one table."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from typing import Any

from .measurement import Measurement, ordered_unique, select_unit, trim_sigfig, unit_to_english

BOLD, END = "\033[1m", "\033[0m" * 2
# (at least so many times the best, colour), the slowest first
COLOURS = [(5.0, "\033[31m" + BOLD), (2.0, "\033[2m\033[91m"), (1.1, ""), (1.01, "\033[34m" + BOLD)]
BEST = "\033[92m" + BOLD


class Colorize(enum.Enum):
    """Among which measurements the best is sought."""

    NONE = "none"
    COLUMNWISE = "columnwise"
    ROWWISE = "rowwise"


class Compare:
    """Arranges measurements: a table per label, a row per sub_label and number of threads, a column per description.

    >>> from pytorch_tutor.utils.benchmark import Compare, Measurement, TaskSpec
    >>> def task(description):
    ...     return TaskSpec("x", "pass", label="Sums", sub_label="small", description=description)
    >>> table = Compare([Measurement(1, [2e-6], task("a")), Measurement(1, [4e-6], task("b"))])
    >>> print("\\n".join(line.rstrip() for line in str(table).splitlines()))
    [---------- Sums ---------]
                 |   a   |   b
    1 threads: ----------------
          small  |  2.0  |  4.0
    <BLANKLINE>
    Times are in microseconds (us).
    """

    def __init__(self, results: Iterable[Measurement]) -> None:
        self._results: list[Measurement] = []
        self.extend_results(results)
        self._trim = self._highlight = False
        self._colorize = Colorize.NONE

    def extend_results(self, results: Iterable[Measurement]) -> None:
        """Adds measurements."""
        for result in results:
            if not isinstance(result, Measurement):
                raise ValueError(f"Expected an instance of `Measurement`, got {type(result)} instead.")
            self._results.append(result)

    def trim_significant_figures(self) -> None:
        """Shows no more digits than the measurements carry."""
        self._trim = True

    def colorize(self, rowwise: bool = False) -> None:
        """Colours the fast and the slow, by column or by row."""
        self._colorize = Colorize.ROWWISE if rowwise else Colorize.COLUMNWISE

    def highlight_warnings(self) -> None:
        """Shows the spread of measurements that differ much."""
        self._highlight = True

    def print(self) -> None:
        """Prints the tables."""
        print(str(self))  # noqa: T201 - that is what it is for

    def __str__(self) -> str:
        groups: dict[str | None, list[Measurement]] = {}
        for result in Measurement.merge(self._results):
            groups.setdefault(result.task_spec.label, []).append(result)
        return "\n".join(self._table(group) for group in groups.values())

    def _table(self, results: list[Measurement]) -> str:
        unit, scale = select_unit(min(result.median for result in results))
        rows = ordered_unique((r.num_threads, r.env, r.as_row_name) for r in results)
        rows.sort(key=lambda row: (row[0], row[1] or ""))
        columns = ordered_unique(r.description for r in results)
        place = {((r.num_threads, r.env, r.as_row_name), r.description): r for r in results}
        several = len({row[1] for row in rows}) > 1
        width = max(len(str(row[1])) for row in rows) + 4 if several else 4
        cells = [["", *(str(c) if c is not None else "" for c in columns)]]
        for number, row in enumerate(rows):
            first = several and (number == 0 or rows[number - 1][:2] != row[:2])
            cells.append(["  " + (f"({row[1]})" if first else "").ljust(width) + row[2]])
        for column in columns:
            for row, text in zip(cells[1:], self._column([place.get((r, column)) for r in rows], scale), strict=True):
                row.append(text)
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  |  ".join(cell.center(w) for cell, w in zip(cells[0], widths, strict=True))]
        across = len(lines[0])
        for number, (row, texts) in enumerate(zip(rows, cells[1:], strict=True)):
            if number == 0 or rows[number - 1][0] != row[0]:
                lines.append(f"{row[0]} threads: ".ljust(across, "-"))
            found = [place.get((row, column)) for column in columns]
            shown = [texts[0].ljust(widths[0])]
            for text, w, result, column in zip(texts[1:], widths[1:], found, columns, strict=True):
                shown.append(self._coloured(text.center(w), result, row, column, place, found))
            lines.append("  |  ".join(shown))
        title = f"[{(' ' + (results[0].task_spec.label or '') + ' ').center(across - 2, '-')}]"
        note = ""
        if self._highlight and any(r.has_warnings for r in results):
            note = "(! XX%) Measurement has high variance, where XX is the IQR / median * 100.\n"
        return "\n".join([title, *lines]) + f"\n\nTimes are in {unit_to_english(unit)}s ({unit}).\n{note}"

    def _column(self, results: list[Measurement | None], scale: float) -> list[str]:
        """The texts of one column: as many digits before and after the point as its numbers need."""
        found = [r for r in results if r is not None]
        if not found:
            return ["" for _ in results]
        before = [math.ceil(math.log10(r.median / scale)) for r in found]
        after = (
            min(max(r.significant_figures - digits, 0) for r, digits in zip(found, before, strict=True))
            if self._trim
            else 1
        )
        width = max(before) + after + (1 if after else 0)
        spread = self._highlight and any(r.has_warnings for r in found)

        def text(result: Measurement | None) -> str:
            if result is None:
                return " " * len(f"{1:>{width}.{after}f}" + " " * (7 if spread else 0))
            value = result.median / scale
            value = trim_sigfig(value, result.significant_figures) if self._trim else value
            mark = f" (! {result.iqr / result.median * 100:.0f}%)" if spread and result.has_warnings else ""
            return f"{value:>{max(width, 1)}.{after}f}{mark:>{7 if spread else 0}}"

        return [text(result) for result in results]

    def _coloured(self, text: str, result: Any, row: Any, column: Any, place: Any, found: list[Any]) -> str:
        if self._colorize is Colorize.NONE or result is None:
            return text
        if self._colorize is Colorize.ROWWISE:
            rivals = [r for r in found if r is not None]
        else:
            rivals = [r for (other, c), r in place.items() if c == column and other[0] == row[0]]
        best = min(r.median for r in rivals)
        if result.median <= best * 1.01 or result.median <= best + 100e-9:
            return BEST + text + END
        colour = next(colour for factor, colour in COLOURS if result.median >= best * factor)
        return colour + text + END if colour else text
