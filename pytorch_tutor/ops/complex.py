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


class ViewAsReal(Op):
    """The parts of complex numbers as a last dimension of size 2, in the same memory."""

    formula = r"y_{\cdot 0} = \operatorname{Re} x,\ y_{\cdot 1} = \operatorname{Im} x"
    gradient = {"x": r"\bar x = \bar y_{\cdot 0} + i\,\bar y_{\cdot 1}"}
    view = True

    def forward(ctx, x: Any) -> Any:
        part = "f8" if x.dtype.itemsize == 16 else "f4"
        return ctx.xp.expand_dims(x, -1).view(part)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Complex, grad[..., 0], grad[..., 1])


class ViewAsComplex(Op):
    """A last dimension of size 2 as complex numbers, in the same memory."""

    formula = r"y = x_{\cdot 0} + i\,x_{\cdot 1}"
    gradient = {"x": r"\bar x = (\operatorname{Re} \bar y, \operatorname{Im} \bar y)"}
    view = True

    def forward(ctx, x: Any) -> Any:
        if not x.ndim or x.shape[-1] != 2:
            raise RuntimeError("Tensor must have a last dimension of size 2")
        steps = [s // x.itemsize for s in x.strides]
        if steps[-1] != 1:
            raise RuntimeError("Tensor must have a last dimension with stride 1")
        if any(s % 2 for s in steps[:-1]):
            raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
        return x.view("c16" if x.dtype.itemsize == 8 else "c8")[..., 0]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(ViewAsReal, grad)


class Angle(Op):
    """The angle of a complex number; of a real one 0, or π where it is negative."""

    formula = r"y = \operatorname{atan2}(\operatorname{Im} x, \operatorname{Re} x)"
    gradient = {"x": r"\bar x = \bar y\, i\,x / |x|^2"}
    keeps = ("x",)

    def forward(ctx, x: Any) -> Any:
        if x.dtype.kind == "c":
            return ctx.xp.angle(x)
        out = ctx.xp.where(x < 0, ctx.xp.pi, ctx.xp.where(x != x, x, 0))
        return out.astype(x.dtype if x.dtype.kind == "f" else "f4")

    def backward(ctx, grad: Any) -> Any:
        if ctx.x.dtype.kind != "c":
            return grad * 0
        square = ctx.x.real * ctx.x.real + ctx.x.imag * ctx.x.imag
        return ctx.call(Complex, -grad * ctx.x.imag / square, grad * ctx.x.real / square)
