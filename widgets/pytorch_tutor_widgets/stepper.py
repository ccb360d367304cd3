"""BackwardStepper: a real backward pass, one node at a time, forwards and backwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from pytorch_tutor_widgets.observe.grads import Ledger
from pytorch_tutor_widgets.observe.names import callers_variables
from pytorch_tutor_widgets.observe.text import graph_text, steps_text
from pytorch_tutor_widgets.observe.trace import Builder
from pytorch_tutor_widgets.shared import Catalogue, script, style
from pytorch_tutor_widgets.widget import TraceWidget


class BackwardStepper(TraceWidget):
    r"""Step through ``loss.backward()``: Next, Previous, Play, a scrubber, the arrow keys.

    Making a stepper runs a real backward pass on the side and records it: the graph stays, no ``.grad`` changes. Then
    ``position`` (0 to ``len(stepper)``) says how far the pass has come, and every leaf's ``.grad`` is what a pass stopped at that
    point has left: a leaf's ``.grad`` changes in the step of that leaf, and going back undoes it. At the end all of them are,
    bit for bit, what ``loss.backward()`` leaves. If other code changes a ``.grad`` meanwhile, the stepper lets go of it.

    ``gradient`` is what ``backward`` takes for a ``loss`` with more than one element; ``names``, ``params`` and ``lang``
    are as in ``GraphInspector``. Errors are those of ``loss.backward()``.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor_widgets import BackwardStepper
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> stepper = BackwardStepper(w * w)
    >>> len(stepper), w.grad
    (2, None)
    >>> stepper.finish()
    >>> w.grad
    tensor(4.)
    >>> stepper.previous()
    >>> w.grad is None
    True
    """

    _esm = script("stepper.js")
    _css = style("shared/picture.css", "stepper.css")
    position = traitlets.Int(0).tag(sync=True)
    attached = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        loss: Any,
        gradient: Any = None,
        names: Mapping[str, Any] | None = None,
        params: Any = None,
        lang: str | None = None,
    ) -> None:
        builder = Builder(loss, names, params, callers_variables(1))
        builder.record(gradient)
        step_of = {step.node: number for number, step in enumerate(builder.recording.steps, 1)}
        received = [(leaf, step_of[node], grad) for node, leaf, grad in builder.recording.leaves if grad is not None]
        self._ledger = Ledger(builder.lib, received)
        super().__init__(builder, lang)

    def __len__(self) -> int:
        """The number of steps."""
        return len(self.view.steps)

    def next(self) -> None:
        """One step on; at the end, nothing."""
        self.goto(min(self.position + 1, len(self)))

    def previous(self) -> None:
        """One step back; at the start, nothing."""
        self.goto(max(self.position - 1, 0))

    def goto(self, position: int) -> None:
        """To after ``position`` steps; IndexError outside 0 to ``len(stepper)``."""
        if not 0 <= position <= len(self):
            raise IndexError(f"position must be between 0 and {len(self)}, got {position}")
        self.position = position

    def finish(self) -> None:
        """To the end: every ``.grad`` is what ``loss.backward()`` leaves."""
        self.goto(len(self))

    def text(self) -> str:
        hint = Catalogue("graph").say(self.lang, "text_hint")
        return f"{graph_text(self.view)}\n\n{steps_text(self.view, self.lang)}\n\n{hint}"

    @traitlets.observe("position")
    def _follow(self, change: Any) -> None:
        """The browser or Python has moved: the leaves' ``.grad`` follow."""
        leaves = self._ledger.active
        self._ledger.goto(min(max(change["new"], 0), len(self)))
        if self._ledger.active < leaves:
            self.attached = False
