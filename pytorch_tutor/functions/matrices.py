"""Linear algebra by the names that it had before ``torch.linalg``, and the exponential of a matrix."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..dispatch import write_out
from ..errors import lesson
from ..sequences import eye
from . import linalg
from .arithmetic import where
from .shape import transpose


class qr_result(NamedTuple):  # noqa: N801 - the name that is printed
    """What ``qr`` gives."""

    Q: Any
    R: Any

    def __repr__(self) -> str:
        return f"torch.return_types.qr(\nQ={self.Q!r},\nR={self.R!r})"


class svd_result(NamedTuple):  # noqa: N801 - the name that is printed
    """What ``svd`` gives."""

    U: Any
    S: Any
    V: Any

    def __repr__(self) -> str:
        return f"torch.return_types.svd(\nU={self.U!r},\nS={self.S!r},\nV={self.V!r})"


def cholesky(input: Any, upper: bool = False, *, out: Any = None) -> Any:
    """The triangular factor of a symmetric positive definite matrix; see ``torch.linalg.cholesky``.

    >>> import pytorch_tutor as torch
    >>> torch.cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    return linalg.cholesky(input, upper=upper, out=out)


def cholesky_inverse(input: Any, upper: bool = False, *, out: Any = None) -> Any:
    """The inverse of the matrix whose triangular factor is given.

    >>> import pytorch_tutor as torch
    >>> torch.cholesky_inverse(torch.tensor([[2.0]]))
    tensor([[0.2500]])
    """
    factor = input.triu() if upper else input.tril()
    turned = transpose(factor, -2, -1).conj()
    return write_out(linalg.inv(turned @ factor if upper else factor @ turned), out, "cholesky_inverse")


def cholesky_solve(input: Any, L: Any, upper: bool = False, *, out: Any = None) -> Any:
    """The X with A X = ``input``, for the matrix A whose triangular factor is given.

    >>> import pytorch_tutor as torch
    >>> torch.cholesky_solve(torch.tensor([[8.0]]), torch.tensor([[2.0]]))
    tensor([[2.]])
    """
    factor = L.triu() if upper else L.tril()
    turned = transpose(factor, -2, -1).conj()
    first, second = (turned, factor) if upper else (factor, turned)
    return write_out(linalg.solve(second, linalg.solve(first, input)), out, "cholesky_solve")


def qr(input: Any, some: bool = True, *, out: Any = None) -> Any:
    """Orthogonal Q and upper triangular R; see ``torch.linalg.qr``."""
    return write_out(qr_result(*linalg.qr(input, "reduced" if some else "complete")), out, "qr")


def svd(input: Any, some: bool = True, compute_uv: bool = True, *, out: Any = None) -> Any:
    """Singular values and vectors, the right ones as columns of V; see ``torch.linalg.svd``."""
    if not compute_uv:
        m, n = input.shape[-2:]
        lead = tuple(input.shape[:-2])
        empty = [input.new_zeros((*lead, k, k)) for k in (m, n)]
        return write_out(svd_result(empty[0], linalg.svdvals(input), empty[1]), out, "svd")
    u, s, vh = linalg.svd(input, full_matrices=not some)
    return write_out(svd_result(u, s, transpose(vh, -2, -1).conj()), out, "svd")


def logdet(input: Any) -> Any:
    """The logarithm of the determinant; NaN where it is negative.

    >>> import pytorch_tutor as torch
    >>> torch.logdet(torch.tensor([[1.0, 0.0], [0.0, 3.0]]))
    tensor(1.0986)
    """
    sign, log = linalg.slogdet(input)
    return where(sign.real < 0 if sign.is_complex() else sign < 0, math.nan, log)


def matrix_exp(input: Any) -> Any:
    r"""The exponential of a square matrix: $\sum_k A^k / k!$.

    Scaling and squaring: e^A = (e^{A/2^s})^{2^s}, with the sum's first terms for the small matrix A / 2^s.
    (Source of the method: C. Moler and C. Van Loan, "Nineteen dubious ways to compute the exponential of a matrix".)

    >>> import pytorch_tutor as torch
    >>> torch.matrix_exp(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    if input.dtype.rank < 3:
        raise lesson(
            RuntimeError(f"linalg.matrix_exp: Expected a floating point or complex tensor as input. Got {input.dtype}"),
            expected="floats",
            got=str(input.dtype),
            hint="x.float()",
        )
    if input.dim() < 2:
        raise RuntimeError("linalg.matrix_exp: The input tensor A must have at least 2 dimensions.")
    if input.shape[-1] != input.shape[-2]:
        m, n = input.shape[-2:]
        raise RuntimeError(f"linalg.matrix_exp: A must be batches of square matrices, but they are {m} by {n} matrices")
    size = float(np.abs(input._array).sum(-1).max(initial=0.0))
    squarings = max(0, math.ceil(math.log2(size)) + 2) if 0 < size < math.inf else 0
    small = input / 2**squarings
    n = input.shape[-1]
    found = eye(n, dtype=input.dtype) + input * 0
    for k in range(16, 0, -1):  # Horner: 1 + A/1 (1 + A/2 (1 + A/3 ...))
        found = eye(n, dtype=input.dtype) + small @ found / k
    for _ in range(squarings):
        found = found @ found
    return found
