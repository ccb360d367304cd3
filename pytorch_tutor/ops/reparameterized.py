r"""Gamma and Dirichlet numbers with a gradient for their parameters, though they are found by trying.

Implicit reparameterisation: keep the probability $F(x; \alpha)$ of a smaller number fixed while $\alpha$ changes; then
$x$ must move by $\partial x / \partial\alpha = -\,(\partial F / \partial\alpha) / p(x; \alpha)$. Source: M. Figurnov,
S. Mohamed, A. Mnih, "Implicit reparameterization gradients", 2018. The slope of $F$ is taken by a difference in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backends import draws_rejection
from ..backends.mt19937 import Mersenne
from ..backends.special_beta import betainc, log_density
from ..backends.special_gamma import lgamma
from ..backends.special_incomplete import gammainc, gammaincc
from .base import Op

STEP = 1e-4  # of the difference, relative to the parameter


def gamma_slope(alpha: Any, x: Any) -> Any:
    """How a standard gamma number moves with its shape parameter."""
    a, x = alpha.astype("f8"), x.astype("f8")
    h = STEP * a
    with np.errstate(all="ignore"):
        below = (gammainc(np, a + h, x) - gammainc(np, a - h, x)) / (2 * h)
        above = (gammaincc(np, a + h, x) - gammaincc(np, a - h, x)) / (2 * h)
        slope = np.where(x < a, below, -above)  # from the smaller share, which has more digits
        found = -slope / np.exp((a - 1) * np.log(x) - x - lgamma(np, a))
    return np.where(np.isfinite(found), found, 0.0)


def beta_slope(alpha: Any, beta: Any, x: Any) -> Any:
    """How a beta number moves with its first parameter."""
    a, b = alpha.astype("f8"), beta.astype("f8")
    x = np.clip(x.astype("f8"), 1e-300, 1 - 1e-16)
    h = STEP * a
    with np.errstate(all="ignore"):
        more, fewer = betainc(np, a + h, b, x), betainc(np, a - h, b, x)
        slope = np.where(x < a / (a + b), more[0] - fewer[0], fewer[1] - more[1]) / (2 * h)
        found = -slope / np.exp(log_density(np, a, b, x))
    return np.where(np.isfinite(found), found, 0.0)


class StandardGamma(Op):
    """Gamma numbers of the given shapes and rate 1."""

    formula = r"x \sim p(x) = x^{\alpha - 1} e^{-x} / \Gamma(\alpha)"
    gradient = {"alpha": r"\bar\alpha = -\bar x\, \frac{\partial F / \partial\alpha}{p(x)}"}
    keeps = ("alpha", "result")

    def forward(ctx, alpha: Any, stream: Mersenne, kind: str) -> Any:
        return draws_rejection.gamma(stream, alpha, kind).reshape(alpha.shape)

    def backward(ctx, grad: Any) -> Any:
        slope = gamma_slope(ctx.alpha, ctx.result).astype(ctx.alpha.dtype)
        return grad * slope


class Dirichlet(Op):
    """Probabilities drawn at random: gamma numbers divided by their sum."""

    formula = r"x = g / \sum g, \quad g_i \sim \Gamma(\alpha_i)"
    gradient = {"alpha": r"\bar\alpha_i = \frac{\partial x_i/\partial\alpha_i}{1 - x_i} (\bar x_i - \bar x \cdot x)"}
    keeps = ("alpha", "result")
    node_name = "_DirichletBackward"

    def forward(ctx, alpha: Any, stream: Mersenne, kind: str) -> Any:
        drawn = draws_rejection.gamma(stream, alpha.astype("f8"), "float64").reshape(alpha.shape)
        shares = (drawn / drawn.sum(-1, keepdims=True)).astype(alpha.dtype)
        limits = np.finfo(alpha.dtype)
        return np.clip(shares, limits.tiny, np.nextafter(alpha.dtype.type(1), alpha.dtype.type(0)))

    def backward(ctx, grad: Any) -> Any:
        alpha, x = ctx.alpha, ctx.result
        slope = beta_slope(alpha, alpha.sum(-1, keepdims=True) - alpha, x) / (1 - x.astype("f8"))
        return slope.astype(alpha.dtype) * (grad - (x * grad).sum(-1, keepdims=True))
