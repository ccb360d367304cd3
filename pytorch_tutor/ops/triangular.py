"""Systems with a triangular matrix: solved by substitution, one unknown after the other. Read ``substitute`` first."""

from __future__ import annotations

import math
from typing import Any

from .base import Op, namespace
from .shape import Triangle


def transposed(ctx: Any, x: Any) -> Any:
    """The conjugate transpose of the last two dimensions."""
    return ctx.conj(ctx.xp.swapaxes(x, -1, -2))


def lower(ctx: Op, x: Any, diagonal: int = 0) -> Any:
    """What lies on and below a diagonal."""
    return ctx.call(Triangle, x, which="tril", diagonal=diagonal)


def upper(ctx: Op, x: Any, diagonal: int = 0) -> Any:
    """What lies on and above a diagonal."""
    return ctx.call(Triangle, x, which="triu", diagonal=diagonal)


def identity(like: Any) -> Any:
    """Ones on the diagonal, for square matrices in the last two dimensions of an array or a tensor."""
    array = getattr(like, "_array", like)
    return namespace(array).eye(array.shape[-1], dtype=array.dtype)


def batch(x: Any, inner: int = 2) -> Any:
    """All leading dimensions as one; the last ``inner`` stay."""
    cut = x.ndim - inner
    return x.reshape((math.prod(x.shape[:cut]), *x.shape[cut:]))


def zeros(ctx: Op, shape: tuple[int, ...], like: Any) -> Any:
    """Zeros in the type of an array or a tensor."""
    return ctx.xp.zeros(shape, getattr(like.dtype, "array", like.dtype))


def singular(xp: Any, a: Any, full_matrices: bool) -> Any:
    """Singular values and vectors; of a matrix with inf, for which the iteration would not end, nan."""
    bad = ~xp.isfinite(a).all((-1, -2), keepdims=True)
    if not bad.any():
        return xp.linalg.svd(a, full_matrices=full_matrices)
    u, s, vh = xp.linalg.svd(xp.where(bad, 0, a), full_matrices=full_matrices)
    return xp.where(bad, xp.nan, u), xp.where(bad[..., 0], xp.nan, s), xp.where(bad, xp.nan, vh)


def substitute(xp: Any, a: Any, b: Any, upper: bool, unit: bool = False) -> Any:
    """The X with A X = B for triangular A: each row has one unknown more than those that are known already.

    From the first row on for a lower triangle, from the last one back for an upper one. With ``unit`` the diagonal is
    taken to be 1. The other triangle of A is not read.
    """
    n = a.shape[-1]
    lead = xp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    x = xp.broadcast_to(b, (*lead, *b.shape[-2:])).astype(xp.result_type(a, b))  # a copy, overwritten row by row
    for i in reversed(range(n)) if upper else range(n):
        known = slice(i + 1, n) if upper else slice(0, i)
        row = x[..., i : i + 1, :] - a[..., i : i + 1, known] @ x[..., known, :]
        x[..., i : i + 1, :] = row if unit else row / a[..., i : i + 1, i : i + 1]
    return x


def solve_triangle(xp: Any, a: Any, b: Any, upper: bool, left: bool = True, unit: bool = False) -> Any:
    """``substitute`` on either side: X A = B is the system of the transposes."""
    if left:
        return substitute(xp, a, b, upper, unit)
    turned = substitute(xp, xp.swapaxes(a, -1, -2), xp.swapaxes(b, -1, -2), not upper, unit)
    return xp.swapaxes(turned, -1, -2)


class SolveTriangular(Op):
    """The X with A X = B (or X A = B) for a triangular A. Backwards, the transposed system is solved once more."""

    layout = "columns"
    formula = r"X = A^{-1} B"
    gradient = {"a": r"\bar A = -\operatorname{tri}(\bar B\, X^{H})", "b": r"\bar B = A^{-H} \bar X"}
    keeps = ("a", "result")
    node_name = "LinalgSolveTriangularBackward0"
    public = "linalg.solve_triangular"

    def forward(ctx, a: Any, b: Any, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
        ctx.upper, ctx.left, ctx.unit = upper, left, unitriangular
        return solve_triangle(ctx.xp, a, b, upper, left, unitriangular)

    def backward(ctx, grad: Any) -> Any:
        return triangle_gradients(ctx, ctx.a, ctx.result, grad, ctx.upper, ctx.left, ctx.unit)


def triangle_gradients(ctx: Op, a: Any, x: Any, grad: Any, is_upper: bool, left: bool, unit: bool) -> tuple[Any, Any]:
    """The gradients of the matrix (its triangle only) and of the right side."""
    db = ctx.call(SolveTriangular, transposed(ctx, a), grad, upper=not is_upper, left=left, unitriangular=unit)
    da = -(db @ transposed(ctx, x)) if left else -(transposed(ctx, x) @ db)
    return upper(ctx, da, int(unit)) if is_upper else lower(ctx, da, -int(unit)), db


class TriangularSolve(Op):
    """``torch.triangular_solve``: the right side comes first, and a copy of the matrix comes back with the solution."""

    formula = r"X = A^{-1} B"
    gradient = {"b": r"\bar B = A^{-H} \bar X", "a": r"\bar A = -\operatorname{tri}(\bar B\, X^{H})"}
    keeps = ("a", "result")
    public = "triangular_solve"

    def forward(
        ctx, b: Any, a: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False
    ) -> tuple[Any, Any]:
        ctx.upper, ctx.transpose, ctx.unit = upper, transpose, unitriangular
        xp = ctx.xp
        lead = xp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        matrix = xp.swapaxes(a, -1, -2) if transpose else a
        copy = xp.broadcast_to(a, (*lead, *a.shape[-2:])).copy()
        return substitute(xp, matrix, b, upper != transpose, unitriangular), copy

    def backward(ctx, grad: Any, copied: Any) -> Any:
        xp = ctx.xp
        matrix = xp.swapaxes(ctx.a, -1, -2) if ctx.transpose else ctx.a
        da, db = triangle_gradients(ctx, matrix, ctx.result, grad, ctx.upper != ctx.transpose, True, ctx.unit)
        return db, (xp.swapaxes(da, -1, -2) if ctx.transpose else da) + copied


class HalfLower(Op):
    """The lower triangle with the diagonal halved: Φ in the gradients of factorisations."""

    formula = r"y_{ij} = x_{ij}\,([i > j] + \tfrac{1}{2}[i = j])"
    gradient = {"x": r"\bar x_{ij} = \bar y_{ij}\,([i > j] + \tfrac{1}{2}[i = j])"}

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.tril(x) - identity(x) * x / 2

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(HalfLower, grad)
