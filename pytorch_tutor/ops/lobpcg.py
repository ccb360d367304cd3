"""The few outermost eigenvalues of a large symmetric matrix, by a method that only multiplies with it.

Source: A. Knyazev, "Toward the optimal preconditioned eigensolver: locally optimal block preconditioned conjugate
gradient method" (2001).
"""

from __future__ import annotations

from typing import Any

from .base import Op
from .spectral import Eigh
from .triangular import transposed


def orthonormal(xp: Any, b: Any, s: Any) -> Any:
    """Columns that span what those of s span, of length 1 and at right angles in the inner product of b."""
    s = s / xp.maximum(xp.linalg.norm(s, axis=0), xp.finfo(s.dtype).tiny)
    length, turn = xp.linalg.eigh(s.T @ (s if b is None else b @ s))
    keep = length > 10 * xp.finfo(s.dtype).eps * length.max()
    return s @ (turn[:, keep] / xp.sqrt(length[keep]))


def best(xp: Any, a: Any, s: Any, n: int, largest: bool) -> tuple[Any, Any]:
    """The n outermost eigenvalues of a, and vectors, as far as the columns of s can say (Rayleigh and Ritz)."""
    w, turn = xp.linalg.eigh(s.T @ (a @ s))
    order = xp.arange(len(w))[::-1][:n] if largest else xp.arange(n)
    return w[order], s @ turn[:, order]


def iterate(
    xp: Any, a: Any, b: Any, x: Any, k: int, ik: Any, niter: int, tol: float, largest: bool, conjugate: bool
) -> tuple[Any, Any]:
    """Improves x until the residuals a x - b x w of the first k vectors are small. Each step looks in the directions of
    x, of its residuals, and (``conjugate``) of the last step."""
    n = x.shape[1]
    w, x = best(xp, a, orthonormal(xp, b, x), n, largest)
    scale = xp.linalg.norm(a @ x) / xp.linalg.norm(x)
    step = None
    for _ in range(niter):
        bx = x if b is None else b @ x
        rest = a @ x - bx * w
        off = xp.linalg.norm(rest, axis=0) / (xp.linalg.norm(x, axis=0) * (scale + abs(w)))
        if (off[:k] < tol).all():
            break
        rest = rest if ik is None else ik @ rest
        parts = [x, rest] if step is None else [x, rest, step]
        w, better = best(xp, a, orthonormal(xp, b, xp.concatenate(parts, axis=1)), n, largest)
        step = better - x @ (bx.T @ better) if conjugate else None
        x = better
    return w[:k], x[:, :k]


class Lobpcg(Op):
    """k outermost eigenvalues and their vectors: A v = w v, or A v = w B v."""

    formula = r"A V = B V \operatorname{diag}(w)"
    gradient = {"a": r"\bar A = \sum_i \bar w_i v_i v_i^{\top} + (w_i - A)^{+} \bar v_i v_i^{\top}"}
    keeps = ("a", "w", "v")
    kept_outputs = {"w": 0, "v": 1}
    node_name = "LOBPCGAutogradFunctionBackward"
    public = "lobpcg"

    def forward(ctx, a: Any, b: Any, x: Any, k: int, ik: Any, **options: Any) -> tuple[Any, Any]:
        xp = ctx.xp
        rows, batch = a.shape[-1], a.shape[:-2]

        def each(matrix: Any, columns: int) -> Any:
            return [None] * max(len(many), 1) if matrix is None else matrix.reshape((-1, rows, columns))

        many = a.reshape((-1, rows, rows))
        starts = xp.broadcast_to(x, (*batch, *x.shape[-2:])).reshape((-1, *x.shape[-2:]))
        found = [
            iterate(xp, one, b1, x1, k, ik1, **options)
            for one, b1, x1, ik1 in zip(many, each(b, rows), starts, each(ik, rows), strict=True)
        ]
        ctx.has_b = b is not None
        w, v = (xp.stack([pair[i] for pair in found]) for i in (0, 1))
        ctx.w, ctx.v = w.reshape((*batch, k)), v.reshape((*batch, rows, k))
        return ctx.w, ctx.v

    def backward(ctx, dw: Any, dv: Any) -> Any:
        if ctx.has_b:
            raise ValueError("lobpcg.backward does not support backward with B != I yet.")
        xp, v = ctx.xp, ctx.v
        vt = transposed(ctx, v)
        values, basis = ctx.call(Eigh, ctx.a)
        across = transposed(ctx, basis) @ dv
        gaps = xp.expand_dims(ctx.w, -2) - xp.expand_dims(values, -1)
        apart = abs(gaps) > 1e-6 * abs(values).max()
        turned = xp.where(apart, across / xp.where(apart, gaps, 1.0), 0.0)
        return (v * xp.expand_dims(dw, -2)) @ vt + basis @ turned @ vt
