"""Order: sort, the largest few, where a number would fit in, and what is distinct."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backends.selection import equal_places
from ..dispatch import apply, write_out
from ..errors import lesson
from ..ops import indexing as ops
from ..ops.reduction import Extreme, axis_of
from ..ops.slices import Kthvalue
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from .numpy_names import numpy_names


class sort_result(Extreme):  # noqa: N801 - the name that is printed
    """What ``sort`` returns: values and indices."""

    __slots__ = ()


class topk_result(Extreme):  # noqa: N801 - the name that is printed
    """What ``topk`` returns: values and indices."""

    __slots__ = ()


class kthvalue_result(Extreme):  # noqa: N801 - the name that is printed
    """What ``kthvalue`` returns: values and indices."""

    __slots__ = ()


sort_result.__name__, topk_result.__name__, kthvalue_result.__name__ = "sort", "topk", "kthvalue"


@numpy_names
def sort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False, *, out: Any = None) -> Any:
    """Elements in order along a dimension, and where they came from.

    Equal elements keep their order if ``stable``; else they come as PyTorch's introsort happens to leave them.

    >>> import pytorch_tutor as torch
    >>> torch.sort(torch.tensor([3, 1, 2])).values
    tensor([1, 2, 3])
    """
    refuse(input.dtype, "complex", RuntimeError(" Sort does not support complex dtypes on CPU"))
    return write_out(
        sort_result(*apply(ops.Sort, input, dim=dim, descending=descending, stable=bool(stable))), out, "sort"
    )


def msort(input: Any, *, out: Any = None) -> Any:
    """The rows' elements in order along the first dimension."""
    refuse(input.dtype, "complex", RuntimeError(" Sort does not support complex dtypes on CPU"))
    return write_out(sort(input, 0).values, out, "msort")


@numpy_names
def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """The indices that put a dimension in order."""
    refuse(input.dtype, "complex", RuntimeError(" Sort does not support complex dtypes on CPU"))
    return sort(input.detach(), dim, descending, stable).indices


@numpy_names
def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True, *, out: Any = None) -> Any:
    """The k largest (or smallest) elements along a dimension, and their indices.

    >>> import pytorch_tutor as torch
    >>> torch.topk(torch.tensor([1, 5, 3]), 2).values
    tensor([5, 3])
    """
    refuse(input.dtype, "bool", RuntimeError("topk does not support bool dtypes on CPU"))
    refuse(input.dtype, "complex", RuntimeError(" topk does not support complex dtypes on CPU"))
    return write_out(topk_result(*apply(ops.Topk, input, k=k, dim=dim, largest=largest, in_order=sorted)), out, "topk")


@numpy_names
def kthvalue(input: Any, k: int, dim: int = -1, keepdim: bool = False, *, out: Any = None) -> Any:
    """The k-th smallest element along a dimension, and its index."""
    refuse(input.dtype, "bool complex", "kthvalue_cpu")
    axis = axis_of(dim, input._array.ndim)
    n = input._array.shape[axis] if input._array.ndim else 1
    if not n:
        raise IndexError(f"kthvalue(): Expected reduction dim {axis} to have non-zero size.")
    if not 1 <= k <= n:
        raise lesson(
            RuntimeError(f"kthvalue(): selected number k out of range for dimension {axis}"),
            expected=f"1 <= k <= {n}",
            got=k,
        )
    ordered = sort(input, dim, stable=True)
    if not input._array.ndim:
        return write_out(kthvalue_result(*ordered), out, "kthvalue", input)
    places = ordered[1].narrow(axis, k - 1, 1)._array
    rows = np.moveaxis(input._array, axis, -1)
    equal_places(rows, np.moveaxis(places, axis, -1)[..., 0], np.full(rows.shape[:-1], k - 1))
    values = apply(Kthvalue, input, index=places, dim=axis, keepdim=keepdim, variant=0)
    indices = wrap(np.asarray(places if keepdim else places.squeeze(axis), order="C"))
    return write_out(kthvalue_result(values, indices), out, "kthvalue", input)


def searchsorted(
    sorted_sequence: Any,
    input: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
    out: Any = None,
) -> Any:
    """Where numbers would have to be inserted so that the order stays.

    Shapes: one sequence ``(n,)`` serves all numbers; sequences ``(..., n)`` serve numbers ``(..., k)`` row by row.

    >>> import pytorch_tutor as torch
    >>> torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([0, 3, 4]))
    tensor([0, 1, 2])
    """
    if sorted_sequence._array.size:
        refuse(sorted_sequence.dtype, "bool complex", "searchsorted_out_cpu")
    name = "torch.searchsorted():"
    if side not in (None, "left", "right"):
        raise RuntimeError(f"{name} side can only be 'left' or 'right' but got {side}")
    if right and side == "left":
        raise RuntimeError(f"{name} side and right can't be set to opposites, got side of left while right was True")
    rows = sorted_sequence._array
    if not rows.ndim:
        raise RuntimeError(f"{name} boundaries tensor should have positive dimension, but got 0 dimension")
    values = np.asarray(input._array if isinstance(input, TensorBase) else input)
    if rows.ndim > 1 and rows.shape[:-1] != values.shape[:-1]:
        raise lesson(
            RuntimeError(
                f"{name} boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor "
                f"and input value tensor must match, but we got boundaries tensor {list(rows.shape)} and input value "
                f"tensor {list(values.shape)}"
            ),
            expected=f"numbers of shape {[*rows.shape[:-1], 'k']}",
            got=list(values.shape),
        )
    if sorter is not None:
        if sorter.dtype.name != "int64":
            found = {"float32": "Float", "float64": "Double", "int32": "Int"}.get(sorter.dtype.name, sorter.dtype.name)
            raise RuntimeError(f"{name} sorter must be a tensor of long dtype but got dtype {found}")
        if sorter._array.shape != rows.shape:
            raise RuntimeError(
                f"{name} boundary and sorter must have the same size, but got boundary tensor {list(rows.shape)}and "
                f"got sorter tensor {list(sorter._array.shape)}"
            )
        rows = np.take_along_axis(rows, sorter._array, axis=-1)
    where: Any = "right" if right or side == "right" else "left"
    if rows.ndim == 1:
        found = np.asarray(np.searchsorted(rows, values, where))
    else:
        found = np.empty(values.shape, "i8")
        for place in np.ndindex(rows.shape[:-1]):
            found[place] = np.searchsorted(rows[place], values[place], where)
    return write_out(wrap(found.astype("i4" if out_int32 else "i8")), out, "searchsorted")


def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False, out: Any = None) -> Any:
    """In which of the intervals between boundaries each number lies."""
    if isinstance(input, TensorBase):
        refuse(input.dtype, "complex", "searchsorted_out_cpu")
    refuse(boundaries.dtype, "bool complex", "searchsorted_out_cpu")
    if boundaries._array.ndim != 1:
        raise lesson(
            RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries._array.ndim})"),
            expected="a vector",
            got=list(boundaries._array.shape),
        )
    return searchsorted(boundaries, input, out_int32=out_int32, right=right, out=out)


def unique(
    input: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The distinct elements in order; on request where each came to lie, and how often it occurs.

    >>> import pytorch_tutor as torch
    >>> torch.unique(torch.tensor([3, 1, 3]))
    tensor([1, 3])
    """
    refuse(input.dtype, "complex", "unique")
    axis = None if dim is None else axis_of(dim, input._array.ndim)
    found = np.unique(input._array, return_inverse=True, return_counts=True, axis=axis)
    values, inverse, counts = (
        wrap(found[0], input._dtype),
        wrap(found[1].reshape(input._array.shape if dim is None else -1)),
        wrap(found[2]),
    )
    if return_inverse and return_counts:
        return values, inverse, counts
    if return_inverse:
        return values, inverse
    return (values, counts) if return_counts else values


def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The elements without repetitions that follow one another."""
    refuse(input.dtype, "complex", "unique")
    array = input._array.reshape(-1) if dim is None else np.moveaxis(input._array, dim, 0)
    rows = array.reshape(len(array), array[0].size if len(array) else 0)
    starts = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)]) if len(rows) else np.zeros(0, "?")
    values = array[starts] if dim is None else np.moveaxis(array[starts], 0, dim)
    inverse = (np.cumsum(starts) - 1).reshape(input._array.shape if dim is None else -1)
    counts = np.diff(np.append(np.flatnonzero(starts), len(array)))
    parts = [wrap(np.ascontiguousarray(values), input._dtype)]
    parts += [wrap(inverse)] if return_inverse else []
    parts += [wrap(counts)] if return_counts else []
    return parts[0] if len(parts) == 1 else tuple(parts)


def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False, out: Any = None
) -> Any:
    """Is each element among the given ones?"""
    refuse(
        elements.dtype if isinstance(elements, TensorBase) else test_elements.dtype,
        "bool complex",
        RuntimeError("Unsupported input type encountered for isin(): {type}"),
    )
    values = [v._array if isinstance(v, TensorBase) else v for v in (elements, test_elements)]
    return write_out(wrap(np.asarray(np.isin(values[0], values[1], invert=invert))), out, "isin")
