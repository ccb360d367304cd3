"""The incomplete gamma functions: a series where its terms shrink, a continued fraction elsewhere.

Formulas: NIST Digital Library of Mathematical Functions, 8.7.1 (series) and 8.9.2 (continued fraction, in Lentz's way).
"""

from __future__ import annotations

import math
from typing import Any

from .special_gamma import lgamma

MOST_TERMS = 20000
TINY = 1e-300
EPS = 1e-16


def _front(xp: Any, a: Any, x: Any) -> Any:
    """x^a e^{-x} / Γ(a), the factor that both ways have."""
    return xp.exp(a * xp.log(x) - x - lgamma(xp, a))


def _series(xp: Any, a: Any, x: Any) -> Any:
    """P(a, x) as x^a e^{-x} / Γ(a) · Σ x^n / (a (a + 1) … (a + n))."""
    term = 1 / a
    total = term
    for n in range(1, MOST_TERMS):
        term = term * x / (a + n)
        total = total + term
        if not bool((abs(term) > EPS * abs(total)).any()):
            break
    return total * _front(xp, a, x)


def _fraction(xp: Any, a: Any, x: Any) -> Any:
    """Q(a, x) as x^a e^{-x} / Γ(a) · 1/(x + 1 - a - 1·(1 - a)/(x + 3 - a - …))."""
    b = x + 1 - a
    c = xp.full_like(x, 1 / TINY)
    d = 1 / xp.where(b == 0, TINY, b)
    value = d
    for n in range(1, MOST_TERMS):
        top = -n * (n - a)
        b = b + 2
        d = top * d + b
        d = 1 / xp.where(abs(d) < TINY, TINY, d)
        c = b + top / c
        c = xp.where(abs(c) < TINY, TINY, c)
        step = c * d
        value = value * step
        if not bool((abs(step - 1) > EPS * 4).any()):
            break
    return value * _front(xp, a, x)


def _both(xp: Any, a: Any, x: Any, upper: bool) -> Any:
    a, x = xp.broadcast_arrays(a, x)
    inside = (a > 0) & (x > 0) & xp.isfinite(a) & xp.isfinite(x)
    near = inside & (x < a + 1)
    far = inside & ~near
    value = xp.full(a.shape, math.nan)
    if bool(near.any()):
        value[near] = _series(xp, a[near], x[near])
        if upper:
            value[near] = 1 - value[near]
    if bool(far.any()):
        value[far] = _fraction(xp, a[far], x[far])
        if not upper:
            value[far] = 1 - value[far]
    # the edges: all of the mass lies above x = 0 and below x = ∞; a = 0 has all of it at 0, a = ∞ at ∞
    none, whole = (1.0, 0.0) if upper else (0.0, 1.0)
    value = xp.where((x == 0) & (a > 0), none, value)
    value = xp.where((a == 0) & (x > 0), whole, value)
    value = xp.where((x == math.inf) & (a >= 0) & (a < math.inf), whole, value)
    return xp.where((a == math.inf) & (x >= 0) & (x < math.inf), none, value)


def gammainc(xp: Any, a: Any, x: Any) -> Any:
    """P(a, x): the share of Γ(a)'s integral that lies below x."""
    return _both(xp, a, x, False)


def gammaincc(xp: Any, a: Any, x: Any) -> Any:
    """Q(a, x) = 1 - P(a, x): the share above x, with its digits where it is small."""
    return _both(xp, a, x, True)
