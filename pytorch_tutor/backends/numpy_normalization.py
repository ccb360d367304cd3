"""Batch and layer normalization: subtract the mean, divide by the standard deviation, then scale and shift."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from pytorch_tutor.backends.arrays import namespace

Array = Any


@dataclass(slots=True)
class Normalized:
    """What a normalization's gradient needs: the normalized input, the factor 1 / deviation, and over which axes."""

    normalized: Array
    inverse_deviation: Array
    weight: Array | None
    over: tuple[int, ...]  # the axes of the mean
    alike: tuple[int, ...]  # the axes along which one weight serves all


def batch_norm_train(
    x: Array, weight: Array | None, bias: Array | None, eps: float
) -> tuple[Array, Array, Array, Normalized]:
    r"""y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta, with \mu and \sigma^2 of this batch, by channel.

    x (N, C, *space), weight and bias (C) or None; gives y, the mean (C), the biased variance (C) and the memo.
    """
    over = (0, *range(2, x.ndim))
    y, mean, variance, memo = _normalize(x, over, over, weight, bias, eps)
    return y, mean, variance, memo


def batch_norm_gradient(grad: Array, memo: Any) -> tuple[Array, Array, Array]:
    r"""Gradients of input, weight and bias; see `_normalize_gradient`."""
    return _normalize_gradient(grad, memo)


def batch_norm_infer(
    x: Array, weight: Array | None, bias: Array | None, mean: Array, variance: Array, eps: float
) -> Array:
    r"""The same formula with statistics that are known: one factor and one shift for each channel."""
    xp = namespace(x)
    factor = 1 / xp.sqrt(variance + x.dtype.type(eps))
    if weight is not None:
        factor = factor * weight
    shift = -mean * factor if bias is None else bias - mean * factor
    column = (-1, *[1] * (x.ndim - 2))
    y = x * factor.astype(x.dtype, copy=False).reshape(column)
    y += shift.astype(x.dtype, copy=False).reshape(column)
    return y


def layer_norm(x: Array, ndim: int, weight: Array | None, bias: Array | None, eps: float) -> tuple[Array, Normalized]:
    """The same formula with each sample's statistics over its last `ndim` axes, whose shape weight and bias have."""
    over = tuple(range(x.ndim - ndim, x.ndim))
    y, _, _, memo = _normalize(x, over, tuple(range(x.ndim - ndim)), weight, bias, eps)
    return y, memo


def layer_norm_gradient(grad: Array, memo: Any) -> tuple[Array, Array, Array]:
    r"""Gradients of input, weight and bias; see `_normalize_gradient`."""
    return _normalize_gradient(grad, memo)


def _normalize(
    x: Array, over: tuple[int, ...], alike: tuple[int, ...], weight: Array | None, bias: Array | None, eps: float
) -> tuple[Array, Array, Array, Normalized]:
    xp = namespace(x)
    # Sums of many float32 are taken in float64: a running sum over 10^5 pixels would lose three digits.
    wide = xp.float64 if x.dtype.itemsize <= 8 else x.dtype
    mean = x.mean(axis=over, dtype=wide, keepdims=True)
    normalized = x - mean.astype(x.dtype)
    variance = xp.square(normalized).mean(axis=over, dtype=wide, keepdims=True)
    inverse = (1 / xp.sqrt(variance + eps)).astype(x.dtype)
    normalized *= inverse
    memo = Normalized(normalized, inverse, weight, over, alike)
    y = normalized
    shape = _parameter_shape(x, alike)
    if weight is not None:
        y = y * weight.reshape(shape)
    if bias is not None:
        y = y + bias.reshape(shape)
    if y is normalized:
        y = y.copy(order="K")  # the memo's array must not change when somebody writes into the result
    return y, mean.reshape(-1).astype(x.dtype), variance.reshape(-1).astype(x.dtype), memo


def _normalize_gradient(grad: Array, memo: Normalized) -> tuple[Array, Array, Array]:
    r"""\bar x = \frac{1}{\sigma}(g - \mathrm{mean}(g) - \hat x\,\mathrm{mean}(g \hat x)), g = \gamma \bar y.

    The two means are what remains of the paths through \mu and \sigma: moving all inputs together, or stretching them,
    changes nothing.
    """
    normalized, weight = memo.normalized, memo.weight
    product = grad * normalized
    dweight = product.sum(axis=memo.alike)
    dbias = grad.sum(axis=memo.alike)
    g = grad
    if weight is not None:
        gamma = weight.reshape(_parameter_shape(normalized, memo.alike))
        g, product = grad * gamma, product * gamma
    count = prod(normalized.shape[axis] for axis in memo.over)
    mean_g = g.sum(axis=memo.over, keepdims=True) / count
    mean_product = product.sum(axis=memo.over, keepdims=True) / count
    dx = normalized * -mean_product
    dx += g
    dx -= mean_g
    dx *= memo.inverse_deviation
    return dx, dweight, dbias


def _parameter_shape(x: Array, alike: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(1 if axis in alike else n for axis, n in enumerate(x.shape))
