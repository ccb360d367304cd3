"""Activations: what bends the straight lines between layers. The formulas are those of the ops of the same names."""

from __future__ import annotations

import warnings
from typing import Any

from pytorch_tutor.creation import empty, empty_like, zeros_like
from pytorch_tutor.dispatch import apply, apply_inplace
from pytorch_tutor.dtypes import float64
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import activation as functions
from pytorch_tutor.nn.functional._arguments import require_float, require_tensor
from pytorch_tutor.ops import activation as ops

prelu = functions.prelu


def _run(op: Any, inplace: bool, input: Any, **params: Any) -> Any:
    if inplace:
        return apply_inplace(op, input, **params)
    return apply(op, input, **params)


def _checked(input: Any, function: str, kernel: str) -> None:
    require_tensor(input, function)
    require_float(input, kernel)


# ---------------------------------------------------------------------- straight pieces
def relu(input: Any, inplace: bool = False) -> Any:
    r"""Rectified linear unit, $\max(x, 0)$.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.relu(torch.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    require_tensor(input, "relu")
    if input._array.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu")
    if inplace:
        return apply_inplace(ops.Relu, input)
    return apply(ops.Relu, input)


def relu_(input: Any) -> Any:
    """`relu` in place."""
    return relu(input, inplace=True)


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    r"""$x$ where $x >$ `threshold`, `value` elsewhere."""
    require_tensor(input, "threshold")
    return _run(ops.Threshold, inplace, input, threshold=threshold, value=value)


def threshold_(input: Any, threshold: float, value: float) -> Any:
    """`threshold` in place."""
    return _run(ops.Threshold, True, input, threshold=threshold, value=value)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    r"""$x$ where $x > 0$, `negative_slope` times $x$ elsewhere: no unit ever stops learning.

    Source: A. Maas et al., "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """
    _checked(input, "leaky_relu", "leaky_relu_cpu")
    return _run(ops.LeakyRelu, inplace, input, negative_slope=negative_slope)


def leaky_relu_(input: Any, negative_slope: float = 0.01) -> Any:
    """`leaky_relu` in place."""
    return leaky_relu(input, negative_slope, inplace=True)


def rrelu(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Any:
    """Leaky ReLU whose slope is drawn anew for each negative element in training, and their mean otherwise."""
    _checked(input, "rrelu", "leaky_relu_cpu")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        slope = (lower + upper) / 2
        noise = input._array.dtype.type(slope)
        noise = (input._array > 0) * (1 - noise) + noise
    else:
        drawn = empty_like(input, requires_grad=False).fill_(1)
        negative = input._array <= 0
        count = int(negative.sum())
        kind = input._array.dtype.type  # PyTorch rounds the bounds to the input's type and draws in float64
        slopes = empty(count, dtype=float64).uniform_(float(kind(lower)), float(kind(upper)))
        drawn._array[negative] = slopes._array
        noise = drawn._array
    return _run(ops.RreluWithNoise, inplace, input, noise=noise.astype(input._array.dtype))


def rrelu_(input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Any:
    """`rrelu` in place."""
    return rrelu(input, lower, upper, training, inplace=True)


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    r"""$\min(\max(x, \text{min\_val}), \text{max\_val})$."""
    require_tensor(input, "hardtanh")
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if input._array.dtype.kind == "b":
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if input._array.dtype.kind == "u" and min_val < 0:
        raise RuntimeError("cannot do hardtanh on an unsigned type with negative limits")
    return _run(ops.Hardtanh, inplace, input, min_val=min_val, max_val=max_val)


def hardtanh_(input: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """`hardtanh` in place."""
    return hardtanh(input, min_val, max_val, inplace=True)


def relu6(input: Any, inplace: bool = False) -> Any:
    r"""$\min(\max(x, 0), 6)$. Source: A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010."""
    return hardtanh(input, 0.0, 6.0, inplace)


def hardsigmoid(input: Any, inplace: bool = False) -> Any:
    r"""A sigmoid of three straight pieces, $\min(\max(x + 3, 0), 6) / 6$."""
    _checked(input, "hardsigmoid", "hardsigmoid_cpu")
    return _run(ops.Hardsigmoid, inplace, input)


def hardswish(input: Any, inplace: bool = False) -> Any:
    """x times `hardsigmoid(x)`. Source: A. Howard et al., "Searching for MobileNetV3", 2019."""
    _checked(input, "hardswish", "hardswish_cpu")
    return _run(ops.Hardswish, inplace, input)


def hardshrink(input: Any, lambd: float = 0.5) -> Any:
    """Elements between -lambd and lambd become 0."""
    _checked(input, "hardshrink", "hardshrink_cpu")
    return functions.hardshrink(input, lambd)


def softshrink(input: Any, lambd: float = 0.5) -> Any:
    r"""Moves every element towards 0 by `lambd`, and to 0 if it is nearer than that."""
    _checked(input, "softshrink", "softshrink_check")
    if lambd < 0:
        raise lesson(
            RuntimeError(
                f"lambda must be in range [0, 3.40282e+38] for input dtype {input.dtype.name.capitalize()[:5]}, "
                f"but found {lambd:g}"
            ),
            expected="lambd >= 0",
            got=lambd,
            hint="nn.Softshrink(0.5)",
        )
    return apply(ops.Softshrink, input, lambd=lambd)


# ---------------------------------------------------------------------- smooth
def sigmoid(input: Any) -> Any:
    r"""$1 / (1 + e^{-x})$, between 0 and 1."""
    return input.sigmoid()


def tanh(input: Any) -> Any:
    r"""$\tanh x$, between -1 and 1."""
    return input.tanh()


def logsigmoid(input: Any) -> Any:
    r"""$\log \sigma(x)$, without the rounding of doing the two one after the other."""
    _checked(input, "log_sigmoid", "log_sigmoid_cpu")
    return apply(ops.LogSigmoid, input)


def softplus(input: Any, beta: float = 1, threshold: float = 20) -> Any:
    r"""$\tfrac1\beta \log(1 + e^{\beta x})$, a smooth ReLU; the straight line itself where $\beta x >$ `threshold`."""
    _checked(input, "softplus", "softplus_cpu")
    return apply(ops.Softplus, input, beta=beta, threshold=threshold)


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    r"""$x$ where $x > 0$, $\alpha (e^x - 1)$ elsewhere. Source: D. Clevert et al., 2015.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.elu(torch.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    _checked(input, "elu", "elu_cpu")
    return _run(ops.Elu, inplace, input, alpha=alpha)


def elu_(input: Any, alpha: float = 1.0) -> Any:
    """`elu` in place."""
    return elu(input, alpha, inplace=True)


def selu(input: Any, inplace: bool = False) -> Any:
    """Self-normalizing ELU (see `torch.selu`)."""
    _checked(input, "selu", "elu_cpu")
    return functions.selu_(input) if inplace else functions.selu(input)


def selu_(input: Any) -> Any:
    """`selu` in place."""
    return selu(input, inplace=True)


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    r"""$x$ where $x > 0$, $\alpha (e^{x / \alpha} - 1)$ elsewhere. Source: J. Barron, 2017."""
    _checked(input, "celu", "elu_cpu")
    return functions.celu_(input, alpha) if inplace else functions.celu(input, alpha)


def celu_(input: Any, alpha: float = 1.0) -> Any:
    """`celu` in place."""
    return celu(input, alpha, inplace=True)


def gelu(input: Any, approximate: str = "none") -> Any:
    r"""$x \Phi(x)$: x times the chance that a normal number lies below it; `approximate="tanh"` for the classic fit."""
    _checked(input, "gelu", "GeluKernelImpl")
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    return apply(ops.Gelu, input, approximate=approximate)


def silu(input: Any, inplace: bool = False) -> Any:
    r"""$x \sigma(x)$, also called swish."""
    _checked(input, "silu", "silu_cpu")
    return _run(ops.Silu, inplace, input)


def mish(input: Any, inplace: bool = False) -> Any:
    r"""$x \tanh(\log(1 + e^x))$."""
    _checked(input, "mish", "mish_cpu")
    return _run(ops.Mish, inplace, input)


def softsign(input: Any) -> Any:
    r"""$x / (1 + |x|)$."""
    return input / (input.abs() + 1)


def tanhshrink(input: Any) -> Any:
    r"""$x - \tanh x$."""
    return input - input.tanh()


def glu(input: Any, dim: int = -1) -> Any:
    r"""$a \, \sigma(b)$ with the input halved along `dim` into a and b: one half is a gate for the other."""
    require_tensor(input, "glu")
    if input.dim() == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    size = input.size(dim)
    if size % 2:
        raise lesson(
            RuntimeError(f"Halving dimension must be even, but dimension {dim % input.dim()} is size {size}"),
            expected="an even size",
            got=size,
            hint="let the layer before have twice as many outputs",
        )
    require_float(input, "glu_cpu")
    return apply(ops.Glu, input, dim=dim)


# ---------------------------------------------------------------------- along a dimension
def softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    r"""$e^{x_i} / \sum_j e^{x_j}$ along `dim`: scores become probabilities.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.softmax(torch.tensor([[0.0, 0.0], [0.0, 1000.0]]), dim=1)
    tensor([[0.5000, 0.5000],
            [0.0000, 1.0000]])
    """
    if dim is None:
        dim = _implicit_dim("softmax", input.dim(), _stacklevel)
    return input.softmax(dim) if dtype is None else input.softmax(dim, dtype=dtype)


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """`softmax` of the negated input."""
    if dim is None:
        dim = _implicit_dim("softmin", input.dim(), _stacklevel)
    return (-input).softmax(dim) if dtype is None else (-input).softmax(dim, dtype=dtype)


def log_softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    r"""$x_i - \log \sum_j e^{x_j}$ along `dim`: log probabilities, accurate also where softmax rounds to 0."""
    if dim is None:
        dim = _implicit_dim("log_softmax", input.dim(), _stacklevel)
    return input.log_softmax(dim) if dtype is None else input.log_softmax(dim, dtype=dtype)


def _implicit_dim(name: str, ndim: int, stacklevel: int) -> int:
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=stacklevel,
    )
    return 0 if ndim in (0, 1, 3) else 1


def gumbel_softmax(logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Any:
    """A random choice that gradients can pass: softmax of the scores plus Gumbel noise, divided by `tau`.

    With `hard` the result is one-hot, with the gradient of the soft one. Sources: E. Jang et al., C. Maddison et al.,
    2016.
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    noise = -empty_like(logits, requires_grad=False).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft
    index = soft.max(dim, keepdim=True)[1]
    one_hot = zeros_like(logits, requires_grad=False).scatter_(dim, index, 1.0)
    return one_hot - soft.detach() + soft
