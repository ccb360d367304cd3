"""Distances between rows, and the norm of a difference."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .base import Op
from .reduction import Norm


class DistanceNorm(Norm):
    """The p-norm of a difference."""

    formula, gradient, keeps = Norm.formula, Norm.gradient, Norm.keeps
    node_name = "NormBackward1"


def length(xp: Any, difference: Any, p: float) -> Any:
    """The p-norm along the last dimension; for p = 0 the number of elements that differ."""
    size = abs(difference)
    if not size.shape[-1]:
        return xp.zeros(size.shape[:-1], size.dtype)
    if p == 0:
        return (size != 0).sum(-1).astype(size.dtype)
    if p == 1:
        return size.sum(-1)
    if p == 2:
        return xp.sqrt((size * size).sum(-1))
    if p == math.inf:
        return size.max(-1)
    return (size**p).sum(-1) ** (1 / p)


def slope(ctx: Op, difference: Any, distance: Any, grad: Any, p: float) -> Any:
    """The gradient of a difference from that of its p-norm; where the distance is 0 it is 0.

    For p = ∞ each of several equally large elements gets the whole gradient, as PyTorch has it.
    """
    xp = ctx.xp
    grad, distance = xp.expand_dims(grad, -1), xp.expand_dims(distance, -1)
    if p == 0:
        return difference * 0
    if p == 1:
        return grad * xp.sign(difference)
    if p == math.inf:
        return grad * xp.sign(difference) * xp.where(abs(difference) == distance, 1.0, 0.0)
    apart = distance != 0
    safe = xp.where(apart, distance, 1.0)
    if p == 2:
        return xp.where(apart, grad * difference / safe, 0.0)
    moving = apart & (difference != 0)
    size = xp.where(moving, abs(difference), 1.0)
    return xp.where(moving, grad * xp.sign(difference) * (size / safe) ** (p - 1), 0.0)


class Cdist(Op):
    """The distance of every row of one matrix from every row of another."""

    formula = r"d_{ij} = \|x_i - y_j\|_p"
    gradient = {
        "x": r"\bar x_i = \sum_j \bar d_{ij} \operatorname{sign}(x_i - y_j)\,(|x_i - y_j| / d_{ij})^{p-1}",
        "y": r"\bar y_j = -\sum_i \bar d_{ij} \operatorname{sign}(x_i - y_j)\,(|x_i - y_j| / d_{ij})^{p-1}",
    }
    keeps = ("x", "y", "result")
    public = "cdist"

    def forward(ctx, x: Any, y: Any, p: float) -> Any:
        ctx.p = p
        return length(ctx.xp, x[..., :, None, :] - y[..., None, :, :], p)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        difference = xp.expand_dims(ctx.x, -2) - xp.expand_dims(ctx.y, -3)
        sent = slope(ctx, difference, ctx.result, grad, ctx.p)
        return xp.sum(sent, axis=-2), -xp.sum(sent, axis=-3)


class EuclideanDist(Op):
    """All Euclidean distances by one product of matrices: ‖x‖² + ‖y‖² - 2 x·y. Faster, and less exact for near rows."""

    formula = r"d_{ij} = \sqrt{\|x_i\|^2 + \|y_j\|^2 - 2 x_i \cdot y_j}"
    gradient = {
        "x": r"\bar x_i = \sum_j \bar d_{ij} (x_i - y_j) / d_{ij}",
        "y": r"\bar y_j = -\sum_i \bar d_{ij} (x_i - y_j) / d_{ij}",
    }
    keeps = ("x", "y", "result")

    def forward(ctx, x: Any, y: Any) -> Any:
        xp = ctx.xp
        squares = [(t * t).sum(-1, keepdims=True) for t in (x, y)]
        ones = [xp.ones_like(s) for s in squares]
        left = xp.concatenate([-2 * x, squares[0], ones[0]], axis=-1)
        right = xp.concatenate([y, ones[1], squares[1]], axis=-1)
        return xp.sqrt(xp.maximum(left @ xp.swapaxes(right, -1, -2), 0))

    def backward(ctx, grad: Any) -> Any:
        xp, d = ctx.xp, ctx.result
        ratio = xp.where(d == 0, 0.0, grad / xp.where(d == 0, 1.0, d))
        turned = xp.swapaxes(ratio, -1, -2)
        return (
            ctx.x * xp.expand_dims(xp.sum(ratio, axis=-1), -1) - ratio @ ctx.y,
            ctx.y * xp.expand_dims(xp.sum(turned, axis=-1), -1) - turned @ ctx.x,
        )


class Pdist(Op):
    """The distance of each row from each later one, in one row."""

    formula = r"d_{ij} = \|x_i - x_j\|_p,\ i < j"
    gradient = {
        "x": r"\bar x_i = \sum_{j \ne i} \bar d_{ij} \operatorname{sign}(x_i - x_j)\,(|x_i - x_j| / d_{ij})^{p-1}"
    }
    keeps = ("x", "result")
    public = "pdist"

    def forward(ctx, x: Any, p: float) -> Any:
        ctx.p = p
        i, j = ctx.xp.triu_indices(x.shape[0], 1)
        return length(ctx.xp, x[i] - x[j], p)

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        n = x.shape[0]
        if n < 2:
            return x * 0
        # all pairs as a matrix: each distance pulls at both of its rows
        index = np.zeros((n, n), "i8")
        index[np.triu_indices(n, 1)] = np.arange(n * (n - 1) // 2)
        places, off = xp.asarray((index + index.T).reshape(-1)), xp.asarray(1 - np.eye(n))
        far, sent = (xp.take_along_axis(t, places, 0).reshape((n, n)) * off for t in (ctx.result, grad))
        difference = xp.expand_dims(x, 1) - xp.expand_dims(x, 0)
        return xp.sum(slope(ctx, difference, far, sent, ctx.p), axis=1)


class Dist(Op):
    """The p-norm of the difference of two tensors."""

    formula = r"d = \|x - y\|_p"
    gradient = {
        "x": r"\bar x_i = \bar d \operatorname{sign}(x_i - y_i)\,(|x_i - y_i| / d)^{p-1}",
        "y": r"\bar y_i = -\bar d \operatorname{sign}(x_i - y_i)\,(|x_i - y_i| / d)^{p-1}",
    }
    keeps = ("x", "y", "result")
    promotes = "same"

    def forward(ctx, x: Any, y: Any, p: float) -> Any:
        ctx.p = p
        difference = x - y
        return ctx.xp.asarray(length(ctx.xp, difference.reshape(-1), p))

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        difference = ctx.x - ctx.y
        flat = difference.reshape((-1,))
        sent = slope(ctx, flat, ctx.result, grad, ctx.p)
        if ctx.p == math.inf:  # here several equally large elements share
            sent = sent / xp.sum(xp.where(abs(flat) == ctx.result, 1.0, 0.0))
        sent = sent.reshape(difference.shape)
        return sent, -sent
