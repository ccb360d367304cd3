"""The gamma distribution: how long until something has happened so many times."""

from __future__ import annotations

from typing import Any

from ..creation import as_tensor
from ..dispatch import apply
from ..functions.arithmetic import xlogy
from ..functions.random_arguments import stream_of
from ..functions.special import digamma, lgamma
from ..ops.reparameterized import StandardGamma
from ..special import gammainc
from . import constraints
from .exp_family import ExponentialFamily
from .utils import broadcast_all, tiny_and_eps


def standard_gamma(concentration: Any) -> Any:
    """Gamma numbers of rate 1, with a gradient for their shapes."""
    return apply(StandardGamma, concentration, stream=stream_of(None, "_standard_gamma"), kind=concentration.dtype.name)


class Gamma(ExponentialFamily):
    r"""$p(x) = \frac{\beta^\alpha}{\Gamma(\alpha)} x^{\alpha-1} e^{-\beta x}$.

    >>> import pytorch_tutor as torch
    >>> torch.distributions.Gamma(torch.tensor([2.0]), torch.tensor([4.0])).mean
    tensor([0.5000])
    """

    arg_constraints: Any = {"concentration": constraints.positive, "rate": constraints.positive}
    support: Any = constraints.nonnegative
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, concentration: Any, rate: Any, validate_args: bool | None = None) -> None:
        self.concentration, self.rate = broadcast_all(concentration, rate)
        super().__init__(self.concentration.shape, validate_args=validate_args)

    mean = property(lambda self: self.concentration / self.rate)
    mode = property(lambda self: ((self.concentration - 1) / self.rate).clamp(min=0))
    variance = property(lambda self: self.concentration / self.rate.pow(2))

    def rsample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended_shape(sample_shape)
        value = standard_gamma(self.concentration.expand(shape)) / self.rate.expand(shape)
        value.detach().clamp_(min=tiny_and_eps(value)[0])
        return value

    def log_prob(self, value: Any) -> Any:
        value = self._checked(as_tensor(value, dtype=self.rate.dtype))
        a, b = self.concentration, self.rate
        return xlogy(a, b) + xlogy(a - 1, value) - b * value - lgamma(a)

    def entropy(self) -> Any:
        a = self.concentration
        return a - self.rate.log() + lgamma(a) + (1.0 - a) * digamma(a)

    def cdf(self, value: Any) -> Any:
        return gammainc(self.concentration, self.rate * self._checked(value))

    @property
    def _natural_params(self) -> tuple[Any, ...]:
        return self.concentration - 1, -self.rate

    def _log_normalizer(self, x: Any, y: Any) -> Any:
        return lgamma(x + 1) + (x + 1) * (-y.reciprocal()).log()
