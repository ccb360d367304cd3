"""The loop that `LossCurve.track` hands out: batches, epochs, and what happens between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, Literal

from pytorch_tutor_widgets.live import running_kernel
from pytorch_tutor_widgets.training import Progress, Requests, batch_size, length, number

State = Literal["idle", "running", "paused", "finished", "stopped", "interrupted", "failed", "left"]
Numbers = Mapping[str, Any]


class Wait:
    """Handed out by the loop's steps instead of a batch: nothing to do now, ask again shortly."""


WAIT = Wait()


class Run:
    """One training run after the other, as the learner sees them: state, place, clock, and requests.

    Args:
        changed: called when there is news that should be shown at once.
        look: called between batches, to look for messages where nothing else hears them.
    """

    def __init__(self, changed: Callable[[], None], look: Callable[[], None]) -> None:
        self.requests = Requests()
        self.progress = Progress()
        self.state: State = "idle"
        self.number = 0  # a Stop that was meant for an earlier run is not obeyed
        self.epoch: int | None = None
        self.epochs: int | None = None
        self.evaluating = False
        self.cut_short = False  # did Stop end an evaluation before its last batch?
        self.inside_epochs = False  # between `epochs` and its end: `track` then is a part of that run
        self.rate: float | None = None
        self._before = 0  # batches of the runs before this one: the x axis goes on
        self._in_batch = False
        self._changed = changed
        self._look = look

    @property
    def place(self) -> int | None:
        """Where a point belongs that is added now: the number of the present batch, counted from 1."""
        if self.state == "idle":
            return None
        return self._before + self.progress.done + self._in_batch

    @property
    def end_place(self) -> int | None:
        """Where the x axis ends when the present run is through, if that is known."""
        return None if self.progress.total is None else self._before + self.progress.total

    def begin(self, total: int | None, epochs: int) -> None:
        """A new run begins."""
        self._before += self.progress.done
        self.requests.reset()
        self.progress.begin(total)
        self.number += 1
        self.epoch, self.epochs = 0, epochs
        self.state = "running"
        self._changed()

    def end(self, outcome: State) -> None:
        """The run is over. A loop that was left by its body gets its reason when the cell ends."""
        self.progress.end()
        self.state, self.evaluating, self._in_batch, self.inside_epochs = outcome, False, False, False
        if outcome == "left":
            when_cell_ends(self._explain)
        self._changed()

    def _explain(self, error: BaseException | None) -> None:
        if self.state == "left" and error is not None:
            self.state = "interrupted" if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)) else "failed"
            self._changed()

    def hand_out(self, batch: Any) -> Iterator[Any]:
        """One batch for the loop's body, and the count of it afterwards."""
        self._in_batch = True
        yield batch
        self._in_batch = False
        self.progress.advance(batch_size(batch))

    def gate(self) -> Iterator[Wait]:
        """Between two batches: hear what is asked, and wait as long as the run is paused."""
        self._look()
        if not self.requests.pausing:
            return
        self.progress.pause()
        self.state = "paused"
        self._changed()
        while self.requests.pausing:
            self._look()
            yield WAIT
        self.progress.resume()
        self.state = "running"
        self._changed()

    def all_epochs(self, count: int) -> Iterator[int]:
        """The numbers of the epochs, for a loop written by hand around `track`."""
        self.begin(None, count)
        self.inside_epochs = True
        outcome: State = "left"
        try:
            for epoch in range(count):
                self.epoch = epoch
                yield epoch
                if self.requests.stopping:
                    break
            outcome = "stopped" if self.requests.stopping else "finished"
        finally:
            self.end(outcome)

    def watch(self, batches: Iterable[Any]) -> Iterator[Any]:
        """The batches of an evaluation. In `evaluate` of a `track`, Stop ends them early, though not before the first.

        What follows the evaluation's loop runs as always (a `model.train()`, a division by the number of samples seen).
        """
        for number_of_batch, batch in enumerate(batches):
            for _ in self.gate():
                self.requests.wait(0.05)
            if self.evaluating and self.requests.stopping and number_of_batch:
                self.cut_short = True
                return
            yield batch


class TrainingLoop:
    """The batches of a run, for a `for` loop, or for `async for` in an async cell."""

    def __init__(
        self,
        run: Run,
        batches: Iterable[Any],
        epochs: int,
        evaluate: Callable[[], Numbers | None] | None,
        record: Callable[[Numbers], None],
        optimizer: Any,
        after_batch: Callable[[], None],
    ) -> None:
        self._run = run
        self._batches = batches
        self._epochs = epochs
        self._evaluate = evaluate
        self._record = record
        self._optimizer = optimizer
        self._after_batch = after_batch

    def __len__(self) -> int:
        count = length(self._batches)
        if count is None:
            raise TypeError(f"object of type {type(self._batches).__name__!r} has no len()")
        return count * self._epochs

    def __iter__(self) -> Iterator[Any]:
        steps = self._steps()
        try:
            for step in steps:
                if step is not WAIT:
                    yield step
                    continue
                try:
                    self._run.requests.wait(0.05)
                except KeyboardInterrupt as interrupt:
                    steps.throw(interrupt)
        finally:
            # A loop that is left (by break, an error or Ctrl-C) drops this generator; the inner one ends with it.
            steps.close()

    async def __aiter__(self) -> AsyncIterator[Any]:
        steps = self._steps()
        breath = time.monotonic()
        try:
            for step in steps:
                # Each breath lets the kernel handle its messages: thirty times a second are enough.
                if step is WAIT or time.monotonic() - breath > 0.03:
                    try:
                        await asyncio.sleep(0.05 if step is WAIT else 0)
                    except (KeyboardInterrupt, asyncio.CancelledError) as interrupt:
                        steps.throw(interrupt)
                    breath = time.monotonic()
                if step is not WAIT:
                    yield step
        finally:
            steps.close()

    def _steps(self) -> Generator[Any, None, None]:
        run, count = self._run, length(self._batches)
        own = not run.inside_epochs
        if own:
            run.begin(None if count is None else count * self._epochs, self._epochs)
        elif run.progress.total is None and count is not None and run.epochs is not None:
            run.progress.total = count * self._epochs * run.epochs
        outcome: State = "left"
        self._learning_rate()
        try:
            for epoch in range(self._epochs):
                if own:
                    run.epoch = epoch
                for batch in self._batches:
                    yield from run.gate()
                    if run.requests.stopping:
                        break
                    yield from run.hand_out(batch)
                    self._learning_rate()
                    self._after_batch()
                if not run.requests.stopping:
                    self._measure()
                if run.requests.stopping:
                    outcome = "stopped"
                    return
            outcome = "finished"
        except (KeyboardInterrupt, asyncio.CancelledError):
            outcome = "interrupted"
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            if own:
                run.end(outcome)

    def _measure(self) -> None:
        if self._evaluate is None:
            return
        run = self._run
        run.evaluating, run.cut_short = True, False
        self._after_batch()
        try:
            numbers = self._evaluate()
        finally:
            run.evaluating = False
        if numbers is None or run.cut_short:
            return  # numbers from a part of the data would be compared with numbers from all of it
        if not isinstance(numbers, Mapping):
            raise TypeError(
                "evaluate must return a dictionary of names and numbers, such as {'accuracy': 0.9}, "
                f"not {type(numbers).__name__}"
            )
        self._record(numbers)

    def _learning_rate(self) -> None:
        """Show the optimizer's learning rate, and change it if the learner asked for that."""
        groups = getattr(self._optimizer, "param_groups", None)
        if not groups:
            return
        wanted, present = self._run.requests.take_learning_rate(), number(groups[0]["lr"])
        if wanted is not None:
            for group in groups:  # groups with their own rates keep their proportions
                group["lr"] = wanted * (number(group["lr"]) / present if present else 1.0)
        self._run.rate = number(groups[0]["lr"])


def when_cell_ends(tell: Callable[[BaseException | None], None]) -> None:
    """Call `tell` with the error that the running cell ends with, or None. Outside IPython: never."""
    shell = getattr(running_kernel(), "shell", None)
    if shell is None:
        return

    def ended(result: Any) -> None:
        shell.events.unregister("post_run_cell", ended)
        tell(result.error_in_exec)

    shell.events.register("post_run_cell", ended)
