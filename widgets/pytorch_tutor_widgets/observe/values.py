"""The forward values of nodes: held by the user, kept for backward, or worked out again where they are small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytorch_tutor_widgets.observe.formulas import family
from pytorch_tutor_widgets.observe.graph import RawEdge, RawGraph, RawNode, saved_input
from pytorch_tutor_widgets.observe.names import Names

SMALL = 256

# The library's own functions on the very inputs, so the numbers are those that the forward pass had.
_AGAIN: dict[str, Callable[..., Any]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a / b,
    "Neg": lambda x: -x,
    "Mm": lambda a, b: a @ b,
    "Mv": lambda a, x: a @ x,
    "Dot": lambda a, b: a @ b,
    "T": lambda x: x.t(),
    "Addmm": lambda c, a, b: c + a @ b,
    "Exp": lambda x: x.exp(),
    "Log": lambda x: x.log(),
    "Tanh": lambda x: x.tanh(),
    "Sigmoid": lambda x: x.sigmoid(),
    "Relu": lambda x: x.relu(),
    "Sin": lambda x: x.sin(),
    "Cos": lambda x: x.cos(),
}


def fill_values(graph: RawGraph, names: Names) -> None:
    """Give each op node the value that it computed, and each constant its value and name, where they can be known."""
    users: dict[int, list[tuple[int, str]]] = {}
    inputs: dict[int, dict[int, int]] = {}
    for edge in graph.edges:
        if edge.number == 0:
            users.setdefault(edge.producer, []).append((edge.consumer, edge.label))
        inputs.setdefault(edge.consumer, {})[edge.slot] = edge.producer
    with graph.lib.no_grad():
        for index in range(len(graph.nodes) - 1, -1, -1):  # producers first
            raw = graph.nodes[index]
            if raw.kind != "op" or raw.tensor is not None:
                continue
            raw.tensor = _kept_value(graph, raw, users.get(index, []))
            if raw.tensor is None:
                sources = inputs.get(index, {})
                raw.tensor = _again(raw, [graph.nodes[sources[slot]] for slot in sorted(sources)])
            if raw.tensor is not None and raw.shape is None:
                raw.shape = tuple(int(size) for size in raw.tensor.shape)
        for edge in graph.edges:
            constant = graph.nodes[edge.producer]
            if constant.kind == "constant" and constant.tensor is None and not constant.title:
                _find_constant(graph, edge, inputs[edge.consumer], names)


def _kept_value(graph: RawGraph, raw: RawNode, users: list[tuple[int, str]]) -> Any:
    found = [saved_input(graph.nodes[consumer], label) for consumer, label in users if label]
    found += [value for name, value in raw.kept if name == "result"]
    for value in found:
        if hasattr(value, "detach") and (raw.shape is None or tuple(value.shape) == raw.shape):
            return value
    return None


def _find_constant(graph: RawGraph, edge: RawEdge, sources: dict[int, int], names: Names) -> None:
    """Which of the user's tensors was it? PyTorch does not say; the one that gives exactly the known result was."""
    consumer = graph.nodes[edge.consumer]
    function = _AGAIN.get(family(consumer.op))
    other = graph.nodes[sources[1 - edge.slot]].tensor if sorted(sources) == [0, 1] else None
    if function is None or other is None or consumer.tensor is None or dict(consumer.kept).get("alpha", 1) != 1:
        return
    if other.numel() > SMALL or consumer.tensor.numel() > SMALL:
        return
    for name, candidate in names.plain_tensors():
        if candidate.numel() > SMALL:
            continue
        try:
            pair = (candidate, other.detach()) if edge.slot == 0 else (other.detach(), candidate)
            result = function(*pair)
        except (TypeError, RuntimeError, ValueError):
            continue
        if result.shape == consumer.tensor.shape and bool((result == consumer.tensor).all()):
            raw = graph.nodes[edge.producer]
            raw.name = raw.title = name
            raw.tensor = candidate
            raw.shape = edge.shape = tuple(int(size) for size in candidate.shape)
            raw.dtype = str(candidate.dtype).removeprefix("torch.")
            return


def _again(raw: RawNode, inputs: list[RawNode]) -> Any:
    function = _AGAIN.get(family(raw.op))
    values = [node.number if node.tensor is None else node.tensor for node in inputs]
    if function is None or any(value is None for value in values) or dict(raw.kept).get("alpha", 1) != 1:
        return None
    tensors = [value for value in values if hasattr(value, "numel")]
    if not tensors or max(value.numel() for value in tensors) > SMALL:
        return None
    try:
        value = function(*[value.detach() if hasattr(value, "detach") else value for value in values])
    except (TypeError, RuntimeError, ValueError):  # fewer inputs than the function has: one of them was a plain number
        return None
    return value if raw.shape is None or tuple(value.shape) == raw.shape else None
