"""Record a real backward pass, node by node, without touching any ``.grad``.

The pass is the library's own: ``autograd.grad`` over all leaves, with a hook before and after each node (the protocol that
PyTorch and the engine share). What a hook sees is summarised at once; no gradient is kept but the leaves' sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pytorch_tutor_widgets.observe.formulas import family
from pytorch_tutor_widgets.observe.graph import RawEdge, RawGraph
from pytorch_tutor_widgets.observe.rules import RULES
from pytorch_tutor_widgets.observe.summary import array, number

LOCAL_LIMIT = 4096


@dataclass(slots=True)
class RawSend:
    """A contribution along one edge, summarised."""

    edge: int
    gradient: int | None
    local: int | None
    note: str
    k: int
    n: int
    running: int | None
    scalar: str = ""  # the contribution as text, where it is one number everywhere


@dataclass(slots=True)
class RawStep:
    """One node that ran."""

    node: int
    incoming: list[int | None]
    arrivals: int
    sends: list[RawSend] = field(default_factory=list)
    hooked: bool = False


@dataclass(slots=True)
class Recording:
    """The steps in the order in which they ran, and what each leaf received in the end."""

    steps: list[RawStep]
    leaves: list[tuple[int, Any, Any]]  # node, the leaf tensor, its gradient


class Recorder:
    """Collects the steps of one pass; ``keep`` turns a tensor into an index into the trace's tensors."""

    def __init__(self, graph: RawGraph, keep: Callable[[Any], int | None]) -> None:
        self.graph = graph
        self.keep = keep
        self.steps: list[RawStep] = []
        self.out: dict[int, list[RawEdge]] = {}
        self.expected: dict[tuple[int, int], int] = {}
        self.sums: dict[tuple[int, int], Any] = {}
        self.arrived: dict[tuple[int, int], int] = {}
        self.incoming: dict[int, list[int | None]] = {}
        self.numbers = {id(edge): position for position, edge in enumerate(graph.edges)}
        for edge in graph.edges:
            if graph.nodes[edge.producer].kind != "constant":
                self.out.setdefault(edge.consumer, []).append(edge)
                place = edge.producer, edge.number
                self.expected[place] = self.expected.get(place, 0) + 1
        self.most: dict[int, int] = {}
        for (node, _), count in self.expected.items():
            self.most[node] = max(self.most.get(node, 1), count)

    def before(self, node: int, gradients: tuple[Any, ...]) -> None:
        """A node is about to run: what it receives."""
        self.incoming[node] = [self.keep(gradient) for gradient in gradients]

    def after(self, node: int, sent: tuple[Any, ...], received: tuple[Any, ...]) -> None:
        """A node has run: what it sends along each edge."""
        step = RawStep(node, self.incoming.pop(node, []), self._arrivals(node))
        self.steps.append(step)
        for edge in self.out.get(node, []):
            step.sends.append(self._send(edge, sent[edge.slot] if edge.slot < len(sent) else None, received))
        for edge in self.out.get(node, []):
            place = edge.producer, edge.number
            leaf = self.graph.nodes[edge.producer].kind == "leaf"
            if leaf and self.arrived[place] == self.expected[place]:
                self.arrived[place] += 1  # complete: its step comes once, after its last contribution
                arrivals = self.expected[place]
                self.steps.append(RawStep(edge.producer, [self.keep(self.sums.get(place))], arrivals))

    def _arrivals(self, node: int) -> int:
        return self.most.get(node, 1)

    def _send(self, edge: RawEdge, gradient: Any, received: tuple[Any, ...]) -> RawSend:
        place = edge.producer, edge.number
        if gradient is not None:
            gradient = gradient.detach()
            before = self.sums.get(place)
            self.sums[place] = gradient if before is None else before + gradient
        self.arrived[place] = self.arrived.get(place, 0) + 1
        several = self.expected[place] > 1
        running = self.keep(self.sums.get(place)) if several else None
        if self.arrived[place] == self.expected[place] and self.graph.nodes[edge.producer].kind != "leaf":
            self.sums.pop(place, None)
        incoming = received[0] if len(received) == 1 else None
        note = ""
        if gradient is not None and incoming is not None and incoming.shape != gradient.shape:
            elementwise = RULES.get(family(self.graph.nodes[edge.consumer].op))
            note = "summed" if elementwise is not None and elementwise.elementwise else ""
        return RawSend(
            edge=self.numbers[id(edge)],
            gradient=self.keep(gradient),
            local=self._local(edge, gradient, incoming),
            note=note,
            k=self.arrived[place],
            n=self.expected[place],
            running=running,
            scalar=_one_number(gradient),
        )

    def _local(self, edge: RawEdge, gradient: Any, incoming: Any) -> int | None:
        """The factor with  gradient = incoming x factor, for the ops that have one: the node's answer to a gradient of ones."""
        raw = self.graph.nodes[edge.consumer]
        known = RULES.get(family(raw.op))
        if gradient is None or incoming is None or known is None or gradient.numel() > LOCAL_LIMIT:
            return None
        if incoming.numel() != 1 and not (known.elementwise and incoming.shape == gradient.shape):
            return None
        answer = raw.node(self.graph.lib.ones_like(incoming))
        answer = answer[edge.slot] if isinstance(answer, tuple) else answer
        return None if answer is None else self.keep(answer)


def record(graph: RawGraph, root: Any, gradient: Any, keep: Callable[[Any], int | None]) -> Recording:
    """Run the backward pass of ``root`` on the side and return what happened."""
    leaves = [index for index, raw in enumerate(graph.nodes) if raw.kind == "leaf"]
    tensors = [graph.nodes[index].tensor for index in leaves]
    recorder = Recorder(graph, keep)
    if not leaves:
        root.backward(gradient)  # raises: nothing here requires a gradient
    with _listening(graph, recorder):
        received = graph.lib.autograd.grad(root, tensors, gradient, retain_graph=True, allow_unused=True)
    if graph.nodes[graph.root].kind == "leaf":
        recorder.steps.append(RawStep(graph.root, [keep(received[0])], 1))
    found = dict(zip(leaves, received, strict=True))
    for step in recorder.steps:
        if step.node in found and found[step.node] is not None:
            arrived, final = step.incoming[0], keep(found[step.node])
            step.hooked = arrived != final
            step.incoming = [final]
    return Recording(recorder.steps, list(zip(leaves, tensors, received, strict=True)))


@contextmanager
def _listening(graph: RawGraph, recorder: Recorder) -> Iterator[None]:
    handles = []
    try:
        for index, raw in enumerate(graph.nodes):
            if raw.kind == "op":
                handles.append(raw.node.register_prehook(_before(recorder, index)))
                handles.append(raw.node.register_hook(_after(recorder, index)))
        yield
    finally:
        for handle in handles:
            handle.remove()


def _before(recorder: Recorder, index: int) -> Callable[[tuple[Any, ...]], None]:
    return lambda gradients: recorder.before(index, gradients)


def _after(recorder: Recorder, index: int) -> Callable[[tuple[Any, ...], tuple[Any, ...]], None]:
    return lambda sent, received: recorder.after(index, sent, received)


def _one_number(gradient: Any) -> str:
    """The gradient as text where all its elements are equal, else ``""``."""
    if gradient is None or gradient.numel() == 0 or gradient.numel() > LOCAL_LIMIT:
        return ""
    values = array(gradient).ravel()
    return number(float(values[0])) if (values == values[0]).all() else ""
