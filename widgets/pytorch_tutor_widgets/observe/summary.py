"""Summaries of tensors: a few numbers, a few coloured cells, and the values themselves where there are few."""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from pytorch_tutor_widgets.observe.views import Histogram, Picture, Stats, TensorView

FULL_VALUES = 64
BINS = 12
LARGE = 10_000  # from here on no copy is made in float64, and a histogram counts a sample


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of each tensor to keep, so that the trace of a large graph stays small."""

    rows: int
    cols: int
    values: int

    @classmethod
    def for_graph(cls, nodes: int) -> Detail:
        """Generous for a lesson's graph, thrifty for hundreds of nodes."""
        if nodes <= 40:
            return cls(12, 20, FULL_VALUES)
        return cls(8, 12, 16) if nodes <= 150 else cls(4, 6, 4)


def number(value: float) -> str:
    """Four significant digits, and always recognisable as a float.

    >>> number(12.0), number(1 / 3), number(-1e-7), number(float("nan"))
    ('12.0', '0.3333', '-1e-07', 'nan')
    """
    text = f"{value:.4g}"
    return text if any(sign in text for sign in ".enf") else text + ".0"


def library(value: object) -> Any:
    """The module that the tensor ``value`` comes from (``torch`` or ``pytorch_tutor``), found among the imported ones."""
    for base in type(value).__mro__:
        if base.__name__ in {"Tensor", "TensorBase"}:
            module = sys.modules.get(base.__module__.partition(".")[0])
            if module is not None and hasattr(module, "Tensor"):
                return module
    raise TypeError(f"expected a tensor of pytorch_tutor or torch, got {type(value).__name__}")


def array(tensor: Any) -> np.ndarray:
    """The tensor's numbers on the host, as floats (magnitudes where they are complex)."""
    host = tensor.detach().cpu()
    try:
        values = np.asarray(host.numpy())
    except TypeError:  # bfloat16 has no NumPy dtype
        values = np.asarray(host.to(library(tensor).float32).numpy())
    values = np.abs(values) if np.iscomplexobj(values) else values
    return values if values.dtype in (np.float32, np.float64) and values.size > LARGE else values.astype(np.float64)


def is_float(tensor: Any) -> bool:
    """Is this a tensor of floating point numbers? (Integers and booleans are shown without a decimal point.)"""
    return "float" in str(tensor.dtype) or "complex" in str(tensor.dtype)


def summarise(tensor: Any, detail: Detail) -> TensorView:
    """The summary of a tensor; never more than a few hundred numbers, however large it is."""
    values = array(tensor)
    spell = number if is_float(tensor) else lambda value: str(int(value))
    small = values.size <= detail.values
    return TensorView(
        shape=tuple(int(size) for size in tensor.shape),
        dtype=str(tensor.dtype).removeprefix("torch."),
        device=str(getattr(tensor, "device", "cpu")),
        numel=int(values.size),
        values=tuple(spell(value) for value in values.ravel()) if small else None,
        stats=_stats(values) if values.size > 1 else None,
        histogram=_histogram(values) if values.size > FULL_VALUES else None,
        picture=_picture(values, detail) if values.size > 1 else None,
    )


def _stats(values: np.ndarray) -> Stats:
    known = np.isfinite(values)
    finite = values if known.all() else values[known]
    low = high = mean = std = float("nan")
    if finite.size:
        low, high = finite.min(), finite.max()
        mean, std = finite.mean(dtype=np.float64), finite.std(dtype=np.float64)
    return Stats(
        min=number(float(low)),
        max=number(float(high)),
        mean=number(float(mean)),
        std=number(float(std)),
        zero=int((values == 0).sum()),
        negative=int((values < 0).sum()),
        nan=0 if finite is values else int(np.isnan(values).sum()),
        inf=0 if finite is values else int(np.isinf(values).sum()),
    )


def _histogram(values: np.ndarray) -> Histogram | None:
    finite = values.ravel()[:: max(1, values.size // LARGE)]
    finite = finite[np.isfinite(finite)]
    if not finite.size or finite.min() == finite.max():
        return None
    counts, edges = np.histogram(finite, bins=BINS)
    return Histogram(number(float(edges[0])), number(float(edges[-1])), tuple(int(count) for count in counts))


def _picture(values: np.ndarray, detail: Detail) -> Picture:
    grid = values.reshape(1, -1) if values.ndim < 2 else values.reshape(values.shape[0], -1)
    pooled = _strongest(_strongest(grid, detail.rows, 0), detail.cols, 1)
    finite = np.isfinite(pooled)
    top = np.abs(pooled[finite]).max(initial=0.0) or 1.0
    cells = np.full(pooled.shape, -128, np.int8)
    # The sign of a tiny value survives the rounding: a cell is neutral only where it is exactly zero.
    scaled = pooled[finite] / top * 127
    cells[finite] = np.where(np.abs(scaled) < 1, np.sign(scaled), np.round(scaled)).astype(np.int8)
    rows, cols = int(pooled.shape[0]), int(pooled.shape[1])
    return Picture(rows, cols, base64.b64encode(cells.tobytes()).decode(), exact=cells.size == values.size)


def _strongest(grid: np.ndarray, most: int, axis: int) -> np.ndarray:
    """At most ``most`` entries along ``axis``: of each block the value of largest magnitude, since a mean would hide it."""
    size = grid.shape[axis]
    if size <= most:
        return grid
    blocks = np.array_split(grid, most, axis=axis)
    picked = []
    for block in blocks:
        weight = np.where(np.isnan(block), np.inf, np.abs(block))
        picked.append(np.take_along_axis(block, np.expand_dims(weight.argmax(axis=axis), axis), axis=axis))
    return np.concatenate(picked, axis=axis)
