"""The few largest singular values of a large matrix, found with random vectors."""

from __future__ import annotations

from typing import Any

from ..dtypes import float32
from ..tensor_base import TensorBase
from .factorizations import qr, svd
from .matrix import matmul
from .random import randn
from .shape import expand

# A product with random vectors leans towards the directions that the matrix stretches most; a few rounds of QR lean it
# further. Source: N. Halko, P. Martinsson, J. Tropp, "Finding structure with randomness" (2009), algorithms 4.4 and 5.1.


def _basis(A: Any, q: int, niter: int, M: Any) -> Any:
    """Orthonormal columns that span about what the first q left singular vectors of A - M span."""

    def times(x: Any) -> Any:
        return matmul(A, x) if M is None else matmul(A, x) - matmul(M, x)

    def back(x: Any) -> Any:
        return matmul(A.mH, x) if M is None else matmul(A.mH, x) - matmul(M.mH, x)

    kind = A.dtype if A.dtype.rank >= 3 else float32
    Q = qr(times(randn(A.shape[-1], q, dtype=kind))).Q
    for _ in range(niter):
        Q = qr(times(qr(back(Q)).Q)).Q
    return Q


def svd_lowrank(A: Any, q: int | None = 6, niter: int | None = 2, M: Any = None) -> tuple[Any, Any, Any]:
    """About the first q singular values of A (or of A - M), with their left and right vectors as columns.

    Shapes: (..., m, n) gives (..., m, q), (..., q), (..., n, q). The result depends on the seed.

    >>> import pytorch_tutor as torch
    >>> U, S, V = torch.svd_lowrank(torch.diag(torch.tensor([3.0, 2.0, 0.0])), q=2)
    >>> S.round()
    tensor([3., 2.])
    """
    q, niter = 6 if q is None else q, 2 if niter is None else niter
    if M is not None:
        M = expand(M, A.shape)
    turned = A.shape[-2] < A.shape[-1]
    if turned:  # the random vectors are multiplied by the taller matrix
        A, M = A.mH, None if M is None else M.mH
    Q = _basis(A, q, niter, M)
    B = matmul(Q.mH, A) if M is None else matmul(Q.mH, A - M)
    U, S, Vh = svd(B, full_matrices=False)
    U, V = matmul(Q, U), Vh.mH
    return (V, S, U) if turned else (U, S, V)


def pca_lowrank(A: Any, q: int | None = None, center: bool = True, niter: int = 2) -> tuple[Any, Any, Any]:
    """Principal components: the rows of A are samples, the columns of V the directions in which they differ most.

    >>> import pytorch_tutor as torch
    >>> U, S, V = torch.pca_lowrank(torch.tensor([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]), q=1)
    >>> V.abs()
    tensor([[0.7071],
            [0.7071]])
    """
    if not isinstance(A, TensorBase):
        raise ValueError(f"input must be a Tensor, got {type(A)}")
    m, n = A.shape[-2:]
    if q is None:
        q = min(6, m, n)
    elif not 0 <= q <= min(m, n):
        raise ValueError(f"q(={q}) must be non-negative integer and not greater than min(m, n)={min(m, n)}")
    if niter < 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    return svd_lowrank(A - A.mean(-2, True) if center else A, q, niter)
