"""The Wishart distribution: what covariances come out when few vectors are drawn."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ..creation import as_tensor
from ..functions import arange, broadcast_shapes
from ..functions.arithmetic import where
from ..functions.random import randn
from ..functions.shape import broadcast_tensors
from ..functions.special import digamma, mvlgamma
from ..linalg import slogdet, solve_triangular
from ..size import Size
from . import constraints
from .chi2 import Chi2
from .exp_family import ExponentialFamily
from .multivariate_normal import Covariance, half_log_det
from .utils import NUMBERS, lazy_property, tiny_and_eps

LOG_TWO = math.log(2)


class Wishart(Covariance, ExponentialFamily):
    """The sum of ``df`` outer products of normal vectors with the given covariance.

    Draws by Bartlett's decomposition: a triangle of normal numbers with square roots of chi-squared ones on the diagonal.
    """

    support = constraints.positive_definite
    has_rsample = True
    _mean_carrier_measure = 0

    @property
    def arg_constraints(self) -> Any:
        """The degrees of freedom must exceed the dimension minus 1."""
        return {
            "covariance_matrix": constraints.positive_definite,
            "precision_matrix": constraints.positive_definite,
            "scale_tril": constraints.lower_cholesky,
            "df": constraints.greater_than(self.event_shape[-1] - 1),
        }

    def __init__(
        self, df: Any, covariance_matrix: Any = None, precision_matrix: Any = None, scale_tril: Any = None,
        validate_args: bool | None = None,
    ) -> None:  # fmt: skip
        try:
            name, matrix = self._take(covariance_matrix, precision_matrix, scale_tril)
        except ValueError as error:
            raise AssertionError(str(error)) from None
        if matrix.dim() < 2:
            raise ValueError("scale_tril must be at least two-dimensional, with optional leading batch dimensions")
        if isinstance(df, NUMBERS):
            batch: Any = tuple(matrix.shape[:-2])
            self.df = as_tensor(df, dtype=matrix.dtype)
        else:
            batch = broadcast_shapes(tuple(matrix.shape[:-2]), tuple(df.shape))
            self.df = df.expand(batch)
        n = matrix.shape[-1]
        if bool(self.df.le(n - 1).any()):
            raise ValueError(f"Value of df={df} expected to be greater than ndim - 1 = {n - 1}.")
        self.__dict__[name] = matrix.expand((*batch, -1, -1))
        if bool(self.df.lt(n).any()):
            warnings.warn(
                "Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.",
                stacklevel=2,
            )
        super().__init__(batch, (n, n), validate_args=validate_args)
        self._keep(name, self.__dict__[name])

    @lazy_property
    def _chi2(self) -> Any:
        n = self._event_shape[-1]
        df = self.df.unsqueeze(-1) - arange(n, dtype=self._tril.dtype).expand((*self._batch_shape, n))
        return Chi2(df)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        new = super().expand(batch_shape, _instance)
        new.__dict__.pop("_chi2", None)
        new.df = self.df.expand(batch_shape)
        return new

    def _df(self) -> Any:
        return self.df.expand(self._batch_shape).reshape((*self._batch_shape, 1, 1))

    @property
    def mean(self) -> Any:
        return self._df() * self.covariance_matrix

    @property
    def mode(self) -> Any:
        factor = self._df() - self._event_shape[-1] - 1
        return where(factor <= 0, math.nan, factor) * self.covariance_matrix

    @property
    def variance(self) -> Any:
        v = self.covariance_matrix
        d = v.diagonal(dim1=-2, dim2=-1)
        return self._df() * (v.pow(2) + d.unsqueeze(-1) * d.unsqueeze(-2))

    def _bartlett_sampling(self, sample_shape: Any) -> Any:
        n = self._event_shape[-1]
        diagonal = self._chi2.rsample(sample_shape).sqrt()
        noise = diagonal.clamp(min=tiny_and_eps(diagonal)[1]).diag_embed()
        drawn = randn((*sample_shape, *self._batch_shape, n * (n - 1) // 2), dtype=noise.dtype)
        lower = [(i, j) for i in range(n) for j in range(i)]
        if lower:
            rows, columns = (as_tensor([pair[k] for pair in lower]) for k in (0, 1))
            noise[..., rows, columns] = drawn
        chol = self._tril @ noise
        return chol @ chol.mT

    def rsample(self, sample_shape: Any = (), max_try_correction: int | None = None) -> Any:
        """Random matrices. Those that rounding made singular are drawn once more, and reported.

        PyTorch 2.13 asks the question the wrong way round: it draws again wherever a matrix is *not* singular. To give
        the same numbers for a seed, so does this.
        """
        sample_shape = Size(sample_shape)
        sample = self._bartlett_sampling(sample_shape)
        again = self.support.check(sample)
        if self._batch_shape:
            again = again.amax(tuple(range(-len(self._batch_shape), 0)))
        if bool(again.any()):
            warnings.warn("Singular sample detected.", stacklevel=2)
            for _ in range(10 if max_try_correction is None else max_try_correction):
                fresh = self._bartlett_sampling(again[again].shape)
                sample = sample.clone()
                sample[again] = fresh
                wrong = ~self.support.check(fresh)
                if self._batch_shape:
                    wrong = wrong.amax(tuple(range(-len(self._batch_shape), 0)))
                mask = again.clone()
                again[mask] = wrong
                if not bool(again.any()):
                    break
        return sample

    def log_prob(self, value: Any) -> Any:
        self._checked(value)
        nu, p = self.df, self._event_shape[-1]
        tril, value = broadcast_tensors(self._tril, value)
        half = solve_triangular(tril, value, upper=False)
        whole = solve_triangular(tril.mT, half, upper=True)
        trace = whole.diagonal(dim1=-2, dim2=-1).sum(-1)
        size = -nu * (p * LOG_TWO / 2 + half_log_det(self._tril)) - mvlgamma(nu / 2, p)
        return size + (nu - p - 1) / 2 * slogdet(value)[1] - trace / 2

    def entropy(self) -> Any:
        nu, p = self.df, self._event_shape[-1]
        slope = digamma((nu / 2).unsqueeze(-1) - arange(p, dtype=nu.dtype).div(2).expand((*nu.shape, p))).sum(-1)
        size = (p + 1) * (p * LOG_TWO / 2 + half_log_det(self._tril)) + mvlgamma(nu / 2, p)
        return size - (nu - p - 1) / 2 * slope + nu * p / 2

    @property
    def _natural_params(self) -> tuple[Any, ...]:
        return -self.precision_matrix / 2, (self.df - self._event_shape[-1] - 1) / 2

    def _log_normalizer(self, x: Any, y: Any) -> Any:
        p = self._event_shape[-1]
        half = y + (p + 1) / 2
        return half * (-slogdet(-2 * x)[1] + LOG_TWO * p) + mvlgamma(half, p)
