"""The continuous Bernoulli distribution: what a Bernoulli likelihood means for grey pixels."""

from __future__ import annotations

import math
from typing import Any

from ..functions.arithmetic import where
from ..functions.random import rand
from . import constraints
from .exp_family import ExponentialFamily
from .odds import Odds
from .utils import clamp_probs, softplus


class ContinuousBernoulli(Odds, ExponentialFamily):
    r"""$p(x) \propto \lambda^x (1-\lambda)^{1-x}$ for $x$ from 0 to 1.

    Near $\lambda = 1/2$ the formulas are 0/0; there a Taylor series is used. Source: G. Loaiza-Ganem, J. Cunningham,
    "The continuous Bernoulli: fixing a pervasive error in variational autoencoders", 2019.
    """

    support = constraints.unit_interval
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self, probs: Any = None, logits: Any = None, lims: tuple[float, float] = (0.499, 0.501),
        validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        shape = self._take(probs, logits)
        if validate_args is not None and probs is not None:
            if not bool(self.arg_constraints["probs"].check(self.probs).all()):
                raise ValueError("The parameter probs has invalid values")
            self.probs = clamp_probs(self.probs)
        self._lims = lims
        super().__init__(shape, validate_args=validate_args)

    @property
    def _outside(self) -> Any:
        """Far enough from 1/2 for the exact formulas."""
        return (self.probs <= self._lims[0]) | (self.probs > self._lims[1])

    @property
    def _cut(self) -> Any:
        return where(self._outside, self.probs, self._lims[0])

    def _log_constant(self) -> Any:
        """The logarithm of what makes the density integrate to 1."""
        p = self._cut
        below, above = where(p <= 0.5, p, 0.0), where(p >= 0.5, p, 1.0)
        size = where(p <= 0.5, (-2.0 * below).log1p(), (2.0 * above - 1.0).log())
        exact = ((-p).log1p() - p.log()).abs().log() - size
        x = (self.probs - 0.5).pow(2)
        return where(self._outside, exact, math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x)

    @property
    def mean(self) -> Any:
        p = self._cut
        exact = p / (2.0 * p - 1.0) + 1.0 / ((-p).log1p() - p.log())
        x = self.probs - 0.5
        return where(self._outside, exact, 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * x.pow(2)) * x)

    @property
    def stddev(self) -> Any:
        return self.variance.sqrt()

    @property
    def variance(self) -> Any:
        p = self._cut
        exact = p * (p - 1.0) / (1.0 - 2.0 * p).pow(2) + 1.0 / ((-p).log1p() - p.log()).pow(2)
        x = (self.probs - 0.5).pow(2)
        return where(self._outside, exact, 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x)

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.icdf(rand(self._extended_shape(sample_shape), dtype=self.probs.dtype))

    def log_prob(self, value: Any) -> Any:
        return self._checked(value) * self.logits - softplus(self.logits) + self._log_constant()

    def cdf(self, value: Any) -> Any:
        p = self._cut
        exact = (p.pow(value) * (1.0 - p).pow(1.0 - self._checked(value)) + p - 1.0) / (2.0 * p - 1.0)
        found = where(self._outside, exact, value)
        return where(value <= 0.0, 0.0, where(value >= 1.0, 1.0, found))

    def icdf(self, value: Any) -> Any:
        p = self._cut
        exact = ((-p + value * (2.0 * p - 1.0)).log1p() - (-p).log1p()) / (p.log() - (-p).log1p())
        return where(self._outside, exact, value)

    def entropy(self) -> Any:
        log0, log1 = (-self.probs).log1p(), self.probs.log()
        return self.mean * (log0 - log1) - self._log_constant() - log0

    @property
    def _natural_params(self) -> tuple[Any, ...]:
        return (self.probs.logit(),)

    def _log_normalizer(self, x: Any) -> Any:
        """ln((e^x - 1) / x), by its Taylor series near 0."""
        outside = (x <= self._lims[0] - 0.5) | (x > self._lims[1] - 0.5)
        cut = where(outside, x, self._lims[0] - 0.5)
        exact = (cut.exp() - 1.0).abs().log() - cut.abs().log()
        return where(outside, exact, 0.5 * x + x.pow(2) / 24.0 - x.pow(4) / 2880.0)
