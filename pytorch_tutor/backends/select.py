"""Which table of kernels serves an array."""

from __future__ import annotations

from typing import Any

import numpy

from pytorch_tutor.backends.reference import NUMPY
from pytorch_tutor.backends.table import Kernels

_cpu: Kernels | None = None


def kernels(array: Any) -> Kernels:
    """The kernels for `array`. On the CPU: oneDNN's where its library is installed, else the NumPy reference.


    >>> import numpy
    >>> kernels(numpy.zeros(3)).name in {"numpy", "onednn"}
    True
    """
    if type(array) is numpy.ndarray and _cpu is not None:
        return _cpu
    return _choose(array)


def _choose(array: Any) -> Kernels:
    global _cpu
    if isinstance(array, numpy.ndarray | numpy.generic):
        if _cpu is None:
            _cpu = NUMPY
        return _cpu
    return NUMPY
