"""In-place writes to views: how the tensor whose memory was written learns of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .graph import Node
from .graph.node import next_birthday, users_line
from .ops.base import Op
from .ops.strided import AsStrided, AsStridedScatter, strided


def geometry(view: Any, base: Any) -> dict[str, Any]:
    """Sizes, strides and offset of a view in its base's memory, in elements."""
    a, b = view._array, base._array
    item = a.itemsize
    offset = (a.__array_interface__["data"][0] - b.__array_interface__["data"][0]) // item
    return {"size": a.shape, "stride": tuple([s // item for s in a.strides]), "offset": offset}


class CopySlices(Op):
    """A part of the base was overwritten by an operation: its gradient takes the detour through that operation."""

    formula = r"\text{base}[v] \leftarrow f(\text{base}[v], \dots)"
    gradient = {"base": r"\bar b \text{ outside } v;\ f\text{'s gradient inside}"}
    node_name = "torch::autograd::CopySlices"

    def __init__(self, base: Any, view: Any, node: Any) -> None:
        array = base._array
        self.age = next_birthday()
        self.line = users_line()
        self.inner: Node | None = node
        self.where_to = geometry(view, base)
        self.shape, self.strides = array.shape, tuple([s // array.itemsize for s in array.strides])
        others = () if node is None else node.edges[1:]
        self.edges = (base.edge(), *others)
        self.input_shapes = (array.shape,)
        self.input_dtypes = (array.dtype,)
        self.hidden = all([edge is None or edge[0].hidden for edge in self.edges])

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        grad = grads[0]
        if lift is not None:
            inside = lift.apply(AsStrided, grad.contiguous(), **self.where_to)
            sent = (None,) if self.inner is None else self.inner.run([inside], lift, keep)
            change = -inside if sent[0] is None else sent[0] - inside
            outside = grad + lift.apply(
                AsStridedScatter, change, shape=self.shape, strides=self.strides, **self.where_to
            )
            return (outside, *sent[1:])
        memory = np.zeros(1 + sum([(n - 1) * s for n, s in zip(self.shape, self.strides, strict=True)]), grad.dtype)
        outside = strided(np, memory, self.shape, self.strides, 0)
        outside[...] = grad
        inside = strided(np, memory, **self.where_to)
        sent = (None,) if self.inner is None else self.inner.run([inside.copy()], lift, keep)
        inside[...] = 0 if sent[0] is None else sent[0]
        return (outside, *sent[1:])

    def release(self) -> None:
        self.freed = True
        if self.inner is not None:
            self.inner.release()


def write_history(base: Any, view: Any, node: Any) -> None:
    """After an in-place operation on ``view``: the base's history goes through CopySlices."""
    base._grad_fn = CopySlices(base, view, node)
    base._output_nr = 0
    regenerate(view)


def regenerate(view: Any) -> None:
    """Gives a view its history anew, as a strided look at its base."""
    base = view._base
    op = AsStrided()
    op.age = next_birthday()
    op.line = users_line()
    op.geometry = geometry(view, base)
    op.shape = base._array.shape
    op.strides = tuple([s // base._array.itemsize for s in base._array.strides])
    op.needs = (True,)
    op.edges = (base.edge(),)
    op.input_shapes, op.input_dtypes = (base._array.shape,), (base._array.dtype,)
    op.hidden = base._grad_fn is not None and base._grad_fn.hidden
    view._grad_fn, view._output_nr = op, 0
    view._seen_version = view.version.n
