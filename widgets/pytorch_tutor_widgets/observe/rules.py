"""The table of formulas: for each op by PyTorch's name, what it computes and what its backward sends to each input.

An engine's node that carries its own ``formula`` and ``gradient`` is believed first; this table then adds the sign for the
picture. In all formulas a bar means "the derivative of the loss by this": the backward pass receives the bar of the output
and sends the bar of each input.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """One op. ``gradient`` has an entry per tensor input, in the order of ``next_functions``."""

    sign: str  # for the picture: "×", "relu"
    formula: str
    gradient: dict[str, str]
    elementwise: bool = False  # each output element depends on one element of each input
    saved: dict[str, str] = field(default_factory=dict)  # our name -> PyTorch's `_saved_...`, where they differ


_X = {"x": "self", "y": "result"}
_AB = {"a": "self", "b": "other"}


def _one(sign: str, formula: str, gradient: str, **more: str) -> Rule:
    """An elementwise op with one input, x."""
    return Rule(sign, formula, {"x": gradient}, elementwise=True, saved={**_X, **more})


def _two(sign: str, formula: str, left: str, right: str) -> Rule:
    """An elementwise op with two inputs, a and b."""
    return Rule(sign, formula, {"a": left, "b": right}, elementwise=True, saved=_AB)


def _move(sign: str, formula: str, gradient: str) -> Rule:
    """An op that only moves elements."""
    return Rule(sign, formula, {"x": gradient})


_BACK = r"\bar x = \bar y \text{ put back in the shape of } x"

ARITHMETIC = {
    "Add": _two("+ add", r"y = a + b", r"\bar a = \bar y", r"\bar b = \bar y"),
    "Sub": _two("− sub", r"y = a - b", r"\bar a = \bar y", r"\bar b = -\bar y"),
    "Rsub": _two("− rsub", r"y = b - a", r"\bar a = -\bar y", r"\bar b = \bar y"),
    "Mul": _two("× mul", r"y = a\, b", r"\bar a = \bar y\, b", r"\bar b = \bar y\, a"),
    "Div": _two("÷ div", r"y = \frac{a}{b}", r"\bar a = \frac{\bar y}{b}", r"\bar b = -\bar y\, \frac{a}{b^{2}}"),
    "Neg": _one("neg", r"y = -x", r"\bar x = -\bar y"),
    "Pow": Rule(
        "pow",
        r"y = x^{n}",
        {"x": r"\bar x = \bar y\, n\, x^{n-1}", "n": r"\bar n = \bar y\, y \ln x"},
        elementwise=True,
        saved={**_X, "n": "exponent"},
    ),
    "Maximum": _two("max", r"y = \max(a, b)", r"\bar a = \bar y\,[a > b]", r"\bar b = \bar y\,[b > a]"),
    "Minimum": _two("min", r"y = \min(a, b)", r"\bar a = \bar y\,[a < b]", r"\bar b = \bar y\,[b < a]"),
}

POINTWISE = {
    "Exp": _one("exp", r"y = e^{x}", r"\bar x = \bar y\, y"),
    "Log": _one("log", r"y = \ln x", r"\bar x = \frac{\bar y}{x}"),
    "Log1P": _one("log1p", r"y = \ln(1 + x)", r"\bar x = \frac{\bar y}{1 + x}"),
    "Sqrt": _one("sqrt", r"y = \sqrt{x}", r"\bar x = \frac{\bar y}{2\, y}"),
    "Rsqrt": _one("rsqrt", r"y = \frac{1}{\sqrt{x}}", r"\bar x = -\frac{1}{2}\, \bar y\, y^{3}"),
    "Reciprocal": _one("1/x", r"y = \frac{1}{x}", r"\bar x = -\bar y\, y^{2}"),
    "Abs": _one("abs", r"y = \lvert x \rvert", r"\bar x = \bar y\, \mathrm{sign}(x)"),
    "Sin": _one("sin", r"y = \sin x", r"\bar x = \bar y\, \cos x"),
    "Cos": _one("cos", r"y = \cos x", r"\bar x = -\bar y\, \sin x"),
    "Tanh": _one("tanh", r"y = \tanh x", r"\bar x = \bar y\, (1 - y^{2})"),
    "Sigmoid": _one("sigmoid", r"y = \frac{1}{1 + e^{-x}}", r"\bar x = \bar y\, y\, (1 - y)"),
    "Relu": _one("relu", r"y = \max(0, x)", r"\bar x = \bar y\, [x > 0]"),
    "LeakyRelu": _one("leaky relu", r"y = \max(x, \alpha x)", r"\bar x = \bar y\, (x > 0 \,?\, 1 : \alpha)"),
    "Elu": _one("elu", r"y = x > 0 \,?\, x : e^{x} - 1", r"\bar x = \bar y\, (x > 0 \,?\, 1 : e^{x})"),
    "Gelu": _one("gelu", r"y = x\, \Phi(x)", r"\bar x = \bar y\, (\Phi(x) + x\, \varphi(x))"),
    "Silu": _one("silu", r"y = x\, \sigma(x)", r"\bar x = \bar y\, \sigma(x)\, (1 + x\, (1 - \sigma(x)))"),
    "Softplus": _one("softplus", r"y = \ln(1 + e^{x})", r"\bar x = \bar y\, \sigma(x)"),
    "LogSigmoid": _one("log σ", r"y = \ln \sigma(x)", r"\bar x = \bar y\, (1 - \sigma(x))"),
    "Clamp": _one("clamp", r"y = \min(\max(x, l), h)", r"\bar x = \bar y\, [l \le x \le h]"),
    "Erf": _one("erf", r"y = \mathrm{erf}(x)", r"\bar x = \bar y\, \frac{2}{\sqrt{\pi}}\, e^{-x^{2}}"),
    "Clone": _one("clone", r"y = x", r"\bar x = \bar y"),
    "ToCopy": _one("to", r"y = x \text{ in another dtype}", r"\bar x = \bar y \text{ in the dtype of } x"),
    "NativeDropout": _one("dropout", r"y = \frac{m\, x}{1 - p}", r"\bar x = \frac{m\, \bar y}{1 - p}"),
    "Where": _two("where", r"y = c \,?\, a : b", r"\bar a = c \,?\, \bar y : 0", r"\bar b = c \,?\, 0 : \bar y"),
}

REDUCTIONS = {
    "Sum": _move("sum", r"y = \sum_i x_i", r"\bar x_i = \bar y"),
    "Mean": _move("mean", r"y = \frac{1}{n} \sum_i x_i", r"\bar x_i = \frac{\bar y}{n}"),
    "Prod": _move("prod", r"y = \prod_i x_i", r"\bar x_i = \bar y\, \frac{y}{x_i}"),
    "Max": _move("max", r"y = \max_i x_i", r"\bar x_i = \bar y\, [x_i = y]"),
    "Min": _move("min", r"y = \min_i x_i", r"\bar x_i = \bar y\, [x_i = y]"),
    "Var": _move(
        "var", r"y = \frac{1}{n-1} \sum_i (x_i - \mu)^{2}", r"\bar x_i = \bar y\, \frac{2\, (x_i - \mu)}{n-1}"
    ),
    "Std": _move(
        "std", r"y = \sqrt{\frac{1}{n-1} \sum_i (x_i - \mu)^{2}}", r"\bar x_i = \bar y\, \frac{x_i - \mu}{(n-1)\, y}"
    ),
    "Logsumexp": _move("logsumexp", r"y = \ln \sum_i e^{x_i}", r"\bar x_i = \bar y\, e^{x_i - y}"),
    "LinalgVectorNorm": _move("norm", r"y = \lVert x \rVert", r"\bar x = \bar y\, \frac{x}{y}"),
    "Cumsum": _move("cumsum", r"y_i = \sum_{j \le i} x_j", r"\bar x_j = \sum_{i \ge j} \bar y_i"),
}

MATRICES = {
    "Mm": Rule("@ matmul", r"Y = A\, B", {"A": r"\bar A = \bar Y\, B^{\top}", "B": r"\bar B = A^{\top} \bar Y"}, saved={"A": "self", "B": "mat2"}),
    "Bmm": Rule("@ bmm", r"Y_k = A_k\, B_k", {"A": r"\bar A_k = \bar Y_k\, B_k^{\top}", "B": r"\bar B_k = A_k^{\top} \bar Y_k"}, saved={"A": "self", "B": "mat2"}),
    "Mv": Rule("@ mv", r"y = A\, x", {"A": r"\bar A = \bar y\, x^{\top}", "x": r"\bar x = A^{\top} \bar y"}, saved={"A": "self", "x": "vec"}),
    "Dot": Rule("dot", r"y = \sum_i a_i\, b_i", {"a": r"\bar a = \bar y\, b", "b": r"\bar b = \bar y\, a"}, saved={"a": "self", "b": "tensor"}),
    "Addmm": Rule(
        "linear",
        r"Y = c + A\, B",
        {"c": r"\bar c = \sum_{\mathrm{rows}} \bar Y", "A": r"\bar A = \bar Y\, B^{\top}", "B": r"\bar B = A^{\top} \bar Y"},
        saved={"A": "mat1", "B": "mat2"},
    ),
    "Addmv": Rule(
        "linear",
        r"y = c + A\, x",
        {"c": r"\bar c = \bar y", "A": r"\bar A = \bar y\, x^{\top}", "x": r"\bar x = A^{\top} \bar y"},
        saved={"A": "mat", "x": "vec"},
    ),
    "Linear": Rule(
        "linear",
        r"Y = X\, W^{\top} + b",
        {"X": r"\bar X = \bar Y\, W", "W": r"\bar W = \bar Y^{\top} X", "b": r"\bar b = \sum_{\mathrm{rows}} \bar Y"},
        saved={"X": "input", "W": "weight"},
    ),
}  # fmt: skip

SHAPES = {
    "T": _move("transpose", r"Y = X^{\top}", r"\bar X = \bar Y^{\top}"),
    "Transpose": _move("transpose", r"Y = X^{\top}", r"\bar X = \bar Y^{\top}"),
    "Permute": _move("permute", r"y = \text{axes of } x \text{ reordered}", r"\bar x = \text{axes of } \bar y \text{ ordered back}"),
    "View": _move("view", r"y = x \text{ in another shape}", _BACK),
    "Reshape": _move("reshape", r"y = x \text{ in another shape}", _BACK),
    "ReshapeAlias": _move("reshape", r"y = x \text{ in another shape}", _BACK),
    "UnsafeView": _move("view", r"y = x \text{ in another shape}", _BACK),
    "Flatten": _move("flatten", r"y = x \text{ in one row}", _BACK),
    "Unsqueeze": _move("unsqueeze", r"y = x \text{ with one more axis}", _BACK),
    "Squeeze": _move("squeeze", r"y = x \text{ without axes of size 1}", _BACK),
    "Expand": _move("expand", r"y = x \text{ repeated}", r"\bar x = \sum_{\mathrm{copies}} \bar y"),
    "Repeat": _move("repeat", r"y = x \text{ repeated}", r"\bar x = \sum_{\mathrm{copies}} \bar y"),
    "Select": _move("[i]", r"y = x_i", r"\bar x_i = \bar y,\ \text{ elsewhere } 0"),
    "Slice": _move("[a:b]", r"y = x_{a:b}", r"\bar x_{a:b} = \bar y,\ \text{ elsewhere } 0"),
    "Index": _move("[…]", r"y = x[\mathrm{index}]", r"\bar x[\mathrm{index}] \mathrel{+}= \bar y"),
    "Gather": _move("gather", r"y_i = x[\mathrm{index}_i]", r"\bar x[\mathrm{index}_i] \mathrel{+}= \bar y_i"),
    "Cat": _move("cat", r"y = [x_1, x_2, \dots]", r"\bar x_k = \text{ its part of } \bar y"),
    "Stack": _move("stack", r"y = [x_1, x_2, \dots]", r"\bar x_k = \text{ its part of } \bar y"),
    "Embedding": _move("embedding", r"y_i = w[\mathrm{index}_i]", r"\bar w[\mathrm{index}_i] \mathrel{+}= \bar y_i"),
}  # fmt: skip

NETWORKS = {
    "Softmax": _move("softmax", r"y_i = \frac{e^{x_i}}{\sum_j e^{x_j}}", r"\bar x_i = y_i\, (\bar y_i - \sum_j \bar y_j\, y_j)"),
    "LogSoftmax": _move("log softmax", r"y_i = x_i - \ln \sum_j e^{x_j}", r"\bar x_i = \bar y_i - e^{y_i} \sum_j \bar y_j"),
    "Convolution": Rule(
        "conv",
        r"y = x \star w + b",
        {"x": r"\bar x = \bar y \ast w", "w": r"\bar w = x \star \bar y", "b": r"\bar b = \sum \bar y"},
        saved={"x": "input", "w": "weight"},
    ),
    "MaxPool2DWithIndices": _move("max pool", r"y = \max_{\mathrm{window}} x", r"\bar x_{\arg\max} \mathrel{+}= \bar y"),
    "AvgPool2D": _move("avg pool", r"y = \frac{1}{n} \sum_{\mathrm{window}} x", r"\bar x = \sum_{\mathrm{windows}} \frac{\bar y}{n}"),
    "AdaptiveAvgPool2D": _move("avg pool", r"y = \frac{1}{n} \sum_{\mathrm{window}} x", r"\bar x = \sum_{\mathrm{windows}} \frac{\bar y}{n}"),
    "NativeBatchNorm": Rule(
        "batch norm",
        r"y = \gamma\, \hat x + \beta,\quad \hat x = \frac{x - \mu}{\sqrt{\sigma^{2} + \epsilon}}",
        {
            "x": r"\bar x = \frac{\gamma}{\sqrt{\sigma^{2} + \epsilon}}\, (\bar y - \mathrm{mean}(\bar y) - \hat x\, \mathrm{mean}(\bar y\, \hat x))",
            "gamma": r"\bar \gamma = \sum \bar y\, \hat x",
            "beta": r"\bar \beta = \sum \bar y",
        },
        saved={"x": "input", "gamma": "weight"},
    ),
    "NativeLayerNorm": Rule(
        "layer norm",
        r"y = \gamma\, \hat x + \beta,\quad \hat x = \frac{x - \mu}{\sqrt{\sigma^{2} + \epsilon}}",
        {
            "x": r"\bar x = \frac{1}{\sqrt{\sigma^{2} + \epsilon}}\, (g - \mathrm{mean}(g) - \hat x\, \mathrm{mean}(g\, \hat x)),\quad g = \gamma\, \bar y",
            "gamma": r"\bar \gamma = \sum \bar y\, \hat x",
            "beta": r"\bar \beta = \sum \bar y",
        },
        saved={"x": "input", "gamma": "weight"},
    ),
}  # fmt: skip

LOSSES = {
    "MseLoss": Rule(
        "mse loss",
        r"y = \frac{1}{n} \sum_i (x_i - t_i)^{2}",
        {"x": r"\bar x_i = \bar y\, \frac{2}{n}\, (x_i - t_i)", "t": r"\bar t_i = -\bar y\, \frac{2}{n}\, (x_i - t_i)"},
        saved={"x": "self", "t": "target"},
    ),
    "SmoothL1Loss": Rule(
        "smooth l1",
        r"y = \frac{1}{n} \sum_i h(x_i - t_i)",
        {"x": r"\bar x_i = \frac{\bar y}{n}\, h'(x_i - t_i)", "t": r"\bar t_i = -\frac{\bar y}{n}\, h'(x_i - t_i)"},
        saved={"x": "self", "t": "target"},
    ),
    "NllLoss": _move("nll loss", r"y = -\frac{1}{n} \sum_i x_{i, t_i}", r"\bar x_{i, t_i} = -\frac{\bar y}{n},\ \text{ elsewhere } 0"),
    "BinaryCrossEntropy": _move(
        "bce",
        r"y = -\frac{1}{n} \sum_i t_i \ln x_i + (1 - t_i) \ln(1 - x_i)",
        r"\bar x_i = \frac{\bar y}{n}\, \frac{x_i - t_i}{x_i\, (1 - x_i)}",
    ),
    "BinaryCrossEntropyWithLogits": _move(
        "bce",
        r"y = \frac{1}{n} \sum_i \ln(1 + e^{x_i}) - t_i\, x_i",
        r"\bar x_i = \frac{\bar y}{n}\, (\sigma(x_i) - t_i)",
    ),
    "CrossEntropyLoss": _move(
        "cross entropy",
        r"y = -\frac{1}{n} \sum_i \ln p_{i, t_i},\quad p_i = \mathrm{softmax}(x_i)",
        r"\bar x_i = \frac{\bar y}{n}\, (p_i - [t_i])",
    ),
}  # fmt: skip

RULES: dict[str, Rule] = {**ARITHMETIC, **POINTWISE, **REDUCTIONS, **MATRICES, **SHAPES, **NETWORKS, **LOSSES}
