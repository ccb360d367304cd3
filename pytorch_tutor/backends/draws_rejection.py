"""Random numbers that are found by trying: Poisson, binomial and gamma; how many words one takes is not known before.

Sources: W. Hörmann, "The transformed rejection method for generating Poisson random variables" (1993) and "The
generation of binomial random variates" (1993); G. Marsaglia and W. Tsang, "A simple method for generating gamma
variables" (2000).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .draws import Array, narrow
from .draws_normal import one_by_one
from .mt19937 import Mersenne

NextDouble = Callable[[], float]

# PyTorch writes these two as float32 constants, and the numbers follow from it.
_THIRD, _SQUEEZE = float(np.float32(1 / 3)), float(np.float32(0.0331))


def poisson(stream: Mersenne, rates: Array, kind: str) -> Array:
    """How many events happen at each of `rates`."""
    flat = rates.reshape(-1).astype(np.float64).tolist()
    counts = stream.tap(lambda draw: [_poisson(rate, draw) for rate in flat], _guess(flat))
    return narrow(np.array(counts, np.float64), kind)


def binomial(stream: Mersenne, counts: Array, probabilities: Array, kind: str) -> Array:
    """How many of `counts` trials succeed with `probabilities`."""
    pairs = list(zip(counts.reshape(-1).tolist(), probabilities.reshape(-1).tolist(), strict=True))
    drawn = stream.tap(lambda draw: [_binomial(n, p, draw) for n, p in pairs], 4 * len(pairs))
    return narrow(np.array(drawn, np.float64), kind)


def gamma(stream: Mersenne, shapes: Array, kind: str) -> Array:
    """Gamma numbers of the given shapes and scale 1, never below the type's smallest normal number."""
    drawn = np.array([_gamma(shape, stream) for shape in shapes.reshape(-1)], np.float64)
    smallest = {"float64": 2.0**-1022, "float16": 2.0**-14}.get(kind, 2.0**-126)
    return np.maximum(narrow(drawn, kind), narrow(np.array([smallest]), kind))


def _guess(rates: list[float]) -> int:
    """About how many doubles a list of Poisson rates will use."""
    return int(sum(rate + 1 if rate < 10 else 3 for rate in rates if rate == rate))


def _poisson(rate: float, draw: NextDouble) -> float:
    if rate == 0:
        return 0.0
    if rate < 10:  # multiply uniform numbers until the product is below e^-rate
        limit, product, count = math.exp(-rate), 1.0, 0
        while True:
            product *= draw()
            if not product > limit:
                return float(count)
            count += 1
    log_rate = math.log(rate)
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    box = 0.9277 - 3.6224 / (b - 2)
    while True:
        u = draw() - 0.5
        v = draw()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + rate + 0.43)
        if us >= 0.07 and v <= box:
            return float(k)
        if k < 0 or (us < 0.013 and v > us):
            continue
        left = math.log(v) + math.log(inverse_alpha) - math.log(a / (us * us) + b)
        if left <= -rate + k * log_rate - math.lgamma(k + 1.0):
            return float(k)


def _binomial(count: float, probability: float, draw: NextDouble) -> float:
    if math.isnan(count) or math.isnan(probability):
        return math.nan
    if count <= 0 or probability <= 0:
        return 0.0
    if probability >= 1:
        return count
    if probability > 0.5:  # count the failures instead
        return count - _binomial(count, 1.0 - probability, draw)
    if count * probability >= 10:
        return _binomial_by_rejection(count, probability, draw)
    log_failure = math.log1p(-probability)
    trials, successes = 0.0, 0
    while True:  # jump from success to success: the gaps are geometric
        trials += math.ceil(math.log(draw() or 5e-324) / log_failure)
        if trials > count:
            return float(successes)
        successes += 1


# log k! minus Stirling's approximation of it, for k = 0 to 9
_STIRLING_ERROR = (0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
                   0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273,
                   0.00833056343336287)  # fmt: skip


def _stirling_error(k: float) -> float:
    if k < 10:
        return _STIRLING_ERROR[int(k)]
    square = (k + 1) * (k + 1)
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1)


def _binomial_by_rejection(count: float, probability: float, draw: NextDouble) -> float:
    deviation = math.sqrt(count * probability * (1 - probability))
    b = 1.15 + 2.53 * deviation
    a = -0.0873 + 0.0248 * b + 0.01 * probability
    c = count * probability + 0.5
    box = 0.92 - 4.2 / b
    odds = probability / (1 - probability)
    alpha = (2.83 + 5.1 / b) * deviation
    m = math.floor((count + 1) * probability)
    while True:
        u = draw() - 0.5
        v = draw()
        us = 0.5 - abs(u)
        k = math.floor((2 * a / us + b) * u + c)
        if k < 0 or k > count:
            continue
        if us >= 0.07 and v <= box:
            return float(k)
        bound = (
            (m + 0.5) * math.log((m + 1) / (odds * (count - m + 1)))
            + (count + 1) * math.log((count - m + 1) / (count - k + 1))
            + (k + 0.5) * math.log(odds * (count - k + 1) / (k + 1))
            + _stirling_error(m)
            + _stirling_error(count - m)
            - _stirling_error(k)
            - _stirling_error(count - k)
        )
        if math.log(v * alpha / (a / (us * us) + b)) <= bound:
            return float(k)


def _gamma(shape: Any, stream: Mersenne) -> float:
    """One number; `shape` is a NumPy scalar, whose type rounds the first steps as PyTorch's does."""
    scale, number = 1.0, type(shape)
    if shape < 1:  # gamma(a) = gamma(a + 1) · u^(1/a)
        if shape == 0:
            return 0.0
        scale = (1 - stream.double()) ** float(number(1) / shape)
        shape = shape + number(1)
    d = float(shape - number(_THIRD))
    c = 1 / math.sqrt(9 * d)
    while True:
        y = 0.0
        while y <= 0:
            x = float(one_by_one(stream, 1, 0.0, 1.0)[0])
            y = 1 + c * x
        v = y * y * y
        u = 1 - stream.double()
        square = x * x
        if u < 1 - _SQUEEZE * square * square or math.log(u) < 0.5 * square + d * (1 - v + math.log(v)):
            return scale * d * v
