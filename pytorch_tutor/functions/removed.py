"""Functions of linear algebra that PyTorch has taken away: each says what took its place."""

from __future__ import annotations

from typing import Any

from ..errors import lesson

GONE = "This function was deprecated since version 1.9 and is now removed."


def matrix_rank(input: Any, tol: Any = None, symmetric: bool = False, *, out: Any = None) -> Any:
    """Removed: ``torch.linalg.matrix_rank``."""
    raise lesson(
        RuntimeError(
            f"{GONE}\nPlease use the `torch.linalg.matrix_rank` function instead. The parameter 'symmetric' was renamed in "
            "`torch.linalg.matrix_rank()` to 'hermitian'."
        ),
        hint="torch.linalg.matrix_rank(A)",
    )


def solve(input: Any, A: Any, *, out: Any = None) -> Any:
    """Removed: ``torch.linalg.solve``, with the arguments the other way round."""
    raise lesson(
        RuntimeError(
            f"{GONE} `torch.solve` is deprecated in favor of `torch.linalg.solve`. `torch.linalg.solve` has its arguments "
            "reversed and does not return the LU factorization.\n\nTo get the LU factorization see `torch.lu`, which can be "
            "used with `torch.lu_solve` or `torch.lu_unpack`.\nX = torch.solve(B, A).solution should be replaced with:\n"
            "X = torch.linalg.solve(A, B)"
        ),
        hint="torch.linalg.solve(A, B)",
    )


def lstsq(input: Any, A: Any, *, out: Any = None) -> Any:
    """Removed: ``torch.linalg.lstsq``, with the arguments the other way round."""
    raise lesson(
        RuntimeError(
            f"{GONE} `torch.lstsq` is deprecated in favor of `torch.linalg.lstsq`.\n`torch.linalg.lstsq` has reversed "
            "arguments and does not return the QR decomposition in the returned tuple (although it returns other "
            "information about the problem).\n\nTo get the QR decomposition consider using `torch.linalg.qr`.\n\nThe "
            "returned solution in `torch.lstsq` stored the residuals of the solution in the last m - n columns of the "
            "returned value whenever m > n. In torch.linalg.lstsq, the residuals are in the field 'residuals' of the "
            "returned named tuple.\n\nThe unpacking of the solution, as in\nX, _ = torch.lstsq(B, A).solution[:A.size(1)]\n"
            "should be replaced with:\nX = torch.linalg.lstsq(A, B).solution"
        ),
        hint="torch.linalg.lstsq(A, B).solution",
    )


def eig(self: Any, eigenvectors: bool = False, *, e: Any = None, v: Any = None) -> Any:
    """Removed: ``torch.linalg.eig``."""
    raise lesson(
        RuntimeError(
            f"{GONE} `torch.linalg.eig` returns complex tensors of dtype `cfloat` or `cdouble` rather than real tensors "
            "mimicking complex tensors.\n\nL, _ = torch.eig(A) should be replaced with:\nL_complex = "
            "torch.linalg.eigvals(A)\n\nand\n\nL, V = torch.eig(A, eigenvectors=True) should be replaced with:\nL_complex, "
            "V_complex = torch.linalg.eig(A)"
        ),
        hint="torch.linalg.eig(A)",
    )


def symeig(input: Any, eigenvectors: bool = False, upper: bool = True, *, out: Any = None) -> Any:
    """Removed: ``torch.linalg.eigh``."""
    raise lesson(
        RuntimeError(
            f"{GONE} The default behavior has changed from using the upper triangular portion of the matrix by default to "
            "using the lower triangular portion.\n\nL, _ = torch.symeig(A, upper=upper) should be replaced with:\nL = "
            "torch.linalg.eigvalsh(A, UPLO='U' if upper else 'L')\n\nand\n\nL, V = torch.symeig(A, eigenvectors=True) should "
            "be replaced with:\nL, V = torch.linalg.eigh(A, UPLO='U' if upper else 'L')"
        ),
        hint="torch.linalg.eigh(A)",
    )
