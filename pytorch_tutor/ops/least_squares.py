"""Matrices without an inverse: the pseudo-inverse, and systems that have too many equations or too few."""

from __future__ import annotations

from typing import Any

from .base import Op
from .triangular import singular, transposed


def pseudo_inverse(xp: Any, a: Any, atol: Any, rtol: Any, hermitian: bool = False) -> tuple[Any, Any, Any]:
    """A⁺, the singular values, and which of them count: those above atol and above rtol times the largest."""
    if hermitian:
        w, v = xp.linalg.eigh(a)
        u, s, vh = v, w, xp.swapaxes(v, -1, -2).conj()
    else:
        u, s, vh = singular(xp, a, False)
    size = abs(s)
    limit = xp.maximum(
        xp.asarray(rtol)[..., None] * size.max(-1, keepdims=True, initial=0), xp.asarray(atol)[..., None]
    )
    kept = ~(size <= limit)  # nan stays nan
    inverse = xp.where(kept, 1 / xp.where(kept, s, 1), 0).astype(s.dtype)
    return xp.swapaxes(vh, -1, -2).conj() * inverse[..., None, :] @ xp.swapaxes(u, -1, -2).conj(), s, kept


class Pinv(Op):
    """The pseudo-inverse: inverts what can be inverted and maps the rest to zero."""

    formula = r"Y = X^{+}:\ X Y X = X,\ Y X Y = Y"
    gradient = {"a": r"\bar X = -Y^{H}\bar Y Y^{H} + (1 - X Y)\, \bar Y^{H} Y Y^{H} + Y^{H} Y\, \bar Y^{H} (1 - Y X)"}
    keeps = ("a", "result")
    node_name = "LinalgPinvBackward0"
    public = "linalg.pinv"

    def forward(ctx, a: Any, atol: Any, rtol: Any, hermitian: bool = False) -> Any:
        if not a.size:
            return ctx.xp.zeros((*a.shape[:-2], a.shape[-1], a.shape[-2]), a.dtype)
        return pseudo_inverse(ctx.xp, a, atol, rtol, hermitian)[0]

    def backward(ctx, grad: Any) -> Any:
        return pinv_gradient(ctx, ctx.a, ctx.result, grad)


def pinv_gradient(ctx: Op, a: Any, y: Any, grad: Any) -> Any:
    """The gradient of A from that of its pseudo-inverse Y, as long as the rank stays.

    (Source: G. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose
    variables separate", 1973.)
    """
    yh, gh = transposed(ctx, y), transposed(ctx, grad)
    first = gh @ y @ yh
    second = yh @ y @ gh
    return first - a @ (y @ first) + second - (second @ y) @ a - yh @ grad @ yh


class Lstsq(Op):
    """The X for which A X comes closest to B; among several the shortest."""

    layout = "columns"
    formula = r"X = \arg\min_X \|A X - B\|"
    gradient = {
        "a": r"\bar A = \nabla_A \langle \bar X B^{H}, A^{+} \rangle + 2 \bar r\,(A X - B) X^{H}",
        "b": r"\bar B = (A^{+})^{H} \bar X - 2 \bar r\,(A X - B)",
    }
    keeps = ("a", "b", "x", "y")
    kept_outputs = {"x": 0}
    node_name = "LinalgLstsqBackward0"
    public = "linalg.lstsq"

    def forward(ctx, a: Any, b: Any, rcond: float, driver: str, vector: bool = False) -> Any:
        xp, ctx.vector = ctx.xp, vector
        m, n = a.shape[-2:]
        b = b[..., None] if vector else b
        lead = xp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        if a.size:
            ctx.y, s, kept = pseudo_inverse(xp, a, 0.0, 0.0 if driver == "gels" else rcond)
        else:
            ctx.y = xp.zeros((*a.shape[:-2], n, m), a.dtype)
            s, kept = xp.zeros((*a.shape[:-2], min(m, n)), a.real.dtype), xp.zeros((*a.shape[:-2], min(m, n)), bool)
        x = ctx.y @ b
        rank = xp.broadcast_to(kept.sum(-1), lead).astype("i8")
        ctx.with_residuals = m > n and driver != "gelsy" and bool((rank == n).all())
        if ctx.with_residuals:
            gone = (abs(a @ x - b) ** 2).sum(-2).astype(a.real.dtype)
        else:
            gone = xp.zeros((0,), a.real.dtype)
        ctx.x = x[..., 0] if vector else x
        return (
            ctx.x,
            gone,
            xp.zeros((0,), "i8") if driver == "gels" else rank,
            xp.broadcast_to(s, (*lead, s.shape[-1])).copy()
            if driver in ("gelsd", "gelss")
            else xp.zeros((0,), s.dtype),
        )

    def backward(ctx, dx: Any, dr: Any, *_: Any) -> Any:
        xp, a = ctx.xp, ctx.a
        b, x, dx = (xp.expand_dims(t, -1) for t in (ctx.b, ctx.x, dx)) if ctx.vector else (ctx.b, ctx.x, dx)
        # under create_graph the pseudo-inverse is computed anew, with its history
        y = ctx.y if ctx.lifted is None else ctx.call(Pinv, a, atol=0.0, rtol=0.0)
        da, db = pinv_gradient(ctx, a, y, dx @ transposed(ctx, b)), transposed(ctx, y) @ dx
        if ctx.with_residuals:
            away = 2 * xp.expand_dims(dr, -2) * (a @ x - b)
            da, db = da + away @ transposed(ctx, x), db - away
        return da, db[..., 0] if ctx.vector else db
