"""Eigenvalues and singular values, with their vectors. Read Eigh first, the others are variations.

The gradients are those of M. Giles (2008), for complex matrices with the freedom of each vector's phase taken out. They
divide by differences of eigenvalues: where two are equal their vectors have no derivative.
"""

from __future__ import annotations

from typing import Any

from .base import Op
from .linalg import Solve
from .triangular import identity, singular, transposed

PHASE = (
    "{}: The {} in the complex case are specified up to multiplication by e^{{i phi}}. The specified loss function "
    "depends on this quantity, making it ill-defined."
)


def share(ctx: Op, product: Any, gaps: Any) -> Any:
    """product / gaps off the diagonal, and 0 wherever nothing is asked: vectors without gradient may have no gap."""
    asked = product != 0
    safe = ctx.xp.where(asked, gaps, 1.0)
    return ctx.xp.where(asked, product / safe, 0.0)


def diagonal(ctx: Op, x: Any) -> Any:
    """The diagonal of matrices, as a vector."""
    return ctx.xp.sum(x * ctx.xp.asarray(identity(x)), axis=-1)


def check_phase(ctx: Op, product: Any, function: str, what: str) -> None:
    """RuntimeError where a loss depends on the phase of complex vectors, which nothing determines."""
    product = getattr(product, "_array", product)
    turning = abs(product.diagonal(0, -2, -1).imag)
    if (turning > 1e-2).any():
        raise RuntimeError(PHASE.format(function, what))


class Eigh(Op):
    """Eigenvalues (ascending) and eigenvectors of a symmetric matrix, of which one triangle is read."""

    layout = "columns"
    formula = r"A = V \operatorname{diag}(w)\, V^{H}"
    gradient = {
        "a": r"\bar A = V\,(\operatorname{diag} \bar w + (V^{H}\bar V) \circ F)\,V^{H},\ F_{ij} = \tfrac{1}{w_j - w_i}"
    }
    keeps = ("w", "v")
    kept_outputs = {"w": 0, "v": 1}
    node_name = "LinalgEighBackward0"
    public = "linalg.eigh"

    def forward(ctx, a: Any, uplo: str = "L") -> Any:
        ctx.w, ctx.v = ctx.xp.linalg.eigh(a, uplo)
        return ctx.w, ctx.v

    def backward(ctx, dw: Any, dv: Any) -> Any:
        xp, v, w = ctx.xp, ctx.v, ctx.w
        vh = transposed(ctx, v)
        product = vh @ dv
        if v.dtype.kind == "c":
            check_phase(ctx, product, "linalg_eigh_backward", "eigenvectors")
        eye = xp.asarray(identity(w))
        gaps = xp.expand_dims(w, -2) - xp.expand_dims(w, -1)
        return v @ (share(ctx, product * (1 - eye), gaps + eye) + xp.expand_dims(dw, -1) * eye) @ vh


class Eig(Op):
    """Eigenvalues and eigenvectors of any square matrix: complex, even where the matrix is real."""

    layout = "columns"
    formula = r"A V = V \operatorname{diag}(w)"
    gradient = {
        "a": r"\bar A = V^{-H}\,(\operatorname{diag} \bar w + (V^{H}\bar V - V^{H} V \operatorname{Re} "
        r"\operatorname{diag}(V^{H}\bar V)) \circ F)\,V^{H},\ F_{ij} = \tfrac{1}{(w_j - w_i)^{*}}"
    }
    keeps = ("w", "v")
    kept_outputs = {"w": 0, "v": 1}
    node_name = "LinalgEigBackward0"
    public = "linalg.eig"

    def forward(ctx, a: Any) -> Any:
        kind = "c16" if a.dtype.name in ("float64", "complex128") else "c8"
        w, v = ctx.xp.linalg.eig(a)
        ctx.w, ctx.v = w.astype(kind), v.astype(kind)
        return ctx.w, ctx.v

    def backward(ctx, dw: Any, dv: Any) -> Any:
        xp, v, w = ctx.xp, ctx.v, ctx.w
        vh = transposed(ctx, v)
        product = vh @ dv
        check_phase(ctx, product, "linalg_eig_backward", "eigenvectors")
        eye = xp.asarray(identity(w).real)
        along = diagonal(ctx, product).real  # lengths are fixed at 1: what would stretch a vector is taken out
        product = product - vh @ (v * xp.expand_dims(along, -2))
        gaps = ctx.conj(xp.expand_dims(w, -2) - xp.expand_dims(w, -1))
        inner = share(ctx, product * (1 - eye), gaps + eye) + xp.expand_dims(dw, -1) * eye
        return ctx.call(Solve, vh, inner @ vh)[0]


class Svd(Op):
    """Singular values (descending) with their left and right vectors: A = U diag(s) Vᴴ."""

    layout = "columns"
    formula = r"A = U \operatorname{diag}(s)\, V^{H}"
    gradient = {
        "a": r"\bar A = U\,[(F \circ (U^{H}\bar U - \bar U^{H}U))\,S + S\,(F \circ (V^{H}\bar V - \bar V^{H}V)) + "
        r"\operatorname{diag} \bar s]\,V^{H} + \dots,\ F_{ij} = \tfrac{1}{s_j^2 - s_i^2}"
    }
    keeps = ("u", "s", "vh")
    kept_outputs = {"u": 0, "s": 1, "vh": 2}
    node_name = "LinalgSvdBackward0"
    public = "linalg.svd"

    def forward(ctx, a: Any, full_matrices: bool = False) -> Any:
        ctx.u, ctx.s, ctx.vh = singular(ctx.xp, a, full_matrices)
        return ctx.u, ctx.s, ctx.vh

    def backward(ctx, du: Any, ds: Any, dvh: Any) -> Any:
        xp = ctx.xp
        k = ctx.s.shape[-1]
        u, s, v = ctx.u[..., :k], ctx.s, transposed(ctx, ctx.vh)[..., :k]
        du, dv = du[..., :k], transposed(ctx, dvh)[..., :k]
        eye = xp.asarray(identity(s))
        row, column = xp.expand_dims(s, -2), xp.expand_dims(s, -1)
        gaps = row * row - column * column + eye
        ut_du, vt_dv = transposed(ctx, u) @ du, transposed(ctx, v) @ dv
        middle = (
            share(ctx, (ut_du - transposed(ctx, ut_du)) * (1 - eye), gaps) * row
            + column * share(ctx, (vt_dv - transposed(ctx, vt_dv)) * (1 - eye), gaps)
            + eye * xp.expand_dims(ds, -2)
        )
        if u.dtype.kind == "c":  # the phases of u and v turn together; only their difference shows
            check_phase(ctx, ut_du + vt_dv, "svd_backward", "singular vectors")
            middle = middle + eye * xp.expand_dims(1j * diagonal(ctx, ut_du).imag / s, -2)
        found = u @ middle @ transposed(ctx, v)
        m, n = u.shape[-2], v.shape[-2]
        if m > k:
            found = found + share(ctx, du - u @ ut_du, row) @ transposed(ctx, v)
        if n > k:
            found = found + u @ transposed(ctx, share(ctx, dv - v @ vt_dv, row))
        return found
