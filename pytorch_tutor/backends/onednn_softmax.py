"""Softmax and its logarithm by oneDNN, along the last axis."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends import numpy_softmax as reference
from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.onednn_primitive import CACHED, Descriptions, Primitive, address, loaded

Array = Any
FLOAT = numpy.dtype(numpy.float32)
LARGE = 1 << 13  # elements


def softmax(x: Array, axis: int) -> Array:
    """See the reference."""
    y = _forward(x, axis)
    return reference.softmax(x, axis) if y is None or not _finite(y) else y


def log_softmax(x: Array, axis: int) -> Array:
    r"""See the reference. oneDNN's own logarithm is off by 4e-6; here one is taken for each row.

    Since y_i = x_i - \log \sum_j e^{x_j}, the sum's logarithm is x_1 - \log(softmax_1).
    """
    p = _forward(x, axis)
    if p is None:
        return reference.log_softmax(x, axis)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        y = numpy.subtract(x, x[..., :1] - numpy.log(p[..., :1]), out=p)
    return y if _finite(y) else reference.log_softmax(x, axis)


def softmax_gradient(grad: Array, y: Array, axis: int) -> Array:
    """See the reference."""
    dx = _backward(dnnl.SOFTMAX, grad, y, axis)
    return reference.softmax_gradient(grad, y, axis) if dx is None else dx


def log_softmax_gradient(grad: Array, y: Array, axis: int) -> Array:
    """See the reference."""
    dx = _backward(dnnl.LOG_SOFTMAX, grad, y, axis)
    return reference.log_softmax_gradient(grad, y, axis) if dx is None else dx


def _forward(x: Array, axis: int) -> Array | None:
    if x.size < LARGE or x.dtype != FLOAT or axis not in (-1, x.ndim - 1):
        return None
    width = x.shape[-1]
    plan = _plan(dnnl.SOFTMAX, x.size // width, width)
    if plan is None:
        return None
    x = numpy.ascontiguousarray(x)
    y = numpy.empty(x.shape, FLOAT)
    plan[0](address(x), address(y))
    return y


def _finite(y: Array) -> bool:
    """Of what is not, oneDNN loses track (NaN, and rows that are all -inf): that is left to the reference."""
    flat = y.reshape(-1)
    return bool(numpy.isfinite(numpy.dot(flat, flat)))


def _backward(kind: int, grad: Array, y: Array, axis: int) -> Array | None:
    if y.size < LARGE or not grad.dtype == FLOAT == y.dtype or axis not in (-1, y.ndim - 1):
        return None
    width = y.shape[-1]
    plan = _plan(kind, y.size // width, width)
    if plan is None:
        return None
    grad, y = numpy.ascontiguousarray(grad), numpy.ascontiguousarray(y)
    dx = numpy.empty(y.shape, FLOAT)
    plan[1](address(y), address(grad), address(dx))
    return dx


@lru_cache(maxsize=CACHED)
def _plan(kind: int, rows: int, width: int) -> tuple[Primitive, Primitive] | None:
    lib = loaded()
    with Descriptions(lib) as new:
        data = new.plain((rows, width))
        try:
            forward = new.operation("softmax_forward", dnnl.TRAINING, kind, data, data, 1, None)
            backward = new.operation("softmax_backward", kind, data, data, data, 1, forward, None)
        except dnnl.UnsupportedError:
            return None
        return (
            Primitive(lib, forward, [(dnnl.SRC, data), (dnnl.DST, data)]),
            Primitive(lib, backward, [(dnnl.DST, data), (dnnl.DIFF_DST, data), (dnnl.DIFF_SRC, data)]),
        )
