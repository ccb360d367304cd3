"""Linear algebra by the names that it had before ``torch.linalg``, and the exponential of a matrix."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..dispatch import apply, write_out
from ..dtypes import int32, int64
from ..errors import lesson
from ..ops import householder
from ..ops import linalg as ops
from ..ops import lu as lus
from ..ops.cholesky import CholeskyBefore, CholeskyInverse, CholeskySolve
from ..ops.matrix_exp import MatrixExp
from ..ops.reduction import axis_of
from ..ops.triangular import TriangularSolve
from . import factorizations, least_squares, linalg, results
from . import matrix_checks as need
from .arithmetic import where
from .numpy_names import numpy_names
from .shape import flip, transpose


def inverse(input: Any, *, out: Any = None) -> Any:
    """The inverse of square matrices; see ``torch.linalg.inv``."""
    need.tensors("inverse", input=input)
    return linalg.inv(input, out=out)


def pinverse(input: Any, rcond: float = 1e-15) -> Any:
    """The pseudo-inverse; see ``torch.linalg.pinv``. Singular values up to ``rcond`` times the largest count as zero."""
    need.tensors("pinverse", input=input)
    return least_squares.pinv(input, rcond)


def det(input: Any) -> Any:
    """The determinant; see ``torch.linalg.det``."""
    need.tensors("det", input=input)
    return linalg.det(input)


def slogdet(input: Any, *, out: Any = None) -> results.slogdet:
    """Sign of the determinant and logarithm of its absolute value; see ``torch.linalg.slogdet``."""
    need.tensors("slogdet", input=input)
    return write_out(results.slogdet(*linalg.slogdet(input)), out, "slogdet")


def logdet(input: Any) -> Any:
    """The logarithm of the determinant; NaN where it is negative.

    >>> import pytorch_tutor as torch
    >>> torch.logdet(torch.tensor([[1.0, 0.0], [0.0, 3.0]]))
    tensor(1.0986)
    """
    need.tensors("logdet", input=input)
    need.squares(input, "logdet")
    need.floats(input, "logdet", halves=False)
    sign, log = apply(ops.Slogdet, input)
    if sign.is_complex():
        return log + sign.log()
    return where(sign == -1.0, math.nan, log)


def matrix_power(input: Any, n: int, *, out: Any = None) -> Any:
    """A multiplied by itself n times; see ``torch.linalg.matrix_power``."""
    need.tensors("matrix_power", input=input)
    need.whole_number(n, "matrix_power", "n", 2)
    return linalg.matrix_power(input, n, out=out)


def matrix_exp(input: Any) -> Any:
    r"""The exponential of a square matrix: $\sum_k A^k / k!$. Shapes: (..., n, n) gives the same.

    A polynomial of a degree from 1 to 18, by the size of A; a larger A is halved s times and the result squared s times.

    >>> import pytorch_tutor as torch
    >>> torch.matrix_exp(torch.tensor([[0.0, 1.0], [0.0, 0.0]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    need.tensors("linalg_matrix_exp", input=input)
    need.squares(input, "linalg.matrix_exp")
    need.floats(input, "linalg.matrix_exp")
    return apply(MatrixExp, input)


@numpy_names
def cross(input: Any, other: Any, dim: int | None = None, *, out: Any = None) -> Any:
    """The vector product, along the first dimension of size 3 unless told; see ``torch.linalg.cross``."""
    need.tensors("cross", input=input, other=other)
    if dim is None:
        sizes = list(input.shape)
        if 3 not in sizes:
            raise lesson(RuntimeError("no dimension of size 3 in input"), expected="a dimension of size 3", got=sizes)
        dim = sizes.index(3)
    axis_of(dim, input.dim())
    return linalg.cross(input, other, dim=dim, out=out)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """Powers of each element of a vector side by side, from the highest to 0; see ``torch.linalg.vander``.

    >>> import pytorch_tutor as torch
    >>> torch.vander(torch.tensor([2, 3]), 3)
    tensor([[4, 2, 1],
            [9, 3, 1]])
    """
    need.tensors("vander", x=x)
    if x.dim() != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    count = x.shape[0] if N is None else N
    if count < 0:
        raise RuntimeError("N must be non-negative.")
    kind = x.dtype if x.dtype.rank >= 3 else int64
    if count < 2 or not x.shape[0]:
        return x.new_ones((x.shape[0], count), dtype=kind)
    powers = linalg.vander(x.to(kind), N=count)
    return powers if increasing else flip(powers, (1,))


# -- Cholesky
def cholesky(input: Any, upper: bool = False, *, out: Any = None) -> Any:
    """The triangular factor of a symmetric positive definite matrix; see ``torch.linalg.cholesky``.

    >>> import pytorch_tutor as torch
    >>> torch.cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    need.tensors("cholesky", input=input)
    need.squares(input, "cholesky")
    need.implemented(input, "cholesky_cpu")
    factor, info = apply(CholeskyBefore, input, upper=upper)
    need.positive(info, "cholesky")
    return write_out(factor, out, "cholesky")


def cholesky_inverse(input: Any, upper: bool = False, *, out: Any = None) -> Any:
    """The inverse of the matrix whose triangular factor is given.

    >>> import pytorch_tutor as torch
    >>> torch.cholesky_inverse(torch.tensor([[2.0]]))
    tensor([[0.2500]])
    """
    need.tensors("cholesky_inverse", input=input)
    need.squares(input, "cholesky_inverse")
    need.implemented(input, "cholesky_inverse_out_cpu")
    return write_out(apply(CholeskyInverse, input, upper=upper), out, "cholesky_inverse")


def cholesky_solve(input: Any, L: Any, upper: bool = False, *, out: Any = None) -> Any:
    """The X with A X = ``input``, for the matrix A whose triangular factor is given.

    >>> import pytorch_tutor as torch
    >>> torch.cholesky_solve(torch.tensor([[8.0]]), torch.tensor([[2.0]]))
    tensor([[2.]])
    """
    need.tensors("cholesky_solve", input=input, L=L)
    for letter, t in (("b", input), ("u", L)):
        if t.dim() < 2:
            raise RuntimeError(f"{letter} should have at least 2 dimensions, but has {t.dim()} dimensions instead")
    _old_equation(L, input, "cholesky_solve")
    need.implemented(input, "cholesky_solve_cpu")
    return write_out(apply(CholeskySolve, input, L, upper=upper), out, "cholesky_solve")


def _old_equation(A: Any, B: Any, name: str) -> None:
    """RuntimeError where A X = B cannot be, in the words of the older functions."""
    need.one_type(B, A, "Expected b and A to have the same dtype, but found b of type {} and A of type {} instead.")
    need.squares(A, "")
    (m, n), (rows, columns) = A.shape[-2:], B.shape[-2:]
    if n != rows:
        raise lesson(
            RuntimeError(
                f"Incompatible matrix sizes for {name}: each A matrix is {m} by {n} but each b matrix is {rows} by {columns}"
            ),
            expected=f"{n} rows",
            got=rows,
        )
    need.together(tuple(B.shape[:-2]), tuple(A.shape[:-2]))


def triangular_solve(
    input: Any, A: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False, *, out: Any = None
) -> results.triangular_solve:
    """The X with A X = ``input`` for a triangular A, and a copy of A; see ``torch.linalg.solve_triangular``.

    >>> import pytorch_tutor as torch
    >>> torch.triangular_solve(torch.tensor([[4.0]]), torch.tensor([[2.0]])).solution
    tensor([[2.]])
    """
    need.tensors("triangular_solve", input=input, A=A)
    for letter, t in (("b", input), ("A", A)):
        if t.dim() < 2:
            raise RuntimeError(
                f"torch.triangular_solve: Expected {letter} to have at least 2 dimensions, but it has {t.dim()} dimensions "
                "instead"
            )
    _old_equation(A, input, "triangular_solve")
    need.implemented(input, "triangular_solve_cpu")
    found = apply(TriangularSolve, input, A, upper=upper, transpose=transpose, unitriangular=unitriangular)
    return write_out(results.triangular_solve(*found), out, "triangular_solve")


# -- LU
def lu(A: Any, pivot: bool = True, get_infos: bool = False, out: Any = None) -> Any:
    """L and U in one matrix and the exchanged rows, with ``get_infos`` also the place of the first zero pivot.

    >>> import pytorch_tutor as torch
    >>> LU, pivots = torch.lu(torch.tensor([[1.0, 2.0], [2.0, 2.0]]))
    >>> torch.lu_unpack(LU, pivots).U
    tensor([[2., 2.],
            [0., 1.]])
    """
    found = results._lu_with_info(*factorizations.lu_factor_ex(A, pivot=pivot))
    if get_infos:
        return write_out(found, out, "lu")
    return write_out((found.LU, found.pivots), out, "lu")


def lu_solve(input: Any, LU_data: Any, LU_pivots: Any, *, out: Any = None) -> Any:
    """The X with A X = ``input``, A by its factors; see ``torch.linalg.lu_solve``."""
    need.tensors("lu_solve", input=input, LU_data=LU_data, LU_pivots=LU_pivots)
    return factorizations.lu_solve(LU_data, LU_pivots, input, out=out)


def lu_unpack(
    LU_data: Any, LU_pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True, *, out: Any = None
) -> results.lu_unpack:
    """P, L, U with A = P L U, from what ``lu_factor`` gives; what is not asked for is empty.

    >>> import pytorch_tutor as torch
    >>> P, L, U = torch.lu_unpack(*torch.linalg.lu_factor(torch.tensor([[1.0, 2.0], [2.0, 2.0]])))
    >>> P @ L @ U
    tensor([[1., 2.],
            [2., 2.]])
    """
    need.tensors("lu_unpack", LU_data=LU_data, LU_pivots=LU_pivots)
    if unpack_pivots and LU_pivots.dtype is not int32:
        raise lesson(
            RuntimeError(
                "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this "
                "function is intended to be used with the output produced by torch.linalg.lu_factor"
            ),
            expected="torch.int32",
            got=str(LU_pivots.dtype),
        )
    p = low = up = LU_data.new_empty((0,))
    if unpack_pivots:
        rows = LU_data.shape[-2]
        places = LU_pivots._array
        if places.shape[-1] != min(LU_data.shape[-2:]) or ((places < 1) | (places > rows)).any():
            raise lesson(
                RuntimeError(
                    "pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive."
                    "Did you properly pass the result of lu_factor?"
                ),
                expected=f"{min(LU_data.shape[-2:])} numbers from 1 to {rows}",
                got=places.tolist(),
            )
        p = LU_data.detach().new_tensor(lus.permutation(np, places, rows, LU_data._array.dtype))
    if unpack_data:
        low, up = apply(lus.LuUnpack, LU_data)
    return write_out(results.lu_unpack(p, low, up), out, "lu_unpack")


# -- QR
def qr(input: Any, some: bool = True, *, out: Any = None) -> results.qr:
    """Orthogonal Q and upper triangular R; see ``torch.linalg.qr``."""
    need.tensors("qr", input=input)
    return write_out(results.qr(*factorizations.qr(input, "reduced" if some else "complete")), out, "qr")


def geqrf(input: Any, *, out: Any = None) -> results.geqrf:
    """QR in LAPACK's compact form: R above the diagonal, the reflections' vectors below it, their strengths τ apart.

    >>> import pytorch_tutor as torch
    >>> torch.geqrf(torch.tensor([[3.0], [4.0]])).tau
    tensor([1.6000])
    """
    need.tensors("geqrf", input=input)
    if input.dim() < 2:
        raise RuntimeError("torch.geqrf: input must have at least 2 dimensions.")
    need.implemented(input, "geqrf_cpu")
    return write_out(results.geqrf(*apply(householder.Geqrf, input)), out, "geqrf")


def orgqr(input: Any, input2: Any, *, out: Any = None) -> Any:
    """The columns of Q from the compact form; see ``torch.linalg.householder_product``."""
    need.tensors("orgqr", input=input, input2=input2)
    return factorizations.householder_product(input, input2, out=out)


def ormqr(input: Any, input2: Any, input3: Any, left: bool = True, transpose: bool = False, *, out: Any = None) -> Any:
    """Q C (or C Q, or with Qᴴ) for C = ``input3`` and Q in the compact form of ``input`` and its strengths ``input2``.

    >>> import pytorch_tutor as torch
    >>> a, tau = torch.geqrf(torch.tensor([[3.0], [4.0]]))
    >>> torch.ormqr(a, tau, torch.tensor([[3.0], [4.0]]), transpose=True)[0].round()  # the column becomes R
    tensor([-5.])
    """
    need.tensors("ormqr", input=input, input2=input2, input3=input3)
    name, a, tau, c = "torch.ormqr", input, input2, input3
    if a.dim() < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if c.dim() < 2:
        raise RuntimeError(f"{name}: other must have at least 2 dimensions.")
    side = -2 if left else -1
    if c.shape[side] < tau.shape[-1]:
        raise RuntimeError(f"{name}: other.shape[{side}] must be greater than or equal to tau.shape[-1]")
    if c.shape[side] != a.shape[-2]:
        raise RuntimeError(f"{name}: other.shape[{side}] must be equal to input.shape[-2]")
    if tau.shape[-1] != min(a.shape[-2:]) and tau.shape[-1] > min(c.shape[side], a.shape[-1]):
        raise RuntimeError(f"{name}: tau.shape[-1] must be equal to min(other.shape[{side}], input.shape[-1])")
    factorizations.reflections(a, tau, name)
    need.one_type(c, a, f"{name}: Expected input and other to have the same dtype, but got other {{}} and input {{}}")
    return write_out(apply(householder.Ormqr, a, tau, c, left=left, transpose=transpose), out, "ormqr")


# -- singular values
def svd(input: Any, some: bool = True, compute_uv: bool = True, *, out: Any = None) -> results.svd:
    """Singular values and vectors, the right ones as columns of V; see ``torch.linalg.svd``."""
    need.tensors("svd", input=input)
    if not compute_uv:
        m, n = input.shape[-2:]
        values = factorizations.svdvals(input)
        u, v = (input.new_zeros((*input.shape[:-2], k, k)) for k in (m, n))
        return write_out(results.svd(u, values, v), out, "svd")
    u, s, vh = factorizations.svd(input, full_matrices=not some)
    return write_out(results.svd(u, s, transpose(vh, -2, -1).conj()), out, "svd")


def matrix_transpose(input: Any, name: str) -> Any:
    """What the attributes ``mT``, ``mH`` and ``H`` show before the conjugate: a matrix, or each of several, transposed."""
    ndim = input._array.ndim
    if ndim == 0 and name == "H":
        return input
    if ndim < 2 or name == "H" and ndim > 2:
        several = name != "H"
        text = "matrices or batches of matrices" if several else "matrices (2-D tensors)"
        text = f"tensor.{name} is only supported on {text}. Got {ndim}-D tensor."
        if ndim > 2:
            text += " For batches of matrices, consider using tensor.mH"
        raise lesson(RuntimeError(text), expected="two dimensions" + " or more" * several, got=ndim)
    return transpose(input, -2, -1)
