"""``torch.lobpcg``: the few largest or smallest eigenvalues of a large symmetric matrix."""

from __future__ import annotations

from typing import Any

from ..backends.coo import Coo
from ..dispatch import apply
from ..errors import lesson
from ..ops.lobpcg import Lobpcg
from .random import randn

TOLERANCE = {"float32": 1.2e-07, "float64": 2.23e-16}


def lobpcg(
    A: Any, k: int | None = None, B: Any = None, X: Any = None, n: int | None = None, iK: Any = None,
    niter: int | None = None, tol: float | None = None, largest: bool | None = None, method: str | None = None,
    tracker: Any = None, ortho_iparams: Any = None, ortho_fparams: Any = None, ortho_bparams: Any = None,
) -> tuple[Any, Any]:  # fmt: skip
    """The ``k`` largest (or smallest) eigenvalues of a symmetric matrix and their vectors, found step by step.

    $A v = w v$, or $A v = w B v$. ``X`` (..., m, n) is where the search starts, ``iK`` a preconditioner; it ends after
    ``niter`` steps, or when the residuals are below ``tol``. The sign of a vector is arbitrary. A sparse matrix is made
    dense. ``tracker`` and the ``ortho_`` parameters are accepted.

    Shapes: A (..., m, m); the results (..., k) and (..., m, k).

    Raises:
        ValueError: fewer than 3 n rows: use ``torch.linalg.eigh``.

    >>> import pytorch_tutor as torch
    >>> A = torch.diag(torch.arange(1.0, 10.0))
    >>> torch.lobpcg(A, k=2)[0].round()
    tensor([9., 8.])
    """
    if A.dim() < 2 or A.shape[-1] != A.shape[-2]:
        raise AssertionError(f"A must be square, got shape {A.shape}")
    m = A.shape[-1]
    k = (1 if X is None else X.shape[-1]) if k is None else k
    n = (k if X is None else X.shape[-1]) if n is None else n
    if m < 3 * n:
        raise lesson(
            ValueError(
                f"LOBPCG algorithm is not applicable when the number of A rows (={m}) is smaller than 3 x the number of "
                f"requested eigenpairs (={n})"
            ),
            expected=f"at least {3 * n} rows",
            got=m,
            hint="torch.linalg.eigh(A)",
        )
    A, B, iK = (x.to_dense() if x is not None and isinstance(x._array, Coo) else x for x in (A, B, iK))
    kind = A.dtype
    X = randn(m, n, dtype=kind) if X is None else X
    if X.shape[-2:] != (m, n):
        raise AssertionError(f"X shape mismatch: got {X.shape}, expected ({m}, {n})")
    A = (A + A.mT) / 2
    B = None if B is None else (B + B.mT) / 2
    return apply(
        Lobpcg,
        A,
        b=None if B is None else B._array,
        x=X._array,
        k=k,
        ik=None if iK is None else iK._array,
        niter=1000 if niter is None or niter < 0 else niter,
        tol=TOLERANCE.get(kind.name, 1e-7) ** 0.5 if tol is None else tol,
        largest=largest is not False,
        conjugate=method != "basic",
    )
