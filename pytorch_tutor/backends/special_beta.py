"""The incomplete beta integral: the share of a beta distribution that lies below x.

Source: DLMF 8.17.22 (the continued fraction, evaluated forwards by Lentz's method) and 8.17.4 (the exchange of sides).
"""

from __future__ import annotations

from typing import Any

from .special_gamma import lgamma

ROUNDS = 300
TINY = 1e-300


def _fraction(xp: Any, a: Any, b: Any, x: Any) -> Any:
    """The continued fraction for x below the mean, in float64."""
    c = xp.ones_like(x)
    d = 1 - (a + b) * x / (a + 1)
    d = 1 / xp.where(abs(d) < TINY, TINY, d)
    value = d
    for m in range(1, ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1 + term * d, 1 + term / c
            d, c = 1 / xp.where(abs(d) < TINY, TINY, d), xp.where(abs(c) < TINY, TINY, c)
            step = d * c
            value = value * step
        if not bool((abs(step - 1) > 1e-15).any()):
            break
    return value


def log_density(xp: Any, a: Any, b: Any, x: Any) -> Any:
    """ln of x^(a-1) (1-x)^(b-1) / B(a, b)."""
    return (a - 1) * xp.log(x) + (b - 1) * xp.log1p(-x) + lgamma(xp, a + b) - lgamma(xp, a) - lgamma(xp, b)


def betainc(xp: Any, a: Any, b: Any, x: Any) -> tuple[Any, Any]:
    """The shares below and above x, each with its digits where it is small; float64 arrays of one shape, 0 < x < 1."""
    turned = x > (a + 1) / (a + b + 2)
    p, q, z = xp.where(turned, b, a), xp.where(turned, a, b), xp.where(turned, 1 - x, x)
    small = xp.exp(log_density(xp, p, q, z)) * z * (1 - z) / p * _fraction(xp, p, q, z)
    return xp.where(turned, 1 - small, small), xp.where(turned, small, 1 - small)
