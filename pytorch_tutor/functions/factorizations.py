"""Matrices as products of simpler ones: LU, LDL, QR, singular values, eigenvalues."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES, int32
from ..errors import lesson
from ..ops import householder, ldl, spectral
from ..ops import lu as lus
from ..precision import full
from . import matrix_checks as need
from .results import (
    linalg_eig,
    linalg_eigh,
    linalg_ldl_factor,
    linalg_ldl_factor_ex,
    linalg_lu,
    linalg_lu_factor,
    linalg_lu_factor_ex,
    linalg_qr,
    linalg_svd,
)  # fmt: skip


# -- LU: Gaussian elimination
def _eliminable(A: Any, pivot: bool, name: str) -> None:
    if A.dim() < 2:
        raise RuntimeError(f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(A.shape)} instead")
    need.implemented(A, "lu_cpu")
    if not pivot:
        raise lesson(
            RuntimeError("linalg.lu_factor: LU without pivoting is not implemented on the CPU"), hint="pivot=True"
        )


def lu(A: Any, *, pivot: bool = True, out: Any = None) -> linalg_lu:
    """P, L, U with A = P L U: a permutation, a lower triangle with ones on its diagonal, an upper triangle.

    Shapes: (..., m, n) gives (..., m, m), (..., m, k), (..., k, n) with k the smaller of m and n.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.lu(torch.tensor([[1.0, 2.0], [2.0, 2.0]])).U
    tensor([[2., 2.],
            [0., 1.]])
    """
    need.tensors("linalg_lu", A=A)
    _eliminable(A, pivot, "linalg.lu")
    p, low, up = apply(lus.Lu, A)
    return write_out(linalg_lu(p.detach(), low, up), out, "linalg_lu")


def lu_factor(A: Any, *, pivot: bool = True, out: Any = None) -> linalg_lu_factor:
    """L and U in one matrix, and the rows that were exchanged, counted from 1: what ``lu_solve`` takes.

    RuntimeError for a matrix with a zero pivot.

    >>> import pytorch_tutor as torch
    >>> LU, pivots = torch.linalg.lu_factor(torch.tensor([[1.0, 2.0], [2.0, 2.0]]))
    >>> pivots
    tensor([2, 2], dtype=torch.int32)
    """
    need.tensors("linalg_lu_factor", A=A)
    LU, pivots, info = lu_factor_ex(A, pivot=pivot)
    batch, place = need.first_bad(info)
    if place:
        raise lesson(
            RuntimeError(
                f"torch.linalg.lu_factor: {batch}U[{place},{place}] is zero and using it on lu_solve would result in a "
                "division by zero. If you still want to perform the factorization, consider calling linalg.lu(A, pivot) or "
                "linalg.lu_factor_ex(A, pivot)"
            ),
            expected="a matrix whose rows are independent",
            got="a singular one",
        )
    return write_out(linalg_lu_factor(LU, pivots), out, "linalg_lu_factor")


def lu_factor_ex(A: Any, *, pivot: bool = True, check_errors: bool = False, out: Any = None) -> linalg_lu_factor_ex:
    """``lu_factor``, and ``info``: 0, or the place of the first zero on U's diagonal."""
    need.tensors("linalg_lu_factor_ex", A=A)
    _eliminable(A, pivot, "torch.lu_factor")
    found = linalg_lu_factor_ex(*apply(lus.LuFactor, A))
    if check_errors:
        need.regular(found.info, "torch.linalg.lu_factor_ex")
    return write_out(found, out, "linalg_lu_factor_ex")


def lu_solve(LU: Any, pivots: Any, B: Any, *, left: bool = True, adjoint: bool = False, out: Any = None) -> Any:
    """The X with A X = B (X A = B without ``left``; Aᴴ for A with ``adjoint``), A by its factors.

    >>> import pytorch_tutor as torch
    >>> A, B = torch.tensor([[1.0, 2.0], [2.0, 2.0]]), torch.tensor([[3.0], [4.0]])
    >>> torch.linalg.lu_solve(*torch.linalg.lu_factor(A), B)
    tensor([[1.],
            [1.]])
    """
    need.tensors("linalg_lu_solve", LU=LU, pivots=pivots, B=B)
    need.floats(LU, "torch.linalg.lu_solve")
    need.one_type(
        LU,
        B,
        "linalg.lu_solve: Expected LU and B to have the same dtype, but found LU of type {} and B of type {} instead",
    )
    need.squares(LU, "torch.linalg.lu_solve")
    need.matrices(B, "linalg.lu_solve", "B")
    need.equation(LU, B, "linalg.lu_solve", left)
    if pivots.dtype is not int32:
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    if pivots.shape[-1:] != LU.shape[-1:]:
        raise RuntimeError("linalg.lu_solve: Number of pivots per batch should be same as the dimension of the matrix")
    if pivots.shape[:-1] != LU.shape[:-2]:
        raise RuntimeError(
            f"linalg.lu_solve: Expected LU.shape[:-1] and pivots.shape to be the same, but got pivots with shape "
            f"{list(pivots.shape)} instead"
        )
    need.implemented(LU, "linalg.lu_solve_cpu")
    for wrong, bound in (
        ((pivots._array < 1), "greater or equal to 1"),
        ((pivots._array > LU.shape[-2]), "smaller or equal to LU.size(-2)"),
    ):
        if wrong.any():
            raise lesson(
                RuntimeError(
                    f"Pivots given to lu_solve must all be {bound}. Did you properly pass the result of lu_factor?"
                ),
                got=pivots.tolist(),
                hint="LU, pivots = torch.linalg.lu_factor(A)",
            )
    p = lus.permutation(np, pivots._array, LU.shape[-1], LU._array.dtype)
    return write_out(apply(lus.LuSolve, LU, B, p=p, left=left, adjoint=adjoint), out, "linalg_lu_solve")


# -- LDL: symmetric matrices
def ldl_factor(input: Any, *, hermitian: bool = False, out: Any = None) -> linalg_ldl_factor:
    """L and D of a symmetric matrix (with ``hermitian`` a Hermitian one) in one, and the rows that were exchanged.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.ldl_factor(torch.tensor([[4.0, 2.0], [2.0, 5.0]])).LD
    tensor([[4.0000, 0.0000],
            [0.5000, 4.0000]])
    """
    need.tensors("linalg_ldl_factor", input=input)
    LD, pivots, info = ldl_factor_ex(input, hermitian=hermitian)
    _complete(info, "torch.linalg.ldl_factor")
    return write_out(linalg_ldl_factor(LD, pivots), out, "linalg_ldl_factor")


def _complete(info: Any, name: str) -> None:
    batch, place = need.first_bad(info)
    if place:
        raise lesson(
            RuntimeError(
                f"{name}: {batch}The factorization could not be completed: column {place} of what is left is zero."
            ),
            expected="a matrix whose rows are independent",
            got="a singular one",
            hint="torch.linalg.ldl_factor_ex(A)  gives what could be computed",
        )


def ldl_factor_ex(
    input: Any, *, hermitian: bool = False, check_errors: bool = False, out: Any = None
) -> linalg_ldl_factor_ex:
    """``ldl_factor``, and ``info``: 0, or the number of the first zero pivot."""
    need.tensors("linalg_ldl_factor_ex", input=input)
    need.squares(input, "torch.linalg.ldl_factor_ex")
    need.floats(input, "torch.linalg.ldl_factor_ex")
    need.implemented(input, "ldl_factor_kernel_cpu")
    found = linalg_ldl_factor_ex(*apply(ldl.LdlFactor, input, hermitian=hermitian))
    if check_errors:
        _complete(found.info, "torch.linalg.ldl_factor_ex")
    return write_out(found, out, "linalg_ldl_factor_ex")


def ldl_solve(LD: Any, pivots: Any, B: Any, *, hermitian: bool = False, out: Any = None) -> Any:
    """The X with A X = B, for the symmetric A whose factors are given.

    >>> import pytorch_tutor as torch
    >>> A = torch.tensor([[4.0, 2.0], [2.0, 5.0]])
    >>> torch.linalg.ldl_solve(*torch.linalg.ldl_factor(A), torch.tensor([[6.0], [7.0]]))
    tensor([[1.],
            [1.]])
    """
    need.tensors("linalg_ldl_solve", LD=LD, pivots=pivots, B=B)
    need.squares(LD, "torch.linalg.ldl_solve")
    need.floats(LD, "torch.linalg.ldl_solve")
    if B.dim() < 2:
        raise lesson(RuntimeError("torch.linalg.ldl_solve: B must have at least 2 dimensions."), hint="B.unsqueeze(-1)")
    if LD.shape[-1] != B.shape[-2]:
        n, (rows, columns) = LD.shape[-1], B.shape[-2:]
        raise RuntimeError(
            f"Incompatible matrix sizes for torch.linalg.ldl_solve: each A matrix is {n} by {n} but each b matrix is "
            f"{rows} by {columns}"
        )
    if pivots.dtype.rank != 2:
        raise RuntimeError(f"torch.linalg.ldl_solve: Expected pivots to be integers. Got {SCALAR_NAMES[pivots.dtype]}")
    need.one_type(LD, B, "torch.linalg.ldl_solve: Expected LD and B to have the same dtype, but found {} and {}")
    found = apply(ldl.LdlSolve, LD, B, pivots=pivots._array, hermitian=hermitian)
    return write_out(found, out, "linalg_ldl_solve")


# -- QR: orthogonal columns
def qr(A: Any, mode: str = "reduced", *, out: Any = None) -> linalg_qr:
    """An orthogonal Q and an upper triangular R with Q R = A; ``mode`` is "reduced", "complete" or "r" (no Q).

    >>> import pytorch_tutor as torch
    >>> torch.linalg.qr(torch.tensor([[3.0], [4.0]]), "r").R.abs()
    tensor([[5.]])
    """
    need.tensors("linalg_qr", A=A)
    need.matrices(A, "linalg.qr")
    need.floats(A, "linalg.qr")
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    need.implemented(A, "geqrf_cpu")
    return write_out(linalg_qr(*apply(householder.Qr, A, mode=mode)), out, "linalg_qr")


def householder_product(input: Any, tau: Any, *, out: Any = None) -> Any:
    """The first columns of Q = H₁ H₂ … from the compact form that ``torch.geqrf`` gives.

    >>> import pytorch_tutor as torch
    >>> A = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.allclose(torch.linalg.householder_product(*torch.geqrf(A)), torch.linalg.qr(A).Q)
    True
    """
    need.tensors("linalg_householder_product", input=input, tau=tau)
    name = "torch.linalg.householder_product"
    if input.dim() < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if input.shape[-2] < input.shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    if input.shape[-1] < tau.shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-1] must be greater than or equal to tau.shape[-1]")
    reflections(input, tau, name)
    return write_out(apply(householder.HouseholderProduct, input, tau), out, "linalg_householder_product")


def reflections(a: Any, tau: Any, name: str) -> None:
    """What the compact form and its strengths must have in common."""
    if a.dim() - tau.dim() != 1:
        raise RuntimeError(
            f"{name}: Expected tau to have one dimension less than input, but got tau.ndim equal to {tau.dim()} and "
            f"input.ndim is equal to {a.dim()}"
        )
    if a.shape[:-2] != tau.shape[:-1]:
        raise RuntimeError(
            f"{name}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got {list(tau.shape[:-1])}"
        )
    need.one_type(tau, a, f"{name}: tau dtype {{}} does not match input dtype {{}}")


# -- singular values and eigenvalues
def svd(A: Any, full_matrices: bool = True, *, driver: str | None = None, out: Any = None) -> linalg_svd:
    """Singular values (descending) with their left and right vectors, A = U diag(S) Vh.

    Shapes: (..., m, n) gives (..., m, m), (..., k), (..., n, n), or k columns and rows without ``full_matrices``.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.svd(torch.diag(torch.tensor([2.0, -3.0]))).S
    tensor([3., 2.])
    """
    need.tensors("linalg_svd", A=A)
    return write_out(linalg_svd(*_svd(A, full_matrices, driver)), out, "linalg_svd")


def _svd(A: Any, full_matrices: bool, driver: str | None) -> Any:
    (A,) = full(A)
    need.matrices(A, "linalg.svd")
    need.floats(A, "linalg.svd")
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend."
        )
    need.implemented(A, "linalg_svd_cpu")
    need.no_nan(A, "linalg.svd")
    return apply(spectral.Svd, A, full_matrices=full_matrices)


def svdvals(A: Any, *, driver: str | None = None, out: Any = None) -> Any:
    """The singular values, largest first. Shapes: (..., m, n) gives (..., min(m, n)).

    >>> import pytorch_tutor as torch
    >>> torch.linalg.svdvals(torch.diag(torch.tensor([2.0, -3.0])))
    tensor([3., 2.])
    """
    need.tensors("linalg_svdvals", A=A)
    return write_out(_svd(A, False, driver)[1], out, "linalg_svdvals")


def eigh(input: Any, UPLO: str = "L", *, out: Any = None) -> linalg_eigh:
    """Eigenvalues (ascending) and eigenvectors (columns) of a symmetric matrix, of which one triangle is read.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.eigh(torch.tensor([[2.0, 1.0], [1.0, 2.0]])).eigenvalues
    tensor([1., 3.])
    """
    need.tensors("linalg_eigh", input=input)
    return write_out(linalg_eigh(*_eigh(input, UPLO)), out, "linalg_eigh")


def _eigh(A: Any, UPLO: str) -> Any:
    need.squares(A, "linalg.eigh")
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    need.implemented(A, "linalg_eigh_cpu")
    return apply(spectral.Eigh, A, uplo=UPLO.upper())


def eigvalsh(input: Any, UPLO: str = "L", *, out: Any = None) -> Any:
    """The eigenvalues of a symmetric matrix, ascending."""
    need.tensors("linalg_eigvalsh", input=input)
    return write_out(_eigh(input, UPLO)[0], out, "linalg_eigvalsh")


def eig(input: Any, *, out: Any = None) -> linalg_eig:
    """Eigenvalues and eigenvectors (columns) of any square matrix, complex even where the matrix is real.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.eig(torch.tensor([[0.0, -1.0], [1.0, 0.0]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """
    need.tensors("linalg_eig", input=input)
    return write_out(linalg_eig(*_eig(input, "linalg.eig")), out, "linalg_eig")


def _eig(A: Any, name: str) -> Any:
    need.squares(A, name)
    if A.dtype.rank < 3:
        raise lesson(
            RuntimeError(f"Unknown Complex ScalarType for {SCALAR_NAMES[A.dtype]}"), got=str(A.dtype), hint="x.float()"
        )
    if not np.isfinite(A._array).all():
        raise RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")
    need.implemented(A, "linalg_eig_out_cpu")
    return apply(spectral.Eig, A)


def eigvals(input: Any, *, out: Any = None) -> Any:
    """The eigenvalues of a square matrix, complex."""
    need.tensors("linalg_eigvals", input=input)
    return write_out(_eig(input, "linalg.eigvals")[0], out, "linalg_eigvals")
