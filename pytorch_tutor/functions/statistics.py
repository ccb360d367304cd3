"""Statistics: quantiles, modes, covariances, running extremes, differences and areas."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..backends.selection import sorted_places
from ..dispatch import write_out
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops.reduction import axis_of
from ..precision import in_full
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from .arithmetic import logaddexp
from .gathering import gather
from .indexing import narrow
from .numpy_names import numpy_names
from .shape import cat, stack
from .sorting import sort
from .titles import titled


class Found(NamedTuple):
    """Values and where they were found."""

    values: Any
    indices: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nvalues={self.values!r},\nindices={self.indices!r})"


class cummax_result(Found):  # noqa: N801 - the name that is printed
    """What ``cummax`` returns."""

    __slots__ = ()


class cummin_result(Found):  # noqa: N801 - the name that is printed
    """What ``cummin`` returns."""

    __slots__ = ()


class mode_result(Found):  # noqa: N801 - the name that is printed
    """What ``mode`` returns."""

    __slots__ = ()


cummax_result.__name__, cummin_result.__name__, mode_result.__name__ = "cummax", "cummin", "mode"


# -- along the way ----------------------------------------------------------------------------------------------------


def _running(input: Any, dim: int, at_least: Any) -> Any:
    """The places of the extreme so far; of equal ones the last, and a NaN once met stays."""
    axis = axis_of(dim, input._array.ndim)
    x = np.moveaxis(np.atleast_1d(input._array), axis if input._array.ndim else 0, 0)
    places = np.zeros(x.shape, np.int64)
    best = x[:1].copy()
    for i in range(1, len(x)):
        takes = at_least(x[i], best[0]) | (x[i] != x[i])
        if x.dtype.kind == "f":
            takes = takes & ((best[0] == best[0]) | (x[i] != x[i]))
        best[0] = np.where(takes, x[i], best[0])
        places[i] = np.where(takes, i, places[i - 1])
    return wrap(np.moveaxis(places, 0, axis if input._array.ndim else 0).reshape(input._array.shape))


@numpy_names
def cummax(input: Any, dim: int, *, out: Any = None) -> Any:
    """The largest element so far along a dimension, and its place.

    >>> import pytorch_tutor as torch
    >>> torch.cummax(torch.tensor([1, 3, 2]), 0).values
    tensor([1, 3, 3])
    """
    refuse(input.dtype, "complex", "cummax_cpu")
    places = _running(input, dim, np.greater_equal)
    return write_out(cummax_result(titled(gather(input, dim, places), "CummaxBackward0"), places), out, "cummax")


@numpy_names
def cummin(input: Any, dim: int, *, out: Any = None) -> Any:
    """The smallest element so far along a dimension, and its place."""
    refuse(input.dtype, "complex", "cummin_cpu")
    places = _running(input, dim, np.less_equal)
    return write_out(cummin_result(titled(gather(input, dim, places), "CumminBackward0"), places), out, "cummin")


@numpy_names
def logcumsumexp(input: Any, dim: int, *, out: Any = None) -> Any:
    """The logarithm of the running sum of exponentials, without overflow."""
    if input.dtype.rank < 3:
        name = SCALAR_NAMES[input.dtype]
        raise lesson(NotImplementedError(f"\"logcumsumexp_out_cpu\" not implemented for '{name}'"), hint="x.float()")
    axis = axis_of(dim, input._array.ndim)
    if not input._array.size or not input._array.ndim:
        return write_out(input.clone(), out, "logcumsumexp")
    rows = list(input.unbind(axis))
    for i in range(1, len(rows)):
        rows[i] = logaddexp(rows[i - 1], rows[i])
    return write_out(titled(stack(rows, axis), "LogcumsumexpBackward0"), out, "logcumsumexp")


@numpy_names
def diff(input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None, *, out: Any = None) -> Any:
    """The differences of neighbours along a dimension, ``n`` times.

    >>> import pytorch_tutor as torch
    >>> torch.diff(torch.tensor([1, 4, 9]))
    tensor([3, 5])
    """
    if not input._array.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    axis = axis_of(dim, input._array.ndim)
    for extra in (prepend, append):
        if extra is not None and extra._array.ndim != input._array.ndim:
            raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if n == 0:
        return write_out(input.clone(), out, "diff")
    parts = [x for x in (prepend, input, append) if x is not None]
    x = cat(parts, axis) if len(parts) > 1 else input
    for _ in range(n):
        size = x._array.shape[axis]
        if size < 2:
            x = narrow(x, axis, 0, 0).clone()
            break
        after, before = narrow(x, axis, 1, size - 1), narrow(x, axis, 0, size - 1)
        x = after ^ before if x.dtype.rank == 0 else after - before
    return write_out(x, out, "diff")


@numpy_names
def refuse_bool(name: str, y: Any, x: Any) -> None:
    """RuntimeError: truth values have no area under them."""
    which = "`y`" if x is None else "`x` or `y`"
    said = RuntimeError(f"{name}: received a bool input for {which}, but bool is not supported")
    for values in (y,) if x is None else (y, x):
        refuse(values.dtype, "bool", said)


def trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """The area under points joined by lines: each gap times the mean of its two ends.

    >>> import pytorch_tutor as torch
    >>> torch.trapezoid(torch.tensor([1.0, 5.0, 10.0]))
    tensor(10.5000)
    """
    refuse_bool("trapezoid", y, x)
    if not y._array.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    axis = axis_of(dim, y._array.ndim)
    n = y._array.shape[axis]
    if n == 0:
        return y.sum(axis)
    pairs = narrow(y, axis, 1, n - 1) + narrow(y, axis, 0, n - 1)
    if x is None:
        return pairs.sum(axis) * (1 if dx is None else dx) / 2.0
    points = x._array.shape[0 if x._array.ndim == 1 else axis]
    if points != n:
        raise RuntimeError("trapezoid: There must be one `x` value for each sample point")
    if x._array.ndim == 1:
        x = x.reshape([-1 if d == axis else 1 for d in range(y._array.ndim)])
    return (diff(x, dim=axis) * pairs).sum(axis) / 2.0


trapz = trapezoid


# -- of a whole sample ------------------------------------------------------------------------------------------------


def _quantile(
    function: str, input: Any, q: Any, dim: int | None, keepdim: bool, interpolation: str, skip: bool
) -> tuple[list[Any], int]:
    name = f"{function}()"
    if not input._array.size:
        raise lesson(RuntimeError(f"{name} input tensor must be non-empty"), expected="at least one element")
    if input.dtype.name not in ("float32", "float64"):
        raise lesson(
            RuntimeError("quantile() input tensor must be either float or double dtype"),
            got=str(input.dtype),
            hint="x.float()",
        )
    if isinstance(q, TensorBase):
        if q._array.ndim > 1:
            raise RuntimeError(f"{name} q must be a scalar or 1D tensor")
        if q.dtype is not input.dtype:
            raise RuntimeError(f"{name} q tensor must be same dtype as the input tensor")
        levels = q._array
    else:
        if not 0 <= q <= 1:
            raise lesson(
                RuntimeError(f"{name} q must be in the range [0, 1] but got {q:g}"), expected="0 <= q <= 1", got=q
            )
        levels = np.asarray(q, input._array.dtype)
    if interpolation not in ("linear", "lower", "higher", "midpoint", "nearest"):
        raise RuntimeError(
            f"{name} interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}"
        )
    if not ((levels >= 0) & (levels <= 1)).all():
        raise RuntimeError(f"{name} q values must be in the range [0, 1]")
    rank = input._array.ndim
    axis = None if dim is None else axis_of(dim, rank)
    rows = input.reshape(-1) if axis is None or not rank else input.transpose(axis, -1)
    ordered = sort(rows, -1).values
    n = ordered._array.shape[-1]
    counts = (~np.isnan(ordered._array)).sum(-1, keepdims=True) if skip else np.full((), n)
    results = []
    reach = np.maximum(counts - 1, 0).astype(input._array.dtype)
    shape = (*ordered._array.shape[:-1], 1)
    for place, level in enumerate(levels.reshape(-1)):
        at = level * reach
        low, high = np.floor(at), np.ceil(at)
        if not skip:  # one NaN makes every quantile of its row NaN, and it is sorted to the end
            unknown = np.isnan(ordered._array).any(-1, keepdims=True)
            low, high, at = (np.where(unknown, n - 1, v) for v in (low, high, at))
        exact = {"lower": low, "higher": high, "nearest": np.rint(at)}.get(interpolation)
        if exact is not None:
            results.append(gather(ordered, -1, _index(exact, shape)))
            continue
        first, second = gather(ordered, -1, _index(low, shape)), gather(ordered, -1, _index(high, shape))
        share: Any = 0.5 if interpolation == "midpoint" else wrap(np.broadcast_to(at - low, shape).copy())
        if interpolation == "linear" and isinstance(q, TensorBase) and q.requires_grad:
            share = q.reshape(-1)[place] * wrap(np.broadcast_to(reach, shape).copy()) - wrap(np.floor(at))
        results.append(first.lerp(second, share))
    return [_placed(x, axis, rank, keepdim) for x in results], levels.ndim


def _index(places: Any, shape: tuple[int, ...]) -> Any:
    return wrap(np.broadcast_to(places, shape).astype(np.int64))


def _placed(x: Any, axis: int | None, rank: int, keepdim: bool) -> Any:
    """The one number of each row, where its dimension was, or with the dimension gone."""
    if axis is None or not rank:
        return x.reshape([1] * rank if keepdim else [])
    moved = x.transpose(axis, -1)
    return moved if keepdim else moved.squeeze(axis)


@in_full
@numpy_names
def quantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear", out: Any = None
) -> Any:
    """The value below which a share ``q`` of the elements lies.

    >>> import pytorch_tutor as torch
    >>> torch.quantile(torch.tensor([1.0, 2.0, 3.0, 4.0]), 0.5)
    tensor(2.5000)
    """
    found, several = _quantile("quantile", input, q, dim, keepdim, interpolation, False)
    return write_out(stack(found) if several else found[0], out, "quantile")


@in_full
@numpy_names
def nanquantile(
    input: Any, q: Any, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear", out: Any = None
) -> Any:
    """:func:`quantile` of the elements that are not NaN."""
    found, several = _quantile("nanquantile", input, q, dim, keepdim, interpolation, True)
    return write_out(stack(found) if several else found[0], out, "nanquantile")


@numpy_names
def mode(input: Any, dim: int = -1, keepdim: bool = False, *, out: Any = None) -> Any:
    """The most frequent element along a dimension (of equally frequent ones the smallest), and its last place.

    >>> import pytorch_tutor as torch
    >>> torch.mode(torch.tensor([1, 2, 2, 1, 3])).values
    tensor(1)
    """
    refuse(input.dtype, "complex", "mode_cpu")
    axis = axis_of(dim, input._array.ndim)
    if not input._array.ndim:
        return write_out(mode_result(input.clone(), wrap(np.asarray(0))), out, "mode")
    if not input._array.shape[axis]:
        raise IndexError(f"mode(): Expected reduction dim {axis} to have non-zero size.")
    rows = np.moveaxis(input._array, axis, -1)
    places = np.zeros(rows.shape[:-1], np.int64)
    for place in np.ndindex(places.shape):
        counts = np.unique(rows[place], return_counts=True, equal_nan=False)[1]
        order = sorted_places(rows[place], len(rows[place]), False)
        places[place] = order[counts[: counts.argmax() + 1].sum() - 1]
    index = wrap(np.expand_dims(places, axis))
    values = gather(input, axis, index)
    found = mode_result(values, index) if keepdim else mode_result(values.squeeze(axis), index.squeeze(axis))
    titled(found.values, "ModeBackward0")
    return write_out(found, out, "mode")


def histc(input: Any, bins: int = 100, min: float = 0, max: float = 0, *, out: Any = None) -> Any:
    """How many elements fall into each of ``bins`` intervals between ``min`` and ``max``.

    >>> import pytorch_tutor as torch
    >>> torch.histc(torch.tensor([1.0, 2.0, 1.0]), bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])
    """
    refuse(input.dtype, "int", "histogram_cpu")
    refuse(input.dtype, "bool", "linspace_cpu")
    refuse(input.dtype, "complex", "aminmax_cpu" if min == max else "histogram_cpu")
    x = input._array
    low, high = (float(x.min()), float(x.max())) if min == max == 0 and x.size else (float(min), float(max))
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")
    if not (math.isfinite(low) and math.isfinite(high)):
        raise lesson(RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite"), hint="x[x.isfinite()]")
    if low == high:
        low, high = low - 1, high + 1
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    inside = x[(x >= low) & (x <= high)]
    places = np.minimum((inside - low) * bins // (high - low), bins - 1).astype(np.int64)
    return write_out(wrap(np.bincount(places, minlength=bins).astype(x.dtype), input._dtype), out, "histc")


def _check_weights(name: str, weights: Any, integral: bool, count: int) -> None:
    """RuntimeError for weights of observations that are none."""
    if weights._array.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with {weights._array.ndim} dimensions"
        )
    if (weights.dtype.rank == 2) is not integral:
        kind = "integral" if integral else "floating point"
        raise RuntimeError(
            f"cov(): expected {name} to have {kind} dtype but got {name} with {SCALAR_NAMES[weights.dtype]} dtype"
        )
    if weights._array.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{weights._array.size} != {count}"
        )
    if (weights._array < 0).any():
        raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(input: Any, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    """How variables (rows) vary together: the mean product of their deviations.

    >>> import pytorch_tutor as torch
    >>> torch.cov(torch.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    refuse(input.dtype, "bool", RuntimeError("cov(): bool dtype is not supported for input"))
    if input._array.ndim > 2:
        raise lesson(
            RuntimeError(
                "cov(): expected input to have two or fewer dimensions but got an input with "
                f"{input._array.ndim} dimensions"
            ),
            expected="(variables, observations)",
            got=list(input._array.shape),
        )
    x = input if input._array.ndim == 2 else input.reshape(1, -1)
    for name, given, integral in (("fweights", fweights, True), ("aweights", aweights, False)):
        if given is not None:
            _check_weights(name, given, integral, x._array.shape[1])
    x = x if x.dtype.rank > 2 else x.float()
    weights = fweights if aweights is None else aweights if fweights is None else fweights * aweights
    n = x._array.shape[1]
    if weights is None:
        mean, total = x.mean(1, keepdim=True), n
        norm = total - correction
    else:
        weights = weights.to(x.dtype)
        total = weights.sum()
        mean = (x * weights).sum(1, keepdim=True) / total
        spread = total if aweights is None else (weights * aweights.to(x.dtype)).sum() / total
        norm = total - correction * (1 if aweights is None else spread)
    centred = x - mean
    norm = norm.clamp(min=0) if isinstance(norm, TensorBase) else max(norm, 0)
    product = (centred if weights is None else centred * weights) @ centred.conj().t() / norm
    return product.squeeze()


def corrcoef(input: Any) -> Any:
    """Covariances on a scale from -1 to 1."""
    refuse(input.dtype, "bool", RuntimeError("cov(): bool dtype is not supported for input"))
    if input._array.ndim > 2:
        raise lesson(
            RuntimeError(
                "corrcoef(): expected input to have two or fewer dimensions but got an input with "
                f"{input._array.ndim} dimensions"
            ),
            expected="(variables, observations)",
            got=list(input._array.shape),
        )
    c = cov(input)
    if not c._array.ndim:
        return c / c
    deviation = c.diagonal().sqrt()
    return (c / deviation.reshape(-1, 1) / deviation.reshape(1, -1)).clamp(-1, 1)
