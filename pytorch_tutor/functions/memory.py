"""Which places of memory a strided view may reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import lesson


def check_reach(input: Any, size: Sequence[int], stride: Sequence[int], offset: int) -> None:
    """RuntimeError for a view that would leave the memory of ``input``."""
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(s < 0 for s in stride):
        raise RuntimeError(f"as_strided: Negative strides are not supported at the moment, got strides: {list(stride)}")
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    if any(n < 0 for n in size):
        raise RuntimeError(f"Storage size calculation overflowed with sizes={list(size)} and strides={list(stride)}")
    item, have = input.element_size(), input.untyped_storage().nbytes()
    need = (offset + 1 + sum((n - 1) * s for n, s in zip(size, stride, strict=True))) * item if 0 not in size else 0
    if need > have:
        raise lesson(
            RuntimeError(
                f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and itemsize {item} "
                f"requiring a storage size of {need} are out of bounds for storage of size {have}"
            ),
            expected=f"places in {have // item} elements",
            got=f"{need // item} elements",
        )
