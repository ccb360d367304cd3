"""Sums in the order in which PyTorch adds: four registers side by side, in blocks, so that the last digit agrees."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

REGISTER = 32  # bytes that the processor's vector instructions add at once (AVX2)
ROWS = 4  # partial sums that PyTorch keeps at the same time
BLOCK = 16  # rows that are added before the sum joins those of other blocks; more where there are half a million
MANY = 100  # short rows that `einsum` adds sooner than `add`, though it takes longer to start
LARGEST = 1 << 15  # from there on PyTorch's order takes longer than NumPy's, and with it a loss depends on the threads
NARROW = 64  # columns up to which PyTorch's order is the quicker one however many rows there are
LEVELS = 3  # sums of blocks, of blocks of blocks and so on: what is left is added in turn
TURNS = {4: [0, 1, 2, 3], 5: [0, 4, 1, 2, 3], 6: [0, 4, 5, 1, 2, 3], 7: [0, 4, 5, 6, 1, 2, 3]}  # fewer than a register


def summed(x: Any, axes: tuple[int, ...], keepdims: bool = False) -> Any:
    """The sum over adjacent axes of an array of floats whose memory is in order; other sums are NumPy's own.

    >>> import numpy as np
    >>> x = np.full(12, 0.1, np.float32)
    >>> x[0] = 1e6
    >>> float(summed(x, (0,)))  # 1000001.125 in another order
    1000001.25
    """
    plan = None
    if type(x) is np.ndarray and x.dtype.char in "fd" and x.flags.c_contiguous:
        plan = _plan(x.shape, axes, keepdims)
    if plan is None:
        return x.sum(axis=axes, keepdims=keepdims) + 0  # PyTorch starts from +0, so that no sum is -0
    rows, n, width, shape = plan
    if width > 1:
        return _apart(x.reshape(rows, n, width)).reshape(shape)
    if rows > 1:
        return _neighbours(x.reshape(rows, n)).reshape(shape)
    total = _line(x if x.ndim == 1 else x.reshape(n))
    return total.reshape(shape) if shape else total


class Plan(NamedTuple):
    """How the memory is seen: ``rows`` times ``n`` summands times ``width`` sums side by side; the result's shape."""

    rows: int
    n: int
    width: int
    shape: tuple[int, ...]


@lru_cache(maxsize=1024)
def _plan(shape: tuple[int, ...], axes: tuple[int, ...], keepdims: bool) -> Plan | None:
    """The plan for a sum, made once for a shape; None where the axes are not adjacent, or the sum is NumPy's own."""
    size = math.prod(shape)
    if not axes or max(axes) - min(axes) >= len(axes) or size <= 2:
        return None
    first, last = min(axes), max(axes)
    before, over, after = shape[:first], shape[first : last + 1], shape[last + 1 :]
    width = math.prod(after)
    if size >= LARGEST and not 1 < width <= NARROW:
        return None
    left = before + (1,) * len(axes) + after if keepdims else before + after
    return Plan(math.prod(before), math.prod(over), width, left)


def in_turn(x: Any) -> Any:
    """The sum of a vector by blocks of 16, number after number: how PyTorch adds the losses of a batch."""
    if type(x) is not np.ndarray or x.dtype.char not in "fd" or not 2 < x.size < LARGEST or x.ndim != 1:
        return x.sum() + 0
    return _in_blocks(x.reshape(1, -1, 1))[0, 0]


def _line(x: Any) -> Any:
    """A vector → its sum: what `_neighbours` does for several rows, in fewer steps. Most losses end here."""
    lanes, n = REGISTER // x.itemsize, x.size
    if n < lanes:
        return np.add.accumulate(x if n < ROWS else x[TURNS[n]])[-1] + 0
    whole, registers = n // (ROWS * lanes) * (ROWS * lanes), n // lanes * lanes
    if not whole:
        total = np.add.reduce(x[:registers].reshape(-1, lanes), 0)
    else:
        partial = x[:whole]
        if whole > BLOCK * ROWS * lanes:
            partial = _in_blocks(partial.reshape(1, -1, ROWS * lanes))[0]
        elif whole > ROWS * lanes:
            partial = np.add.reduce(partial.reshape(-1, ROWS * lanes), 0)
        if whole < registers:  # the registers that are left over join the first of the four partial sums
            partial = np.concatenate((partial[:lanes], x[whole:registers], partial[lanes:]))
        total = np.add.reduce(partial.reshape(-1, lanes), 0)
    if registers < n:
        total = np.concatenate((x[registers:], total))
    return np.add.accumulate(total)[-1] + 0


def _neighbours(x: Any) -> Any:
    """Rows (r, n) → (r): eight floats a register, the registers in turn, what is left over and the lanes at the end."""
    lanes = REGISTER // x.itemsize
    rows, n = x.shape
    if n < lanes:
        return _number_by_number(x if n < ROWS else x[:, TURNS[n]])
    left = n % lanes
    if not left:
        return _number_by_number(_interleaved(x.reshape(rows, -1, lanes)))
    registers = _interleaved(x[:, :-left].reshape(rows, -1, lanes)) if n > 2 * lanes else x[:, :lanes]
    return _number_by_number(np.concatenate((x[:, -left:], registers), axis=1))


def _apart(x: Any) -> Any:
    """Columns (b, n, c) → (b, c): four registers of columns row by row, the columns that are left over in turn."""
    lanes = REGISTER // x.itemsize
    columns = x.shape[2]
    together = columns - columns % (ROWS * lanes if columns >= lanes else ROWS)
    if together == columns:
        return _in_blocks(x)
    if not together:
        return _interleaved(x)
    return np.concatenate((_in_blocks(x[:, :, :together]), _interleaved(x[:, :, together:])), axis=1)


def _interleaved(x: Any) -> Any:
    """(b, n, c) → (b, c) by four partial sums: of every fourth row. The last rows join the first of the four."""
    b, n, c = x.shape
    if n <= ROWS:
        return _one_by_one(x)
    fours = n - n % ROWS
    partial = x[:, :fours]
    if fours > ROWS:
        partial = _in_blocks(partial.reshape(b, -1, ROWS * c)).reshape(b, ROWS, c)
    if fours < n:
        partial = np.concatenate((partial[:, :1], x[:, fours:], partial[:, 1:]), axis=1)
    return _one_by_one(partial)


def _in_blocks(x: Any) -> Any:
    """(b, n, c) → (b, c): sums of blocks of 16 rows, then of 16 blocks, then of 16 of those; fewer roundings."""
    b, n, c = x.shape
    if n <= BLOCK:
        return _one_by_one(x)
    total: Any = None
    block = 1 << max(4, (n - 1).bit_length() // 4)
    for _ in range(LEVELS):
        if n <= block:
            break
        whole = n - n % block
        if whole < n:  # rows, or blocks, that are too few for another block
            left = _one_by_one(x[:, whole:])
            total = left if total is None else total + left
            x = x[:, :whole]
        n = whole // block
        x = _one_by_one(x.reshape(b * n, block, c)).reshape(b, n, c)
    last = x[:, 0] if n == 1 else _one_by_one(x)
    return last if total is None else total + last


def _one_by_one(x: Any) -> Any:
    """(b, n, c) → (b, c), one row after another, from +0 on. This is also NumPy's order, except for a single column."""
    b, n, c = x.shape
    if c == 1:
        return _number_by_number(x.reshape(b, n))[:, None]
    if b * n > MANY:
        return np.einsum("bnc->bc", x)
    return np.add.reduce(x, axis=1, initial=0)


def _number_by_number(x: Any) -> Any:
    """Rows (r, n) → (r), number after number, from +0 on; NumPy's `sum` would add them in pairs."""
    if x.shape[0] == 1:  # the same, sooner
        return np.add.accumulate(x[0])[-1:] + 0
    return np.add.accumulate(x, axis=1)[:, -1] + 0
