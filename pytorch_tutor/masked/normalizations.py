"""Functions of the shape of their input, in which what a mask hides takes no part: softmax and running totals."""

from __future__ import annotations

from typing import Any

from ..functions import activation, arithmetic, reduction
from .masking import axes, filled
from .reductions import norm


def cumsum(input: Any, dim: int, *, dtype: Any = None, mask: Any = None) -> Any:
    """Running totals of the elements where the mask is true.

    >>> import pytorch_tutor as torch
    >>> torch.masked.cumsum(torch.tensor([1.0, 2.0, 4.0]), 0, mask=torch.tensor([True, False, True]))
    tensor([1., 1., 5.])
    """
    kind = dtype or input.dtype
    return reduction.cumsum(filled("sum", input, mask), axes(dim, input._array.ndim)[0], dtype=kind).to(kind)


def cumprod(input: Any, dim: int, *, dtype: Any = None, mask: Any = None) -> Any:
    """Running products of the elements where the mask is true."""
    kind = dtype or input.dtype
    return reduction.cumprod(filled("prod", input, mask), axes(dim, input._array.ndim)[0], dtype=kind).to(kind)


def softmax(input: Any, dim: int, *, dtype: Any = None, mask: Any = None) -> Any:
    """Shares of eˣ among the elements where the mask is true; NaN where it is true nowhere.

    >>> import pytorch_tutor as torch
    >>> torch.masked.softmax(torch.tensor([1.0, 1.0, 9.0]), 0, mask=torch.tensor([True, True, False]))
    tensor([0.5000, 0.5000, 0.0000])
    """
    return activation.softmax(filled("amax", input, mask), axes(dim, input._array.ndim)[0], dtype or input.dtype)


def log_softmax(input: Any, dim: int, *, dtype: Any = None, mask: Any = None) -> Any:
    """The logarithm of :func:`softmax`."""
    return activation.log_softmax(filled("amax", input, mask), axes(dim, input._array.ndim)[0], dtype or input.dtype)


def softmin(input: Any, dim: int, *, dtype: Any = None, mask: Any = None) -> Any:
    """Shares of e⁻ˣ among the elements where the mask is true."""
    return activation.softmax(-filled("amin", input, mask), axes(dim, input._array.ndim)[0], dtype or input.dtype)


def normalize(input: Any, ord: Any, dim: int, *, eps: float = 1e-12, dtype: Any = None, mask: Any = None) -> Any:
    """The vector of the elements where the mask is true, brought to length 1."""
    length = norm(input, ord, dim, keepdim=True, dtype=dtype or input.dtype, mask=mask)
    return filled("sum", input, mask) / arithmetic.maximum(length, length.new_full([], eps))


def logaddexp(input: Any, other: Any, *, dtype: Any = None, input_mask: Any = None, other_mask: Any = None) -> Any:
    """ln(eˣ + eʸ), where either may be hidden.

    >>> import pytorch_tutor as torch
    >>> torch.masked.logaddexp(
    ...     torch.tensor([1.0, 1.0]), torch.tensor([2.0, 2.0]), other_mask=torch.tensor([True, False])
    ... )
    tensor([2.3133, 1.0000])
    """
    both = filled("logaddexp", input, input_mask), filled("logaddexp", other, other_mask)
    return arithmetic.logaddexp(*both).to(dtype or input.dtype)
