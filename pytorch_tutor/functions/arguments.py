"""Checks of arguments that several functions share, with PyTorch's sentence where something else came."""

from __future__ import annotations

from typing import Any

from ..dispatch import not_a_tensor
from ..dtypes import dtype
from ..errors import lesson
from ..tensor_base import TensorBase


def type_name(value: Any) -> str:
    """What PyTorch's sentences call the type of an argument."""
    name = type(value).__name__
    return "torch.dtype" if isinstance(value, dtype) else name


def no_such_call(
    function: str, args: tuple[Any, ...], signatures: tuple[str, ...], hint: str | None = None
) -> TypeError:
    """PyTorch's sentence for arguments that fit none of a function's signatures."""
    got = ", ".join(type_name(a) for a in args)
    expected = "".join(f" * ({s})\n" for s in signatures)
    return lesson(
        TypeError(
            f"{function}() received an invalid combination of arguments - got ({got}), but expected one of:\n{expected}"
        ),
        expected="a Tensor",
        got=got,
        hint=hint,
    )


def not_an_int(function: str, name: str, value: Any) -> TypeError:
    """PyTorch's sentence for a named argument that should have been a whole number."""
    got = type_name(value)
    return lesson(TypeError(f"{function}(): argument '{name}' must be int, not {got}"), expected="int", got=got)


def two_tensors(function: str, input: Any, other: Any) -> None:
    """TypeError unless both arguments are tensors."""
    for position, (name, value) in enumerate((("input", input), ("other", other)), 1):
        if not isinstance(value, TensorBase):
            raise not_a_tensor(function, name, position, value)


def tensor_first(function: str, input: Any, other: Any, name: str = "other") -> None:
    """TypeError unless the first argument is a tensor; the second may be a number."""
    if not isinstance(input, TensorBase):
        signatures = (
            f"Tensor input, Tensor {name}, *, Tensor out = None",
            f"Tensor input, Number {name}, *, Tensor out = None",
        )
        raise no_such_call(function, (input, other), signatures)


def one_tensor(function: str, input: Any, other: Any) -> None:
    """TypeError unless one of the arguments is a tensor."""
    if not isinstance(input, TensorBase) and not isinstance(other, TensorBase):
        why = "didn't match because some of the arguments have invalid types:"
        signatures = (
            "Tensor input, Tensor other, *, Tensor out = None",
            f"Number self, Tensor other)\n      {why} (!{type_name(input)}!, !{type_name(other)}!",
            "Tensor input, Number other, *, Tensor out = None",
        )
        raise no_such_call(function, (input, other), signatures)
