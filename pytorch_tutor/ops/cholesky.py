"""Cholesky: the triangular root of a positive definite matrix, and what is solved with it.

The gradient is that of I. Murray, "Differentiation of the Cholesky decomposition" (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Op
from .triangular import SolveTriangular, batch, identity, lower, substitute, transposed


class Cholesky(Op):
    """The lower triangular L with L Lᴴ = A, for symmetric positive definite A (or the upper U = Lᴴ)."""

    layout = "columns"
    formula = r"L L^{H} = A"
    gradient = {
        "a": r"\bar A = \tfrac{1}{2} L^{-H}\,(\operatorname{tril} \Phi + \operatorname{tril}(\Phi, -1)^{H})\, L^{-1},\ "
        r"\Phi = L^{H}\bar L"
    }
    keeps = ("result",)
    node_name = "LinalgCholeskyExBackward0"
    public = "linalg.cholesky"

    def forward(ctx, a: Any, upper: bool = False) -> Any:
        xp, ctx.upper = ctx.xp, upper
        a = transposed(ctx, a) if upper else a  # of an upper triangle the lower one of the transpose is read
        try:
            low, info = xp.linalg.cholesky(a), xp.zeros(a.shape[:-2], "i4")
            whole = not xp.isnan(low).any()
        except np.linalg.LinAlgError:
            whole = False
        if not whole:
            many = batch(a)
            roots = [root_until(xp, m) for m in many]
            low = xp.stack([r for r, _ in roots]).reshape(a.shape)
            info = xp.asarray([k for _, k in roots], "i4").reshape(a.shape[:-2])
        return transposed(ctx, low) if upper else low, info

    def backward(ctx, grad: Any, _: Any) -> Any:
        el, grad = (transposed(ctx, ctx.result), transposed(ctx, grad)) if ctx.upper else (ctx.result, grad)
        phi = lower(ctx, transposed(ctx, el) @ grad)
        both = phi + transposed(ctx, lower(ctx, phi, -1))
        back = ctx.call(SolveTriangular, transposed(ctx, el), both, upper=True)
        return ctx.call(SolveTriangular, el, back, upper=False, left=False) / 2


def root_until(xp: Any, a: Any) -> tuple[Any, int]:
    """Cholesky's factor row by row up to the first pivot that is not positive, and that row's number (0: none)."""
    low = xp.tril(a)
    for k in range(a.shape[0]):
        low[k, :k] = xp.linalg.solve(low[:k, :k], low[k, :k].conj()).conj() if k else low[k, :k]
        pivot = (low[k, k] - (low[k, :k] * low[k, :k].conj()).sum()).real
        low[k, k] = pivot
        if not pivot > 0:
            return low, k + 1
        low[k, k] = pivot**0.5
    return low, 0


class CholeskyBefore(Cholesky):
    """``torch.cholesky``, by the name that it had before there was ``torch.linalg``."""

    formula, gradient, keeps = Cholesky.formula, Cholesky.gradient, Cholesky.keeps
    node_name = "CholeskyBackward0"
    public = "cholesky"


def solve_by_root(xp: Any, root: Any, b: Any, upper: bool) -> Any:
    """A X = B for A = L Lᴴ (or Uᴴ U): one system down, one up."""
    turned = xp.swapaxes(root, -1, -2).conj()
    first, second = (turned, root) if upper else (root, turned)
    return substitute(xp, second, substitute(xp, first, b, upper=False), upper=True)


def root_gradient(ctx: Op, root: Any, of_matrix: Any, is_upper: bool) -> Any:
    """The gradient of the factor from that of the matrix that it is the root of: of all its entries, as PyTorch has it."""
    both = of_matrix + transposed(ctx, of_matrix)
    return root @ both if is_upper else both @ root


class CholeskySolve(Op):
    """A system whose matrix is given by its triangular root."""

    layout = "columns"
    formula = r"X = (L L^{H})^{-1} B"
    gradient = {
        "b": r"\bar B = A^{-1} \bar X",
        "root": r"\bar L = (\bar A + \bar A^{H}) L,\ \bar A = -\bar B X^{H}",
    }
    keeps = ("root", "result")
    public = "cholesky_solve"

    def forward(ctx, b: Any, root: Any, upper: bool = False) -> Any:
        ctx.upper = upper
        return solve_by_root(ctx.xp, root, b, upper)

    def backward(ctx, grad: Any) -> Any:
        db = ctx.call(CholeskySolve, grad, ctx.root, upper=ctx.upper)
        if not ctx.needs[1]:
            return db, None
        return db, root_gradient(ctx, ctx.root, -(db @ transposed(ctx, ctx.result)), ctx.upper)


class CholeskyInverse(Op):
    """The inverse of the matrix that is given by its triangular root."""

    formula = r"Y = (L L^{H})^{-1}"
    gradient = {"root": r"\bar L = (\bar A + \bar A^{H}) L,\ \bar A = -Y \bar Y Y"}
    keeps = ("root", "result")
    public = "cholesky_inverse"

    def forward(ctx, root: Any, upper: bool = False) -> Any:
        ctx.upper = upper
        return solve_by_root(ctx.xp, root, ctx.xp.broadcast_to(identity(root), root.shape), upper)

    def backward(ctx, grad: Any) -> Any:
        return root_gradient(ctx, ctx.root, -(ctx.result @ grad @ ctx.result), ctx.upper)
