"""The Dirichlet distribution: probabilities that are themselves random."""

from __future__ import annotations

from typing import Any

from ..dispatch import apply
from ..functions.arithmetic import where, xlogy
from ..functions.random_arguments import stream_of
from ..functions.special import digamma, lgamma
from ..nn.functional import one_hot
from ..ops.reparameterized import Dirichlet as DirichletDraw
from . import constraints
from .exp_family import ExponentialFamily


def sample_dirichlet(concentration: Any) -> Any:
    """Random probabilities, with a gradient for their concentrations."""
    return apply(
        DirichletDraw, concentration, stream=stream_of(None, "_sample_dirichlet"), kind=concentration.dtype.name
    )


class Dirichlet(ExponentialFamily):
    r"""Vectors $x$ of probabilities with $p(x) \propto \prod_i x_i^{\alpha_i - 1}$.

    >>> import pytorch_tutor as torch
    >>> torch.distributions.Dirichlet(torch.tensor([1.0, 3.0])).mean
    tensor([0.2500, 0.7500])
    """

    arg_constraints = {"concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Any, validate_args: bool | None = None) -> None:
        if concentration.dim() < 1:
            raise ValueError("`concentration` parameter must be at least one-dimensional.")
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args)

    @property
    def mean(self) -> Any:
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def mode(self) -> Any:
        above = (self.concentration - 1).clamp(min=0.0)
        inside = above / above.sum(-1, True)
        corner = one_hot(inside.argmax(-1), above.shape[-1]).to(inside.dtype)
        return where((self.concentration < 1).all(-1, True), corner, inside)

    @property
    def variance(self) -> Any:
        total = self.concentration.sum(-1, True)
        return self.concentration * (total - self.concentration) / (total.pow(2) * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Any:
        return sample_dirichlet(self.concentration.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        a = self.concentration
        return xlogy(a - 1.0, self._checked(value)).sum(-1) + lgamma(a.sum(-1)) - lgamma(a).sum(-1)

    def entropy(self) -> Any:
        a = self.concentration
        k, total = a.size(-1), a.sum(-1)
        return lgamma(a).sum(-1) - lgamma(total) - (k - total) * digamma(total) - ((a - 1.0) * digamma(a)).sum(-1)

    @property
    def _natural_params(self) -> tuple[Any, ...]:
        return (self.concentration,)

    def _log_normalizer(self, x: Any) -> Any:
        return lgamma(x).sum(-1) - lgamma(x.sum(-1))
