"""Batch and layer normalization by oneDNN."""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import Any

import numpy

from pytorch_tutor.backends import numpy_normalization as reference
from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.onednn_primitive import (
    CACHED,
    Descriptions,
    Primitive,
    address,
    channels_last,
    empty_channels_last,
    loaded,
)

Array = Any
FLOAT = numpy.dtype(numpy.float32)
SCALED = dnnl.USE_SCALE | dnnl.USE_SHIFT  # a missing weight is a column of ones: cheaper than four kinds of every plan


class Plan:
    """A prepared normalization, forward and backward."""

    __slots__ = ("backward", "forward")

    def __init__(self, forward: Primitive, backward: Primitive) -> None:
        self.forward, self.backward = forward, backward


class Statistics:
    """What the gradient needs: the input, mean, variance and weight of the forward pass."""

    __slots__ = ("mean", "plan", "shape", "variance", "weight", "x")

    def __init__(
        self, plan: Plan, x: Array, mean: Array, variance: Array, weight: Array, shape: tuple[int, ...]
    ) -> None:
        self.plan, self.x, self.mean, self.variance, self.weight, self.shape = plan, x, mean, variance, weight, shape


def batch_norm_train(x: Array, weight: Array | None, bias: Array | None, eps: float) -> tuple[Array, Array, Array, Any]:
    """See the reference."""
    plan = None
    if x.dtype == FLOAT and x.ndim in (2, 3, 4, 5):
        plan = _batch_plan((x.shape[0] * prod(x.shape[2:]), x.shape[1]), float(eps))
    if plan is None:
        return reference.batch_norm_train(x, weight, bias, eps)
    channels = x.shape[1]
    last = x if x.ndim == 2 else channels_last(x)
    last = numpy.ascontiguousarray(last)
    y = numpy.empty(x.shape, FLOAT) if x.ndim == 2 else empty_channels_last(x.shape)
    mean, variance = numpy.empty(channels, FLOAT), numpy.empty(channels, FLOAT)
    weight, bias = _parameter(weight, channels, 1), _parameter(bias, channels, 0)
    plan.forward(*map(address, (last, y, mean, variance, weight, bias)))
    return y, mean, variance, Statistics(plan, last, mean, variance, weight, x.shape)


def batch_norm_gradient(grad: Array, memo: Any) -> tuple[Array, Array, Array]:
    """See the reference."""
    if not isinstance(memo, Statistics):
        return reference.batch_norm_gradient(grad, memo)
    last = grad.astype(FLOAT, copy=False)
    last = numpy.ascontiguousarray(last) if grad.ndim == 2 else channels_last(last)
    dx = numpy.empty(memo.shape, FLOAT) if grad.ndim == 2 else empty_channels_last(memo.shape)
    return _backward(memo, last, dx)


def layer_norm(x: Array, ndim: int, weight: Array | None, bias: Array | None, eps: float) -> tuple[Array, Any]:
    """See the reference."""
    plan = None
    width = prod(x.shape[x.ndim - ndim :])
    if x.dtype == FLOAT:
        plan = _layer_plan((x.size // max(width, 1), width), float(eps))
    if plan is None:
        return reference.layer_norm(x, ndim, weight, bias, eps)
    rows = x.size // width
    x = numpy.ascontiguousarray(x)
    y = numpy.empty(x.shape, FLOAT)
    mean, variance = numpy.empty(rows, FLOAT), numpy.empty(rows, FLOAT)
    shape = x.shape[x.ndim - ndim :]
    weight, bias = _parameter(weight, shape, 1), _parameter(bias, shape, 0)
    plan.forward(*map(address, (x, y, mean, variance, weight, bias)))
    return y, Statistics(plan, x, mean, variance, weight, x.shape)


def layer_norm_gradient(grad: Array, memo: Any) -> tuple[Array, Array, Array]:
    """See the reference."""
    if not isinstance(memo, Statistics):
        return reference.layer_norm_gradient(grad, memo)
    return _backward(memo, numpy.ascontiguousarray(grad, FLOAT), numpy.empty(memo.shape, FLOAT), memo.weight)


def _backward(memo: Statistics, grad: Array, dx: Array, *more: Array) -> tuple[Array, Array, Array]:
    dweight, dbias = numpy.empty(memo.weight.shape, FLOAT), numpy.empty(memo.weight.shape, FLOAT)
    arrays = (memo.x, grad, memo.mean, memo.variance, memo.weight, dx, dweight, dbias, *more)
    memo.plan.backward(*map(address, arrays))
    return dx, dweight, dbias


def _parameter(value: Array | None, shape: Any, default: float) -> Array:
    return numpy.full(shape, default, FLOAT) if value is None else numpy.ascontiguousarray(value, FLOAT)


FORWARD_ROLES = (dnnl.SRC, dnnl.DST, dnnl.MEAN, dnnl.VARIANCE, dnnl.SCALE, dnnl.SHIFT)
BACKWARD_ROLES = (
    dnnl.SRC,
    dnnl.DIFF_DST,
    dnnl.MEAN,
    dnnl.VARIANCE,
    dnnl.SCALE,
    dnnl.DIFF_SRC,
    dnnl.DIFF_SCALE,
    dnnl.DIFF_SHIFT,
)


@lru_cache(maxsize=CACHED)
def _batch_plan(shape: tuple[int, int], eps: float) -> Plan | None:
    """Channels-last memory makes all cases one: a matrix of pixels by channels, taken as images of one pixel."""
    if min(shape) <= 0:
        return None
    lib = loaded()
    with Descriptions(lib) as new:
        data, column = new.channels_last((shape[0], shape[1], 1, 1)), new.plain((shape[1],))
        try:
            forward = new.operation("batch_normalization_forward", dnnl.TRAINING, data, data, eps, SCALED, None)
            backward = new.operation(
                "batch_normalization_backward", dnnl.BACKWARD, data, data, data, eps, SCALED, forward, None
            )
            forward_memory = (data, data, column, column, column, column)
            backward_memory = (data, data, column, column, column, data, column, column)
            return Plan(
                Primitive(lib, forward, list(zip(FORWARD_ROLES, forward_memory, strict=True))),
                Primitive(lib, backward, list(zip(BACKWARD_ROLES, backward_memory, strict=True))),
            )
        except dnnl.UnsupportedError:
            return None


@lru_cache(maxsize=CACHED)
def _layer_plan(shape: tuple[int, int], eps: float) -> Plan | None:
    """A matrix whose rows are normalized."""
    if min(shape) <= 0:
        return None
    lib = loaded()
    with Descriptions(lib) as new:
        data, rows, columns = new.plain(shape), new.plain(shape[:1]), new.plain(shape[1:])
        try:
            forward = new.operation("layer_normalization_forward", dnnl.TRAINING, data, data, rows, eps, SCALED, None)
            backward = new.operation(
                "layer_normalization_backward", dnnl.BACKWARD, data, data, data, rows, eps, SCALED, forward, None
            )
            forward_memory = (data, data, rows, rows, columns, columns)
            backward_memory = (data, data, rows, rows, columns, data, columns, columns, columns)
            # The shift has no part in the gradient, but version 3.2 of oneDNN insists on being handed it.
            return Plan(
                Primitive(lib, forward, list(zip(FORWARD_ROLES, forward_memory, strict=True))),
                Primitive(lib, backward, list(zip((*BACKWARD_ROLES, dnnl.SHIFT), backward_memory, strict=True))),
            )
        except dnnl.UnsupportedError:
            return None
