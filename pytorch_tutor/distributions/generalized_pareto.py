"""The generalized Pareto distribution: how far what exceeds a threshold exceeds it."""

from __future__ import annotations

import math
from typing import Any

from ..functions import isclose
from ..functions.arithmetic import where
from ..functions.random import rand
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all


class GeneralizedPareto(Distribution):
    r"""$P(X > x) = (1 + \xi z)^{-1/\xi}$ with $z = (x - \mu) / \sigma$, and $e^{-z}$ for $\xi = 0$."""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "concentration": constraints.real}
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale, self.concentration = broadcast_all(loc, scale, concentration)
        super().__init__(self.loc.shape, validate_args=validate_args)

    @property
    def _zero(self) -> Any:
        return isclose(self.concentration, self.concentration.new_zeros(()))

    @property
    def _safe(self) -> Any:
        return where(self._zero, 1.0, self.concentration)

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.icdf(rand(self._extended_shape(sample_shape), dtype=self.loc.dtype))

    def log_prob(self, value: Any) -> Any:
        z = (self._checked(value) - self.loc) / self.scale
        y = 1 / self._safe + 1
        return -self.scale.log() - where(self._zero, z, where(y == 0, 0.0, y * (self._safe * z).log1p()))

    def log_survival_function(self, value: Any) -> Any:
        """The logarithm of the probability of more than the value."""
        z = (self._checked(value) - self.loc) / self.scale
        return where(self._zero, -z, -(self._safe * z).log1p() / self._safe)

    def log_cdf(self, value: Any) -> Any:
        """The logarithm of the probability of at most the value."""
        return (-self.log_survival_function(value).exp()).log1p()

    def cdf(self, value: Any) -> Any:
        return self.log_cdf(value).exp()

    def icdf(self, value: Any) -> Any:
        log_u = (-value).log1p()
        curved = self.loc + self.scale / self._safe * (-self._safe * log_u).expm1()
        return where(self._zero, self.loc - self.scale * log_u, curved)

    @property
    def mean(self) -> Any:
        c = self.concentration
        return where(c < 1, self.loc + self.scale / (1 - where(c < 1, c, 0.5)), math.nan)

    @property
    def variance(self) -> Any:
        c = self.concentration
        safe = where(c < 0.5, c, 0.25)
        return where(c < 0.5, self.scale**2 / ((1 - safe) ** 2 * (1 - 2 * safe)), math.nan)

    @property
    def mode(self) -> Any:
        return self.loc

    def entropy(self) -> Any:
        return (self.scale.log() + self.concentration + 1).expand(self._batch_shape)

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        end = where(self.concentration < 0, self.loc - self.scale / self.concentration, math.inf)
        return constraints.interval(self.loc, end)
