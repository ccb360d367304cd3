"""Matrices that stay orthogonal while they are trained: the parameter is mapped onto them."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any

from pytorch_tutor.autograd import no_grad
from pytorch_tutor.creation import zeros_like
from pytorch_tutor.dtypes import finfo
from pytorch_tutor.functions import allclose, cat, eye, randn
from pytorch_tutor.functions.factorizations import householder_product
from pytorch_tutor.functions.linalg import solve
from pytorch_tutor.functions.matrices import geqrf, matrix_exp
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.nn.utils import parametrize


class _OrthMaps(Enum):
    matrix_exp = auto()
    cayley = auto()
    householder = auto()


def _is_orthogonal(q: Any) -> bool:
    rows, columns = q.shape[-2:]
    identity = eye(columns, dtype=q.dtype, device=q.device)
    return bool(allclose(q.mH @ q, identity, atol=10.0 * rows * finfo(q.dtype).eps))


def _orthogonalized(a: Any) -> Any:
    """The Q of A = QR for which the diagonal of R is positive."""
    reflectors, tau = geqrf(a)
    signs = reflectors.diagonal(dim1=-2, dim2=-1).sgn()
    return householder_product(reflectors, tau) * signs.unsqueeze(-2)


class _Orthogonal(Module):
    """From a free matrix to one with orthonormal columns (or rows, where it is wide)."""

    base: Any

    def __init__(self, weight: Any, orthogonal_map: _OrthMaps, *, use_trivialization: bool = True) -> None:
        super().__init__()
        if weight.is_complex() and orthogonal_map is _OrthMaps.householder:
            raise ValueError("The householder parametrization does not support complex tensors.")
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, x: Any) -> Any:
        """The orthogonal matrix."""
        wide = x.size(-2) < x.size(-1)
        if wide:
            x = x.mT
        q = self._reflected(x) if self.orthogonal_map is _OrthMaps.householder else self._rotated(x)
        if hasattr(self, "base"):
            q = self.base @ q
        return q.mT if wide else q

    def _rotated(self, x: Any) -> Any:
        r"""$e^A$ or Cayley's $(I - A/2)^{-1} (I + A/2)$ of the skew-symmetric $A = L - L^H$, L the lower triangle."""
        rows, columns = x.shape[-2:]
        lower = x.tril()
        if rows != columns:
            lower = cat([lower, lower.new_zeros(rows, rows - columns).expand(*x.shape[:-2], -1, -1)], dim=-1)
        skew = lower - lower.mH
        if self.orthogonal_map is _OrthMaps.matrix_exp:
            q = matrix_exp(skew)
        else:
            identity = eye(rows, dtype=skew.dtype, device=skew.device)
            q = solve(identity.add(skew, alpha=-0.5), identity.add(skew, alpha=0.5))
        return q if rows == columns else q[..., :columns]

    def _reflected(self, x: Any) -> Any:
        """A product of Householder's reflections; the signs of the diagonal are not trained."""
        below = x.tril(diagonal=-1)
        tau = 2.0 / (1.0 + (below * below).sum(dim=-2))
        return householder_product(below, tau) * x.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)

    @no_grad()
    def right_inverse(self, q: Any) -> Any:
        """A free matrix that is mapped onto the given one, or onto the orthogonal one that its QR gives."""
        if q.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a tensor of shape {q.shape}."
            )
        given = q
        wide = q.size(-2) < q.size(-1)
        if wide:
            q = q.mT
        if not hasattr(self, "base"):
            return self._reflectors(q, wide)
        rows, columns = q.shape[-2:]
        if rows != columns:  # completed to a square matrix by random columns
            q = cat([q, randn(*q.shape[:-2], rows, rows - columns, dtype=q.dtype, device=q.device)], dim=-1)
            self.base = _orthogonalized(q)
        else:
            self.base = q.clone() if _is_orthogonal(q) else _orthogonalized(q)
        start = zeros_like(given)  # every map takes minus the identity to the identity, which the base then moves
        start.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
        return start

    def _reflectors(self, q: Any, wide: bool) -> Any:
        if self.orthogonal_map is not _OrthMaps.householder:
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential "
                "or the Cayley parametrizations when use_trivialization=False."
            )
        reflectors, tau = geqrf(q)
        reflectors.diagonal(dim1=-2, dim2=-1).sign_()
        reflectors.diagonal(dim1=-2, dim2=-1)[tau == 0.0] *= -1
        return reflectors.mT if wide else reflectors


def orthogonal(
    module: Module, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True
) -> Module:
    r"""Parametrize a weight so that its columns (rows, where it is wide) are orthonormal.

    Args:
        module: the module that has it.
        name: its name.
        orthogonal_map: ``"matrix_exp"``, ``"cayley"`` or ``"householder"``; by default the first for square or
            complex matrices, the last for others.
        use_trivialization: start at the weight that the module has: the map is multiplied by a fixed orthogonal matrix.

    >>> import pytorch_tutor as torch
    >>> layer = torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(3, 3))
    >>> torch.allclose(layer.weight @ layer.weight.T, torch.eye(3), atol=1e-5)
    True

    Source: M. Lezcano-Casado, Trivializations for gradient-based optimization on manifolds, 2019.
    """
    weight = getattr(module, name, None)
    if not hasattr(weight, "_array"):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    assert weight is not None
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        orthogonal_map = "matrix_exp" if weight.size(-2) == weight.size(-1) or weight.is_complex() else "householder"
    chosen = getattr(_OrthMaps, orthogonal_map, None)
    if chosen is None:
        raise ValueError(
            f'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: {orthogonal_map}'
        )
    mapped = _Orthogonal(weight, chosen, use_trivialization=use_trivialization)
    parametrize.register_parametrization(module, name, mapped, unsafe=True)
    return module
