"""How many cores compute: one number for NumPy's BLAS and for oneDNN, which would otherwise fight over them."""

from __future__ import annotations

import ctypes
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy

from pytorch_tutor.backends.onednn_library import library

_chosen: int | None = None


def get_threads() -> int:
    """The number of threads that one operation may use.

    >>> get_threads() >= 1
    True
    """
    if _chosen is not None:
        return _chosen
    named = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    if named.isdigit() and int(named) > 0:
        return int(named)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def set_threads(count: int) -> None:
    """Let one operation use `count` threads."""
    global _chosen
    _chosen = count
    settle()


def settle() -> None:
    """Tell both libraries.

    With oneDNN at work, BLAS gets one thread: the idle threads of either library wait by spinning for some
    milliseconds, and a convolution that follows a small matrix product was seen to take twice its time.
    """
    lib = library()
    set_blas_threads(get_threads() if lib is None else 1)
    if lib is not None and _chosen is not None:
        openmp = _openmp()
        if openmp is not None:
            openmp.omp_set_num_threads(_chosen)


@lru_cache(maxsize=1)
def _openmp() -> Any:
    """The OpenMP runtime that oneDNN's library has brought into the process."""
    for name in ("libgomp.so.1", "libiomp5.so"):
        try:
            return ctypes.CDLL(name, mode=os.RTLD_NOLOAD | os.RTLD_NOW)
        except (OSError, AttributeError):
            continue
    return None


def set_blas_threads(count: int) -> None:
    """The number of threads of the OpenBLAS inside NumPy's wheel; other BLAS libraries are left alone."""
    blas = blas_library()
    for name in ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads"):
        if hasattr(blas, name):
            getattr(blas, name)(ctypes.c_int(count))
            return


@lru_cache(maxsize=1)
def blas_library() -> Any:
    """The OpenBLAS inside NumPy's wheel, or None."""
    package = Path(numpy.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")):
            try:
                return ctypes.CDLL(str(path))
            except OSError:
                continue
    return None
