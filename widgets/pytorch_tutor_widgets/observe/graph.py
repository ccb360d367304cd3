"""Read the graph behind a tensor by PyTorch's own protocol: ``grad_fn``, ``next_functions``, ``variable``, ``_saved_*``.

Walked by a loop, never by recursion: a graph may be as deep as it likes.
"""

from __future__ import annotations

import linecache
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytorch_tutor_widgets.observe import formulas
from pytorch_tutor_widgets.observe.names import Names
from pytorch_tutor_widgets.observe.rules import Rule
from pytorch_tutor_widgets.observe.views import Source

LARGEST = 4000
_OWN = {"age", "freed", "outputs", "variant", "half_inputs"}  # of the node itself, not of the call


@dataclass(slots=True)
class RawNode:
    """A node while it is being read: it may hold tensors, which the browser's view never does."""

    kind: str
    node: Any  # the grad_fn; None for a constant
    op: str
    title: str
    name: str = ""
    tensor: Any = None  # the value, where somebody still holds it
    number: Any = None  # a constant that was a plain number
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    rule: Rule | None = None
    source: Source | None = None
    kept: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class RawEdge:
    """``producer`` feeds ``consumer`` at ``slot``; ``number`` is which of the producer's outputs it is."""

    producer: int
    consumer: int
    slot: int
    number: int
    label: str
    shape: tuple[int, ...] | None = None


@dataclass(slots=True)
class RawGraph:
    """Nodes with the root first, each before what it was computed from."""

    lib: Any
    nodes: list[RawNode]
    edges: list[RawEdge]
    root: int = 0
    index: dict[int, int] = field(default_factory=dict)  # id(grad_fn) -> position in nodes


class LargeGraphError(ValueError):
    """The graph has more nodes than a picture can show."""


def read(lib: Any, tensor: Any, names: Names, largest: int = LARGEST) -> RawGraph:
    """The graph of everything that ``tensor`` was computed from."""
    graph = RawGraph(lib, [], [])
    if tensor.grad_fn is None:
        graph.nodes.append(_leaf(tensor, names, tensor if tensor.requires_grad else None))
        return graph
    order = _walk(tensor.grad_fn, largest)
    graph.index = {id(node): position for position, node in enumerate(order)}
    graph.nodes = [_raw(node, names) for node in order]
    root = graph.nodes[0]
    root.tensor, root.name = tensor, names.of_tensor(tensor) or root.name
    root.shape, root.dtype = _shape(tensor), _dtype(tensor.dtype)
    for consumer, node in enumerate(order):
        _edges(graph, consumer, node, names)
    _shapes(graph)
    return graph


def _walk(root: Any, largest: int) -> list[Any]:
    """Every node once, consumers before producers (Kahn's order, newest first where PyTorch numbers its nodes)."""
    waiting: dict[int, int] = {id(root): 0}
    stack, alive = [root], [root]
    while stack:
        for target, _ in stack.pop().next_functions:
            if target is not None:
                if id(target) not in waiting:
                    waiting[id(target)] = 0
                    stack.append(target)
                    alive.append(target)  # PyTorch makes these wrappers anew when nobody holds them
                    if len(alive) > largest:
                        raise LargeGraphError(
                            f"the graph has more than {largest} nodes; look at a part of it, or pass largest="
                        )
                waiting[id(target)] += 1
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for target, _ in reversed(node.next_functions):
            if target is not None:
                waiting[id(target)] -= 1
                if not waiting[id(target)]:
                    ready.append(target)
    return order


def _raw(node: Any, names: Names) -> RawNode:
    variable = getattr(node, "variable", None)
    if variable is not None and "AccumulateGrad" in node.name():
        return _leaf(variable, names, node)
    op = node.name().rpartition("::")[2]
    made = names.made_by(node)
    raw = RawNode("op", node, op, formulas.title(op), names.of_node(node), made)
    raw.rule = formulas.rule(node)
    raw.source = _source(node)
    raw.kept = _kept(node)
    metadata = getattr(node, "_input_metadata", None)  # PyTorch: shape and dtype of each output
    if made is not None:
        raw.shape, raw.dtype = _shape(made), _dtype(made.dtype)
    elif metadata:
        raw.shape, raw.dtype = tuple(metadata[0].shape), _dtype(metadata[0].dtype)
    return raw


def _leaf(variable: Any, names: Names, node: Any) -> RawNode:
    name = names.of_tensor(variable)
    kind = "leaf" if node is not None else "constant"
    raw = RawNode(kind, node, "AccumulateGrad" if node is not None else "", name, name, variable)
    raw.shape, raw.dtype = _shape(variable), _dtype(variable.dtype)
    return raw


def _edges(graph: RawGraph, consumer: int, node: Any, names: Names) -> None:
    raw = graph.nodes[consumer]
    shapes = getattr(node, "input_shapes", ())
    labels = list(raw.rule.gradient) if raw.rule else []
    for slot, (target, number) in enumerate(node.next_functions):
        label = labels[slot] if slot < len(labels) else ""
        shape = tuple(shapes[slot]) if slot < len(shapes) and shapes[slot] is not None else None
        if target is not None:
            graph.edges.append(RawEdge(graph.index[id(target)], consumer, slot, int(number), label, shape))
        elif label and len(node.next_functions) <= len(labels):
            # No gradient goes here, but the forward pass used it: a learner wants to see the data, too.
            value = saved_input(raw, label)
            constant = RawNode("constant", None, "", "")
            if hasattr(value, "detach"):
                constant = _leaf(value, names, None)
            elif value is not None:
                constant.number = value
                constant.title = f"{value:.4g}" if isinstance(value, float) else str(value)
            constant.shape = constant.shape or shape
            if label == "n" and value is None:
                continue
            graph.nodes.append(constant)
            graph.edges.append(RawEdge(len(graph.nodes) - 1, consumer, slot, 0, label, constant.shape))


def _shapes(graph: RawGraph) -> None:
    """An edge's shape is its producer's output; a producer's output shape is what its consumers took in."""
    for edge in graph.edges:
        producer = graph.nodes[edge.producer]
        if edge.shape is None and edge.number == 0:
            edge.shape = producer.shape
        if producer.shape is None and edge.number == 0:
            producer.shape = edge.shape
        if not producer.dtype and producer.kind == "op":
            producer.dtype = graph.nodes[edge.consumer].dtype


def saved_input(raw: RawNode, label: str) -> Any:
    """The value that ``raw``'s node kept of the input that its formula calls ``label``, or None."""
    wanted = raw.rule.saved.get(label, label) if raw.rule else label
    return next((value for name, value in raw.kept if name in {wanted, label}), None)


def _kept(node: Any) -> list[tuple[str, Any]]:
    """What the node keeps for backward, by name."""
    declared = getattr(node, "keeps", None)
    attributes = (
        [f"_saved_{name}" for name in declared]
        if declared is not None
        else [name for name in dir(node) if name.startswith("_saved_")]
    )
    found = []
    for attribute in attributes:
        try:
            value = getattr(node, attribute)
        except (RuntimeError, AttributeError):  # freed by an earlier backward, or changed in place since
            continue
        name = attribute.removeprefix("_saved_")
        told = hasattr(value, "detach") or isinstance(value, (bool, int, float, str))  # an op may keep anything
        if told:
            found.append((name, value))
    if declared is not None:  # the engine: numbers that the call was made with, such as an exponent
        held = getattr(node, "__dict__", {})
        found += [(name, value) for name, value in held.items() if type(value) in (int, float) and name not in _OWN]
    return found


def _source(node: Any) -> Source | None:
    """The user's line: the engine's nodes know it; PyTorch's only where anomaly detection was on."""
    where = getattr(node, "where", None)
    if isinstance(where, tuple) and len(where) == 3:
        return source(*where)
    metadata = getattr(node, "metadata", None)
    lines = metadata.get("traceback_") if isinstance(metadata, dict) else None
    for line in reversed(lines or []):
        found = re.match(r'\s*File "(.*)", line (\d+), in (.*)', line)
        if found and not re.search(r"[/\\](?:site|dist)-packages[/\\]", found[1]):
            return source(found[1], int(found[2]), found[3])
    return None


def source(file: str, line: int, function: str) -> Source:
    """A source line without the machine's paths: the file's name, or nothing for a notebook cell."""
    name = Path(file).name
    cell = "ipykernel_" in file or file.startswith("<")
    return Source(
        "" if cell else name,
        line,
        linecache.getline(file, line).strip()[:160],
        "" if function.startswith("<") else function,
    )


def _shape(tensor: Any) -> tuple[int, ...]:
    return tuple(int(size) for size in tensor.shape)


def _dtype(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")
