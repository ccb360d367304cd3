"""Matrix products: read Mm first, the others are the same rule with other shapes."""

from __future__ import annotations

from typing import Any

from ..dtypes import SCALAR_NAMES, TYPE_INFO_NAMES, of_array
from ..errors import lesson
from .base import Op

ONE_TYPE = "expected m1 and m2 to have the same dtype, but got: {0} != {1}"


def _same_type(x: Any, y: Any, names: str = "") -> None:
    if x.dtype != y.dtype:
        a, b = (TYPE_INFO_NAMES[of_array(t.dtype)] for t in (x, y))
        raise lesson(
            RuntimeError(ONE_TYPE.format(a, b)),
            expected=f"two tensors of one dtype, such as {x.dtype}",
            got=f"{x.dtype} and {y.dtype}",
            hint="y.to(x.dtype)",
        )


class Mm(Op):
    r"""The product of two matrices. An entry of the result uses one row and one column, hence the two rules."""

    formula = r"Z = X\,Y"
    gradient = {"x": r"\bar X = \bar Z\,Y^{\top}", "y": r"\bar Y = X^{\top}\,\bar Z"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0,)}
    refuses = {"bool unsigned": "addmm_impl_cpu_"}
    wide = True
    one_type = ONE_TYPE

    def forward(ctx, x: Any, y: Any) -> Any:
        if x.ndim != 2:
            raise RuntimeError("self must be a matrix")
        if y.ndim != 2:
            raise RuntimeError("mat2 must be a matrix")
        if x.shape[1] != y.shape[0]:
            raise mismatch(x.shape, y.shape)
        _same_type(x, y)
        ctx.turned = y.flags.f_contiguous
        return ctx.kernel(x).matmul(x, y)

    def backward(ctx, grad: Any) -> Any:
        return (
            product(ctx, grad, ctx.conj(ctx.y).T) if ctx.needs[0] else None,
            product(ctx, ctx.conj(ctx.x).T, grad, ctx.turned) if ctx.needs[1] else None,
        )


def product(ctx: Op, a: Any, b: Any, turned: bool = False) -> Any:
    """a @ b: by the backend's kernel on arrays, by the operator on tensors.

    The gradient of a transposed matrix is laid out transposed too (`turned`): turning it back then copies nothing.
    """
    if ctx.lifted is not None:
        return a @ b
    if turned:
        return ctx.kernel(a).matmul(b.T, a.T).T
    return ctx.kernel(a).matmul(a, b)


def mismatch(a: tuple[int, ...], b: tuple[int, ...]) -> RuntimeError:
    """The sentence for two matrices whose inner sizes differ."""
    return lesson(
        RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({a[0]}x{a[1]} and {b[0]}x{b[1]})"),
        expected=f"mat2 with {a[1]} rows, as many as mat1 has columns",
        got=b[0],
        hint="check both .shape; x.t() swaps rows and columns",
    )


class Mv(Op):
    formula = r"z = X\,v"
    gradient = {"x": r"\bar X = \bar z\,v^{\top}", "y": r"\bar v = X^{\top}\,\bar z"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0,)}
    refuses = {"bool unsigned": "addmv_impl_cpu"}
    wide = True
    one_type = ONE_TYPE

    def forward(ctx, x: Any, y: Any) -> Any:
        if x.ndim != 2 or y.ndim != 1:
            raise RuntimeError(f"vector + matrix @ vector expected, got 1, {x.ndim}, {y.ndim}")
        if x.shape[1] != y.shape[0]:
            raise lesson(
                RuntimeError(
                    f"size mismatch, got input ({x.shape[0]}), mat ({x.shape[0]}x{x.shape[1]}), vec ({y.shape[0]})"
                ),
                expected=f"a vector of {x.shape[1]} elements",
                got=y.shape[0],
            )
        if x.dtype != y.dtype:
            kinds = f"{_title(y)}, {_title(x)}, and {_title(y)}"
            raise lesson(
                RuntimeError(f"addmv input tensors must have the same dtype, but got {kinds}"),
                expected="two tensors of one dtype",
                got=f"{x.dtype} and {y.dtype}",
            )
        return x @ y

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        return (
            xp.expand_dims(grad, 1) * xp.expand_dims(ctx.conj(ctx.y), 0) if ctx.needs[0] else None,
            ctx.conj(ctx.x).T @ grad if ctx.needs[1] else None,
        )


class Dot(Op):
    formula = r"z = \sum_i x_i y_i"
    gradient = {"x": r"\bar x = \bar z\,y", "y": r"\bar y = \bar z\,x"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0,)}
    refuses = {"bool unsigned": "dot"}
    wide = True
    one_type = "dot : expected both vectors to have same dtype, but found {2} and {3}"

    def forward(ctx, x: Any, y: Any) -> Any:
        if x.ndim != 1 or y.ndim != 1:
            raise RuntimeError(f"1D tensors expected, but got {x.ndim}D and {y.ndim}D tensors")
        if x.dtype != y.dtype:
            raise RuntimeError(f"dot : expected both vectors to have same dtype, but found {_title(x)} and {_title(y)}")
        if x.shape != y.shape:
            raise lesson(
                RuntimeError(
                    f"inconsistent tensor size, expected tensor [{x.shape[0]}] and src [{y.shape[0]}] to have the same "
                    f"number of elements, but got {x.shape[0]} and {y.shape[0]} elements respectively"
                ),
                expected=f"{x.shape[0]} elements",
                got=y.shape[0],
            )
        return x @ y

    def backward(ctx, grad: Any) -> Any:
        return (
            grad * ctx.conj(ctx.y) if ctx.needs[0] else None,
            grad * ctx.conj(ctx.x) if ctx.needs[1] else None,
        )


class Vdot(Dot):
    """The dot product with the first vector conjugated."""

    formula = r"z = \sum_i x_i^{*} y_i"
    gradient = {"x": r"\bar x = \bar z^{*} y", "y": r"\bar y = \bar z\,x"}
    refuses = {"bool": "vdot"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return super().forward(ctx.conj(x), y)

    def backward(ctx, grad: Any) -> Any:
        return (
            ctx.conj(grad) * ctx.y if ctx.needs[0] else None,
            grad * ctx.x if ctx.needs[1] else None,
        )


def _title(x: Any) -> str:
    return SCALAR_NAMES[of_array(x.dtype)]


class Bmm(Op):
    """A product for each pair of a batch."""

    formula = r"Z_b = X_b\,Y_b"
    gradient = {"x": r"\bar X_b = \bar Z_b\,Y_b^{\top}", "y": r"\bar Y_b = X_b^{\top}\,\bar Z_b"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0,)}
    refuses = {"bool unsigned": "bmm"}
    wide = True
    one_type = ONE_TYPE

    def forward(ctx, x: Any, y: Any) -> Any:
        if x.ndim != 3:
            raise RuntimeError("batch1 must be a 3D tensor")
        if y.ndim != 3:
            raise RuntimeError("batch2 must be a 3D tensor")
        if x.shape[0] != y.shape[0] or x.shape[2] != y.shape[1]:
            raise lesson(
                RuntimeError(
                    f"Expected size for first two dimensions of batch2 tensor to be: [{x.shape[0]}, {x.shape[2]}] but "
                    f"got: [{y.shape[0]}, {y.shape[1]}]."
                ),
                expected=[x.shape[0], x.shape[2]],
                got=list(y.shape[:2]),
            )
        _same_type(x, y)
        return ctx.kernel(x).matmul(x, y)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        return (
            product(ctx, grad, xp.swapaxes(ctx.conj(ctx.y), 1, 2)) if ctx.needs[0] else None,
            product(ctx, xp.swapaxes(ctx.conj(ctx.x), 1, 2), grad) if ctx.needs[1] else None,
        )


class Addmm(Op):
    """A matrix product and a sum in one: what a linear layer computes."""

    formula = r"Z = \beta B + \alpha X Y"
    gradient = {
        "bias": r"\bar B = \beta \bar Z",
        "x": r"\bar X = \alpha \bar Z\,Y^{\top}",
        "y": r"\bar Y = \alpha X^{\top}\,\bar Z",
    }
    keeps = ("x", "y")
    kept_for = {"x": (2,), "y": (1,)}
    refuses = {"bool unsigned": "addmm_impl_cpu_"}
    wide = True
    one_type = "mat1 and mat2 must have the same dtype, but got {2} and {3}"

    def forward(ctx, bias: Any, x: Any, y: Any, beta: float = 1, alpha: float = 1) -> Any:
        if x.ndim != 2:
            raise RuntimeError(f"mat1 must be a matrix, got {x.ndim}-D tensor")
        if y.ndim != 2:
            raise RuntimeError(f"mat2 must be a matrix, got {y.ndim}-D tensor")
        if x.shape[1] != y.shape[0]:
            raise mismatch(x.shape, y.shape)
        if x.dtype != y.dtype:
            raise lesson(
                RuntimeError(f"mat1 and mat2 must have the same dtype, but got {_title(x)} and {_title(y)}"),
                expected=f"both {y.dtype}",
                got=f"{x.dtype} and {y.dtype}",
                hint="x.float()  turns the input into float32",
            )
        ctx.alpha, ctx.beta, ctx.turned = alpha, beta, y.flags.f_contiguous
        product = ctx.kernel(x).matmul(x, y)
        if alpha != 1:
            product = product * alpha
        if beta == 0:
            return product
        product += bias if beta == 1 else beta * bias
        return product

    def backward(ctx, grad: Any) -> Any:
        scaled = grad if ctx.alpha == 1 else grad * conjugate(ctx.alpha)
        return (
            (grad if ctx.beta == 1 else grad * conjugate(ctx.beta)) if ctx.needs[0] else None,
            product(ctx, scaled, ctx.conj(ctx.y).T) if ctx.needs[1] else None,
            product(ctx, ctx.conj(ctx.x).T, scaled, ctx.turned) if ctx.needs[2] else None,
        )


def conjugate(weight: Any) -> Any:
    """The conjugate of a Python number."""
    return weight.conjugate() if isinstance(weight, complex) else weight
