"""The functions that give views, as functions that give new memory: ``transpose_copy`` for ``transpose``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..dispatch import write_out
from ..errors import lesson
from . import indexing, shape


def copying(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function whose results have memory of their own."""

    def copied(input: Any, *args: Any, out: Any = None, **kwargs: Any) -> Any:
        found = function(input, *args, **kwargs)
        if isinstance(found, (tuple, list)):
            return write_out(tuple(shape.copied(part) for part in found), out, copied.__name__)
        return write_out(shape.copied(found), out, copied.__name__)

    copied.__name__ = copied.__qualname__ = f"{function.__name__}_copy"
    copied.__doc__ = f"The same as ``{function.__name__}``, in new memory."
    return copied


def alias_copy(input: Any, *, out: Any = None) -> Any:
    """The same elements in new memory.

    >>> import pytorch_tutor as torch
    >>> torch.alias_copy(torch.tensor([1, 2]))
    tensor([1, 2])
    """
    return write_out(shape.copied(input[...]), out, "alias_copy")


def detach_copy(input: Any, *, out: Any = None) -> Any:
    """The same elements in new memory, without history."""
    return write_out(shape.clone(input.detach()), out, "detach_copy")


as_strided_copy = copying(shape.as_strided)
diagonal_copy = copying(shape.diagonal)
expand_copy = copying(shape.expand)
permute_copy = copying(shape.permute)
select_copy = copying(indexing.select)
split_copy = copying(shape.split)
squeeze_copy = copying(shape.squeeze)
t_copy = copying(shape.t)
transpose_copy = copying(shape.transpose)
unbind_copy = copying(shape.unbind)
unfold_copy = copying(shape.unfold)
unsqueeze_copy = copying(shape.unsqueeze)
view_copy = copying(shape.view)


def narrow_copy(input: Any, dim: int, start: Any, length: int, *, out: Any = None) -> Any:
    """The same as ``narrow``, in new memory; its sentences are PyTorch's own for the copy.

    >>> import pytorch_tutor as torch
    >>> torch.narrow_copy(torch.tensor([1, 2, 3]), 0, 1, 2)
    tensor([2, 3])
    """
    rank = input._array.ndim
    if rank and dim >= rank:
        raise lesson(
            RuntimeError(
                "Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got false.  (Could this error "
                "message be improved?  If so, please report an enhancement request to PyTorch.)"
            ),
            expected=f"a dimension from {-rank} to {rank - 1}",
            got=dim,
        )
    if rank and length < 0 <= start:
        size = input._array.shape[dim]
        raise RuntimeError(f"start ({int(start)}) + length ({length}) exceeds dimension size ({size}).")
    view = indexing.narrow(input, dim, start, length)
    return write_out(shape.copied(view, "NarrowCopyBackward0"), out, "narrow_copy")


def split_with_sizes_copy(input: Any, split_sizes: Sequence[int], dim: int = 0, *, out: Any = None) -> Any:
    """Parts of the given sizes along a dimension, in new memory.

    >>> import pytorch_tutor as torch
    >>> torch.split_with_sizes_copy(torch.tensor([1, 2, 3]), [1, 2])
    (tensor([1]), tensor([2, 3]))
    """
    return split_copy(input, list(split_sizes), dim, out=out)


def unsafe_split(input: Any, split_size: Any, dim: int = 0) -> Any:
    """Parts of one size, which need not be views.

    >>> import pytorch_tutor as torch
    >>> torch.unsafe_split(torch.tensor([1, 2, 3]), 2)
    (tensor([1, 2]), tensor([3]))
    """
    return tuple(shape.copied(part, "UnsafeSplitBackward0") for part in shape.split(input, split_size, dim))


def unsafe_chunk(input: Any, chunks: int, dim: int = 0) -> Any:
    """A number of parts, which need not be views.

    >>> import pytorch_tutor as torch
    >>> torch.unsafe_chunk(torch.tensor([1, 2, 3]), 2)
    (tensor([1, 2]), tensor([3]))
    """
    return tuple(shape.copied(part, "UnsafeSplitBackward0") for part in shape.chunk(input, chunks, dim))
