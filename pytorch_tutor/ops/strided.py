"""Views of memory by sizes and strides: the most general view there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .base import Op


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
