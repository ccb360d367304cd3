"""`LossCurve`: watch a training run while it happens, and steer it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import traitlets

from pytorch_tutor_widgets.curve_advice import advise
from pytorch_tutor_widgets.curve_data import SeriesTable
from pytorch_tutor_widgets.curve_text import describe
from pytorch_tutor_widgets.live_widget import LiveWidget
from pytorch_tutor_widgets.shared import script, style
from pytorch_tutor_widgets.training import number
from pytorch_tutor_widgets.training_loop import Run, State, TrainingLoop

SAVED_POINTS = 4000  # 32 kB of float32 pairs, 43 kB in a notebook: what a picture 1000 pixels wide can show


class LossCurve(LiveWidget):
    """Curves that grow while a cell trains, with progress, time left, Pause and Stop.

    Wrap the loader in `track`, and report numbers with `add`:

        curve = LossCurve()
        display(curve)
        for x, y in curve.track(loader, epochs=3, evaluate=evaluate, optimizer=optimizer):
            loss = loss_function(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            curve.add(loss=loss)

    Stop ends the loop between two batches: nothing is raised, the cell goes on below the loop, the model stays usable.

    Args:
        title: shown above the plot.
        right: names of the series on the right axis; by default those that are called accuracy.
        lang: "en" or "zh"; by default the browser's language.

    Example:
        >>> curve = LossCurve("first steps")
        >>> for batch in curve.track([3.0, 2.0, 1.0]):
        ...     curve.add(loss=batch)
        >>> curve.state, curve.values("loss")
        ('finished', [3.0, 2.0, 1.0])
    """

    _esm = script("curve.js")
    _css = style("live.css", "curve.css")

    title = traitlets.Unicode("").tag(sync=True)
    smooth = traitlets.Bool(False).tag(sync=True)
    log = traitlets.Bool(False).tag(sync=True)

    def __init__(self, title: str = "", *, right: Iterable[str] | None = None, lang: str | None = None) -> None:
        self._table = SeriesTable(None if right is None else tuple(right))
        self._run = Run(changed=self._run_changed, look=lambda: self._ear.look())
        self._sent: dict[str, int] = {}
        self._generation = 0
        self._refill = False
        self._advice: list[dict[str, Any]] = []
        self._next_advice = 0.0
        self._next_memory = 0.0
        super().__init__(title=title, lang=lang)

    # ---- reporting ---------------------------------------------------------------------------------------------

    def add(self, values: Mapping[str, Any] | None = None, /, *, step: float | None = None, **named: Any) -> None:
        """Append one point to each named series.

        Args:
            values: names and numbers, for names that are no Python words: `curve.add({"validation loss": 0.3})`.
            step: where on the x axis; by default the number of batches done, or the next free place outside a run.
            named: the same as keywords: `curve.add(loss=loss)`. Tensors with one element are read with `.item()`.
        """
        place = self._run.place if step is None else step
        for name, value in {**(values or {}), **named}.items():
            series = self._table.get(name)
            following = len(series) if series else 0
            self._table.add(str(name), following if place is None else place, number(value))
        self._frame()

    def values(self, name: str) -> list[float]:
        """All values of one series, as they were added."""
        series = self._table.get(name)
        if series is None:
            raise KeyError(
                f"no series named {name!r}; there are: {', '.join(s.name for s in self._table) or 'none yet'}"
            )
        return [float(value) for value in series.y]

    def clear(self) -> None:
        """Forget all points, for a fresh start in the same picture."""
        self._table.clear()
        self._sent.clear()
        self._generation += 1
        self._advice = []
        self._frame(now=True)

    # ---- the loop ----------------------------------------------------------------------------------------------

    def track(
        self,
        batches: Iterable[Any],
        epochs: int = 1,
        *,
        evaluate: Callable[[], Mapping[str, Any] | None] | None = None,
        optimizer: Any = None,
        histogram: Any = None,
    ) -> TrainingLoop:
        """The batches, `epochs` times over, in a loop that can be paused and stopped while its cell runs.

        Args:
            batches: a DataLoader or any other iterable; `range(1000)` is fine.
            evaluate: called after each epoch; the numbers that it returns become points. Put `curve.watch(...)` around
                the loader that it reads, so that Stop is heard there too.
            optimizer: if given, its learning rate is shown and can be changed while the training runs.
            histogram: a `ParameterHistogram` to refresh between batches.

        Returns:
            Something for a `for` loop, or in an async cell for `async for` (needed in a browser's own Python, where no
            message is heard during an ordinary cell).
        """

        def after_batch() -> None:
            if histogram is not None:
                histogram.refresh()
            self._frame()

        return TrainingLoop(self._run, batches, epochs, evaluate, self.add, optimizer, after_batch)

    def epochs(self, count: int) -> Iterator[int]:
        """The numbers 0 to count - 1, for a loop around `track`; ends early once Stop was pressed.

        for epoch in curve.epochs(3):
            for x, y in curve.track(loader):
                ...
        """
        return self._run.all_epochs(count)

    def watch(self, batches: Iterable[Any]) -> Iterator[Any]:
        """The batches of an evaluation; Stop and Pause are heard between them. For use inside `evaluate`."""
        return self._run.watch(batches)

    # ---- steering ----------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """idle, running, paused, finished, stopped, interrupted (Ctrl-C), failed (an error) or left (break)."""
        return self._run.state

    @property
    def stopped(self) -> bool:
        """Was Stop pressed in this run?"""
        return self._run.requests.stopping

    @property
    def epoch(self) -> int:
        """The number of the present epoch, counted from 0."""
        return self._run.epoch or 0

    def stop(self) -> None:
        """End the run after the present batch. May be called from any thread."""
        self._run.requests.stop()

    def pause(self) -> None:
        """Wait after the present batch. May be called from any thread."""
        self._run.requests.pause()

    def resume(self) -> None:
        """Go on after a pause. May be called from any thread."""
        self._run.requests.resume()

    def _hear(self, content: dict[str, Any]) -> None:
        action, value = content.get("action"), content.get("value")
        if action == "refill":
            self._refill = True
        elif content.get("run") != self._run.number:
            return  # a click that was meant for a run that is over
        elif action in ("stop", "pause", "resume"):
            getattr(self._run.requests, action)()
        elif action == "rate" and isinstance(value, (int, float)) and math.isfinite(value) and value >= 0:
            if not isinstance(value, bool):
                self._run.requests.learning_rate(float(value))

    def _after_message(self) -> None:
        if self._refill:
            self._frame(now=True)

    # ---- sending -----------------------------------------------------------------------------------------------

    def _run_changed(self) -> None:
        over = self._run.state not in ("running", "paused")
        self._frame(now=True)
        if over:
            self.remember()
            self.update_text()

    def _frame(self, now: bool = False) -> None:
        """Send what is new, if a picture is due (or at once)."""
        if not now and not self._frame_is_due():
            return
        clock = time.perf_counter()
        if self._refill or clock > self._next_memory:
            # Now and then the whole picture, so that a notebook saved in the middle of a run has it.
            if self._refill or self._next_memory:
                self.remember()
            self._refill = False
            self._next_memory = clock + 10
        if clock > self._next_advice or now:
            self._advice = [{"key": advice.key, "values": advice.values} for advice in advise(self._table)]
            self._next_advice = clock + 1
        parts, numbers = [], []
        for series in self._table:
            start = self._sent.get(series.name, 0)
            if start < len(series):
                parts.append({"name": series.name, "right": series.right, "start": start, "count": len(series) - start})
                numbers.append(series.since(start))
                self._sent[series.name] = len(series)
        content = {"kind": "points", "generation": self._generation, "parts": parts, "status": self._status()}
        self.send(content, buffers=[b"".join(numbers)])
        self._frame_took(time.perf_counter() - clock)

    def _status(self) -> dict[str, Any]:
        run, progress = self._run, self._run.progress
        return {
            "state": run.state,
            "run": run.number,
            "evaluating": run.evaluating,
            "epoch": None if run.epoch is None else run.epoch + 1,
            "epochs": run.epochs,
            "done": progress.done,
            "total": progress.total,
            "end": run.end_place,
            "elapsed": progress.elapsed,
            "left": progress.left,
            "speed": progress.speed,
            "samples": progress.counts_samples,
            "rate": run.rate,
            "advice": self._advice,
        }

    def _remember(self) -> tuple[dict[str, Any], bytes]:
        each = max(24, min(1000, SAVED_POINTS // max(1, len(self._table))))
        parts, numbers = [], []
        for series in self._table:
            kept, data = series.thinned(each)
            parts.append({"name": series.name, "right": series.right, "count": len(series), "kept": kept})
            numbers.append(data)
        return {"generation": self._generation, "parts": parts, "status": self._status()}, b"".join(numbers)

    def as_text(self) -> str:
        """State, a table of first, best and last values, and a small picture of each series in block characters."""
        return describe(self.title, self.lang, self._table, self._status())
