"""Functions spelled with other functions: their gradients come by themselves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..creation import zeros
from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops import indexing as indexing_ops
from ..ops import shape as shape_ops
from ..ops.reduction import axis_of
from ..tensor_base import TensorBase, wrap
from .gathering import index_select
from .numpy_names import numpy_names
from .shape import cat, reshape, split, stack, tensor_split
from .stacking import meshgrid
from .titles import titled


def numel(input: Any) -> int:
    """The number of elements.

    >>> import pytorch_tutor as torch
    >>> torch.numel(torch.ones(2, 3))
    6
    """
    return int(input._array.size)


# -- arrangements -----------------------------------------------------------------------------------------------------


def _vectors(tensors: Sequence[Any]) -> None:
    for x in tensors:
        if x._array.ndim != 1:
            raise lesson(
                RuntimeError(f"Expect a 1D vector, but got shape {list(x._array.shape)}"),
                expected="vectors",
                got=x.shape,
            )


def cartesian_prod(*tensors: Any) -> Any:
    """All combinations of one element from each vector, one per row.

    >>> import pytorch_tutor as torch
    >>> torch.cartesian_prod(torch.tensor([1, 2]), torch.tensor([3, 4]))
    tensor([[1, 3],
            [1, 4],
            [2, 3],
            [2, 4]])
    """
    _vectors(tensors)
    if len(tensors) == 1:
        return tensors[0]
    return stack([reshape(grid, -1) for grid in meshgrid(*tensors, indexing="ij")], 1)


def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Any:
    """All ways to choose ``r`` elements of a vector, in order.

    >>> import pytorch_tutor as torch
    >>> torch.combinations(torch.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    _vectors([input])
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return input[:0]
    ways = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = np.array(list(ways(range(input._array.size), r)), np.int64).reshape(-1, r)
    return index_select(input, 0, wrap(places.reshape(-1))).reshape(places.shape)


def block_diag(*tensors: Any) -> Any:
    """Matrices along the diagonal of a larger one, zeros elsewhere.

    >>> import pytorch_tutor as torch
    >>> torch.block_diag(torch.tensor([[1, 2]]), torch.tensor(3))
    tensor([[1, 2, 0],
            [0, 0, 3]])
    """
    for place, x in enumerate(tensors):
        if x._array.ndim > 2:
            raise RuntimeError(
                f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {place} has "
                f"{x._array.ndim} dimensions"
            )
    if not tensors:
        return zeros(1, 0)
    blocks = [x if x._array.ndim == 2 else x.reshape(1, -1) for x in tensors]
    width, rows, start = sum(x._array.shape[1] for x in blocks), [], 0
    for x in blocks:
        n, m = x._array.shape
        sides = [zeros(n, k, dtype=x.dtype) for k in (start, width - start - m)]
        rows.append(cat([sides[0], x, sides[1]], 1))
        start += m
    return titled(cat(rows, 0), "BlockDiagBackward0")


def kron(input: Any, other: Any, *, out: Any = None) -> Any:
    """Kronecker's product: each element of ``input`` times the whole of ``other``.

    >>> import pytorch_tutor as torch
    >>> torch.kron(torch.eye(2), torch.ones(1, 2))
    tensor([[1., 1., 0., 0.],
            [0., 0., 1., 1.]])
    """
    n = max(input._array.ndim, other._array.ndim)
    a = [1] * (n - input._array.ndim) + list(input._array.shape)
    b = [1] * (n - other._array.ndim) + list(other._array.shape)
    left = input.reshape([k for size in a for k in (size, 1)])
    right = other.reshape([k for size in b for k in (1, size)])
    found = (left * right).reshape([i * j for i, j in zip(a, b, strict=True)])
    return write_out(titled(found, "UnsafeViewBackward0"), out, "kron")


def split_with_sizes(input: Any, split_sizes: Sequence[int], dim: int = 0) -> Any:
    """Parts of the given sizes along a dimension."""
    return split(input, list(split_sizes), dim)


def _cut(function: str, input: Any, parts: Any, needed: int, dim: int) -> Any:
    if input._array.ndim < needed:
        raise lesson(
            RuntimeError(
                f"torch.{function} requires a tensor with at least {needed} dimension, but got a tensor with "
                f"{input._array.ndim} dimensions!"
            ),
            expected=f"{needed} dimensions",
            got=input._array.ndim,
        )
    n = input._array.shape[dim]
    if isinstance(parts, int) and (parts <= 0 or n % parts):
        raise lesson(
            RuntimeError(
                f"torch.{function} attempted to split along dimension {dim}, but the size of the dimension {n} is not "
                f"divisible by the split_size {parts}!"
            ),
            expected=f"a divisor of {n}",
            got=parts,
            hint="torch.tensor_split  makes parts of unequal size",
        )
    return tensor_split(input, parts, dim)


def hsplit(input: Any, indices_or_sections: Any) -> Any:
    """Cut from side to side, column after column."""
    return _cut("hsplit", input, indices_or_sections, 1, 0 if input._array.ndim == 1 else 1)


def vsplit(input: Any, indices_or_sections: Any) -> Any:
    """Cut from top to bottom, row after row."""
    return _cut("vsplit", input, indices_or_sections, 2, 0)


def dsplit(input: Any, indices_or_sections: Any) -> Any:
    """Cut along the third dimension."""
    return _cut("dsplit", input, indices_or_sections, 3, 2)


@numpy_names
def repeat_interleave(input: Any, repeats: Any = None, dim: int | None = None, *, output_size: Any = None) -> Any:
    """Each element (or each slice along ``dim``) several times in a row.

    >>> import pytorch_tutor as torch
    >>> torch.repeat_interleave(torch.tensor([1, 2]), torch.tensor([1, 3]))
    tensor([1, 2, 2, 2])
    """
    if repeats is None:  # the numbers of repeats alone: the places that they stand for
        return repeat_interleave(wrap(np.arange(input._array.size)), input)
    if dim is None:
        input, dim = input.reshape(-1), 0
    axis = axis_of(dim, input._array.ndim)
    full = input if input._array.ndim else input.reshape(1)
    size = full._array.shape[axis]
    if not isinstance(repeats, TensorBase):
        if repeats < 0:
            raise lesson(RuntimeError("Repeats must be non-negative"), expected="0 or more", got=repeats)
        shape = list(full._array.shape)
        many = full.unsqueeze(axis + 1).expand(*shape[: axis + 1], repeats, *shape[axis + 1 :])
        return apply(shape_ops.Clone, many, order="C").view([*shape[:axis], size * repeats, *shape[axis + 1 :]])
    counts = repeats._array
    if counts.dtype.kind != "i":
        name = SCALAR_NAMES[repeats.dtype]
        raise lesson(
            NotImplementedError(f"\"repeat_interleave_cpu\" not implemented for '{name}'"), hint="repeats.long()"
        )
    if counts.ndim > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if counts.size not in (1, size):
        raise RuntimeError(
            "repeats must have the same size as input along dim, but got repeats.size(0) = "
            f"{counts.size} and input.size(0) = {size}"
        )
    if (counts < 0).any():
        raise RuntimeError("repeats can not be negative")
    places = np.repeat(np.arange(size), np.broadcast_to(counts, (size,)))
    return apply(indexing_ops.IndexSelect, full, wrap(places), dim=axis)


def fill(input: Any, value: Any) -> Any:
    """A copy in which every element is one number.

    >>> import pytorch_tutor as torch
    >>> torch.fill(torch.zeros(2), 3.0)
    tensor([3., 3.])
    """
    if isinstance(value, TensorBase):
        if value._array.ndim:
            raise RuntimeError(
                f"fill_ only supports 0-dimension value tensor but got tensor with {value._array.ndim} dimensions."
            )
    return apply(indexing_ops.Fill, input, value, in_place=False)
