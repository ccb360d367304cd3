"""Adding into places named by an index, where several sources may meet in one place."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.backends.arrays import namespace

Array = Any


def scatter_add(target: Array, axis: int, index: Array, source: Array) -> Array:
    """target[..., index[i], ...] += source[i] along `axis`, in place; other axes go by position, as in PyTorch."""
    xp = namespace(target)
    axis %= max(target.ndim, 1)
    source = source[tuple(slice(n) for n in index.shape)]
    if target.ndim == 0:
        target += source
        return target
    places = list(xp.ogrid[tuple(slice(n) for n in index.shape)])
    places[axis] = index
    xp.add.at(target, tuple(places), source)
    return target


def embedding_gradient(grad: Array, index: Array, rows: int) -> Array:
    """The gradient of table[index]: row r collects the gradients of every place where r was looked up.

    Sorting brings equal indices together, so that each run is summed in one go.
    grad (*index.shape, width); gives (rows, width).
    """
    xp = namespace(grad)
    flat = index.reshape(-1)
    width = grad.shape[index.ndim :]
    table = xp.zeros((rows, *width), grad.dtype)
    if flat.size == 0:
        return table
    order = xp.argsort(flat, kind="stable")
    ordered = flat[order]
    starts = xp.flatnonzero(xp.concatenate((xp.ones(1, bool), ordered[1:] != ordered[:-1])))
    values = grad.reshape(-1, *width)[order]
    table[ordered[starts]] = xp.add.reduceat(values, starts, axis=0)
    return table
