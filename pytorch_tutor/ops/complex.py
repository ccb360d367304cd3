"""Complex numbers: conjugate, parts, and building them from parts."""

from __future__ import annotations

from typing import Any

from .base import Op


class Conj(Op):
    formula = r"y = \overline{x}"
    gradient = {"x": r"\bar x = \overline{\bar y}"}

    def forward(ctx, x: Any) -> Any:
        return x.conj()

    def backward(ctx, grad: Any) -> Any:
        return grad.conj()


class Real(Op):
    formula = r"y = \operatorname{Re} x"
    gradient = {"x": r"\bar x = \bar y"}
    view = True

    def forward(ctx, x: Any) -> Any:
        return x.real

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Complex, grad, grad * 0)


class Imag(Op):
    formula = r"y = \operatorname{Im} x"
    gradient = {"x": r"\bar x = i\,\bar y"}
    view = True

    def forward(ctx, x: Any) -> Any:
        return x.imag

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Complex, grad * 0, grad)


class Complex(Op):
    formula = r"z = x + i\,y"
    gradient = {"x": r"\bar x = \operatorname{Re} \bar z", "y": r"\bar y = \operatorname{Im} \bar z"}

    def forward(ctx, x: Any, y: Any) -> Any:
        out = ctx.xp.empty(x.shape, dtype="c16" if x.dtype.itemsize == 8 else "c8")
        out.real, out.imag = x, y
        return out

    def backward(ctx, grad: Any) -> Any:
        return grad.real, grad.imag
