"""Python's values as an array: which type nested lists of numbers get, and what is wrong with them."""

from __future__ import annotations

from array import array as python_array
from collections import deque
from typing import Any

import numpy as np

from .dtypes import bfloat16, dtype, get_default_dtype, of_array, of_number, to_bfloat16
from .errors import lesson
from .tensor_base import TensorBase

SEQUENCES = (list, tuple, range, deque, python_array, np.ndarray)


def array_of(data: Any, kind: dtype | None) -> tuple[Any, dtype]:
    """A fresh array of the data, and the type that PyTorch would give it."""
    if isinstance(data, (np.ndarray, np.generic)):
        found = of_array(data.dtype) if kind is None else kind
        array = np.array(data, dtype=found.array)
        return (to_bfloat16(array) if found is bfloat16 else array), found
    if hasattr(data, "__array__") and not isinstance(data, (list, tuple)):
        return array_of(np.asarray(data), kind)
    _check_data(data)
    if isinstance(data, (list, tuple)) and data and _has_tensors(data):
        data = _plain(data)
    found = kind or _guess(data)
    try:
        if found.rank in (0, 2):
            raw = np.array(data) if _depth_ok(data) else np.array(data, dtype=found.array)
            array = (
                raw.astype(found.array) if raw.dtype.kind in "biuf" and raw.size else np.array(data, dtype=found.array)
            )
        else:
            array = np.array(data, dtype=found.array)
    except OverflowError:
        raise RuntimeError(f"value cannot be converted to type {_c_name(found)} without overflow") from None
    return (to_bfloat16(array) if found is bfloat16 else array), found


def _c_name(kind: dtype) -> str:
    return {"int64": "int64_t", "int32": "int32_t", "int16": "int16_t", "int8": "int8_t", "uint8": "uint8_t"}.get(
        kind.name, kind.name
    )


def _depth_ok(data: Any) -> bool:
    return isinstance(data, (list, tuple, int, float, bool))


def _has_tensors(data: Any) -> bool:
    if isinstance(data, TensorBase):
        return True
    return isinstance(data, (list, tuple)) and any(_has_tensors(x) for x in data)


def _plain(data: Any) -> Any:
    """Nested lists in which tensors of one element have become numbers."""
    if isinstance(data, TensorBase):
        return data.item() if data.dim() == 0 else data.tolist()
    return [_plain(x) for x in data] if isinstance(data, (list, tuple)) else data


def _check_data(data: Any, depth: int = 0) -> None:
    """ValueError or TypeError with PyTorch's sentences for ragged lists and things that are no numbers."""
    if isinstance(data, (bool, int, float, complex, np.generic, TensorBase)):
        return
    if isinstance(data, (str, bytes)):
        kind = type(data).__name__
        raise lesson(TypeError(f"new(): invalid data type '{kind}'"), expected="numbers", got=repr(data))
    if not isinstance(data, SEQUENCES):
        if not depth:
            raise lesson(
                RuntimeError(f"Could not infer dtype of {type(data).__name__}"), expected="numbers", got=repr(data)
            )
        raise lesson(
            RuntimeError(f"Could not infer dtype of {type(data).__name__}"), expected="numbers", got=repr(data)
        )
    first: Any = data
    if depth == 0:
        while isinstance(first, SEQUENCES) and len(first):
            first = first[0]
        if isinstance(first, str) and first:  # a text is a sequence of texts, and so on without end
            raise lesson(ValueError("too many dimensions 'str'"), expected="numbers", got=repr(first))
    lengths = [_length(x) for x in data]
    if lengths and any(n != lengths[0] for n in lengths):
        first = lengths[0]
        place = next(i for i, n in enumerate(lengths) if n != first)
        if first is None or lengths[place] is None:
            what = type(data[place]).__name__ if first is None else "sequence"
            raise lesson(
                TypeError("len() of unsized object" if lengths[place] is None else f"must be real number, not {what}")
            )
        raise lesson(
            ValueError(f"expected sequence of length {first} at dim {depth + 1} (got {lengths[place]})"),
            expected=f"{first} elements in every row",
            got=f"{lengths[place]} in row {place}",
        )
    for x in data:
        if not isinstance(x, (int, float)):
            _check_data(x, depth + 1)


def _length(x: Any) -> int | None:
    if isinstance(x, TensorBase):
        return x.size(0) if x.dim() else None
    return len(x) if isinstance(x, SEQUENCES) and getattr(x, "ndim", None) != 0 else None


def _guess(data: Any) -> dtype:
    """bool, int64, the default float or complex type: the highest that occurs."""
    if isinstance(data, TensorBase):
        return data.dtype
    if isinstance(data, np.ndarray):
        return of_array(data.dtype)
    if not isinstance(data, SEQUENCES[:-1]):
        return of_number(data)
    best: dtype | None = None
    for x in data:
        found = _guess(x)
        if best is None or found.rank > best.rank or (found.rank == best.rank and found.itemsize > best.itemsize):
            best = found
    return get_default_dtype() if best is None else best
