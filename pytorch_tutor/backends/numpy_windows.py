"""Sliding windows: which input elements each output element sees, for convolution and pooling alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

Array = Any


def output_size(size: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False) -> int:
    """How many windows fit along one axis: floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.

    With `ceil_mode` a last, partial window counts too, unless it would start beyond the input and its left padding.

    >>> output_size(32, kernel=3, stride=2, padding=1)
    16
    >>> output_size(6, kernel=3, stride=2, padding=0, ceil_mode=True)
    3
    """
    span = size + 2 * padding - dilation * (kernel - 1) - 1
    count = (span + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1
    return count


def output_sizes(
    space: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool = False,
) -> tuple[int, ...]:
    """`output_size` for every spatial axis."""
    axes = zip(space, kernel, stride, padding, dilation, strict=True)
    return tuple(output_size(n, k, s, p, d, ceil_mode) for n, k, s, p, d in axes)


def padded_sizes(
    space: Sequence[int],
    out: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
) -> tuple[int, ...]:
    """The size of each spatial axis once it is padded so far that every window lies inside."""
    axes = zip(space, out, kernel, stride, padding, dilation, strict=True)
    return tuple(max(n + 2 * p, (o - 1) * s + d * (k - 1) + 1) for n, o, k, s, p, d in axes)


def pad_space(xp: Any, x: Array, sizes: Sequence[int], padding: Sequence[int], fill: float) -> Array:
    """Copy `x`, laid out (batch, *space, channels), into the middle of a larger array full of `fill`."""
    space = x.shape[1:-1]
    if tuple(space) == tuple(sizes):
        return x
    inside = tuple(slice(p, p + n) for p, n in zip(padding, space, strict=True))
    padded = xp.full((x.shape[0], *sizes, x.shape[-1]), fill, x.dtype)
    padded[(slice(None), *inside)] = x
    return padded


def offsets(
    out: Sequence[int], kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Iterator[tuple[slice, ...]]:
    """One index per place in the kernel: it selects, in (batch, *space, channels), what all windows see at that place.

    >>> [index[1] for index in offsets(out=(4,), kernel=(2,), stride=(3,), dilation=(1,))]
    [slice(0, 10, 3), slice(1, 11, 3)]
    """
    for place in product(*map(range, kernel)):
        starts = [i * d for i, d in zip(place, dilation, strict=True)]
        axes = zip(starts, out, stride, strict=True)
        yield (slice(None), *(slice(start, start + (o - 1) * s + 1, s) for start, o, s in axes))


def windows(
    xp: Any, x: Array, out: Sequence[int], kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Array:
    """View `x`, laid out (batch, *space, channels), as (batch, *out, *kernel, channels) without copying an element.

    The trick is in the strides: moving one window on is a jump of `stride` elements, moving one place on inside the
    window is a jump of `dilation` elements, and both are jumps in the same memory.
    """
    batch, *space, channels = x.strides
    jumps = [step * s for step, s in zip(space, stride, strict=True)]
    places = [step * d for step, d in zip(space, dilation, strict=True)]
    shape = (x.shape[0], *out, *kernel, x.shape[-1])
    return xp.lib.stride_tricks.as_strided(x, shape, (batch, *jumps, *places, channels))
