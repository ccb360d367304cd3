"""Scaled dot product attention as one operation: similarity of query and key, softmax, mix of values."""

from __future__ import annotations

import math
from typing import Any

from .base import Op


def _laid_like(result: Any, q: Any) -> Any:
    """The result with its axes in the order in which those of the query lie in memory.

    So a query whose heads were split off by ``view(N, L, h, E).transpose(1, 2)`` gives a result that
    ``transpose(1, 2).view(N, L, h * E)`` puts together again.
    """
    if q.flags.c_contiguous:
        return result
    axes = sorted(range(q.ndim), key=lambda axis: (-abs(q.strides[axis]), axis))
    if axes == list(range(q.ndim)):
        return result
    places = sorted(range(q.ndim), key=axes.__getitem__)
    return result.transpose(axes).copy().transpose(places)


class ScaledDotProductFlashAttentionForCpu(Op):
    """q (..., L, E), k (..., S, E), v (..., S, V), mask added to the scores.

    Source: A. Vaswani et al., "Attention is all you need", 2017. The name is that of PyTorch's fused kernel.
    """

    layout = "first"
    formula = r"y = \operatorname{softmax}(q k^\top s + m) \, v"
    gradient = {
        "q": r"\bar q = \bar a \, k s, \; \bar a = p (\bar p - \textstyle\sum \bar p p), \; \bar p = \bar y v^\top",
        "k": r"\bar k = \bar a^\top q s",
        "v": r"\bar v = p^\top \bar y",
    }
    keeps = ("q", "k", "v", "weights")
    public = "scaled_dot_product_attention"

    def forward(ctx, q: Any, k: Any, v: Any, mask: Any = None, scale: float | None = None) -> Any:
        ctx.scale = 1 / math.sqrt(q.shape[-1]) if scale is None else scale
        ctx.mask = mask
        kernels = ctx.kernel(q)
        scores = kernels.matmul(q, k.swapaxes(-1, -2))
        scores *= ctx.scale
        if mask is None:
            ctx.weights = kernels.softmax(scores, -1)
            return _laid_like(kernels.matmul(ctx.weights, v), q)
        scores = scores + mask
        xp = ctx.xp
        top = scores.max(-1, keepdims=True, initial=-xp.inf)
        scores -= xp.where(xp.isfinite(top), top, top.dtype.type(0))
        xp.exp(scores, out=scores)
        total = scores.sum(-1, keepdims=True)
        scores /= xp.where(total == 0, total.dtype.type(1), total)  # a row that may look at nothing gives zero
        ctx.weights = scores
        return _laid_like(kernels.matmul(scores, v), q)

    def backward(ctx, grad: Any) -> Any:
        p = ctx.weights
        kernels = ctx.kernel(grad)
        dv = kernels.matmul(p.swapaxes(-1, -2), grad)
        dp = kernels.matmul(grad, ctx.v.swapaxes(-1, -2))
        scores = kernels.softmax_gradient(dp, p, -1)
        scores *= ctx.scale
        return kernels.matmul(scores, ctx.k), kernels.matmul(scores.swapaxes(-1, -2), ctx.q), dv

    def composite(ctx, q: Any, k: Any, v: Any) -> Any:
        scores = (q * ctx.scale) @ k.transpose(-1, -2)
        if ctx.mask is not None:
            scores = scores + Op.wrap(ctx.mask)
        return scores.softmax(-1) @ v
