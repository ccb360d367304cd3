"""Pooling: the largest, or the average, of what each window sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from pytorch_tutor.backends.arrays import namespace
from pytorch_tutor.backends.numpy_windows import offsets, output_sizes, pad_space, padded_sizes

Array = Any
Ints = Sequence[int]


@dataclass(slots=True)
class MaxPool:
    """What the gradient of `max_pool` needs. Which element won is worked out only when somebody asks."""

    x: Array
    y: Array
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    found: Array | None = None


def max_pool(
    x: Array, kernel: Ints, stride: Ints, padding: Ints, dilation: Ints, ceil_mode: bool = False
) -> tuple[Array, MaxPool]:
    r"""y[n, c, t] = \max_k x[n, c, t stride + k dilation - padding]; padding never wins.

    x (N, C, *space); y (N, C, *out), channels-last in memory, and a memo for the two functions below.
    """
    xp = namespace(x)
    out = output_sizes(x.shape[2:], kernel, stride, padding, dilation, ceil_mode)
    last = _padded(xp, x, out, kernel, stride, padding, dilation)
    y = None
    for index in offsets(out, kernel, stride, dilation):
        seen = last[index]
        y = xp.array(seen, order="C") if y is None else xp.maximum(y, seen, out=y)  # maximum keeps NaN, as PyTorch does
    y = xp.moveaxis(y, -1, 1)
    return y, MaxPool(x, y, tuple(kernel), tuple(stride), tuple(padding), tuple(dilation))


def max_pool_gradient(grad: Array, memo: MaxPool) -> Array:
    r"""\bar x: each output gradient goes back, whole, to the element that won."""
    xp = namespace(grad)
    winner = _winner(memo)
    out = memo.y.shape[2:]
    batch, channels, *space = memo.x.shape
    sizes = padded_sizes(space, out, memo.kernel, memo.stride, memo.padding, memo.dilation)
    last = xp.moveaxis(grad, 1, -1)
    dx = xp.zeros((batch, *sizes, channels), grad.dtype)
    for place, index in enumerate(offsets(out, memo.kernel, memo.stride, memo.dilation)):
        dx[index] += last * (winner == place)
    inside = tuple(slice(p, p + n) for p, n in zip(memo.padding, space, strict=True))
    return xp.moveaxis(dx[(slice(None), *inside)], -1, 1)


def max_pool_indices(memo: MaxPool) -> Array:
    """PyTorch's `return_indices`: the winner's position in its flattened input plane, int64 (N, C, *out)."""
    xp = namespace(memo.y)
    winner = _winner(memo)
    out, space = memo.y.shape[2:], memo.x.shape[2:]
    flat = xp.zeros(winner.shape, xp.int64)
    rest = winner.astype(xp.int64)
    for axis in reversed(range(len(out))):
        rest, place = xp.divmod(rest, memo.kernel[axis])
        start = xp.arange(out[axis]) * memo.stride[axis] - memo.padding[axis]
        along = start.reshape(-1, *[1] * (len(out) - axis)) + place * memo.dilation[axis]
        flat += along * prod(space[axis + 1 :])
    return xp.moveaxis(flat, -1, 1)


def _winner(memo: MaxPool) -> Array:
    """The first place in the window that holds the maximum, laid out (N, *out, C); computed once."""
    if memo.found is None:
        xp = namespace(memo.y)
        out = memo.y.shape[2:]
        last = _padded(xp, memo.x, out, memo.kernel, memo.stride, memo.padding, memo.dilation)
        best = xp.moveaxis(memo.y, 1, -1)
        found = xp.zeros(best.shape, xp.int32)
        places = list(offsets(out, memo.kernel, memo.stride, memo.dilation))
        for place in reversed(range(len(places))):  # backwards, so that the first of equals is written last
            seen = last[places[place]]
            found[(seen == best) | (seen != seen)] = place
        memo.found = found
    return memo.found


def _padded(xp: Any, x: Array, out: Ints, kernel: Ints, stride: Ints, padding: Ints, dilation: Ints) -> Array:
    lowest = -xp.inf if x.dtype.kind == "f" else xp.iinfo(x.dtype).min
    sizes = padded_sizes(x.shape[2:], out, kernel, stride, padding, dilation)
    return pad_space(xp, xp.moveaxis(x, 1, -1), sizes, padding, lowest)


def avg_pool(
    x: Array,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    r"""y[n, c, t] = \frac1{divisor} \sum_k x[n, c, t stride + k - padding]. x (N, C, *space); y (N, C, *out)."""
    xp = namespace(x)
    once = (1,) * len(kernel)
    out = output_sizes(x.shape[2:], kernel, stride, padding, once, ceil_mode)
    sizes = padded_sizes(x.shape[2:], out, kernel, stride, padding, once)
    last = pad_space(xp, xp.moveaxis(x, 1, -1), sizes, padding, 0)
    y = xp.zeros((x.shape[0], *out, x.shape[1]), x.dtype)
    for index in offsets(out, kernel, stride, once):
        y += last[index]
    y /= _divisor(xp, x.shape[2:], out, kernel, stride, padding, count_include_pad, divisor_override, x.dtype)
    return xp.moveaxis(y, -1, 1)


def avg_pool_gradient(
    grad: Array,
    input_shape: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    r"""\bar x: each output gradient, divided, goes to every element of its window."""
    xp = namespace(grad)
    batch, channels, *space = input_shape
    once = (1,) * len(kernel)
    out = grad.shape[2:]
    sizes = padded_sizes(space, out, kernel, stride, padding, once)
    share = xp.moveaxis(grad, 1, -1) / _divisor(
        xp, space, out, kernel, stride, padding, count_include_pad, divisor_override, grad.dtype
    )
    dx = xp.zeros((batch, *sizes, channels), grad.dtype)
    for index in offsets(out, kernel, stride, once):
        dx[index] += share
    inside = tuple(slice(p, p + n) for p, n in zip(padding, space, strict=True))
    return xp.moveaxis(dx[(slice(None), *inside)], -1, 1)


def _divisor(
    xp: Any,
    space: Ints,
    out: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    count_include_pad: bool,
    divisor_override: int | None,
    dtype: Any,
) -> Array:
    """How many elements each window counts: padding only if asked, and never what `ceil_mode` reaches beyond it."""
    if divisor_override is not None:
        return xp.asarray(divisor_override, dtype)
    count = xp.ones((), dtype)
    for n, o, k, s, p in zip(space, out, kernel, stride, padding, strict=True):
        start = xp.arange(o) * s - p
        stop = xp.minimum(start + k, n + p)
        if not count_include_pad:
            start, stop = xp.maximum(start, 0), xp.minimum(stop, n)
        count = count[..., None] * (stop - start).astype(dtype)
    return count[..., None]


def adaptive_avg_pool(x: Array, output_size: Ints) -> Array:
    """The average over bins that cover the input evenly: bin i of m reaches from floor(i n / m) to ceil((i+1) n / m).

    A box average is an average along each axis in turn, so one small matrix per axis does it.
    x (N, C, *space); y (N, C, *output_size).
    """
    xp = namespace(x)
    if all(m == 1 for m in output_size):
        return x.mean(axis=tuple(range(2, x.ndim)), keepdims=True)
    for axis, m in enumerate(output_size, start=2):
        x = xp.moveaxis(xp.matmul(xp.moveaxis(x, axis, -1), _bins(xp, x.shape[axis], m, x.dtype).T), -1, axis)
    return x


def adaptive_avg_pool_gradient(grad: Array, input_shape: Ints) -> Array:
    r"""\bar x: the transposed averaging matrices, axis by axis."""
    xp = namespace(grad)
    if all(m == 1 for m in grad.shape[2:]):
        return xp.broadcast_to(grad / prod(input_shape[2:]), tuple(input_shape))
    for axis, n in enumerate(input_shape[2:], start=2):
        m = grad.shape[axis]
        grad = xp.moveaxis(xp.matmul(xp.moveaxis(grad, axis, -1), _bins(xp, n, m, grad.dtype)), -1, axis)
    return grad


def _bins(xp: Any, n: int, m: int, dtype: Any) -> Array:
    """The m × n matrix whose row i averages bin i."""
    i = xp.arange(m)[:, None]
    place = xp.arange(n)[None, :]
    start, stop = i * n // m, -((-(i + 1) * n) // m)
    return ((place >= start) & (place < stop)).astype(dtype) / (stop - start).astype(dtype)
