"""Linear algebra: inverses, determinants, systems, vector products. Read Inverse first.

All take batches of matrices in their last two dimensions. The gradients follow M. Giles, "Collected matrix derivative
results for forward and reverse mode algorithmic differentiation" (2008); Cholesky's, I. Murray (2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import Op
from .lu import factor, permutation
from .reduction import axis_of
from .triangular import batch, identity, substitute, transposed


class _LinAlgError(RuntimeError):
    """A matrix that does not allow what was asked: singular, not positive definite."""


def solved(xp: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """X with A X = B, and for each matrix the place of the first zero pivot (0 where there is none).

    What a singular matrix gives is what division by its zero pivots gives: inf and nan.
    """
    lead = xp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    try:
        return xp.linalg.solve(a, b), xp.zeros(a.shape[:-2], "i4")
    except np.linalg.LinAlgError:
        pass
    info = first_zero_pivot(xp, a)
    many_a = batch(xp.broadcast_to(a, (*lead, *a.shape[-2:])))
    found = xp.array(batch(xp.broadcast_to(b, (*lead, *b.shape[-2:]))))
    for place, bad in enumerate(xp.broadcast_to(info, lead).reshape(-1)):
        if not bad:
            found[place] = xp.linalg.solve(many_a[place], found[place])
            continue
        lu, pivots, _ = factor(xp, many_a[place])
        rows = permutation(xp, pivots, a.shape[-1], b.dtype).T @ found[place]
        with xp.errstate(all="ignore"):
            found[place] = substitute(xp, lu, substitute(xp, lu, rows, upper=False, unit=True), upper=True)
    return found.reshape(*lead, *b.shape[-2:]), info


def first_zero_pivot(xp: Any, a: Any) -> Any:
    """Where elimination meets a zero pivot; rounding may hide it, then a pivot as small as rounding errors is one."""
    lu, _, info = factor(xp, a)
    if not info.any():
        pivots = abs(lu.diagonal(0, -2, -1))
        small = pivots <= pivots.max(-1, keepdims=True) * xp.finfo(a.dtype).eps * a.shape[-1]
        info = xp.where(small.any(-1), small.argmax(-1) + 1, 0).astype("i4")
    return xp.asarray(info)


# The public name. The other one, which tracebacks show, is the name that PyTorch gave the class.
LinAlgError = _LinAlgError


class Inverse(Op):
    """The inverse: since X Y = 1 stays 1, a change of X is answered by -Y dX Y."""

    layout = "columns"
    formula = r"Y = X^{-1}"
    gradient = {"x": r"\bar X = -Y^{H} \bar Y\, Y^{H}"}
    keeps = ("result",)
    node_name = "LinalgInvExBackward0"
    public = "linalg.inv"

    def forward(ctx, x: Any) -> Any:
        return solved(ctx.xp, x, ctx.xp.broadcast_to(identity(x), x.shape))

    def backward(ctx, grad: Any, _: Any) -> Any:
        yt = transposed(ctx, ctx.result)
        return -(yt @ grad @ yt)


class Det(Op):
    """The determinant; its gradient is the matrix of cofactors."""

    formula = r"y = \det X"
    gradient = {"x": r"\bar X = \bar y\, y^{*} X^{-H}"}
    keeps = ("x", "result")
    node_name = "LinalgDetBackward0"
    public = "linalg.det"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.asarray(ctx.xp.linalg.det(x))

    def backward(ctx, grad: Any) -> Any:
        if ctx.lifted is None and bool((ctx.result == 0).any()):
            return grad[..., None, None] * cofactors(ctx.xp, ctx.x).conj()
        scale = ctx.xp.expand_dims(ctx.xp.expand_dims(grad * ctx.conj(ctx.result), -1), -1)
        return scale * transposed(ctx, ctx.call(Inverse, ctx.x)[0])


def cofactors(xp: Any, x: Any) -> Any:
    """The matrix of cofactors by way of the singular values, which exist for singular matrices, too."""
    u, s, vh = xp.linalg.svd(x)
    n = s.shape[-1]
    if not n:
        return xp.zeros_like(x)
    others = xp.stack([xp.prod(xp.delete(s, i, axis=-1), axis=-1) for i in range(n)], axis=-1)
    sign = xp.asarray(xp.linalg.det(u) * xp.linalg.det(vh))
    return sign[..., None, None] * (u.conj() * others[..., None, :]) @ vh.conj()


class Slogdet(Op):
    """Sign and logarithm of the determinant, where the determinant itself would overflow."""

    formula = r"s, l = \operatorname{sign}\det X,\ \ln|\det X|"
    gradient = {"x": r"\bar X = (\bar l - i \operatorname{Im}(\bar s^{*} s))\, X^{-H}"}
    keeps = ("x", "sign")
    kept_outputs = {"sign": 0}
    node_name = "LinalgSlogdetBackward0"
    public = "linalg.slogdet"

    def forward(ctx, x: Any) -> Any:
        sign, log = ctx.xp.linalg.slogdet(x)
        ctx.sign = ctx.xp.asarray(sign).astype(x.dtype)
        return ctx.sign, ctx.xp.asarray(log).astype(x.real.dtype)

    def backward(ctx, turn: Any, grad: Any) -> Any:
        if ctx.x.dtype.kind == "c":  # the sign turns with the determinant's angle; in real numbers it stays
            grad = grad - 1j * (ctx.conj(turn) * ctx.sign).imag
        scale = ctx.xp.expand_dims(ctx.xp.expand_dims(grad, -1), -1)
        return scale * transposed(ctx, ctx.call(Inverse, ctx.x)[0])


class Solve(Op):
    """The X with A X = B (or X A = B). Backwards, the same system is solved once more, with A transposed."""

    layout = "columns"
    formula = r"X = A^{-1} B"
    gradient = {"a": r"\bar A = -\bar B\, X^{H}", "b": r"\bar B = A^{-H} \bar X"}
    keeps = ("a", "result")
    node_name = "LinalgSolveExBackward0"
    public = "linalg.solve"

    def forward(ctx, a: Any, b: Any, left: bool = True, vector: bool = False) -> Any:
        ctx.left, ctx.vector, xp = left, vector, ctx.xp
        b = b[..., None] if vector else b
        if left:
            found, info = solved(xp, a, b)
        else:
            found, info = solved(xp, xp.swapaxes(a, -1, -2), xp.swapaxes(b, -1, -2))
            found = xp.swapaxes(found, -1, -2)
        return found[..., 0] if vector else found, info

    def backward(ctx, grad: Any, _: Any) -> Any:
        xp = ctx.xp
        grad, x = (xp.expand_dims(grad, -1), xp.expand_dims(ctx.result, -1)) if ctx.vector else (grad, ctx.result)
        db = ctx.call(Solve, transposed(ctx, ctx.a), grad, left=ctx.left)[0]
        da = None
        if ctx.needs[0]:
            da = -(db @ transposed(ctx, x)) if ctx.left else -(transposed(ctx, x) @ db)
        return da, db[..., 0] if ctx.vector else db


class Cross(Op):
    """The vector product: at right angles to both, as long as the area between them."""

    formula = r"z = x \times y"
    gradient = {"x": r"\bar x = y^{*} \times \bar z", "y": r"\bar y = \bar z \times x^{*}"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0,)}
    promotes = "same"
    node_name = "LinalgCrossBackward0"
    public = "linalg.cross"

    def forward(ctx, x: Any, y: Any, dim: int = -1) -> Any:
        ctx.axis, xp = axis_of(dim, x.ndim), ctx.xp
        a, b = (xp.moveaxis(t, ctx.axis, 0) for t in (x, y))
        parts = [a[i] * b[j] - a[j] * b[i] for i, j in ((1, 2), (2, 0), (0, 1))]
        return xp.stack(parts, axis=ctx.axis)

    def backward(ctx, grad: Any) -> Any:
        return (
            ctx.call(Cross, ctx.conj(ctx.y), grad, dim=ctx.axis) if ctx.needs[0] else None,
            ctx.call(Cross, grad, ctx.conj(ctx.x), dim=ctx.axis) if ctx.needs[1] else None,
        )
