"""The multinomial distribution: how often each of several choices is taken."""

from __future__ import annotations

from typing import Any

from ..creation import ones_like, zeros
from ..functions.arithmetic import where
from ..functions.special import lgamma
from ..size import Size
from . import constraints
from .binomial import Binomial
from .categorical import Categorical
from .distribution import Distribution


class Multinomial(Distribution):
    """How often each choice is taken in ``total_count`` draws."""

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}

    def __init__(
        self, total_count: int = 1, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        self._categorical = Categorical(probs, logits)
        self._binomial = Binomial(total_count, probs=self.probs)
        super().__init__(self._categorical.batch_shape, self._categorical.param_shape[-1:], validate_args)

    probs = property(lambda self: self._categorical.probs)
    logits = property(lambda self: self._categorical.logits)
    mean = property(lambda self: self.probs * self.total_count)
    variance = property(lambda self: self.total_count * self.probs * (1 - self.probs))

    @property
    def param_shape(self) -> Size:
        """The shape of the probabilities."""
        return self._categorical.param_shape

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Any:
        return constraints.multinomial(self.total_count)

    def sample(self, sample_shape: Any = ()) -> Any:
        drawn = self._categorical.sample((self.total_count, *sample_shape))
        drawn = drawn.permute((*range(1, drawn.dim()), 0))
        counts = zeros(tuple(self._extended_shape(sample_shape)), dtype=self.probs.dtype)
        return counts.scatter_add_(-1, drawn, ones_like(drawn).to(self.probs.dtype))

    def entropy(self) -> Any:
        n = lgamma(self.probs.new_tensor(self.total_count + 1.0))
        cat_entropy = self._categorical.entropy()
        term1 = self.total_count * cat_entropy - n
        counts = self._binomial.enumerate_support(expand=False)[1:]
        chances = self._binomial.log_prob(counts).exp()
        return term1 + (chances * lgamma(counts + 1)).sum((0, -1))

    def log_prob(self, value: Any) -> Any:
        self._checked(value)
        logits = where((value == 0) & self.logits.isneginf(), 0.0, self.logits)
        return lgamma(value.sum(-1) + 1) - lgamma(value + 1).sum(-1) + (logits * value).sum(-1)
