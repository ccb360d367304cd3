"""The multivariate normal distribution: vectors whose coordinates lean on one another."""

from __future__ import annotations

import math
from typing import Any

from ..functions import broadcast_shapes, flip
from ..linalg import cholesky, solve_triangular
from ..sequences import eye
from . import constraints
from .distribution import Distribution
from .utils import lazy_property, standard_normal


def batch_mv(matrix: Any, vector: Any) -> Any:
    """A matrix times a vector, for batches of both."""
    return (matrix @ vector.unsqueeze(-1)).squeeze(-1)


def batch_mahalanobis(triangle: Any, apart: Any) -> Any:
    r"""$d^\top (L L^\top)^{-1} d$: a squared distance in units of the spread."""
    shape = broadcast_shapes(tuple(triangle.shape[:-2]), tuple(apart.shape[:-1]))
    n = triangle.shape[-1]
    solved = solve_triangular(triangle.expand((*shape, n, n)), apart.expand((*shape, n)).unsqueeze(-1), upper=False)
    return solved.pow(2).sum((-2, -1))


def half_log_det(triangle: Any) -> Any:
    """Half the logarithm of the determinant of L L^T."""
    return triangle.diagonal(dim1=-2, dim2=-1).log().sum(-1)


def precision_to_scale_tril(precision: Any) -> Any:
    """The factor of the inverse of a matrix, without inverting it."""
    turned = cholesky(flip(precision, (-2, -1)))
    inverse = flip(turned, (-2, -1)).transpose(-2, -1)
    n = precision.shape[-1]
    return solve_triangular(inverse, eye(n, dtype=precision.dtype).expand(precision.shape), upper=False)


class Covariance(Distribution):
    """What distributions with a covariance share: it, its inverse and its triangular factor, each from the other."""

    def _take(self, covariance_matrix: Any, precision_matrix: Any, scale_tril: Any) -> tuple[str, Any]:
        """The one that was given, by name."""
        given = {
            "covariance_matrix": covariance_matrix, "precision_matrix": precision_matrix, "scale_tril": scale_tril
        }  # fmt: skip
        named = [(name, value) for name, value in given.items() if value is not None]
        if len(named) != 1:
            raise ValueError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
        return named[0]

    def _keep(self, name: str, matrix: Any) -> None:
        """Keeps what was given, and its factor: a matrix that has none is refused here, not at the first draw."""
        self.__dict__[name] = matrix
        if name == "scale_tril":
            self._tril = matrix
        else:
            self._tril = cholesky(matrix) if name == "covariance_matrix" else precision_to_scale_tril(matrix)

    @lazy_property
    def scale_tril(self) -> Any:
        """The lower triangle L with L L^T the covariance."""
        return self._tril

    @lazy_property
    def covariance_matrix(self) -> Any:
        """The covariances of the coordinates."""
        return self._tril @ self._tril.mT

    @lazy_property
    def precision_matrix(self) -> Any:
        """The inverse of the covariance."""
        n = self._tril.shape[-1]
        identity = eye(n, dtype=self._tril.dtype).expand(self._tril.shape)
        inverse = solve_triangular(self._tril, identity, upper=False)
        return inverse.mT @ inverse


class MultivariateNormal(Covariance):
    r"""$p(x) = \frac{1}{\sqrt{(2\pi)^n \lvert\Sigma\rvert}} e^{-\frac12 (x-\mu)^\top \Sigma^{-1} (x-\mu)}$.

    Given by its covariance, by the inverse, or by the triangular factor, which is the quickest.

    >>> import pytorch_tutor as torch
    >>> d = torch.distributions.MultivariateNormal(torch.zeros(2), torch.eye(2))
    >>> d.log_prob(torch.zeros(2))
    tensor(-1.8379)
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    support = constraints.real_vector
    has_rsample = True

    def __init__(
        self, loc: Any, covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None,
        validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        name, matrix = self._take(covariance_matrix, precision_matrix, scale_tril)
        if matrix.dim() < 2:
            raise ValueError(f"{name} must be at least two-dimensional, with optional leading batch dimensions")
        batch = broadcast_shapes(tuple(matrix.shape[:-2]), tuple(loc.shape[:-1]))
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        self.loc = loc.expand((*batch, -1))
        super().__init__(batch, self.loc.shape[-1:], validate_args=validate_args)
        self._keep(name, self.__dict__[name])

    mean = property(lambda self: self.loc)
    mode = property(lambda self: self.loc)

    @property
    def variance(self) -> Any:
        return self._tril.pow(2).sum(-1)

    def rsample(self, sample_shape: Any = ()) -> Any:
        eps = standard_normal(self._extended_shape(sample_shape), self.loc)
        return self.loc + batch_mv(self._tril, eps)

    def log_prob(self, value: Any) -> Any:
        distance = batch_mahalanobis(self._tril, self._checked(value) - self.loc)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + distance) - half_log_det(self._tril)

    def entropy(self) -> Any:
        n = self._event_shape[0]
        return 0.5 * n * (1.0 + math.log(2 * math.pi)) + half_log_det(self._tril)
