"""Matrices that have no inverse: pseudo-inverse, rank, and systems with too many equations or too few."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops import least_squares as ops
from ..tensor_base import TensorBase, wrap
from . import matrix_checks as need
from .factorizations import eigvalsh, svdvals
from .results import linalg_lstsq

DRIVERS = ("gels", "gelsy", "gelsd", "gelss")


def _array(value: Any, A: Any, name: str, which: str) -> Any:
    """A tolerance, a number or a tensor, as an array that broadcasts with the batch."""
    if isinstance(value, TensorBase):
        if value.is_complex():
            raise RuntimeError(
                f"torch.linalg.{name}: {which} tensor of complex type is not supported. Got {SCALAR_NAMES[value.dtype]}"
            )
        return value._array.astype(A._array.real.dtype)
    return np.asarray(value, A._array.real.dtype)


def tolerances(A: Any, atol: Any, rtol: Any, name: str) -> tuple[Any, Any]:
    """What counts as zero, absolutely and beside the largest.

    Unless told: so many units of rounding as the matrix has rows or columns, and nothing absolute. An absolute tolerance
    above 0 that comes alone replaces the relative one.
    """
    absolute = _array(0.0 if atol is None else atol, A, name, "atol")
    if rtol is not None:
        return absolute, _array(rtol, A, name, "rtol")
    default = max(A.shape[-2:]) * np.finfo(A._array.dtype).eps
    return absolute, np.where(absolute > 0, 0, default).astype(absolute.dtype)


def pinv(
    input: Any, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None, out: Any = None
) -> Any:
    """The pseudo-inverse: inverts what can be inverted and maps the rest to zero. Shapes: (..., m, n) gives (..., n, m).

    Singular values up to ``atol``, or up to ``rtol`` times the largest, count as zero. (Of a matrix that is its own
    transpose, ``hermitian`` takes the eigenvalues.) ``rcond`` is ``rtol`` by its old name.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.pinv(torch.tensor([[2.0, 0.0], [0.0, 0.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.0000]])
    """
    need.tensors("linalg_pinv", input=input)
    if input.dim() < 2 or input.dtype.rank < 3 or input.dtype.itemsize == 2:
        raise lesson(
            RuntimeError(
                f"linalg.pinv({SCALAR_NAMES[input.dtype]}{{{list(input.shape)}}}): expected a tensor with 2 or more "
                "dimensions of float, double, cfloat or cdouble types"
            ),
            expected="a matrix of floats",
            got=f"{list(input.shape)} of {input.dtype}",
        )
    if hermitian:
        need.squares(input, "linalg.pinv")
    if not hermitian:
        need.no_nan(input, "linalg.svd")
    absolute, relative = tolerances(input, atol, rcond if rtol is None else rtol, "pinv")
    return write_out(apply(ops.Pinv, input, atol=absolute, rtol=relative, hermitian=hermitian), out, "linalg_pinv")


def matrix_rank(
    input: Any, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None, out: Any = None
) -> Any:
    """How many rows of a matrix are independent: how many singular values count (see ``pinv``). ``tol`` is absolute.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.matrix_rank(torch.tensor([[1.0, 2.0], [2.0, 4.0]]))
    tensor(1)
    """
    need.tensors("linalg_matrix_rank", input=input)
    if input.dim() < 2:
        raise lesson(
            RuntimeError("torch.linalg.matrix_rank: The input tensor input must have at least 2 dimensions."),
            expected="a matrix, or a batch of matrices",
            got=f"{input.dim()} dimension(s)",
        )
    if input.dtype.rank < 3 or input.dtype.itemsize == 2:
        raise RuntimeError("This function doesn't handle types other than float and double")
    if hermitian:
        need.squares(input, "linalg.eigh")
    if tol is not None:
        atol, rtol = tol, 0.0
    absolute, relative = tolerances(input, atol, rtol, "matrix_rank")
    A = input.detach()
    values = abs(eigvalsh(A)._array) if hermitian else svdvals(A)._array
    limit = np.maximum(absolute[..., None], relative[..., None] * values.max(-1, keepdims=True, initial=0))
    return write_out(wrap(np.asarray((values > limit).sum(-1), "i8")), out, "linalg_matrix_rank")


def lstsq(input: Any, b: Any, rcond: float | None = None, *, driver: str | None = None) -> linalg_lstsq:
    """The X for which A X comes closest to B. Shapes: (..., m, n), (..., m, k) or (..., m) give (..., n, k) or (..., n).

    ``driver`` names LAPACK's routine: "gelsy" (unless told), "gels" (full rank assumed), "gelsd", "gelss" (which give
    the singular values, too). ``residuals``, the sums of squares that remain, are given where there are more equations
    than unknowns and the driver is not "gelsy"; what a driver does not compute is empty.

    >>> import pytorch_tutor as torch
    >>> A, B = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), torch.tensor([1.0, 3.0, 5.0])
    >>> torch.linalg.lstsq(A, B).solution
    tensor([1.0000, 2.0000])
    """
    need.tensors("linalg_lstsq", input=input, b=b)
    name = "torch.linalg.lstsq"
    if input.dim() < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if b.dim() < 1:
        raise RuntimeError(f"{name}: other must have at least 1 dimension.")
    need.one_type(
        input,
        b,
        f"{name}: Expected input and other to have the same dtype, but got input's dtype {{}} and other's dtype {{}}",
    )
    if not 0 <= input.dim() - b.dim() <= 1:
        raise RuntimeError(
            f"{name}: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1"
        )
    vector = b.dim() == 1 or (input.dim() - 1 == b.dim() and b.shape == input.shape[:-1])
    if input.shape[-2] != b.shape[-1 if vector else -2]:
        raise lesson(
            RuntimeError(f"{name}: input.size(-2) should match other.size(-{1 if vector else 2})"),
            expected=f"{input.shape[-2]} rows",
            got=b.shape[-1 if vector else -2],
        )
    if driver is not None and driver not in DRIVERS:
        raise lesson(
            RuntimeError(f"{name}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)"),
            expected=" or ".join(DRIVERS),
            got=driver,
        )
    if input.dtype.rank < 3 or input.dtype.itemsize == 2:
        raise RuntimeError("This function doesn't handle types other than float and double")
    need.together(tuple(input.shape[:-2]), tuple(b.shape[: -1 if vector else -2]))
    if rcond is None:
        rcond = float(np.finfo(input._array.dtype).eps) * max(input.shape[-2:])
    x, residuals, rank, values = apply(ops.Lstsq, input, b, rcond=rcond, driver=driver or "gelsy", vector=vector)
    return linalg_lstsq(x, residuals, rank, values.detach())
