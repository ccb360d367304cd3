"""Tensors side by side: grids of coordinates, stacks of rows, columns and layers."""

from __future__ import annotations

from typing import Any

from ..errors import lesson
from .shape import cat, expand, view


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Any, ...]:
    """Coordinates of a grid: one tensor per axis. With ``indexing="xy"`` the second axis comes first, as in pictures.

    >>> import pytorch_tutor as torch
    >>> rows, columns = torch.meshgrid(torch.tensor([1, 2]), torch.tensor([3, 4, 5]), indexing="ij")
    >>> rows
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    _not_empty("meshgrid", tensors)
    for x in tensors:
        if x._array.ndim > 1:
            raise lesson(
                RuntimeError(f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {x}"),
                expected="vectors",
                got=list(x._array.shape),
            )
        if x.dtype is not tensors[0].dtype:
            raise lesson(
                RuntimeError("meshgrid expects all tensors to have the same dtype"),
                expected=str(tensors[0].dtype),
                got=str(x.dtype),
            )
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    if indexing == "xy" and len(tensors) > 1:
        second, first, *rest = meshgrid(tensors[1], tensors[0], *tensors[2:], indexing="ij")
        return (first, second, *rest)
    shape = [x._array.size for x in tensors]
    seen = []
    for i, x in enumerate(tensors):
        seen.append(expand(view(x, [-1 if d == i else 1 for d in range(len(tensors))]), shape))
    return tuple(seen)


def atleast_1d(*tensors: Any) -> Any:
    """At least one dimension."""
    return _at_least(tensors, lambda x: x if x.dim() else x.reshape(1))


def atleast_2d(*tensors: Any) -> Any:
    """At least two dimensions."""
    return _at_least(tensors, lambda x: x if x.dim() > 1 else x.reshape(1, -1))


def atleast_3d(*tensors: Any) -> Any:
    """At least three dimensions."""
    return _at_least(tensors, lambda x: x if x.dim() > 2 else x.unsqueeze(-1) if x.dim() == 2 else x.reshape(1, -1, 1))


def _at_least(tensors: tuple[Any, ...], grow: Any) -> Any:
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        return tuple([grow(x) for x in tensors[0]])
    return grow(tensors[0]) if len(tensors) == 1 else tuple([grow(x) for x in tensors])


def _not_empty(function: str, tensors: Any) -> None:
    if isinstance(tensors, (list, tuple)) and not tensors:
        raise lesson(
            RuntimeError(f"{function} expects a non-empty TensorList"), expected="at least one tensor", got="[]"
        )


def hstack(tensors: Any, *, out: Any = None) -> Any:
    """Side by side, column after column."""
    _not_empty("hstack", tensors)
    tensors = [atleast_1d(x) for x in tensors]
    return cat(tensors, 0 if tensors[0].dim() == 1 else 1, out=out)


def vstack(tensors: Any, *, out: Any = None) -> Any:
    """One below the other, row after row."""
    _not_empty("vstack", tensors)
    return cat([atleast_2d(x) for x in tensors], 0, out=out)


def dstack(tensors: Any, *, out: Any = None) -> Any:
    """One behind the other."""
    _not_empty("dstack", tensors)
    return cat([atleast_3d(x) for x in tensors], 2, out=out)


def column_stack(tensors: Any, *, out: Any = None) -> Any:
    """Vectors as columns, matrices side by side."""
    return hstack([x.reshape(x.numel(), 1) if x.dim() < 2 else x for x in tensors], out=out)


row_stack = vstack  # another name that PyTorch has
