"""The geometric distribution: how often something fails before it succeeds."""

from __future__ import annotations

from typing import Any

from ..autograd import no_grad
from ..creation import zeros, zeros_like
from ..functions.arithmetic import where
from ..functions.shape import broadcast_tensors
from . import constraints
from .odds import Odds
from .utils import softplus, tiny_and_eps


class Geometric(Odds):
    """How often something fails before it succeeds for the first time."""

    support = constraints.nonnegative_integer

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(self._take(probs, logits), validate_args=validate_args)
        if self._validate_args and probs is not None and not bool((self.probs > 0).all()):
            value = self.probs
            raise ValueError(
                f"Expected parameter probs ({type(value).__name__} of shape {tuple(value.shape)}) of distribution {self!r} "
                f"to be positive but found invalid values:\n{value.data[~(value > 0)]}"
            )

    mean = property(lambda self: 1.0 / self.probs - 1.0)
    mode = property(lambda self: zeros_like(self.probs))
    variance = property(lambda self: (1.0 / self.probs - 1.0) / self.probs)

    def sample(self, sample_shape: Any = ()) -> Any:
        with no_grad():
            u = zeros(tuple(self._extended_shape(sample_shape)), dtype=self.probs.dtype)
            u.uniform_(tiny_and_eps(self.probs)[0], 1)
            return (u.log() / (-self.probs).log1p()).floor()

    def log_prob(self, value: Any) -> Any:
        value, probs = broadcast_tensors(self._checked(value), self.probs)
        certain = (probs == 1) & (value == 0)  # 0 failures before a sure success: 0 ln 0
        return value * (-where(certain, 0.0, probs)).log1p() + self.probs.log()

    def entropy(self) -> Any:
        return (softplus(self.logits) - self.logits * self.probs) / self.probs
