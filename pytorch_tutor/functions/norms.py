"""How large a vector or a matrix is, and how much a matrix magnifies errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES, can_cast
from ..errors import lesson
from ..ops import linalg as ops
from ..ops.reduction import Norm, axis_of
from ..tensor_base import TensorBase
from . import matrix_checks as need
from .factorizations import svdvals
from .numpy_names import numpy_names
from .reduction import amax, amin, sum
from .shape import movedim
from .unary import nan_to_num


def _typed(A: Any, dtype: Any, name: str) -> Any:
    """The input in the type in which is to be computed."""
    if dtype is None:
        need.floats(A, name)
        return A
    if dtype.rank < 3:
        raise RuntimeError(f"{name}: dtype should be floating point or complex, but got {SCALAR_NAMES[dtype]}")
    if A.is_complex() != (dtype.rank == 4):
        kind = "complex for complex" if A.is_complex() else "real for real"
        raise RuntimeError(f"{name}: dtype should be {kind} inputs, but got {SCALAR_NAMES[dtype]}")
    if A.dtype.rank >= 3 and A.dtype.itemsize > dtype.itemsize or not can_cast(A.dtype, dtype):
        raise RuntimeError(
            f"{name}: the dtype of the input ({SCALAR_NAMES[A.dtype]}) should be convertible without narrowing to the "
            f"specified dtype ({SCALAR_NAMES[dtype]})"
        )
    return A.to(dtype)


@numpy_names
def vector_norm(
    input: Any, ord: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, out: Any = None
) -> Any:
    r"""The p-norm of all elements, or along dimensions: $(\sum_i |x_i|^p)^{1/p}$.

    ``ord`` = 0 counts what is not 0; inf is the largest magnitude, -inf the smallest.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.vector_norm(torch.tensor([3.0, 4.0]))
    tensor(5.)
    """
    need.tensors("linalg_vector_norm", input=input)
    if isinstance(ord, str):
        raise TypeError("linalg_vector_norm(): argument 'ord' (position 2) must be Number, not str")
    x = _typed(input, dtype, "linalg.vector_norm")
    _identity(x, ord, dim)
    order = ord.item() if isinstance(ord, TensorBase) else ord
    return write_out(apply(Norm, x, p=order, dim=dim, keepdim=keepdim), out, "linalg_vector_norm")


def _identity(x: Any, ord: Any, dim: Any) -> None:
    """RuntimeError for the largest of nothing."""
    if x._array.size or not (ord < 0 or ord == math.inf):
        return
    shown = f"{ord:g}"
    if dim is None or (isinstance(dim, Sequence) and not dim):
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {shown} norm on an empty tensor because the operation does not have "
            "an identity"
        )
    for d in [dim] if isinstance(dim, int) else dim:
        if x.shape[axis_of(d, x.dim())] == 0:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {shown} norm on the dimension {d}because this dimension is empty "
                "and the operation does not have an identity"
            )


@numpy_names
def matrix_norm(
    input: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None, out: Any = None
) -> Any:
    """A norm of matrices.

    "fro" is the root of the sum of squares, "nuc" the sum of the singular values, 2 the largest of them, 1 the largest
    sum of a column, inf of a row; a negative order takes the smallest.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.matrix_norm(torch.tensor([[1.0, -2.0], [3.0, 4.0]]), float("inf"))
    tensor(7.)
    """
    need.tensors("linalg_matrix_norm", input=input)
    need.matrices(input, "linalg.matrix_norm")
    if isinstance(dim, int):
        raise TypeError(
            "linalg_matrix_norm() received an invalid combination of arguments - got (Tensor, dim=int), but expected one "
            "of:\n * (Tensor input, Number ord, tuple of ints dim = {-2,-1}, bool keepdim = False, *, torch.dtype dtype = "
            'None, Tensor out = None)\n * (Tensor input, str ord = "fro", tuple of ints dim = {-2,-1}, bool keepdim = '
            "False, *, torch.dtype dtype = None, Tensor out = None)\n"
        )
    dims = tuple(dim)
    if len(dims) != 2:
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dims))}")
    A = _typed(input, dtype, "linalg.matrix_norm")
    rows, columns = (axis_of(d, A.dim()) for d in dims)
    if rows == columns:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dims[0]}, {dims[1]})")
    if ord == "fro":
        return write_out(apply(Norm, A, p=2, dim=(rows, columns), keepdim=keepdim), out, "linalg_matrix_norm")
    if ord in ("nuc", 2, -2):
        need.floats(A, "linalg.matrix_norm", halves=False)
        values = svdvals(movedim(A, (rows, columns), (-2, -1)))
        found = sum(values, -1) if ord == "nuc" else _extreme(values, -1, False, ord)
        if keepdim:
            found = movedim(found.unsqueeze(-1).unsqueeze(-1), (-2, -1), (rows, columns))
        return write_out(found, out, "linalg_matrix_norm")
    if ord not in (1, -1, math.inf, -math.inf):
        shown = ord if isinstance(ord, str) else f"{ord:g}"
        raise lesson(
            RuntimeError(f"linalg.matrix_norm: Order {shown} not supported."),
            expected='"fro", "nuc", inf, 1, 2 or their negatives',
            got=ord,
        )
    along, across = (rows, columns) if abs(ord) == 1 else (columns, rows)
    found = _extreme(vector_norm(A, 1, along, keepdim), across - (not keepdim and along < across), keepdim, ord)
    return write_out(found, out, "linalg_matrix_norm")


def _extreme(values: Any, dim: int, keepdim: bool, ord: float) -> Any:
    """The largest along a dimension (of nothing, 0), or for a negative order the smallest."""
    if not values.shape[dim] and ord > 0:
        return sum(values, dim, keepdim)
    return (amax if ord > 0 else amin)(values, dim, keepdim)


@numpy_names
def norm(
    input: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, out: Any = None, dtype: Any = None
) -> Any:
    """A vector norm or a matrix norm: by ``dim`` (one or two), or by the dimensions of the input.

    Without ``ord`` the root of the sum of all squares, whatever the shape.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.norm(torch.eye(2), "nuc")
    tensor(2.)
    """
    need.tensors("linalg_norm", input=input)
    dims = None if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    if dims is not None and len(dims) not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got [{', '.join(map(str, dims))}]"
        )
    if dims is None and ord is not None and input.dim() not in (1, 2):
        raise RuntimeError(
            f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {input.dim()}D."
        )
    matrix = ord is not None and (isinstance(ord, str) or (len(dims) == 2 if dims is not None else input.dim() == 2))
    if matrix:
        found = matrix_norm(input, ord, (-2, -1) if dims is None else dims, keepdim, dtype=dtype)
    else:
        found = vector_norm(input, 2 if ord is None else ord, dims, keepdim, dtype=dtype)
    return write_out(found, out, "linalg_norm")


def cond(input: Any, p: Any = None, *, out: Any = None) -> Any:
    """The condition number: how much errors are magnified when a system with A is solved; inf for a singular A.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.cond(torch.diag(torch.tensor([1.0, 10.0])))
    tensor(10.)
    """
    need.tensors("linalg_cond", input=input)
    if input.dim() < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if p in (None, 2, -2):
        values = svdvals(input)
        if not values._array.size:
            return write_out(values.new_zeros(values.shape[:-1]), out, "linalg_cond")
        first, last = values[..., :1], values[..., -1:]
        found = (last / first if p == -2 else first / last).squeeze(-1)
        return write_out(found, out, "linalg_cond")
    if p not in ("fro", "nuc", 1, -1, math.inf, -math.inf):
        shown = p if isinstance(p, str) else f"{p:g}"
        raise RuntimeError(f"linalg.cond got an invalid norm type: {shown}")
    need.squares(input, f"linalg.cond(ord={p if isinstance(p, str) else f'{p:g}'})")
    need.floats(input, "linalg.inv", halves=False)
    if not input._array.size:
        return write_out(vector_norm(input, 1, (-2, -1)), out, "linalg_cond")
    inverse, info = apply(ops.Inverse, input)
    inverse = inverse.masked_fill((info != 0).unsqueeze(-1).unsqueeze(-1), math.inf)
    found = matrix_norm(input, p) * matrix_norm(inverse, p)
    if p != "nuc":
        found = nan_to_num(found, math.inf, math.inf, -math.inf)
    return write_out(found, out, "linalg_cond")
