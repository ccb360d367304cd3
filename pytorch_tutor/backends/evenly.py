"""Evenly spaced numbers, rounded where PyTorch's compiled loops round them: a + i·s with one rounding, not two."""

from __future__ import annotations

from typing import Any

import numpy as np

REGISTER = 32  # bytes that the processor's vector instructions compute at once (AVX2)
SPLIT = 2.0**27 + 1  # Veltkamp's number: cuts a double into two halves whose products are exact


def fused(a: Any, s: Any, i: Any) -> Any:
    """a + s·i as the processor's fused multiply-add gives it: the product keeps all its digits until the sum.

    Near zero that shows: -2 + 0.01 · 200 is 4.2e-17, because the double nearest to 0.01 is a little more than it.

    >>> import numpy as np
    >>> float(fused(-2.0, 0.01, np.array(200.0)))
    4.163336342344337e-17
    """
    a, s, i = np.asarray(a, "f8"), np.asarray(s, "f8"), np.asarray(i, "f8")
    high = s * SPLIT - (s * SPLIT - s)
    p, q = high * i, (s - high) * i  # their sum is s·i, exactly
    total = a + p
    back = total - a
    lost = (a - (total - back)) + (p - back)  # what the sum has rounded away
    return total + (lost + q)


def stepping(start: float, step: float, count: int, kind: np.dtype[Any]) -> Any:
    """``arange`` of floats: each register's first number from the start, the others from that one.

    >>> import numpy as np
    >>> float(stepping(-5.0, 0.1, 100, np.dtype("f4"))[50])
    -2.9802322831784522e-09
    """
    i = np.arange(count)
    if kind.itemsize == 2:  # half precision is computed in single
        start, step = float(np.float32(start)), float(np.float32(step))
    straight = fused(start, step, i).astype(kind)
    lanes = REGISTER // kind.itemsize
    lane = i % lanes
    array = fused(straight[i - lane], step, lane).astype(kind)
    rest = count - count % (2 * lanes)  # the loop takes two registers at a time; what is left over goes one by one
    array[rest:] = straight[rest:]
    return array


def between(start: Any, end: Any, count: int, kind: np.dtype[Any]) -> Any:
    """``linspace`` of floats: counted from the nearer end, so that both ends are exact.

    >>> import numpy as np
    >>> between(0.0, 1.0, 3, np.dtype("f4"))
    array([0. , 0.5, 1. ], dtype=float32)
    """
    start, end = kind.type(start), kind.type(end)
    if count == 1:
        return np.array([start], kind)
    i, step = np.arange(count), (end - start) / kind.type(count - 1)
    if kind.itemsize == 2:  # half precision is rounded after every operation
        i = i.astype(kind)
        return np.where(i < count // 2, start + step * i, end - step * (kind.type(count - 1) - i))
    up, down = fused(start, step, i), fused(end, -step, count - 1 - i)
    return np.where(i < count // 2, up, down).astype(kind)
