"""Which table of kernels serves an array, and what can be said about it."""

from __future__ import annotations

import os
from typing import Any

import numpy

from pytorch_tutor.backends import threads
from pytorch_tutor.backends.cupy_backend import cupy_kernels
from pytorch_tutor.backends.memory import keep_freed_memory
from pytorch_tutor.backends.onednn import ONEDNN
from pytorch_tutor.backends.onednn_library import library
from pytorch_tutor.backends.reference import NUMPY
from pytorch_tutor.backends.table import Kernels

_cpu: Kernels | None = None
_left_behind = False  # this process was forked from one in which oneDNN had been at work


def _after_fork() -> None:
    """In a forked child, compute with NumPy: oneDNN would wait for threads that exist only in the parent."""
    global _cpu, _left_behind
    if _cpu is ONEDNN:
        _cpu, _left_behind = NUMPY, True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def kernels(array: Any) -> Kernels:
    """The kernels for `array`. On the CPU: oneDNN's where its library is installed, else the NumPy reference.

    The environment variable PYTORCH_TUTOR_KERNELS=numpy forces the reference.

    >>> import numpy
    >>> kernels(numpy.zeros(3)).name in {"numpy", "onednn"}
    True
    """
    if _cpu is not None and type(array) is numpy.ndarray:
        return _cpu
    return cpu_kernels() if isinstance(array, numpy.ndarray | numpy.generic) else cupy_kernels()


def cpu_kernels() -> Kernels:
    """The CPU's table, chosen at the first use: loading oneDNN's library takes some hundredths of a second."""
    global _cpu
    if _cpu is None:
        _cpu = ONEDNN if onednn_available() else NUMPY
        keep_freed_memory()
        if _cpu is ONEDNN:
            threads.settle()
    return _cpu


def onednn_available() -> bool:
    """Whether the CPU's heavy operations run in oneDNN."""
    wanted = not _left_behind and os.environ.get("PYTORCH_TUTOR_KERNELS", "").lower() != "numpy"
    return wanted and library() is not None


def onednn_version() -> tuple[int, int, int] | None:
    """The version of the oneDNN library in use, or None."""
    lib = library() if onednn_available() else None
    return None if lib is None else lib.version
