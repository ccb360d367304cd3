"""Elementwise operations on large arrays by oneDNN, which shares the work among the cores.

Only operations whose result is the same to the last bit are taken over: oneDNN's exp and tanh differ from NumPy's at
the ends of their range (its exp(100) is a large number, not inf).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends import numpy_elementwise as reference
from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.onednn_primitive import (
    CACHED,
    Descriptions,
    Primitive,
    address,
    has_nan,
    in_memory_order,
    loaded,
)

Array = Any
FLOAT = numpy.dtype(numpy.float32)
LARGE = 1 << 15  # elements; below, waking the other cores costs more than they save

ADD, MULTIPLY, MAXIMUM, SUBTRACT = 0x1FFF0, 0x1FFF1, 0x1FFF2, 0x1FFF5
ZERO = numpy.zeros(1, FLOAT)


def relu(x: Array) -> Array:
    """See the reference."""
    if x.size < LARGE or x.dtype != FLOAT or not _dense(x):
        return reference.relu(x)
    y = numpy.empty_like(x)
    where = address(x)
    _relu_plan(x.size)(where, address(ZERO), where, address(y))
    return y


def relu_gradient(grad: Array, y: Array) -> Array:
    """See the reference."""
    if y.size < LARGE or grad.dtype != FLOAT or y.dtype != FLOAT or not _dense(y) or grad.shape != y.shape:
        return reference.relu_gradient(grad, y)
    if grad.strides != y.strides:  # a gradient that was broadcast, or in another order of memory
        given, grad = grad, numpy.empty_like(y)
        grad[...] = given
    dx = numpy.empty_like(y)
    _relu_gradient_plan(y.size)(address(y), address(grad), address(dx))
    # oneDNN multiplies by 0 where others choose 0: an infinite gradient would become NaN there.
    return reference.relu_gradient(grad, y) if has_nan(dx) else dx


def add(a: Array, b: Array) -> Array:
    """See the reference."""
    return _binary(ADD, a, b) if _suits(a, b) else numpy.add(a, b)


def subtract(a: Array, b: Array) -> Array:
    """See the reference."""
    return _binary(SUBTRACT, a, b) if _suits(a, b) else numpy.subtract(a, b)


def multiply(a: Array, b: Array) -> Array:
    """See the reference."""
    return _binary(MULTIPLY, a, b) if _suits(a, b) else numpy.multiply(a, b)


def _binary(kind: int, a: Array, b: Array) -> Array:
    y = numpy.empty_like(a)
    _binary_plan(kind, a.size)(address(a), address(b), address(y))
    return y


def _suits(a: Array, b: Array) -> bool:
    return a.size >= LARGE and type(b) is numpy.ndarray and a.dtype == FLOAT == b.dtype and _alike(a, b)


def _alike(a: Array, b: Array) -> bool:
    """Both fill their memory without gaps and in the same order, so that they may be walked as two plain rows."""
    return bool(a.shape == b.shape and a.strides == b.strides and _dense(a))


def _dense(x: Array) -> bool:
    return bool(x.flags.forc or in_memory_order(x).flags.c_contiguous)


@lru_cache(maxsize=CACHED)
def _relu_plan(size: int) -> Primitive:
    """max(max(x, 0), x). The processor's max gives its second operand where one is NaN.

    So the inner maximum, and oneDNN's own relu, make NaN a 0; the outer one makes it NaN again, as in PyTorch. The
    second look at x costs nothing, x being in the cache.
    """
    lib = loaded()
    with Descriptions(lib) as new:
        row, zero = new.plain((size,)), new.plain((1,))
        again = new.post_operation("binary", MAXIMUM, row)
        operation = new.operation("binary", MAXIMUM, row, zero, row, again)
        return Primitive(
            lib,
            operation,
            [(dnnl.SRC, row), (dnnl.SRC_1, zero), (dnnl.FIRST_POST_OPERATION | dnnl.SRC_1, row), (dnnl.DST, row)],
        )


@lru_cache(maxsize=CACHED)
def _relu_gradient_plan(size: int) -> Primitive:
    lib = loaded()
    with Descriptions(lib) as new:
        row = new.plain((size,))
        forward = new.operation("eltwise_forward", dnnl.TRAINING, dnnl.RELU_FROM_RESULT, row, row, 0.0, 0.0, None)
        backward = new.operation("eltwise_backward", dnnl.RELU_FROM_RESULT, row, row, row, 0.0, 0.0, forward, None)
        return Primitive(lib, backward, [(dnnl.DST, row), (dnnl.DIFF_DST, row), (dnnl.DIFF_SRC, row)])


@lru_cache(maxsize=CACHED)
def _binary_plan(kind: int, size: int) -> Primitive:
    lib = loaded()
    with Descriptions(lib) as new:
        row = new.plain((size,))
        operation = new.operation("binary", kind, row, row, row, None)
        return Primitive(lib, operation, [(dnnl.SRC, row), (dnnl.SRC_1, row), (dnnl.DST, row)])
