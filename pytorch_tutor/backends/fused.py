"""x + a·y rounded once, as PyTorch's kernels compute it: processors have one instruction for it, NumPy has none."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends.onednn_primitive import address
from pytorch_tutor.backends.threads import blas_library

Array = Any

FLOAT32, FLOAT64 = numpy.dtype(numpy.float32), numpy.dtype(numpy.float64)
LARGE = 1 << 11  # elements from which BLAS is sooner than a detour by float64


def multiply_add(x: Array, a: Any, y: Array) -> Array:
    """x + a y for real numbers a; on floats of one type one rounding, else two.

    >>> import numpy
    >>> x, y = numpy.float32([-1.1, 0.3]), numpy.float32([1.1, 0.7])
    >>> multiply_add(x, 0.9, y) - (x + numpy.float32(0.9) * y)  # the product's own rounding is missing
    array([-1.4901161e-08,  0.0000000e+00], dtype=float32)
    """
    if type(x) is type(y) is numpy.ndarray and (dtype := x.dtype) is y.dtype:
        if dtype is FLOAT32 and x.size < LARGE:
            return _wide(x, a, y).astype(FLOAT32)
        if x.shape == y.shape and x.flags.c_contiguous and y.flags.c_contiguous:
            axpy = _axpy(dtype)
            if axpy is not None:
                x = x.copy()
                axpy(x.size, a, address(y), 1, address(x), 1)
                return x
    return x + a * y


def add_multiple(x: Array, a: float, y: Array) -> None:
    """The same in place: x ← x + a y."""
    if type(x) is type(y) is numpy.ndarray and (dtype := x.dtype) is y.dtype:
        if dtype is FLOAT32 and x.size < LARGE:
            x[...] = _wide(x, a, y)
            return
        if x.shape == y.shape and x.flags.c_contiguous and y.flags.c_contiguous:
            axpy = _axpy(dtype)
            if axpy is not None:
                axpy(x.size, a, address(y), 1, address(x), 1)
                return
    x += a * y


def _wide(x: Array, a: Any, y: Array) -> Array:
    """In float64 the product of two float32 numbers is exact."""
    return x + y * _as_float64(a)


@lru_cache(maxsize=64)
def _as_float64(a: Any) -> Any:
    """A float32 as NumPy's own number, which unlike Python's widens the array that it meets."""
    return numpy.float64(numpy.float32(a))


@lru_cache(maxsize=2)
def _axpy(dtype: Any) -> Any:
    """BLAS's x + a y, if NumPy's wheel brings OpenBLAS and it rounds once on this processor."""
    blas = blas_library()
    name = "scipy_cblas_saxpy64_" if dtype == FLOAT32 else "scipy_cblas_daxpy64_"
    if blas is None or dtype not in (FLOAT32, FLOAT64) or not hasattr(blas, name):
        return None
    axpy = getattr(blas, name)
    number = ctypes.c_float if dtype == FLOAT32 else ctypes.c_double
    axpy.argtypes = [ctypes.c_int64, number, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64]
    axpy.restype = None
    return axpy if _rounds_once(axpy, dtype) else None


def _rounds_once(axpy: Any, dtype: Any) -> bool:
    """Tried on (1 + e)(1 - e) - 1 = -e², of which two roundings leave nothing."""
    e = numpy.finfo(dtype).eps
    for length in (1, 37):  # what is left over beside the registers, and the registers
        x, y = numpy.full(length, -1, dtype), numpy.full(length, 1 - e, dtype)
        axpy(length, 1 + e, address(y), 1, address(x), 1)
        if not (x == -e * e).all():
            return False
    return True
