"""Sums in the order in which PyTorch adds: four registers side by side, in blocks, so that the last digit agrees."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

REGISTER = 32  # bytes that the processor's vector instructions add at once (AVX2)
ROWS = 4  # partial sums that PyTorch keeps at the same time
LARGEST = 1 << 15  # from there on PyTorch's own order depends on the number of threads
TURNS = {4: [0, 1, 2, 3], 5: [0, 4, 1, 2, 3], 6: [0, 4, 5, 1, 2, 3], 7: [0, 4, 5, 6, 1, 2, 3]}  # fewer than a register


def summed(x: Any, axes: tuple[int, ...], keepdims: bool = False) -> Any:
    """The sum over adjacent axes of an array of floats whose memory is in order; other sums are NumPy's own.

    >>> import numpy as np
    >>> x = np.full(12, 0.1, np.float32)
    >>> x[0] = 1e6
    >>> float(summed(x, (0,)))  # 1000001.125 in another order
    1000001.25
    """
    if type(x) is not np.ndarray or x.dtype.char not in "fd" or not 2 < x.size < LARGEST or not x.flags.c_contiguous:
        return x.sum(axis=axes, keepdims=keepdims) + 0  # PyTorch starts from +0, so that no sum is -0
    if len(axes) == x.ndim:
        total = _line(x.reshape(-1)) + 0
        return total.reshape((1,) * x.ndim) if keepdims else total
    if not axes or max(axes) - min(axes) >= len(axes):
        return x.sum(axis=axes, keepdims=keepdims) + 0
    first, last = min(axes), max(axes)
    before, count, after = math.prod(x.shape[:first]), math.prod(x.shape[first : last + 1]), x.shape[last + 1 :]
    width = math.prod(after)
    total = _neighbours(x.reshape(before, count)) if width == 1 else _apart(x.reshape(before, count, width))
    return (total + 0).reshape((*x.shape[:first], *((1,) * len(axes) if keepdims else ()), *after))


def in_turn(x: Any) -> Any:
    """The sum of a vector by blocks of 16, number after number: how PyTorch adds the losses of a batch."""
    if type(x) is not np.ndarray or x.dtype.char not in "fd" or not 2 < x.size < LARGEST or x.ndim != 1:
        return x.sum() + 0
    return _in_blocks(x[None, :, None])[0, 0] + 0


def _line(x: Any) -> Any:
    """`_neighbours` of one row, in few calls of NumPy: a loss is such a sum, and comes at every step."""
    lanes, n = REGISTER // x.itemsize, x.size
    if n < lanes:
        return np.add.accumulate(x if n < ROWS else x[TURNS[n]])[-1]
    whole, four = n - n % lanes, ROWS * lanes
    fours = n // four
    if fours:  # the registers that are left over join the first of the four sums
        sums = _in_blocks(x[: fours * four].reshape(1, fours, four))[0]
        left, whole = x[fours * four : whole], whole - (fours - 1) * four
        x = np.concatenate((sums[:lanes], left, sums[lanes:], x[n - n % lanes :]))
    registers = np.add.reduce(x[:whole].reshape(-1, lanes), axis=0)
    return np.add.accumulate(np.concatenate((x[whole:], registers)))[-1]


def _neighbours(x: Any) -> Any:
    """Rows (r, n) → (r): eight floats a register, the registers in turn, what is left over and the lanes at the end."""
    lanes = REGISTER // x.itemsize
    rows, n = x.shape
    if n < lanes:
        return _interleaved(x[:, :, None])[:, 0]
    whole = n - n % lanes
    registers = _interleaved(x[:, :whole].reshape(rows, -1, lanes))
    return _one_by_one(np.concatenate([x[:, whole:], registers], axis=1)[:, :, None])[:, 0]


def _apart(x: Any) -> Any:
    """Columns (b, n, c) → (b, c): four registers of columns row by row, the columns that are left over in turn."""
    lanes = REGISTER // x.itemsize
    columns = x.shape[2]
    together = columns - columns % (ROWS * lanes if columns >= lanes else ROWS)
    if together == columns:
        return _in_blocks(x)
    rest = _interleaved(x[:, :, together:])
    return np.concatenate([_in_blocks(x[:, :, :together]), rest], axis=1) if together else rest


def _interleaved(x: Any) -> Any:
    """(b, n, c) → (b, c) by four partial sums: of every fourth row."""
    b, n, c = x.shape
    quarter = n // ROWS
    if not quarter:
        return _one_by_one(x)
    partial = _in_blocks(x[:, : quarter * ROWS].reshape(b, quarter, ROWS * c)).reshape(b, ROWS, c)
    order = np.concatenate([partial[:, :1], x[:, quarter * ROWS :], partial[:, 1:]], axis=1)
    return _one_by_one(order)


def _in_blocks(x: Any) -> Any:
    """(b, n, c) → (b, c): sums of blocks of 16 rows, then of 16 blocks, and so on; fewer roundings than one by one."""
    n = x.shape[1]
    block = 1 << max(4, (n - 1).bit_length() // 4)
    if n <= block:
        return _one_by_one(x)
    levels: list[Any] = []
    while len(levels) < 3 and x.shape[1] >= block:
        whole = x.shape[1] - x.shape[1] % block
        if whole < x.shape[1]:
            levels.append(_one_by_one(x[:, whole:]))
        b, _, c = x.shape
        x = _one_by_one(x[:, :whole].reshape(b * (whole // block), block, c)).reshape(b, -1, c)
    levels.append(_one_by_one(x))
    return _one_by_one(np.stack(levels, axis=1))


def _one_by_one(x: Any) -> Any:
    """(b, n, c) → (b, c), one row after another. A single column is accumulated, or NumPy would add it pairwise."""
    if x.shape[1] == 1:
        return x[:, 0]
    return np.add.accumulate(x, axis=1)[:, -1] if x.shape[2] == 1 else np.add.reduce(x, axis=1)
