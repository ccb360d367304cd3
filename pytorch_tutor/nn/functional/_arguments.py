"""Checks that several functions share: tuples of sizes, reductions, and what is not a tensor."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from pytorch_tutor.dispatch import not_a_tensor
from pytorch_tutor.dtypes import SCALAR_NAMES, TYPE_INFO_NAMES
from pytorch_tutor.errors import lesson
from pytorch_tutor.tensor_base import TensorBase

Size = int | Sequence[int]


def require_tensor(value: Any, function: str, argument: str = "input", position: int = 1) -> None:
    """TypeError with PyTorch's sentence if `value` is not a tensor."""
    if not isinstance(value, TensorBase):
        raise not_a_tensor(function, argument, position, value)


def scalar_name(tensor: Any) -> str:
    """`Float`, `Long`, ...: what some sentences call a dtype."""
    return SCALAR_NAMES[tensor.dtype]


def c_name(tensor: Any) -> str:
    """`float`, `long int`, ...: what other sentences call a dtype."""
    return TYPE_INFO_NAMES[tensor.dtype]


def require_float(tensor: Any, kernel: str) -> None:
    """NotImplementedError for integers, with the name that PyTorch's kernel has."""
    if tensor._array.dtype.kind not in "fc":
        raise lesson(
            NotImplementedError(f"\"{kernel}\" not implemented for '{scalar_name(tensor)}'"),
            expected="a floating point dtype",
            got=str(tensor.dtype),
            hint="x.float()",
        )


def reduction_name(reduction: Any, size_average: bool | None = None, reduce: bool | None = None) -> str:
    """The reduction, checked; the old pair of flags still works, with PyTorch's warning."""
    if size_average is not None or reduce is not None:
        return legacy_reduction(size_average, reduce)
    if reduction.__class__ is int and 0 <= reduction < 3:  # torch's own functions number them
        return ("none", "mean", "sum")[reduction]
    if reduction not in ("none", "mean", "sum"):
        raise lesson(
            ValueError(f"{reduction} is not a valid value for reduction"),
            expected="'none', 'mean' or 'sum'",
            got=repr(reduction),
            hint="reduction='mean'",
        )
    return str(reduction)


def legacy_reduction(size_average: bool | None, reduce: bool | None, emit_warning: bool = True) -> str:
    """What `size_average` and `reduce` mean as a reduction."""
    size_average = True if size_average is None else size_average
    reduce = True if reduce is None else reduce
    found = "none" if not reduce else "mean" if size_average else "sum"
    if emit_warning:
        warnings.warn(
            f"size_average and reduce args will be deprecated, please use reduction='{found}' instead.", stacklevel=4
        )
    return found


def reduced(losses: Any, reduction: str) -> Any:
    """The mean or sum of a tensor of losses, or the tensor."""
    if reduction == "mean":
        return losses.mean()
    return losses.sum() if reduction == "sum" else losses


def tuple_of(value: Any, count: int) -> tuple[int, ...]:
    """`3` as (3, 3), and a sequence as a tuple."""
    if value.__class__ is tuple and len(value) == count:
        return value
    if isinstance(value, (tuple, list)):
        return tuple(value) * count if len(value) == 1 else tuple(value)
    return (value,) * count


def shape_text(shape: Sequence[int]) -> str:
    """`[2, 3]`."""
    return f"[{', '.join(map(str, shape))}]"


def warn_sizes(input: Any, target: Any) -> None:
    """PyTorch's warning that two shapes which differ will be broadcast."""
    warnings.warn(
        f"Using a target size ({target.size()}) that is different to the input size ({input.size()}). "
        "This will likely lead to incorrect results due to broadcasting. "
        "Please ensure they have the same size.",
        stacklevel=3,
    )


def check_broadcast(a: Any, b: Any) -> None:
    """RuntimeError where two shapes cannot be broadcast together."""
    first, second = a._array.shape, b._array.shape
    longest = max(len(first), len(second))
    for back, (m, n) in enumerate(zip(reversed(first), reversed(second), strict=False), start=1):
        if m != n and 1 not in (m, n):
            raise lesson(
                RuntimeError(
                    f"The size of tensor a ({m}) must match the size of tensor b ({n}) at non-singleton dimension "
                    f"{longest - back}"
                ),
                expected="shapes that are equal, or 1, from the last dimension backwards",
                got=f"{shape_text(first)} and {shape_text(second)}",
            )
