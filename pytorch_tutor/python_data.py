"""Python's values as an array: which type nested lists of numbers get, and what is wrong with them."""

from __future__ import annotations

import math
from array import array as python_array
from collections import deque
from typing import Any

import numpy as np

from .dtypes import (
    TYPE_INFO_NAMES,
    bfloat16,
    dtype,
    finfo,
    float16,
    get_default_dtype,
    narrowed,
    of_array,
    of_number,
    to_bfloat16,
)  # fmt: skip
from .errors import lesson
from .tensor_base import TensorBase

SEQUENCES = (list, tuple, range, deque, python_array, np.ndarray)


def array_of(data: Any, kind: dtype | None) -> tuple[Any, dtype]:
    """A fresh array of the data, and the type that PyTorch would give it."""
    if isinstance(data, (np.ndarray, np.generic)):
        found = of_array(data.dtype) if kind is None else kind
        array = narrowed(np.asarray(data), found.array) if found is float16 else np.array(data, dtype=found.array)
        return (to_bfloat16(array) if found is bfloat16 else array), found
    if hasattr(data, "__array__") and not isinstance(data, (list, tuple)):
        return array_of(np.asarray(data), kind)
    _check_data(data)
    if isinstance(data, (list, tuple)) and data and _has_tensors(data):
        data = _plain(data)
    found = kind or _guess(data)
    with np.errstate(over="ignore"):
        if found.rank == 2:
            array = _whole(np.array(data), found)
        elif found.rank == 0:
            array = np.array(data).astype(bool)
        else:
            try:
                array = np.array(data, dtype="f4" if found is float16 else found.array).astype(found.array, copy=False)
            except TypeError:
                raise TypeError("must be real number, not complex") from None
            except OverflowError:
                raise OverflowError("int too big to convert to float") from None
    return (to_bfloat16(array) if found is bfloat16 else array), found


def sequence(data: Any) -> None:
    """TypeError with PyTorch's sentence where its old constructor, ``torch.Tensor(...)``, is handed no sequence."""
    if isinstance(data, str):
        raise lesson(TypeError("new(): invalid data type 'str'"), expected="numbers", got=repr(data))
    if not isinstance(data, SEQUENCES):
        raise lesson(
            TypeError(f"new(): data must be a sequence (got {type(data).__name__})"),
            expected="sizes, or a list of numbers",
            got=repr(data),
            hint=f"torch.tensor({data!r})",
        )


def check_fits(value: Any, kind: dtype) -> None:
    """RuntimeError where a number is filled into a type that it does not fit; below zero unsigned types wrap."""
    if kind.rank == 0:  # whatever it is, it is either zero or not
        return
    spelled = {"uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int64": "int64_t"}
    error = RuntimeError(
        f"value cannot be converted to type {spelled.get(kind.name, TYPE_INFO_NAMES[kind])} without overflow"
    )
    parts = [value.real, value.imag] if isinstance(value, complex) else [value]
    if len(parts) == 2 and kind.rank < 4:
        if parts.pop():
            raise error
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        raise OverflowError("int too big to convert")
    for part in parts:
        if kind.rank == 2:
            if not _whole_fits(part, kind):
                raise error
        elif math.isfinite(part) and abs(part) > finfo(kind).max:
            raise error


def _whole_fits(value: float, kind: dtype) -> bool:
    if not math.isfinite(value):
        return False
    limits = np.iinfo(kind.array)
    return (-limits.max if not kind.is_signed else limits.min) <= int(value) <= limits.max


def _whole(raw: Any, kind: dtype) -> Any:
    """Python's numbers in an integer type; errors, as ``torch.tensor`` has them, for those that it cannot hold."""
    wide = kind.name == "uint64"
    if raw.dtype.kind == "c":
        raise TypeError("'complex' object cannot be interpreted as an integer")
    if raw.dtype.kind == "O" or raw.dtype.kind == "u" and not wide:
        if not wide:
            raise ValueError("Overflow when unpacking long long")
        negative = any(n < 0 for n in raw.reshape(-1))
        raise OverflowError("can't convert negative int to unsigned" if negative else "int too big to convert")
    if raw.size and raw.dtype.kind in "if":
        low, high = raw.min().item(), raw.max().item()
        if wide and raw.dtype.kind == "i" and low < 0:
            raise OverflowError("can't convert negative int to unsigned")
        if not (_whole_fits(low, kind) and _whole_fits(high, kind)):
            raise RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
    return raw.astype(kind.array)


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
