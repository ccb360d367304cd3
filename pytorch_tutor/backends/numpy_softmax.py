"""Softmax and its logarithm, kept from overflowing by subtracting the largest entry first."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.backends.arrays import namespace

Array = Any


def softmax(x: Array, axis: int) -> Array:
    r"""y_i = e^{x_i} / \sum_j e^{x_j} along `axis`."""
    xp = namespace(x)
    if x.size == 0:
        return x.copy()
    y = x - x.max(axis=axis, keepdims=True)
    xp.exp(y, out=y)
    y /= y.sum(axis=axis, keepdims=True)
    return y


def softmax_gradient(grad: Array, y: Array, axis: int) -> Array:
    r"""\bar x = y (\bar y - \sum_j \bar y_j y_j)."""
    dx = grad * y
    total = dx.sum(axis=axis, keepdims=True)
    dx -= y * total
    return dx


def log_softmax(x: Array, axis: int) -> Array:
    r"""y_i = x_i - \log \sum_j e^{x_j} along `axis`."""
    xp = namespace(x)
    if x.size == 0:
        return x.copy()
    y = x - x.max(axis=axis, keepdims=True)
    y -= xp.log(xp.exp(y).sum(axis=axis, keepdims=True))
    return y


def log_softmax_gradient(grad: Array, y: Array, axis: int) -> Array:
    r"""\bar x = \bar y - e^{y} \sum_j \bar y_j."""
    xp = namespace(grad)
    dx = xp.exp(y)
    dx *= -grad.sum(axis=axis, keepdims=True)
    dx += grad
    return dx
