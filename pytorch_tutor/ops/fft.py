"""Fourier transforms: sums of waves, so the gradient of each is the transform with the waves running backwards."""

from __future__ import annotations

import math
from typing import Any

from .base import Op

Axes = tuple[int, ...]


def transform(xp: Any, x: Any, axes: Axes, forward: bool) -> Any:
    """The sums over all axes, without a factor."""
    found = xp.fft.fftn(x, axes=axes) if forward else xp.fft.ifftn(x, axes=axes, norm="forward")
    return found.astype(x.dtype if x.dtype.kind == "c" else complex_of(x), copy=False)


def complex_of(x: Any) -> str:
    """The complex type whose parts are as exact as the numbers of x."""
    return "c8" if x.dtype.itemsize <= 4 else "c16"


class FftC2C(Op):
    """Complex numbers to complex numbers; the conjugate of a wave is the wave that runs the other way."""

    layout = "rows"
    formula = r"y_k = s \sum_n x_n\, e^{\mp 2\pi i k n / N}"
    gradient = {"x": r"\bar x_n = s \sum_k \bar y_k\, e^{\pm 2\pi i k n / N}"}

    def forward(ctx, x: Any, axes: Axes, forward: bool, scale: float) -> Any:
        ctx.how = {"axes": axes, "forward": not forward, "scale": scale}
        found = transform(ctx.xp, x, axes, forward)
        return found if scale == 1 else found * scale

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(FftC2C, grad, **ctx.how)


class FftR2C(Op):
    """Real numbers to complex ones; the second half mirrors the first, and ``onesided`` leaves it out."""

    formula = r"y_k = s \sum_n x_n\, e^{-2\pi i k n / N}"
    gradient = {"x": r"\bar x_n = \operatorname{Re}\, s \sum_k \bar y_k\, e^{2\pi i k n / N}"}

    def forward(ctx, x: Any, axes: Axes, scale: float, onesided: bool) -> Any:
        ctx.axes, ctx.scale, ctx.onesided, ctx.size = axes, scale, onesided, x.shape[axes[-1]]
        if onesided:
            found = ctx.xp.fft.rfftn(x, axes=axes).astype(complex_of(x), copy=False)
        else:
            found = transform(ctx.xp, x, axes, True)
        return found if scale == 1 else found * scale

    def backward(ctx, grad: Any) -> Any:
        if ctx.onesided:
            grad = ctx.call(Widen, grad, axis=ctx.axes[-1], size=ctx.size)
        return ctx.call(FftC2C, grad, axes=ctx.axes, forward=False, scale=ctx.scale).real


class FftC2R(Op):
    """Half of a mirrored spectrum to real numbers: all but the first (and, for even N, the last) stand for two."""

    formula = r"y_n = s \sum_k x_k\, e^{2\pi i k n / N},\ x_{N-k} = x_k^{*}"
    gradient = {"x": r"\bar x_k = s\, w_k \sum_n \bar y_n\, e^{-2\pi i k n / N},\ w_k \in \{1, 2\}"}

    def forward(ctx, x: Any, axes: Axes, scale: float, size: int) -> Any:
        xp, last = ctx.xp, axes[-1]
        ctx.axes, ctx.scale, ctx.size = axes, scale, size
        if len(axes) > 1:
            x = transform(xp, x, axes[:-1], False)
        found = xp.fft.irfft(x, n=size, axis=last, norm="forward").astype(
            "f4" if x.dtype.itemsize == 8 else "f8", copy=False
        )
        return found if scale == 1 else found * scale

    def backward(ctx, grad: Any) -> Any:
        found = ctx.call(FftR2C, grad, axes=ctx.axes, scale=ctx.scale, onesided=True)
        weights = [1.0] + [2.0] * (ctx.size // 2)
        if ctx.size % 2 == 0:
            weights[-1] = 1.0
        shape = [1] * len(ctx.input_shapes[0])
        shape[ctx.axes[-1]] = -1
        weight = ctx.xp.asarray(weights, dtype=found.real.dtype if ctx.lifted is None else None).reshape(tuple(shape))
        return found * weight


class Widen(Op):
    """Zeros behind the end of a dimension, up to a size."""

    formula = r"y = (x, 0)"
    gradient = {"x": r"\bar x = \bar y_{:n}"}
    node_name = "ConstantPadNdBackward0"

    def forward(ctx, x: Any, axis: int, size: int) -> Any:
        ctx.key = (slice(None),) * axis + (slice(0, x.shape[axis]),)
        shape = list(x.shape)
        shape[axis] = size
        out = ctx.xp.zeros(shape, dtype=x.dtype)
        out[ctx.key] = x
        return out

    def backward(ctx, grad: Any) -> Any:
        return grad[ctx.key]


def scale_of(norm: str, count: int, forward: bool) -> float:
    """The factor before the sum: with "ortho" both directions share it, otherwise one direction has all of it."""
    if norm == "ortho":
        return 1 / math.sqrt(count)
    return 1 / count if (norm == "forward") == forward else 1.0
