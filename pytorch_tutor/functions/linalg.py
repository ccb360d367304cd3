"""Inverses, determinants, systems of equations, powers and products of matrices: the first half of ``torch.linalg``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES, int64
from ..dtypes import bool as boolean
from ..errors import lesson
from ..ops import linalg as ops
from ..ops.cholesky import Cholesky
from ..ops.linalg import LinAlgError
from ..ops.reduction import axis_of
from ..ops.triangular import SolveTriangular
from ..precision import lowered
from ..refusals import refuse
from ..sequences import eye
from . import matrix_checks as need
from .matrix import matmul, vdot
from .numpy_names import numpy_names
from .reduction import cumprod, sum
from .results import linalg_cholesky_ex, linalg_inv_ex, linalg_slogdet, linalg_solve_ex
from .shape import cat


def inv(A: Any, *, out: Any = None) -> Any:
    """The inverse of square matrices. Shapes: (..., n, n) gives the same.

    LinAlgError where a matrix is singular. To solve A X = B, ``solve`` is faster and more exact than ``inv(A) @ B``.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    need.tensors("linalg_inv", A=A)
    inverse, info = _inverse(A)
    need.regular(info, "linalg.inv")
    return write_out(inverse, out, "linalg_inv_ex")


def inv_ex(A: Any, *, check_errors: bool = False, out: Any = None) -> linalg_inv_ex:
    """The inverse, and ``info``: 0, or the place of the zero on the diagonal that stood in the way.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.inv_ex(torch.zeros(1, 1)).info
    tensor(1, dtype=torch.int32)
    """
    need.tensors("linalg_inv_ex", A=A)
    found = linalg_inv_ex(*_inverse(A))
    if check_errors:
        need.regular(found.info, "linalg.inv_ex")
    return write_out(found, out, "linalg_inv_ex")


def _inverse(A: Any) -> Any:
    need.squares(A, "linalg.inv")
    need.floats(A, "linalg.inv", halves=False)
    return apply(ops.Inverse, A)


def det(A: Any, *, out: Any = None) -> Any:
    """The determinant: by what factor the matrix changes volumes. Shapes: (..., n, n) gives (...).

    >>> import pytorch_tutor as torch
    >>> torch.linalg.det(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor(-2.)
    """
    need.tensors("linalg_det", A=A)
    need.squares(A, "linalg.det")
    need.floats(A, "linalg.det")
    need.implemented(A, "lu_cpu")
    return write_out(apply(ops.Det, A), out, "linalg_det")


def slogdet(A: Any, *, out: Any = None) -> linalg_slogdet:
    """Sign of the determinant and logarithm of its absolute value, where the determinant itself would overflow.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.slogdet(torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sign
    tensor(-1.)
    """
    need.tensors("linalg_slogdet", A=A)
    need.squares(A, "linalg.slogdet")
    need.floats(A, "linalg.slogdet", halves=False)
    return write_out(linalg_slogdet(*apply(ops.Slogdet, A)), out, "linalg_slogdet")


def solve(A: Any, B: Any, *, left: bool = True, out: Any = None) -> Any:
    """The X with A X = B (or X A = B, without ``left``). Shapes: (..., n, n), (..., n, k) or (..., n); X as B.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([2.0, 8.0]))
    tensor([1., 2.])
    """
    need.tensors("linalg_solve", A=A, B=B)
    found, info = _solve(A, B, left)
    need.regular(info, "torch.linalg.solve")
    return write_out(found, out, "linalg_solve_ex")


def solve_ex(A: Any, B: Any, *, left: bool = True, check_errors: bool = False, out: Any = None) -> linalg_solve_ex:
    """``solve``, and ``info``: 0, or the place of the zero pivot for which it failed."""
    need.tensors("linalg_solve_ex", A=A, B=B)
    found = linalg_solve_ex(*_solve(A, B, left))
    if check_errors:
        need.regular(found.info, "torch.linalg.solve_ex")
    return write_out(found, out, "linalg_solve_ex")


def _solve(A: Any, B: Any, left: bool) -> Any:
    need.floats(A, "linalg.solve")
    need.one_type(
        A, B, "linalg.solve: Expected A and B to have the same dtype, but found A of type {} and B of type {} instead"
    )
    vector = B.dim() == 1 or (B.dim() == A.dim() - 1 and B.shape == A.shape[:-1])
    need.squares(A, "linalg.solve")
    need.equation(A, B, "linalg.solve", left, vector)
    need.implemented(A, "lu_cpu")
    return apply(ops.Solve, A, B, left=left, vector=vector)


def solve_triangular(
    input: Any, B: Any, *, upper: bool, left: bool = True, unitriangular: bool = False, out: Any = None
) -> Any:
    """The X with A X = B (or X A = B) for a triangular A, of which the other triangle is not read.

    A matrix with a zero on its diagonal gives inf and nan, not an error.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.solve_triangular(torch.tensor([[2.0, 0.0], [1.0, 4.0]]), torch.tensor([[2.0], [9.0]]), upper=False)
    tensor([[1.],
            [2.]])
    """
    need.tensors("linalg_solve_triangular", input=input, B=B)
    need.squares(input, "linalg.solve_triangular")
    need.matrices(B, "linalg.solve_triangular", "B")
    need.equation(input, B, "linalg.solve_triangular", left)
    need.implemented(input, "triangular_solve_cpu")
    found = apply(SolveTriangular, input, B.to(input.dtype), upper=upper, left=left, unitriangular=unitriangular)
    return write_out(found, out, "linalg_solve_triangular")


def cholesky(input: Any, *, upper: bool = False, out: Any = None) -> Any:
    """The lower triangular L with L Lᴴ = A (or the upper Lᴴ), of a symmetric positive definite matrix.

    One triangle is read, the lower one or with ``upper`` the upper one. LinAlgError where A is not positive definite.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 5.0]]))
    tensor([[2., 0.],
            [1., 2.]])
    """
    need.tensors("linalg_cholesky", input=input)
    factor, info = _triangular_root(input, upper)
    need.positive(info, "linalg.cholesky")
    return write_out(factor, out, "linalg_cholesky_ex")


def cholesky_ex(input: Any, *, upper: bool = False, check_errors: bool = False, out: Any = None) -> linalg_cholesky_ex:
    """``cholesky``, and ``info``: 0, or the order of the first leading minor that is not positive definite.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.cholesky_ex(torch.tensor([[-1.0]])).info
    tensor(1, dtype=torch.int32)
    """
    need.tensors("linalg_cholesky_ex", input=input)
    found = linalg_cholesky_ex(*_triangular_root(input, upper))
    if check_errors:
        need.positive(found.info, "linalg.cholesky_ex")
    return write_out(found, out, "linalg_cholesky_ex")


def _triangular_root(A: Any, upper: bool) -> Any:
    need.squares(A, "linalg.cholesky")
    need.floats(A, "linalg.cholesky")
    need.implemented(A, "cholesky_cpu")
    return apply(Cholesky, A, upper=upper)


def matrix_power(input: Any, n: int, *, out: Any = None) -> Any:
    """A multiplied by itself n times; for a negative n the inverse is.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.matrix_power(torch.tensor([[1, 1], [0, 1]]), 5)
    tensor([[1, 5],
            [0, 1]])
    """
    need.tensors("linalg_matrix_power", input=input)
    need.whole_number(n, "linalg_matrix_power", "n", 2)
    need.squares(input, "linalg.matrix_power")
    if n == 0:
        one = input.clone().copy_(eye(input.shape[-1], dtype=input.dtype))  # a function of the input, and constant
        return write_out(one, out, "linalg_matrix_power")
    base, found, left = inv(input) if n < 0 else input, None, abs(n)
    while left:  # squares of squares: log2(n) products
        if left & 1:
            found = base if found is None else matmul(found, base)
        left >>= 1
        base = matmul(base, base) if left else base
    return write_out(found.clone() if found is input else found, out, "linalg_matrix_power")


@numpy_names
def cross(input: Any, other: Any, *, dim: int = -1, out: Any = None) -> Any:
    """The vector product of vectors with three elements along ``dim``; the other dimensions broadcast.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.cross(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    refuse(input.dtype, "bool", "cross")
    need.tensors("linalg_cross", input=input, other=other)
    if input.dim() != other.dim():
        raise lesson(
            RuntimeError("linalg.cross: inputs must have the same number of dimensions."),
            expected=f"{input.dim()} dimensions",
            got=other.dim(),
            hint="other.expand_as(input)",
        )
    axis = axis_of(dim, input.dim())
    if input.shape[axis] != 3 or other.shape[axis] != 3:
        raise lesson(
            RuntimeError(
                f"linalg.cross: inputs dimension {dim} must have length 3. Got {input.shape[axis]} and {other.shape[axis]}"
            ),
            expected="vectors of three elements",
            got=(list(input.shape), list(other.shape)),
        )
    need.together(tuple(input.shape), tuple(other.shape))
    need.one_type(input, other, "expected scalar type {} but found {}")
    return write_out(apply(ops.Cross, input, other, dim=axis), out, "linalg_cross")


@numpy_names
def vecdot(x: Any, y: Any, *, dim: int = -1, out: Any = None) -> Any:
    """Dot products along a dimension, of complex vectors with the first one conjugated.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.vecdot(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    need.tensors("linalg_vecdot", x=x, y=y)
    x, y = lowered(x, y)
    need.one_type(
        x, y, "linalg.vecdot: Expected x and y to have the same dtype, but found x of type {} and y of type {} instead"
    )
    if x.dim() == 1 and y.dim() == 1:
        return write_out(vdot(x, y), out, "linalg_vecdot")
    product = x.conj() * y
    found = sum(product, dim)
    return write_out(found if found.dtype is product.dtype else found.to(product.dtype), out, "linalg_vecdot")


def vander(x: Any, *, N: int | None = None) -> Any:
    """Powers of each element side by side, from 0 on: the columns of a polynomial's values. Shapes: (..., n), (..., n, N).

    >>> import pytorch_tutor as torch
    >>> torch.linalg.vander(torch.tensor([2, 3]), N=3)
    tensor([[1, 2, 4],
            [1, 3, 9]])
    """
    need.tensors("linalg_vander", x=x)
    x = x if x.dim() else x.unsqueeze(-1)
    count = x.shape[-1] if N is None else N
    if count <= 1:
        raise lesson(RuntimeError("N must be greater than 1."), expected="two columns or more", got=count)
    if x.dtype.itemsize == 2 and x.dtype.rank == 3:
        raise RuntimeError(
            f"linalg.vander supports floating point, complex, and integer tensors, but got {SCALAR_NAMES[x.dtype]}"
        )
    base = x.to(int64) if x.dtype is boolean else x
    powers = cumprod(base.unsqueeze(-1).expand(*base.shape, count - 1), -1)
    return cat([(base * 0 + 1).unsqueeze(-1).to(powers.dtype).detach(), powers], -1)


def diagonal(A: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """The diagonal of the last two dimensions, as a view."""
    return A.diagonal(offset, dim1, dim2)


def tensorinv(input: Any, ind: int = 2, *, out: Any = None) -> Any:
    """The inverse of a tensor seen as a matrix: its first ``ind`` dimensions are rows, the others columns.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.tensorinv(torch.eye(6).reshape(2, 3, 6)).shape
    torch.Size([6, 2, 3])
    """
    need.tensors("linalg_tensorinv", input=input)
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    if ind > input.dim():
        raise RuntimeError(f"ArrayRef: invalid slice, N = {ind}; size = {input.dim()}")
    rows, columns = list(input.shape[:ind]), list(input.shape[ind:])
    _same_count(columns, rows, "ind")
    found = inv(input.reshape(math.prod(rows), math.prod(columns)))
    return write_out(found.reshape(columns + rows), out, "linalg_tensorinv")


def tensorsolve(input: Any, other: Any, dims: Sequence[int] | None = None, *, out: Any = None) -> Any:
    """The X for which the sum of A X over the last dimensions of A gives B; ``dims`` are moved to the end of A first.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.tensorsolve(2 * torch.eye(6).reshape(2, 3, 6), torch.ones(2, 3))
    tensor([0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000])
    """
    need.tensors("linalg_tensorsolve", input=input, other=other)
    A = input
    if dims is not None:
        A = A.movedim(list(dims), list(range(A.dim() - len(dims), A.dim())))
    rows, unknowns = list(A.shape[: other.dim()]), list(A.shape[other.dim() :])
    _same_count(unknowns, rows, "other.ndim")
    found = solve(A.reshape(math.prod(unknowns), math.prod(unknowns)), other.reshape(-1))
    return write_out(found.reshape(unknowns), out, "linalg_tensorsolve")


def _same_count(columns: list[int], rows: list[int], split: str) -> None:
    if math.prod(columns) != math.prod(rows):
        raise lesson(
            RuntimeError(
                f"Expected self to satisfy the requirement prod(self.shape[{split}:]) == prod(self.shape[:{split}]), but "
                f"got {math.prod(columns)} != {math.prod(rows)}"
            ),
            expected="as many unknowns as equations",
            got=f"{columns} and {rows}",
        )


__all__ = [
    "LinAlgError", "cholesky", "cholesky_ex", "cross", "det", "diagonal", "inv", "inv_ex", "matmul",
    "matrix_power", "slogdet", "solve", "solve_ex", "solve_triangular", "tensorinv", "tensorsolve",
    "vander", "vecdot",
]  # fmt: skip
