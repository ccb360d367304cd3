"""Distances between rows, lengths kept below a limit, slopes of samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES, bfloat16
from ..errors import lesson
from ..ops import distance as ops
from ..ops.reduction import Extreme, axes_of, axis_of
from ..precision import in_full
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from . import matrix_checks as need
from .arithmetic import where
from .gathering import scatter_reduce
from .indexing import narrow
from .lengths import norm
from .numpy_names import numpy_names
from .reduction import cumsum, middle
from .shape import cat, expand
from .statistics import refuse_bool
from .titles import titled

COMPUTE_MODES = ("use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist")


@in_full
def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: str = COMPUTE_MODES[0]) -> Any:
    r"""The p-norm of the difference of every row of ``x1`` and every row of ``x2``.

    Shapes: (..., n, m) and (..., k, m) give (..., n, k). Euclidean distances of more than 25 rows come from a product of
    matrices, unless ``compute_mode`` is "donot_use_mm_for_euclid_dist": faster, and less exact for rows that are near.

    >>> import pytorch_tutor as torch
    >>> torch.cdist(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0], [0.0, 1.0]]))
    tensor([[5., 1.]])
    """
    refuse(x1.dtype, "half", "cdist")
    refuse(x1.dtype, "bool int complex", RuntimeError("cdist only supports floating-point dtypes, X1 got: {type}"))
    need.tensors("cdist", x1=x1, x2=x2)
    if compute_mode not in COMPUTE_MODES:
        raise lesson(
            ValueError(f"{compute_mode} is not a valid value for compute_mode"),
            expected=" or ".join(COMPUTE_MODES),
            got=compute_mode,
        )
    for name, x in (("X1", x1), ("X2", x2)):
        if x.dtype.rank != 3:
            raise lesson(
                RuntimeError(f"cdist only supports floating-point dtypes, {name} got: {SCALAR_NAMES[x.dtype]}"),
                expected="floats",
                got=str(x.dtype),
                hint="x.float()",
            )
    for name, x in (("X1", x1), ("X2", x2)):
        if x._array.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {x._array.ndim}D")
    if x1._array.shape[-1] != x2._array.shape[-1]:
        raise lesson(
            RuntimeError(
                f"X1 and X2 must have the same number of columns. X1: {x1._array.shape[-1]} X2: {x2._array.shape[-1]}"
            ),
            expected="rows of equal length",
            got=(list(x1._array.shape), list(x2._array.shape)),
        )
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    need.one_type(x1, x2, "expected scalar type {} but found {}")
    need.implemented(x1, "cdist")
    need.together(x1._array.shape[:-2], x2._array.shape[:-2])
    many = x1._array.shape[-2] > 25 or x2._array.shape[-2] > 25
    if p == 2 and (compute_mode == COMPUTE_MODES[1] or compute_mode == COMPUTE_MODES[0] and many):
        return apply(ops.EuclideanDist, x1, x2)
    return apply(ops.Cdist, x1, x2, p=float(p))


def pdist(input: Any, p: float = 2.0) -> Any:
    r"""The p-norm of the difference of each row and each later one. Shapes: (n, m) gives (n (n - 1) / 2).

    >>> import pytorch_tutor as torch
    >>> torch.pdist(torch.tensor([[0.0], [1.0], [3.0]]))
    tensor([1., 3., 2.])
    """
    need.tensors("pdist", input=input)
    if input._array.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input._array.ndim}D")
    if input.dtype.rank < 3:
        raise lesson(RuntimeError("pdist only supports floating-point dtypes"), expected="floats", got=str(input.dtype))
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    need.implemented(input, "pdist")
    return apply(ops.Pdist, input, p=float(p))


def renorm(input: Any, p: float, dim: int, maxnorm: float, *, out: Any = None) -> Any:
    """Every slice along a dimension, shrunk where its p-norm is above ``maxnorm``.

    >>> import pytorch_tutor as torch
    >>> torch.renorm(torch.tensor([[3.0, 4.0], [0.0, 1.0]]), 2, 0, 1.0)
    tensor([[0.6000, 0.8000],
            [0.0000, 1.0000]])
    """
    refuse(
        input.dtype,
        "bool int",
        RuntimeError("linalg.vector_norm: Expected a floating point or complex tensor as input. Got {type}"),
    )
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    rank = input._array.ndim
    if rank < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {rank} dimensions")
    axis = axis_of(dim, rank)
    length = norm(input, p, [d for d in range(rank) if d != axis], True)
    shrunk = input * where(length > maxnorm, maxnorm / (length + 1e-7), 1.0)
    return write_out(titled(shrunk, "RenormBackward0"), out, "renorm")


class nanmedian_result(Extreme):  # noqa: N801 - the name that is printed
    """What ``nanmedian`` along a dimension gives: ``values`` and ``indices``."""

    __slots__ = ()


nanmedian_result.__name__ = "nanmedian"


@numpy_names
def nanmedian(input: Any, dim: int | None = None, keepdim: bool = False, *, out: Any = None) -> Any:
    """The middle of the elements that are not NaN (the lower one of two); along a dimension, values and indices.

    >>> import pytorch_tutor as torch
    >>> torch.nanmedian(torch.tensor([3.0, float("nan"), 1.0, 2.0]))
    tensor(2.)
    """
    refuse(input.dtype, "bool complex", "median_cpu")
    values, index = middle(input, dim, keepdim, skip=True)
    return write_out(values if dim is None else nanmedian_result(values, index), out, "nanmedian")


def cumulative_trapezoid(y: Any, x: Any = None, *, dx: Any = None, dim: int = -1) -> Any:
    """Running totals of the areas of trapezoids under a curve of samples.

    >>> import pytorch_tutor as torch
    >>> torch.cumulative_trapezoid(torch.tensor([1.0, 2.0, 3.0]))
    tensor([1.5000, 4.0000])
    """
    if x is not None and dx is not None:
        raise TypeError("cumulative_trapezoid() cannot have both x and dx")
    refuse_bool("cumulative_trapezoid", y, x)
    axis = axis_of(dim, y._array.ndim)
    n = y._array.shape[axis]
    pairs = narrow(y, axis, 1, n - 1) + narrow(y, axis, 0, n - 1) if n else y
    if x is None:
        return cumsum(pairs * (0.5 if dx is None else dx / 2), axis)
    if x._array.ndim == 1 and y._array.ndim > 1:
        x = x.reshape([-1 if d == axis else 1 for d in range(y._array.ndim)])
    elif x._array.ndim < y._array.ndim:
        x = x.reshape([1] * (y._array.ndim - x._array.ndim) + list(x._array.shape))
    m = x._array.shape[axis]
    return cumsum(pairs * (narrow(x, axis, 1, m - 1) - narrow(x, axis, 0, m - 1)) / 2, axis)


def gradient(input: Any, *, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> tuple[Any, ...]:
    """The slope of a function known by samples, along each dimension: differences of the neighbours on both sides.

    Inside, a parabola through three neighbours gives the slope; at the edges a line (or with ``edge_order=2`` a
    parabola, too).

    >>> import pytorch_tutor as torch
    >>> torch.gradient(torch.tensor([1.0, 4.0, 9.0, 16.0]))
    (tensor([3., 4., 6., 7.]),)
    """
    refuse(input.dtype, "uint8", RuntimeError("torch.gradient does not support uint8 input."))
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    axes = axes_of(dim, input._array.ndim)
    spacing = 1 if spacing is None else spacing
    spaces = list(spacing) if isinstance(spacing, Sequence) else [spacing] * len(axes)
    if len(spaces) != len(axes):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the "
            f"same length, but got a spacing argument of length {len(spaces)} and a dim argument of length {len(axes)}."
        )
    if any(input._array.shape[a] < edge_order + 1 for a in axes):
        raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    return tuple(_slopes(input, axis, h, edge_order) for axis, h in zip(axes, spaces, strict=True))


def _slopes(input: Any, axis: int, spacing: Any, edge_order: int) -> Any:
    """Along one dimension; ``spacing`` is a step or the coordinates of the samples."""
    x = input if input.dtype.rank >= 3 else input + 0.0
    n = x._array.shape[axis]
    shape = [-1 if d == axis else 1 for d in range(x._array.ndim)]
    if isinstance(spacing, TensorBase) and spacing._array.ndim:
        steps = np.diff(spacing._array)
    else:
        steps = np.full(n - 1, float(spacing))
    h = wrap(steps.astype(x._array.real.dtype), bfloat16 if x.dtype is bfloat16 else None).reshape(shape)
    secants = (narrow(x, axis, 1, n - 1) - narrow(x, axis, 0, n - 1)) / h  # of each interval
    first, last = narrow(secants, axis, 0, 1), narrow(secants, axis, n - 2, 1)
    if n == 2:
        return cat([first, last], axis)
    left, right = narrow(h, axis, 0, n - 2), narrow(h, axis, 1, n - 2)
    before, after = narrow(secants, axis, 0, n - 2), narrow(secants, axis, 1, n - 2)
    inside = (right * before + left * after) / (left + right)
    if edge_order == 2:
        bend = (after - before) / (left + right)
        first = first - narrow(bend, axis, 0, 1) * narrow(h, axis, 0, 1)
        last = last + narrow(bend, axis, n - 3, 1) * narrow(h, axis, n - 2, 1)
    return cat([first, inside, last], axis)


def index_reduce(
    input: Any, dim: int, index: Any, source: Any, reduce: str, *, include_self: bool = True, out: Any = None
) -> Any:
    """Slices of ``source`` reduced ("prod", "mean", "amax", "amin") into the slices of ``input`` that ``index`` names.

    >>> import pytorch_tutor as torch
    >>> torch.index_reduce(torch.ones(2), 0, torch.tensor([0, 0]), torch.tensor([2.0, 3.0]), "prod")
    tensor([6., 1.])
    """
    refuse(input.dtype, "bool complex", "index_func_")
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise lesson(
            RuntimeError(f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}."),
            expected="prod, mean, amax or amin",
            got=reduce,
        )
    axis = axis_of(dim, input._array.ndim)
    if not input._array.ndim:
        return index_reduce(
            input.reshape(1), 0, index.reshape(-1), source.reshape(-1), reduce, include_self=include_self
        ).reshape(())
    rows = index.reshape([-1 if d == axis else 1 for d in range(source._array.ndim)])
    places = expand(rows, source.shape)
    found = scatter_reduce(input, axis, places, source, reduce, include_self=include_self)
    return write_out(titled(found, "IndexReduceBackward0"), out, "index_reduce")
