"""The negative binomial distribution: how many successes before so many failures."""

from __future__ import annotations

from typing import Any

from ..autograd import no_grad
from ..functions.sampling import poisson
from ..functions.special import lgamma
from . import constraints
from .gamma import Gamma
from .odds import Odds
from .utils import lazy_property, softplus


class NegativeBinomial(Odds):
    """How many successes of probability ``probs`` come before ``total_count`` failures."""

    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support = constraints.nonnegative_integer

    def __init__(
        self, total_count: Any, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        super().__init__(self._take_with_count(total_count, probs, logits), validate_args=validate_args)

    mean = property(lambda self: self.total_count * self.logits.exp())
    mode = property(lambda self: ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0))
    variance = property(lambda self: self.mean / (-self.logits).sigmoid())

    @lazy_property
    def _gamma(self) -> Any:
        """A Poisson rate that is itself random: the mixture is negative binomial."""
        return Gamma(self.total_count, (-self.logits).exp(), validate_args=False)

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            return poisson(self._gamma.sample(sample_shape))

    def log_prob(self, value: Any) -> Any:
        n = self.total_count
        self._checked(value)
        chosen = -n * softplus(self.logits) - value * softplus(-self.logits)
        ways = -lgamma(n + value) + lgamma(1.0 + value) + lgamma(n)
        return chosen - ways.masked_fill(n + value == 0.0, 0.0)
