"""The table of formulas: for each op by PyTorch's name, what it computes and what its backward sends to each input.

An op that is not in it explains itself by the ``formula`` and ``gradient`` that its node carries (all ops of the engine do). In
the table, letters are chosen so that they are not taken for a learner's variables, of which x, y and z are the commonest: in all formulas the op computes ``out``; its backward receives ``g``, the derivative of the loss by ``out``, and sends
to each input the derivative of the loss by that input, written with a bar.
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


_X = {"a": "self", "out": "result"}
_AB = {"a": "self", "b": "other"}


def _one(sign: str, formula: str, gradient: str, **more: str) -> Rule:
    """An elementwise op with one input, a."""
    return Rule(sign, formula, {"a": gradient}, elementwise=True, saved={**_X, **more})


def _two(sign: str, formula: str, left: str, right: str) -> Rule:
    """An elementwise op with two inputs, a and b."""
    return Rule(sign, formula, {"a": left, "b": right}, elementwise=True, saved=_AB)


def _move(sign: str, formula: str, gradient: str) -> Rule:
    """An op that only moves elements."""
    return Rule(sign, formula, {"a": gradient})


_BACK = r"\bar a = g \text{ put back in the shape of } a"

ARITHMETIC = {
    "Add": _two("+ add", r"\mathrm{out} = a + b", r"\bar a = g", r"\bar b = g"),
    "Sub": _two("− sub", r"\mathrm{out} = a - b", r"\bar a = g", r"\bar b = -g"),
    "Rsub": _two("− rsub", r"\mathrm{out} = b - a", r"\bar a = -g", r"\bar b = g"),
    "Mul": _two("× mul", r"\mathrm{out} = a\, b", r"\bar a = g\, b", r"\bar b = g\, a"),
    "Div": _two("÷ div", r"\mathrm{out} = \frac{a}{b}", r"\bar a = \frac{g}{b}", r"\bar b = -g\, \frac{a}{b^{2}}"),
    "Neg": _one("neg", r"\mathrm{out} = -a", r"\bar a = -g"),
    "Pow": Rule(
        "pow",
        r"\mathrm{out} = a^{n}",
        {"a": r"\bar a = g\, n\, a^{n-1}", "n": r"\bar n = g\, \mathrm{out} \ln a"},
        elementwise=True,
        saved={**_X, "n": "exponent"},
    ),
    "Maximum": _two("max", r"\mathrm{out} = \max(a, b)", r"\bar a = g\,[a > b]", r"\bar b = g\,[b > a]"),
    "Minimum": _two("min", r"\mathrm{out} = \min(a, b)", r"\bar a = g\,[a < b]", r"\bar b = g\,[b < a]"),
}

POINTWISE = {
    "Exp": _one("exp", r"\mathrm{out} = e^{a}", r"\bar a = g\, \mathrm{out}"),
    "Log": _one("log", r"\mathrm{out} = \ln a", r"\bar a = \frac{g}{a}"),
    "Log1P": _one("log1p", r"\mathrm{out} = \ln(1 + a)", r"\bar a = \frac{g}{1 + a}"),
    "Sqrt": _one("sqrt", r"\mathrm{out} = \sqrt{a}", r"\bar a = \frac{g}{2\, \mathrm{out}}"),
    "Rsqrt": _one("rsqrt", r"\mathrm{out} = \frac{1}{\sqrt{a}}", r"\bar a = -\frac{1}{2}\, g\, \mathrm{out}^{3}"),
    "Reciprocal": _one("1/x", r"\mathrm{out} = \frac{1}{a}", r"\bar a = -g\, \mathrm{out}^{2}"),
    "Abs": _one("abs", r"\mathrm{out} = \lvert a \rvert", r"\bar a = g\, \mathrm{sign}(a)"),
    "Sin": _one("sin", r"\mathrm{out} = \sin a", r"\bar a = g\, \cos a"),
    "Cos": _one("cos", r"\mathrm{out} = \cos a", r"\bar a = -g\, \sin a"),
    "Tanh": _one("tanh", r"\mathrm{out} = \tanh a", r"\bar a = g\, (1 - \mathrm{out}^{2})"),
    "Sigmoid": _one("sigmoid", r"\mathrm{out} = \frac{1}{1 + e^{-a}}", r"\bar a = g\, \mathrm{out}\, (1 - \mathrm{out})"),
    "Relu": _one("relu", r"\mathrm{out} = \max(0, a)", r"\bar a = g\, [a > 0]"),
    "LeakyRelu": _one("leaky relu", r"\mathrm{out} = \max(a, \alpha a)", r"\bar a = g\, (a > 0 \,?\, 1 : \alpha)"),
    "Elu": _one("elu", r"\mathrm{out} = a > 0 \,?\, a : e^{a} - 1", r"\bar a = g\, (a > 0 \,?\, 1 : e^{a})"),
    "Gelu": _one("gelu", r"\mathrm{out} = a\, \Phi(a)", r"\bar a = g\, (\Phi(a) + a\, \varphi(a))"),
    "Silu": _one("silu", r"\mathrm{out} = a\, \sigma(a)", r"\bar a = g\, \sigma(a)\, (1 + a\, (1 - \sigma(a)))"),
    "Softplus": _one("softplus", r"\mathrm{out} = \ln(1 + e^{a})", r"\bar a = g\, \sigma(a)"),
    "LogSigmoid": _one("log σ", r"\mathrm{out} = \ln \sigma(a)", r"\bar a = g\, (1 - \sigma(a))"),
    "Clamp": _one("clamp", r"\mathrm{out} = \min(\max(a, l), h)", r"\bar a = g\, [l \le a \le h]"),
    "Erf": _one("erf", r"\mathrm{out} = \mathrm{erf}(a)", r"\bar a = g\, \frac{2}{\sqrt{\pi}}\, e^{-a^{2}}"),
    "Clone": _one("clone", r"\mathrm{out} = a", r"\bar a = g"),
    "ToCopy": _one("to", r"\mathrm{out} = a \text{ in another dtype}", r"\bar a = g \text{ in the dtype of } a"),
    "NativeDropout": _one("dropout", r"\mathrm{out} = \frac{m\, a}{1 - p}", r"\bar a = \frac{m\, g}{1 - p}"),
    "Where": _two("where", r"\mathrm{out} = c \,?\, a : b", r"\bar a = c \,?\, g : 0", r"\bar b = c \,?\, 0 : g"),
}

REDUCTIONS = {
    "Sum": _move("sum", r"\mathrm{out} = \sum_i a_i", r"\bar a_i = g"),
    "Mean": _move("mean", r"\mathrm{out} = \frac{1}{n} \sum_i a_i", r"\bar a_i = \frac{g}{n}"),
    "Prod": _move("prod", r"\mathrm{out} = \prod_i a_i", r"\bar a_i = g\, \frac{\mathrm{out}}{a_i}"),
    "Max": _move("max", r"\mathrm{out} = \max_i a_i", r"\bar a_i = g\, [a_i = \mathrm{out}]"),
    "Min": _move("min", r"\mathrm{out} = \min_i a_i", r"\bar a_i = g\, [a_i = \mathrm{out}]"),
    "Var": _move(
        "var", r"\mathrm{out} = \frac{1}{n-1} \sum_i (a_i - \mu)^{2}", r"\bar a_i = g\, \frac{2\, (a_i - \mu)}{n-1}"
    ),
    "Std": _move(
        "std", r"\mathrm{out} = \sqrt{\frac{1}{n-1} \sum_i (a_i - \mu)^{2}}", r"\bar a_i = g\, \frac{a_i - \mu}{(n-1)\, \mathrm{out}}"
    ),
    "Logsumexp": _move("logsumexp", r"\mathrm{out} = \ln \sum_i e^{a_i}", r"\bar a_i = g\, e^{a_i - \mathrm{out}}"),
    "LinalgVectorNorm": _move("norm", r"\mathrm{out} = \lVert a \rVert", r"\bar a = g\, \frac{a}{\mathrm{out}}"),
    "Cumsum": _move("cumsum", r"\mathrm{out}_i = \sum_{j \le i} a_j", r"\bar a_j = \sum_{i \ge j} g_i"),
}

MATRICES = {
    "Mm": Rule("@ matmul", r"\mathrm{out} = A\, B", {"A": r"\bar A = g\, B^{\top}", "B": r"\bar B = A^{\top} g"}, saved={"A": "self", "B": "mat2"}),
    "Bmm": Rule("@ bmm", r"\mathrm{out}_k = A_k\, B_k", {"A": r"\bar A_k = g_k\, B_k^{\top}", "B": r"\bar B_k = A_k^{\top} g_k"}, saved={"A": "self", "B": "mat2"}),
    "Mv": Rule("@ mv", r"\mathrm{out} = A\, x", {"A": r"\bar A = g\, x^{\top}", "x": r"\bar x = A^{\top} g"}, saved={"A": "self", "x": "vec"}),
    "Dot": Rule("dot", r"\mathrm{out} = \sum_i a_i\, b_i", {"a": r"\bar a = g\, b", "b": r"\bar b = g\, a"}, saved={"a": "self", "b": "tensor"}),
    "Addmm": Rule(
        "linear",
        r"\mathrm{out} = c + A\, B",
        {"c": r"\bar c = \sum_{\mathrm{rows}} g", "A": r"\bar A = g\, B^{\top}", "B": r"\bar B = A^{\top} g"},
        saved={"A": "mat1", "B": "mat2"},
    ),
    "Addmv": Rule(
        "linear",
        r"\mathrm{out} = c + A\, x",
        {"c": r"\bar c = g", "A": r"\bar A = g\, x^{\top}", "x": r"\bar x = A^{\top} g"},
        saved={"A": "mat", "x": "vec"},
    ),
    "Linear": Rule(
        "linear",
        r"\mathrm{out} = X\, W^{\top} + b",
        {"X": r"\bar X = g\, W", "W": r"\bar W = g^{\top} X", "b": r"\bar b = \sum_{\mathrm{rows}} g"},
        saved={"X": "input", "W": "weight"},
    ),
}

SHAPES = {
    "T": Rule("transpose", r"\mathrm{out} = A^{\top}", {"A": r"\bar A = g^{\top}"}),
    "Transpose": Rule("transpose", r"\mathrm{out} = A^{\top}", {"A": r"\bar A = g^{\top}"}),
    "Permute": _move("permute", r"\mathrm{out} = \text{axes of } a \text{ reordered}", r"\bar a = \text{axes of } g \text{ ordered back}"),
    "View": _move("view", r"\mathrm{out} = a \text{ in another shape}", _BACK),
    "Reshape": _move("reshape", r"\mathrm{out} = a \text{ in another shape}", _BACK),
    "ReshapeAlias": _move("reshape", r"\mathrm{out} = a \text{ in another shape}", _BACK),
    "UnsafeView": _move("view", r"\mathrm{out} = a \text{ in another shape}", _BACK),
    "Flatten": _move("flatten", r"\mathrm{out} = a \text{ in one row}", _BACK),
    "Unsqueeze": _move("unsqueeze", r"\mathrm{out} = a \text{ with one more axis}", _BACK),
    "Squeeze": _move("squeeze", r"\mathrm{out} = a \text{ without axes of size 1}", _BACK),
    "Expand": _move("expand", r"\mathrm{out} = a \text{ repeated}", r"\bar a = \sum_{\mathrm{copies}} g"),
    "Repeat": _move("repeat", r"\mathrm{out} = a \text{ repeated}", r"\bar a = \sum_{\mathrm{copies}} g"),
    "Select": _move("[i]", r"\mathrm{out} = a_i", r"\bar a_i = g,\ \text{ elsewhere } 0"),
    "Slice": _move("[a:b]", r"\mathrm{out} = a_{a:b}", r"\bar a_{a:b} = g,\ \text{ elsewhere } 0"),
    "Index": _move("[…]", r"\mathrm{out} = a[\mathrm{index}]", r"\bar a[\mathrm{index}] \mathrel{+}= g"),
    "Gather": _move("gather", r"\mathrm{out}_i = a[\mathrm{index}_i]", r"\bar a[\mathrm{index}_i] \mathrel{+}= g_i"),
    "Cat": _move("cat", r"\mathrm{out} = [a_1, a_2, \dots]", r"\bar a_k = \text{ its part of } g"),
    "Stack": _move("stack", r"\mathrm{out} = [a_1, a_2, \dots]", r"\bar a_k = \text{ its part of } g"),
    "Embedding": _move("embedding", r"\mathrm{out}_i = w[\mathrm{index}_i]", r"\bar w[\mathrm{index}_i] \mathrel{+}= g_i"),
}

NETWORKS = {
    "Softmax": _move("softmax", r"\mathrm{out}_i = \frac{e^{a_i}}{\sum_j e^{a_j}}", r"\bar a_i = \mathrm{out}_i\, (g_i - \sum_j g_j\, \mathrm{out}_j)"),
    "LogSoftmax": _move("log softmax", r"\mathrm{out}_i = a_i - \ln \sum_j e^{a_j}", r"\bar a_i = g_i - e^{\mathrm{out}_i} \sum_j g_j"),
    "Convolution": Rule(
        "conv",
        r"\mathrm{out} = x \star w + b",
        {"x": r"\bar x = g \ast w", "w": r"\bar w = x \star g", "b": r"\bar b = \sum g"},
        saved={"x": "input", "w": "weight"},
    ),
    "MaxPool2DWithIndices": _move("max pool", r"\mathrm{out} = \max_{\mathrm{window}} a", r"\bar a_{\arg\max} \mathrel{+}= g"),
    "AvgPool2D": _move("avg pool", r"\mathrm{out} = \frac{1}{n} \sum_{\mathrm{window}} a", r"\bar a = \sum_{\mathrm{windows}} \frac{g}{n}"),
    "AdaptiveAvgPool2D": _move("avg pool", r"\mathrm{out} = \frac{1}{n} \sum_{\mathrm{window}} a", r"\bar a = \sum_{\mathrm{windows}} \frac{g}{n}"),
    "NativeBatchNorm": Rule(
        "batch norm",
        r"\mathrm{out} = \gamma\, \hat x + \beta,\quad \hat x = \frac{x - \mu}{\sqrt{\sigma^{2} + \epsilon}}",
        {
            "x": r"\bar x = \frac{\gamma}{\sqrt{\sigma^{2} + \epsilon}}\, (g - \mathrm{mean}(g) - \hat x\, \mathrm{mean}(g\, \hat x))",
            "gamma": r"\bar \gamma = \sum g\, \hat x",
            "beta": r"\bar \beta = \sum g",
        },
        saved={"x": "input", "gamma": "weight"},
    ),
    "NativeLayerNorm": Rule(
        "layer norm",
        r"\mathrm{out} = \gamma\, \hat x + \beta,\quad \hat x = \frac{x - \mu}{\sqrt{\sigma^{2} + \epsilon}}",
        {
            "x": r"\bar x = \frac{1}{\sqrt{\sigma^{2} + \epsilon}}\, (h - \mathrm{mean}(h) - \hat x\, \mathrm{mean}(h\, \hat x)),\quad h = \gamma\, g",
            "gamma": r"\bar \gamma = \sum g\, \hat x",
            "beta": r"\bar \beta = \sum g",
        },
        saved={"x": "input", "gamma": "weight"},
    ),
}

LOSSES = {
    "MseLoss": Rule(
        "mse loss",
        r"\mathrm{out} = \frac{1}{n} \sum_i (a_i - t_i)^{2}",
        {"a": r"\bar a_i = g\, \frac{2}{n}\, (a_i - t_i)", "t": r"\bar t_i = -g\, \frac{2}{n}\, (a_i - t_i)"},
        saved={"a": "self", "t": "target"},
    ),
    "SmoothL1Loss": Rule(
        "smooth l1",
        r"\mathrm{out} = \frac{1}{n} \sum_i h(a_i - t_i)",
        {"a": r"\bar a_i = \frac{g}{n}\, h'(a_i - t_i)", "t": r"\bar t_i = -\frac{g}{n}\, h'(a_i - t_i)"},
        saved={"a": "self", "t": "target"},
    ),
    "NllLoss": _move("nll loss", r"\mathrm{out} = -\frac{1}{n} \sum_i a_{i, t_i}", r"\bar a_{i, t_i} = -\frac{g}{n},\ \text{ elsewhere } 0"),
    "BinaryCrossEntropy": _move(
        "bce",
        r"\mathrm{out} = -\frac{1}{n} \sum_i t_i \ln a_i + (1 - t_i) \ln(1 - a_i)",
        r"\bar a_i = \frac{g}{n}\, \frac{a_i - t_i}{a_i\, (1 - a_i)}",
    ),
    "BinaryCrossEntropyWithLogits": _move(
        "bce",
        r"\mathrm{out} = \frac{1}{n} \sum_i \ln(1 + e^{a_i}) - t_i\, a_i",
        r"\bar a_i = \frac{g}{n}\, (\sigma(a_i) - t_i)",
    ),
    "CrossEntropyLoss": _move(
        "cross entropy",
        r"\mathrm{out} = -\frac{1}{n} \sum_i \ln p_{i, t_i},\quad p_i = \mathrm{softmax}(a_i)",
        r"\bar a_i = \frac{g}{n}\, (p_i - [t_i])",
    ),
}

RULES: dict[str, Rule] = {**ARITHMETIC, **POINTWISE, **REDUCTIONS, **MATRICES, **SHAPES, **NETWORKS, **LOSSES}
