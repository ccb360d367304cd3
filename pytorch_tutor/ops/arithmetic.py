"""Arithmetic on two tensors, element by element: read Add first, then Mul."""

from __future__ import annotations

from typing import Any

from ..backends.fused import multiply_add
from .base import Op

LARGE = 1 << 16  # elements from which a kernel on several cores is worth its call


class Add(Op):
    formula = r"z = x + \alpha y"
    gradient = {"x": r"\bar x = \bar z", "y": r"\bar y = \alpha \bar z"}
    promotes = "same"
    alpha: Any = 1
    refuses = {"unsigned": "add_stub"}

    def forward(ctx, x: Any, y: Any, alpha: Any = 1) -> Any:
        if alpha != 1:
            ctx.alpha = alpha
            return multiply_add(x, alpha, y) if x.dtype.kind != "b" else x | (y & bool(alpha))
        return x + y if x.size < LARGE else ctx.kernel(x).add(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad, grad if ctx.alpha == 1 else grad * ctx.alpha


class Sub(Op):
    formula = r"z = x - \alpha y"
    gradient = {"x": r"\bar x = \bar z", "y": r"\bar y = -\alpha \bar z"}
    promotes = "same"
    alpha: Any = 1
    refuses = {"unsigned": "add_stub"}

    def forward(ctx, x: Any, y: Any, alpha: Any = 1) -> Any:
        if alpha != 1:
            ctx.alpha = alpha
            return multiply_add(x, -alpha, y)
        return x - y if x.size < LARGE else ctx.kernel(x).subtract(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad, (grad * -ctx.alpha if ctx.needs[1] else None)


class Rsub(Op):
    formula = r"z = y - \alpha x"
    gradient = {"x": r"\bar x = -\alpha \bar z", "y": r"\bar y = \bar z"}
    promotes = "same"
    alpha: Any = 1
    refuses = {"unsigned": "add_stub"}

    def forward(ctx, x: Any, y: Any, alpha: Any = 1) -> Any:
        ctx.alpha = alpha
        return y - x if alpha == 1 else multiply_add(y, -alpha, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * -ctx.alpha, grad


class Mul(Op):
    formula = r"z = x\,y"
    gradient = {"x": r"\bar x = \bar z\,y", "y": r"\bar y = \bar z\,x"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0,)}  # each factor is remembered only for the other one's gradient
    promotes = "same"

    def forward(ctx, x: Any, y: Any) -> Any:
        return x * y if x.size < LARGE else ctx.kernel(x).multiply(x, y)

    def backward(ctx, grad: Any) -> Any:
        if ctx.lifted is None and grad.size >= LARGE and grad.dtype.kind == "f":
            times = ctx.kernel(grad).multiply
            return times(grad, ctx.y) if ctx.needs[0] else None, times(grad, ctx.x) if ctx.needs[1] else None
        return (
            grad * ctx.conj(ctx.y) if ctx.needs[0] else None,
            grad * ctx.conj(ctx.x) if ctx.needs[1] else None,
        )


class Div(Op):
    formula = r"z = x / y"
    gradient = {"x": r"\bar x = \bar z / y", "y": r"\bar y = -\bar z\,x / y^2"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (0, 1)}
    promotes = "float"

    def forward(ctx, x: Any, y: Any, variant: int = 0) -> Any:
        ctx.variant = variant
        return x / y

    def backward(ctx, grad: Any) -> Any:
        y = ctx.conj(ctx.y)
        return (
            grad / y if ctx.needs[0] else None,
            -grad * ctx.conj(ctx.x) / (y * y) if ctx.needs[1] else None,
        )


class RoundedDiv(Op):
    """Division rounded down ("floor") or towards zero ("trunc"): flat almost everywhere, so its gradient is zero."""

    formula = r"z = \lfloor x / y \rfloor"
    gradient = {"x": r"\bar x = 0", "y": r"\bar y = 0"}
    promotes = "same"
    node_name = "DivBackward2"
    public = "div"

    def forward(ctx, x: Any, y: Any, rounding_mode: str) -> Any:
        xp = ctx.xp
        kind = xp.result_type(x, y)  # a Python number takes the type of the array beside it
        x, y = xp.asarray(x, kind), xp.asarray(y, kind)
        ctx.refuse(x, "bool complex unsigned", f"div_{rounding_mode}_cpu")
        if x.dtype.kind in "iu":
            if not y.all():
                raise RuntimeError("ZeroDivisionError")
            down = x // y
            if rounding_mode == "floor":
                return down
            return down + ((down < 0) & (down * y != x)).astype(down.dtype)
        return xp.trunc(x / y) if rounding_mode == "trunc" else xp.floor_divide(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad * 0, grad * 0


class Remainder(Op):
    formula = r"z = x - y \lfloor x / y \rfloor"
    gradient = {"x": r"\bar x = \bar z", "y": r"\bar y = -\bar z \lfloor x / y \rfloor"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (1,)}
    promotes = "same"
    second_counts = True
    refuses = {"bool complex unsigned": "remainder_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        if ctx.xp.asarray(x).dtype.kind in "iu" and not ctx.xp.asarray(y).all():
            raise RuntimeError("ZeroDivisionError")
        return ctx.xp.remainder(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad, (-grad * ctx.xp.floor(ctx.x / ctx.y) if ctx.needs[1] else None)


class Fmod(Op):
    formula = r"z = x - y\,\operatorname{trunc}(x / y)"
    gradient = {"x": r"\bar x = \bar z", "y": r"\bar y = -\bar z\,\operatorname{trunc}(x / y)"}
    keeps = ("x", "y")
    kept_for = {"x": (1,), "y": (1,)}
    promotes = "same"
    second_counts = True
    refuses = {"bool complex unsigned": "fmod_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        if ctx.xp.asarray(x).dtype.kind in "iu" and not ctx.xp.asarray(y).all():
            raise RuntimeError("ZeroDivisionError")
        return ctx.xp.fmod(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad, (-grad * ctx.xp.trunc(ctx.x / ctx.y) if ctx.needs[1] else None)


class Pow(Op):
    """A power with a fixed exponent."""

    formula = r"z = x^{n}"
    gradient = {"x": r"\bar x = \bar z\, n\, x^{n-1}"}
    keeps = ("x",)
    promotes = ""
    refuses = {"unsigned": "pow"}

    def forward(ctx, x: Any, exponent: Any) -> Any:
        ctx.exponent = exponent
        if exponent == 2:
            return x * x
        if exponent is True and x.dtype.kind == "b":
            return x.copy()
        if exponent == 0.5:
            return ctx.xp.sqrt(x)
        return x**exponent

    def backward(ctx, grad: Any) -> Any:
        n = ctx.exponent
        if n == 0:
            return grad * 0
        if n == 1:
            return grad * 1
        return grad * (n * ctx.conj(ctx.x if n == 2 else ctx.x ** (n - 1)))


class PowTensor(Op):
    """A power whose exponent is a tensor, too; at base 0 the gradient of the exponent is 0 where it is positive."""

    formula = r"z = x^{y}"
    gradient = {"x": r"\bar x = \bar z\, y\, x^{y-1}", "y": r"\bar y = \bar z\, z \ln x"}
    keeps = ("x", "y", "result")
    promotes = "same"
    node_name = "PowBackward1"
    public = "pow"
    refuses = {"bool unsigned": "pow"}

    def forward(ctx, x: Any, y: Any) -> Any:
        if y.dtype.kind == "i" and (y < 0).any():  # 1/xⁿ, cut off: 0 unless x is 1 or -1
            xp = ctx.xp
            inverse = xp.where(x == 1, 1, xp.where(x == -1, 1 - 2 * (y % 2), 0))
            return xp.where(y < 0, inverse, x ** xp.maximum(y, 0)).astype(x.dtype)
        return x**y

    def backward(ctx, grad: Any) -> Any:
        xp, x, y = ctx.xp, ctx.x, ctx.y
        dx = dy = None
        if ctx.needs[0]:
            dx = xp.where(y == 0, 0.0, grad * (y * x ** xp.where(y == 0, 1.0, y - 1)))
        if ctx.needs[1]:
            flat = (x == 0) & (y >= 0)
            dy = grad * xp.where(flat, 0.0, ctx.result * xp.log(xp.where(flat, 1.0, x)))
        return dx, dy


class Maximum(Op):
    """The larger of two; where they are equal each gets half of the gradient."""

    formula = r"z = \max(x, y)"
    gradient = {
        "x": r"\bar x = \bar z\,([x > y] + \tfrac{1}{2} [x = y])",
        "y": r"\bar y = \bar z\,([y > x] + \tfrac{1}{2} [x = y])",
    }
    keeps = ("x", "y")
    promotes = "same"
    refuses = {"complex": RuntimeError("maximum not implemented for complex tensors."), "unsigned": "maximum_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.maximum(x, y)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        half = xp.where(ctx.x == ctx.y, grad / 2, grad)
        return xp.where(ctx.x >= ctx.y, half, 0.0), xp.where(ctx.y >= ctx.x, half, 0.0)


class Minimum(Op):
    """The smaller of two; where they are equal each gets half of the gradient."""

    formula = r"z = \min(x, y)"
    gradient = {
        "x": r"\bar x = \bar z\,([x < y] + \tfrac{1}{2} [x = y])",
        "y": r"\bar y = \bar z\,([y < x] + \tfrac{1}{2} [x = y])",
    }
    keeps = ("x", "y")
    promotes = "same"
    refuses = {"complex": RuntimeError("minimum not implemented for complex tensors."), "unsigned": "minimum_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.minimum(x, y)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        half = xp.where(ctx.x == ctx.y, grad / 2, grad)
        return xp.where(ctx.x <= ctx.y, half, 0.0), xp.where(ctx.y <= ctx.x, half, 0.0)


class Fmax(Op):
    """The larger of two, ignoring NaN where the other is a number."""

    formula = r"z = \max(x, y)"
    gradient = {"x": r"\bar x = \bar z\,[x \ge y]", "y": r"\bar y = \bar z\,[y > x]"}
    keeps = ("x", "y")
    promotes = "same"
    refuses = {"complex": RuntimeError("fmax not implemented for complex tensors.")}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.fmax(x, y)

    def backward(ctx, grad: Any) -> Any:
        first = (ctx.x >= ctx.y) | (ctx.y != ctx.y)
        return ctx.xp.where(first, grad, 0.0), ctx.xp.where(first, 0.0, grad)


class Fmin(Op):
    """The smaller of two, ignoring NaN where the other is a number."""

    formula = r"z = \min(x, y)"
    gradient = {"x": r"\bar x = \bar z\,[x \le y]", "y": r"\bar y = \bar z\,[y < x]"}
    keeps = ("x", "y")
    promotes = "same"
    refuses = {"complex": RuntimeError("fmin not implemented for complex tensors.")}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.fmin(x, y)

    def backward(ctx, grad: Any) -> Any:
        first = (ctx.x <= ctx.y) | (ctx.y != ctx.y)
        return ctx.xp.where(first, grad, 0.0), ctx.xp.where(first, 0.0, grad)


class Atan2(Op):
    formula = r"z = \operatorname{atan2}(x, y)"
    gradient = {"x": r"\bar x = \bar z\, y / (x^2 + y^2)", "y": r"\bar y = -\bar z\, x / (x^2 + y^2)"}
    keeps = ("x", "y")
    promotes = "float"
    refuses = {"complex": "atan2_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.arctan2(x, y)

    def backward(ctx, grad: Any) -> Any:
        square = ctx.x * ctx.x + ctx.y * ctx.y
        scaled = ctx.xp.where(square == 0, 0.0, grad / ctx.xp.where(square == 0, 1.0, square))
        return scaled * ctx.y, -scaled * ctx.x


class Hypot(Op):
    formula = r"z = \sqrt{x^2 + y^2}"
    gradient = {"x": r"\bar x = \bar z\, x / z", "y": r"\bar y = \bar z\, y / z"}
    keeps = ("x", "y", "result")
    promotes = "same"
    refuses = {"bool int complex": "hypot_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.hypot(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.x / ctx.result), grad * (ctx.y / ctx.result)


class Logaddexp(Op):
    formula = r"z = \ln(e^{x} + e^{y})"
    gradient = {"x": r"\bar x = \bar z\, e^{x - z}", "y": r"\bar y = \bar z\, e^{y - z}"}
    keeps = ("x", "y", "result")
    promotes = "same"
    refuses = {"bool int": "logaddexp_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        xp = ctx.xp
        if x.dtype.kind != "c":
            return xp.logaddexp(x, y)
        first = (x.real > y.real) | (x != x)  # the larger is taken out, so that nothing overflows
        high, low = xp.where(first, x, y), xp.where(first, y, x)
        same = xp.isinf(high.real) & (high == low)
        return xp.where(same, high, high + xp.log1p(xp.exp(xp.where(same, 0, low - high)))).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        return (
            grad * ctx.conj(ctx.xp.exp(ctx.x - ctx.result)),
            grad * ctx.conj(ctx.xp.exp(ctx.y - ctx.result)),
        )


class Logaddexp2(Op):
    formula = r"z = \log_2(2^{x} + 2^{y})"
    gradient = {"x": r"\bar x = \bar z\, 2^{x - z}", "y": r"\bar y = \bar z\, 2^{y - z}"}
    keeps = ("x", "y", "result")
    promotes = "same"
    refuses = {"bool int complex": "logaddexp2_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.logaddexp2(x, y)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.xp.exp2(ctx.x - ctx.result), grad * ctx.xp.exp2(ctx.y - ctx.result)


class Xlogy(Op):
    """x ln y, with 0 wherever x is 0."""

    formula = r"z = x \ln y"
    gradient = {"x": r"\bar x = \bar z \ln y", "y": r"\bar y = \bar z\, x / y"}
    keeps = ("x", "y")
    promotes = "float"
    refuses = {"complex": "xlogy_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        xp = ctx.xp
        zero = (x == 0) & (y == y)
        return xp.where(zero, xp.asarray(0, dtype=xp.result_type(x, y)), x * xp.log(xp.where(zero, 1, y)))

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        still = (ctx.x == 0) & (ctx.y <= 0)
        return grad * xp.where(still, 0.0, xp.log(xp.where(still, 1.0, ctx.y))), grad * ctx.x / ctx.y


class Copysign(Op):
    formula = r"z = |x|\,\operatorname{sign}(y)"
    gradient = {"x": r"\bar x = \bar z\, \operatorname{sign}(x)\operatorname{sign}(y)", "y": r"\bar y = 0"}
    keeps = ("x", "result")
    promotes = "float"
    refuses = {"complex": "copysign_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.copysign(x, y)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        same = xp.where(ctx.x == 0, 0.0, ctx.result / xp.where(ctx.x == 0, 1.0, ctx.x))
        return grad * same, grad * 0


class Lerp(Op):
    """A point between x and y; computed from the nearer end, as PyTorch does, so that weight 1 gives y exactly."""

    formula = r"z = x + w\,(y - x)"
    gradient = {"x": r"\bar x = \bar z\,(1 - w)", "y": r"\bar y = \bar z\,w", "w": r"\bar w = \bar z\,(y - x)"}
    keeps = ("x", "y", "w")
    wide = True
    kept_for = {"x": (2,), "y": (2,), "w": (0, 1)}

    def forward(ctx, x: Any, y: Any, w: Any) -> Any:
        xp = ctx.xp
        ctx.variant = int(hasattr(w, "dtype"))
        ctx.refuse(x, "bool int unsigned", f"lerp_kernel_{'tensor' if ctx.variant else 'scalar'}")
        if not ctx.variant:
            if x.size < LARGE:
                return x + w * (y - x) if abs(w) < 0.5 else y - (y - x) * (1 - w)
            return multiply_add(x, w, y - x) if abs(w) < 0.5 else multiply_add(y, w - 1, y - x)
        return xp.where(abs(w) < 0.5, x + w * (y - x), y - (y - x) * (1 - w))

    def backward(ctx, grad: Any) -> Any:
        return (
            grad * (1 - ctx.w) if ctx.needs[0] else None,
            grad * ctx.w if ctx.needs[1] else None,
            grad * (ctx.y - ctx.x) if ctx.needs[2] else None,
        )


class Addcmul(Op):
    formula = r"z = x + v\,a\,b"
    gradient = {"x": r"\bar x = \bar z", "a": r"\bar a = \bar z\, v\, b", "b": r"\bar b = \bar z\, v\, a"}
    keeps = ("a", "b")
    kept_for = {"a": (2,), "b": (1,)}
    promotes = "same"
    refuses = {"bool": "addcmul_cpu_out"}

    def forward(ctx, x: Any, a: Any, b: Any, value: Any = 1) -> Any:
        ctx.value = value
        return x + (a * b if value == 1 else value * a * b)

    def backward(ctx, grad: Any) -> Any:
        scaled = grad * ctx.value
        return grad, scaled * ctx.b if ctx.needs[1] else None, scaled * ctx.a if ctx.needs[2] else None


class Addcdiv(Op):
    formula = r"z = x + v\,a / b"
    gradient = {"x": r"\bar x = \bar z", "a": r"\bar a = \bar z\, v / b", "b": r"\bar b = -\bar z\, v\, a / b^2"}
    keeps = ("a", "b")
    kept_for = {"a": (2,), "b": (1, 2)}
    promotes = "same"

    def forward(ctx, x: Any, a: Any, b: Any, value: Any = 1) -> Any:
        ctx.value = value
        return x + (a / b if value == 1 else value * a / b)

    def backward(ctx, grad: Any) -> Any:
        scaled = grad * ctx.value
        return (
            grad,
            scaled / ctx.b if ctx.needs[1] else None,
            -scaled * ctx.a / (ctx.b * ctx.b) if ctx.needs[2] else None,
        )


class Where(Op):
    """Chooses, element by element; the condition itself has no gradient."""

    formula = r"z = \begin{cases} x & c \\ y & \text{otherwise}\end{cases}"
    gradient = {"x": r"\bar x = \bar z\,[c]", "y": r"\bar y = \bar z\,[\lnot c]"}
    keeps = ("condition",)
    promotes = "same"

    def forward(ctx, x: Any, y: Any, condition: Any) -> Any:
        ctx.condition = condition
        return ctx.xp.where(condition, x, y)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        return xp.where(ctx.condition, grad, 0.0), xp.where(ctx.condition, 0.0, grad)
