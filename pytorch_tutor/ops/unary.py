"""Functions of one tensor, element by element: read Exp first."""

from __future__ import annotations

import math
from typing import Any

from .base import Op

LN2 = math.log(2)
LN10 = math.log(10)
LARGE = 1 << 18  # elements from which a kernel on several cores is worth its call
NO_SIGN = NotImplementedError(
    "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."
)
TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)


class Neg(Op):
    formula = r"y = -x"
    gradient = {"x": r"\bar x = -\bar y"}
    refuses = {"unsigned": "neg_cpu"}

    def forward(ctx, x: Any) -> Any:
        return -x

    def backward(ctx, grad: Any) -> Any:
        return -grad


class Exp(Op):
    """Read this one first: e^x is its own derivative, so the result is all that is kept."""

    formula = r"y = e^{x}"
    gradient = {"x": r"\bar x = \bar y\, y"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.exp(x) if x.size < LARGE else ctx.kernel(x).exp(x)

    def backward(ctx, grad: Any) -> Any:
        if ctx.lifted is None and grad.size >= LARGE and grad.dtype.kind == "f":
            return ctx.kernel(grad).multiply(grad, ctx.result)
        return grad * ctx.conj(ctx.result)


class Exp2(Op):
    formula = r"y = 2^{x}"
    gradient = {"x": r"\bar x = \bar y\, y \ln 2"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.exp2(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.result * LN2


class Expm1(Op):
    formula = r"y = e^{x} - 1"
    gradient = {"x": r"\bar x = \bar y\,(y + 1)"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.expm1(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.result + 1)


class Log(Op):
    formula = r"y = \ln x"
    gradient = {"x": r"\bar x = \bar y / x"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.log(x) if x.size < LARGE else ctx.kernel(x).log(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / ctx.conj(ctx.x)


class Log2(Op):
    formula = r"y = \log_2 x"
    gradient = {"x": r"\bar x = \bar y / (x \ln 2)"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.log2(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / (ctx.x * LN2)


class Log10(Op):
    formula = r"y = \log_{10} x"
    gradient = {"x": r"\bar x = \bar y / (x \ln 10)"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        if x.dtype == "f4":  # NumPy's own float32 version is off by a bit at powers of ten
            return ctx.xp.log10(x.astype("f8")).astype("f4")
        return ctx.xp.log10(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / (ctx.x * LN10)


class Log1p(Op):
    formula = r"y = \ln(1 + x)"
    gradient = {"x": r"\bar x = \bar y / (1 + x)"}
    keeps = ("x",)
    promotes = "float"
    node_name = "Log1PBackward0"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.log1p(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / (ctx.x + 1)


class Sqrt(Op):
    formula = r"y = \sqrt{x}"
    gradient = {"x": r"\bar x = \bar y / (2y)"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.sqrt(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / (2 * ctx.conj(ctx.result))


class Rsqrt(Op):
    formula = r"y = 1/\sqrt{x}"
    gradient = {"x": r"\bar x = -\bar y\, y^3 / 2"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return 1 / ctx.xp.sqrt(x)

    def backward(ctx, grad: Any) -> Any:
        return -0.5 * grad * ctx.result**3


class Reciprocal(Op):
    formula = r"y = 1/x"
    gradient = {"x": r"\bar x = -\bar y\, y^2"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return 1 / x

    def backward(ctx, grad: Any) -> Any:
        return -grad * (ctx.conj(ctx.result) * ctx.conj(ctx.result))


class Sin(Op):
    formula = r"y = \sin x"
    gradient = {"x": r"\bar x = \bar y \cos x"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.sin(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.conj(ctx.xp.cos(ctx.x))


class Cos(Op):
    formula = r"y = \cos x"
    gradient = {"x": r"\bar x = -\bar y \sin x"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.cos(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * -ctx.conj(ctx.xp.sin(ctx.x))


class Tan(Op):
    formula = r"y = \tan x"
    gradient = {"x": r"\bar x = \bar y\,(1 + y^2)"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.tan(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (1 + ctx.conj(ctx.result) ** 2)


class Asin(Op):
    formula = r"y = \arcsin x"
    gradient = {"x": r"\bar x = \bar y / \sqrt{1 - x^2}"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.arcsin(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / ctx.xp.sqrt(1 - ctx.x * ctx.x)


class Acos(Op):
    formula = r"y = \arccos x"
    gradient = {"x": r"\bar x = -\bar y / \sqrt{1 - x^2}"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.arccos(x)

    def backward(ctx, grad: Any) -> Any:
        return -grad / ctx.xp.sqrt(1 - ctx.x * ctx.x)


class Atan(Op):
    formula = r"y = \arctan x"
    gradient = {"x": r"\bar x = \bar y / (1 + x^2)"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.arctan(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / (1 + ctx.x * ctx.x)


class Sinh(Op):
    formula = r"y = \sinh x"
    gradient = {"x": r"\bar x = \bar y \cosh x"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.sinh(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.xp.cosh(ctx.x)


class Cosh(Op):
    formula = r"y = \cosh x"
    gradient = {"x": r"\bar x = \bar y \sinh x"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.cosh(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.xp.sinh(ctx.x)


class Tanh(Op):
    formula = r"y = \tanh x"
    gradient = {"x": r"\bar x = \bar y\,(1 - y^2)"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.tanh(x) if x.size < LARGE else ctx.kernel(x).tanh(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (1 - ctx.result * ctx.result)


class Asinh(Op):
    formula = r"y = \operatorname{arsinh} x"
    gradient = {"x": r"\bar x = \bar y / \sqrt{x^2 + 1}"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.arcsinh(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / ctx.xp.sqrt(ctx.x * ctx.x + 1)


class Acosh(Op):
    formula = r"y = \operatorname{arcosh} x"
    gradient = {"x": r"\bar x = \bar y / \sqrt{x^2 - 1}"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.arccosh(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / ctx.xp.sqrt(ctx.x * ctx.x - 1)


class Atanh(Op):
    formula = r"y = \operatorname{artanh} x"
    gradient = {"x": r"\bar x = \bar y / (1 - x^2)"}
    keeps = ("x",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.arctanh(x)

    def backward(ctx, grad: Any) -> Any:
        return grad / (1 - ctx.x * ctx.x)


class Sigmoid(Op):
    """Computed from e^{-|x|}, which cannot overflow."""

    formula = r"y = 1 / (1 + e^{-x})"
    gradient = {"x": r"\bar x = \bar y\, y\,(1 - y)"}
    keeps = ("result",)
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.kernel(x).sigmoid(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.result * (1 - ctx.result))


class Erf(Op):
    formula = r"y = \operatorname{erf} x"
    gradient = {"x": r"\bar x = \bar y\, \tfrac{2}{\sqrt\pi} e^{-x^2}"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "erf_vml_cpu"}

    def forward(ctx, x: Any) -> Any:
        return ctx.kernel(x).erf(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (TWO_OVER_ROOT_PI * ctx.xp.exp(-(ctx.x * ctx.x)))


class Erfc(Op):
    formula = r"y = 1 - \operatorname{erf} x"
    gradient = {"x": r"\bar x = -\bar y\, \tfrac{2}{\sqrt\pi} e^{-x^2}"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "erfc_vml_cpu"}

    def forward(ctx, x: Any) -> Any:
        return 1 - ctx.kernel(x).erf(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (-TWO_OVER_ROOT_PI * ctx.xp.exp(-(ctx.x * ctx.x)))


class Abs(Op):
    """At 0 the gradient is 0."""

    formula = r"y = |x|"
    gradient = {"x": r"\bar x = \bar y \operatorname{sign} x"}
    keeps = ("x",)
    refuses = {"bool unsigned": "abs_cpu"}

    def forward(ctx, x: Any) -> Any:
        return abs(x)

    def backward(ctx, grad: Any) -> Any:
        x = ctx.x
        if ctx.input_dtypes[0].kind != "c":
            return grad * ctx.xp.sign(x)
        size = abs(x)  # the direction x / |x|; NumPy's own sign of a complex number differs between its versions
        return grad * (x / ctx.xp.where(size == 0, 1.0, size))


class Sign(Op):
    """A step function: its gradient is 0."""

    formula = r"y = \operatorname{sign} x"
    gradient = {"x": r"\bar x = 0"}
    refuses = {"complex": NO_SIGN, "unsigned": "sign_cpu"}

    def forward(ctx, x: Any) -> Any:
        if x.dtype.kind == "f":
            return ((x > 0).astype(x.dtype) - (x < 0)).astype(x.dtype)  # nan is neither: 0, as PyTorch has it
        return ctx.xp.sign(x) if x.dtype.kind != "b" else x.copy()

    def backward(ctx, grad: Any) -> Any:
        return grad * 0


class Floor(Op):
    """A step function: its gradient is 0."""

    formula = r"y = \lfloor x \rfloor"
    gradient = {"x": r"\bar x = 0"}
    refuses = {"bool": "floor_vml_cpu", "complex": NotImplementedError("floor is not supported for complex inputs")}

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.floor(x) if x.dtype.kind == "f" else x.copy()

    def backward(ctx, grad: Any) -> Any:
        return grad * 0


class Ceil(Op):
    """A step function: its gradient is 0."""

    formula = r"y = \lceil x \rceil"
    gradient = {"x": r"\bar x = 0"}
    refuses = {"bool": "ceil_vml_cpu", "complex": NotImplementedError("ceil is not supported for complex inputs")}

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.ceil(x) if x.dtype.kind == "f" else x.copy()

    def backward(ctx, grad: Any) -> Any:
        return grad * 0


class Trunc(Op):
    """A step function: its gradient is 0."""

    formula = r"y = \operatorname{trunc} x"
    gradient = {"x": r"\bar x = 0"}
    refuses = {"bool": "trunc_vml_cpu", "complex": NotImplementedError("trunc is not supported for complex inputs")}

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.trunc(x) if x.dtype.kind == "f" else x.copy()

    def backward(ctx, grad: Any) -> Any:
        return grad * 0


class Frac(Op):
    formula = r"y = x - \operatorname{trunc} x"
    gradient = {"x": r"\bar x = \bar y"}
    refuses = {"bool int complex": "frac_cpu"}

    def forward(ctx, x: Any) -> Any:
        return x - ctx.xp.trunc(x)

    def backward(ctx, grad: Any) -> Any:
        return grad * 1


class Square(Op):
    formula = r"y = x^2"
    gradient = {"x": r"\bar x = 2 \bar y\, x"}
    keeps = ("x",)
    node_name = "PowBackward0"
    public = "square"
    refuses = {"unsigned": "pow"}

    def forward(ctx, x: Any) -> Any:
        return x * x

    def backward(ctx, grad: Any) -> Any:
        return grad * (2 * ctx.conj(ctx.x))


class Round(Op):
    """A step function: its gradient is 0. Halves go to the even neighbour."""

    formula = r"y = \operatorname{round} x"
    gradient = {"x": r"\bar x = 0"}

    def forward(ctx, x: Any, decimals: int | None = None) -> Any:
        ctx.variant = int(decimals is not None)
        kernel = "round_cpu" if decimals else "round_vml_cpu"
        ctx.refuse(x, "bool complex" if decimals is None else "bool int complex", kernel)
        decimals = decimals or 0
        if x.dtype.kind != "f":
            return x.copy()
        if decimals == 0:
            return ctx.xp.rint(x)
        ten = 10.0 ** abs(decimals)
        return ctx.xp.rint(x * ten) / ten if decimals > 0 else ctx.xp.rint(x / ten) * ten

    def backward(ctx, grad: Any) -> Any:
        return grad * 0


class Logit(Op):
    """The inverse of the sigmoid; with ``eps`` the input is first limited to [eps, 1 - eps]."""

    formula = r"y = \ln \frac{x}{1 - x}"
    gradient = {"x": r"\bar x = \bar y / (x (1 - x))"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "logit_cpu"}

    def forward(ctx, x: Any, eps: float | None = None) -> Any:
        ctx.eps = eps
        if eps is not None:
            x = ctx.xp.clip(x, eps, 1 - eps)
        return ctx.xp.log(x / (1 - x))

    def backward(ctx, grad: Any) -> Any:
        x, low = ctx.x, 0.0 if ctx.eps is None else ctx.eps
        outside = (x < low) | (x > 1 - low)
        return ctx.xp.where(outside, math.nan if ctx.eps is None else 0.0, grad / (x * (1 - x)))


class NanToNum(Op):
    """Replaces NaN and infinities by numbers; no gradient passes there."""

    formula = r"y = x \text{ where finite}"
    gradient = {"x": r"\bar x = \bar y\,[x \text{ finite}]"}
    keeps = ("x",)

    def forward(ctx, x: Any, nan: float | None, posinf: float | None, neginf: float | None) -> Any:
        return ctx.xp.nan_to_num(x, nan=nan or 0.0, posinf=posinf, neginf=neginf)

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.where(abs(ctx.x) < math.inf, grad, 0.0)
