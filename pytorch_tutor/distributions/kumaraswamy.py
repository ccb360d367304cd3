"""The Kumaraswamy distribution: nearly a beta distribution, but easy to draw from."""

from __future__ import annotations

import math
from typing import Any

from ..creation import full_like
from ..functions.arithmetic import where
from ..functions.special import digamma, lgamma
from . import constraints
from .gumbel import EULER
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, PowerTransform
from .uniform import Uniform
from .utils import broadcast_all


def _moment(a: Any, b: Any, n: int) -> Any:
    """The mean of the n-th power."""
    arg1 = 1 + n / a
    return (b.log() + lgamma(arg1) + lgamma(b) - lgamma(arg1 + b)).exp()


class Kumaraswamy(TransformedDistribution):
    r"""$p(x) = a b x^{a-1} (1 - x^a)^{b-1}$ for $x$ from 0 to 1."""

    arg_constraints = {"concentration1": constraints.positive, "concentration0": constraints.positive}
    support = constraints.unit_interval
    has_rsample = True

    def __init__(self, concentration1: Any, concentration0: Any, validate_args: bool | None = None) -> None:
        self.concentration1, self.concentration0 = broadcast_all(concentration1, concentration0)
        zeros, ones = full_like(self.concentration0, 0), full_like(self.concentration0, 1)
        base = Uniform(zeros, ones, validate_args=validate_args)
        transforms = [
            PowerTransform(exponent=self.concentration0.reciprocal()), AffineTransform(loc=1.0, scale=-1.0),
            PowerTransform(exponent=self.concentration1.reciprocal()),
        ]  # fmt: skip
        super().__init__(base, transforms, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        a, b = self.concentration1.expand(batch_shape), self.concentration0.expand(batch_shape)
        return type(self)(a, b, self._validate_args)

    @property
    def mean(self) -> Any:
        return _moment(self.concentration1, self.concentration0, 1)

    @property
    def mode(self) -> Any:
        a, b = self.concentration1, self.concentration0
        found = (a.reciprocal() * (-b).log1p() - (-a * b).log1p()).exp()
        return where((a < 1) | (b < 1), math.nan, found)

    @property
    def variance(self) -> Any:
        return _moment(self.concentration1, self.concentration0, 2) - self.mean.pow(2)

    def entropy(self) -> Any:
        a, b = self.concentration1, self.concentration0
        t1, t0 = 1 - a.reciprocal(), 1 - b.reciprocal()
        return t0 + t1 * (digamma(b + 1) + EULER) - a.log() - b.log()
