"""``torch.sparse``: products, sums and softmax of tensors that are nearly all zeros."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from . import dtypes
from .dispatch import apply
from .dtypes import dtype
from .functions import matrix
from .functions.sparse import (
    check_sparse_tensor_invariants,
    is_sparse,
    sparse_coo_tensor,
    unsupported,
)
from .functions.sparse_rules import addmm as sparse_addmm
from .functions.sparse_rules import check_product
from .functions.sparse_rules import sum as sparse_sum
from .ops import sparse as ops
from .ops.shape import axis_of
from .refusals import refusal
from .tensor_base import wrap

__all__ = [
    "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "HalfTensor", "IntTensor", "LongTensor", "ShortTensor",
    "addmm", "check_sparse_tensor_invariants", "log_softmax", "mm", "softmax", "spdiags", "sum",
]  # fmt: skip


def mm(mat1: Any, mat2: Any) -> Any:
    """A matrix product of which a factor is sparse; the gradient of a sparse left factor is computed at its places only.

    >>> import pytorch_tutor as torch
    >>> torch.sparse.mm(torch.eye(2).to_sparse(), torch.tensor([[1.0], [2.0]]))
    tensor([[1.],
            [2.]])
    """
    if is_sparse(mat1) and not is_sparse(mat2):
        check_product(mat1, mat2)
        return apply(ops.SparseAddmm, None, mat1, mat2)
    return matrix.mm(mat1, mat2)


def addmm(mat: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """``beta * mat + alpha * mat1 @ mat2`` with a sparse ``mat1``."""
    if is_sparse(mat1):
        return sparse_addmm(mat, mat1, mat2, beta, alpha, "SparseAddmm")
    return mat.addmm(mat1, mat2, beta=beta, alpha=alpha)


def sum(input: Any, dim: Any = None, dtype: dtype | None = None) -> Any:
    """The sum of a sparse tensor: of everything, or along dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.sparse.sum(torch.eye(2).to_sparse(), dim=1).to_dense()
    tensor([1., 1.])
    """
    if not is_sparse(input):
        raise unsupported("_indices", "CPU")
    return sparse_sum(input if dtype is None else input.to(dtype), dim)


def softmax(input: Any, dim: int, *, dtype: dtype | None = None) -> Any:
    """Softmax over the numbers that are listed; a place that is not counts as minus infinity.

    >>> import pytorch_tutor as torch
    >>> torch.sparse.softmax(torch.tensor([[1.0, 0.0, 1.0]]).to_sparse(), dim=1).to_dense()
    tensor([[0.5000, 0.0000, 0.5000]])
    """
    return _softmax(ops.SparseSoftmax, "softmax", input, dim, dtype)


def log_softmax(input: Any, dim: int, *, dtype: dtype | None = None) -> Any:
    """The logarithm of ``softmax``."""
    return _softmax(ops.SparseLogSoftmax, "log_softmax", input, dim, dtype)


def _softmax(op_class: Any, name: str, input: Any, dim: int, kind: dtype | None) -> Any:
    if not is_sparse(input):
        raise unsupported(f"_sparse_{name}", "CPU")
    if kind is not None:
        input = input.to(kind)
    if not input.dtype.is_floating_point:
        raise refusal(input.dtype, name)
    return apply(op_class, input, dim=axis_of(dim, input._array.ndim))


def spdiags(diagonals: Any, offsets: Any, shape: tuple[int, int], layout: Any = None) -> Any:
    """A sparse matrix with the rows of ``diagonals`` on its diagonals; a positive offset lies right of the main one.

    >>> import pytorch_tutor as torch
    >>> torch.sparse.spdiags(torch.tensor([[1.0, 2.0]]), torch.tensor([0]), (2, 2)).to_dense()
    tensor([[1., 0.],
            [0., 2.]])
    """
    numbers = diagonals._array.reshape(-1, diagonals._array.shape[-1])
    rows, columns, chosen = [], [], []
    for offset, line in zip(np.atleast_1d(offsets._array), numbers, strict=True):
        column = np.arange(len(line))
        row = column - offset
        inside = (row >= 0) & (row < shape[0]) & (column < shape[1])
        rows.append(row[inside])
        columns.append(column[inside])
        chosen.append(line[inside])
    places = np.stack((np.concatenate(rows), np.concatenate(columns)))
    made = sparse_coo_tensor(wrap(places), wrap(np.concatenate(chosen)), shape)
    return made if layout is None else made.to_sparse(layout=layout)


# ---------------------------------------------------------------------- the old names
class _SparseType(type):
    """The class of ``torch.sparse.FloatTensor`` and its kin: sparse tensors are instances by their element type."""

    scalar_type: dtype

    def __instancecheck__(cls, instance: object) -> bool:
        return is_sparse(instance) and instance.is_sparse and instance.dtype is cls.scalar_type  # type: ignore[attr-defined]

    def __call__(cls, *args: Any, device: Any = None) -> Any:
        listed = len(args) > 1 and not isinstance(args[0], int)
        form = "indices, values, shape, *, device=" if len(args) > 2 else "indices, values, *, device="
        now = "indices, values, shape, dtype=, device=" if len(args) > 2 else "indices, values, dtype=, device="
        if not listed:
            form, now = "shape, *, device=", "shape, dtype=, device="
        warnings.warn(
            f"torch.sparse.SparseTensor({form}) is deprecated.  Please use torch.sparse_coo_tensor({now}).",
            stacklevel=2,
        )
        if listed:
            return sparse_coo_tensor(*args)
        size = args[0] if args and not isinstance(args[0], int) else args
        return sparse_coo_tensor(size=size, dtype=cls.scalar_type)

    def __repr__(cls) -> str:
        return f"<class 'torch.sparse.{cls.__name__}'>"


def _type(name: str, scalar_type: dtype) -> Any:
    made = _SparseType(
        f"{name}Tensor", (), {"scalar_type": scalar_type, "__doc__": f"Sparse tensors of {scalar_type}."}
    )
    made.__module__ = "torch.sparse"
    return made


FloatTensor, DoubleTensor, HalfTensor = (
    _type("Float", dtypes.float32), _type("Double", dtypes.float64), _type("Half", dtypes.float16)
)  # fmt: skip
LongTensor, IntTensor, ShortTensor = (
    _type("Long", dtypes.int64), _type("Int", dtypes.int32), _type("Short", dtypes.int16)
)  # fmt: skip
CharTensor, ByteTensor = _type("Char", dtypes.int8), _type("Byte", dtypes.uint8)
