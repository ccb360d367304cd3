"""Put a trace together: read the graph, record the pass, summarise, lay out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pytorch_tutor_widgets.observe import formulas
from pytorch_tutor_widgets.observe.formulas import family
from pytorch_tutor_widgets.observe.graph import RawEdge, RawGraph, RawNode, read, saved_input
from pytorch_tutor_widgets.observe.latex import formula, text
from pytorch_tutor_widgets.observe.layout import layout
from pytorch_tutor_widgets.observe.names import find_names
from pytorch_tutor_widgets.observe.plug import multiply_shapes, plug
from pytorch_tutor_widgets.observe.rules import MATRICES, Rule
from pytorch_tutor_widgets.observe.steps import RawSend, RawStep, Recording, record
from pytorch_tutor_widgets.observe.summary import Detail, array, is_float, library, number, summarise
from pytorch_tutor_widgets.observe.values import fill_values
from pytorch_tutor_widgets.observe.views import (
    VERSION,
    EdgeView,
    Formula,
    Kept,
    NodeView,
    RuleView,
    Send,
    StepView,
    TensorView,
    Trace,
    plain,
)

HEIGHTS = {"op": 50.0, "leaf": 50.0, "constant": 42.0}
ROOM = 80.0  # between the columns of a stepper there is room for a number on an edge
GRADIENT_LINE = 20.0  # a stepper's node has one line more, for the gradient


class Shelf:
    """The tensors of a trace, each summary once, however many steps show it."""

    def __init__(self, detail: Detail) -> None:
        self.views: list[TensorView] = []
        self._detail = detail
        self._places: dict[str, int] = {}

    def keep(self, tensor: Any) -> int | None:
        """The index of the tensor's summary; None for None."""
        if tensor is None:
            return None
        view = summarise(tensor, self._detail)
        key = json.dumps(plain(view))
        if key not in self._places:
            self._places[key] = len(self.views)
            self.views.append(view)
        return self._places[key]


class Builder:
    """The graph of ``tensor``, ready to become a trace with or without a recorded pass."""

    def __init__(
        self,
        tensor: Any,
        names: Mapping[str, Any] | None = None,
        params: Any = None,
        spaces: list[Mapping[str, Any]] | None = None,
    ) -> None:
        self.lib = library(tensor)
        self.tensor = tensor
        found = find_names(self.lib, names, params, spaces or [])
        self.raw: RawGraph = read(self.lib, tensor, found)
        fill_values(self.raw, found)
        self.shelf = Shelf(Detail.for_graph(len(self.raw.nodes)))
        self.rules: list[Rule] = []
        self.inputs: dict[int, list[RawEdge]] = {}
        for edge in self.raw.edges:
            self.inputs.setdefault(edge.consumer, []).append(edge)
        self.recording = Recording([], [])

    def record(self, gradient: Any = None) -> None:
        """Record a backward pass from the tensor; its ``.grad`` and the graph stay as they were."""
        self.recording = record(self.raw, self.tensor, gradient, self.shelf.keep)

    def trace(self) -> Trace:
        """Everything that the browser needs."""
        recorded = bool(self.recording.steps)
        sizes = [self._size(raw, recorded) for raw in self.raw.nodes]
        placed = layout(sizes, [(edge.producer, edge.consumer) for edge in self.raw.edges], ROOM if recorded else 50.0)
        nodes = tuple(self._node(raw, *sizes[i], *placed.places[i]) for i, raw in enumerate(self.raw.nodes))
        edges = tuple(
            EdgeView(edge.producer, edge.consumer, edge.slot, edge.label, edge.shape, tuple(route))
            for edge, route in zip(self.raw.edges, placed.routes, strict=True)
        )
        steps = tuple(self._step(step) for step in self.recording.steps)
        rules: tuple[RuleView, ...] = tuple(formulas.view(rule) for rule in self.rules)
        return Trace(
            VERSION, self.lib.__name__, self.raw.root, placed.width, placed.height, nodes, edges, rules,
            tuple(self.shelf.views), steps,
        )  # fmt: skip

    def _size(self, raw: RawNode, recorded: bool) -> tuple[float, float]:
        words = len(raw.title) + (len(raw.name) + 2 if raw.kind == "op" and raw.name else 0)
        shape = 16.0 + 7.4 * len(str(raw.shape)) if raw.shape is not None else 0.0
        width = min(180.0, max(shape, 88.0 if raw.kind == "op" else 76.0, 32.0 + 7.8 * words))
        extra = GRADIENT_LINE if recorded and raw.kind != "constant" else 0.0
        return max(width, 112.0) if extra else width, HEIGHTS[raw.kind] + extra

    def _node(self, raw: RawNode, width: float, height: float, x: float, y: float) -> NodeView:
        rule = None
        if raw.rule is not None:
            if raw.rule not in self.rules:
                self.rules.append(raw.rule)
            rule = self.rules.index(raw.rule)
        kept = []
        letters = {saved: letter for letter, saved in (raw.rule.saved if raw.rule else {}).items()}
        for saved, value in raw.kept:
            name = letters.get(saved, saved)
            if hasattr(value, "detach"):
                kept.append(Kept(name, self.shelf.keep(value), ""))
            elif isinstance(value, (bool, int, float, str)):
                kept.append(Kept(name, None, str(value)[:40]))
        return NodeView(
            raw.kind, raw.op, raw.title, raw.name, raw.shape, raw.dtype, self.shelf.keep(raw.tensor), rule, raw.source,
            tuple(kept), x, y, width, height,
        )  # fmt: skip

    def _step(self, step: RawStep) -> StepView:
        raw = self.raw.nodes[step.node]
        before = after = None
        if raw.kind == "leaf":
            held, added = raw.tensor.grad, next(value for node, _, value in self.recording.leaves if node == step.node)
            before = self.shelf.keep(held)
            if added is not None:
                with self.lib.no_grad():
                    after = self.shelf.keep(added if held is None else held + added)
        sends = tuple(self._send(raw, step, send) for send in step.sends)
        return StepView(step.node, tuple(step.incoming), step.arrivals, sends, before, after, step.hooked)

    def _send(self, raw: RawNode, step: RawStep, send: RawSend) -> Send:
        return Send(
            send.edge,
            send.gradient,
            send.local,
            self._numbers(raw, step, send),
            send.note,
            send.k,
            send.n,
            send.running,
        )

    def _numbers(self, raw: RawNode, step: RawStep, send: RawSend) -> Formula | None:
        """The formula with numbers, for scalars: the only place where a learner can check it in the head."""
        edge = self.raw.edges[send.edge]
        incoming = step.incoming[0] if len(step.incoming) == 1 else None
        if raw.rule is None or incoming is None or edge.label not in raw.rule.gradient:
            return None
        if family(raw.op) in MATRICES:
            shapes = {each.label: each.shape for each in self.inputs[step.node]}
            sizes = multiply_shapes(
                raw.rule.gradient[edge.label], {**shapes, "g": self.shelf.views[incoming].shape}, edge.shape
            )
            return self._written(sizes)
        if not send.scalar:
            return None
        received = self.shelf.views[incoming].values
        if received is None or len(received) != 1:
            return None
        values = {"g": received[0], **self._letters(raw, step.node)}
        filled = plug(raw.rule.gradient[edge.label], values, send.scalar)
        return self._written(filled)

    def _written(self, latex: str | None) -> Formula | None:
        """MathML in a lesson's graph, plain text in a large one, whose trace should stay small."""
        if latex is None:
            return None
        return formula(latex) if len(self.raw.nodes) <= 60 else Formula("", text(latex))

    def _letters(self, raw: RawNode, index: int) -> dict[str, str]:
        """What each letter of the node's formula stands for, where it is a single number."""
        found: dict[str, Any] = {}
        sizes = []
        for edge in self.inputs.get(index, []):
            if edge.label:
                found[edge.label] = self.raw.nodes[edge.producer].tensor
                sizes.append(edge.shape)
        for label in raw.rule.saved if raw.rule else ():
            if found.get(label) is None:
                found[label] = saved_input(raw, label)
        if raw.rule is not None:
            found["out"] = raw.tensor
        letters = {label: _one(value) for label, value in found.items()}
        if len(sizes) == 1 and sizes[0] is not None and "n" not in letters:
            count = 1
            for size in sizes[0]:
                count *= size
            letters["n"] = str(count)
        return {label: text for label, text in letters.items() if text}


def _one(value: Any) -> str:
    if isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else number(value)
    if value is None or not hasattr(value, "numel") or value.numel() != 1:
        return ""
    return number(float(array(value).ravel()[0])) if is_float(value) else str(int(array(value).ravel()[0]))
