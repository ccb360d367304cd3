"""Views of memory by sizes and strides: the most general view there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .base import Op, order_like


class AsStrided(Op):
    """Any view of the memory: sizes, strides and an offset, counted in elements."""

    formula = r"y_{i} = m_{o + \sum_d i_d s_d}"
    gradient = {"x": r"\bar m_{o + \sum_d i_d s_d} \mathrel{+}= \bar y_i"}
    view = True

    def forward(ctx, x: Any, size: tuple[int, ...], stride: tuple[int, ...], offset: int) -> Any:
        ctx.geometry = {"size": size, "stride": stride, "offset": offset}
        ctx.shape, ctx.strides = x.shape, tuple([s // x.itemsize for s in x.strides])
        return strided(ctx.xp, x, size, stride, offset)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AsStridedScatter, grad, shape=ctx.shape, strides=ctx.strides, **ctx.geometry)


class AsStridedScatter(Op):
    """Zeros of a given layout, with values added at the places of a strided view."""

    formula = r"m_{o + \sum_d i_d s_d} \mathrel{+}= x_i"
    gradient = {"x": r"\bar x_i = \bar m_{o + \sum_d i_d s_d}"}

    def forward(
        ctx, x: Any, shape: Any, strides: Any, size: tuple[int, ...], stride: tuple[int, ...], offset: int
    ) -> Any:
        xp = ctx.xp
        ctx.geometry = {"size": size, "stride": stride, "offset": offset}
        ctx.strides = strides
        memory = xp.zeros(max(_span(shape, strides), offset + _span(size, stride), 1), dtype=x.dtype)
        places = xp.full(size, offset)
        for d, (n, s) in enumerate(zip(size, stride, strict=True)):
            places = places + (xp.arange(n) * s).reshape([-1 if i == d else 1 for i in range(len(size))])
        xp.add.at(memory, places, x)
        return strided(xp, memory, shape, strides, 0).copy(order="K")

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AsStrided, grad, **ctx.geometry)


class AsStridedReplaced(Op):
    """A copy with a strided part of its memory replaced. The gradient is PyTorch's: both get what lies in the part."""

    formula = r"y = x,\quad y_{o + \sum_d i_d s_d} = z_i"
    gradient = {
        "x": r"\bar x = \bar y \text{ inside the part, } 0 \text{ outside}",
        "z": r"\bar z_i = \bar y_{o + \sum_d i_d s_d}",
    }
    node_name = "AsStridedScatterBackward0"

    def forward(ctx, x: Any, z: Any, size: tuple[int, ...], stride: tuple[int, ...], offset: int) -> Any:
        ctx.geometry = {"size": size, "stride": stride, "offset": offset}
        out = x.copy(order=order_like(x))
        ctx.shape, ctx.strides = out.shape, tuple([s // out.itemsize for s in out.strides])
        strided(ctx.xp, out, size, stride, offset)[...] = z
        return out

    def backward(ctx, grad: Any) -> Any:
        part = ctx.call(AsStrided, grad.reshape((-1,)), **ctx.geometry)
        inside = ctx.call(AsStridedKept, grad, shape=ctx.shape, strides=ctx.strides, **ctx.geometry)
        return inside if ctx.needs[0] else None, part if ctx.needs[1] else None


class AsStridedKept(Op):
    """What lies in a strided part of the memory; zeros elsewhere."""

    formula = r"y_m = x_m\,[m \text{ in the part}]"
    gradient = {"x": r"\bar x_m = \bar y_m\,[m \text{ in the part}]"}

    def forward(
        ctx, x: Any, shape: Any, strides: Any, size: tuple[int, ...], stride: tuple[int, ...], offset: int
    ) -> Any:
        xp = ctx.xp
        ctx.geometry = {"shape": shape, "strides": strides, "size": size, "stride": stride, "offset": offset}
        memory = xp.zeros(max(_span(shape, strides), offset + _span(size, stride), 1), dtype="?")
        strided(xp, memory, size, stride, offset)[...] = True
        return xp.where(strided(xp, memory, shape, strides, 0), x, 0).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AsStridedKept, grad, **ctx.geometry)


def _span(sizes: Sequence[int], steps: Sequence[int]) -> int:
    """How many elements of memory a view reaches over, from its first to its last."""
    return 1 + sum((n - 1) * s for n, s in zip(sizes, steps, strict=True))


def strided(xp: Any, x: Any, size: Sequence[int], stride: Sequence[int], offset: int) -> Any:
    """A view of the memory that ``x`` lies in, ``offset`` elements after ``x``'s own start."""
    item = x.itemsize
    steps = tuple([s * item for s in stride])
    if offset == 0:
        return xp.lib.stride_tricks.as_strided(x, tuple(size), steps)
    flat = xp.lib.stride_tricks.as_strided(x, (offset + 1,), (item,))
    return xp.lib.stride_tricks.as_strided(flat[offset:], tuple(size), steps)
