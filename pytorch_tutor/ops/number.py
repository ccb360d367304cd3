"""Functions that look inside numbers: their sign, their bits, their common divisors."""

from __future__ import annotations

import math
from typing import Any

from .base import Op

LN2 = math.log(2)


class Sgn(Op):
    """The direction of a number: its sign, or z/|z| of a complex one."""

    formula = r"y = x / |x|"
    gradient = {"x": r"\bar x = (\bar y - \operatorname{Re}(\bar y\, y^{*})\, y) / |x|"}
    keeps = ("x", "result")

    def forward(ctx, x: Any) -> Any:
        if x.dtype.kind == "b":
            return x.copy()
        if x.dtype.kind != "c":
            return ctx.xp.sign(x)
        size = abs(x)
        return ctx.xp.where(size == 0, 0, x / ctx.xp.where(size == 0, 1, size)).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        if ctx.input_dtypes[0].kind != "c":
            return grad * 0
        size = abs(ctx.x)
        along = (grad * ctx.conj(ctx.result)).real
        return ctx.xp.where(size == 0, 0.0, (grad - along * ctx.result) / ctx.xp.where(size == 0, 1.0, size))


class Heaviside(Op):
    """The step from 0 to 1; at 0 it has the values given."""

    formula = r"y = [x > 0] + v\,[x = 0]"
    gradient = {"x": "", "values": ""}
    differentiable = False
    refuses = {"complex": RuntimeError("heaviside is not yet implemented for complex tensors.")}

    def forward(ctx, x: Any, values: Any) -> Any:
        return ctx.xp.where(x == 0, values, x > 0).astype(x.dtype)


class Ldexp(Op):
    """A number from its mantissa and its power of two."""

    formula = r"y = x \cdot 2^{k}"
    gradient = {"x": r"\bar x = \bar y\, 2^{k}", "k": r"\bar k = \bar y\, y \ln 2"}
    keeps = ("k", "result")
    promotes = "float"

    def forward(ctx, x: Any, k: Any) -> Any:
        return x * ctx.xp.exp2(k)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.xp.exp2(ctx.k), grad * ctx.result * LN2 if ctx.needs[1] else None


class CommonDivisor(Op):
    """Greatest common divisor and least common multiple of whole numbers."""

    formula = r"y = \gcd(x, z)"
    gradient = {"x": "", "other": ""}
    promotes = "same"
    differentiable = False

    def forward(ctx, x: Any, other: Any, which: str) -> Any:
        return getattr(ctx.xp, which)(x, other)


class Nextafter(Op):
    """The next number that the type can represent, in the direction of the other one."""

    formula = r"y = \min\{z : z > x\} \text{ or } \max\{z : z < x\}"
    gradient = {"x": r"\bar x = \bar y\,[x \ne z]", "other": r"\bar z = 0"}
    keeps = ("x", "other")
    promotes = "same"
    refuses = {"bool int complex": "nextafter_cpu"}

    def forward(ctx, x: Any, other: Any) -> Any:
        return ctx.xp.nextafter(x, other)

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.where(ctx.x == ctx.other, 0.0, grad), grad * 0


class Frexp(Op):
    """A mantissa between ½ and 1 and a power of two: how a float is stored."""

    formula = r"x = m \cdot 2^{e}"
    gradient = {"x": r"\bar x = \bar m / 2^{e}"}
    keeps = ("exponent",)

    def forward(ctx, x: Any) -> Any:
        mantissa, ctx.exponent = ctx.xp.frexp(x)
        return mantissa, ctx.exponent.astype("i4")

    def backward(ctx, grad: Any, _: Any) -> Any:
        return grad * ctx.xp.exp2(-ctx.exponent * 1.0)
