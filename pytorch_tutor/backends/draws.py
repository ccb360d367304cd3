"""Random numbers of each distribution, made from the Mersenne Twister's words exactly as PyTorch makes them.

Every function takes the stream, how many numbers to draw, and the `kind` of element: the name of a dtype ("float32",
"bfloat16", "int64" ...). It returns a flat array; bfloat16 is held, as everywhere in the engine, in a float32 array.
Bell-shaped numbers are in `draws_normal.py`; what needs a rejection loop is in `draws_rejection.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .mt19937 import Mersenne
from .selection import first_places

Array = npt.NDArray[Any]

# How many bits of mantissa a type of float has, the hidden one included.
DIGITS = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}
LARGEST_INT = {"uint8": 255, "int8": 127, "int16": 2**15 - 1, "int32": 2**31 - 1, "int64": 2**63 - 1,
               "uint16": 2**16 - 1, "uint32": 2**32 - 1, "uint64": 2**64 - 1}  # fmt: skip


def narrow(values: Array, kind: str) -> Array:
    """Rounds `values` to `kind`. Half precision goes by way of float32, as in C++."""
    if kind == "float16":
        with np.errstate(over="ignore"):
            return values.astype(np.float32).astype(np.float16)
    if kind == "bfloat16":
        bits = values.astype(np.float32).view(np.uint32)
        bits = bits + (((bits >> np.uint32(16)) & np.uint32(1)) + np.uint32(0x7FFF))
        return (bits & np.uint32(0xFFFF0000)).view(np.float32)
    return values.astype(kind, copy=False)


def by_libm(function: Callable[[float], float], values: npt.NDArray[np.float64], kind: str) -> npt.NDArray[np.float64]:
    """`function` of every value, to the last bit as the C library has it where float64 would show that bit.

    NumPy's own vectorised logarithm is faster and differs from the C library's, which PyTorch calls, in the last bit
    of some values. Rounded to float32 the difference is gone.
    """
    if kind == "float64" or len(values) < 16:
        return np.fromiter(map(function, values.tolist()), np.float64, len(values))
    return getattr(np, function.__name__)(values)


def times_plus(a: Array, b: float, c: float) -> Array:
    """a·b + c with a single rounding, as the processor's fused multiply-add does it."""
    if a.dtype == np.float32:
        # The product of two float32 fits a float64 exactly; only the sum is rounded.
        return (a.astype(np.float64) * b + c).astype(np.float32)
    if c == 0.0 or b in (0.0, 1.0):
        return a * b + c
    # Dekker's product and Knuth's sum carry what rounding takes away as second numbers.
    product = a * b
    upper = a * 134217729.0
    upper = upper - (upper - a)
    b_upper = b * 134217729.0
    b_upper = b_upper - (b_upper - b)
    lower, b_lower = a - upper, b - b_upper
    lost = ((upper * b_upper - product) + upper * b_lower + lower * b_upper) + lower * b_lower
    total = product + c
    back = total - product
    lost_by_sum = (product - (total - back)) + (c - back)
    return total + (lost + lost_by_sum)


# -- flat distributions -----------------------------------------------------------------------------------------------


def uniform(stream: Mersenne, count: int, kind: str, low: float = 0.0, high: float = 1.0) -> Array:
    """Numbers of [low, high): u·(high - low) + low, where u has as many random bits as the type can hold.

    float32 takes one word per number (24 bits of it), float64 two (53 bits); half precision rounds float32's.
    """
    if kind == "float64":
        values: Array = stream.doubles(count)
        if low != 0.0 or high != 1.0:
            values = times_plus(values, high - low, low)
        return np.where(values == high, low, values) if high != 1.0 else values
    values = stream.floats(count)
    if low != 0.0 or high != 1.0:
        low32, high32 = np.float32(low), np.float32(high)
        values = times_plus(values, float(high32 - low32), float(low32))
    elif kind == "float32":
        return values  # u < 1 always: nothing can have been rounded up to the bound
    values = narrow(values, kind)
    bounds = narrow(np.array([low, high]), kind)
    values[values == bounds[1]] = bounds[0]
    return values


def integers(stream: Mersenne, count: int, kind: str, low: int, high: int) -> Array:
    """Integers of [low, high): word mod (high - low) + low, with a double word from 2**28 values on."""
    if kind in DIGITS:
        low, high = _inside(low, high, kind)
    spread = high - low
    if spread < 1 << 28:
        # 32-bit division is twice as fast as 64-bit division.
        drawn = (stream.words(count).astype(np.uint32) % np.uint32(spread)).astype(np.int64)
    elif spread < 1 << 64:
        drawn = (stream.long_words(count) % np.uint64(spread)).view(np.int64)
    else:
        return narrow(stream.long_words(count).view(np.int64), kind)
    return narrow(drawn + np.int64(low), kind)


def _inside(low: int, high: int, kind: str) -> tuple[int, int]:
    """Bounds moved inwards until rounding to a type of float cannot carry an integer across them."""

    def rounded(value: int) -> tuple[int, int]:
        gap = 1 << max(abs(value).bit_length() - DIGITS[kind], 0)  # between neighbours of this size
        return int(narrow(np.array([float(value)]), kind)[0]), gap

    above, gap = rounded(low + 1)
    if above < low:
        low = above + gap
    below, gap = rounded(high - 1)
    if below >= high:
        high = below - gap
    return low, high


def integers_of_type(stream: Mersenne, count: int, kind: str) -> Array:
    """Integers over all that the type holds without a gap: 0 to the largest integer, or to 2**digits for floats."""
    if kind == "bool":
        return (stream.words(count) & np.uint64(1)).astype(np.bool_)
    top = (1 << DIGITS[kind]) if kind in DIGITS else LARGEST_INT[kind]
    drawn = stream.long_words(count) if kind in ("float64", "int64") else stream.words(count)
    return narrow(drawn % np.uint64(top + 1), kind)


def bernoulli(stream: Mersenne, count: int, probability: float) -> npt.NDArray[np.bool_]:
    """True with one probability for all: u < p, with u of 53 bits whatever the type. Dropout's mask is made of it."""
    return stream.doubles(count) < probability


def bernoulli_each(stream: Mersenne, probabilities: Array) -> npt.NDArray[np.bool_]:
    """True with a probability per element: u < p, with as many random bits in u as `probabilities` has."""
    flat = probabilities.reshape(-1)
    if flat.dtype == np.float64:
        return stream.doubles(flat.size) < flat
    return stream.floats(flat.size) < flat.astype(np.float32)


# -- waiting times and heavy tails ------------------------------------------------------------------------------------


def exponential(stream: Mersenne, count: int, kind: str, rate: float = 1.0) -> Array:
    """Waiting times: -log(1 - u) / rate."""
    return narrow(-1.0 / rate * by_libm(math.log1p, -stream.doubles(count), kind), kind)


def geometric(stream: Mersenne, count: int, kind: str, probability: float) -> Array:
    """Trials up to the first success: ceil(log u / log(1 - p))."""
    draws = stream.doubles(count)
    draws[draws == 0.0] = 5e-324
    return narrow(np.ceil(by_libm(math.log, draws, "float64") / math.log1p(-probability)), kind)


def cauchy(stream: Mersenne, count: int, kind: str, median: float = 0.0, sigma: float = 1.0) -> Array:
    """Cauchy's distribution, whose tails are so heavy that it has no mean: median + sigma·tan(pi·(u - 1/2))."""
    tangents = by_libm(math.tan, math.pi * (stream.doubles(count) - 0.5), kind)
    return narrow(times_plus(tangents, sigma, median), kind)


# -- drawing from a set -----------------------------------------------------------------------------------------------


def permutation(stream: Mersenne, count: int) -> npt.NDArray[np.int64]:
    """0 to count - 1 in random order, by Fisher and Yates: place i is exchanged with one of the places from i on."""
    if count < 2:
        return np.arange(count, dtype=np.int64)
    remaining = np.arange(count, 1, -1, dtype=np.uint64)
    if count < (2**32 - 1) // 20:
        offsets = stream.words(count - 1).astype(np.uint32) % remaining.astype(np.uint32)
    else:  # a word has too few values to pick among so many places evenly
        offsets = stream.long_words(count - 1) % remaining
    partners = np.arange(count, dtype=np.int64)
    partners[:-1] += offsets.astype(np.int64)
    return exchange_one_by_one(partners) if count < 1000 else exchange_at_once(partners)


def exchange_one_by_one(partners: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0 to n - 1 after the contents of place i and place partners[i] have changed places, for i = 0, 1, ..."""
    order = list(range(len(partners)))
    for i, j in enumerate(partners.tolist()):
        order[i], order[j] = order[j], order[i]
    return np.array(order, np.int64)


def exchange_at_once(partners: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """What `exchange_one_by_one` yields, without a loop over the places.

    At step i, place i receives what lies at j = partners[i]. That is j itself, unless an earlier step k had the same
    partner: then the last such k has left there what lay at k before step k. So each step follows at most one earlier
    step, and the chains of followers are walked all at once, doubling the stride.
    """
    count = len(partners)
    steps = np.arange(count)
    # Sorted by partner and then by step, the step before in the same group is the last one with that partner.
    by_partner = np.sort(partners << 32 | steps) if count <= 1 << 31 else None
    order = np.argsort(partners, kind="stable") if by_partner is None else by_partner & 0xFFFFFFFF
    sorted_partners = partners[order]
    same = np.zeros(count, np.bool_)
    same[1:] = sorted_partners[1:] == sorted_partners[:-1]
    previous = np.full(count, -1)
    previous[order[same]] = order[np.flatnonzero(same) - 1]
    # left[k] is the step whose own place first held what lies at place k before step k.
    last = np.append(~same[1:], True)  # the last step of each group
    left = steps.copy()
    final = order[last]
    own = final == sorted_partners[last]  # step k itself, with itself as partner: the one before it counts
    before = np.where(own, previous[final], final)
    left[sorted_partners[last][before >= 0]] = before[before >= 0]
    while not np.array_equal(further := left[left], left):
        left = further
    return np.where(previous >= 0, left[previous], partners)


def categories(stream: Mersenne, weights: Array, count: int) -> npt.NDArray[np.int64]:
    """`count` draws with replacement per row of `weights`: where u falls among the weights laid end to end."""
    out = np.empty((len(weights), count), np.int64)
    for row, chosen in zip(weights, out, strict=True):
        ends = np.cumsum(row if row.dtype == np.float64 else row.astype(np.float32), dtype=None)
        ends = ends / ends[-1]
        ends[-1] = 1
        chosen[:] = np.searchsorted(ends.astype(np.float64), stream.doubles(count))
    return out


def distinct_categories(stream: Mersenne, weights: Array, count: int, kind: str) -> npt.NDArray[np.int64]:
    """`count` different draws per row of `weights`, by an exponential race.

    Each category waits an exponential time divided by its weight; who arrives first is drawn first. That is the
    same as drawing one by one without replacement (S. Efraimidis and P. Spirakis, 2006).
    """
    waiting = exponential(stream, weights.size, kind)  # in the order of the weights' memory
    waiting = waiting.reshape(weights.shape, order="F" if weights.flags.f_contiguous and weights.ndim > 1 else "C")
    with np.errstate(divide="ignore", invalid="ignore"):
        race = narrow(weights / waiting, kind)
    if count == 1:
        return race.argmax(axis=-1)[:, None]
    return np.stack([first_places(row, count, True) for row in race]) if len(race) else race[:, :0].astype("i8")
