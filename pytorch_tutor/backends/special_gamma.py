"""The gamma function and its kin, computed by shifting the argument up to where an asymptotic series is accurate.

Series: NIST Digital Library of Mathematical Functions, 5.11 (Stirling), 25.11 (Hurwitz's zeta by Euler and Maclaurin).
"""

from __future__ import annotations

import math
from typing import Any

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
LARGE = 12  # from here on the series have all the digits of a double


def shifted(xp: Any, x: Any) -> tuple[Any, Any]:
    """How often 1 must be added until x is large, element by element, and the sum."""
    steps = xp.maximum(xp.ceil(LARGE - x), 0.0)
    return steps, x + steps


def lgamma(xp: Any, x: Any) -> Any:
    """ln |Γ(x)|. Stirling's series where x is large; Γ(x + 1) = x Γ(x) leads there, reflection from the left."""
    mirrored = x < 0.5
    z = xp.where(mirrored, 1 - x, x)
    finite = xp.isfinite(z)
    z = xp.where(finite, z, 1.0)
    product = xp.ones_like(z)
    for k in range(LARGE):
        product = xp.where(z + k < LARGE, product * (z + k), product)
    _, w = shifted(xp, z)
    series = sum(b / (2 * k * (2 * k - 1) * w ** (2 * k - 1)) for k, b in enumerate(BERNOULLI, 1))
    value = (w - 0.5) * xp.log(w) - w + 0.5 * math.log(2 * math.pi) + series - xp.log(product)
    value = xp.where((z == 1) | (z == 2), 0.0, value)
    sine = abs(xp.sin(math.pi * (x - xp.rint(x))))
    reflected = xp.where(sine == 0, math.inf, math.log(math.pi) - xp.log(xp.where(sine == 0, 1.0, sine)) - value)
    value = xp.where(mirrored, reflected, value)
    return xp.where(x != x, x, xp.where(finite & xp.isfinite(x), value, math.inf))


def digamma(xp: Any, x: Any) -> Any:
    """The derivative of ln Γ. At 0 it is -∞ with 0's sign reversed, at negative integers undefined."""
    mirrored = x < 0
    z = xp.where(mirrored, 1 - x, x)
    safe = xp.where((z > 0) & xp.isfinite(z), z, 1.0)
    below = xp.zeros_like(safe)
    for k in range(LARGE):
        below = xp.where(safe + k < LARGE, below + 1 / (safe + k), below)
    _, w = shifted(xp, safe)
    series = sum(b / (2 * k * w ** (2 * k)) for k, b in enumerate(BERNOULLI, 1))
    value = xp.log(w) - 0.5 / w - series - below
    part = x - xp.trunc(x)
    tangent = xp.tan(math.pi * xp.where(part == 0, 0.5, part))
    value = xp.where(mirrored, xp.where(part == 0, math.nan, value - math.pi / tangent), value)
    value = xp.where(x == 0, xp.copysign(math.inf, -x), value)
    return xp.where(x == math.inf, math.inf, xp.where(x != x, x, value))


def zeta(xp: Any, s: Any, q: Any) -> Any:
    """Hurwitz's zeta function Σ 1/(q + k)^s: the first terms one by one, the rest by Euler's and Maclaurin's formula."""
    s, q = xp.broadcast_arrays(s, q)
    usable = (s > 1) & (xp.isfinite(q)) & ((q > 0) | ((q != xp.floor(q)) & (s == xp.floor(s))))
    safe_s, safe_q = xp.where(usable, s, 2.0), xp.where(usable, q, 1.0)
    total = xp.zeros_like(safe_q)
    a = safe_q
    while True:
        low = a < LARGE
        if not low.any():
            break
        total = xp.where(low, total + xp.where(low, a, 1.0) ** -safe_s, total)
        a = xp.where(low, a + 1, a)
    total = total + a ** (1 - safe_s) / (safe_s - 1) + 0.5 * a**-safe_s
    factor, power = safe_s, a ** (-safe_s - 1)
    for k, b in enumerate(BERNOULLI, 1):
        total = total + b / math.factorial(2 * k) * factor * power
        factor = factor * (safe_s + 2 * k - 1) * (safe_s + 2 * k)
        power = power / (a * a)
    pole = (q <= 0) & (q == xp.floor(q)) & (s > 1)
    outside = xp.where((s == 1) | pole, math.inf, math.nan)
    return xp.where(usable, total, xp.where((q == math.inf) & (s > 1), 0.0, outside))


def polygamma(xp: Any, n: int, x: Any) -> Any:
    """The n-th derivative of digamma: for n = 1 reflected from the left, above that Hurwitz's zeta function."""
    if n == 0:
        return digamma(xp, x)
    if n == 1:
        mirrored = x < 0.5
        value = zeta(xp, xp.asarray(2.0), xp.where(mirrored, 1 - x, x))
        return xp.where(mirrored, (math.pi / xp.sin(math.pi * x)) ** 2 - value, value)
    return (-1) ** (n + 1) * math.gamma(n + 1) * zeta(xp, xp.asarray(float(n + 1)), x)
