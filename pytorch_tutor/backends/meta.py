"""The meta device: arrays that have a shape, strides and a type, and whose numbers do not count.

Their memory is asked for, zero, and never looked at, so the operating system hands out none of it. An operation runs on
those zeros, and what comes out is meta again: shapes follow from shapes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import lesson


class MetaArray(np.ndarray[Any, Any]):
    """An array on the meta device."""

    def item(self, *args: Any) -> Any:
        """No number can be had: RuntimeError with PyTorch's sentence."""
        raise RuntimeError("Tensor.item() cannot be called on meta tensors")


class seen:  # noqa: N801 - reads as a question
    """Has the program made such an array at all? Until then no operation needs to look for one."""

    any = False


def meta_array(array: Any) -> MetaArray:
    """An array of the meta device in the shape and type of another."""
    seen.any = True
    if isinstance(array, MetaArray):
        return array
    if type(array) is np.ndarray and array.flags.c_contiguous:
        return np.zeros(array.shape, array.dtype).view(MetaArray)
    return np.zeros_like(array, subok=False).view(MetaArray)


def meta_results(result: Any) -> Any:
    """What an operation gave on zeros, as arrays of the meta device."""
    if result.__class__ is tuple:
        return tuple([meta_results(part) for part in result])
    return np.asarray(result).view(MetaArray)


def plain(arrays: list[Any]) -> tuple[list[Any], bool]:
    """The arrays as NumPy's own, and whether one was meta; RuntimeError where real ones with a dimension are among them."""
    found = any([isinstance(a, MetaArray) for a in arrays])
    if not found:
        return arrays, False
    if any([type(a) is np.ndarray and a.ndim for a in arrays]):
        raise lesson(
            RuntimeError("Tensor on device meta is not on the expected device cpu!"),
            expected="tensors of one device",
            got="tensors on meta and on the CPU",
            hint="x.to('meta')",
        )
    return [a.view(np.ndarray) if isinstance(a, MetaArray) else a for a in arrays], True
