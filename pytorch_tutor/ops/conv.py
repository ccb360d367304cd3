"""Convolution and its transpose: each is the other's gradient, so two classes and one for the weight say all."""

from __future__ import annotations

from typing import Any

from .base import Op


class Convolution(Op):
    """x (N, C, *space), w (O, C / groups, *kernel), b (O) or None."""

    formula = r"y_{n,o,t} = b_o + \sum_{c,k} w_{o,c,k} \, x_{n,c,\,t s + k d - p}"
    gradient = {
        "x": r"\bar x = \text{transposed convolution of } \bar y \text{ with } w",
        "w": r"\bar w_{o,c,k} = \sum_{n,t} \bar y_{n,o,t} \, x_{n,c,\,t s + k d - p}",
        "b": r"\bar b_o = \sum_{n,t} \bar y_{n,o,t}",
    }
    keeps = ("x", "w")
    kept_for = {"x": (1,), "w": (0,)}
    makes_channels_last = True
    public = "convolution"
    wide = True

    def forward(ctx, x: Any, w: Any, b: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
        ctx.geometry = (stride, padding, dilation, groups)
        ctx.shapes = (x.shape, w.shape)
        return ctx.kernel(x).convolution(x, w, b, stride, padding, dilation, groups)

    def backward(ctx, grad: Any) -> Any:
        stride, padding, dilation, groups = ctx.geometry
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        x_shape, w_shape = ctx.shapes
        dx = dw = db = None
        if ctx.needs[0]:
            dx = ctx.call(TransposedConvolution, grad, ctx.w, None, shape=x_shape, **options)
        with_bias = len(ctx.needs) > 2 and ctx.needs[2]
        if ctx.needs[1] and ctx.lifted is None:  # on arrays one pass over the gradient gives both
            kernels = ctx.kernel(grad)
            dw, db = kernels.convolution_parameter_gradients(
                grad, ctx.x, w_shape, with_bias, stride, padding, dilation, groups
            )
            return dx, dw, db
        if ctx.needs[1]:
            dw = ctx.call(ConvolutionWeight, grad, ctx.x, shape=w_shape, **options)
        if with_bias:
            db = grad.sum((0, *range(2, len(x_shape))))
        return dx, dw, db


class TransposedConvolution(Op):
    """Spreads each element of x over a window of y: x (N, O, *out), w (O, C / groups, *kernel), y of a given shape."""

    formula = r"y_{n,c,\,t s + k d - p} = b_c + \sum_{o} w_{o,c,k} \, x_{n,o,t}"
    gradient = {
        "x": r"\bar x = \text{convolution of } \bar y \text{ with } w",
        "w": r"\bar w_{o,c,k} = \sum_{n,t} x_{n,o,t} \, \bar y_{n,c,\,t s + k d - p}",
        "b": r"\bar b_c = \sum_{n,t} \bar y_{n,c,t}",
    }
    keeps = ("x", "w")
    kept_for = {"x": (1,), "w": (0,)}
    makes_channels_last = True
    node_name = "ConvolutionBackward0"
    public = "conv_transpose"
    wide = True

    def forward(ctx, x: Any, w: Any, b: Any, shape: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
        ctx.geometry = (stride, padding, dilation, groups)
        ctx.weight_shape = w.shape
        ctx.out = x.shape
        y = spread(ctx, x, w, shape, stride, padding, dilation, groups)
        return y if b is None else y + b.reshape(-1, *[1] * (y.ndim - 2))

    def backward(ctx, grad: Any) -> Any:
        stride, padding, dilation, groups = ctx.geometry
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        dx = dw = db = None
        if ctx.needs[0]:
            dx = ctx.call(Convolution, grad, ctx.w, None, **options)
            if dx.shape != ctx.out:  # rows that only output_padding has made see no element of x
                dx = dx[tuple(slice(0, n) for n in ctx.out)]
        if ctx.needs[1]:
            dw = ctx.call(ConvolutionWeight, ctx.x, grad, shape=ctx.weight_shape, **options)
        if len(ctx.needs) > 2 and ctx.needs[2]:
            db = grad.sum((0, *range(2, len(ctx.weight_shape))))
        return dx, dw, db


class ConvolutionWeight(Op):
    """The weight's gradient as an operation of its own: linear in both inputs, hence differentiable again."""

    formula = r"v_{o,c,k} = \sum_{n,t} g_{n,o,t} \, x_{n,c,\,t s + k d - p}"
    gradient = {
        "g": r"\bar g = \text{convolution of } x \text{ with } \bar v",
        "x": r"\bar x = \text{transposed convolution of } g \text{ with } \bar v",
    }
    keeps = ("g", "x")
    kept_for = {"g": (1,), "x": (0,)}
    node_name = "ConvolutionBackwardBackward0"

    def forward(ctx, g: Any, x: Any, shape: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
        ctx.geometry = (stride, padding, dilation, groups)
        ctx.shapes = (g.shape, x.shape)
        return ctx.kernel(x).convolution_weight_gradient(g, x, shape, stride, padding, dilation, groups)

    def backward(ctx, grad: Any) -> Any:
        stride, padding, dilation, groups = ctx.geometry
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        g_shape, x_shape = ctx.shapes
        dg = dx = None
        if ctx.needs[0]:
            y = ctx.call(Convolution, ctx.x, grad, None, **options)
            dg = y[tuple(slice(0, n) for n in g_shape)] if y.shape != g_shape else y
        if ctx.needs[1]:
            dx = ctx.call(TransposedConvolution, ctx.g, grad, None, shape=x_shape, **options)
        return dg, dx


def spread(ctx: Op, x: Any, w: Any, shape: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """The kernel's transposed convolution; where `shape` asks for more than a stride beyond it, zeros are added."""
    full = [
        (n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(x.shape[2:], stride, dilation, w.shape[2:], strict=True)
    ]
    beyond = [n + 2 * p - f for n, p, f in zip(shape[2:], padding, full, strict=True)]
    kernel = ctx.kernel(x).convolution_input_gradient
    if all(0 <= extra < s for extra, s in zip(beyond, stride, strict=True)):
        return kernel(x, w, shape, stride, padding, dilation, groups)
    whole = kernel(x, w, (*shape[:2], *full), stride, (0,) * len(full), dilation, groups)
    y = ctx.xp.zeros(shape, whole.dtype)
    part = whole[(slice(None), slice(None), *(slice(p, p + n) for p, n in zip(padding, shape[2:], strict=True)))]
    y[tuple(slice(0, n) for n in part.shape)] = part
    return y
