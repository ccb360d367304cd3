"""Gaussian elimination kept for later: A = P L U, with the rows exchanged so that each pivot is as large as can be."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Op
from .triangular import SolveTriangular, batch, lower, solve_triangle, substitute, transposed, upper, zeros


def factor(xp: Any, a: Any) -> tuple[Any, Any, Any]:
    """(LU, pivots, info): both factors in one matrix, the row that row j changed places with, the first zero pivot.

    Column by column: the largest entry on or below the diagonal becomes the pivot, its row moves up, and the multiple
    of it that clears the column is taken from every row below. The multiples are L (its diagonal of ones is not
    stored), what remains above is U. Rows are counted from 1, as LAPACK's ``getrf`` does; info is 0 where no pivot is 0.
    (Source of the method: G. Golub and C. Van Loan, "Matrix Computations", 3.4.)
    """
    m, n = a.shape[-2:]
    k = min(m, n)
    lu = batch(a).copy()
    count = lu.shape[0]
    each = xp.arange(count)
    pivots, info = xp.zeros((count, k), "i4"), xp.zeros(count, "i4")
    for j in range(k if count else 0):
        column = lu[:, j:, j]
        size = abs(column.real) + abs(column.imag) if lu.dtype.kind == "c" else abs(column)  # as LAPACK measures
        place = j + size.argmax(-1)
        pivots[:, j] = place + 1
        lu[each, j], lu[each, place] = lu[each, place], lu[each, j]
        pivot = lu[:, j, j]
        info[(info == 0) & (pivot == 0)] = j + 1
        lu[:, j + 1 :, j] /= xp.where(pivot == 0, 1, pivot)[:, None]
        lu[:, j + 1 :, j + 1 :] -= lu[:, j + 1 :, j, None] * lu[:, j, None, j + 1 :]
    lead = a.shape[:-2]
    return lu.reshape(a.shape), pivots.reshape(*lead, k), info.reshape(lead)


def permutation(xp: Any, pivots: Any, m: int, dtype: Any) -> Any:
    """The matrix P that undoes the exchanges of rows: A = P L U."""
    flat = batch(pivots, 1)
    count = flat.shape[0]
    each = xp.arange(count)
    rows = xp.broadcast_to(xp.arange(m), (count, m)).copy()
    for j in range(flat.shape[-1] if count else 0):
        other = flat[:, j].astype("i8") - 1
        rows[each, j], rows[each, other] = rows[each, other], rows[each, j]
    p = xp.zeros((count, m, m), dtype)
    p[each[:, None], rows, xp.arange(m)] = 1
    return p.reshape(*pivots.shape[:-1], m, m)


def parts(ctx: Op, lu: Any) -> tuple[Any, Any]:
    """L (with its ones) and U out of the one matrix that holds both."""
    m, n = lu.shape[-2:]
    k = min(m, n)
    left = lower(ctx, lu[..., :k], -1)
    ones = np.eye(m, k, dtype=getattr(lu.dtype, "array", lu.dtype))
    return left + ctx.xp.asarray(ones), upper(ctx, lu[..., :k, :])


def factor_gradient(ctx: Op, p: Any, low: Any, up: Any, dl: Any, du: Any) -> Any:
    """The gradient of A from those of L and U.

    For a square matrix Ā = P L⁻ᴴ (tril(Lᴴ L̄, -1) + triu(Ū Uᴴ)) U⁻ᴴ. What a tall matrix has more rows, or a wide one
    more columns, is a triangular system of the square part. (Derived as in M. Giles' notes of 2008.)
    """
    xp = ctx.xp
    k, m, n = low.shape[-1], low.shape[-2], up.shape[-1]
    if n > k:  # A₂ = L U₂
        right = solve_triangular(ctx, transposed(ctx, low), du[..., k:], is_upper=True)
        dl = dl - right @ transposed(ctx, up[..., k:])
        du, up = du[..., :k], up[..., :k]
    if m > k:  # A₂ = L₂ U
        bottom = solve_triangular(ctx, transposed(ctx, up), dl[..., k:, :], is_upper=False, left=False)
        du = du - transposed(ctx, low[..., k:, :]) @ bottom
        dl, low = dl[..., :k, :], low[..., :k, :]
    inner = lower(ctx, transposed(ctx, low) @ dl, -1) + upper(ctx, du @ transposed(ctx, up))
    square = solve_triangular(ctx, transposed(ctx, low), inner, is_upper=True)
    square = solve_triangular(ctx, transposed(ctx, up), square, is_upper=False, left=False)
    if n > k:
        square = xp.concatenate([square, right], axis=-1)
    if m > k:
        square = xp.concatenate([square, bottom], axis=-2)
    return p @ square


def solve_triangular(ctx: Op, a: Any, b: Any, is_upper: bool, left: bool = True) -> Any:
    """A triangular system on arrays, or on tensors where the gradient is to be differentiated again."""
    if ctx.lifted is None:
        return solve_triangle(ctx.xp, a, b, is_upper, left)
    return ctx.call(SolveTriangular, a, b, upper=is_upper, left=left)


class LuFactor(Op):
    """Both factors in one matrix, with the exchanges of rows and the first zero pivot."""

    formula = r"A = P L U"
    gradient = {
        "a": r"\bar A = P L^{-H}\,(\operatorname{tril}(L^{H}\bar L, -1) + \operatorname{triu}(\bar U U^{H}))\, U^{-H}"
    }
    keeps = ("lu", "p")
    kept_outputs = {"lu": 0}
    node_name = "LinalgLuFactorExBackward0"
    public = "linalg.lu_factor"

    def forward(ctx, a: Any) -> Any:
        ctx.lu, pivots, info = factor(ctx.xp, a)
        if ctx.needs[0]:
            ctx.p = permutation(ctx.xp, pivots, a.shape[-2], a.dtype)
        return ctx.lu, pivots, info

    def backward(ctx, grad: Any, *_: Any) -> Any:
        low, up = parts(ctx, ctx.lu)
        k = low.shape[-1]
        return factor_gradient(ctx, ctx.p, low, up, lower(ctx, grad[..., :k], -1), upper(ctx, grad[..., :k, :]))


class Lu(Op):
    """The three factors: a permutation, a lower triangle with ones on its diagonal, an upper triangle."""

    formula = r"A = P L U"
    gradient = LuFactor.gradient
    keeps = ("p", "low", "up")
    kept_outputs = {"low": 1, "up": 2}
    node_name = "LinalgLuBackward0"
    public = "linalg.lu"

    def forward(ctx, a: Any) -> Any:
        lu, pivots, _ = factor(ctx.xp, a)
        ctx.p = permutation(ctx.xp, pivots, a.shape[-2], a.dtype)
        ctx.low, ctx.up = parts(ctx, lu)
        return ctx.p, ctx.low, ctx.up

    def backward(ctx, _: Any, dl: Any, du: Any) -> Any:
        return factor_gradient(ctx, ctx.p, ctx.low, ctx.up, dl, du)


class LuUnpack(Op):
    """L and U out of the matrix that holds both."""

    formula = r"L, U = \operatorname{tril}(X, -1) + I,\ \operatorname{triu}(X)"
    gradient = {"lu": r"\bar X = \operatorname{tril}(\bar L, -1) + \operatorname{triu}(\bar U)"}
    public = "lu_unpack"

    def forward(ctx, lu: Any) -> Any:
        ctx.shape = lu.shape
        return parts(ctx, lu)

    def backward(ctx, dl: Any, du: Any) -> Any:
        m, n = ctx.shape[-2:]
        low, up = lower(ctx, dl, -1), upper(ctx, du)
        if m > n:
            up = ctx.xp.concatenate([up, zeros(ctx, (*ctx.shape[:-2], m - n, n), low)], axis=-2)
        if n > m:
            low = ctx.xp.concatenate([low, zeros(ctx, (*ctx.shape[:-2], m, n - m), up)], axis=-1)
        return low + up


class LuSolve(Op):
    """A system whose matrix has been factored: two triangular ones."""

    formula = r"X = U^{-1} L^{-1} P^{\top} B"
    gradient = {
        "lu": r"\bar L = \operatorname{tril}(P^{\top}\bar A\, U^{H}, -1),\ \bar U = \operatorname{triu}(L^{H} P^{\top} \bar A)"
        r",\ \bar A = -\bar B X^{H}",
        "b": r"\bar B = A^{-H} \bar X",
    }
    keeps = ("lu", "p", "result")
    node_name = "LinalgLuSolveBackward0"
    public = "linalg.lu_solve"

    def forward(ctx, lu: Any, b: Any, p: Any, left: bool = True, adjoint: bool = False) -> Any:
        ctx.p, ctx.left, ctx.adjoint = p, left, adjoint
        if left:
            return solve_factored(ctx, lu, p, b, adjoint)
        return transposed(ctx, solve_factored(ctx, lu, p, transposed(ctx, b), not adjoint))

    def backward(ctx, grad: Any) -> Any:
        x, p = ctx.result, ctx.p
        db = ctx.call(LuSolve, ctx.lu, grad, p=getattr(p, "_array", p), left=ctx.left, adjoint=not ctx.adjoint)
        if not ctx.needs[0]:
            return None, db
        if ctx.left:
            da = -(x @ transposed(ctx, db)) if ctx.adjoint else -(db @ transposed(ctx, x))
        else:
            da = -(transposed(ctx, db) @ x) if ctx.adjoint else -(transposed(ctx, x) @ db)
        low, up = parts(ctx, ctx.lu)
        inner = ctx.xp.swapaxes(p, -1, -2) @ da
        return lower(ctx, inner @ transposed(ctx, up), -1) + upper(ctx, transposed(ctx, low) @ inner), db


def solve_factored(ctx: Op, lu: Any, p: Any, b: Any, adjoint: bool) -> Any:
    """A X = B, or Aᴴ X = B, by the factors of A."""
    xp = ctx.xp
    if adjoint:
        turned = transposed(ctx, lu)
        return p @ substitute(xp, turned, substitute(xp, turned, b, upper=False), upper=True, unit=True)
    return substitute(xp, lu, substitute(xp, lu, xp.swapaxes(p, -1, -2) @ b, upper=False, unit=True), upper=True)


__all__ = ["Lu", "LuFactor", "LuSolve", "LuUnpack", "factor", "permutation"]
