"""``torch.linalg``: norms, products, solving, inverses, factorisations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..dispatch import apply, write_out
from ..errors import lesson
from ..ops import linalg as ops
from ..ops.linalg import LinAlgError
from ..ops.reduction import Norm
from ..sequences import eye
from ..tensor_base import wrap
from .arithmetic import where
from .matrix import matmul
from .numpy_names import numpy_names
from .reduction import amax, amin, sum
from .shape import stack


def _floats(input: Any, name: str) -> Any:
    if input.dtype.rank < 3:
        spelled = {"int64": "Long", "int32": "Int", "bool": "Bool", "uint8": "Byte", "int16": "Short", "int8": "Char"}
        raise lesson(
            RuntimeError(
                f"{name}: Expected a floating point or complex tensor as input. "
                f"Got {spelled.get(input.dtype.name, input.dtype.name)}"
            ),
            expected="floats",
            got=str(input.dtype),
            hint="x.float()",
        )
    return input


@numpy_names
def vector_norm(
    x: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None
) -> Any:
    """The p-norm of all elements, or along dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.vector_norm(torch.tensor([3.0, 4.0]))
    tensor(5.)
    """
    x = _floats(x, "linalg.vector_norm") if dtype is None else x.to(dtype)
    return write_out(apply(Norm, x, p=ord, dim=dim, keepdim=keepdim), out, "vector_norm")


@numpy_names
def matrix_norm(
    A: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None, out: Any = None
) -> Any:
    """A norm of matrices: "fro" (root of the sum of squares), "nuc" (sum of singular values), 2, 1, inf and negatives."""
    A = _floats(A, "linalg.matrix_norm") if dtype is None else A.to(dtype)
    rows, columns = (d % A.dim() for d in dim)
    if ord == "fro":
        return write_out(apply(Norm, A, p=2, dim=(rows, columns), keepdim=keepdim), out, "matrix_norm")
    if ord in ("nuc", 2, -2):
        values = svdvals(A.movedim((rows, columns), (-2, -1)))
        found = sum(values, -1) if ord == "nuc" else amax(values, -1) if ord == 2 else amin(values, -1)
        if keepdim:
            found = found.unsqueeze(min(rows, columns)).unsqueeze(max(rows, columns))
        return write_out(found, out, "matrix_norm")
    if ord not in (1, -1, math.inf, -math.inf):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    along, across = (rows, columns) if abs(ord) == 1 else (columns, rows)
    totals = sum(A.abs(), along, True)
    found = (amax if ord > 0 else amin)(totals, across, True)
    if not keepdim:
        found = found.squeeze((rows, columns))
    return write_out(found, out, "matrix_norm")


@numpy_names
def norm(A: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, out: Any = None, dtype: Any = None) -> Any:
    """A vector norm or a matrix norm, by the dimensions given.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.norm(torch.eye(2), "nuc")
    tensor(2.)
    """
    if ord is None or (not isinstance(ord, str) and (isinstance(dim, int) or (dim is None and A.dim() == 1))):
        if ord is None and dim is None:
            A = A.flatten()
            found = vector_norm(A, 2, None, dtype=dtype)
            return write_out(found.reshape([1] * A.dim()) if keepdim else found, out, "norm")
        return vector_norm(A, 2 if ord is None else ord, dim, keepdim, dtype=dtype, out=out)
    if dim is None and A.dim() != 2:
        raise RuntimeError(
            f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.dim()}D."
        )
    return matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype, out=out)


def inv(A: Any, *, out: Any = None) -> Any:
    """The inverse of square matrices.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    try:
        return write_out(apply(ops.Inverse, _floats(A, "linalg.inv")), out, "inv")
    except np.linalg.LinAlgError:
        raise _singular("linalg.inv", A) from None


def _singular(name: str, A: Any) -> LinAlgError:
    """PyTorch's sentence for a singular matrix, with the first zero on the diagonal of its triangular factor."""
    pivots = np.abs(np.diagonal(np.linalg.qr(A._array.reshape(-1, *A._array.shape[-2:])[0])[1]))
    place = int(np.argmax(pivots < 1e-7 * max(float(pivots.max(initial=0)), 1e-30))) + 1 if pivots.size else 1
    return lesson(
        LinAlgError(
            f"{name}: {'(Batch element 0): ' if A.dim() > 2 else ''}The diagonal element {place} is zero, the inversion "
            "could not be completed because the input matrix is singular."
            if name == "linalg.inv"
            else "torch.linalg.solve: The solver failed because the input matrix is singular."
        ),
        expected="a matrix whose rows are independent",
        got="a singular one",
        hint="torch.linalg.pinv(A)  or  torch.linalg.lstsq(A, B)",
    )


def det(A: Any, *, out: Any = None) -> Any:
    """The determinant.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.det(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(-2.)
    """
    return write_out(apply(ops.Det, _floats(A, "linalg.det")), out, "det")


class Slogdet(NamedTuple):
    """Sign and logarithm of the absolute value."""

    sign: Any
    logabsdet: Any


def slogdet(A: Any, *, out: Any = None) -> Slogdet:
    """Sign of the determinant and logarithm of its absolute value."""
    return Slogdet(*apply(ops.Slogdet, _floats(A, "linalg.slogdet")))


def solve(A: Any, B: Any, *, left: bool = True, out: Any = None) -> Any:
    """The X with A X = B (or X A = B).

    >>> import pytorch_tutor as torch
    >>> torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([2.0, 8.0]))
    tensor([1., 2.])
    """
    _floats(A, "linalg.solve")
    if not left:
        return solve(A.mT, B.mT).mT
    vector = B.dim() == 1 or (B.dim() == A.dim() - 1 and B.shape == A.shape[:-1])
    try:
        found = apply(ops.Solve, A, B.unsqueeze(-1) if vector else B)
    except np.linalg.LinAlgError:
        raise _singular("linalg.solve", A) from None
    return write_out(found.squeeze(-1) if vector else found, out, "solve")


def cholesky(A: Any, *, upper: bool = False, out: Any = None) -> Any:
    """The lower (or upper) triangular factor of a symmetric positive definite matrix.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    low = apply(ops.Cholesky, _floats(A, "linalg.cholesky"))
    return write_out(low.mH if upper else low, out, "cholesky")


class QR(NamedTuple):
    """The two factors."""

    Q: Any
    R: Any


def qr(A: Any, mode: str = "reduced", *, out: Any = None) -> QR:
    """An orthogonal Q and an upper triangular R with Q R = A."""
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    return QR(*apply(ops.Qr, _floats(A, "linalg.qr"), mode=mode))


class SVD(NamedTuple):
    """Left vectors, singular values, right vectors."""

    U: Any
    S: Any
    Vh: Any


def svd(A: Any, full_matrices: bool = True, *, driver: str | None = None, out: Any = None) -> SVD:
    """Singular values and vectors, A = U diag(S) Vh."""
    return SVD(*apply(ops.Svd, _floats(A, "linalg.svd"), full_matrices=full_matrices))


def svdvals(A: Any, *, driver: str | None = None, out: Any = None) -> Any:
    """The singular values, largest first."""
    return svd(A, False).S


class Eigh(NamedTuple):
    """Eigenvalues and eigenvectors."""

    eigenvalues: Any
    eigenvectors: Any


def eigh(A: Any, UPLO: str = "L", *, out: Any = None) -> Eigh:
    """Eigenvalues (ascending) and eigenvectors of a symmetric matrix."""
    return Eigh(*apply(ops.Eigh, _floats(A, "linalg.eigh"), uplo=UPLO))


def eigvalsh(A: Any, UPLO: str = "L", *, out: Any = None) -> Any:
    """The eigenvalues of a symmetric matrix."""
    return eigh(A, UPLO).eigenvalues


class Eig(NamedTuple):
    """Eigenvalues and eigenvectors, complex."""

    eigenvalues: Any
    eigenvectors: Any


def eig(A: Any, *, out: Any = None) -> Eig:
    """Eigenvalues and eigenvectors of a square matrix, complex in general. (No gradient; see ``eigh``.)"""
    values, vectors = np.linalg.eig(_floats(A, "linalg.eig").detach()._array)
    kind = "c16" if A._array.dtype.itemsize == 8 else "c8"
    return Eig(wrap(values.astype(kind)), wrap(vectors.astype(kind)))


def eigvals(A: Any, *, out: Any = None) -> Any:
    """The eigenvalues of a square matrix."""
    return eig(A).eigenvalues


def matrix_power(A: Any, n: int, *, out: Any = None) -> Any:
    """A multiplied by itself n times; negative n takes the inverse."""
    if n < 0:
        return matrix_power(inv(A), -n)
    found = None
    base = A
    while n:  # squares of squares: log2(n) products
        if n & 1:
            found = base if found is None else matmul(found, base)
        n >>= 1
        base = matmul(base, base) if n else base
    if found is None:
        found = eye(A.shape[-1], dtype=A.dtype).expand(A.shape).clone()
    return write_out(found, out, "matrix_power")


def pinv(A: Any, *, atol: Any = None, rtol: Any = None, hermitian: bool = False, out: Any = None) -> Any:
    """The pseudo-inverse: inverts what can be inverted, by the singular values."""
    u, s, vh = svd(A, False)
    limit = (max(A.shape[-2:]) * np.finfo(A._array.dtype).eps if rtol is None else rtol) * s.detach().amax(-1, True)
    if atol is not None:
        limit = limit.clamp(min=atol)
    kept = s.detach() > limit
    inverse = where(kept, 1 / where(kept, s, 1.0), 0.0)
    return (vh.mH * inverse.unsqueeze(-2)) @ u.mH


class Lstsq(NamedTuple):
    """The solution, the sum of squared residuals, the rank, the singular values."""

    solution: Any
    residuals: Any
    rank: Any
    singular_values: Any


def lstsq(A: Any, B: Any, rcond: Any = None, *, driver: str | None = None) -> Lstsq:
    """The X for which A X comes closest to B."""
    solution = pinv(A) @ B
    m, n = A.shape[-2:]
    short = wrap(np.zeros((0,), A._array.dtype))
    rest = ((A @ solution - B).abs() ** 2).sum(-2) if m > n else short
    return Lstsq(solution, rest, wrap(np.zeros((0,), "i8")), short)


def matrix_rank(A: Any, *, atol: Any = None, rtol: Any = None, tol: Any = None, hermitian: bool = False) -> Any:
    """How many rows of a matrix are independent."""
    s = svdvals(A.detach())
    limit = max(A.shape[-2:]) * np.finfo(A._array.dtype).eps if rtol is None else rtol
    bound = s.amax(-1, True) * limit if tol is None and atol is None else (tol if tol is not None else atol)
    return (s > bound).sum(-1)


def cond(A: Any, p: Any = None, *, out: Any = None) -> Any:
    """The condition number: how much errors are magnified when a system with A is solved."""
    if p in (None, 2, -2):
        s = svdvals(A)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return matrix_norm(A, p) * matrix_norm(inv(A), p)


@numpy_names
def cross(input: Any, other: Any, *, dim: int = -1, out: Any = None) -> Any:
    """The vector product of vectors with three elements."""
    if input.shape[dim] != 3 or other.shape[dim] != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {input.shape[dim]} and {other.shape[dim]}"
        )
    a, b = input.unbind(dim), other.unbind(dim)
    parts = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    return write_out(stack(parts, dim), out, "cross")


@numpy_names
def vecdot(x: Any, y: Any, *, dim: int = -1, out: Any = None) -> Any:
    """Dot products along a dimension."""
    return write_out((x.conj() * y).sum(dim), out, "vecdot")


def multi_dot(tensors: Sequence[Any], *, out: Any = None) -> Any:
    """A product of several matrices."""
    found = tensors[0]
    for t in tensors[1:]:
        found = found @ t
    return write_out(found, out, "multi_dot")


def vander(x: Any, *, N: int | None = None) -> Any:
    """Powers of each element, from 0 on, side by side."""
    n = x.shape[-1] if N is None else N
    return stack([x**k for k in range(n)], -1)


def diagonal(A: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """The diagonal of the last two dimensions, as a view."""
    return A.diagonal(offset, dim1, dim2)
