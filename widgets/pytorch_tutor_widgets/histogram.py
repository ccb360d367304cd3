"""`ParameterHistogram`: the weights and gradients of a network while it trains, all in one view."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Any

import numpy as np
import traitlets

from pytorch_tutor_widgets.histogram_stats import ModuleLike, Row, Values, look_at, measure, verdict
from pytorch_tutor_widgets.histogram_text import describe
from pytorch_tutor_widgets.live_budget import Budget
from pytorch_tutor_widgets.live_widget import LiveWidget
from pytorch_tutor_widgets.shared import script, style
from pytorch_tutor_widgets.training_loop import when_cell_ends

MOST_ROWS = 200  # what a saved notebook can hold below 100 kB; more would not be read by anybody either
SHARE = 0.02  # of the training time, at most
TRAIL = 48  # how many step ratios of the past are kept for each row


class ParameterHistogram(LiveWidget):
    """Histograms of all parameters and gradients of a module, grouped by layer, while a cell trains.

    Hand it to the training loop, or call `refresh` once per batch after `optimizer.step()`:

        histogram = ParameterHistogram(model)
        display(histogram)
        for x, y in curve.track(loader, histogram=histogram):
            ...

    Refreshing takes about 2 % of the training time: the view measures itself and waits accordingly. It reads, and
    holds on to nothing: the module is known by a weak reference, its parameters are asked for anew each time.

    Args:
        module: a module of this library or of PyTorch; anything with `named_parameters()`.
        title: shown above the table; by default the module's class.
        lang: "en" or "zh"; by default the browser's language.
    """

    _esm = script("histogram.js")
    _css = style("live.css", "histogram.css")

    title = traitlets.Unicode("").tag(sync=True)

    def __init__(self, module: ModuleLike, title: str = "", *, lang: str | None = None) -> None:
        if not callable(getattr(module, "named_parameters", None)):
            raise TypeError(
                f"ParameterHistogram needs a module, which has named_parameters(), but got {type(module).__name__}"
            )
        self._module = weakref.ref(module)
        self._kinds = {name: type(part).__name__ for name, part in getattr(module, "named_modules", dict)()}
        self._before: dict[str, Values] = {}
        self._rows: list[Row] = []
        self._trails: dict[str, deque[int]] = {}
        self._more = 0
        self._batches = 0
        self._refill = False
        self._gone = False
        self._watching_cell = False
        self._budget = Budget(SHARE)
        self._measure()  # before the channel opens, which sends the first picture
        super().__init__(title=title or type(module).__name__, lang=lang)

    # ---- looking -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count one batch, and bring the view up to date if that is due. Call it after `optimizer.step()`."""
        self._batches += 1
        self._watch_cell()
        self._budget.begin()
        if self._before:
            # The values from one batch ago are at hand: what they became tells how long the step was.
            with self._budget.spending():
                self._measure()
                self._show()
                self._before = {}
        elif self._refill or self._budget.allows():
            with self._budget.spending(first_half=True):
                self._arm()

    def update(self) -> None:
        """Bring the view up to date now, whatever it costs."""
        self._watch_cell()
        self._measure()
        self._before = {}
        self._show()

    def _arm(self) -> None:
        module = self._module()
        if module is not None:
            pairs = zip(range(MOST_ROWS), module.named_parameters(), strict=False)
            self._before = {name: look_at(parameter) for _, (name, parameter) in pairs}

    def _measure(self) -> None:
        module = self._module()
        if module is None:
            self._gone = True
            return
        self._rows = list(measure(module, self._before, MOST_ROWS))
        if len(self._rows) == MOST_ROWS:
            self._more = sum(1 for _ in module.named_parameters()) - MOST_ROWS
        for row in self._rows:
            trail = self._trails.setdefault(row.name, deque(maxlen=TRAIL))
            if np.isfinite(row.ratio):
                trail.append(ratio_as_byte(row.ratio))

    # ---- sending -----------------------------------------------------------------------------------------------

    def _hear(self, content: dict[str, Any]) -> None:
        if content.get("action") == "refill":
            self._refill = True

    def _after_message(self) -> None:
        if self._refill:
            self._refill = False
            self.remember()

    def _watch_cell(self) -> None:
        if not self._watching_cell:
            self._watching_cell = True
            when_cell_ends(self._cell_ended)

    def _cell_ended(self, error: BaseException | None) -> None:
        self._watching_cell = False
        self._before = {}
        self.remember()
        self.update_text()

    def _show(self) -> None:
        if self._refill:
            self._refill = False
            self.remember()
            return
        saved, numbers = self._remember()
        self.send({"kind": "histograms", **saved}, buffers=[numbers])

    def _remember(self) -> tuple[dict[str, Any], bytes]:
        rows = []
        for row in self._rows:
            layer, _, leaf = row.name.rpartition(".")
            rows.append([layer, leaf, list(row.shape), verdict(row), row.gradient is not None])
        names = {row[0] for row in rows}
        saved = {
            "rows": rows,
            "kinds": {name: kind for name, kind in self._kinds.items() if name in names},
            "batches": self._batches,
            "more": self._more,
            "gone": self._gone,
            "cost": self._budget.share(),
        }
        return saved, b"".join(as_bytes(row, self._trails.get(row.name, ())) for row in self._rows)

    def as_text(self) -> str:
        """A table with a line per parameter: shape, histogram, gradient, step ratio and share of zeros."""
        return describe(self.title, self.lang, self._rows, self._batches)


def as_bytes(row: Row, trail: Any) -> bytes:
    """A row for the browser: 13 numbers as float32, two histograms and the trail as bytes."""
    gradient = row.gradient
    numbers = []
    for summary in (row.weights, gradient):
        names = ("low", "high", "mean", "std", "zeros", "broken")
        numbers += [float("nan") if summary is None else getattr(summary, name) for name in names]
    bins = row.weights.bins.tobytes() + (bytes(len(row.weights.bins)) if gradient is None else gradient.bins.tobytes())
    with np.errstate(over="ignore"):
        return np.array([*numbers, row.ratio], "<f4").tobytes() + bins + bytes([0] * (TRAIL - len(trail)) + list(trail))


def ratio_as_byte(ratio: float) -> int:
    """A step ratio from 1e-8 to 1 on a log scale from 1 to 255.

    >>> ratio_as_byte(1e-8), ratio_as_byte(1e-4), ratio_as_byte(2.0)
    (1, 128, 255)
    """
    return int(np.clip(1 + 254 * (np.log10(max(ratio, 1e-12)) + 8) / 8, 1, 255))
