"""Which library an array belongs to: the one question that the engine asks of an array."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import numpy


def namespace(array: Any) -> Any:
    """The module whose functions work on `array`: `numpy`, or `cupy` for an array on a GPU.

    Runs once per operation, so the common answer comes first. CuPy is never imported here: whoever holds one of its
    arrays has imported it.

    >>> import numpy
    >>> namespace(numpy.zeros(3)) is numpy
    True
    """
    if type(array) is numpy.ndarray:
        return numpy
    cupy: ModuleType | None = sys.modules.get("cupy")
    if cupy is not None and isinstance(array, cupy.ndarray):
        return cupy
    return numpy
