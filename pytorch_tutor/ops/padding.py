"""Padding: borders of a constant, or of the picture's own values mirrored or repeated."""

from __future__ import annotations

from typing import Any

from .base import Op


class ConstantPadNd(Op):
    """Negative widths cut off instead."""

    formula = r"y = x \text{ within a border of } v"
    gradient = {"x": r"\bar x = \bar y \text{ without the border}"}
    makes_channels_last = True
    public = "constant_pad_nd"

    def forward(ctx, x: Any, widths: tuple[tuple[int, int], ...], value: Any = 0) -> Any:
        """`widths`: (before, after) for each dimension, first dimension first."""
        ctx.widths = widths
        kept = x[tuple(slice(max(-a, 0), n - max(-b, 0)) for (a, b), n in zip(widths, x.shape, strict=True))]
        grown = [(max(a, 0), max(b, 0)) for a, b in widths]
        shape = tuple(a + n + b for (a, b), n in zip(grown, kept.shape, strict=True))
        y = ctx.xp.full(shape, value, x.dtype)
        y[tuple(slice(a, a + n) for (a, _), n in zip(grown, kept.shape, strict=True))] = kept
        return y

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(ConstantPadNd, grad, widths=tuple((-a, -b) for a, b in ctx.widths))


class BorderPad(Op):
    """Reflection and replication: each axis is read through a list of positions."""

    formula = r"y_{i, j} = x_{r_i, s_j}"
    gradient = {"x": r"\bar x_{r, s} = \sum_{i, j : r_i = r, s_j = s} \bar y_{i, j}"}
    kind = "ReflectionPad2D"
    public = "pad"

    def forward(ctx, x: Any, positions: tuple[Any, ...], kind: str) -> Any:
        """`positions`: one index array for each of the last dimensions."""
        ctx.positions, ctx.kind, ctx.shape = positions, kind, x.shape
        first = x.ndim - len(positions)
        for axis, place in enumerate(positions, start=first):
            x = ctx.xp.take(x, place, axis=axis)
        return x

    def name(ctx) -> str:
        return f"{ctx.kind}Backward0"

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(BorderFold, grad, positions=ctx.positions, kind=ctx.kind, shape=ctx.shape)


class BorderFold(Op):
    """The transpose of BorderPad: adds what was read several times."""

    formula = r"\bar x_{r, s} = \sum_{i, j : r_i = r, s_j = s} \bar y_{i, j}"
    gradient = {"grad": r"\text{padding}"}
    kind = "ReflectionPad2D"

    def forward(ctx, grad: Any, positions: tuple[Any, ...], kind: str, shape: tuple[int, ...]) -> Any:
        ctx.positions, ctx.kind = positions, kind
        xp = ctx.xp
        first = grad.ndim - len(positions)
        for axis, place in enumerate(positions, start=first):
            moved = xp.moveaxis(grad, axis, 0)
            total = xp.zeros((shape[axis], *moved.shape[1:]), grad.dtype)
            xp.add.at(total, place, moved)
            grad = xp.moveaxis(total, 0, axis)
        return grad

    def name(ctx) -> str:
        return f"{ctx.kind}BackwardBackward0"

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(BorderPad, grad, positions=ctx.positions, kind=ctx.kind)
