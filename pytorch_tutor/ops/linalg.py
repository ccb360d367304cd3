"""Linear algebra: inverses, determinants and factorisations of matrices, or of batches of them. Read Inverse first.

The gradients follow M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); those of the factorisations, I. Murray (2016) and the PyTorch authors' notes.
"""

from __future__ import annotations

from typing import Any

from ..errors import lesson
from .base import Op, namespace


def transposed(ctx: Any, x: Any) -> Any:
    """The conjugate transpose of the last two dimensions."""
    return ctx.conj(ctx.xp.swapaxes(x, -1, -2))


def square(x: Any, name: str) -> None:
    """RuntimeError with PyTorch's sentence for what is not a batch of square matrices."""
    if x.ndim < 2:
        raise RuntimeError(f"{name}: The input tensor A must have at least 2 dimensions.")
    if x.shape[-1] != x.shape[-2]:
        raise lesson(
            RuntimeError(
                f"{name}: A must be batches of square matrices, but they are {x.shape[-2]} by {x.shape[-1]} matrices"
            ),
            expected="as many rows as columns",
            got=f"{x.shape[-2]} x {x.shape[-1]}",
        )


class Inverse(Op):
    """The inverse: since X Y = 1 stays 1, a change of X is answered by -Y dX Y."""

    formula = r"Y = X^{-1}"
    gradient = {"x": r"\bar X = -Y^{\top} \bar Y\, Y^{\top}"}
    keeps = ("result",)
    node_name = "LinalgInvExBackward0"
    public = "linalg.inv"

    def forward(ctx, x: Any) -> Any:
        square(x, "linalg.inv")
        return ctx.xp.linalg.inv(x)

    def backward(ctx, grad: Any) -> Any:
        yt = transposed(ctx, ctx.result)
        return -(yt @ grad @ yt)


class Det(Op):
    """The determinant; its gradient is the matrix of cofactors."""

    formula = r"y = \det X"
    gradient = {"x": r"\bar X = \bar y\, y\, X^{-\top}"}
    keeps = ("x", "result")
    node_name = "LinalgDetBackward0"
    public = "linalg.det"

    def forward(ctx, x: Any) -> Any:
        square(x, "linalg.det")
        return ctx.xp.asarray(ctx.xp.linalg.det(x))

    def backward(ctx, grad: Any) -> Any:
        if ctx.lifted is None and bool((ctx.result == 0).any()):
            return grad[..., None, None] * cofactors(ctx.xp, ctx.x)
        scale = ctx.xp.expand_dims(ctx.xp.expand_dims(grad * ctx.result, -1), -1)
        return scale * transposed(ctx, ctx.call(Inverse, ctx.x))


def cofactors(xp: Any, x: Any) -> Any:
    """The matrix of cofactors by way of the singular values, which exist for singular matrices, too."""
    u, s, vt = xp.linalg.svd(x)
    n = s.shape[-1]
    others = xp.stack([xp.prod(xp.delete(s, i, axis=-1), axis=-1) for i in range(n)], axis=-1)
    sign = xp.linalg.det(u) * xp.linalg.det(vt)
    return sign[..., None, None] * (u * others[..., None, :]) @ vt


class Slogdet(Op):
    """Sign and logarithm of the determinant, where the determinant itself would overflow."""

    formula = r"s, l = \operatorname{sign}\det X,\ \ln|\det X|"
    gradient = {"x": r"\bar X = \bar l\, X^{-\top}"}
    keeps = ("x",)
    node_name = "LinalgSlogdetBackward0"
    public = "linalg.slogdet"

    def forward(ctx, x: Any) -> Any:
        square(x, "linalg.slogdet")
        sign, log = ctx.xp.linalg.slogdet(x)
        return ctx.xp.asarray(sign).astype(x.dtype), ctx.xp.asarray(log).astype(x.dtype)

    def backward(ctx, _: Any, grad: Any) -> Any:
        scale = ctx.xp.expand_dims(ctx.xp.expand_dims(grad, -1), -1)
        return scale * transposed(ctx, ctx.call(Inverse, ctx.x))


class Solve(Op):
    """The X with A X = B. Backwards, the same system is solved once more, with A transposed."""

    formula = r"X = A^{-1} B"
    gradient = {"a": r"\bar A = -\bar B\, X^{\top}", "b": r"\bar B = A^{-\top} \bar X"}
    keeps = ("a", "result")
    node_name = "LinalgSolveExBackward0"
    public = "linalg.solve"

    def forward(ctx, a: Any, b: Any) -> Any:
        square(a, "linalg.solve")
        if a.shape[-1] != b.shape[-2]:
            raise RuntimeError(
                f"linalg.solve: Incompatible shapes of A and B for the equation AX = B ({a.shape[-2]}x{a.shape[-1]} and "
                f"{b.shape[-2]}x{b.shape[-1]})"
            )
        return ctx.xp.linalg.solve(a, b)

    def backward(ctx, grad: Any) -> Any:
        db = ctx.call(Solve, transposed(ctx, ctx.a), grad)
        return -(db @ transposed(ctx, ctx.result)) if ctx.needs[0] else None, db


class Cholesky(Op):
    """The lower triangular L with L Lᵀ = A, for symmetric positive definite A."""

    formula = r"L L^{\top} = A"
    gradient = {"a": r"\bar A = \tfrac{1}{2} L^{-\top}\,(\Phi(L^{\top}\bar L) + \Phi(L^{\top}\bar L)^{\top})\, L^{-1}"}
    keeps = ("result",)
    node_name = "LinalgCholeskyExBackward0"
    public = "linalg.cholesky"

    def forward(ctx, a: Any) -> Any:
        square(a, "linalg.cholesky")
        try:
            return ctx.xp.linalg.cholesky(a)
        except ctx.xp.linalg.LinAlgError:
            raise lesson(
                ctx.not_positive(a),
                expected="a symmetric matrix with positive eigenvalues",
                got="one for which a pivot is not positive",
                hint="add a small multiple of the identity: A + 1e-6 * torch.eye(n)",
            ) from None

    def not_positive(ctx, a: Any) -> Exception:
        """The error for a matrix without a Cholesky factor, naming its first leading minor that is not positive."""
        flat = a.reshape(-1, *a.shape[-2:])
        for b, m in enumerate(flat):
            for k in range(1, m.shape[0] + 1):
                if ctx.xp.linalg.det(m[:k, :k]) <= 0:
                    where = f"(Batch element {b}): " if a.ndim > 2 else ""
                    return LinAlgError(
                        f"linalg.cholesky: {where}The factorization could not be completed because the input is not "
                        f"positive-definite (the leading minor of order {k} is not positive-definite)."
                    )
        return LinAlgError("linalg.cholesky: The input is not positive-definite.")

    def backward(ctx, grad: Any) -> Any:
        el = ctx.result
        inner = transposed(ctx, el) @ grad
        half = ctx.call(HalfLower, inner)
        back = ctx.call(Solve, transposed(ctx, el), half + transposed(ctx, half))
        return ctx.xp.swapaxes(ctx.call(Solve, transposed(ctx, el), ctx.xp.swapaxes(back, -1, -2)), -1, -2) / 2


class LinAlgError(RuntimeError):
    """A matrix that does not allow what was asked: singular, not positive definite."""


class HalfLower(Op):
    """The lower triangle with the diagonal halved: Φ in the gradients of factorisations."""

    formula = r"y_{ij} = x_{ij}\,([i > j] + \tfrac{1}{2}[i = j])"
    gradient = {"x": r"\bar x_{ij} = \bar y_{ij}\,([i > j] + \tfrac{1}{2}[i = j])"}

    def forward(ctx, x: Any) -> Any:
        return x * half_weights(ctx.xp, x)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(HalfLower, grad)


def half_weights(xp: Any, x: Any) -> Any:
    """1 below the diagonal, ½ on it, 0 above."""
    n = x.shape[-1]
    return (xp.tril(xp.ones((n, n)), -1) + 0.5 * xp.eye(n)).astype(x.dtype)


class Eigh(Op):
    """Eigenvalues (ascending) and eigenvectors of a symmetric matrix, of which the lower triangle is read."""

    formula = r"A = V \operatorname{diag}(w)\, V^{\top}"
    gradient = {
        "a": r"\bar A = V\,(\operatorname{diag} \bar w + (V^{\top}\bar V) \circ F)\,V^{\top},\ F_{ij} = \tfrac{1}{w_j - w_i}"
    }
    keeps = ("w", "v")
    kept_outputs = {"w": 0, "v": 1}
    node_name = "LinalgEighBackward0"
    public = "linalg.eigh"

    def forward(ctx, a: Any, uplo: str = "L") -> Any:
        square(a, "linalg.eigh")
        ctx.w, ctx.v = ctx.xp.linalg.eigh(a, uplo)
        return ctx.w, ctx.v

    def backward(ctx, dw: Any, dv: Any) -> Any:
        xp, v, w = ctx.xp, ctx.v, ctx.w
        n = w.shape[-1]
        gap = xp.expand_dims(w, -2) - xp.expand_dims(w, -1)
        eye = xp.asarray(namespace_of(w).eye(n, dtype=getattr(w.dtype, "array", w.dtype)))
        inner = (transposed(ctx, v) @ dv) / (gap + eye) * (1 - eye) + xp.expand_dims(dw, -1) * eye
        return v @ inner @ transposed(ctx, v)


def namespace_of(value: Any) -> Any:
    """NumPy or CuPy, for an array or for a tensor's array."""
    return namespace(getattr(value, "_array", value))


class Qr(Op):
    """An orthogonal Q and an upper triangular R with Q R = A."""

    formula = r"A = Q R"
    gradient = {"a": r"\bar A = (\bar Q + Q\,\operatorname{copyltu}(R\bar R^{\top} - \bar Q^{\top} Q))\,R^{-\top}"}
    keeps = ("q", "r")
    kept_outputs = {"q": 0, "r": 1}
    node_name = "LinalgQrBackward0"
    public = "linalg.qr"

    def forward(ctx, a: Any, mode: str = "reduced") -> Any:
        ctx.mode = mode
        if mode == "r":
            r = ctx.xp.linalg.qr(a, "r")
            return ctx.xp.zeros((0,), a.dtype), r
        ctx.q, ctx.r = ctx.xp.linalg.qr(a, mode)
        return ctx.q, ctx.r

    def backward(ctx, dq: Any, dr: Any) -> Any:
        if ctx.mode == "r" or ctx.r.shape[-1] != ctx.r.shape[-2]:
            raise RuntimeError(
                "linalg.qr_backward: the gradient is available for mode 'reduced' and matrices with at least as many rows "
                "as columns"
            )
        m = ctx.r @ transposed(ctx, dr) - transposed(ctx, dq) @ ctx.q
        low = ctx.call(HalfLower, m)
        symmetric = low + transposed(ctx, low)
        inner = dq + ctx.q @ symmetric
        solved = ctx.call(Solve, ctx.r, transposed(ctx, inner))
        return transposed(ctx, solved)


class Svd(Op):
    """Singular values (descending) with their left and right vectors: A = U diag(s) Vᴴ."""

    formula = r"A = U \operatorname{diag}(s)\, V^{H}"
    gradient = {
        "a": r"\bar A = U\,[(F \circ (U^{\top}\bar U - \bar U^{\top}U))\,S + S\,(F \circ (V^{\top}\bar V - \bar V^{\top}V)) + "
        r"\operatorname{diag} \bar s]\,V^{\top} + \dots,\ F_{ij} = \tfrac{1}{s_j^2 - s_i^2}"
    }
    keeps = ("u", "s", "vh")
    kept_outputs = {"u": 0, "s": 1, "vh": 2}
    node_name = "LinalgSvdBackward0"
    public = "linalg.svd"

    def forward(ctx, a: Any, full_matrices: bool = False) -> Any:
        ctx.u, ctx.s, ctx.vh = ctx.xp.linalg.svd(a, full_matrices=full_matrices)
        ctx.thin = not full_matrices or a.shape[-1] == a.shape[-2]
        return ctx.u, ctx.s, ctx.vh

    def backward(ctx, du: Any, ds: Any, dvh: Any) -> Any:
        xp = ctx.xp
        k = ctx.s.shape[-1]
        u, s, v = ctx.u[..., :k], ctx.s, transposed(ctx, ctx.vh)[..., :k]
        du, dv = du[..., :k], transposed(ctx, dvh)[..., :k]
        eye = xp.asarray(namespace_of(s).eye(k, dtype=getattr(s.dtype, "array", s.dtype)))
        row, column = xp.expand_dims(s, -2), xp.expand_dims(s, -1)
        f = (1 - eye) / (row * row - column * column + eye)
        ut_du, vt_dv = transposed(ctx, u) @ du, transposed(ctx, v) @ dv
        middle = (
            f * (ut_du - transposed(ctx, ut_du)) * row
            + column * (f * (vt_dv - transposed(ctx, vt_dv)))
            + eye * xp.expand_dims(ds, -2)
        )
        found = u @ middle @ transposed(ctx, v)
        m, n = u.shape[-2], v.shape[-2]
        if m > k:
            found = found + (du - u @ ut_du) / row @ transposed(ctx, v)
        if n > k:
            found = found + u @ transposed(ctx, (dv - v @ vt_dv) / row)
        return found
