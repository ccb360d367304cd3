"""Transforms of vectors and matrices: probabilities by breaking a stick, factors of matrices, parts put together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..creation import ones_like
from ..functions import cat, stack
from ..linalg import cholesky
from ..sequences import eye
from . import constraints
from .transform import Plain, Transform
from .utils import softplus, sum_rightmost, tiny_and_eps, tril_matrix_to_vec, vec_to_tril_matrix


def clipped_sigmoid(x: Any) -> Any:
    """A sigmoid that never reaches 0 and 1."""
    tiny, eps = tiny_and_eps(x)
    return x.sigmoid().clamp(min=tiny, max=1.0 - eps)


def _after_one(x: Any) -> Any:
    """A 1 put before the numbers of each vector."""
    return cat([ones_like(x[..., :1]), x], -1)


def _need_dims(shape: Any, dims: int) -> None:
    if len(shape) < dims:
        raise ValueError("Too few dimensions on input")


class SoftmaxTransform(Plain):
    """Softmax: any vector becomes probabilities; the inverse is one of many."""

    domain, codomain = constraints.real_vector, constraints.simplex

    def _call(self, x: Any) -> Any:
        probs = (x - x.max(-1, True)[0]).exp()
        return probs / probs.sum(-1, True)

    def _inverse(self, y: Any) -> Any:
        return y.log()

    def forward_shape(self, shape: Any) -> Any:
        _need_dims(shape, 1)
        return shape

    inverse_shape = forward_shape


class StickBreakingTransform(Plain):
    """n numbers become n + 1 probabilities: each says what share is broken off from what is left of a stick."""

    domain, codomain, bijective = constraints.real_vector, constraints.simplex, True

    @staticmethod
    def _offset(x: Any, count: int) -> Any:
        """Moves the numbers so that zeros give equal shares."""
        return count - x.new_ones(x.shape[-1]).cumsum(-1)

    def _call(self, x: Any) -> Any:
        z = clipped_sigmoid(x - self._offset(x, x.shape[-1] + 1).log())
        left = _after_one((1 - z).cumprod(-1))
        return cat([z, ones_like(z[..., :1])], -1) * left

    def _inverse(self, y: Any) -> Any:
        cropped = y[..., :-1]
        left = (1 - cropped.cumsum(-1)).clamp(min=tiny_and_eps(y)[0])
        return cropped.log() - left.log() + self._offset(cropped, y.shape[-1]).log()

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        x = x - self._offset(x, x.shape[-1] + 1).log()
        return (-x - softplus(-x) + y[..., :-1].log()).sum(-1)

    def forward_shape(self, shape: Any) -> Any:
        _need_dims(shape, 1)
        return type(shape)((*shape[:-1], shape[-1] + 1))

    def inverse_shape(self, shape: Any) -> Any:
        _need_dims(shape, 1)
        return type(shape)((*shape[:-1], shape[-1] - 1))


class CorrCholeskyTransform(Plain):
    """A vector of D(D-1)/2 numbers becomes the triangular factor of a D by D correlation matrix.

    Each row is a point on a half sphere: the tangens hyperbolicus of a number says which share of the length that is
    left goes to its place.
    """

    domain, codomain, bijective = constraints.real_vector, constraints.corr_cholesky, True

    def _call(self, x: Any) -> Any:
        eps = tiny_and_eps(x)[1]
        r = vec_to_tril_matrix(x.tanh().clamp(min=-1 + eps, max=1 - eps), diag=-1)
        left = (1 - r**2).sqrt().cumprod(-1)
        return (r + eye(r.shape[-1], dtype=r.dtype)) * _after_one(left[..., :-1])

    def _inverse(self, y: Any) -> Any:
        left = _after_one(1 - (y * y).cumsum(-1)[..., :-1])
        t = tril_matrix_to_vec(y, diag=-1) / tril_matrix_to_vec(left, diag=-1).sqrt()
        return (t.log1p() - t.neg().log1p()) / 2

    def log_abs_det_jacobian(self, x: Any, y: Any, intermediates: Any = None) -> Any:
        left = tril_matrix_to_vec(1 - (y * y).cumsum(-1), diag=-2)
        tanh = -2 * (x + softplus(-2 * x) - math.log(2.0)).sum(-1)
        return 0.5 * left.log().sum(-1) + tanh

    def forward_shape(self, shape: Any) -> Any:
        _need_dims(shape, 1)
        n = shape[-1]
        d = round((0.25 + 2 * n) ** 0.5 + 0.5)
        if d * (d - 1) // 2 != n:
            raise ValueError("Input is not a flattened lower-diagonal number")
        return type(shape)((*shape[:-1], d, d))

    def inverse_shape(self, shape: Any) -> Any:
        _need_dims(shape, 2)
        if shape[-2] != shape[-1]:
            raise ValueError("Input is not square")
        d = shape[-1]
        return type(shape)((*shape[:-2], d * (d - 1) // 2))


class LowerCholeskyTransform(Plain):
    """A matrix becomes a lower triangle with a positive diagonal."""

    domain, codomain = constraints.independent(constraints.real, 2), constraints.lower_cholesky

    def _call(self, x: Any) -> Any:
        return x.tril(-1) + x.diagonal(dim1=-2, dim2=-1).exp().diag_embed()

    def _inverse(self, y: Any) -> Any:
        return y.tril(-1) + y.diagonal(dim1=-2, dim2=-1).log().diag_embed()


class PositiveDefiniteTransform(Plain):
    """A matrix becomes a positive definite one: the product of a triangle with its transpose."""

    domain, codomain = constraints.independent(constraints.real, 2), constraints.positive_definite

    def _call(self, x: Any) -> Any:
        triangle = LowerCholeskyTransform()(x)
        return triangle @ triangle.mT

    def _inverse(self, y: Any) -> Any:
        return LowerCholeskyTransform()._inverse(cholesky(y))


class _Parts(Transform):
    """What CatTransform and StackTransform share: a transform for each part of a tensor."""

    transforms: list[Any]
    dim: int

    @property
    def bijective(self) -> bool:  # type: ignore[override]
        return all(t.bijective for t in self.transforms)

    def _cut(self, x: Any) -> Any:
        raise NotImplementedError

    def _join(self, parts: list[Any]) -> Any:
        raise NotImplementedError

    def _call(self, x: Any) -> Any:
        return self._join([t(part) for t, part in zip(self.transforms, self._cut(x), strict=True)])

    def _inverse(self, y: Any) -> Any:
        return self._join([t.inv(part) for t, part in zip(self.transforms, self._cut(y), strict=True)])

    def _check(self, x: Any, size: int, said: str) -> None:
        if not -x.dim() <= self.dim < x.dim():
            raise AssertionError(f"dim {self.dim} out of range for tensor with {x.dim()} dimensions")
        if x.size(self.dim) != size:
            raise AssertionError(f"x.size({self.dim}) = {x.size(self.dim)} must equal {said} {size}")


class CatTransform(_Parts):
    """One transform for each part along a dimension, as ``torch.cat`` would join them."""

    def __init__(
        self, tseq: Sequence[Any], dim: int = 0, lengths: Sequence[int] | None = None, cache_size: int = 0
    ) -> None:
        if not all(isinstance(t, Transform) for t in tseq):
            raise AssertionError("All elements of tseq must be Transform instances")
        super().__init__(cache_size=cache_size)
        self.transforms = [t.with_cache(cache_size) for t in tseq]
        self.lengths = [1] * len(self.transforms) if lengths is None else list(lengths)
        if len(self.lengths) != len(self.transforms):
            raise AssertionError(f"lengths ({len(self.lengths)}) must match transforms ({len(self.transforms)})")
        self.dim = dim

    @property
    def event_dim(self) -> int:
        """The most that any part has."""
        return max(t.event_dim for t in self.transforms)

    @property
    def length(self) -> int:
        """All parts together."""
        return sum(self.lengths)

    domain = property(lambda self: constraints.cat([t.domain for t in self.transforms], self.dim, self.lengths))
    codomain = property(lambda self: constraints.cat([t.codomain for t in self.transforms], self.dim, self.lengths))

    def _cut(self, x: Any) -> Any:
        self._check(x, self.length, "length")
        return x.split(self.lengths, self.dim)

    def _join(self, parts: list[Any]) -> Any:
        return cat(parts, self.dim)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        found = []
        for t, before, after in zip(self.transforms, self._cut(x), self._cut(y), strict=True):
            found.append(sum_rightmost(t.log_abs_det_jacobian(before, after), self.event_dim - t.event_dim))
        dim = (self.dim - x.dim() if self.dim >= 0 else self.dim) + self.event_dim
        return cat(found, dim) if dim < 0 else sum(found[1:], found[0])


class StackTransform(_Parts):
    """One transform for each slice along a dimension, as ``torch.stack`` would join them."""

    def __init__(self, tseq: Sequence[Any], dim: int = 0, cache_size: int = 0) -> None:
        if not all(isinstance(t, Transform) for t in tseq):
            raise AssertionError("All elements of tseq must be Transform instances")
        super().__init__(cache_size=cache_size)
        self.transforms, self.dim = [t.with_cache(cache_size) for t in tseq], dim

    domain = property(lambda self: constraints.stack([t.domain for t in self.transforms], self.dim))
    codomain = property(lambda self: constraints.stack([t.codomain for t in self.transforms], self.dim))

    def _cut(self, x: Any) -> Any:
        self._check(x, len(self.transforms), "len(transforms)")
        return x.unbind(self.dim)

    def _join(self, parts: list[Any]) -> Any:
        return stack(parts, self.dim)

    def log_abs_det_jacobian(self, x: Any, y: Any) -> Any:
        parts = zip(self.transforms, self._cut(x), self._cut(y), strict=True)
        return stack([t.log_abs_det_jacobian(before, after) for t, before, after in parts], self.dim)
