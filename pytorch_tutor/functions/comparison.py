"""Comparisons and logic; all of them give booleans (bitwise functions give their inputs' type)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, write_out
from ..dtypes import bool as boolean
from ..operands import unbroadcastable
from ..ops import comparison as ops
from ..refusals import refuse
from ..tensor_base import TensorBase, wrap
from .arguments import one_tensor, tensor_first, two_tensors


def eq(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is each element equal to the other?

    >>> import pytorch_tutor as torch
    >>> torch.eq(torch.tensor([1, 2]), torch.tensor([1, 3]))
    tensor([ True, False])
    """
    tensor_first("eq", input, other)
    return write_out(apply(ops.Compare, input, other, name="equal"), out, "eq")


def ne(input: Any, other: Any, *, out: Any = None) -> Any:
    """Do the elements differ?"""
    tensor_first("ne", input, other)
    return write_out(apply(ops.Compare, input, other, name="not_equal"), out, "ne")


def lt(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is each element less than the other?"""
    tensor_first("lt", input, other)
    return write_out(apply(ops.Compare, input, other, name="less"), out, "lt")


def le(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is each element less than or equal to the other?"""
    tensor_first("le", input, other)
    return write_out(apply(ops.Compare, input, other, name="less_equal"), out, "le")


def gt(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is each element greater than the other?"""
    tensor_first("gt", input, other)
    return write_out(apply(ops.Compare, input, other, name="greater"), out, "gt")


def ge(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is each element greater than or equal to the other?"""
    tensor_first("ge", input, other)
    return write_out(apply(ops.Compare, input, other, name="greater_equal"), out, "ge")


def logical_and(input: Any, other: Any, *, out: Any = None) -> Any:
    """Are both elements non-zero?"""
    two_tensors("logical_and", input, other)
    return write_out(apply(ops.Compare, input, other, name="logical_and"), out, "logical_and")


def logical_or(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is one of the elements non-zero?"""
    two_tensors("logical_or", input, other)
    return write_out(apply(ops.Compare, input, other, name="logical_or"), out, "logical_or")


def logical_xor(input: Any, other: Any, *, out: Any = None) -> Any:
    """Is exactly one of the elements non-zero?"""
    two_tensors("logical_xor", input, other)
    return write_out(apply(ops.Compare, input, other, name="logical_xor"), out, "logical_xor")


def logical_not(input: Any, *, out: Any = None) -> Any:
    """Is the element zero?"""
    return write_out(apply(ops.Test, input, name="logical_not"), out, "logical_not")


def isnan(input: Any) -> Any:
    """Is each element NaN?"""
    return apply(ops.Test, input, name="isnan")


def isinf(input: Any) -> Any:
    """Is each element infinite?"""
    return apply(ops.Test, input, name="isinf")


def isfinite(input: Any) -> Any:
    """Is each element a finite number?"""
    return apply(ops.Test, input, name="isfinite")


def isposinf(input: Any, *, out: Any = None) -> Any:
    """Is each element plus infinity?"""
    refuse(input.dtype, "complex", RuntimeError("isposinf does not support complex inputs."))
    return write_out(input == float("inf"), out, "isposinf")


def isneginf(input: Any, *, out: Any = None) -> Any:
    """Is each element minus infinity?"""
    refuse(input.dtype, "complex", RuntimeError("isneginf does not support complex inputs."))
    return write_out(input == float("-inf"), out, "isneginf")


def isreal(input: Any) -> Any:
    """Is the imaginary part of each element zero?"""
    return apply(ops.Test, input, name="isreal")


def signbit(input: Any, *, out: Any = None) -> Any:
    """Is the sign bit of each element set? (True for -0.0, too.)"""
    refuse(input.dtype, "complex", NotImplementedError("signbit is not implemented for complex tensors."))
    if input.dtype.rank == 2:
        return write_out(input < 0, out, "signbit")
    if input.dtype is boolean:
        return write_out(wrap(np.zeros_like(input._array)), out, "signbit")
    return write_out(apply(ops.Test, input, name="signbit"), out, "signbit")


def bitwise_and(input: Any, other: Any, *, out: Any = None) -> Any:
    """And, bit by bit; on booleans, logic."""
    one_tensor("bitwise_and", input, other)
    return write_out(apply(ops.BitwiseAnd, input, other), out, "bitwise_and")


def bitwise_or(input: Any, other: Any, *, out: Any = None) -> Any:
    """Or, bit by bit; on booleans, logic."""
    one_tensor("bitwise_or", input, other)
    return write_out(apply(ops.BitwiseOr, input, other), out, "bitwise_or")


def bitwise_xor(input: Any, other: Any, *, out: Any = None) -> Any:
    """Exclusive or, bit by bit; on booleans, logic."""
    one_tensor("bitwise_xor", input, other)
    return write_out(apply(ops.BitwiseXor, input, other), out, "bitwise_xor")


def bitwise_not(input: Any, *, out: Any = None) -> Any:
    """Not, bit by bit; on booleans, logic: the operator ``~``."""
    return write_out(apply(ops.Invert, input), out, "bitwise_not")


def bitwise_left_shift(input: Any, other: Any, *, out: Any = None) -> Any:
    """Bits moved up: the operator ``<<``."""
    one_tensor("bitwise_left_shift", input, other)
    return write_out(apply(ops.LeftShift, input, other), out, "bitwise_left_shift")


def bitwise_right_shift(input: Any, other: Any, *, out: Any = None) -> Any:
    """Bits moved down: the operator ``>>``."""
    one_tensor("bitwise_right_shift", input, other)
    return write_out(apply(ops.RightShift, input, other), out, "bitwise_right_shift")


def isclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> Any:
    """Is ``|input - other| ≤ atol + rtol · |other|``?"""
    two_tensors("isclose", input, other)
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{_spelled(input)} did not match {_spelled(other)}")
    for name, value in (("rtol", rtol), ("atol", atol)):
        if not value >= 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value:g}")
    a, b = input._array, other._array
    try:
        same = np.asarray(np.equal(a, b))
    except ValueError:
        raise unbroadcastable((input, other)) from None
    if a.dtype.kind in "fc":
        if equal_nan:
            same = same | ((a != a) & (b != b))
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(a - b) <= atol + np.abs(rtol * b)
        return wrap(np.asarray(same | (near & np.isfinite(a - b))))
    if rtol == 0 and atol == 0 or a.dtype.kind == "b":
        return wrap(same)
    wide = a.astype("f8"), b.astype("f8")
    return wrap(np.asarray(same | (np.abs(wide[0] - wide[1]) <= atol + np.abs(rtol * wide[1]))))


def _spelled(tensor: Any) -> str:
    return {"float32": "Float", "float64": "Double", "int64": "Long"}.get(tensor.dtype.name, tensor.dtype.name)


def allclose(input: Any, other: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Are all elements close to one another? See ``isclose``.

    >>> import pytorch_tutor as torch
    >>> torch.allclose(torch.tensor([1.0]), torch.tensor([1.0 + 1e-9]))
    True
    """
    return bool(isclose(input, other, rtol, atol, equal_nan)._array.all())


def equal(input: Any, other: Any) -> bool:
    """Do two tensors have the same shape and the same elements?

    >>> import pytorch_tutor as torch
    >>> torch.equal(torch.ones(2), torch.ones(3))
    False
    """
    return input._array.shape == other._array.shape and bool((input._array == other._array).all())


def is_nonzero(input: Any) -> bool:
    """Is a tensor of one element non-zero?"""
    return bool(input)


def is_tensor(obj: Any) -> bool:
    """Is the object a tensor?"""
    return isinstance(obj, TensorBase)


# Other names that PyTorch has for the same functions.
not_equal, less, less_equal, greater, greater_equal = ne, lt, le, gt, ge
