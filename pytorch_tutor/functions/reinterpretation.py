"""The bytes of a tensor, read as numbers of another type."""

from __future__ import annotations

from typing import Any

from ..dispatch import apply
from ..dtypes import SCALAR_NAMES, bfloat16
from ..ops.shape import Alias
from ..tensor_base import wrap


def view_bytes(input: Any, dtype: Any) -> Any:
    """What ``input.view(dtype)`` gives: the same memory (of bfloat16 a copy), told by another type."""
    array, old = input.settle(), input.dtype
    if dtype.itemsize != old.itemsize:
        pair = f"view {SCALAR_NAMES[old]} as {SCALAR_NAMES[dtype]} (different element sizes)"
        if array.ndim == 0:
            raise RuntimeError(f"self.dim() cannot be 0 to {pair}")
        ratio = dtype.itemsize // old.itemsize
        if ratio > 1 and array.shape[-1] % ratio:
            raise RuntimeError(f"self.size(-1) must be divisible by {ratio} to {pair}, but got {array.shape[-1]}")
        if array.size and array.shape[-1] > 1 and array.strides[-1] != array.itemsize:
            raise RuntimeError(f"self.stride(-1) must be 1 to {pair}, but got {array.strides[-1] // array.itemsize}")
    if dtype is old or bfloat16 not in (dtype, old):
        seen = apply(Alias, input.detach())
        seen._array = array.view(dtype.array)
        return seen
    # the engine holds bfloat16 as a float32 whose lower half is zero: its bytes can be copied, not shown
    raw = (array.view("u4") >> 16).astype("u2") if old is bfloat16 else array
    if dtype is bfloat16:
        return wrap((raw.view("u2").astype("u4") << 16).view("f4"), bfloat16)
    return wrap(raw.view(dtype.array))
