"""A tensor with one part of it exchanged: what writing into a view does, without writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..dispatch import apply, write_out
from ..dtypes import int64
from ..errors import lesson
from ..ops.reduction import axis_of
from ..ops.strided import AsStridedReplaced
from .indexing import select
from .memory import check_reach
from .shape import clone, diagonal


def _unequal(src: Any, size: Sequence[int]) -> RuntimeError:
    return lesson(
        RuntimeError(
            f"expected src to have a size equal to the slice of self. src size = {list(src._array.shape)}, slice size = "
            f"{list(size)}"
        ),
        expected=list(size),
        got=list(src._array.shape),
    )


def _replaced(input: Any, src: Any, part: Callable[[Any], Any], name: str, out: Any) -> Any:
    """A copy whose part is written over; the graph records it as it does every write into a view."""
    found = clone(input)
    place = part(found)
    if place._array.shape != src._array.shape:
        raise _unequal(src, place._array.shape)
    place.copy_(src)
    return write_out(found, out, name)


def slice_scatter(
    input: Any,
    src: Any,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
    *,
    out: Any = None,
) -> Any:
    """``input`` with ``src`` in place of the slice ``start:end:step`` of a dimension.

    >>> import pytorch_tutor as torch
    >>> torch.slice_scatter(torch.zeros(4), torch.ones(2), 0, 1, 3)
    tensor([0., 1., 1., 0.])
    """
    axis = axis_of(dim, input._array.ndim)
    key = (slice(None),) * axis + (slice(start, end, step),)
    return _replaced(input, src, lambda x: x[key], "slice_scatter", out)


def select_scatter(input: Any, src: Any, dim: int, index: int, *, out: Any = None) -> Any:
    """``input`` with ``src`` in place of what is at one index of a dimension.

    >>> import pytorch_tutor as torch
    >>> torch.select_scatter(torch.zeros(2, 2), torch.ones(2), 0, 1)
    tensor([[0., 0.],
            [1., 1.]])
    """
    return _replaced(input, src, lambda x: select(x, dim, index), "select_scatter", out)


def diagonal_scatter(input: Any, src: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """``input`` with ``src`` in place of a diagonal.

    >>> import pytorch_tutor as torch
    >>> torch.diagonal_scatter(torch.zeros(2, 2), torch.ones(2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    return _replaced(input, src, lambda x: diagonal(x, offset, dim1, dim2), "diagonal_scatter", None)


def as_strided_scatter(
    input: Any, src: Any, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None
) -> Any:
    """``input`` with ``src`` in place of the elements at regular steps in memory.

    >>> import pytorch_tutor as torch
    >>> torch.as_strided_scatter(torch.zeros(4), torch.ones(2), (2,), (2,), 0)
    tensor([1., 0., 1., 0.])
    """
    input.settle()
    offset = 0 if storage_offset is None else storage_offset - input.storage_offset()
    if tuple(src._array.shape) != tuple(size):
        raise _unequal(src, size)
    check_reach(input, size, stride, input.storage_offset() if storage_offset is None else storage_offset)
    return apply(AsStridedReplaced, input, src, size=tuple(size), stride=tuple(stride), offset=offset)


def unravel_index(indices: Any, shape: Any) -> Any:
    """Places in the flattened tensor as one index for each dimension.

    >>> import pytorch_tutor as torch
    >>> torch.unravel_index(torch.tensor([1, 5]), (2, 3))
    (tensor([0, 1]), tensor([1, 2]))
    """
    if indices.dtype.rank not in (1, 2):
        raise lesson(
            TypeError(f"expected 'indices' to be integer dtype, but got {indices.dtype}"),
            expected="whole numbers",
            got=str(indices.dtype),
        )
    sizes = [shape] if isinstance(shape, int) else [int(n) for n in shape]
    if any(n < 0 for n in sizes):
        raise ValueError(f"'shape' cannot have negative values, but got {tuple(sizes)}")
    rest, found = indices.to(int64), []
    for n in reversed(sizes):
        found.append(rest % n if n else rest)
        rest = rest // n if n else rest
    return tuple(reversed(found))


def sum_to_size(input: Any, *size: Any) -> Any:
    """Sums over the dimensions along which a tensor of ``size`` would be spread to this shape.

    >>> import pytorch_tutor as torch
    >>> torch.ones(2, 3).sum_to_size(1, 3)
    tensor([[2., 2., 2.]])
    """
    to = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    have = tuple(input._array.shape)
    extra = len(have) - len(to)
    if extra < 0 or any(n not in (1, h) for n, h in zip(to, have[extra:], strict=True)):
        raise lesson(
            RuntimeError(f"size {{{list(to)}}} is not expandable to size {{{list(have)}}}."),
            expected=f"a shape that broadcasts to {list(have)}",
            got=list(to),
        )
    axes = [*range(extra), *(i + extra for i, n in enumerate(to) if n == 1 and have[i + extra] != 1)]
    if not axes:
        return input if have else input.sum()
    return input.sum(axes, True).reshape(to)
