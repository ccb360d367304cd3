"""Arithmetic on two tensors or a tensor and a number, element by element, with broadcasting."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, not_a_tensor, write_out
from ..dtypes import SCALAR_NAMES
from ..dtypes import bool as boolean
from ..errors import lesson
from ..ops import arithmetic as ops
from ..promotion import result_type
from ..tensor_base import TensorBase, wrap
from .arguments import no_such_call, one_tensor, tensor_first, two_tensors

NUMBERS = (int, float, complex, np.generic)
RSUB = ("Tensor input, Tensor other, *, Number alpha = 1", "Tensor input, Number other, Number alpha = 1")


def _alpha(input: Any, other: Any, alpha: Any) -> dict[str, Any]:
    """``alpha`` as a parameter, refused where its type does not fit."""
    if isinstance(alpha, TensorBase):
        raise TypeError("a tensor for a number")  # taken out by ``overloads``, where PyTorch does
    if alpha == 1 and not isinstance(alpha, bool):
        return {}
    if alpha.__class__ is float and isinstance(input, TensorBase) and input._array.dtype.kind == "f":
        return {"alpha": alpha}
    kind = result_type(input, other)
    if isinstance(alpha, bool) and kind is not boolean:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if isinstance(alpha, float) and kind.rank < 3:
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    return {"alpha": alpha}


def add(input: Any, other: Any, *, alpha: Any = 1, out: Any = None) -> Any:
    """The sum, ``input + alpha * other``.

    >>> import pytorch_tutor as torch
    >>> torch.add(torch.tensor([1.0, 2.0]), 10)
    tensor([11., 12.])
    """
    if not isinstance(input, TensorBase) and isinstance(input, (int, float, complex)):
        input = number(input)
    return write_out(apply(ops.Add, input, other, **_alpha(input, other, alpha)), out, "add")


def number(value: Any) -> Any:
    """A Python number as a zero-dimensional tensor that promotes like a number."""
    return wrap(np.asarray(value, dtype=result_type(value).array))


def sub(input: Any, other: Any, *, alpha: Any = 1, out: Any = None) -> Any:
    """The difference, ``input - alpha * other``.

    >>> import pytorch_tutor as torch
    >>> torch.sub(torch.tensor([1.0, 2.0]), 10)
    tensor([-9., -8.])
    """
    refuse_bool(input, other)
    return write_out(apply(ops.Sub, input, other, **_alpha(input, other, alpha)), out, "sub")


def refuse_bool(input: Any, other: Any) -> None:
    """RuntimeError: minus has no meaning for truth values."""
    first = isinstance(input, TensorBase) and input.dtype is boolean
    second = isinstance(other, bool) or (isinstance(other, TensorBase) and other.dtype is boolean)
    if first and second:
        raise lesson(
            RuntimeError(
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
                "operator instead."
            ),
            hint="a ^ b",
        )
    if first or second:
        raise lesson(
            RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, "
                "use the `~` or `logical_not()` operator instead."
            ),
            hint="~mask",
        )


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """The difference the other way round, ``other - alpha * input``."""
    if not isinstance(input, TensorBase) or not isinstance(other, (TensorBase, *NUMBERS)):
        raise no_such_call("rsub", (input, other), RSUB)
    refuse_bool(input, other)
    if isinstance(other, TensorBase):
        return apply(ops.Rsub, input, other, **_alpha(input, other, alpha))
    return _number_first(apply(ops.Rsub, input, other, **_alpha(input, other, alpha)))


def _number_first(result: Any) -> Any:
    node = result._grad_fn
    if node is not None:
        node.variant = 1
    return result


def mul(input: Any, other: Any, *, out: Any = None) -> Any:
    """The product, element by element.

    >>> import pytorch_tutor as torch
    >>> torch.mul(torch.tensor([1.0, 2.0]), torch.tensor([[10.0], [100.0]]))
    tensor([[ 10.,  20.],
            [100., 200.]])
    """
    if not isinstance(input, TensorBase) and isinstance(input, (int, float, complex)):
        input = number(input)
    return write_out(apply(ops.Mul, input, other), out, "mul")


def div(input: Any, other: Any, *, rounding_mode: str | None = None, out: Any = None) -> Any:
    """The quotient; ``rounding_mode`` "floor" rounds down, "trunc" towards zero.

    >>> import pytorch_tutor as torch
    >>> torch.div(torch.tensor([7, -7]), 2, rounding_mode="trunc")
    tensor([ 3, -3])
    """
    if rounding_mode is None:
        return write_out(apply(ops.Div, input, other), out, "div")
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        )
    return write_out(apply(ops.RoundedDiv, input, other, rounding_mode=rounding_mode), out, "div")


def floor_divide(input: Any, other: Any, *, out: Any = None) -> Any:
    """The quotient rounded down.

    >>> import pytorch_tutor as torch
    >>> torch.floor_divide(torch.tensor([7, -7]), 2)
    tensor([ 3, -4])
    """
    return div(input, other, rounding_mode="floor", out=out)


def remainder(input: Any, other: Any, *, out: Any = None) -> Any:
    """What is left of a division rounded down; it has the sign of the divisor, like Python's ``%``.

    >>> import pytorch_tutor as torch
    >>> torch.remainder(torch.tensor([-3, 3]), 2)
    tensor([1, 1])
    """
    one_tensor("remainder", input, other)
    if not isinstance(input, TensorBase):
        input = number(input)
    return write_out(apply(ops.Remainder, input, other), out, "remainder")


def fmod(input: Any, other: Any, *, out: Any = None) -> Any:
    """What is left of a division rounded towards zero; it has the sign of the dividend, like C's ``fmod``."""
    tensor_first("fmod", input, other)
    return write_out(apply(ops.Fmod, input, other), out, "fmod")


def pow(input: Any, exponent: Any, *, out: Any = None) -> Any:
    """Each element raised to a power.

    >>> import pytorch_tutor as torch
    >>> torch.pow(torch.tensor([1.0, 2.0, 3.0]), 2)
    tensor([1., 4., 9.])
    """
    if isinstance(exponent, TensorBase):
        if not isinstance(input, TensorBase):
            base = number(input)
            if exponent.dtype.rank == 3 and exponent.dtype.itemsize == 2 and not base.dtype.is_complex:
                base = base.to(exponent.dtype)
            result = apply(ops.PowTensor, base, exponent)
            if result._grad_fn is not None:
                result._grad_fn.node_name = "PowBackward2"
            return write_out(result, out, "pow")
        return write_out(apply(ops.PowTensor, input, exponent), out, "pow")
    if not isinstance(input, TensorBase):
        raise not_a_tensor("pow", "input", 1, input)
    kind = result_type(input, exponent)
    if kind.rank < 3 and exponent < 0:
        raise lesson(RuntimeError("Integers to negative integer powers are not allowed."), hint="x.float() ** exponent")
    if kind is not input.dtype:
        input = input.to(kind)
    return write_out(apply(ops.Pow, input, exponent=exponent), out, "pow")


def maximum(input: Any, other: Any, *, out: Any = None) -> Any:
    """The larger of two elements; NaN wins."""
    two_tensors("maximum", input, other)
    return write_out(apply(ops.Maximum, input, other), out, "maximum")


def minimum(input: Any, other: Any, *, out: Any = None) -> Any:
    """The smaller of two elements; NaN wins."""
    two_tensors("minimum", input, other)
    return write_out(apply(ops.Minimum, input, other), out, "minimum")


def fmax(input: Any, other: Any, *, out: Any = None) -> Any:
    """The larger of two elements; NaN loses."""
    two_tensors("fmax", input, other)
    return write_out(apply(ops.Fmax, input, other), out, "fmax")


def fmin(input: Any, other: Any, *, out: Any = None) -> Any:
    """The smaller of two elements; NaN loses."""
    two_tensors("fmin", input, other)
    return write_out(apply(ops.Fmin, input, other), out, "fmin")


def atan2(input: Any, other: Any, *, out: Any = None) -> Any:
    """The angle of the point (other, input), in radians."""
    two_tensors("atan2", input, other)
    return write_out(apply(ops.Atan2, input, other), out, "atan2")


def hypot(input: Any, other: Any, *, out: Any = None) -> Any:
    """The length of the hypotenuse, √(x² + y²)."""
    two_tensors("hypot", input, other)
    return write_out(apply(ops.Hypot, input, other), out, "hypot")


def logaddexp(input: Any, other: Any, *, out: Any = None) -> Any:
    """ln(eˣ + eʸ) without overflow."""
    two_tensors("logaddexp", input, other)
    return write_out(apply(ops.Logaddexp, input, other), out, "logaddexp")


def logaddexp2(input: Any, other: Any, *, out: Any = None) -> Any:
    """log₂(2ˣ + 2ʸ) without overflow."""
    two_tensors("logaddexp2", input, other)
    return write_out(apply(ops.Logaddexp2, input, other), out, "logaddexp2")


def xlogy(input: Any, other: Any, *, out: Any = None) -> Any:
    """x ln y, and 0 where x is 0."""
    one_tensor("xlogy", input, other)
    if not isinstance(input, TensorBase):
        input = number(input)
    return write_out(apply(ops.Xlogy, input, other), out, "xlogy")


def copysign(input: Any, other: Any, *, out: Any = None) -> Any:
    """The size of ``input`` with the sign of ``other``."""
    tensor_first("copysign", input, other)
    return write_out(apply(ops.Copysign, input, other), out, "copysign")


def lerp(input: Any, end: Any, weight: Any, *, out: Any = None) -> Any:
    """A point between ``input`` (weight 0) and ``end`` (weight 1).

    >>> import pytorch_tutor as torch
    >>> torch.lerp(torch.tensor([0.0, 10.0]), torch.tensor([10.0, 20.0]), 0.25)
    tensor([ 2.5000, 12.5000])
    """
    if input.dtype is not end.dtype:
        raise RuntimeError(f"expected dtype {input.dtype.name} for `end` but got dtype {end.dtype.name}")
    return write_out(apply(ops.Lerp, input, end, weight), out, "lerp")


def addcmul(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1, out: Any = None) -> Any:
    """``input + value * tensor1 * tensor2``."""
    return write_out(apply(ops.Addcmul, input, tensor1, tensor2, value=value), out, "addcmul")


def addcdiv(input: Any, tensor1: Any, tensor2: Any, *, value: Any = 1, out: Any = None) -> Any:
    """``input + value * tensor1 / tensor2``."""
    if tensor1.dtype.rank < 3 and tensor2.dtype.rank < 3:
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a "
            "true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as "
            "(input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value "
            "* tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: "
            "(input + value * tensor1 / tensor2), for all dtypes."
        )
    return write_out(apply(ops.Addcdiv, input, tensor1, tensor2, value=value), out, "addcdiv")


def where(condition: Any, input: Any = None, other: Any = None, *, out: Any = None) -> Any:
    """Elements of ``input`` where the condition holds, of ``other`` elsewhere; alone, the places where it holds.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([-1.0, 2.0])
    >>> torch.where(x > 0, x, 0.0)
    tensor([0., 2.])
    """
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    if condition.dtype is not boolean:
        if condition.dtype.name != "uint8":
            raise lesson(
                RuntimeError(
                    f"where expected condition to be a boolean tensor, but got a tensor with dtype "
                    f"{SCALAR_NAMES[condition.dtype]}"
                ),
                expected="torch.bool",
                got=str(condition.dtype),
                hint="torch.where(x != 0, ...)",
            )
        condition = condition.bool()
    both_numbers = not isinstance(input, TensorBase) and not isinstance(other, TensorBase)
    if not isinstance(input, TensorBase):
        input = number(input) if both_numbers else _like(input, other)
    if not isinstance(other, TensorBase):
        other = number(other) if both_numbers else _like(other, input)
    return write_out(apply(ops.Where, input, other, condition=condition._array), out, "where")


def _like(value: Any, tensor: Any) -> Any:
    """A number as a tensor of the type in which it meets ``tensor``."""
    kind = result_type(tensor, value)
    return wrap(np.asarray(value, dtype=kind.array), kind if kind.name == "bfloat16" else None)


# Other names that PyTorch has for the same functions.
subtract, multiply, divide, true_divide, arctan2 = sub, mul, div, div, atan2
