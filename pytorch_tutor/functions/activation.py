"""Activations that are functions of `torch` and methods of tensors, too; `nn.functional` has them all."""

from __future__ import annotations

from typing import Any

from ..dispatch import apply, apply_inplace, write_out
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops import activation
from ..tensor_base import TensorBase
from .numpy_names import numpy_names


def relu(input: Any) -> Any:
    """Negative elements become 0.

    >>> import pytorch_tutor as torch
    >>> torch.relu(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return apply(activation.Relu, input)


def relu_(input: Any) -> Any:
    """`relu` in place."""
    return apply_inplace(activation.Relu, input)


@numpy_names
def softmax(input: Any, dim: int, dtype: Any = None, *, out: Any = None) -> Any:
    """Positive numbers that sum to 1 along `dim`, in the proportions of e to the input.

    >>> import pytorch_tutor as torch
    >>> torch.softmax(torch.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    _check_dim(dim, "softmax")
    _check_float(input, dtype, dim, "softmax")
    return write_out(apply(activation.Softmax, input if dtype is None else input.to(dtype), dim=dim), out, "softmax")


@numpy_names
def log_softmax(input: Any, dim: int, dtype: Any = None, *, out: Any = None) -> Any:
    """The logarithm of `softmax`, computed without its rounding.

    >>> import pytorch_tutor as torch
    >>> torch.log_softmax(torch.tensor([0.0, 0.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    _check_dim(dim, "log_softmax")
    _check_float(input, dtype, dim, "log_softmax")
    source = input if dtype is None else input.to(dtype)
    return write_out(apply(activation.LogSoftmax, source, dim=dim), out, "log_softmax")


def _check_dim(dim: Any, function: str) -> None:
    if not isinstance(dim, int):
        raise lesson(
            TypeError(f"{function}(): argument 'dim' (position 1) must be int, not {type(dim).__name__}"),
            expected="an int",
            got=repr(dim),
            hint="dim=-1 for the last dimension",
        )


def _check_float(input: Any, dtype: Any, dim: int, function: str) -> None:
    kind = input.dtype if dtype is None else dtype
    if kind.rank != 3:
        where = "lastdim_" if dim in (-1, input._array.ndim - 1) else ""
        raise lesson(
            NotImplementedError(f"\"{function}_{where}kernel_impl\" not implemented for '{SCALAR_NAMES[kind]}'"),
            expected="a floating point dtype",
            got=str(kind),
            hint="x.float()",
        )


def hardshrink(input: Any, lambd: float = 0.5, *, out: Any = None) -> Any:
    """Elements between -lambd and lambd become 0."""
    return write_out(apply(activation.Hardshrink, input, lambd=lambd), out, "hardshrink")


def threshold(input: Any, threshold: float, value: float, *, out: Any = None) -> Any:
    """Elements that are not above `threshold` become `value`."""
    return write_out(apply(activation.Threshold, input, threshold=threshold, value=value), out, "threshold")


def threshold_(input: Any, threshold: float, value: float) -> Any:
    """`threshold` in place."""
    return apply_inplace(activation.Threshold, input, threshold=threshold, value=value)


SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def selu(input: Any) -> Any:
    """ELU with the two constants that make deep nets keep mean 0 and variance 1.

    Source: G. Klambauer et al., "Self-normalizing neural networks", 2017.
    """
    return apply(activation.Elu, input, alpha=SELU_ALPHA, scale=SELU_SCALE)


def selu_(input: Any) -> Any:
    """`selu` in place."""
    return apply_inplace(activation.Elu, input, alpha=SELU_ALPHA, scale=SELU_SCALE)


def celu(input: Any, alpha: float = 1.0) -> Any:
    r"""Like ELU, with $e^{x / \alpha}$, so that its slope is continuous for every alpha."""
    _check_alpha(alpha)
    return apply(activation.Celu, input, alpha=alpha)


def celu_(input: Any, alpha: float = 1.0) -> Any:
    """`celu` in place."""
    _check_alpha(alpha)
    return apply_inplace(activation.Celu, input, alpha=alpha)


def _check_alpha(alpha: float) -> None:
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")


def prelu(input: Any, weight: Any) -> Any:
    """Leaky ReLU with a slope to be learned, one for all or one for each channel (dimension 1).

    Source: K. He et al., "Delving deep into rectifiers", 2015.
    """
    if isinstance(input, TensorBase) and isinstance(weight, TensorBase):
        if input.dtype is not weight.dtype:
            names = [str(t.dtype).split(".")[1] for t in (input, weight)]
            spelled = {"int64": "Long", "float32": "Float", "float64": "Double", "float16": "Half"}
            first, second = (spelled.get(name, name.capitalize()) for name in names)
            raise RuntimeError(f"prelu: Type promoting not supported. Got {first} and {second}")
        count = weight._array.size
        shape = input._array.shape
        if count != 1:
            if not shape:
                raise RuntimeError("Not allow zero-dim input tensor.")
            channels = shape[1] if len(shape) > 1 else 1
            if channels != count:
                raise lesson(
                    RuntimeError(
                        "Mismatch of parameter numbers and input channel size. Found parameter numbers = "
                        f"{count} and channel size = {channels}."
                    ),
                    expected=f"{channels} slopes, one for each channel, or a single one",
                    got=count,
                    hint=f"nn.PReLU({channels})",
                )
        if weight._array.ndim > 1:
            raise RuntimeError(
                f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight._array.ndim}"
            )
        if not shape and weight._array.ndim == 1:
            weight = weight.reshape(())
        if len(shape) > 1 and weight._array.ndim == 1:
            weight = weight.reshape(1, -1, *[1] * (len(shape) - 2))
    return apply(activation.PreluKernel, input, weight)
