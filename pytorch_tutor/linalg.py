"""``torch.linalg``: the public names of linear algebra; each is documented in ``functions/linalg.py``."""

from __future__ import annotations

from .functions.linalg import (
    LinAlgError,
    cholesky,
    cond,
    cross,
    det,
    diagonal,
    eig,
    eigh,
    eigvals,
    eigvalsh,
    inv,
    lstsq,
    matmul,
    matrix_norm,
    matrix_power,
    matrix_rank,
    multi_dot,
    norm,
    pinv,
    qr,
    slogdet,
    solve,
    svd,
    svdvals,
    vander,
    vecdot,
    vector_norm,
)  # fmt: skip
from .functions.matrices import matrix_exp

__all__ = [
    "LinAlgError", "cholesky", "cond", "cross", "det", "diagonal", "eig", "eigh", "eigvals", "eigvalsh", "inv", "lstsq",
    "matmul", "matrix_exp", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr",
    "slogdet", "solve", "svd",
    "svdvals", "vander", "vecdot", "vector_norm",
]  # fmt: skip
