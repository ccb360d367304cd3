"""Histograms: how many elements fall between which edges, in one dimension and in several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..dispatch import write_out
from ..dtypes import TYPE_INFO_NAMES
from ..errors import lesson
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from .arguments import no_such_call

NAME = "torch.histogramdd:"
LAST = "Tensor weight = None, bool density = False, tuple of Tensors out = None"
HISTOGRAM = (
    f"Tensor input, Tensor bins, *, {LAST}",
    f"Tensor input, int bins = 100, *, tuple of floats range = None, {LAST}",
)


class Histogram(NamedTuple):
    """Counts, and the edges between which they were counted."""

    hist: Any
    bin_edges: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nhist={self.hist!r},\nbin_edges={self.bin_edges!r})"


class histogram_result(Histogram):  # noqa: N801 - the name that is printed
    """What ``histogram`` returns."""

    __slots__ = ()


class histogramdd_result(Histogram):  # noqa: N801 - the name that is printed
    """What ``histogramdd`` returns."""

    __slots__ = ()


histogram_result.__name__, histogramdd_result.__name__ = "histogram", "histogramdd"


def _check_weight(points: Any, kind: Any, weight: Any) -> None:
    if weight.dtype is not kind:
        raise lesson(
            RuntimeError(
                f"{NAME} if weight tensor is provided, input tensor and weight tensor should have the same dtype, but got "
                f"input({TYPE_INFO_NAMES[kind]}), and weight({TYPE_INFO_NAMES[weight.dtype]})"
            ),
            expected=str(kind),
            got=str(weight.dtype),
        )
    if weight._array.shape != points.shape[:-1]:
        raise lesson(
            RuntimeError(
                f"{NAME} if weight tensor is provided it should have the same shape as the input tensor excluding its "
                f"innermost dimension, but got input with shape {list(points.shape)} and weight with shape "
                f"{list(weight._array.shape)}"
            ),
            expected=list(points.shape[:-1]),
            got=list(weight._array.shape),
        )


def _given(bins: Sequence[Any], kind: Any) -> list[Any]:
    """Edges that the caller gave, one vector for each dimension."""
    for d, edges in enumerate(bins):
        if edges.dtype is not kind:
            raise lesson(
                RuntimeError(
                    f"{NAME} input tensor and bins tensors should have the same dtype, but got input with dtype "
                    f"{TYPE_INFO_NAMES[kind]} and bins for dimension {d} with dtype {TYPE_INFO_NAMES[edges.dtype]}"
                ),
                expected=str(kind),
                got=str(edges.dtype),
            )
        if edges._array.ndim != 1:
            raise RuntimeError(
                f"{NAME} bins tensor should have one dimension, but got {edges._array.ndim} dimensions in the bins tensor "
                f"for dimension {d}"
            )
        if not edges._array.size:
            raise RuntimeError(
                f"{NAME} bins tensor should have at least 1 element, but got 0 elements in the bins tensor for dimension {d}"
            )
    return [edges._array for edges in bins]


def _even(points: Any, counts: Sequence[int], limits: Any) -> list[Any]:
    """Edges at equal distances, between given limits or those of the points."""
    n = len(counts)
    if limits is not None and len(limits) != 2 * n:
        raise lesson(
            RuntimeError(
                f"{NAME} for a {n}-dimensional histogram range should have {2 * n} elements, but got {len(limits)}"
            ),
            expected=f"{2 * n} numbers",
            got=len(limits),
        )
    edges = []
    for d, count in enumerate(counts):
        if count <= 0:
            raise lesson(
                RuntimeError(f"torch.histogram(): bins must be > 0, but got {count} for dimension {d}"),
                expected="at least one",
                got=count,
            )
        if limits is not None:
            low, high = float(limits[2 * d]), float(limits[2 * d + 1])
        elif points.size:
            low, high = float(points[:, d].min()), float(points[:, d].max())
        else:
            low, high = 0.0, 1.0
        if not (math.isfinite(low) and math.isfinite(high)):
            raise RuntimeError(f"{NAME} dimension {d}'s range [{low:g}, {high:g}] is not finite")
        if low > high:
            raise RuntimeError(f"{NAME} min should not exceed max, but got min {low:g} max {high:g} for dimension {d}")
        if low == high:
            low, high = low - 0.5, high + 0.5
        i = np.arange(count + 1)
        real = points.dtype.type
        gap = real((real(high) - real(low)) / real(count))  # counted from the nearer end, as linspace does
        steps = np.where(i < (count + 1) // 2, real(low) + gap * i, real(high) - gap * (count - i))
        edges.append(steps.astype(points.dtype))
    return edges


def _places(values: Any, edges: Any, even: bool) -> Any:
    """The number of the interval of each value, the last one closed on the right; -1 outside."""
    count = len(edges) - 1
    if count < 1:
        return np.full(values.shape, -1)
    low, high = edges[0], edges[-1]
    inside = (values >= low) & (values <= high)
    if even:  # found by division, and put right where rounding moved it over an edge
        guess = np.where(inside, (values - low) * count / (high - low), 0).astype(np.int64)
        start, stop = np.clip(guess - 1, 0, count), np.clip(guess + 2, 0, count + 1)
        found = (
            start - 1 + sum((k < stop) & (edges[np.minimum(k, count)] <= values) for k in (start, start + 1, start + 2))
        )
    else:
        found = np.searchsorted(edges, values, side="right") - 1
    found = np.where(found == count, count - 1, found)
    return np.where(inside, found, -1)


def _counted(points: Any, edges: list[Any], weight: Any, density: bool, even: bool) -> Any:
    shape = tuple(len(e) - 1 for e in edges)
    found = np.zeros(shape, points.dtype)
    places = [_places(points[:, d], e, even) for d, e in enumerate(edges)]
    inside = np.all([p >= 0 for p in places], axis=0) if places else np.ones(len(points), "?")
    np.add.at(found, tuple(p[inside] for p in places), 1 if weight is None else weight.reshape(-1)[inside])
    if density:
        found = found / found.sum()
        for d, e in enumerate(edges):
            found = found / np.diff(e).reshape([-1 if i == d else 1 for i in range(len(edges))])
    return found.astype(points.dtype)


def histogram(
    input: Any, bins: Any = 100, *, range: Any = None, weight: Any = None, density: bool = False, out: Any = None
) -> Any:
    """How many elements lie between neighbouring edges, and the edges.

    ``bins`` is the number of intervals, equally wide over ``range`` (the elements' own unless given), or a tensor of
    edges. An element on an edge counts to the right of it, on the last one to the left. With ``weight`` each element
    counts for its weight, with ``density`` the area under the histogram is 1.

    >>> import pytorch_tutor as torch
    >>> torch.histogram(torch.tensor([1.0, 2.0, 1.0]), bins=3, range=(0.0, 3.0)).hist
    tensor([0., 2., 1.])

    Raises RuntimeError for edges, limits or weights that do not fit, NotImplementedError for whole numbers.
    """
    if not isinstance(bins, (int, TensorBase)):
        raise no_such_call("histogram", (input, bins), HISTOGRAM)
    refuse(input.dtype, "bool int half complex", "histogramdd")
    points = input._array.reshape(-1, 1)
    weights = None if weight is None else weight.reshape(-1)
    if weights is not None:
        _check_weight(points, input.dtype, weights)
    even = not isinstance(bins, TensorBase)
    edges = _given([bins], input.dtype) if isinstance(bins, TensorBase) else _even(points, [bins], range)
    found = _counted(points, edges, None if weights is None else weights._array, density, even)
    made = histogram_result(wrap(found), wrap(edges[0]) if even else bins)
    if out is None:
        return made
    for name, given, place in (("hist", out[0], ""), ("bin_edges", out[1], " for dimension 0")):
        if given.dtype is not input.dtype:
            raise lesson(
                RuntimeError(
                    f"torch.histogram: input tensor and {name} tensor should have the same dtype, but got input "
                    f"{TYPE_INFO_NAMES[input.dtype]} and {name} {TYPE_INFO_NAMES[given.dtype]}{place}"
                ),
                expected=str(input.dtype),
                got=str(given.dtype),
            )
    return write_out(made, out, "histogram")


def histogramdd(input: Any, bins: Any, range: Any = None, weight: Any = None, density: bool = False) -> Any:
    """:func:`histogram` of points: the last dimension of ``input`` holds their coordinates.

    >>> import pytorch_tutor as torch
    >>> points = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> torch.histogramdd(points, bins=[2, 2]).hist
    tensor([[1., 1.],
            [0., 1.]])
    """
    shape = input._array.shape
    if not shape:
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    if isinstance(bins, int):
        bins = [bins] * shape[-1]
    even = not _has_edges(bins)
    if even and len(bins) != shape[-1]:
        raise lesson(
            RuntimeError("histogramdd: The size of bins must be equal to the innermost dimension of the input."),
            expected=f"{shape[-1]} numbers",
            got=len(bins),
        )
    if len(shape) < 2:
        raise lesson(
            RuntimeError(f"{NAME} input tensor should have at least 2 dimensions"),
            expected="(..., dimensions)",
            got=shape,
        )
    if not even and len(bins) != shape[-1]:
        raise RuntimeError(
            f"{NAME} expected {shape[-1]} sequences of bin edges for a {shape[-1]}-dimensional histogram but got {len(bins)}"
        )
    refuse(input.dtype, "bool int half complex", "histogramdd")
    if weight is not None:
        _check_weight(input._array, input.dtype, weight)
    points = input._array.reshape(-1, shape[-1])
    edges = _even(points, list(bins), range) if even else _given(bins, input.dtype)
    found = _counted(points, edges, None if weight is None else weight._array, density, even)
    return histogramdd_result(wrap(found), tuple(wrap(e) for e in edges))


def _has_edges(bins: Any) -> bool:
    """Were edges given, not numbers of intervals?"""
    return any(isinstance(b, TensorBase) for b in bins)
