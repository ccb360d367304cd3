"""Comparisons and logic: results are true or false, and no gradient passes through them."""

from __future__ import annotations

from typing import Any

from ..dtypes import of_array
from ..refusals import refusal
from .base import Op

ORDERS = {"less": "lt_cpu", "less_equal": "le_cpu", "greater": "gt_cpu", "greater_equal": "ge_cpu"}


class Compare(Op):
    """One of the six comparisons, named by NumPy's function."""

    formula = r"z = [x \lessgtr y]"
    gradient = {"x": "", "y": ""}
    promotes = "same"
    differentiable = False

    def forward(ctx, x: Any, y: Any, name: str) -> Any:
        if name in ORDERS:
            ctx.refuse(x, "complex unsigned", ORDERS[name])
        return getattr(ctx.xp, name)(x, y)


class Test(Op):
    """A question asked of each element, named by NumPy's function: is it NaN, infinite, finite, zero, negative?"""

    formula = r"y = [\text{property of } x]"
    gradient = {"x": ""}
    differentiable = False

    def forward(ctx, x: Any, name: str) -> Any:
        return getattr(ctx.xp, name)(x)


class Bitwise(Op):
    """And, or, xor and shifts of integers' bits; on booleans, logic."""

    formula = r"z = x \mathbin{\&} y"
    gradient = {"x": "", "y": ""}
    promotes = "same"
    differentiable = False
    function = ""

    def forward(ctx, x: Any, y: Any) -> Any:
        kind = of_array(ctx.xp.result_type(x, y))
        if kind in ctx.refused:
            raise refusal(kind, ctx.refused[kind])
        return getattr(ctx.xp, ctx.function)(x, y)


class BitwiseAnd(Bitwise):
    formula = r"z = x \mathbin{\&} y"
    gradient = Bitwise.gradient
    refuses = {"half float complex": "bitwise_and_cpu"}
    function = "bitwise_and"


class BitwiseOr(Bitwise):
    formula = r"z = x \mathbin{|} y"
    gradient = Bitwise.gradient
    refuses = {"half float complex": "bitwise_or_cpu"}
    function = "bitwise_or"


class BitwiseXor(Bitwise):
    formula = r"z = x \oplus y"
    gradient = Bitwise.gradient
    refuses = {"half float complex": "bitwise_xor_cpu"}
    function = "bitwise_xor"


class LeftShift(Bitwise):
    formula = r"z = x \cdot 2^{y}"
    gradient = Bitwise.gradient
    refuses = {"bool half float complex unsigned": "lshift_cpu"}
    function = "left_shift"


class RightShift(Bitwise):
    formula = r"z = \lfloor x / 2^{y} \rfloor"
    gradient = Bitwise.gradient
    refuses = {"bool half float complex unsigned": "rshift_cpu"}
    function = "right_shift"


class Invert(Op):
    formula = r"y = \lnot x"
    gradient = {"x": ""}
    differentiable = False
    refuses = {"half float complex unsigned": "bitwise_not_cpu"}
    public = "bitwise_not"

    def forward(ctx, x: Any) -> Any:
        ctx.refuse(x, "float", "bitwise_not_cpu")
        return ~x
