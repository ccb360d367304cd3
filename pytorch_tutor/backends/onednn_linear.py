"""Matrix products by oneDNN; small ones stay with NumPy, whose call is cheaper."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.onednn_primitive import CACHED, Descriptions, Primitive, address, loaded

Array = Any
FLOAT = numpy.dtype(numpy.float32)
LARGE = 1 << 19  # multiplications


def matmul(a: Array, b: Array) -> Array:
    """See the reference."""
    if a.dtype == FLOAT == b.dtype and a.ndim == b.ndim >= 2 and a.size * b.shape[-1] >= LARGE:
        y = _product(a, b, None)
        if y is not None:
            return y
    return numpy.matmul(a, b)


def linear(x: Array, w: Array, b: Array | None) -> Array:
    """See the reference."""
    rows = x if x.ndim == 2 else x.reshape(-1, x.shape[-1])
    y = None
    if x.size * w.shape[0] >= LARGE and x.dtype == FLOAT == w.dtype:
        y = _product(rows, w.T, b)
    if y is None:
        y = numpy.matmul(rows, w.T)
        if b is not None:
            y += b
    return y if x.ndim == 2 else y.reshape(*x.shape[:-1], w.shape[0])


def linear_input_gradient(grad: Array, w: Array) -> Array:
    """See the reference."""
    if grad.ndim == 2:
        return matmul(grad, w)
    return matmul(grad.reshape(-1, grad.shape[-1]), w).reshape(*grad.shape[:-1], w.shape[1])


def linear_weight_gradient(grad: Array, x: Array) -> Array:
    """See the reference."""
    if grad.ndim != 2:
        grad, x = grad.reshape(-1, grad.shape[-1]), x.reshape(-1, x.shape[-1])
    return matmul(grad.T, x)


def _product(a: Array, b: Array, bias: Array | None) -> Array | None:
    """a @ b (+ bias), or None where oneDNN has no quick way."""
    a, b = _plain(a), _plain(b)
    plan = _plan(a.shape, a.strides, b.shape, b.strides, bias is not None)
    if plan is None:
        return None
    y = numpy.empty(plan[1], FLOAT)
    if bias is None:
        plan[0](address(a), address(b), address(y))
    else:
        bias = numpy.ascontiguousarray(bias, FLOAT)
        plan[0](address(a), address(b), address(bias), address(y))
    return y


def _plain(a: Array) -> Array:
    """oneDNN wants rows or columns without gaps, and nothing broadcast by a stride of 0."""
    strides = a.strides
    if (strides[-1] == 4 and strides[-2] >= 4 * a.shape[-1]) or (strides[-2] == 4 and strides[-1] >= 4 * a.shape[-2]):
        if a.ndim == 2 or min(strides) > 0:
            return a
    return numpy.ascontiguousarray(a)


@lru_cache(maxsize=CACHED)
def _plan(
    a: tuple[int, ...], a_strides: tuple[int, ...], b: tuple[int, ...], b_strides: tuple[int, ...], bias: bool
) -> tuple[Primitive, tuple[int, ...]] | None:
    batch = tuple(n if m == 1 else m for m, n in zip(a[:-2], b[:-2], strict=True))
    matching = all(m in (1, k) and n in (1, k) for m, n, k in zip(a[:-2], b[:-2], batch, strict=True))
    if min(*a, *b) <= 0 or a[-1] != b[-2] or not matching:
        return None
    shape = (*batch, a[-2], b[-1])
    lib = loaded()
    with Descriptions(lib) as new:
        left = new.strided(a, [s // 4 for s in a_strides])
        right = new.strided(b, [s // 4 for s in b_strides])
        row = new.plain((*[1] * (len(shape) - 1), shape[-1])) if bias else None
        target = new.plain(shape)
        try:
            operation = new.operation("matmul", left, right, row, target, None)
        except dnnl.UnsupportedError:
            return None
        roles = [(dnnl.SRC, left), (dnnl.WEIGHTS, right), *([(dnnl.BIAS, row)] if row else []), (dnnl.DST, target)]
        return Primitive(lib, operation, roles), shape
