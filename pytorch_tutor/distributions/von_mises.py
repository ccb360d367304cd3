"""The von Mises distribution: the bell curve on a circle."""

from __future__ import annotations

import math
from typing import Any

from ..autograd import no_grad
from ..creation import empty, zeros
from ..dtypes import bool as boolean
from ..dtypes import float64
from ..functions.arithmetic import where
from ..functions.random import rand
from ..special import i0e, i1e
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all


class VonMises(Distribution):
    r"""Angles with $p(x) \propto e^{\kappa \cos(x - \mu)}$.

    Source of the draws: D. Best, N. Fisher, "Efficient simulation of the von Mises distribution", 1979.
    """

    arg_constraints = {"loc": constraints.real, "concentration": constraints.positive}
    support = constraints.real

    def __init__(self, loc: Any, concentration: Any, validate_args: bool | None = None) -> None:
        self.loc, self.concentration = broadcast_all(loc, concentration)
        super().__init__(self.loc.shape, (), validate_args)

    mean = property(lambda self: self.loc)
    mode = property(lambda self: self.loc)

    @property
    def variance(self) -> Any:
        """The circular variance: 1 minus the length of the mean direction."""
        return 1 - i1e(self.concentration) / i0e(self.concentration)

    def log_prob(self, value: Any) -> Any:
        k = self.concentration
        log_bessel = i0e(k).log() + k
        return k * (self._checked(value) - self.loc).cos() - math.log(2 * math.pi) - log_bessel

    def _proposal(self, k: Any) -> Any:
        """The parameter of the wrapped Cauchy distribution that candidates come from."""
        tau = 1 + (1 + 4 * k**2).sqrt()
        rho = (tau - (2 * tau).sqrt()) / (2 * k)
        return where(k < 1e-5, 1 / k + k, (1 + rho**2) / (2 * rho))

    @no_grad()
    def sample(self, sample_shape: Any = ()) -> Any:
        shape = tuple(self._extended_shape(sample_shape))
        loc, k = self.loc.to(float64), self.concentration.to(float64)
        r = self._proposal(k)
        x, done = empty(shape, dtype=float64), zeros(shape, dtype=boolean)
        while not bool(done.all()):
            u1, u2, u3 = rand((3, *shape), dtype=float64).unbind()
            z = (math.pi * u1).cos()
            f = (1 + r * z) / (r + z)
            c = k * (r - f)
            accept = ((c * (2 - c) - u2) > 0) | ((c / u2).log() + 1 - c >= 0)
            if bool(accept.any()):
                x = where(accept, (u3 - 0.5).sign() * f.acos(), x)
                done = done | accept
        return ((x + math.pi + loc) % (2 * math.pi) - math.pi).to(self.loc.dtype)
