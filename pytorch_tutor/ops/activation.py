"""Activations: the bends between linear layers. Read Relu first, then LeakyRelu, then the smooth ones."""

from __future__ import annotations

import math
from typing import Any

from .base import Op
from .reduction import axis_of
from .unary import Erf, Sigmoid

NO_CLAMP = NotImplementedError("clamp is not supported for complex types")


# ---------------------------------------------------------------------- bends at fixed places
class Relu(Op):
    formula = r"y = \max(x, 0)"
    gradient = {"x": r"\bar x = \bar y \, [y > 0]"}
    keeps = ("result",)  # the result says where x was positive, and the next layer keeps it anyway
    public = "relu"
    refuses = {"complex": NO_CLAMP}

    def forward(ctx, x: Any) -> Any:
        return ctx.kernel(x).relu(x)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(ReluGradient, grad, ctx.result)


class ReluGradient(Op):
    """The backward of Relu, itself an operation, so that it can be differentiated again."""

    formula = r"\bar x = \bar y \, [y > 0]"
    gradient = {"grad": r"\bar{\bar y} = \bar{\bar x} \, [y > 0]", "y": "0"}
    keeps = ("y",)
    node_name = "ThresholdBackwardBackward0"

    def forward(ctx, grad: Any, y: Any) -> Any:
        return ctx.kernel(grad).relu_gradient(grad, y)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(ReluGradient, grad, ctx.y), None


class Threshold(Op):
    formula = r"y = x \text{ if } x > t \text{ else } v"
    gradient = {"x": r"\bar x = \bar y \, [x > t]"}
    keeps = ("x",)
    written_variant = 1
    public = "threshold"
    refuses = {"bool complex": "threshold_cpu"}

    def forward(ctx, x: Any, threshold: float, value: float) -> Any:
        ctx.threshold = threshold
        return ctx.xp.where(x <= threshold, x.dtype.type(value), x)  # nan stays nan

    def backward(ctx, grad: Any) -> Any:
        return grad * (ctx.x > ctx.threshold)


class LeakyRelu(Op):
    formula = r"y = x \text{ if } x > 0 \text{ else } s x"
    gradient = {"x": r"\bar x = \bar y \text{ if } x > 0 \text{ else } s \bar y"}
    keeps = ("x",)
    written_variant = 1
    public = "leaky_relu"
    refuses = {"bool int complex": "leaky_relu_cpu"}
    wide = True

    def forward(ctx, x: Any, negative_slope: float) -> Any:
        ctx.slope = negative_slope
        return ctx.xp.where(x > 0, x, x * negative_slope)

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.where(ctx.x > 0, grad, grad * ctx.slope)


class PreluKernel(Op):
    formula = r"y = x \text{ if } x > 0 \text{ else } w x"
    gradient = {
        "x": r"\bar x = \bar y \text{ if } x > 0 \text{ else } w \bar y",
        "w": r"\bar w = \sum_{x \le 0} x \bar y",
    }
    keeps = ("x", "w")
    public = "prelu"
    refuses = {"bool int complex": "prelu_cpu"}
    wide = True

    def forward(ctx, x: Any, w: Any) -> Any:
        return ctx.xp.where(x > 0, x, x * w)

    def backward(ctx, grad: Any) -> Any:
        positive = ctx.x > 0
        return (
            ctx.xp.where(positive, grad, grad * ctx.w) if ctx.needs[0] else None,
            ctx.xp.where(positive, grad * 0, grad * ctx.x) if ctx.needs[1] else None,
        )


class RreluWithNoise(Op):
    formula = r"y = a x, \; a = 1 \text{ where } x > 0, \text{ else drawn from } \mathcal U(l, u)"
    gradient = {"x": r"\bar x = a \bar y"}
    keeps = ("noise",)
    written_variant = 1
    public = "rrelu"

    def forward(ctx, x: Any, noise: Any) -> Any:
        ctx.noise = noise
        return x * noise

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.noise


class Hardtanh(Op):
    formula = r"y = \min(\max(x, a), b)"
    gradient = {"x": r"\bar x = \bar y \, [a < x < b]"}
    keeps = ("x",)
    public = "hardtanh"
    refuses = {"complex": NO_CLAMP}

    def forward(ctx, x: Any, min_val: float, max_val: float) -> Any:
        ctx.low, ctx.high = min_val, max_val
        kind = x.dtype.type
        return ctx.xp.clip(x, kind(min_val), kind(max_val))

    def backward(ctx, grad: Any) -> Any:
        return grad * ((ctx.x > ctx.low) & (ctx.x < ctx.high))


class Hardsigmoid(Op):
    formula = r"y = \min(\max(x + 3, 0), 6) / 6"
    gradient = {"x": r"\bar x = \bar y / 6 \, [-3 < x < 3]"}
    keeps = ("x",)
    public = "hardsigmoid"
    refuses = {"bool int complex": "hardsigmoid_cpu"}
    wide = True

    def forward(ctx, x: Any) -> Any:
        return ctx.xp.clip(x + 3, x.dtype.type(0), x.dtype.type(6)) / 6

    def backward(ctx, grad: Any) -> Any:
        return grad / 6 * ((ctx.x > -3) & (ctx.x < 3))


class Hardswish(Op):
    formula = r"y = x \min(\max(x + 3, 0), 6) / 6"
    gradient = {"x": r"\bar x = \bar y \, (0, \; x / 3 + 1/2, \; 1) \text{ for } x \le -3, \; < 3, \; \ge 3"}
    keeps = ("x",)
    public = "hardswish"
    refuses = {"bool int complex": "hardswish_cpu"}
    wide = True

    def forward(ctx, x: Any) -> Any:
        return x * ctx.xp.clip(x + 3, x.dtype.type(0), x.dtype.type(6)) / 6

    def backward(ctx, grad: Any) -> Any:
        x = ctx.x
        return ctx.xp.where(x <= -3, grad * 0, ctx.xp.where(x < 3, grad * (x / 3 + 0.5), grad))


class Hardshrink(Op):
    formula = r"y = x \, [|x| > \lambda]"
    gradient = {"x": r"\bar x = \bar y \, [|x| > \lambda]"}
    keeps = ("x",)
    public = "hardshrink"
    refuses = {"bool int complex": "hardshrink_cpu"}

    def forward(ctx, x: Any, lambd: float) -> Any:
        ctx.lambd = lambd
        return ctx.xp.where((x >= -lambd) & (x <= lambd), x.dtype.type(0), x)

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.where((ctx.x >= -ctx.lambd) & (ctx.x <= ctx.lambd), grad * 0, grad)


class Softshrink(Op):
    formula = r"y = \operatorname{sign}(x) \max(|x| - \lambda, 0)"
    gradient = {"x": r"\bar x = \bar y \, [|x| > \lambda]"}
    keeps = ("x",)
    public = "softshrink"
    refuses = {"bool int complex": "softshrink_check"}
    wide = True

    def forward(ctx, x: Any, lambd: float) -> Any:
        ctx.lambd = lambd
        return ctx.xp.where(x > lambd, x - lambd, ctx.xp.where(x < -lambd, x + lambd, x * 0))

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.where((ctx.x >= -ctx.lambd) & (ctx.x <= ctx.lambd), grad * 0, grad)


# ---------------------------------------------------------------------- smooth ones
class Elu(Op):
    """Also SELU, which is ELU with a scale; `input_scale` serves CELU's relatives."""

    formula = r"y = s x \text{ if } x > 0 \text{ else } s \alpha (e^{x} - 1)"
    gradient = {"x": r"\bar x = s \bar y \text{ if } x > 0 \text{ else } s \alpha e^{x} \bar y"}
    keeps = ("x",)
    written_variant = 1
    public = "elu"
    refuses = {"bool int complex": "elu_cpu"}
    wide = True

    def forward(ctx, x: Any, alpha: float, scale: float = 1.0) -> Any:
        ctx.alpha, ctx.scale = alpha, scale
        xp = ctx.xp
        bent = xp.expm1(xp.minimum(x, x.dtype.type(0))) * (alpha * scale)
        return xp.where(x > 0, x * scale, bent)

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        low = xp.where(x > 0, x * 0, x)  # so that e^x cannot overflow where it is not used
        return xp.where(x > 0, grad * ctx.scale, grad * xp.exp(low) * (ctx.alpha * ctx.scale))


class Celu(Op):
    formula = r"y = x \text{ if } x > 0 \text{ else } \alpha (e^{x / \alpha} - 1)"
    gradient = {"x": r"\bar x = \bar y \text{ if } x > 0 \text{ else } e^{x / \alpha} \bar y"}
    keeps = ("x",)
    written_variant = 1
    public = "celu"
    refuses = {"bool int complex": "elu_cpu"}
    wide = True

    def forward(ctx, x: Any, alpha: float) -> Any:
        ctx.alpha = alpha
        xp = ctx.xp
        bent = xp.expm1(xp.where(x > 0, x * 0, x) / alpha) * alpha
        return xp.where(x > 0, x, bent)

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        low = xp.where(x > 0, x * 0, x)
        return xp.where(x > 0, grad, grad * xp.exp(low / ctx.alpha))


class Gelu(Op):
    """By the exact normal distribution, or (`approximate="tanh"`) by its fit.

    Source: D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016.
    """

    formula = r"y = x \, \Phi(x)"
    gradient = {"x": r"\bar x = \bar y \, (\Phi(x) + x \, \varphi(x))"}
    keeps = ("x",)
    public = "gelu"
    refuses = {"bool int complex": "GeluKernelImpl"}
    wide = True

    def forward(ctx, x: Any, approximate: str = "none") -> Any:
        ctx.approximate = approximate
        if approximate == "tanh":
            return x * 0.5 * (1 + ctx.xp.tanh(ctx._inner(x)))
        return x * 0.5 * (1 + ctx.kernel(x).erf(x * math.sqrt(0.5)))

    def _inner(ctx, x: Any) -> Any:
        return (x + x * x * x * 0.044715) * math.sqrt(2 / math.pi)

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        if ctx.approximate == "tanh":
            t = xp.tanh(ctx._inner(x))
            slope = (x * x * (3 * 0.044715) + 1) * math.sqrt(2 / math.pi)
            return grad * ((t + 1) * 0.5 + x * 0.5 * (1 - t * t) * slope)
        cdf = (ctx.call(Erf, x * math.sqrt(0.5)) + 1) * 0.5
        density = xp.exp(x * x * -0.5) * (1 / math.sqrt(2 * math.pi))
        return grad * (cdf + x * density)


class Silu(Op):
    """Source: S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units", 2017."""

    formula = r"y = x \, \sigma(x)"
    gradient = {"x": r"\bar x = \bar y \, \sigma(x) (1 + x (1 - \sigma(x)))"}
    keeps = ("x",)
    public = "silu"
    refuses = {"bool int": "silu_cpu"}
    wide = True

    def forward(ctx, x: Any) -> Any:
        return x * ctx.kernel(x).sigmoid(x)

    def backward(ctx, grad: Any) -> Any:
        s = ctx.call(Sigmoid, ctx.x)
        return grad * s * ((1 - s) * ctx.x + 1)


class Mish(Op):
    """Source: D. Misra, "Mish: a self regularized non-monotonic activation function", 2019."""

    formula = r"y = x \tanh(\log(1 + e^{x}))"
    gradient = {"x": r"\bar x = \bar y \, (t + x \, \sigma(x) (1 - t^2)), \; t = \tanh(\log(1 + e^{x}))"}
    keeps = ("x",)
    public = "mish"
    refuses = {"bool int complex": "mish_cpu"}
    wide = True

    def forward(ctx, x: Any) -> Any:
        return x * ctx.xp.tanh(ctx.xp.logaddexp(x, x.dtype.type(0)))

    def backward(ctx, grad: Any) -> Any:
        x = ctx.x
        t = ctx.xp.tanh(ctx.call(Softplus, x, beta=1.0, threshold=40.0))
        return grad * (t + x * ctx.call(Sigmoid, x) * (1 - t * t))


class Softplus(Op):
    formula = r"y = \tfrac1\beta \log(1 + e^{\beta x})"
    gradient = {"x": r"\bar x = \bar y \, \sigma(\beta x)"}
    keeps = ("x",)
    public = "softplus"
    refuses = {"bool int complex": "softplus_cpu"}
    wide = True

    def forward(ctx, x: Any, beta: float, threshold: float) -> Any:
        ctx.beta, ctx.threshold = beta, threshold
        xp = ctx.xp
        scaled = x * beta
        straight = scaled > threshold  # there the bend is far below rounding
        return xp.where(straight, x, xp.log1p(xp.exp(xp.where(straight, x * 0, scaled))) / beta)

    def backward(ctx, grad: Any) -> Any:
        scaled = ctx.x * ctx.beta
        return ctx.xp.where(scaled > ctx.threshold, grad, grad * ctx.call(Sigmoid, scaled))


class LogSigmoid(Op):
    formula = r"y = -\log(1 + e^{-x})"
    gradient = {"x": r"\bar x = \bar y \, \sigma(-x)"}
    keeps = ("x",)
    public = "log_sigmoid"
    refuses = {"bool int complex": "log_sigmoid_cpu"}
    wide = True

    def forward(ctx, x: Any) -> Any:
        xp = ctx.xp
        return xp.minimum(x, x.dtype.type(0)) - xp.log1p(xp.exp(-abs(x)))

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.call(Sigmoid, -ctx.x)


class Glu(Op):
    """Source: Y. Dauphin et al., "Language modeling with gated convolutional networks", 2016."""

    formula = r"y = a \, \sigma(b), \; (a, b) = x \text{ halved along a dimension}"
    gradient = {"x": r"\bar a = \bar y \, \sigma(b), \; \bar b = \bar y \, a \, \sigma(b) (1 - \sigma(b))"}
    keeps = ("x",)
    public = "glu"
    refuses = {"bool int complex": "glu_cpu"}
    wide = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.dim = dim % x.ndim
        a, b = ctx._halves(x)
        return a * ctx.kernel(x).sigmoid(b)

    def _halves(ctx, x: Any) -> tuple[Any, Any]:
        half = x.shape[ctx.dim] // 2
        before = (slice(None),) * ctx.dim
        return x[(*before, slice(0, half))], x[(*before, slice(half, None))]

    def backward(ctx, grad: Any) -> Any:
        a, b = ctx._halves(ctx.x)
        s = ctx.call(Sigmoid, b)
        return ctx.xp.concatenate((grad * s, grad * a * s * (1 - s)), axis=ctx.dim)


# ---------------------------------------------------------------------- along a dimension
class Softmax(Op):
    layout = "rows"
    formula = r"y_i = e^{x_i} / \sum_j e^{x_j}"
    gradient = {"x": r"\bar x = y \, (\bar y - \textstyle\sum_j \bar y_j y_j)"}
    keeps = ("result",)
    public = "softmax"
    wide = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.dim = dim = axis_of(dim, x.ndim)
        return ctx.kernel(x).softmax(x, dim) if x.ndim else ctx.xp.ones_like(x)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(SoftmaxGradient, grad, ctx.result, dim=ctx.dim)


class SoftmaxGradient(Op):
    formula = r"\bar x = y \, (\bar y - \textstyle\sum_j \bar y_j y_j)"
    gradient = {
        "grad": r"y \, (u - \textstyle\sum_j u_j y_j)",
        "y": r"u \, (\bar y - \textstyle\sum_j \bar y_j y_j) - \bar y \textstyle\sum_j u_j y_j",
    }
    keeps = ("grad", "y")
    node_name = "SoftmaxBackwardDataBackward0"

    def forward(ctx, grad: Any, y: Any, dim: int) -> Any:
        ctx.dim = dim
        return ctx.kernel(grad).softmax_gradient(grad, y, dim) if y.ndim else grad * 0

    def backward(ctx, u: Any) -> Any:
        grad, y = ctx.grad, ctx.y
        if y.ndim == 0:
            return u * 0, u * 0
        mean = ctx.xp.sum(grad * y, ctx.dim, keepdims=True)
        crossed = ctx.xp.sum(u * y, ctx.dim, keepdims=True)
        return y * (u - crossed), u * (grad - mean) - grad * crossed


class LogSoftmax(Op):
    layout = "rows"
    formula = r"y_i = x_i - \log \sum_j e^{x_j}"
    gradient = {"x": r"\bar x = \bar y - e^{y} \textstyle\sum_j \bar y_j"}
    keeps = ("result",)
    public = "log_softmax"
    wide = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.dim = dim = axis_of(dim, x.ndim)
        return ctx.kernel(x).log_softmax(x, dim) if x.ndim else x * 0

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(LogSoftmaxGradient, grad, ctx.result, dim=ctx.dim)


class LogSoftmaxGradient(Op):
    formula = r"\bar x = \bar y - e^{y} \textstyle\sum_j \bar y_j"
    gradient = {
        "grad": r"u - \textstyle\sum_j e^{y_j} u_j",
        "y": r"-u \, e^{y} \textstyle\sum_j \bar y_j",
    }
    keeps = ("grad", "y")
    node_name = "LogSoftmaxBackwardDataBackward0"

    def forward(ctx, grad: Any, y: Any, dim: int) -> Any:
        ctx.dim = dim
        return ctx.kernel(grad).log_softmax_gradient(grad, y, dim) if y.ndim else grad * 0

    def backward(ctx, u: Any) -> Any:
        y = ctx.y
        if y.ndim == 0:
            return u * 0, u * 0
        p = ctx.xp.exp(y)
        return u - ctx.xp.sum(u * p, ctx.dim, keepdims=True), -u * p * ctx.xp.sum(ctx.grad, ctx.dim, keepdims=True)
