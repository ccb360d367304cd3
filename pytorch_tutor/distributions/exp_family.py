"""Distributions of the exponential family, whose entropy follows from a single function of their parameters."""

from __future__ import annotations

from typing import Any

from ..autograd import grad
from .distribution import Distribution


class ExponentialFamily(Distribution):
    r"""Densities of the form $p(x) = e^{\langle t(x), \theta\rangle - F(\theta) + k(x)}$.

    The gradient of the log normaliser $F$ is the mean of $t$, so that the entropy is
    $F(\theta) - \langle\theta, \nabla F(\theta)\rangle - \mathbb E[k]$.
    """

    @property
    def _natural_params(self) -> tuple[Any, ...]:
        raise NotImplementedError

    def _log_normalizer(self, *natural_params: Any) -> Any:
        raise NotImplementedError

    @property
    def _mean_carrier_measure(self) -> Any:
        raise NotImplementedError

    def entropy(self) -> Any:
        """By the gradient of the log normaliser."""
        params = [p.detach().requires_grad_() for p in self._natural_params]
        normalizer = self._log_normalizer(*params)
        slopes = grad(normalizer.sum(), params, create_graph=True)
        result = normalizer - self._mean_carrier_measure
        for p, slope in zip(params, slopes, strict=True):
            result = result - (p * slope).reshape((*self._batch_shape, -1)).sum(-1)
        return result
