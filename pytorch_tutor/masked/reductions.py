"""Sums, extremes, means and norms of the elements that a mask lets through. Read ``sum`` first."""

from __future__ import annotations

from typing import Any

from ..creation import ones
from ..dtypes import dtype as Kind
from ..dtypes import float32, int64
from ..functions import arithmetic, reduction, unary
from ..functions.distances import nanmedian
from ..functions.norms import vector_norm
from .masking import axes, filled, whole_mask


def _wide(kind: Kind) -> Kind:
    """The type in which numbers of a type are added up."""
    return int64 if kind.rank < 3 else kind


def sum(input: Any, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The sum of the elements where the mask is true; 0 where it is true nowhere.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> torch.masked.sum(x, 1, mask=torch.tensor([True, False, True]))
    tensor([ 4., 10.])
    """
    kind = _wide(input.dtype) if dtype is None else dtype
    along = axes(dim, input._array.ndim)
    return reduction.sum(filled("sum", input, mask), along or None, bool(keepdim), dtype=kind)


def prod(input: Any, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The product of the elements where the mask is true; 1 where it is true nowhere."""
    kind = _wide(input.dtype) if dtype is None else dtype
    found = filled("prod", input, mask).to(kind)
    for d in reversed(axes(dim, input._array.ndim)):
        found = reduction.prod(found, d, bool(keepdim))
    return found


def amax(input: Any, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The largest element where the mask is true.

    >>> import pytorch_tutor as torch
    >>> torch.masked.amax(torch.tensor([3, 7, 5]), mask=torch.tensor([True, False, True]))
    tensor(5)
    """
    found = reduction.amax(filled("amax", input, mask), axes(dim, input._array.ndim), bool(keepdim))
    return found.to(dtype or input.dtype)


def amin(input: Any, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The smallest element where the mask is true."""
    found = reduction.amin(filled("amin", input, mask), axes(dim, input._array.ndim), bool(keepdim))
    return found.to(dtype or input.dtype)


def argmax(input: Any, dim: int | None = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The place of the largest element where the mask is true; as PyTorch has it, in the type of the input."""
    return reduction.argmax(filled("argmax", input, mask), dim, bool(keepdim)).to(dtype or input.dtype)


def argmin(input: Any, dim: int | None = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The place of the smallest element where the mask is true, in the type of the input."""
    return reduction.argmin(filled("argmin", input, mask), dim, bool(keepdim)).to(dtype or input.dtype)


def _count(input: Any, dim: Any, keepdim: bool, mask: Any) -> Any:
    """How many elements count."""
    if mask is None:
        return sum(ones(input._array.shape, dtype=int64), dim, keepdim=keepdim)
    return reduction.sum(whole_mask(input, mask), axes(dim, input._array.ndim) or None, keepdim)


def mean(input: Any, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The mean of the elements where the mask is true; NaN where it is true nowhere.

    >>> import pytorch_tutor as torch
    >>> torch.masked.mean(torch.tensor([1.0, 2.0, 6.0]), mask=torch.tensor([True, True, False]))
    tensor(1.5000)
    """
    kind, source = (input.dtype, "Input") if dtype is None else (dtype, "Optional")
    if kind.rank < 3:
        raise ValueError(
            f"mean(): Could not infer output dtype. {source} dtype must be either a floating point or complex dtype. Got: "
            f"{kind}"
        )
    return sum(input, dim, keepdim=keepdim, dtype=kind, mask=mask) / _count(input, dim, bool(keepdim), mask)


def median(input: Any, dim: int = -1, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """The middle element, of two the lower, where the mask is true."""
    along = axes(dim, input._array.ndim)[0]
    numbers = input if input.dtype.is_floating_point else input.to(float32)
    found = nanmedian(filled("median", numbers, mask), along, keepdim).values
    if input.dtype.is_floating_point:
        return found
    if bool((found != found).any()):
        raise ValueError("masked median expects no fully masked out rows if dtype is not floating point")
    return found.to(dtype or input.dtype)


def logsumexp(input: Any, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None) -> Any:
    """ln Σ eˣ over the elements where the mask is true."""
    found = reduction.logsumexp(filled("logsumexp", input, mask), axes(dim, input._array.ndim), keepdim)
    return found.to(dtype or input.dtype)


def norm(
    input: Any, ord: Any = 2.0, dim: Any = None, *, keepdim: bool = False, dtype: Any = None, mask: Any = None
) -> Any:
    """The length of the vector of elements where the mask is true."""
    kind = dtype or input.dtype
    shown = filled("norm", input, mask, ord)
    return vector_norm(shown, ord, axes(dim, input._array.ndim), bool(keepdim), dtype=kind)


def _spread(input: Any, dim: Any, unbiased: bool | None, correction: Any, keepdim: bool, dtype: Any, mask: Any) -> Any:
    if unbiased is not None and correction is not None:
        raise AssertionError("Only one of unbiased and correction may be given")
    less = float(correction) if correction is not None else 1.0 if unbiased is None or unbiased else 0.0
    kind = dtype or (input.dtype if input.dtype.rank > 2 else float32)
    wide = kind if kind.rank > 2 else float32
    centre = sum(input, dim, keepdim=True, dtype=kind, mask=mask) / _count(input, dim, True, mask)
    away = arithmetic.sub(input, centre)
    total = sum(away * away.conj(), dim, keepdim=keepdim, dtype=wide, mask=mask)
    count = _count(input, dim, bool(keepdim), mask)
    if less:
        count = (count.to(wide.to_real() if wide.is_complex else wide) - less).clamp(min=0)
    return (total / count).to(kind)


def var(
    input: Any, dim: Any = None, unbiased: bool | None = None, *, correction: Any = None, keepdim: bool = False,
    dtype: Any = None, mask: Any = None,
) -> Any:  # fmt: skip
    """The variance of the elements where the mask is true."""
    return _spread(input, dim, unbiased, correction, keepdim, dtype, mask)


def std(
    input: Any, dim: Any = None, unbiased: bool | None = None, *, correction: Any = None, keepdim: bool = False,
    dtype: Any = None, mask: Any = None,
) -> Any:  # fmt: skip
    """The standard deviation of the elements where the mask is true.

    >>> import pytorch_tutor as torch
    >>> torch.masked.std(torch.tensor([1.0, 3.0, 99.0]), mask=torch.tensor([True, True, False]))
    tensor(1.4142)
    """
    return unary.sqrt(_spread(input, dim, unbiased, correction, keepdim, dtype, mask))
