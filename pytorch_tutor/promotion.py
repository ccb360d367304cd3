"""When types meet: which type an operation computes in, and its inputs brought to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dtypes import dtype, get_default_dtype, narrowed, of_number, promote_types
from .tensor_base import TensorBase


def _join(a: dtype | None, b: dtype) -> dtype:
    return b if a is None else promote_types(a, b)


def _combine(higher: dtype | None, lower: dtype | None) -> dtype | None:
    """A type of lower priority counts only if it is of a higher category (integer < float < complex)."""
    if higher is None or lower is None:
        return lower if higher is None else higher
    if higher.rank == 4 or (higher.rank == 3 and lower.rank < 4):
        return higher
    if higher.rank in (0, 3) or lower.rank >= 3:
        return promote_types(higher, lower)
    return higher


def result_type(*values: Any) -> dtype:
    """The type in which tensors and numbers meet.

    Tensors with dimensions decide; zero-dimensional ones and, below them, Python numbers only raise the category.

    >>> import pytorch_tutor as torch
    >>> torch.result_type(torch.ones(2, dtype=torch.int32), 1.0)
    torch.float32
    """
    with_dims: dtype | None = None
    without: dtype | None = None
    numbers: dtype | None = None
    for v in values:
        if isinstance(v, TensorBase):
            if v._array.ndim:
                with_dims = _join(with_dims, v.dtype)
            else:
                without = _join(without, v.dtype)
        else:
            numbers = _join(numbers, of_number(v))
    found = _combine(_combine(with_dims, without), numbers)
    assert found is not None
    return found


def cast(value: Any, target: dtype) -> Any:
    """An array or number as an array of the type, wrapping integers around as C does."""
    if isinstance(value, (np.ndarray, np.generic)) or hasattr(value, "astype"):
        return value if value.dtype == target.array else narrowed(value, target.array)
    if target.rank in (3, 4) or target.rank == 0:
        return np.asarray(value, dtype=target.array)
    if isinstance(value, float) and not np.isfinite(value):
        return np.asarray(value).astype(target.array)
    width = 8 * target.itemsize
    n = int(value) & ((1 << width) - 1)
    if target.is_signed and n >> (width - 1):
        n -= 1 << width
    return np.asarray(n, dtype=target.array)


def promote(kind: str, inputs: tuple[Any, ...], arrays: list[Any]) -> tuple[list[Any], dtype]:
    """Brings arrays and numbers to the type in which they meet; ``kind`` "float" makes integers floats."""
    target = result_type(*inputs)
    if kind == "float" and target.rank < 3:
        target = get_default_dtype()
    return [cast(a, target) for a in arrays], target
