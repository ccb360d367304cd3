"""``torch.autograd.graph``: nodes of the graph, for whoever wants to look or to hook in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..engine import GradientEdge, steps
from ..errors import lesson
from ..graph import Node, RemovableHandle, mode
from ..tensor_base import TensorBase
from .saved_tensors import (
    allow_mutation_on_saved_tensors,
    disable_saved_tensors_hooks,
    save_on_cpu,
    saved_tensors_hooks,
)  # fmt: skip


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """(node, output number): where a gradient of this tensor goes. ``autograd.grad`` takes it in the tensor's place.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> edge = torch.autograd.graph.get_gradient_edge(x * 2)
    >>> edge.node.name(), edge.output_nr
    ('MulBackward0', 0)
    """
    edge = tensor.edge()
    if edge is None:
        raise lesson(
            RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients"),
            expected="a tensor that requires grad",
            got="one that does not",
        )
    node, number = edge
    if not hasattr(node, "variable"):
        node.result_shapes = {**getattr(node, "result_shapes", {}), number: (tensor._array.shape, tensor._array.dtype)}
    return GradientEdge(node.titled(), number)


def increment_version(tensor: Any) -> None:
    """Says that a tensor's memory was written by means that the engine cannot see."""
    for t in [tensor] if isinstance(tensor, TensorBase) else tensor:
        t.version.n += 1


class _Handle(RemovableHandle):
    """Takes several hooks away at once."""

    def __init__(self, handles: Sequence[RemovableHandle]) -> None:
        self.handles = tuple(handles)

    def remove(self) -> None:
        for handle in self.handles:
            handle.remove()


def _node(tensor: Any) -> Node:
    edge = tensor.edge()
    if edge is None:
        raise AssertionError("Expected gradient function to be set")
    node: Node = edge[0]
    return node


def register_multi_grad_hook(
    tensors: Sequence[Any], fn: Callable[[Any], None], *, mode: str = "all"
) -> RemovableHandle:
    """Calls ``fn`` once in a backward pass when the gradients of several tensors are there.

    With ``mode="all"`` it gets a list of them, with None for tensors that the pass does not reach; with ``"any"`` it
    gets the first that arrives.

    >>> import pytorch_tutor as torch
    >>> a, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> from pytorch_tutor.autograd.graph import register_multi_grad_hook
    >>> handle = register_multi_grad_hook((a, b), lambda grads: print(grads))
    >>> (2 * a + 3 * b).sum().backward()
    [tensor([2.]), tensor([3.])]
    """
    if mode not in ("all", "any"):
        raise lesson(
            ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}"), expected="'all' or 'any'", got=mode
        )
    nodes = [_node(t) for t in tensors]
    return _Handle([t.register_hook(_member(nodes, place, fn, mode)) for place, t in enumerate(tensors)])


def _member(nodes: list[Node], place: int, fn: Callable[[Any], None], when: str) -> Callable[[Any], None]:
    """One tensor's hook: the pass itself keeps what has arrived so far."""

    def hook(gradient: Any) -> None:
        running = mode.current
        if when == "any":
            if id(nodes) not in running.notes:
                running.notes[id(nodes)] = True
                fn(gradient)
            return
        arrived, wanted = running.notes.setdefault(id(nodes), ({}, sum(map(will_run, nodes))))
        arrived[place] = gradient
        if len(arrived) == wanted:
            fn([arrived.get(i) for i in range(len(nodes))])

    return hook


def will_run(node: Node) -> bool:
    """Does the backward pass of which a hook asks run this node?"""
    running = mode.current
    if running.capturing and hasattr(node, "variable"):
        raise RuntimeError(
            "A leaf node was passed to _will_engine_execute_node but we are currently running autograd.grad(). This is "
            "currently not supported."
        )
    return node in running.meets


__all__ = [
    "GradientEdge", "Node", "RemovableHandle", "allow_mutation_on_saved_tensors", "disable_saved_tensors_hooks",
    "get_gradient_edge", "increment_version", "register_multi_grad_hook", "save_on_cpu", "saved_tensors_hooks", "steps",
]  # fmt: skip
