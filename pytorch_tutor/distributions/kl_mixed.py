r"""The divergence of distributions of different kinds: $\mathrm{KL}(p\|q) = -H(p) - \mathbb E_p[\ln q(x)]$.

What $\ln q$ needs of p are a few means: of x, of its square, of ln x, of ln(1 - x), of e^{-tx}. So each kind of q says
how its logarithm is made of them, and each kind of p what they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..creation import full_like
from ..functions.arithmetic import where, xlogy
from ..functions.special import digamma, lgamma
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .continuous_bernoulli import ContinuousBernoulli
from .divergence import register_kl
from .exponential import Exponential
from .gamma import Gamma
from .gumbel import EULER, Gumbel
from .laplace import Laplace
from .normal import Normal
from .pareto import Pareto
from .poisson import Poisson
from .uniform import Uniform


# ---------------------------------------------------------------------- what p knows
def mean_of_log(p: Any) -> Any:
    """The mean of ln x."""
    if isinstance(p, Exponential):
        return -EULER - p.rate.log()
    if isinstance(p, Gamma):
        return digamma(p.concentration) - p.rate.log()
    if isinstance(p, Beta):
        return digamma(p.concentration1) - digamma(p.concentration1 + p.concentration0)
    if isinstance(p, Pareto):
        return p.scale.log() + p.alpha.reciprocal()
    return (xlogy(p.high, p.high) - xlogy(p.low, p.low)) / (p.high - p.low) - 1  # Uniform


def mean_of_decay(p: Any, t: Any) -> Any:
    """The mean of e^(-t x)."""
    if isinstance(p, Exponential):
        return p.rate / (p.rate + t)
    if isinstance(p, Gamma):
        return (1 + t / p.rate).pow(-p.concentration)
    if isinstance(p, Normal):
        return (-t * p.loc + 0.5 * (t * p.scale).pow(2)).exp()
    return ((-t * p.low).exp() - (-t * p.high).exp()) / (t * (p.high - p.low))  # Uniform


# ---------------------------------------------------------------------- what q asks: the mean of its logarithm
def _of_exponential(p: Any, q: Any) -> Any:
    return q.rate.log() - q.rate * p.mean


def _of_gamma(p: Any, q: Any) -> Any:
    a, b = q.concentration, q.rate
    return a * b.log() - lgamma(a) + (a - 1) * mean_of_log(p) - b * p.mean


def _of_normal(p: Any, q: Any) -> Any:
    return -0.5 * (2 * math.pi * q.scale.pow(2)).log() - (p.variance + (p.mean - q.loc).pow(2)) / (2 * q.scale.pow(2))


def _of_continuous_bernoulli(p: Any, q: Any) -> Any:
    return p.mean * q.logits + (-q.probs).log1p() + q._log_constant()


def _of_uniform(p: Any, q: Any) -> Any:
    return -(q.high - q.low).log()


def _of_gumbel(p: Any, q: Any) -> Any:
    t = q.scale.reciprocal()
    return -q.scale.log() - (p.mean - q.loc) * t - (q.loc * t).exp() * mean_of_decay(p, t)


def _of_beta(p: Any, q: Any) -> Any:
    a, b = q.concentration1, q.concentration0
    low, high = 1 - p.high, 1 - p.low
    of_rest = (xlogy(high, high) - xlogy(low, low)) / (p.high - p.low) - 1  # the mean of ln(1 - x), p uniform
    return (a - 1) * mean_of_log(p) + (b - 1) * of_rest + lgamma(a + b) - lgamma(a) - lgamma(b)


def _of_pareto(p: Any, q: Any) -> Any:
    return q.alpha.log() + q.alpha * q.scale.log() - (q.alpha + 1) * mean_of_log(p)


def _of_laplace(p: Any, q: Any) -> Any:
    apart = p.loc - q.loc  # p normal
    ratio = apart / p.scale
    distance = math.sqrt(2 / math.pi) * p.scale * (-0.5 * ratio.pow(2)).exp() + apart * (math.sqrt(0.5) * ratio).erf()
    return -(2 * q.scale).log() - distance / q.scale


# ---------------------------------------------------------------------- where q excludes what p yields
def _below_zero(p: Any, q: Any) -> Any:
    return p.low < 0


def _outside_unit(p: Any, q: Any) -> Any:
    return (p.high > 1) | (p.low < 0)


def _at_unit(p: Any, q: Any) -> Any:
    return (p.high >= 1) | (p.low <= 0)


def _inside_unit(p: Any, q: Any) -> Any:
    return (q.low > 0) | (q.high < 1)


def _at_unit_from_inside(p: Any, q: Any) -> Any:
    return (q.low >= 0) | (q.high <= 1)


def _below_scale(p: Any, q: Any) -> Any:
    return p.low < q.scale


Means = Callable[[Any, Any], Any]
FINITE: dict[tuple[type, type], tuple[Means, Means | None]] = {
    (Beta, ContinuousBernoulli): (_of_continuous_bernoulli, None),
    (Beta, Exponential): (_of_exponential, None),
    (Beta, Gamma): (_of_gamma, None),
    (Beta, Normal): (_of_normal, None),
    (Beta, Uniform): (_of_uniform, _inside_unit),
    (ContinuousBernoulli, Exponential): (_of_exponential, None),
    (ContinuousBernoulli, Normal): (_of_normal, None),
    (ContinuousBernoulli, Uniform): (_of_uniform, _at_unit_from_inside),
    (Exponential, Gamma): (_of_gamma, None),
    (Exponential, Gumbel): (_of_gumbel, None),
    (Exponential, Normal): (_of_normal, None),
    (Gamma, Exponential): (_of_exponential, None),
    (Gamma, Gumbel): (_of_gumbel, None),
    (Gamma, Normal): (_of_normal, None),
    (Gumbel, Normal): (_of_normal, None),
    (Laplace, Normal): (_of_normal, None),
    (Normal, Gumbel): (_of_gumbel, None),
    (Normal, Laplace): (_of_laplace, None),
    (Pareto, Exponential): (_of_exponential, None),
    (Pareto, Gamma): (_of_gamma, None),
    (Pareto, Normal): (_of_normal, None),
    (Uniform, Beta): (_of_beta, _outside_unit),
    (Uniform, ContinuousBernoulli): (_of_continuous_bernoulli, _at_unit),
    (Uniform, Exponential): (_of_exponential, _below_zero),
    (Uniform, Gamma): (_of_gamma, _below_zero),
    (Uniform, Gumbel): (_of_gumbel, None),
    (Uniform, Normal): (_of_normal, None),
    (Uniform, Pareto): (_of_pareto, _below_scale),
}
"""For two kinds: the mean of ln q under p, and where p yields what q never does."""

INFINITE: dict[type, tuple[type, ...]] = {
    Beta: (Pareto,),
    ContinuousBernoulli: (Pareto,),
    Exponential: (Beta, ContinuousBernoulli, Pareto, Uniform),
    Gamma: (Beta, ContinuousBernoulli, Pareto, Uniform),
    Gumbel: (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform),
    Laplace: (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform),
    Normal: (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform),
    Pareto: (Beta, ContinuousBernoulli, Uniform),
    Poisson: (Bernoulli, Binomial),
}
"""For a kind of p, the kinds of q that always exclude some of what p yields."""


def _register(pair: tuple[type, type], mean_of_log_q: Means, excluded: Means | None) -> None:
    @register_kl(*pair)
    def formula(p: Any, q: Any) -> Any:
        found = -p.entropy() - mean_of_log_q(p, q)
        if isinstance(p, Pareto):
            found = where(p.alpha <= (2 if isinstance(q, Normal) else 1), math.inf, found)
        return found if excluded is None else where(excluded(p, q), math.inf, found)


for _pair, (_mean, _excluded) in FINITE.items():
    _register(_pair, _mean, _excluded)
for _kind, _others in INFINITE.items():
    for _other in _others:
        register_kl(_kind, _other)(lambda p, q: full_like(p.entropy() if type(p) is not Poisson else p.rate, math.inf))
