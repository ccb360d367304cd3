"""Comparisons and logic: results are true or false, and no gradient passes through them."""

from __future__ import annotations

from typing import Any

from .base import Op


class Compare(Op):
    """One of the six comparisons, named by NumPy's function."""

    formula = r"z = [x \lessgtr y]"
    gradient = {"x": "", "y": ""}
    promotes = "same"
    differentiable = False

    def forward(ctx, x: Any, y: Any, name: str) -> Any:
        return getattr(ctx.xp, name)(x, y)


class Test(Op):
    """A question asked of each element, named by NumPy's function: is it NaN, infinite, finite, zero, negative?"""

    formula = r"y = [\text{property of } x]"
    gradient = {"x": ""}
    differentiable = False

    def forward(ctx, x: Any, name: str) -> Any:
        return getattr(ctx.xp, name)(x)


class Bitwise(Op):
    """And, or, xor, not and shifts of integers' bits; on booleans, logic."""

    formula = r"z = x \mathbin{\&} y"
    gradient = {"x": "", "y": ""}
    promotes = "same"
    differentiable = False

    def forward(ctx, x: Any, y: Any, name: str) -> Any:
        kinds = {ctx.xp.asarray(v).dtype.kind for v in (x, y)}
        if not kinds <= set("biu"):
            spelled = ctx.xp.asarray(x).dtype.name
            title = {"float32": "Float", "float64": "Double", "float16": "Half"}.get(spelled, spelled)
            raise RuntimeError(f"\"{name}_cpu\" not implemented for '{title}'")
        return getattr(ctx.xp, name)(x, y)


class Invert(Op):
    formula = r"y = \lnot x"
    gradient = {"x": ""}
    differentiable = False
    public = "bitwise_not"

    def forward(ctx, x: Any) -> Any:
        if x.dtype.kind not in "biu":
            raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
        return ~x
