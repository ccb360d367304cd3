"""What a histogram view knows about each parameter: its values, its gradient, and how far the last step moved it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

BINS = 40
SAMPLE = 20_000  # values looked at per parameter: enough for a picture 40 bars wide, at a bounded cost
NO_VALUE = float("nan")

Values = npt.NDArray[np.float32]


class ModuleLike(Protocol):
    """A module of this library, of PyTorch, or anything else that names its parameters."""

    def named_parameters(self) -> Any:
        """Pairs of a dotted name and a tensor."""


@dataclass(frozen=True)
class Summary:
    """One row of numbers in a picture: where they lie, how many are zero, how many are broken, and their histogram."""

    low: float
    high: float
    mean: float
    std: float
    zeros: float
    broken: float
    bins: npt.NDArray[np.uint8]


NOTHING = Summary(NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE, np.zeros(BINS, np.uint8))


@dataclass(frozen=True)
class Row:
    """A parameter as it was after one batch."""

    name: str
    shape: tuple[int, ...]
    frozen: bool
    weights: Summary
    gradient: Summary | None
    ratio: float  # length of the last step over length of the weights; NaN where nothing could be compared


def look_at(tensor: Any, most: int = SAMPLE) -> Values:
    """The values of a tensor as a flat float32 array; of a large one an evenly spread sample.

    Works on NumPy arrays, on this library's tensors and on PyTorch's, on any device and of any dtype: only `most`
    values ever leave a GPU. The array is a copy: later steps of the optimizer do not change it.
    """
    flat: Any = tensor.detach() if hasattr(tensor, "detach") else np.asarray(tensor)
    if getattr(flat, "is_sparse", False):
        flat = flat.to_dense()
    flat = flat.reshape(-1)
    count = flat.shape[0]
    if count > most:
        # An odd stride, because layers are often powers of two wide: an even one would always meet the same columns.
        flat = flat[:: -(-count // most) | 1]
    if hasattr(flat, "cpu"):
        flat = flat.cpu()
    if hasattr(flat, "numpy"):
        try:
            flat = flat.numpy()
        except TypeError:  # NumPy has no bfloat16
            flat = flat.float().numpy()
    array = np.asarray(flat)
    return np.array(np.abs(array) if np.iscomplexobj(array) else array, dtype=np.float32)


def summarise(values: Values) -> Summary:
    """Range, mean, spread, shares of zero and of broken values, and the histogram scaled to 0 … 255.

    >>> summary = summarise(np.array([0.0, 1.0, np.nan, 3.0], np.float32))
    >>> summary.low, summary.high, summary.zeros, summary.broken
    (0.0, 3.0, 0.25, 0.25)
    """
    if not len(values):
        return NOTHING
    finite = values[np.isfinite(values)] if not np.isfinite(values.sum()) else values
    broken = 1 - len(finite) / len(values)
    zeros = 1 - int(np.count_nonzero(values)) / len(values)
    if not len(finite):
        return Summary(NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE, zeros, broken, np.zeros(BINS, np.uint8))
    low, high = float(finite.min()), float(finite.max())
    with np.errstate(over="ignore"):
        mean, std = float(finite.mean(dtype=np.float64)), float(finite.std(dtype=np.float64))
    return Summary(low, high, mean, std, zeros, broken, histogram(finite, low, high))


def histogram(finite: Values, low: float, high: float) -> npt.NDArray[np.uint8]:
    """How many values fall into each of the bins from low to high, the fullest bin counting 255.

    Few values get fewer and wider bins (each repeated, so that there are always 40): ten values in forty bins would be
    a comb, not a shape.

    >>> histogram(np.array([0, 0, 1], np.float32), 0.0, 1.0)[[0, -1]].tolist()
    [255, 128]
    """
    if not high > low:
        return np.where(np.arange(BINS) == BINS // 2, 255, 0).astype(np.uint8)
    bins = next(bins for bins, most in ((8, 50), (20, 400), (BINS, len(finite))) if len(finite) <= most)
    # `np.histogram` sorts or searches; equal bins need neither, which is five times as fast.
    place = (finite.astype(np.float64) - low) * (bins / (high - low))
    counts = np.bincount(np.minimum(place.astype(np.intp), bins - 1), minlength=bins).astype(float)
    scaled = counts * (255 / counts.max())
    # A bin that holds anything stays visible beside a bin that holds nearly all.
    visible = np.where((counts > 0) & (scaled < 6), 6, np.round(scaled)).astype(np.uint8)
    return np.repeat(visible, BINS // bins)


def step_ratio(before: Values | None, after: Values) -> float:
    """How far a step moved the weights, as a share of their own length: |after - before| / |before|.

    >>> step_ratio(np.array([3.0, 4.0], np.float32), np.array([3.0, 4.5], np.float32))
    0.1
    """
    if before is None or before.shape != after.shape:
        return NO_VALUE
    with np.errstate(invalid="ignore", over="ignore"):
        # Not np.linalg.norm: it wakes the BLAS threads, which then stand in the way of the training for a while.
        length = float(np.sqrt(np.square(before, dtype=np.float64).sum()))
        moved = float(np.sqrt(np.square(np.subtract(after, before, dtype=np.float64)).sum()))
    if not length:
        return NO_VALUE  # weights that begin at zero, as biases do, have no length to compare with
    return moved / length


def measure(module: ModuleLike, before: dict[str, Values], most_rows: int) -> Iterator[Row]:
    """A row for each parameter; `before` holds the values from one batch ago, where they are known."""
    for number, (name, parameter) in enumerate(module.named_parameters()):
        if number >= most_rows:
            return
        weights = look_at(parameter)
        gradient = getattr(parameter, "grad", None)
        yield Row(
            name=name,
            shape=tuple(int(side) for side in parameter.shape),
            frozen=not getattr(parameter, "requires_grad", True),
            weights=summarise(weights),
            gradient=None if gradient is None else summarise(look_at(gradient)),
            ratio=step_ratio(before.get(name), weights),
        )


def verdict(row: Row) -> str | None:
    """What is wrong with a row: the key of a sentence, or None."""
    if row.weights.broken > 0 or (row.gradient is not None and row.gradient.broken > 0):
        return "row_not_finite"
    if row.frozen:
        return "row_frozen"
    if row.gradient is None:
        return "row_no_gradient"
    if row.gradient.zeros == 1:
        return "row_dead"
    if len(row.shape) < 2:
        return None  # a bias begins at zero: its ratio says nothing
    if row.ratio > 0.1:
        return "row_fast"
    if row.ratio < 1e-6:
        return "row_slow"
    return None
