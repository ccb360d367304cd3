"""The incomplete gamma functions, the shares of Γ's integral below and above a limit; and Airy's function."""

from __future__ import annotations

from typing import Any

from ..backends import special_airy, special_gamma, special_incomplete
from .base import Op
from .special import doubled


def both_doubled(ctx: Op, function: Any, a: Any, x: Any) -> Any:
    """A function of two arrays, computed in double precision and rounded to their type."""
    return ctx.xp.asarray(function(ctx.xp, a.astype("f8"), x.astype("f8"))).astype(x.dtype)


def slope(ctx: Any) -> Any:
    """The integrand at the limit, x^{a-1} e^{-x} / Γ(a)."""
    xp, a, x = ctx.xp, ctx.a, ctx.x
    return xp.exp((a - 1) * xp.log(x) - x - ctx.call(LogGamma, a))


class LogGamma(Op):
    """ln Γ as a constant: PyTorch has no gradient of the incomplete functions in ``a``, nor have we."""

    formula = r"y = \ln |\Gamma(x)|"
    gradient = {"x": ""}
    differentiable = False

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, special_gamma.lgamma, x)


class Igamma(Op):
    """The regularised lower incomplete gamma function."""

    formula = r"P(a, x) = \frac{1}{\Gamma(a)} \int_0^x t^{a-1} e^{-t}\, dt"
    gradient = {"a": r"\bar a \text{ is not implemented}", "x": r"\bar x = \bar y\, x^{a-1} e^{-x} / \Gamma(a)"}
    keeps = ("a", "x")
    promotes = "same"
    refuses = {"bool int complex": "igamma_cpu"}

    def forward(ctx, a: Any, x: Any) -> Any:
        return both_doubled(ctx, special_incomplete.gammainc, a, x)

    def backward(ctx, grad: Any) -> Any:
        if ctx.needs[0]:
            raise NotImplementedError("the derivative for 'igamma: input' is not implemented.")
        return None, grad * slope(ctx)


class Igammac(Op):
    """The regularised upper incomplete gamma function."""

    formula = r"Q(a, x) = \frac{1}{\Gamma(a)} \int_x^\infty t^{a-1} e^{-t}\, dt"
    gradient = {"a": r"\bar a \text{ is not implemented}", "x": r"\bar x = -\bar y\, x^{a-1} e^{-x} / \Gamma(a)"}
    keeps = ("a", "x")
    promotes = "same"
    refuses = {"bool int complex": "igammac_cpu"}

    def forward(ctx, a: Any, x: Any) -> Any:
        return both_doubled(ctx, special_incomplete.gammaincc, a, x)

    def backward(ctx, grad: Any) -> Any:
        if ctx.needs[0]:
            raise NotImplementedError("the derivative for 'igammac: input' is not implemented.")
        return None, -(grad * slope(ctx))


class SpecialAiryAi(Op):
    """Airy's function, the bounded solution of y'' = x y; PyTorch passes no gradient through it."""

    formula = r"y = \operatorname{Ai}(x)"
    gradient = {"x": ""}
    promotes = "float"
    differentiable = False

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, special_airy.airy_ai, x)
