"""Normal numbers by Box and Muller, on the two paths that PyTorch takes: below 16 elements and from 16 on.

Two uniform numbers u₁, u₂ become two independent normal ones: √(-2 log u₁)·cos(2πu₂) and √(-2 log u₁)·sin(2πu₂)
(G. Box and M. Muller, "A note on the generation of random normal deviates", 1958). One by one, in float64, the second
number of a pair waits in the generator. From 16 elements on the numbers are made in groups of 16, the eight cosines
before the eight sines, and a group in float32 uses the polynomials that PyTorch's vector code uses: PyTorch's last bit
depends on them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .draws import Array, by_libm, narrow, times_plus
from .mt19937 import Mersenne

Float32 = npt.NDArray[np.float32]

GROUP = 16
BLOCK = 1 << 16
"""Numbers per round of `_box_muller_32`: its temporaries then stay in the processor's cache."""


def normal(stream: Mersenne, count: int, kind: str, mean: float = 0.0, std: float = 1.0, whole: bool = True) -> Array:
    """`count` numbers of N(mean, std²). `whole` is false for a tensor with gaps in memory: those go one by one."""
    if count < GROUP or not whole:
        return narrow(one_by_one(stream, count, mean, std), kind)
    double = kind == "float64"
    full = count - count % GROUP
    make: Any = _box_muller_64 if double else _box_muller_32
    uniform: Any = stream.doubles if double else stream.floats
    # PyTorch fills the whole tensor with uniform numbers first; half precision, which has no room for them, only the
    # full groups. Both then draw the last 16 elements anew if the last group is not full.
    drawn = uniform(count if kind in ("float32", "float64") else full)
    out = np.empty(count, drawn.dtype)
    out[:full] = make(drawn[:full].reshape(-1, 2, 8), mean, std)
    if full < count:
        out[-GROUP:] = make(uniform(GROUP).reshape(1, 2, 8), mean, std)
    return narrow(out, kind)


def log_normal(stream: Mersenne, count: int, kind: str, mean: float = 1.0, std: float = 2.0) -> Array:
    """e to the power of normal numbers, which are drawn one by one whatever their count."""
    return narrow(by_libm(math.exp, one_by_one(stream, count, mean, std), kind), kind)


def one_by_one(stream: Mersenne, count: int, mean: float, std: float) -> npt.NDArray[np.float64]:
    """Normal numbers in pairs, in float64; an odd one out waits in the stream for the next call."""
    spare = [] if stream.spare_normal is None or count == 0 else [stream.spare_normal]
    if spare:
        stream.spare_normal = None
    pairs = (count - len(spare) + 1) // 2
    u = stream.doubles(2 * pairs)
    radius = np.sqrt(-2.0 * by_libm(math.log1p, -u[1::2], "float64"))
    angle = 2.0 * math.pi * u[0::2]
    values = np.empty(len(spare) + 2 * pairs)
    values[: len(spare)] = spare
    values[len(spare) :: 2] = radius * np.cos(angle)
    values[len(spare) + 1 :: 2] = radius * np.sin(angle)
    if len(values) > count:
        stream.spare_normal = float(values[-1])
    return times_plus(values[:count], std, mean)


def _box_muller_64(u: Array, mean: float, std: float) -> Array:
    """Groups of 16 in float64; `u` has the shape (groups, 2, 8)."""
    first = 1.0 - u[:, 0]
    radius = np.sqrt(-2.0 * by_libm(math.log, first.reshape(-1), "float64").reshape(first.shape))
    angle = 2.0 * math.pi * u[:, 1]
    out = np.empty_like(u)
    out[:, 0] = times_plus(radius * np.cos(angle), std, mean)
    out[:, 1] = times_plus(radius * np.sin(angle), std, mean)
    return out.reshape(-1)


def _box_muller_32(u: Float32, mean: float, std: float) -> Float32:
    """Groups of 16 in float32; `u` has the shape (groups, 2, 8)."""
    out = np.empty_like(u)
    mean, std = float(np.float32(mean)), float(np.float32(std))
    step = BLOCK // GROUP
    for start in range(0, len(u), step):
        part = slice(start, start + step)
        radius = np.sqrt(np.float32(-2) * log32(np.float32(1) - u[part, 0]))
        sine, cosine = sincos32(np.float32(2 * math.pi) * u[part, 1])
        for trigonometric, place in ((cosine, 0), (sine, 1)):
            trigonometric *= radius
            if mean == 0.0 and std == 1.0:
                trigonometric += np.float32(0)  # turns -0 into 0, as the multiply-add by 1 and 0 does
                out[part, place] = trigonometric
            else:
                out[part, place] = times_plus(trigonometric, std, mean)
    return out.reshape(-1)


# -- float32 elementary functions -------------------------------------------------------------------------------------
#
# The polynomials are those of S. Moshier's Cephes library (logf, sinf, cosf), which PyTorch's AVX2 code evaluates with
# fused multiply-adds. Here a fused multiply-add is a product and a sum in float64, rounded once to float32.

_LOG = (7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
        -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)  # fmt: skip
_SIN = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
_COS = (2.443315711809948e-005, -1.388731625493765e-003, 4.166664568298827e-002)
_QUARTER_TURN = (0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8)  # pi/4 in three parts
_LN2_UPPER, _LN2_LOWER = 0.693359375, -2.12194440e-4


def _fused(a: Float32, b: Any, c: Any) -> Float32:
    """a·b + c with one rounding."""
    wide = np.multiply(a, b, dtype=np.float64)
    return np.add(wide, c, out=np.empty(a.shape, np.float32), casting="same_kind")


def _horner(coefficients: tuple[float, ...], x: Float32) -> Float32:
    """A polynomial in x by fused multiply-adds, highest power first."""
    wide = x.astype(np.float64)
    product = wide * np.float32(coefficients[0])
    y = np.empty_like(x)
    for c in coefficients[1:-1]:
        np.add(product, np.float32(c), out=y, casting="same_kind")
        np.multiply(y, wide, out=product)
    return np.add(product, np.float32(coefficients[-1]), out=y, casting="same_kind")


def log32(x: Float32) -> Float32:
    """The natural logarithm of normal positive float32 numbers: log(m·2ᵉ) = log m + e·log 2, m from √½ to √2."""
    bits = x.view(np.int32)
    mantissa = ((bits & 0x007FFFFF) | 0x3F000000).view(np.float32)  # x scaled into [½, 1)
    below = mantissa < np.float32(0.707106781186547524)
    e = ((bits >> 23) - 126 - below).astype(np.float32)
    m = mantissa - np.float32(1)
    m += mantissa * below
    square = m * m
    y = _horner(_LOG, m) * m
    y = _fused(y, square, e * np.float32(_LN2_LOWER))
    y -= np.float32(0.5) * square
    y += m
    return _fused(e, _LN2_UPPER, y)


def sincos32(x: Float32) -> tuple[Float32, Float32]:
    """Sine and cosine of float32 angles from 0 to 2π: reduce to [-π/4, π/4], then one polynomial for each."""
    octant = (x * np.float32(1.27323954473516)).astype(np.int32)
    octant += 1
    octant &= ~1
    turns = octant.astype(np.float32)
    r = x
    for part in _QUARTER_TURN:
        r = _fused(turns, -np.float64(np.float32(part)), r)
    square = r * r
    cosine = _horner(_COS, square) * square
    cosine = _fused(cosine, square, np.float32(-0.5) * square)
    cosine += np.float32(1)
    sine = _fused(_horner(_SIN, square) * square, r, r)
    swapped = (octant & 2) != 0
    sine, cosine = np.where(swapped, cosine, sine), np.where(swapped, sine, cosine)
    # The sign is the top bit: octants 4 to 7 turn the sine over, octants 2 to 5 the cosine.
    sine.view(np.int32)[...] ^= (octant & 4) << 29
    cosine.view(np.int32)[...] ^= ((octant + 2) & 4) << 29
    return sine, cosine
