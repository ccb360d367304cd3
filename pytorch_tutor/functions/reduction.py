"""Reductions: sums, means, extremes, norms, running totals."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..dispatch import apply, not_a_tensor, write_out
from ..dtypes import SCALAR_NAMES, float32
from ..errors import lesson
from ..ops import arithmetic
from ..ops import reduction as ops
from ..ops.slices import Median, Nanmedian
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from .arguments import no_such_call, not_an_int
from .numpy_names import numpy_names
from .titles import titled


def _typed(input: Any, dtype: Any, name: str) -> Any:
    if not isinstance(input, TensorBase):
        raise not_a_tensor(name, "input", 1, input)
    return input if dtype is None or dtype is input.dtype else input.to(dtype)


def _like_input(result: Any, input: Any, dtype: Any) -> Any:
    return result if dtype is None or result.dtype is dtype else result.to(dtype)


@numpy_names
def sum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The sum of all elements, or along dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.sum(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    input = _typed(input, dtype, "sum")
    return write_out(_like_input(apply(ops.Sum, input, dim=dim, keepdim=keepdim), input, dtype), out, "sum")


@numpy_names
def nansum(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The sum of the elements that are not NaN."""
    return write_out(apply(ops.Nansum, _typed(input, dtype, "nansum"), dim=dim, keepdim=keepdim), out, "nansum")


@numpy_names
def mean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The mean of all elements, or along dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.mean(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=1)
    tensor([1.5000, 3.5000])
    """
    which = "Input" if dtype is None else "Optional"
    input = _typed(input, dtype, "mean")
    _need_float(
        input,
        f"mean(): could not infer output dtype. {which} dtype must be either a floating point or complex "
        f"dtype. Got: {SCALAR_NAMES[input.dtype]}",
    )
    return write_out(apply(ops.Mean, input, dim=dim, keepdim=keepdim), out, "mean")


def _need_float(input: Any, sentence: str) -> None:
    if input.dtype.rank < 3:
        raise lesson(RuntimeError(sentence), expected="floats", got=str(input.dtype), hint="x.float().mean()")


@numpy_names
def nanmean(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The mean of the elements that are not NaN."""
    refuse(
        input.dtype,
        "bool int",
        RuntimeError("nanmean(): expected input to have floating point or complex dtype but got {type}"),
    )
    input = _typed(input, dtype, "nanmean")
    count = sum((input == input).to(input.dtype), dim, keepdim)
    return write_out(nansum(input, dim, keepdim) / count.detach(), out, "nanmean")


@numpy_names
def prod(input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None) -> Any:
    """The product of all elements, or along one dimension."""
    if isinstance(dim, (tuple, list)):
        signatures = (
            "Tensor input, *, torch.dtype dtype = None",
            "Tensor input, int dim, bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None",
        )
        raise no_such_call("prod", (input, dim), signatures)
    input = _typed(input, dtype, "prod")
    return write_out(apply(ops.Prod, input, dim=dim, keepdim=keepdim), out, "prod")


def _correction(dim: Any, unbiased: Any, correction: Any) -> tuple[Any, float]:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None:
        return dim, 1 if unbiased else 0
    return dim, 1 if correction is None else correction


@numpy_names
def var(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None,
    out: Any = None,
) -> Any:  # fmt: skip
    """The variance: mean squared distance from the mean, over n - correction (1 unless told).

    >>> import pytorch_tutor as torch
    >>> torch.var(torch.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    _need_float(input, "std and var only support floating point and complex dtypes")
    dim, c = _correction(dim, unbiased, correction)
    return write_out(apply(ops.Var, input, dim=dim, correction=c, keepdim=keepdim), out, "var")


@numpy_names
def std(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None,
    out: Any = None,
) -> Any:  # fmt: skip
    """The standard deviation, the square root of the variance.

    >>> import pytorch_tutor as torch
    >>> torch.std(torch.tensor([1.0, 2.0, 3.0]))
    tensor(1.)
    """
    _need_float(input, "std and var only support floating point and complex dtypes")
    dim, c = _correction(dim, unbiased, correction)
    return write_out(apply(ops.Std, input, dim=dim, correction=c, keepdim=keepdim), out, "std")


@numpy_names
def var_mean(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Any:
    """Variance and mean."""
    _need_float(input, "var_mean only support floating point and complex dtypes")
    d = None if isinstance(dim, bool) else dim
    spread = var(input, dim, unbiased, keepdim, correction=correction)
    return titled(spread, "VarMeanBackward0"), titled(mean(input, d, keepdim), "VarMeanBackward0")


@numpy_names
def std_mean(
    input: Any, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Any:
    """Standard deviation and mean."""
    _need_float(input, "std_mean only support floating point and complex dtypes")
    d = None if isinstance(dim, bool) else dim
    spread = std(input, dim, unbiased, keepdim, correction=correction)
    return titled(spread, "StdMeanBackward0"), titled(mean(input, d, keepdim), "StdMeanBackward0")


def _check_extreme(function: str, input: Any, dim: Any) -> None:
    """TypeError for what is neither a tensor, nor a tensor with a dimension, nor two tensors."""
    if dim is None and not isinstance(input, TensorBase):
        raise not_a_tensor(function, "input", 1, input)
    if not isinstance(input, TensorBase) or isinstance(dim, (float, complex)):
        signatures = (
            "Tensor input, *, Tensor out = None",
            "Tensor input, Tensor other, *, Tensor out = None",
            "Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None",
        )
        raise no_such_call(function, (input, dim), signatures)


def _check_axes(function: str, input: Any, dim: Any) -> None:
    """RuntimeError where all of an empty tensor is asked for: there is no extreme."""
    if not input._array.size and input._array.ndim and not isinstance(dim, int) and not tuple(dim):
        raise lesson(
            RuntimeError(
                f"{function}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim "
                "with the 'dim' argument."
            ),
            expected="at least one element, or a dimension that has some",
            got=list(input._array.shape),
        )


class max_result(ops.Extreme):  # noqa: N801 - the name that is printed
    """What `max` along a dimension gives: `values` and `indices`."""

    __slots__ = ()


max_result.__name__ = "max"


class min_result(ops.Extreme):  # noqa: N801 - the name that is printed
    """What `min` along a dimension gives: `values` and `indices`."""

    __slots__ = ()


min_result.__name__ = "min"


@numpy_names
def max(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None, out: Any = None) -> Any:
    """The largest element; along a dimension, the values and their indices; of two tensors, the larger elements.

    >>> import pytorch_tutor as torch
    >>> torch.max(torch.tensor([[1.0, 5.0], [7.0, 3.0]]), dim=1).values
    tensor([5., 7.])
    """
    dim = dim if other is None else other
    _check_extreme("max", input, dim)
    if isinstance(dim, TensorBase):
        return write_out(apply(arithmetic.Maximum, input, dim), out, "maximum")
    if dim is None:
        refuse(input.dtype, "complex unsigned", "max_all")
        return write_out(apply(ops.Amax, input, name="max"), out, "max")
    return write_out(max_result(*apply(ops.Max, input, dim=dim, keepdim=keepdim)), out, "max")


@numpy_names
def min(input: Any, dim: Any = None, keepdim: bool = False, *, other: Any = None, out: Any = None) -> Any:
    """The smallest element; along a dimension, the values and their indices; of two tensors, the smaller elements."""
    dim = dim if other is None else other
    _check_extreme("min", input, dim)
    if isinstance(dim, TensorBase):
        return write_out(apply(arithmetic.Minimum, input, dim), out, "minimum")
    if dim is None:
        refuse(input.dtype, "complex unsigned", "min_all")
        return write_out(apply(ops.Amin, input, name="min"), out, "min")
    return write_out(min_result(*apply(ops.Min, input, dim=dim, keepdim=keepdim)), out, "min")


@numpy_names
def amax(input: Any, dim: Any = (), keepdim: bool = False, *, out: Any = None) -> Any:
    """The largest elements along dimensions; equal ones share the gradient."""
    _check_axes("amax", input, dim)
    return write_out(apply(ops.Amax, input, dim=dim, keepdim=keepdim), out, "amax")


@numpy_names
def amin(input: Any, dim: Any = (), keepdim: bool = False, *, out: Any = None) -> Any:
    """The smallest elements along dimensions; equal ones share the gradient."""
    _check_axes("amin", input, dim)
    return write_out(apply(ops.Amin, input, dim=dim, keepdim=keepdim), out, "amin")


class aminmax_result(NamedTuple):  # noqa: N801 - the name that is printed
    """The smallest and the largest elements."""

    min: Any
    max: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nmin={self.min!r},\nmax={self.max!r})"


aminmax_result.__name__ = "aminmax"


@numpy_names
def aminmax(input: Any, *, dim: Any = None, keepdim: bool = False, out: Any = None) -> Any:
    """The smallest and the largest element.

    >>> import pytorch_tutor as torch
    >>> torch.aminmax(torch.tensor([3, 1, 2])).max
    tensor(3)
    """
    refuse(input.dtype, "complex", "aminmax_cpu")
    if dim is not None and not isinstance(dim, int):
        raise not_an_int("aminmax", "dim", dim)
    if dim is None and not input._array.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
        )
    if dim is not None and input._array.ndim and not input._array.shape[ops.axis_of(dim, input._array.ndim)]:
        axis = ops.axis_of(dim, input._array.ndim)
        raise IndexError(f"aminmax: Expected reduction dim {axis} to have non-zero size.")
    axes = () if dim is None else dim
    ends = [titled(end(input, axes, keepdim), "AminmaxBackward0") for end in (amin, amax)]
    return write_out(aminmax_result(*ends), out, "aminmax")


@numpy_names
def argmax(input: Any, dim: int | None = None, keepdim: bool = False, *, out: Any = None) -> Any:
    """The index of the largest element, in the flattened tensor or along a dimension.

    >>> import pytorch_tutor as torch
    >>> torch.argmax(torch.tensor([[1.0, 5.0], [7.0, 3.0]]), dim=1)
    tensor([1, 0])
    """
    refuse(input.dtype, "complex", RuntimeError("argmax(): does not support complex input"))
    refuse(input.dtype, "bool", RuntimeError("argmax(): does not support bool input"))
    refuse(input.dtype, "unsigned", "argmax_cpu")
    if not isinstance(input, TensorBase):
        raise not_a_tensor("argmax", "input", 1, input)
    return write_out(apply(ops.Arg, input, which="max", dim=dim, keepdim=keepdim), out, "argmax")


@numpy_names
def argmin(input: Any, dim: int | None = None, keepdim: bool = False, *, out: Any = None) -> Any:
    """The index of the smallest element."""
    refuse(input.dtype, "complex", RuntimeError("argmin(): does not support complex input"))
    refuse(input.dtype, "bool", RuntimeError("argmin(): does not support bool input"))
    refuse(input.dtype, "unsigned", "argmin_cpu")
    if not isinstance(input, TensorBase):
        raise not_a_tensor("argmin", "input", 1, input)
    return write_out(apply(ops.Arg, input, which="min", dim=dim, keepdim=keepdim), out, "argmin")


@numpy_names
def all(input: Any, dim: Any = None, keepdim: bool = False, *, out: Any = None) -> Any:
    """Are all elements non-zero?"""
    return write_out(apply(ops.Truth, input, which="all", dim=dim, keepdim=keepdim), out, "all")


@numpy_names
def any(input: Any, dim: Any = None, keepdim: bool = False, *, out: Any = None) -> Any:
    """Is some element non-zero?"""
    return write_out(apply(ops.Truth, input, which="any", dim=dim, keepdim=keepdim), out, "any")


@numpy_names
def count_nonzero(input: Any, dim: Any = None) -> Any:
    """How many elements are non-zero?"""
    return apply(ops.CountNonzero, input, dim=dim)


@numpy_names
def logsumexp(input: Any, dim: Any, keepdim: bool = False, *, out: Any = None) -> Any:
    """ln Σ eˣ, computed so that nothing overflows."""
    return write_out(apply(ops.Logsumexp, input, dim=dim, keepdim=keepdim), out, "logsumexp")


@numpy_names
def cumsum(input: Any, dim: int, *, dtype: Any = None, out: Any = None) -> Any:
    """Running totals along a dimension.

    >>> import pytorch_tutor as torch
    >>> torch.cumsum(torch.tensor([1, 2, 3]), dim=0)
    tensor([1, 3, 6])
    """
    return write_out(apply(ops.Cumsum, _typed(input, dtype, "cumsum"), dim=dim), out, "cumsum")


@numpy_names
def cumprod(input: Any, dim: int, *, dtype: Any = None, out: Any = None) -> Any:
    """Running products along a dimension."""
    return write_out(apply(ops.Cumprod, _typed(input, dtype, "cumprod"), dim=dim), out, "cumprod")


@numpy_names
def median(input: Any, dim: int | None = None, keepdim: bool = False, *, out: Any = None) -> Any:
    """The middle element in order (the lower one of two); along a dimension, values and indices."""
    refuse(input.dtype, "bool complex unsigned", "median_cpu")
    values, index = middle(input, dim, keepdim, skip=False)
    return write_out(values if dim is None else median_result(values, index), out, "median", input)


def middle(input: Any, dim: int | None, keepdim: bool, skip: bool) -> tuple[Any, Any]:
    """The lower middle element of each row and its place; of rows with NaN the first NaN, unless they are skipped."""
    x = input.flatten() if dim is None else input
    axis = ops.axis_of(0 if dim is None else dim, x._array.ndim)
    if not x._array.ndim:
        return x.clone(), wrap(np.zeros((), "i8"))
    if not x._array.shape[axis]:
        if dim is None:
            return (x.sum() * np.nan if x.dtype.rank > 2 else x.sum() + np.iinfo(x._array.dtype).min), None
        raise IndexError(f"median(): Expected reduction dim {axis} to have non-zero size.")
    rows = np.moveaxis(x._array, axis, -1)
    counts = (rows == rows).sum(-1)
    order = np.argsort(rows, axis=-1, kind="stable")  # NaN come last
    wanted = np.maximum(counts - 1, 0) // 2
    if not skip:
        wanted = np.where(counts < rows.shape[-1], counts, wanted)
    found = np.take_along_axis(order, np.expand_dims(wanted, -1), -1)
    places = np.ascontiguousarray(np.moveaxis(found, -1, axis))
    keeps = keepdim and dim is not None
    values = apply(
        Nanmedian if skip else Median, x, index=places, dim=axis, keepdim=keeps, variant=int(dim is not None)
    )
    return values, wrap(places if keeps else places.squeeze(axis))


class median_result(ops.Extreme):  # noqa: N801 - the name that is printed
    """What `median` along a dimension gives: `values` and `indices`."""

    __slots__ = ()


median_result.__name__ = "median"


def bincount(input: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each non-negative integer occurs."""
    refuse(input.dtype, "bool half float complex", "bincount_cpu")
    if input.dim() != 1 or input.dtype.rank != 2 or (input._array < 0).any():
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if minlength < 0:
        raise lesson(RuntimeError("minlength should be >= 0"), expected="0 or more", got=minlength)
    if weights is None:
        return wrap(np.bincount(input._array, None, minlength))
    if weights._array.shape != input._array.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    found = np.bincount(input._array, weights._array, minlength)
    return wrap(found.astype("f4") if weights.dtype is float32 else found)
