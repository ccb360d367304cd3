"""What distributions of yes or no share: ``probs`` or ``logits``, each computed from the other when it is needed."""

from __future__ import annotations

from typing import Any

from ..size import Size
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all, lazy_property, logits_to_probs, one_of, probs_to_logits


class Odds(Distribution):
    """A distribution that is given by a probability, or by the logarithm of its odds."""

    arg_constraints: Any = {"probs": constraints.unit_interval, "logits": constraints.real}

    def _take(self, probs: Any, logits: Any) -> Size:
        """Keeps the one that was given, and returns its shape."""
        one_of(probs, logits)
        name = "probs" if probs is not None else "logits"
        (self._param,) = broadcast_all(probs if probs is not None else logits)
        self.__dict__[name] = self._param
        return self._param.shape

    def _take_with_count(self, total_count: Any, probs: Any, logits: Any) -> Size:
        """The same where something is counted."""
        one_of(probs, logits)
        name = "probs" if probs is not None else "logits"
        count, self._param = broadcast_all(total_count, probs if probs is not None else logits)
        self.total_count = count.type_as(self._param)
        self.__dict__[name] = self._param
        return self._param.shape

    @lazy_property
    def logits(self) -> Any:
        """ln p - ln(1 - p)."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Any:
        """1 / (1 + e^-logit)."""
        return logits_to_probs(self.logits, is_binary=True)

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter."""
        return self._param.shape
