"""Functions of one tensor, element by element."""

from __future__ import annotations

import math
from typing import Any

from ..dispatch import apply, check_writable, write_out, write_over
from ..dtypes import SCALAR_NAMES, TYPE_INFO_NAMES, can_cast, int64
from ..dtypes import bool as boolean
from ..errors import lesson
from ..ops import clamp as limits
from ..ops import unary
from ..promotion import result_type
from ..refusals import refuse
from ..tensor_base import TensorBase
from .arguments import tensor_first


def exp(input: Any, *, out: Any = None) -> Any:
    """The exponential function.

    >>> import pytorch_tutor as torch
    >>> torch.exp(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """
    return write_out(apply(unary.Exp, input), out, "exp")


def exp2(input: Any, *, out: Any = None) -> Any:
    """Two to the power of each element.

    >>> import pytorch_tutor as torch
    >>> torch.exp2(torch.tensor([0.0, 3.0]))
    tensor([1., 8.])
    """
    return write_out(apply(unary.Exp2, input), out, "exp2")


def expm1(input: Any, *, out: Any = None) -> Any:
    """The exponential minus one, accurate near zero.

    >>> import pytorch_tutor as torch
    >>> torch.expm1(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 1.7183])
    """
    return write_out(apply(unary.Expm1, input), out, "expm1")


def log(input: Any, *, out: Any = None) -> Any:
    """The natural logarithm.

    >>> import pytorch_tutor as torch
    >>> torch.log(torch.tensor([1.0, 2.0]))
    tensor([0.0000, 0.6931])
    """
    return write_out(apply(unary.Log, input), out, "log")


def log2(input: Any, *, out: Any = None) -> Any:
    """The logarithm to base 2.

    >>> import pytorch_tutor as torch
    >>> torch.log2(torch.tensor([1.0, 8.0]))
    tensor([0., 3.])
    """
    return write_out(apply(unary.Log2, input), out, "log2")


def log10(input: Any, *, out: Any = None) -> Any:
    """The logarithm to base 10.

    >>> import pytorch_tutor as torch
    >>> torch.log10(torch.tensor([1.0, 1000.0]))
    tensor([0., 3.])
    """
    return write_out(apply(unary.Log10, input), out, "log10")


def log1p(input: Any, *, out: Any = None) -> Any:
    """The logarithm of one plus each element, accurate near zero.

    >>> import pytorch_tutor as torch
    >>> torch.log1p(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.6931])
    """
    return write_out(apply(unary.Log1p, input), out, "log1p")


def sqrt(input: Any, *, out: Any = None) -> Any:
    """The square root.

    >>> import pytorch_tutor as torch
    >>> torch.sqrt(torch.tensor([4.0, 2.0]))
    tensor([2.0000, 1.4142])
    """
    return write_out(apply(unary.Sqrt, input), out, "sqrt")


def rsqrt(input: Any, *, out: Any = None) -> Any:
    """One over the square root.

    >>> import pytorch_tutor as torch
    >>> torch.rsqrt(torch.tensor([4.0, 2.0]))
    tensor([0.5000, 0.7071])
    """
    return write_out(apply(unary.Rsqrt, input), out, "rsqrt")


def reciprocal(input: Any, *, out: Any = None) -> Any:
    """One over each element.

    >>> import pytorch_tutor as torch
    >>> torch.reciprocal(torch.tensor([4.0, 2.0]))
    tensor([0.2500, 0.5000])
    """
    return write_out(apply(unary.Reciprocal, input), out, "reciprocal")


def sin(input: Any, *, out: Any = None) -> Any:
    """The sine.

    >>> import pytorch_tutor as torch
    >>> torch.sin(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8415])
    """
    return write_out(apply(unary.Sin, input), out, "sin")


def cos(input: Any, *, out: Any = None) -> Any:
    """The cosine.

    >>> import pytorch_tutor as torch
    >>> torch.cos(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.5403])
    """
    return write_out(apply(unary.Cos, input), out, "cos")


def tan(input: Any, *, out: Any = None) -> Any:
    """The tangent.

    >>> import pytorch_tutor as torch
    >>> torch.tan(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5574])
    """
    return write_out(apply(unary.Tan, input), out, "tan")


def asin(input: Any, *, out: Any = None) -> Any:
    """The inverse sine.

    >>> import pytorch_tutor as torch
    >>> torch.asin(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 1.5708])
    """
    return write_out(apply(unary.Asin, input), out, "asin")


def acos(input: Any, *, out: Any = None) -> Any:
    """The inverse cosine.

    >>> import pytorch_tutor as torch
    >>> torch.acos(torch.tensor([0.0, 1.0]))
    tensor([1.5708, 0.0000])
    """
    return write_out(apply(unary.Acos, input), out, "acos")


def atan(input: Any, *, out: Any = None) -> Any:
    """The inverse tangent.

    >>> import pytorch_tutor as torch
    >>> torch.atan(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7854])
    """
    return write_out(apply(unary.Atan, input), out, "atan")


def sinh(input: Any, *, out: Any = None) -> Any:
    """The hyperbolic sine.

    >>> import pytorch_tutor as torch
    >>> torch.sinh(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 1.1752])
    """
    return write_out(apply(unary.Sinh, input), out, "sinh")


def cosh(input: Any, *, out: Any = None) -> Any:
    """The hyperbolic cosine.

    >>> import pytorch_tutor as torch
    >>> torch.cosh(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 1.5431])
    """
    return write_out(apply(unary.Cosh, input), out, "cosh")


def tanh(input: Any, *, out: Any = None) -> Any:
    """The hyperbolic tangent.

    >>> import pytorch_tutor as torch
    >>> torch.tanh(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.7616])
    """
    return write_out(apply(unary.Tanh, input), out, "tanh")


def asinh(input: Any, *, out: Any = None) -> Any:
    """The inverse hyperbolic sine.

    >>> import pytorch_tutor as torch
    >>> torch.asinh(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8814])
    """
    return write_out(apply(unary.Asinh, input), out, "asinh")


def acosh(input: Any, *, out: Any = None) -> Any:
    """The inverse hyperbolic cosine.

    >>> import pytorch_tutor as torch
    >>> torch.acosh(torch.tensor([1.0, 2.0]))
    tensor([0.0000, 1.3170])
    """
    return write_out(apply(unary.Acosh, input), out, "acosh")


def atanh(input: Any, *, out: Any = None) -> Any:
    """The inverse hyperbolic tangent.

    >>> import pytorch_tutor as torch
    >>> torch.atanh(torch.tensor([0.0, 0.5]))
    tensor([0.0000, 0.5493])
    """
    return write_out(apply(unary.Atanh, input), out, "atanh")


def sigmoid(input: Any, *, out: Any = None) -> Any:
    """The logistic function.

    >>> import pytorch_tutor as torch
    >>> torch.sigmoid(torch.tensor([0.0, 2.0]))
    tensor([0.5000, 0.8808])
    """
    return write_out(apply(unary.Sigmoid, input), out, "sigmoid")


def erf(input: Any, *, out: Any = None) -> Any:
    """The error function.

    >>> import pytorch_tutor as torch
    >>> torch.erf(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.8427])
    """
    return write_out(apply(unary.Erf, input), out, "erf")


def erfc(input: Any, *, out: Any = None) -> Any:
    """One minus the error function.

    >>> import pytorch_tutor as torch
    >>> torch.erfc(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.1573])
    """
    return write_out(apply(unary.Erfc, input), out, "erfc")


def abs(input: Any, *, out: Any = None) -> Any:
    """The absolute value.

    >>> import pytorch_tutor as torch
    >>> torch.abs(torch.tensor([-1.0, 2.0]))
    tensor([1., 2.])
    """
    return write_out(apply(unary.Abs, input), out, "abs")


def neg(input: Any, *, out: Any = None) -> Any:
    """The negative.

    >>> import pytorch_tutor as torch
    >>> torch.neg(torch.tensor([-1.0, 2.0]))
    tensor([ 1., -2.])
    """
    if input.dtype is boolean:
        raise lesson(
            RuntimeError(
                "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
                "use the `~` or `logical_not()` operator instead."
            ),
            expected="numbers",
            got="booleans",
            hint="~mask",
        )
    return write_out(apply(unary.Neg, input), out, "neg")


def sign(input: Any, *, out: Any = None) -> Any:
    """The sign: -1, 0 or 1.

    >>> import pytorch_tutor as torch
    >>> torch.sign(torch.tensor([-2.0, 0.0]))
    tensor([-1.,  0.])
    """
    return write_out(apply(unary.Sign, input), out, "sign")


def floor(input: Any, *, out: Any = None) -> Any:
    """The next integer below.

    >>> import pytorch_tutor as torch
    >>> torch.floor(torch.tensor([-1.5, 1.5]))
    tensor([-2.,  1.])
    """
    return write_out(apply(unary.Floor, input), out, "floor")


def ceil(input: Any, *, out: Any = None) -> Any:
    """The next integer above.

    >>> import pytorch_tutor as torch
    >>> torch.ceil(torch.tensor([-1.5, 1.5]))
    tensor([-1.,  2.])
    """
    return write_out(apply(unary.Ceil, input), out, "ceil")


def trunc(input: Any, *, out: Any = None) -> Any:
    """The integer part.

    >>> import pytorch_tutor as torch
    >>> torch.trunc(torch.tensor([-1.5, 1.5]))
    tensor([-1.,  1.])
    """
    return write_out(apply(unary.Trunc, input), out, "trunc")


def frac(input: Any, *, out: Any = None) -> Any:
    """The part after the decimal point.

    >>> import pytorch_tutor as torch
    >>> torch.frac(torch.tensor([-1.5, 1.25]))
    tensor([-0.5000,  0.2500])
    """
    return write_out(apply(unary.Frac, input), out, "frac")


def square(input: Any, *, out: Any = None) -> Any:
    """The square.

    >>> import pytorch_tutor as torch
    >>> torch.square(torch.tensor([-1.5, 2.0]))
    tensor([2.2500, 4.0000])
    """
    if input.dtype.rank == 0:
        input = input.to(int64)
    return write_out(apply(unary.Square, input), out, "square")


def round(input: Any, *, decimals: int | None = None, out: Any = None) -> Any:
    """The nearest integer (halves to the even one), or the nearest number with ``decimals`` digits.

    >>> import pytorch_tutor as torch
    >>> torch.round(torch.tensor([0.5, 1.5, 2.4]))
    tensor([0., 2., 2.])
    """
    return write_out(apply(unary.Round, input, decimals=decimals), out, "round")


def clamp(input: Any, min: Any = None, max: Any = None, *, out: Any = None) -> Any:
    """Limits every element to the range from ``min`` to ``max``, numbers or tensors.

    >>> import pytorch_tutor as torch
    >>> torch.clamp(torch.tensor([-1.0, 0.5, 2.0]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    return write_out(_clamp(input, min, max, "ClampBackward"), out, "clamp")


def _clamp(input: Any, min: Any, max: Any, name: str) -> Any:
    """PyTorch's name of the node ends in a number that tells limits of one kind from those of the other."""
    if isinstance(min, TensorBase) or isinstance(max, TensorBase):
        if min is not None and max is not None:
            return apply(limits.ClampTensor, input, min, max)
        if name != "ClampBackward":
            refuse(
                result_type(input, max if min is None else min),
                "complex",
                "minimum_cpu" if min is None else "maximum_cpu",
            )
        result = apply(limits.ClampMin, input, min) if max is None else apply(limits.ClampMax, input, max)
        ending = "0" if name == "ClampBackward" else "1"
    else:
        if isinstance(input, TensorBase) and input.dtype.rank < 3:
            target = result_type(input, *[v for v in (min, max) if v is not None])
            if target is not input.dtype:
                input = input.to(target)
        result = apply(limits.Clamp, input, low=min, high=max)
        ending = "1" if name == "ClampBackward" else "0"
    if result._grad_fn is not None:
        result._grad_fn.node_name = name + ending
    return result


def clamp_(input: Any, min: Any = None, max: Any = None) -> Any:
    """``clamp`` in place."""
    kind = result_type(input, *[limit for limit in (min, max) if limit is not None])
    if not can_cast(kind, input.dtype):
        name = TYPE_INFO_NAMES[input.dtype]
        raise lesson(
            RuntimeError(f"result type {SCALAR_NAMES[kind]} can't be cast to the desired output type {name}"),
            expected=f"limits that fit {input.dtype}",
            got=str(kind),
            hint="x = x.clamp(...)",
        )
    check_writable(input)
    return write_over(input, clamp(input, min, max))


def clamp_min(input: Any, min: Any, *, out: Any = None) -> Any:
    """No element below ``min``."""
    tensor_first("clamp_min", input, min, "min")
    return write_out(_clamp(input, min, None, "ClampMinBackward"), out, "clamp_min")


def clamp_max(input: Any, max: Any, *, out: Any = None) -> Any:
    """No element above ``max``."""
    tensor_first("clamp_max", input, max, "max")
    return write_out(_clamp(input, None, max, "ClampMaxBackward"), out, "clamp_max")


def logit(input: Any, eps: float | None = None, *, out: Any = None) -> Any:
    """The inverse of the sigmoid, ln(x / (1 - x)).

    >>> import pytorch_tutor as torch
    >>> torch.logit(torch.tensor([0.5, 0.75]))
    tensor([0.0000, 1.0986])
    """
    return write_out(apply(unary.Logit, input, eps=eps), out, "logit")


def nan_to_num(
    input: Any, nan: float | None = None, posinf: float | None = None, neginf: float | None = None, *, out: Any = None
) -> Any:
    """Replaces NaN by ``nan`` and infinities by the largest numbers, or by those given.

    >>> import pytorch_tutor as torch
    >>> torch.nan_to_num(torch.tensor([float("nan"), 1.0]))
    tensor([0., 1.])
    """
    return write_out(apply(unary.NanToNum, input, nan=nan, posinf=posinf, neginf=neginf), out, "nan_to_num")


def positive(input: Any) -> Any:
    """The tensor itself: the operator ``+x``."""
    if input.dtype is boolean:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


def deg2rad(input: Any, *, out: Any = None) -> Any:
    """Degrees to radians, x·π/180."""
    refuse(input.dtype, "complex", RuntimeError("deg2rad is not supported for complex tensors."))
    return write_out(_named(input * (math.pi / 180), "Deg2RadBackward0"), out, "deg2rad")


def rad2deg(input: Any, *, out: Any = None) -> Any:
    """Radians to degrees, x·180/π."""
    refuse(input.dtype, "complex", RuntimeError("rad2deg is not supported for complex tensors."))
    return write_out(_named(input * (180 / math.pi), "Rad2DegBackward0"), out, "rad2deg")


def _named(result: Any, name: str) -> Any:
    """PyTorch's name for a product by a constant that has a name of its own."""
    if result._grad_fn is not None:
        result._grad_fn.node_name = name
    return result


# Other names that PyTorch has for the same functions.
absolute, negative, fix, clip = abs, neg, trunc, clamp
arcsin, arccos, arctan, arcsinh, arccosh, arctanh = asin, acos, atan, asinh, acosh, atanh
