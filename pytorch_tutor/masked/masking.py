"""What a mask does: the elements that do not count are replaced by one that changes nothing."""

from __future__ import annotations

import math
from typing import Any

from ..creation import tensor
from ..dtypes import bool as boolean
from ..dtypes import dtype, float32, iinfo
from ..errors import lesson
from ..functions.arithmetic import where
from ..functions.shape import broadcast_to
from ..ops.reduction import axis_of


def whole_mask(input: Any, mask: Any) -> Any:
    """The mask as booleans in the shape of the input.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.masked.masking import whole_mask
    >>> whole_mask(torch.ones(2, 2), torch.tensor([1, 0]))
    tensor([[ True, False],
            [ True, False]])
    """
    if mask._array.shape != input._array.shape:
        if mask._array.ndim > input._array.ndim:
            raise lesson(
                IndexError(
                    "_input_mask expected broadcastable mask (got mask dimensionality higher than of the input)"
                ),
                expected=f"at most {input._array.ndim} dimensions",
                got=list(mask._array.shape),
            )
        mask = broadcast_to(mask, input._array.shape)
    return mask.to(boolean)


def smallest(kind: dtype) -> Any:
    """What no number of the type is below: it changes nothing where the largest is sought."""
    if kind.is_floating_point:
        return -math.inf
    if kind.rank in (1, 2):
        return int(iinfo(kind).min)
    raise NotImplementedError(f"identity of amax on {kind} input")


def largest(kind: dtype) -> Any:
    """What no number of the type is above."""
    if kind.is_floating_point:
        return math.inf
    if kind.rank in (1, 2):
        return int(iinfo(kind).max)
    raise NotImplementedError(f"identity of amin on {kind} input")


def neutral(function: str, kind: dtype, order: float = 2.0) -> Any:
    """The number that changes nothing in a function's result: 0 in a sum, 1 in a product, -∞ under "largest"."""
    if function in ("sum", "cumsum"):
        return 0
    if function in ("prod", "cumprod"):
        return 1
    if function == "norm":
        return math.inf if order == -math.inf else 0
    if function == "median":
        return math.nan
    if function == "logsumexp" and kind.is_complex:
        return complex(-math.inf, 0)
    try:
        return largest(kind) if function in ("amin", "argmin") else smallest(kind)
    except NotImplementedError:
        raise NotImplementedError(f"identity of {function} on {kind} input") from None


def filled(function: str, input: Any, mask: Any, order: float = 2.0) -> Any:
    """The input with the neutral element where the mask is false."""
    if mask is None:
        return input
    value = neutral(function, input.dtype, order)
    kind = float32 if function == "median" and not input.dtype.is_floating_point else input.dtype
    return where(whole_mask(input, mask), input, tensor(value, dtype=kind))


def axes(dim: Any, rank: int) -> tuple[int, ...]:
    """Dimensions counted from the front, in order; None and () mean all."""
    if dim is None or isinstance(dim, (tuple, list)) and not dim:
        return tuple(range(rank))
    found: list[int] = []
    for d in (dim,) if isinstance(dim, int) else dim:
        if d in found:
            raise RuntimeError(f"dim={d} appears multiple times in the list of dims")
        found.append(axis_of(d, rank))
    return tuple(sorted(found))
