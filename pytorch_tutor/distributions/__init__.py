"""``torch.distributions``: random numbers that know their probability, and gradients through them."""

from __future__ import annotations

from .continuous import Cauchy, Exponential, HalfNormal, Laplace, LogNormal, Normal, Uniform
from .discrete import Bernoulli, Binomial, Categorical, Geometric, Multinomial, OneHotCategorical, Poisson
from .distribution import Distribution, Independent
from .divergence import kl_divergence, register_kl

__all__ = [
    "Bernoulli", "Binomial", "Categorical", "Cauchy", "Distribution", "Exponential", "Geometric", "HalfNormal",
    "Independent", "Laplace", "LogNormal", "Multinomial", "Normal", "OneHotCategorical", "Poisson", "Uniform",
    "kl_divergence", "register_kl",
]  # fmt: skip
