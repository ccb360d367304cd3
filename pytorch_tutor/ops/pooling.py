"""Pooling: windows shrink to their maximum or their average. Read AvgPool2D first."""

from __future__ import annotations

import itertools
from math import prod
from typing import Any

from .base import Op


class AvgPool2D(Op):
    formula = r"y_t = \frac1{|W_t|} \sum_{i \in W_t} x_i"
    gradient = {"x": r"\bar x_i = \sum_{t : i \in W_t} \bar y_t / |W_t|"}
    makes_channels_last = True
    refuses = {"bool uint8 int8 int16 int32 complex": "avg_pool2d"}
    wide = True

    def forward(ctx, x: Any, *, options: tuple[Any, ...]) -> Any:
        """`options`: kernel, stride, padding, ceil_mode, count_include_pad, divisor_override."""
        ctx.options, ctx.shape = options, x.shape
        if x.dtype.kind in "iu":  # integers are divided towards zero, as in PyTorch
            return ctx.xp.trunc(ctx.kernel(x).avg_pool(x.astype(ctx.xp.float64), *options)).astype(x.dtype)
        return ctx.kernel(x).avg_pool(x, *options)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AvgPoolGradient, grad, shape=ctx.shape, options=ctx.options)


class AvgPool3D(AvgPool2D):
    formula, gradient = AvgPool2D.formula, AvgPool2D.gradient
    refuses = {"bool uint8 int8 int16 int32 half complex": "avg_pool3d_out_frame"}


class AvgPoolGradient(Op):
    """Linear in the gradient, so its own backward is pooling again."""

    formula = r"\bar x_i = \sum_{t : i \in W_t} \bar y_t / |W_t|"
    gradient = {"grad": r"\text{average pooling}"}
    node_name = "AvgPool2DBackwardBackward0"

    def forward(ctx, grad: Any, *, shape: Any, options: tuple[Any, ...]) -> Any:
        ctx.options = options
        return ctx.kernel(grad).avg_pool_gradient(grad, shape, *options)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AvgPool2D, grad, options=ctx.options)


class AdaptiveAvgPool2D(Op):
    formula = r"y_t = \text{mean of } x_i, \; \lfloor t n / m \rfloor \le i < \lceil (t + 1) n / m \rceil"
    gradient = {"x": r"\bar x_i = \sum_{t : i \in W_t} \bar y_t / |W_t|"}
    makes_channels_last = True
    refuses = {"bool int complex": "adaptive_avg_pool2d"}
    wide = True

    def forward(ctx, x: Any, size: tuple[int, ...]) -> Any:
        ctx.shape = x.shape
        return ctx.kernel(x).adaptive_avg_pool(x, size)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AdaptiveAvgPoolGradient, grad, shape=ctx.shape)


class AdaptiveAvgPool3D(AdaptiveAvgPool2D):
    formula, gradient = AdaptiveAvgPool2D.formula, AdaptiveAvgPool2D.gradient
    refuses = {"bool int complex": "adaptive_avg_pool3d_cpu"}


class AdaptiveAvgPoolGradient(Op):
    formula = r"\bar x_i = \sum_{t : i \in W_t} \bar y_t / |W_t|"
    gradient = {"grad": r"\text{adaptive average pooling}"}
    node_name = "AdaptiveAvgPool2DBackwardBackward0"

    def forward(ctx, grad: Any, shape: Any) -> Any:
        ctx.size = grad.shape[2:]
        return ctx.kernel(grad).adaptive_avg_pool_gradient(grad, shape)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AdaptiveAvgPool2D, grad, size=ctx.size)


class MaxPool2DWithIndices(Op):
    """Gives the maximum of each window and, if asked, where it was found.

    Source: PyTorch's rule that the first of equal values wins.
    """

    formula = r"y_t = \max_{i \in W_t} x_i"
    gradient = {"x": r"\bar x_i = \sum_{t : i \text{ won } W_t} \bar y_t"}
    makes_channels_last = True
    refuses = {"bool complex": "max_pool2d"}

    def forward(ctx, x: Any, *, options: tuple[Any, ...], indices: bool = False) -> Any:
        """`options`: kernel, stride, padding, dilation, ceil_mode."""
        kernels = ctx.kernel(x)
        y, ctx.memo = kernels.max_pool(x, *options)
        ctx.shape = x.shape
        return (y, kernels.max_pool_indices(ctx.memo)) if indices else y

    def backward(ctx, grad: Any, _: Any = None) -> Any:
        return ctx.call(MaxPoolGradient, grad, memo=ctx.memo, shape=ctx.shape)

    def release(ctx) -> None:
        super().release()
        ctx.__dict__.pop("memo", None)


class MaxPool3DWithIndices(MaxPool2DWithIndices):
    formula, gradient = MaxPool2DWithIndices.formula, MaxPool2DWithIndices.gradient
    refuses = {"bool complex": "max_pool3d"}


class MaxPoolGradient(Op):
    formula = r"\bar x_i = \sum_{t : i \text{ won } W_t} \bar y_t"
    gradient = {"grad": r"\text{the elements that won}"}
    node_name = "MaxPool2DWithIndicesBackwardBackward0"

    def forward(ctx, grad: Any, memo: Any, shape: Any) -> Any:
        kernels = ctx.kernel(grad)
        ctx.spots, ctx.shape = kernels.max_pool_indices, shape
        ctx.memo = memo
        return kernels.max_pool_gradient(grad, memo)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(TakeFromPlane, grad, indices=ctx.spots(ctx.memo))


class TakeFromPlane(Op):
    """Picks elements by their position in the flattened plane; the transpose of MaxUnpool2D."""

    formula = r"y_t = x_{i_t}"
    gradient = {"x": r"\bar x_{i_t} \mathrel{+}= \bar y_t"}
    node_name = "GatherBackward0"

    def forward(ctx, x: Any, indices: Any) -> Any:
        ctx.indices, ctx.space = indices, x.shape[2:]
        return take_from_plane(ctx.xp, x, indices)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(PutIntoPlane, grad, indices=ctx.indices, space=ctx.space)


class PutIntoPlane(Op):
    formula = r"y_{i_t} \mathrel{+}= x_t"
    gradient = {"x": r"\bar x_t = \bar y_{i_t}"}
    node_name = "ScatterAddBackward0"

    def forward(ctx, x: Any, indices: Any, space: Any) -> Any:
        ctx.indices = indices
        flat = ctx.xp.zeros((*x.shape[:2], prod(space)), x.dtype)
        planes = (*x.shape[:2], prod(x.shape[2:]))
        ctx.kernel(x).scatter_add(flat, 2, indices.reshape(planes), x.reshape(planes))
        return flat.reshape(*x.shape[:2], *space)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(TakeFromPlane, grad, indices=ctx.indices)


class AdaptiveMaxPool2D(Op):
    formula = r"y_t = \max_i x_i, \; \lfloor t n / m \rfloor \le i < \lceil (t + 1) n / m \rceil"
    gradient = {"x": r"\bar x_i = \sum_{t : i \text{ won } W_t} \bar y_t"}
    keeps = ("indices",)
    refuses = {"bool int complex": "adaptive_max_pool2d"}

    def forward(ctx, x: Any, size: tuple[int, ...]) -> Any:
        xp = ctx.xp
        ctx.space = space = x.shape[2:]
        flat = x.reshape(*x.shape[:2], prod(space))
        index = xp.empty((*x.shape[:2], *size), xp.int64)
        for cell in itertools.product(*map(range, size)):
            reach = [xp.arange(t * n // m, -((-(t + 1) * n) // m)) for t, n, m in zip(cell, space, size, strict=True)]
            inside = reach[0]
            for along, n in zip(reach[1:], space[1:], strict=True):
                inside = (inside[:, None] * n + along).reshape(-1)
            index[(..., *cell)] = inside[flat[..., inside].argmax(-1)]
        ctx.indices = index
        return take_from_plane(xp, x, index), index

    def backward(ctx, grad: Any, _: Any = None) -> Any:
        return ctx.call(PutIntoPlane, grad, indices=raw(ctx.indices), space=ctx.space)


class AdaptiveMaxPool3D(AdaptiveMaxPool2D):
    formula, gradient = AdaptiveMaxPool2D.formula, AdaptiveMaxPool2D.gradient
    keeps = ("indices",)
    refuses = {"bool int complex": "adaptive_max_pool3d_cpu"}


class FractionalMaxPool2D(Op):
    """Maximum over windows whose places were drawn at random.

    Source: B. Graham, "Fractional max-pooling", 2014.
    """

    formula = r"y_t = \max_{i \in W_t} x_i, \; W_t \text{ at random places}"
    gradient = {"x": r"\bar x_i = \sum_{t : i \text{ won } W_t} \bar y_t"}
    keeps = ("indices",)

    def forward(ctx, x: Any, kernel: tuple[int, ...], size: tuple[int, ...], samples: Any) -> Any:
        xp = ctx.xp
        ctx.space = space = x.shape[2:]
        batch, channels = x.shape[:2]
        axes = len(size)
        samples = samples[:batch]  # (N, C, axes); for pictures PyTorch lists the width first
        order = range(axes) if axes == 3 else reversed(range(axes))
        index = xp.zeros((batch, channels, *[1] * (2 * axes)), xp.int64)
        for axis, entry in enumerate(order):
            starts = _fractional_starts(xp, samples[..., entry], space[axis], size[axis], kernel[axis])
            places = starts[..., None] + xp.arange(kernel[axis])  # (N, C, out, kernel)
            shape = [batch, channels, *[1] * (2 * axes)]
            shape[2 + axis], shape[2 + axes + axis] = size[axis], kernel[axis]
            index = index * space[axis] + places.reshape(shape)
        index = index.reshape(batch, channels, *size, prod(kernel))
        values = take_from_plane(xp, x, index)
        best = values.argmax(-1)[..., None]
        ctx.indices = xp.take_along_axis(index, best, -1)[..., 0]
        return xp.take_along_axis(values, best, -1)[..., 0], ctx.indices

    def backward(ctx, grad: Any, _: Any = None) -> Any:
        return ctx.call(PutIntoPlane, grad, indices=raw(ctx.indices), space=ctx.space)


class FractionalMaxPool3D(FractionalMaxPool2D):
    formula, gradient = FractionalMaxPool2D.formula, FractionalMaxPool2D.gradient
    keeps = ("indices",)


class MaxUnpool2D(Op):
    formula = r"y_{i_t} = x_t, \; 0 \text{ elsewhere}"
    gradient = {"x": r"\bar x_t = \bar y_{i_t}"}
    refuses = {"bool int complex": "max_unpool2d"}

    def forward(ctx, x: Any, indices: Any, size: tuple[int, ...]) -> Any:
        xp = ctx.xp
        ctx.indices = indices
        flat = xp.zeros((*x.shape[:2], prod(size)), x.dtype)
        planes = (*x.shape[:2], prod(x.shape[2:]))
        xp.put_along_axis(flat, indices.reshape(planes), x.reshape(planes), 2)
        return flat.reshape(*x.shape[:2], *size)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(TakeFromPlane, grad, indices=ctx.indices)


class MaxUnpool3D(MaxUnpool2D):
    formula, gradient = MaxUnpool2D.formula, MaxUnpool2D.gradient
    refuses = {"bool int complex": "max_unpool3d"}


def take_from_plane(xp: Any, x: Any, indices: Any) -> Any:
    """x (N, C, *space) at positions of its flattened planes, indices (N, C, ...)."""
    flat = x.reshape(*x.shape[:2], prod(x.shape[2:]))
    places = indices.reshape(*x.shape[:2], prod(indices.shape[2:]))
    return xp.take_along_axis(flat, places, 2).reshape(indices.shape)


def raw(value: Any) -> Any:
    """The array inside, where a kept value came back as a tensor."""
    return getattr(value, "_array", value)


def _fractional_starts(xp: Any, u: Any, n: int, m: int, kernel: int) -> Any:
    """Where each of m windows begins, from one random number per plane; the last one ends at the border."""
    if m == 1:
        return xp.full((*u.shape, 1), n - kernel, xp.int64)
    step = u.dtype.type(n - kernel) / u.dtype.type(m - 1)
    t = xp.arange(m - 1).astype(u.dtype)
    starts = ((t + u[..., None]) * step).astype(xp.int64) - (u[..., None] * step).astype(xp.int64)
    return xp.concatenate((starts, xp.full((*u.shape, 1), n - kernel, xp.int64)), axis=-1)
