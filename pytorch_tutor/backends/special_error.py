"""The error function's scaled complement and its inverses, accurate in the far tails, too."""

from __future__ import annotations

import math
from typing import Any

ROOT_PI = math.sqrt(math.pi)


def erfcx(xp: Any, x: Any) -> Any:
    """e^{x²} erfc x. Near 0 erf's Taylor series, far to the right the continued fraction (DLMF 7.9)."""
    a = abs(x)
    near = xp.where(a < 2.5, a, 1.0)
    term = near * 2 / ROOT_PI * xp.exp(-near * near)
    erf = term
    for k in range(1, 60):  # erf x = 2/√π e^{-x²} Σ 2^k x^{2k+1} / (2k+1)!!
        term = term * 2 * near * near / (2 * k + 1)
        erf = erf + term
    left = xp.exp(near * near) * (1 - erf)
    far = xp.where(a < 2.5, 2.5, a)
    fraction = far
    for k in range(120, 0, -1):
        fraction = far + k / 2 / fraction
    right = 1 / (ROOT_PI * fraction)
    value = xp.where(a < 2.5, left, right)
    return xp.where(x < 0, 2 * xp.exp(x * x) - value, xp.where(x != x, x, value))


def erfc(xp: Any, x: Any) -> Any:
    """1 - erf x without cancellation on the right."""
    tail = xp.exp(-x * x) * erfcx(xp, abs(x))
    return xp.where(x < 0, 2 - tail, tail)


def erfcinv(xp: Any, y: Any) -> Any:
    """The x with erfc x = y for 0 < y ≤ 1, by Newton's method on ln erfc, which is nearly a parabola."""
    inside = (y > 0) & (y <= 1)
    safe = xp.where(inside, y, 0.5)
    t = xp.sqrt(-2 * xp.log(safe / 2))
    x = (t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t))) / math.sqrt(2)
    for _ in range(6):
        scaled = erfcx(xp, x)
        x = x + (xp.log(scaled) - x * x - xp.log(safe)) * scaled * ROOT_PI / 2
    return xp.where(inside, x, xp.where(y == 0, math.inf, math.nan))


def erfinv(xp: Any, y: Any) -> Any:
    """The x with erf x = y: near 0 by Newton's method on erf itself, outside by that of its complement."""
    size = abs(y)
    near = xp.where(size < 0.5, size, 0.0)
    x = near * ROOT_PI / 2
    for _ in range(6):
        x = x + (near - erf_near(xp, x)) * xp.exp(x * x) * ROOT_PI / 2
    value = xp.where(size < 0.5, x, erfcinv(xp, xp.where(size < 0.5, 0.5, 1 - size)))
    return xp.copysign(value, y)


def erf_near(xp: Any, x: Any) -> Any:
    """erf by its Taylor series, for |x| < 1."""
    term = x * 2 / ROOT_PI * xp.exp(-x * x)
    total = term
    for k in range(1, 30):
        term = term * 2 * x * x / (2 * k + 1)
        total = total + term
    return total


def ndtr(xp: Any, x: Any) -> Any:
    """The probability that a normal number is below x."""
    return erfc(xp, -x / math.sqrt(2)) / 2


def log_ndtr(xp: Any, x: Any) -> Any:
    """ln of that probability, also where the probability itself would be 0."""
    t = x / math.sqrt(2)
    left = xp.log(erfcx(xp, xp.maximum(-t, 0.0)) / 2) - t * t
    return xp.where(x < -1, left, xp.log1p(-erfc(xp, xp.maximum(t, -1.0)) / 2))


def ndtri(xp: Any, p: Any) -> Any:
    """The x below which a normal number lies with probability p."""
    upper = p > 0.5
    tail = erfcinv(xp, 2 * xp.where(upper, 1 - p, p)) * math.sqrt(2)
    return xp.where(p == 0.5, 0.0, xp.where(upper, tail, -tail))
