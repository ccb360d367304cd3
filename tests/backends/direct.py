"""The definitions, written as loops over single numbers: slow, and too simple to be wrong in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = Any


def seen(
    space: tuple[int, ...], at: tuple[int, ...], stride: Any, padding: Any, dilation: Any, kernel: Any
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """(place in the kernel, place in the input) for each input element that window `at` sees."""
    for place in np.ndindex(*kernel):
        where = tuple(t * s + k * d - p for t, s, k, d, p in zip(at, stride, place, dilation, padding, strict=True))
        if all(0 <= i < n for i, n in zip(where, space, strict=True)):
            yield place, where


def convolution(
    x: Array, w: Array, b: Array | None, stride: Any, padding: Any, dilation: Any, groups: int, out: tuple[int, ...]
) -> Array:
    y = np.zeros((x.shape[0], w.shape[0], *out))
    per_group_in, per_group_out = w.shape[1], w.shape[0] // groups
    for n in range(x.shape[0]):
        for o in range(w.shape[0]):
            first = o // per_group_out * per_group_in
            for at in np.ndindex(*out):
                total = 0.0 if b is None else float(b[o])
                for place, where in seen(x.shape[2:], at, stride, padding, dilation, w.shape[2:]):
                    for c in range(per_group_in):
                        total += float(x[(n, first + c, *where)]) * float(w[(o, c, *place)])
                y[(n, o, *at)] = total
    return y


def max_pool(x: Array, kernel: Any, stride: Any, padding: Any, dilation: Any, out: tuple[int, ...]) -> Array:
    y = np.empty((*x.shape[:2], *out))
    for n, c in np.ndindex(*x.shape[:2]):
        for at in np.ndindex(*out):
            y[(n, c, *at)] = max(
                x[(n, c, *where)] for _, where in seen(x.shape[2:], at, stride, padding, dilation, kernel)
            )
    return y


def slope(function: Callable[[Array], Array], x: Array, grad: Array, step: float = 1e-6) -> Array:
    """The gradient of sum(grad * function(x)) by central differences, one element at a time, in float64."""
    x = np.array(x, np.float64)
    result = np.empty_like(x)
    for at in np.ndindex(*x.shape):
        kept = x[at]
        x[at] = kept + step
        high = float((np.asarray(function(x)) * grad).sum())
        x[at] = kept - step
        low = float((np.asarray(function(x)) * grad).sum())
        x[at] = kept
        result[at] = (high - low) / (2 * step)
    return result
