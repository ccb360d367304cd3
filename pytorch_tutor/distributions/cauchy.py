"""Cauchy's distribution: tails so heavy that it has no mean."""

from __future__ import annotations

import math
from typing import Any

from ..creation import empty, full
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all


class Cauchy(Distribution):
    """The ratio of two normal numbers, around ``loc`` with the width ``scale``."""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, validate_args: bool | None = None) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(self.loc.shape, validate_args=validate_args)

    def _everywhere(self, number: float) -> Any:
        return full(tuple(self._extended_shape()), number, dtype=self.loc.dtype)

    mean = property(lambda self: self._everywhere(math.nan))
    mode = property(lambda self: self.loc)
    variance = property(lambda self: self._everywhere(math.inf))

    def rsample(self, sample_shape: Any = ()) -> Any:
        drawn = empty(tuple(self._extended_shape(sample_shape)), dtype=self.loc.dtype).cauchy_()
        return self.loc + drawn * self.scale

    def log_prob(self, value: Any) -> Any:
        ratio = (self._checked(value) - self.loc) / self.scale
        return -math.log(math.pi) - self.scale.log() - (ratio**2).log1p()

    def cdf(self, value: Any) -> Any:
        return ((self._checked(value) - self.loc) / self.scale).atan() / math.pi + 0.5

    def icdf(self, value: Any) -> Any:
        return (math.pi * (value - 0.5)).tan() * self.scale + self.loc

    def entropy(self) -> Any:
        return math.log(4 * math.pi) + self.scale.log()
