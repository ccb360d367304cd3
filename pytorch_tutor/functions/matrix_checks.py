"""What linear algebra asks of its arguments, with PyTorch's sentence for each way to miss it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import not_a_tensor
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops.linalg import LinAlgError
from ..tensor_base import TensorBase


def tensors(function: str, **arguments: Any) -> None:
    """TypeError for the first argument that is no tensor."""
    for place, (name, value) in enumerate(arguments.items(), start=1):
        if not isinstance(value, TensorBase):
            raise not_a_tensor(function, name, place, value)


def matrices(A: Any, name: str, letter: str = "A") -> None:
    """RuntimeError for less than two dimensions."""
    if A._array.ndim < 2:
        raise lesson(
            RuntimeError(f"{name}: The input tensor {letter} must have at least 2 dimensions."),
            expected="a matrix, or a batch of matrices",
            got=f"{A._array.ndim} dimension(s)",
            hint="v.unsqueeze(-1) makes a column of a vector",
        )


def squares(A: Any, name: str) -> None:
    """RuntimeError for matrices that have more rows than columns, or fewer. (An empty name is left out.)"""
    matrices(A, name)
    m, n = A._array.shape[-2:]
    if m != n:
        raise lesson(
            RuntimeError(
                f"{name}{': ' if name else ''}A must be batches of square matrices, but they are {m} by {n} matrices"
            ),
            expected="as many rows as columns",
            got=f"{m} x {n}",
            hint="torch.linalg.pinv(A)  and  torch.linalg.lstsq(A, B)  take any matrix",
        )


def floats(A: Any, name: str, halves: bool = True) -> None:
    """RuntimeError for whole numbers, and where ``halves`` is not set for types of 16 bits."""
    if A.dtype.rank < 3:
        raise lesson(
            RuntimeError(f"{name}: Expected a floating point or complex tensor as input. Got {SCALAR_NAMES[A.dtype]}"),
            expected="floats",
            got=str(A.dtype),
            hint="x.float()",
        )
    if not halves and A.dtype.itemsize == 2:
        raise lesson(
            RuntimeError(f"{name}: Low precision dtypes not supported. Got {SCALAR_NAMES[A.dtype]}"),
            expected="float32 or float64",
            got=str(A.dtype),
            hint="x.float()",
        )


def implemented(A: Any, kernel: str) -> None:
    """NotImplementedError for types that LAPACK has no routine for."""
    if A.dtype.rank < 3 or A.dtype.itemsize == 2:
        raise lesson(
            NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_NAMES[A.dtype]}'"),
            expected="float32, float64 or complex",
            got=str(A.dtype),
            hint="x.float()",
        )


def one_type(a: Any, b: Any, sentence: str) -> None:
    """RuntimeError for two types; ``sentence`` has places for both names."""
    if a.dtype is not b.dtype:
        raise lesson(
            RuntimeError(sentence.format(SCALAR_NAMES[a.dtype], SCALAR_NAMES[b.dtype])),
            expected="two tensors of one dtype",
            got=f"{a.dtype} and {b.dtype}",
            hint="B.to(A.dtype)",
        )


def equation(A: Any, B: Any, name: str, left: bool = True, vector: bool = False) -> None:
    """RuntimeError where A X = B (or X A = B) cannot be, or the batches do not broadcast."""
    m, n = A._array.shape[-2:]
    rows, columns = (*B._array.shape, 1)[-2:] if vector else B._array.shape[-2:]
    if n != (rows if left else columns):
        raise lesson(
            RuntimeError(
                f"{name}: Incompatible shapes of A and B for the equation {'AX' if left else 'XA'} = B "
                f"({m}x{n} and {rows}x{columns})"
            ),
            expected=f"B with {n} {'rows' if left else 'columns'}",
            got=rows if left else columns,
        )
    together(B._array.shape[: -1 if vector else -2], A._array.shape[:-2])


def together(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The batch dimensions of both; RuntimeError where they do not broadcast."""
    rank = max(len(a), len(b))
    pairs = list(zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True))
    for dim, (p, q) in enumerate(pairs):
        if p != q and 1 not in (p, q):
            raise lesson(
                RuntimeError(
                    f"The size of tensor a ({p}) must match the size of tensor b ({q}) at non-singleton dimension {dim}"
                ),
                expected="batches of one size, or of 1",
                got=f"{list(a)} and {list(b)}",
            )
    return tuple(q if p == 1 else p for p, q in pairs)


def first_bad(info: Any) -> tuple[str, int]:
    """The first matrix of a batch that failed, as the sentences name it, and its number in ``info``; (\"\", 0) if none."""
    numbers = info._array.reshape(-1)
    bad = numbers.nonzero()[0]
    if not bad.size:
        return "", 0
    return f"(Batch element {bad[0]}): " if info._array.ndim else "", int(numbers[bad[0]])


def no_nan(A: Any, name: str) -> None:
    """LinAlgError for matrices with nan, for which an iteration would not end."""
    numbers = A._array
    if not np.isnan(numbers).any():
        return
    bad = np.isnan(numbers.reshape(-1, *numbers.shape[-2:])).any((-1, -2))
    batch = f"(Batch element {bad.argmax()}): " if numbers.ndim > 2 else ""
    raise lesson(
        LinAlgError(
            f"{name}: {batch}The algorithm failed to converge because the input matrix contained non-finite values."
        ),
        expected="numbers",
        got="nan among them",
        hint="torch.isnan(A)  shows where",
    )


def regular(info: Any, name: str) -> None:
    """LinAlgError for a singular matrix."""
    batch, place = first_bad(info)
    if not place:
        return
    raise lesson(
        LinAlgError(
            f"{name}: {batch}The solver failed because the input matrix is singular."
            if "solve" in name
            else f"{name}: {batch}The diagonal element {place} is zero, the inversion could not be completed because the "
            "input matrix is singular."
        ),
        expected="a matrix whose rows are independent",
        got="a singular one: some row is a sum of multiples of others",
        hint="torch.linalg.pinv(A)  or  torch.linalg.lstsq(A, B)",
    )


def positive(info: Any, name: str) -> None:
    """LinAlgError for a matrix that is not positive definite."""
    batch, order = first_bad(info)
    if order:
        raise lesson(
            LinAlgError(
                f"{name}: {batch}The factorization could not be completed because the input is not positive-definite (the "
                f"leading minor of order {order} is not positive-definite)."
            ),
            expected="a symmetric matrix with positive eigenvalues",
            got="one for which a pivot is not positive",
            hint="add a small multiple of the identity: A + 1e-6 * torch.eye(n)",
        )


def whole_number(n: Any, function: str, argument: str, place: int) -> None:
    """TypeError for what should be an int."""
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"{function}(): argument '{argument}' (position {place}) must be int, not {type(n).__name__}")
