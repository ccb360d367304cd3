"""Products added to something: β B + α X Y for every shape of product. Read Addmm (in matrix.py) first."""

from __future__ import annotations

from typing import Any

from ..errors import lesson
from .base import Op
from .matrix import conjugate, product


def add(ctx: Any, bias: Any, found: Any, beta: Any, alpha: Any) -> Any:
    """β B + α P for a product P. Whole numbers are weighted by whole numbers; with β = 0 B does not matter, were it NaN."""
    ctx.alpha, ctx.beta = alpha, beta
    fits(bias.shape, found.shape)
    if found.dtype.kind == "b":
        return (found & bool(alpha)) | (bias & bool(beta))
    if found.dtype.kind in "iu":
        ctx.alpha, ctx.beta = alpha, beta = int(alpha), int(beta)
    scaled = found if alpha == 1 else found * ctx.xp.asarray(alpha, found.dtype)
    if beta == 0:
        return scaled
    return scaled + (bias if beta == 1 else bias * ctx.xp.asarray(beta, found.dtype))


def shares(ctx: Any, grad: Any) -> tuple[Any, Any]:
    """The gradients of B and of P."""
    beta, alpha = conjugate(ctx.beta), conjugate(ctx.alpha)
    return (grad * beta if ctx.needs[0] else None), (grad if alpha == 1 else grad * alpha)


def fits(shape: tuple[int, ...], target: tuple[int, ...]) -> None:
    """RuntimeError where what is added does not broadcast to the product."""
    offset = len(target) - len(shape)
    for dim in reversed(range(len(target))):
        size = shape[dim - offset] if dim >= offset else 1
        if size not in (1, target[dim]):
            raise lesson(
                RuntimeError(
                    f"The expanded size of the tensor ({target[dim]}) must match the existing size ({size}) at "
                    f"non-singleton dimension {dim}.  Target sizes: {list(target)}.  Tensor sizes: {list(shape)}"
                ),
                expected=f"what broadcasts to {list(target)}",
                got=list(shape),
            )


class Addmv(Op):
    """A matrix times a vector, added to a vector."""

    formula = r"z = \beta b + \alpha X v"
    gradient = {
        "bias": r"\bar b = \beta \bar z",
        "x": r"\bar X = \alpha \bar z\,v^{\top}",
        "y": r"\bar v = \alpha X^{\top}\,\bar z",
    }
    keeps = ("x", "y")
    kept_for = {"x": (2,), "y": (1,)}
    refuses = {"bool": "addmv_impl_cpu"}
    wide = True

    def forward(ctx, bias: Any, x: Any, y: Any, beta: Any = 1, alpha: Any = 1) -> Any:
        return add(ctx, bias, x @ y, beta, alpha)

    def backward(ctx, grad: Any) -> Any:
        db, dp = shares(ctx, grad)
        outer = ctx.xp.expand_dims(dp, 1) * ctx.xp.expand_dims(ctx.conj(ctx.y), 0) if ctx.needs[1] else None
        return db, outer, ctx.conj(ctx.x).T @ dp if ctx.needs[2] else None


class Addr(Op):
    """All products of two vectors' elements, added to a matrix."""

    formula = r"Z = \beta B + \alpha\, x y^{\top}"
    gradient = {
        "bias": r"\bar B = \beta \bar Z",
        "vec1": r"\bar x = \alpha \bar Z\,y",
        "vec2": r"\bar y = \alpha \bar Z^{\top} x",
    }
    keeps = ("vec1", "vec2")
    kept_for = {"vec1": (2,), "vec2": (1,)}
    promotes = "same"

    def forward(ctx, bias: Any, vec1: Any, vec2: Any, beta: Any = 1, alpha: Any = 1) -> Any:
        return add(ctx, bias, vec1[:, None] * vec2, beta, alpha)

    def backward(ctx, grad: Any) -> Any:
        db, dp = shares(ctx, grad)
        return (
            db,
            dp @ ctx.conj(ctx.vec2) if ctx.needs[1] else None,
            dp.T @ ctx.conj(ctx.vec1) if ctx.needs[2] else None,
        )


class Baddbmm(Op):
    """A product for each pair of a batch, added to a batch of matrices."""

    formula = r"Z_i = \beta B_i + \alpha X_i Y_i"
    gradient = {
        "bias": r"\bar B_i = \beta \bar Z_i",
        "x": r"\bar X_i = \alpha \bar Z_i\,Y_i^{\top}",
        "y": r"\bar Y_i = \alpha X_i^{\top}\,\bar Z_i",
    }
    keeps = ("x", "y")
    kept_for = {"x": (2,), "y": (1,)}
    refuses = {"bool": "baddbmm"}
    wide = True

    def forward(ctx, bias: Any, x: Any, y: Any, beta: Any = 1, alpha: Any = 1) -> Any:
        return add(ctx, bias, ctx.kernel(x).matmul(x, y), beta, alpha)

    def backward(ctx, grad: Any) -> Any:
        db, dp = shares(ctx, grad)
        return (db, *ctx.factors(dp))

    def factors(ctx, grad: Any) -> tuple[Any, Any]:
        """The gradients of both factors of each pair."""
        return (
            product(ctx, grad, ctx.xp.swapaxes(ctx.conj(ctx.y), 1, 2)) if ctx.needs[1] else None,
            product(ctx, ctx.xp.swapaxes(ctx.conj(ctx.x), 1, 2), grad) if ctx.needs[2] else None,
        )


class Addbmm(Baddbmm):
    """The sum of the products of all pairs of a batch, added to a matrix."""

    formula = r"Z = \beta B + \alpha \sum_i X_i Y_i"
    gradient = {
        "bias": r"\bar B = \beta \bar Z",
        "x": r"\bar X_i = \alpha \bar Z\,Y_i^{\top}",
        "y": r"\bar Y_i = \alpha X_i^{\top}\,\bar Z",
    }
    refuses = {"bool": "addmm_impl_cpu_"}

    def forward(ctx, bias: Any, x: Any, y: Any, beta: Any = 1, alpha: Any = 1) -> Any:
        return add(ctx, bias, ctx.kernel(x).matmul(x, y).sum(0, dtype=x.dtype), beta, alpha)

    def backward(ctx, grad: Any) -> Any:
        db, dp = shares(ctx, grad)
        if not (ctx.needs[1] or ctx.needs[2]):
            return db, None, None
        count = ctx.x.shape[0] if ctx.needs[2] else ctx.y.shape[0]
        return (db, *ctx.factors(ctx.xp.broadcast_to(dp, (count, *grad.shape))))
