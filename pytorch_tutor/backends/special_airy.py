"""Airy's function: one integral along the path of steepest descent, by the trapezoidal rule, which is exact there.

Ai(z) = e^{-ζ} / π ∫_0^∞ e^{-√z t²} cos(t³/3) dt with ζ = 2/3 z^{3/2}, for every complex z off the negative axis
(NIST Digital Library of Mathematical Functions, 9.5.8 after a substitution).
"""

from __future__ import annotations

import math
from typing import Any

STEP = 1 / 16
NODES = 120  # e^{-s²} is below a double's digits from there on, even turned by 30 degrees
AI_0, SLOPE_0 = 0.35502805388781723926, 0.25881940379280679840  # Ai(0) and -Ai'(0)
ZERO_FROM = 103.892  # PyTorch's limit


def _integral(xp: Any, z: Any) -> Any:
    """e^{ζ} Ai(z) for |z| ≥ 1, with t = s / |z|^{1/4}, so that one step serves every z."""
    size = abs(z)
    scale = size**-0.25
    turn = xp.sqrt(z / size)
    third = scale**3 / 3
    total = xp.full(z.shape, 0.5, dtype=z.dtype)
    for k in range(1, NODES):
        s = k * STEP
        total = total + xp.exp(-turn * s * s) * xp.cos(third * s**3)
    return total * STEP * scale / math.pi


def _series(xp: Any, x: Any) -> Any:
    """Maclaurin's series, for |x| < 1."""
    cube, even, odd = x**3, xp.ones_like(x), x
    f, g = even, odd
    for k in range(1, 12):
        even = even * cube / ((3 * k) * (3 * k - 1))
        odd = odd * cube / ((3 * k) * (3 * k + 1))
        f, g = f + even, g + odd
    return AI_0 * f - SLOPE_0 * g


def airy_ai(xp: Any, x: Any) -> Any:
    """Ai(x); on the left it is the sum of two values off the axis: 2 Re(e^{iπ/3} Ai(|x| e^{iπ/3}))."""
    known = xp.isfinite(x)
    size = xp.where(known, abs(x), 1.0)
    large = xp.maximum(size, 1.0)
    zeta = 2 / 3 * large**1.5
    right = xp.exp(-zeta) * _integral(xp, large)
    turn = xp.exp(1j * math.pi / 3)
    left = 2 * (turn * xp.exp(-1j * zeta) * _integral(xp, large * turn)).real
    near = _series(xp, xp.where(size < 1, xp.where(known, x, 0.0), 0.0))
    value = xp.where(size < 1, near, xp.where(x > 0, right, left))
    return xp.where(known, xp.where(x > ZERO_FROM, 0.0, value), math.nan)
