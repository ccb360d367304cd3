"""Reflections: Householder's matrices H = I - τ v vᴴ, and the factor Q that a row of them makes. Read reflect first."""

from __future__ import annotations

from typing import Any

from .base import Op, namespace
from .triangular import HalfLower, SolveTriangular, lower, transposed, zeros


def reflect(ctx: Op, v: Any, tau: Any, x: Any) -> Any:
    """H x = x - τ v (vᴴ x), for v as a column."""
    return x - tau * (v @ (transposed(ctx, v) @ x))


def vectors(ctx: Op, a: Any, k: int) -> Any:
    """The vectors v as columns, from LAPACK's compact form: below the diagonal of ``a``, the first element is always 1."""
    ones = ctx.xp.asarray(eye_like(a, a.shape[-2], a.shape[-1]))
    return (lower(ctx, a, -1) + ones)[..., :k]


def reflected(ctx: Op, a: Any, tau: Any, x: Any, adjoint: bool) -> Any:
    """Q X (or Qᴴ X) on arrays. The first j elements of the j-th vector are 0, so the first j rows stay as they are."""
    k = tau.shape[-1]
    v, x = vectors(ctx, a, k), ctx.xp.array(x)
    for j in range(k) if adjoint else reversed(range(k)):
        x[..., j:, :] = reflect(ctx, v[..., j:, j : j + 1], strength(ctx, tau, j, adjoint), x[..., j:, :])
    return x


def stages(ctx: Op, v: Any, tau: Any, x: Any, adjoint: bool) -> list[tuple[int, Any]]:
    """The number of each reflection, in the order in which they are applied, and what it is applied to."""
    k, seen = tau.shape[-1], []
    for j in range(k) if adjoint else reversed(range(k)):
        seen.append((j, x))
        x = reflect(ctx, v[..., j : j + 1], strength(ctx, tau, j, adjoint), x)
    return seen


def strength(ctx: Op, tau: Any, j: int, adjoint: bool) -> Any:
    """τ of one reflection, shaped to multiply matrices."""
    t = ctx.xp.expand_dims(tau[..., j : j + 1], -1)
    return ctx.conj(t) if adjoint else t


def back(ctx: Op, a: Any, tau: Any, x: Any, adjoint: bool, grad: Any) -> tuple[Any, Any, Any]:
    """The gradients of the vectors, of τ and of X: through each reflection, the last one first."""
    xp, k = ctx.xp, tau.shape[-1]
    if 0 in (*a.shape, *tau.shape):
        return None, None, grad
    v = vectors(ctx, a, k)
    columns: list[Any] = [None] * k
    strengths: list[Any] = [None] * k
    for j, before in reversed(stages(ctx, v, tau, x, adjoint)):
        w, t = v[..., j : j + 1], strength(ctx, tau, j, adjoint)
        row = transposed(ctx, w) @ before  # vᴴ X
        turned = transposed(ctx, grad) @ w  # Ḡᴴ v
        columns[j] = -(ctx.conj(t) * (grad @ transposed(ctx, row))) - t * (before @ turned)
        dt = -(row @ turned)
        strengths[j] = (dt if adjoint else ctx.conj(dt))[..., 0]
        grad = reflect(ctx, w, ctx.conj(t), grad)
    rest = a.shape[-1] - k
    if rest:
        columns.append(zeros(ctx, (*a.shape[:-1], rest), grad))
    da = lower(ctx, xp.concatenate(columns, axis=-1), -1)
    return da, xp.concatenate(strengths, axis=-1), grad


def eye_like(like: Any, m: int, n: int) -> Any:
    """The first n columns of the identity with m rows, in the type of an array or a tensor."""
    array = getattr(like, "_array", like)
    return namespace(array).eye(m, n, dtype=array.dtype)


class HouseholderProduct(Op):
    """The columns of Q, from the compact form that ``geqrf`` gives."""

    formula = r"Q = H_1 H_2 \cdots H_k,\ H_i = I - \tau_i v_i v_i^{H}"
    gradient = {
        "a": r"\bar v_i = -\tau_i^{*} \bar X_i X_{i+1}^{H} v_i - \tau_i X_{i+1} \bar X_i^{H} v_i,\ X_i = H_i \cdots H_k",
        "tau": r"\bar\tau_i = -(v_i^{H} X_{i+1} \bar X_i^{H} v_i)^{*}",
    }
    keeps = ("a", "tau")
    node_name = "LinalgHouseholderProductBackward0"
    public = "linalg.householder_product"

    def forward(ctx, a: Any, tau: Any) -> Any:
        return reflected(ctx, a, tau, ctx.start(a), False)

    def start(ctx, a: Any) -> Any:
        """The identity's columns, which the reflections turn into Q's."""
        ones = eye_like(a, a.shape[-2], a.shape[-1])
        return ctx.xp.asarray(ctx.xp.broadcast_to(ctx.xp.asarray(ones), tuple(a.shape)))

    def backward(ctx, grad: Any) -> Any:
        return back(ctx, ctx.a, ctx.tau, ctx.start(ctx.a), False, grad)[:2]


class Ormqr(Op):
    """A matrix times Q (or Qᴴ), from either side, without writing Q out."""

    formula = r"Y = Q X,\ Q^{H} X,\ X Q \text{ or } X Q^{H}"
    gradient = {
        "a": r"\bar v_i = -\tau_i^{*} \bar X_i X_{i+1}^{H} v_i - \tau_i X_{i+1} \bar X_i^{H} v_i",
        "tau": r"\bar\tau_i = -(v_i^{H} X_{i+1} \bar X_i^{H} v_i)^{*}",
        "x": r"\bar X = Q^{H} \bar Y",
    }
    keeps = ("a", "tau", "x")

    def forward(ctx, a: Any, tau: Any, x: Any, left: bool = True, transpose: bool = False) -> Any:
        ctx.left, ctx.adjoint = left, transpose if left else not transpose  # X Q = (Qᴴ Xᴴ)ᴴ
        done = reflected(ctx, a, tau, x if left else transposed(ctx, x), ctx.adjoint)
        return done if left else transposed(ctx, done)

    def backward(ctx, grad: Any) -> Any:
        if ctx.left:
            return back(ctx, ctx.a, ctx.tau, ctx.x, ctx.adjoint, grad)
        da, dtau, dx = back(ctx, ctx.a, ctx.tau, transposed(ctx, ctx.x), ctx.adjoint, transposed(ctx, grad))
        return da, dtau, transposed(ctx, dx)


class Geqrf(Op):
    """The compact form of a QR factorisation: R above, the reflections' vectors below, their strengths apart."""

    formula = r"A = H_1 H_2 \cdots H_k R"
    gradient = {"a": r"\text{PyTorch has no rule for it}"}

    def forward(ctx, a: Any) -> Any:
        packed, tau = ctx.xp.linalg.qr(a, mode="raw")
        return ctx.xp.swapaxes(packed, -1, -2), tau

    def backward(ctx, *_: Any) -> Any:
        raise NotImplementedError("the derivative for 'geqrf' is not implemented.")


class Qr(Op):
    """An orthogonal Q and an upper triangular R with Q R = A."""

    layout = "columns"
    formula = r"A = Q R"
    gradient = {"a": r"\bar A = (\bar Q + Q\,\operatorname{copyltu}(R\bar R^{H} - \bar Q^{H} Q))\,R^{-H}"}
    keeps = ("q", "r")
    kept_outputs = {"q": 0, "r": 1}
    node_name = "LinalgQrBackward0"
    public = "linalg.qr"

    def forward(ctx, a: Any, mode: str = "reduced") -> Any:
        ctx.mode, ctx.tall = mode, a.shape[-2] > a.shape[-1]
        if mode == "r":
            ctx.q, ctx.r = ctx.xp.zeros((0,), a.dtype), ctx.xp.linalg.qr(a, "r")
        else:
            ctx.q, ctx.r = ctx.xp.linalg.qr(a, mode)
        return ctx.q, ctx.r

    def backward(ctx, dq: Any, dr: Any) -> Any:
        if ctx.mode == "r":
            raise RuntimeError(
                "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, "
                "mode='reduced') if you are going to differentiate through linalg.qr."
            )
        if ctx.mode == "complete" and ctx.tall:
            raise RuntimeError("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.")
        q, r = ctx.q, ctx.r
        k = r.shape[-2]
        wide = r.shape[-1] > k
        if wide:  # A₂ = Q R₂: the columns beyond the square part
            beyond = q @ dr[..., k:]
            dq = dq + q @ (r[..., k:] @ transposed(ctx, dr[..., k:]))
            r, dr = r[..., :k], dr[..., :k]
        low = ctx.call(HalfLower, r @ transposed(ctx, dr) - transposed(ctx, dq) @ q)
        inner = dq + q @ (low + transposed(ctx, low))
        square = ctx.call(SolveTriangular, transposed(ctx, r), inner, upper=False, left=False)
        return ctx.xp.concatenate([square, beyond], axis=-1) if wide else square
