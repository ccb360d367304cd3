"""Normalization: shift and scale so that a group of values has mean 0 and variance 1. Read NativeLayerNorm first."""

from __future__ import annotations

from math import prod
from typing import Any

from .base import Op


class NativeLayerNorm(Op):
    """Statistics of each sample over its last dimensions. Source: J. Ba et al., "Layer normalization", 2016."""

    formula = r"y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
    gradient = {
        "x": r"\bar x = \tfrac1\sigma (g - \operatorname{mean}(g) - \hat x \operatorname{mean}(g \hat x)), \; g = \gamma \bar y",
        "w": r"\bar\gamma = \sum \bar y \, \hat x",
        "b": r"\bar\beta = \sum \bar y",
    }
    keeps = ("x", "w", "b", "memo")
    public = "layer_norm"
    refuses = {"bool int complex": "LayerNormKernelImpl"}
    wide = True

    def forward(ctx, x: Any, w: Any, b: Any, ndim: int, eps: float) -> Any:
        ctx.ndim, ctx.eps = ndim, eps
        y, ctx.memo = ctx.kernel(x).layer_norm(x, ndim, w, b, eps)
        return y

    def backward(ctx, grad: Any) -> Any:
        dx, dw, db = ctx.kernel(grad).layer_norm_gradient(grad, ctx.memo)
        return dx, dw if ctx.needs[1] else None, db if ctx.needs[2] else None

    def composite(ctx, x: Any, w: Any, b: Any) -> Any:
        over = tuple(range(-ctx.ndim, 0))
        return scaled(normalized(x, over, ctx.eps), w, b)


class NativeBatchNorm(Op):
    """Statistics of each channel over the batch.

    Source: S. Ioffe, C. Szegedy, "Batch normalization", 2015.
    """

    formula = r"y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
    gradient = {
        "x": r"\bar x = \tfrac1\sigma (g - \operatorname{mean}(g) - \hat x \operatorname{mean}(g \hat x)), \; g = \gamma \bar y",
        "w": r"\bar\gamma = \sum \bar y \, \hat x",
        "b": r"\bar\beta = \sum \bar y",
    }
    keeps = ("x", "w", "b", "memo")
    memo: Any
    makes_channels_last = True
    public = "batch_norm"
    refuses = {"bool int complex": "batch_norm"}
    wide = True

    def forward(ctx, x: Any, w: Any, b: Any, mean: Any, var: Any, training: bool, momentum: float, eps: float) -> Any:
        """`mean` and `var` are the running statistics: used at inference, updated in place in training."""
        ctx.eps, ctx.training = eps, training
        kernels = ctx.kernel(x)
        if training and not x.size:  # an empty batch says nothing about mean and variance
            ctx.memo = None
            return x.copy()
        if training:
            y, batch_mean, batch_var, ctx.memo = kernels.batch_norm_train(x, w, b, eps)
            if mean is not None:
                count = x.size // x.shape[1]
                unbiased = batch_var * (count / max(count - 1, 1))
                mean += momentum * (batch_mean - mean)
                var += momentum * (unbiased - var)
            return y
        ctx.memo = (mean, var)
        return kernels.batch_norm_infer(x, w, b, mean, var, eps)

    def backward(ctx, grad: Any) -> Any:
        if ctx.training and ctx.memo is None:
            return grad, *(None if p is None else p * 0 for p in (ctx.w, ctx.b))
        if ctx.training:
            dx, dw, db = ctx.kernel(grad).batch_norm_gradient(grad, ctx.memo)
            return dx, dw if ctx.needs[1] else None, db if ctx.needs[2] else None
        xp = ctx.xp
        mean, var = ctx.memo
        column = (-1, *[1] * (grad.ndim - 2))
        over = (0, *range(2, grad.ndim))
        inverse = (1 / xp.sqrt(var + ctx.eps)).reshape(column).astype(grad.dtype)
        dx = dw = None
        if ctx.needs[0]:
            dx = grad * (inverse if ctx.w is None else inverse * ctx.w.reshape(column))
        if ctx.needs[1]:
            dw = (grad * ((ctx.x - mean.reshape(column)) * inverse)).sum(over)
        return dx, dw, grad.sum(over) if ctx.needs[2] else None

    def composite(ctx, x: Any, w: Any, b: Any) -> Any:
        column = (-1, *[1] * (x.ndim - 2))
        if ctx.training:
            y = normalized(x, (0, *range(2, x.ndim)), ctx.eps)
        else:
            mean, var = (Op.wrap(v) for v in ctx.memo)
            y = (x - mean.reshape(column)) / (var.reshape(column) + ctx.eps).sqrt()
        return scaled(y, None if w is None else w.reshape(column), None if b is None else b.reshape(column))


class NativeGroupNorm(Op):
    """Statistics of each sample over groups of channels. Source: Y. Wu, K. He, "Group normalization", 2018."""

    formula = r"y = \gamma_c \frac{x - \mu_g}{\sqrt{\sigma_g^2 + \epsilon}} + \beta_c"
    gradient = {
        "x": r"\bar x = \tfrac1\sigma (g - \operatorname{mean}(g) - \hat x \operatorname{mean}(g \hat x)), \; g = \gamma \bar y",
        "w": r"\bar\gamma = \sum \bar y \, \hat x",
        "b": r"\bar\beta = \sum \bar y",
    }
    keeps = ("x", "w", "b", "memo", "normal")
    public = "group_norm"
    refuses = {"bool int complex": "GroupNormKernelImpl"}
    wide = True

    def forward(ctx, x: Any, w: Any, b: Any, groups: int, eps: float) -> Any:
        ctx.groups, ctx.eps = groups, eps
        # One group of one sample is one row: layer normalization of the rows, without weights.
        rows = x.reshape(x.shape[0] * groups, prod(x.shape[1:]) // groups if groups else 0)
        y, ctx.memo = ctx.kernel(x).layer_norm(rows, 1, None, None, eps)
        y = y.reshape(x.shape)
        ctx.normal = y
        column = (-1, *[1] * (x.ndim - 2))
        if w is not None:
            y = y * w.reshape(column)
        return y if b is None else y + b.reshape(column)

    def backward(ctx, grad: Any) -> Any:
        column = (-1, *[1] * (grad.ndim - 2))
        over = (0, *range(2, grad.ndim))
        dx = None
        if ctx.needs[0]:
            inner = grad if ctx.w is None else grad * ctx.w.reshape(column)
            rows = inner.reshape(grad.shape[0] * ctx.groups, prod(grad.shape[1:]) // ctx.groups)
            dx = ctx.kernel(grad).layer_norm_gradient(rows, ctx.memo)[0].reshape(grad.shape)
        dw = (grad * ctx.normal).sum(over) if ctx.needs[1] else None
        return dx, dw, grad.sum(over) if ctx.needs[2] else None

    def composite(ctx, x: Any, w: Any, b: Any) -> Any:
        column = (-1, *[1] * (x.ndim - 2))
        rows = x.reshape(x.shape[0] * ctx.groups, prod(x.shape[1:]) // ctx.groups)
        y = normalized(rows, (-1,), ctx.eps).reshape(x.shape)
        return scaled(y, None if w is None else w.reshape(column), None if b is None else b.reshape(column))


def normalized(x: Any, over: tuple[int, ...], eps: float) -> Any:
    """The textbook formula on tensors, which the engine can differentiate as often as asked."""
    centered = x - x.mean(over, keepdim=True)
    return centered / ((centered * centered).mean(over, keepdim=True) + eps).sqrt()


def scaled(y: Any, w: Any, b: Any) -> Any:
    """y times w plus b, where they are given."""
    if w is not None:
        y = y * w
    return y if b is None else y + b
