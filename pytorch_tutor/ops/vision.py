"""Rearranging and resampling pictures: pixel shuffle, unfold, interpolation."""

from __future__ import annotations

from math import prod
from typing import Any

from ..backends import namespace
from ..backends.numpy_windows import offsets, output_sizes, pad_space, padded_sizes, windows
from .base import Op


# ---------------------------------------------------------------------- moving elements
class PixelShuffle(Op):
    """Source: W. Shi et al., "Real-time single image and video super-resolution", 2016."""

    formula = r"y_{c,\, h r + i,\, w r + j} = x_{c r^2 + i r + j,\, h,\, w}"
    gradient = {"x": r"\bar x = \text{the inverse rearrangement of } \bar y"}
    public = "pixel_shuffle"

    def forward(ctx, x: Any, factor: int) -> Any:
        ctx.factor = r = factor
        if r == 1:
            return x.copy()
        *batch, c, h, w = x.shape
        b = prod(batch)
        y = x.reshape(b, c // (r * r), r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
        return y.reshape(*batch, c // (r * r), h * r, w * r)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(PixelUnshuffle, grad, factor=ctx.factor)


class PixelUnshuffle(Op):
    formula = r"y_{c r^2 + i r + j,\, h,\, w} = x_{c,\, h r + i,\, w r + j}"
    gradient = {"x": r"\bar x = \text{the inverse rearrangement of } \bar y"}
    public = "pixel_unshuffle"

    def forward(ctx, x: Any, factor: int) -> Any:
        ctx.factor = r = factor
        if r == 1:
            return x.copy()
        *batch, c, h, w = x.shape
        b = prod(batch)
        y = x.reshape(b, c, h // r, r, w // r, r).transpose(0, 1, 3, 5, 2, 4)
        return y.reshape(*batch, c * r * r, h // r, w // r)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(PixelShuffle, grad, factor=ctx.factor)


class ChannelShuffle(Op):
    """Source: X. Zhang et al., "ShuffleNet", 2017."""

    formula = r"y_{j g + i} = x_{i n + j}, \; g \text{ groups of } n \text{ channels}"
    gradient = {"x": r"\bar x = \text{the inverse rearrangement of } \bar y"}
    public = "channel_shuffle"

    def forward(ctx, x: Any, groups: int) -> Any:
        n, c, *space = x.shape
        ctx.other = c // groups
        return x.reshape(n, groups, ctx.other, *space).swapaxes(1, 2).reshape(x.shape)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(ChannelShuffle, grad, groups=ctx.other)


class Im2Col(Op):
    """Every window becomes a column: x (N, C, H, W), y (N, C * kernel, windows)."""

    formula = r"y_{(c, k),\, t} = x_{c,\, t s + k d - p}"
    gradient = {"x": r"\bar x_{c, i} = \sum_{t s + k d - p = i} \bar y_{(c, k),\, t}"}
    public = "im2col"

    def forward(ctx, x: Any, kernel: Any, dilation: Any, padding: Any, stride: Any) -> Any:
        xp = ctx.xp
        ctx.geometry, ctx.space = (kernel, dilation, padding, stride), x.shape[2:]
        out = output_sizes(x.shape[2:], kernel, stride, padding, dilation)
        sizes = padded_sizes(x.shape[2:], out, kernel, stride, padding, dilation)
        last = pad_space(xp, xp.moveaxis(x, 1, -1), sizes, padding, 0)
        seen = windows(xp, last, out, kernel, stride, dilation)  # (N, *out, *kernel, C)
        columns = seen.transpose(0, 5, 3, 4, 1, 2)
        return columns.reshape(x.shape[0], x.shape[1] * prod(kernel), prod(out))

    def backward(ctx, grad: Any) -> Any:
        kernel, dilation, padding, stride = ctx.geometry
        return ctx.call(Col2Im, grad, size=ctx.space, kernel=kernel, dilation=dilation, padding=padding, stride=stride)


class Col2Im(Op):
    """Columns are added back where they came from."""

    formula = r"y_{c, i} = \sum_{t s + k d - p = i} x_{(c, k),\, t}"
    gradient = {"x": r"\bar x_{(c, k),\, t} = \bar y_{c,\, t s + k d - p}"}
    public = "col2im"

    def forward(ctx, x: Any, size: Any, kernel: Any, dilation: Any, padding: Any, stride: Any) -> Any:
        xp = ctx.xp
        ctx.geometry = (kernel, dilation, padding, stride)
        out = output_sizes(size, kernel, stride, padding, dilation)
        sizes = padded_sizes(size, out, kernel, stride, padding, dilation)
        n, rows, _ = x.shape
        c = rows // prod(kernel)
        parts = x.reshape(n, c, prod(kernel), *out)
        y = xp.zeros((n, *sizes, c), x.dtype)
        for place, index in enumerate(offsets(out, kernel, stride, dilation)):
            y[index] += xp.moveaxis(parts[:, :, place], 1, -1)
        inside = tuple(slice(p, p + m) for p, m in zip(padding, size, strict=True))
        return xp.ascontiguousarray(xp.moveaxis(y[(slice(None), *inside)], -1, 1))

    def backward(ctx, grad: Any) -> Any:
        kernel, dilation, padding, stride = ctx.geometry
        return ctx.call(Im2Col, grad, kernel=kernel, dilation=dilation, padding=padding, stride=stride)


# ---------------------------------------------------------------------- new sizes
class Upsample(Op):
    """Resampling is a small matrix along each axis, whatever the method; only the matrices differ."""

    formula = r"y_{i, j} = \sum_{r, s} A_{i r} B_{j s} \, x_{r, s}"
    gradient = {"x": r"\bar x_{r, s} = \sum_{i, j} A_{i r} B_{j s} \, \bar y_{i, j}"}
    kind = "Bilinear2D"
    makes_channels_last = True
    public = "interpolate"

    def forward(ctx, x: Any, matrices: tuple[Any, ...], kind: str) -> Any:
        """`matrices`: for each spatial axis an (out, in) matrix, or the (out) positions to copy from."""
        xp = ctx.xp
        ctx.matrices, ctx.kind, ctx.space = matrices, kind, x.shape[2:]
        held = x.dtype
        for axis, m in reversed(tuple(enumerate(matrices, start=2))):
            if m.ndim == 1:
                x = xp.take(x, m, axis=axis)
            elif held.kind == "u":  # bytes are weighted as floats and rounded after each axis
                x = along_axis(xp, x.astype("f4"), m.astype("f4", copy=False), axis)
                x = xp.clip(xp.floor(x + 0.5), 0, 255).astype(held)
            else:
                x = along_axis(xp, x, m.astype(held, copy=False), axis)
        return x

    def name(ctx) -> str:
        return f"Upsample{ctx.kind}Backward0"

    def backward(ctx, grad: Any) -> Any:
        transposed = tuple(
            _selector(m, n).T if m.ndim == 1 else m.T for m, n in zip(ctx.matrices, ctx.space, strict=True)
        )
        return ctx.call(Upsample, grad, matrices=transposed, kind=ctx.kind)


def _selector(positions: Any, n: int) -> Any:
    """The matrix of zeros and ones that copies from these positions."""
    return positions[:, None] == namespace(positions).arange(n)


def along_axis(xp: Any, x: Any, matrix: Any, axis: int) -> Any:
    """Multiply by a matrix along one axis."""
    return xp.moveaxis(xp.matmul(xp.moveaxis(x, axis, -1), matrix.T), -1, axis)


class AffineGridGenerator(Op):
    """Source: M. Jaderberg et al., "Spatial transformer networks", 2015."""

    formula = r"g_{n,i} = \theta_n (p_i, 1)^\top"
    gradient = {"theta": r"\bar\theta_n = \sum_i \bar g_{n,i} (p_i, 1)"}
    public = "affine_grid_generator"

    def forward(ctx, theta: Any, base: Any, space: tuple[int, ...]) -> Any:
        """`base` (points, d + 1): the places of the output's pixels, with a 1 appended."""
        ctx.base = base
        return (base @ theta.swapaxes(-1, -2)).reshape(theta.shape[0], *space, theta.shape[1])

    def backward(ctx, grad: Any) -> Any:
        base = ctx.base if ctx.lifted is None else ctx.lifted.constant(ctx.base)
        flat = grad.reshape(grad.shape[0], base.shape[0], grad.shape[-1])
        return flat.swapaxes(-1, -2) @ base
