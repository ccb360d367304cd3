"""Special functions: read Digamma first, the derivative of Lgamma."""

from __future__ import annotations

import math
from typing import Any

from ..backends import special_bessel as bessel
from ..backends import special_error as error
from ..backends import special_gamma as gamma
from .base import Op

ROOT_PI = math.sqrt(math.pi)


def doubled(ctx: Op, function: Any, x: Any, *before: Any) -> Any:
    """A function computed in double precision and rounded to the type of its argument."""
    return ctx.xp.asarray(function(ctx.xp, *before, x.astype("f8"))).astype(x.dtype)


class Lgamma(Op):
    """The logarithm of |Γ|, where Γ itself would overflow."""

    formula = r"y = \ln |\Gamma(x)|"
    gradient = {"x": r"\bar x = \bar y\, \psi(x)"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "lgamma_vml_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, gamma.lgamma, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.call(Digamma, ctx.x)


class Digamma(Op):
    formula = r"y = \psi(x) = \frac{d}{dx} \ln \Gamma(x)"
    gradient = {"x": r"\bar x = \bar y\, \psi'(x)"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "digamma"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, gamma.digamma, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.call(Polygamma, ctx.x, n=1)


class Polygamma(Op):
    """The n-th derivative of digamma; its derivative is the next one."""

    formula = r"y = \psi^{(n)}(x)"
    gradient = {"x": r"\bar x = \bar y\, \psi^{(n+1)}(x)"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "polygamma"}

    def forward(ctx, x: Any, n: int) -> Any:
        ctx.n = n
        return doubled(ctx, gamma.polygamma, x, n)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.call(Polygamma, ctx.x, n=ctx.n + 1)


class SpecialZeta(Op):
    """Hurwitz's zeta function; PyTorch has its gradient in q only."""

    formula = r"y = \sum_{k \ge 0} (q + k)^{-x}"
    gradient = {"x": r"\bar x \text{ is not implemented}", "q": r"\bar q = -\bar y\, x\, \zeta(x + 1, q)"}
    keeps = ("x", "q")
    promotes = "float"
    refuses = {"half complex": "zeta_cpu"}

    def forward(ctx, x: Any, q: Any) -> Any:
        return ctx.xp.asarray(gamma.zeta(ctx.xp, x.astype("f8"), q.astype("f8"))).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        if ctx.needs[0]:
            raise NotImplementedError("the derivative for 'zeta' is not implemented.")
        return None, grad * -ctx.x * ctx.call(SpecialZeta, ctx.x + 1, ctx.q)


class Erfinv(Op):
    formula = r"y = \operatorname{erf}^{-1} x"
    gradient = {"x": r"\bar x = \bar y\, \tfrac{\sqrt\pi}{2}\, e^{y^2}"}
    keeps = ("result",)
    promotes = "float"
    refuses = {"complex": "erfinv_vml_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, error.erfinv, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ROOT_PI / 2 * ctx.xp.exp(ctx.result * ctx.result))


class SpecialErfcx(Op):
    """The tail of the error function, scaled so that it does not vanish."""

    formula = r"y = e^{x^2} \operatorname{erfc} x"
    gradient = {"x": r"\bar x = \bar y\,(2 x y - \tfrac{2}{\sqrt\pi})"}
    keeps = ("x", "result")
    promotes = "float"
    refuses = {"half complex": "erfcx_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, error.erfcx, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (2 * ctx.x * ctx.result - 2 / ROOT_PI)


class SpecialNdtr(Op):
    """The probability that a standard normal number is below x; its derivative is the bell curve."""

    formula = r"y = \tfrac{1}{2}\operatorname{erfc}(-x/\sqrt 2)"
    gradient = {"x": r"\bar x = \bar y\, e^{-x^2/2} / \sqrt{2\pi}"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "erf_vml_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, error.ndtr, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.xp.exp(ctx.x * ctx.x * -0.5) / math.sqrt(2 * math.pi))


class SpecialLogNdtr(Op):
    formula = r"y = \ln \Phi(x)"
    gradient = {"x": r"\bar x = \bar y\, e^{-x^2/2 - y} / \sqrt{2\pi}"}
    keeps = ("x", "result")
    promotes = "float"
    refuses = {"half complex": "log_ndtr_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, error.log_ndtr, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.xp.exp(ctx.x * ctx.x * -0.5 - ctx.result) / math.sqrt(2 * math.pi))


class SpecialNdtri(Op):
    formula = r"y = \Phi^{-1}(x)"
    gradient = {"x": r"\bar x = \bar y \sqrt{2\pi}\, e^{y^2/2}"}
    keeps = ("result",)
    promotes = "float"
    refuses = {"half complex": "ndtri_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, error.ndtri, x)

    def backward(ctx, grad: Any) -> Any:
        return grad * (math.sqrt(2 * math.pi) * ctx.xp.exp(ctx.result * ctx.result * 0.5))


class SpecialEntr(Op):
    """One outcome's share in the entropy of a distribution."""

    formula = r"y = -x \ln x"
    gradient = {"x": r"\bar x = -\bar y\,(\ln x + 1)"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "entr_cpu"}

    def forward(ctx, x: Any) -> Any:
        xp = ctx.xp
        inside = -x * xp.log(xp.where(x > 0, x, 1))
        return xp.where(x < 0, -math.inf, xp.where(x == 0, 0, xp.where(x != x, x, inside))).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        return grad * -(ctx.xp.log(ctx.x) + 1)


class SpecialXlog1Py(Op):
    formula = r"z = x \ln(1 + y)"
    gradient = {"x": r"\bar x = \bar z \ln(1 + y)", "y": r"\bar y = \bar z\, x / (1 + y)"}
    keeps = ("x", "y")
    promotes = "float"
    refuses = {"complex": "xlog1py_cpu"}

    def forward(ctx, x: Any, y: Any) -> Any:
        return ctx.xp.where((x == 0) & (y == y), 0, x * ctx.xp.log1p(y)).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        x, y, xp = ctx.x, ctx.y, ctx.xp
        return xp.where((x == 0) & (y <= -1), 0.0, grad * xp.log1p(y)), grad * x / (y + 1)


class Sinc(Op):
    """sin(πx) / (πx), 1 at 0: what is left of a wave after ideal filtering."""

    formula = r"y = \frac{\sin \pi x}{\pi x}"
    gradient = {"x": r"\bar x = \bar y\,(\cos \pi x - y) / x"}
    keeps = ("x", "result")
    promotes = "float"

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.sinc(x).astype(x.dtype)

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        slope = (xp.cos(x * math.pi) - ctx.result) / xp.where(x == 0, 1.0, x)
        return grad * ctx.conj(xp.where(x == 0, 0.0, slope))


class I0(Op):
    """The modified Bessel function of order 0; its derivative is that of order 1."""

    formula = r"y = I_0(x)"
    gradient = {"x": r"\bar x = \bar y\, I_1(x)"}
    keeps = ("x",)
    promotes = "float"
    refuses = {"complex": "i0_vml_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, bessel.modified, x, 0)

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.call(SpecialI1, ctx.x)


class SpecialI1(Op):
    formula = r"y = I_1(x)"
    gradient = {"x": r"\bar x = \bar y\,(I_0(x) - y / x)"}
    keeps = ("x", "result")
    promotes = "float"
    refuses = {"complex": "i1_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, bessel.modified, x, 1)

    def backward(ctx, grad: Any) -> Any:
        x, xp = ctx.x, ctx.xp
        slope = ctx.call(I0, x) - ctx.result / xp.where(x == 0, 1.0, x)
        return grad * xp.where(x == 0, 0.5, slope)


class SpecialI0E(Op):
    formula = r"y = e^{-|x|} I_0(x)"
    gradient = {"x": r"\bar x = \bar y\,(e^{-|x|} I_1(x) - \operatorname{sign}(x)\, y)"}
    keeps = ("x", "result")
    promotes = "float"
    refuses = {"complex": "i0e_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, bessel.modified_scaled, x, 0)

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.call(SpecialI1E, ctx.x) - ctx.xp.sign(ctx.x) * ctx.result)


class SpecialI1E(Op):
    formula = r"y = e^{-|x|} I_1(x)"
    gradient = {"x": r"\bar x = \bar y\,(e^{-|x|} I_0(x) - y\,(\operatorname{sign} x + 1/x))"}
    keeps = ("x", "result")
    promotes = "float"
    refuses = {"complex": "i1e_cpu"}

    def forward(ctx, x: Any) -> Any:
        return doubled(ctx, bessel.modified_scaled, x, 1)

    def backward(ctx, grad: Any) -> Any:
        x, xp = ctx.x, ctx.xp
        slope = ctx.call(SpecialI0E, x) - ctx.result * (xp.sign(x) + 1 / xp.where(x == 0, 1.0, x))
        return grad * xp.where(x == 0, 0.5, slope)


class Bessel(Op):
    """The Bessel functions through which PyTorch passes no gradient."""

    formula = r"y = J_n(x),\ Y_n(x),\ I_n(x),\ K_n(x)"
    gradient = {"x": ""}
    promotes = "float"
    differentiable = False

    def forward(ctx, x: Any, kind: str, order: int) -> Any:
        return doubled(ctx, getattr(bessel, kind), x, order)
