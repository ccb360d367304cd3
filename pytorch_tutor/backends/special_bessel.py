"""Bessel functions by their integrals: the trapezoidal rule is exact to the last digit for smooth periodic functions.

Integrals and expansions: NIST Digital Library of Mathematical Functions, chapter 10 (10.9, 10.17, 10.32, 10.40).
"""

from __future__ import annotations

import math
from typing import Any

EULER = 0.5772156649015329
POINTS = 96  # of the trapezoidal rule: enough for arguments below 25, and low orders
MORE = 168  # and for orders up to 64
FAR = 25.0


def expansion(order: int, x: Any, signs: int) -> tuple[Any, Any]:
    """Sums of the even and of the odd terms a_k / x^k of the expansion for large x; ``signs`` -1 alternates each."""
    term: Any = 1.0 + 0 * x
    even, odd = 0 * x, 0 * x
    for k in range(1, 24):
        if k % 2:
            even = even + term
        else:
            odd = odd + term
        term = term * (4 * order * order - (2 * k - 1) ** 2) / (8 * k * x)
        if k % 2 == 0:
            term = signs * term
    return even, odd


def j(xp: Any, order: int, x: Any, points: int = POINTS) -> Any:
    """Bessel's function of the first kind, 1/π ∫ cos(nt - x sin t) dt over half a period."""
    near = xp.where(abs(x) < FAR, x, 0.0)
    total = 0 * near
    for i in range(points):
        t = 2 * math.pi * i / points
        total = total + xp.cos(order * t - near * math.sin(t))
    return total / points


def first_kind(xp: Any, order: int, x: Any) -> Any:
    """J_0 or J_1: the integral, and for large arguments waves whose height falls as 1/√x."""
    far = xp.where(abs(x) < FAR, FAR, abs(x))
    even, odd = expansion(order, far, -1)
    phase = far - order * math.pi / 2 - math.pi / 4
    wave = xp.sqrt(2 / (math.pi * far)) * (even * xp.cos(phase) - odd * xp.sin(phase))
    wave = xp.where((x < 0) & (order == 1), -wave, wave)
    value = xp.where(abs(x) < FAR, j(xp, order, x), wave)
    return xp.where(abs(x) == math.inf, 0.0, xp.where(x != x, x, value))


def second_kind(xp: Any, order: int, x: Any) -> Any:
    """Y_0 or Y_1 for x ≥ 0: Neumann's series in functions of the first kind, waves for large arguments."""
    near = xp.where((x > 0) & (x < FAR), x, 1.0)
    value = 2 / math.pi * (xp.log(near / 2) + EULER) * j(xp, order, near)
    if order == 1:  # the derivative of Y_0's series: J_n' = (J_{n-1} - J_{n+1}) / 2
        value = value - 2 / (math.pi * near) * j(xp, 0, near)
    for k in range(1, 32):
        if order == 0:
            term = j(xp, 2 * k, near, MORE)
        else:
            term = (j(xp, 2 * k + 1, near, MORE) - j(xp, 2 * k - 1, near, MORE)) / 2
        value = value - 4 / math.pi * (-1) ** k / k * term
    far = xp.where((x > 0) & (x < FAR), FAR, abs(x))
    far = xp.where(xp.isfinite(far) & (far >= FAR), far, FAR)
    even, odd = expansion(order, far, -1)
    phase = far - order * math.pi / 2 - math.pi / 4
    wave = xp.sqrt(2 / (math.pi * far)) * (even * xp.sin(phase) + odd * xp.cos(phase))
    value = xp.where(x < FAR, value, wave)
    value = xp.where(x == math.inf, 0.0, xp.where(x == 0, -math.inf, value))
    return xp.where((x < 0) | (x != x), math.nan, value)


def modified_scaled(xp: Any, order: int, x: Any) -> Any:
    """e^{-|x|} I_n(x), 1/π ∫ e^{x (cos t - 1)} cos nt dt; for large arguments its expansion."""
    a = abs(x)
    near = xp.where(a < FAR, a, 0.0)
    total = 0 * near
    for i in range(POINTS):
        t = 2 * math.pi * i / POINTS
        total = total + xp.exp(near * (math.cos(t) - 1)) * math.cos(order * t)
    far = xp.where((a < FAR) | (a == math.inf), FAR, a)
    even, odd = expansion(order, far, 1)
    value = xp.where(a < FAR, total / POINTS, (even - odd) / xp.sqrt(2 * math.pi * far))
    value = xp.where(a == math.inf, 0.0, value)
    if order == 1:
        small = a < 1e-3  # the sum of both signs would leave no digits
        value = xp.where(small, xp.exp(-a) * (a / 2) * (1 + a * a / 8), value)
        value = xp.where(x < 0, -value, value)
    return xp.where(x != x, x, value)


def modified(xp: Any, order: int, x: Any) -> Any:
    """I_0 or I_1."""
    scaled = modified_scaled(xp, order, x)
    grown = xp.exp(abs(x) / 2) * scaled * xp.exp(abs(x) / 2)
    return xp.where(abs(x) == math.inf, abs(x) if order == 0 else x, grown)


def decaying_scaled(xp: Any, order: int, x: Any) -> Any:
    """e^{x} K_n(x) for x > 0, ∫ e^{-x (cosh t - 1)} cosh nt dt over the positive numbers."""
    safe = xp.where(x > 0, x, 1.0)
    end = xp.arccosh(1 + 750 / safe)  # where the integrand has vanished
    steps = 400
    total = 0.5 + 0 * safe
    for i in range(1, steps + 1):
        t = end * i / steps
        total = total + xp.exp(-safe * (xp.cosh(t) - 1)) * xp.cosh(order * t)
    value = total * end / steps
    return xp.where(x == 0, math.inf, xp.where((x < 0) | (x != x), math.nan, value))


def decaying(xp: Any, order: int, x: Any) -> Any:
    """K_0 or K_1."""
    return xp.where(x <= 0, decaying_scaled(xp, order, x), decaying_scaled(xp, order, x) * xp.exp(-x))
