"""Functions that look inside numbers: their sign, their bits, their common divisors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..dispatch import apply, check_writable, not_a_tensor, write_out, write_over
from ..dtypes import SCALAR_NAMES, complex128, float64
from ..errors import lesson
from ..ops import number as ops
from ..ops.reduction import axes_of
from ..tensor_base import TensorBase, wrap
from .arguments import one_tensor, two_tensors
from .arithmetic import pow


def sgn(input: Any, *, out: Any = None) -> Any:
    """The sign; of complex numbers the direction, z / |z|.

    >>> import pytorch_tutor as torch
    >>> torch.sgn(torch.tensor([3 + 4j, 0j]))
    tensor([0.6000+0.8000j, 0.0000+0.0000j])
    """
    return write_out(apply(ops.Sgn, input), out, "sgn")


def float_power(input: Any, exponent: Any, *, out: Any = None) -> Any:
    """A power computed in double precision, whatever the types are.

    >>> import pytorch_tutor as torch
    >>> torch.float_power(torch.tensor([2, 3]), 0.5)
    tensor([1.4142, 1.7321], dtype=torch.float64)
    """
    one_tensor("float_power", input, exponent)
    kinds = [v.dtype.is_complex if isinstance(v, TensorBase) else isinstance(v, complex) for v in (input, exponent)]
    target, plain = (complex128, complex) if any(kinds) else (float64, float)
    wide = [v.to(target) if isinstance(v, TensorBase) else plain(v) for v in (input, exponent)]
    if out is not None and out.dtype is not target:
        raise lesson(
            RuntimeError(
                f"the output given to float_power has dtype {SCALAR_NAMES[out.dtype]} but the operation's result requires "
                f"dtype {SCALAR_NAMES[target]}"
            ),
            expected=str(target),
            got=str(out.dtype),
        )
    return write_out(pow(*wide), out, "float_power")


def float_power_(input: Any, exponent: Any) -> Any:
    """:func:`float_power` in place: only a tensor of double precision can hold its result."""
    found = float_power(input, exponent)
    if found.dtype is not input.dtype:
        raise lesson(
            RuntimeError(
                f"the base given to float_power_ has dtype {SCALAR_NAMES[input.dtype]} but the operation's result requires "
                f"dtype {SCALAR_NAMES[found.dtype]}"
            ),
            expected=str(found.dtype),
            got=str(input.dtype),
            hint="x.float_power(y)",
        )
    check_writable(input)
    return write_over(input, found)


def heaviside(input: Any, values: Any, *, out: Any = None) -> Any:
    """The step function: 0 below 0, 1 above, ``values`` at 0.

    >>> import pytorch_tutor as torch
    >>> torch.heaviside(torch.tensor([-1.5, 0.0, 2.0]), torch.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])
    """
    for position, (name, value) in enumerate((("input", input), ("values", values)), 1):
        if not isinstance(value, TensorBase):
            raise not_a_tensor("heaviside", name, position, value)
    if input.dtype is not values.dtype:
        raise lesson(
            RuntimeError("heaviside is not yet implemented for tensors with different dtypes."),
            expected=str(input.dtype),
            got=str(values.dtype),
            hint="values.to(input.dtype)",
        )
    return write_out(apply(ops.Heaviside, input, values), out, "heaviside")


def ldexp(input: Any, other: Any, *, out: Any = None) -> Any:
    """x · 2^other.

    >>> import pytorch_tutor as torch
    >>> torch.ldexp(torch.tensor([1.5]), torch.tensor([3]))
    tensor([12.])
    """
    two_tensors("ldexp", input, other)
    two_tensors("ldexp", input, other)
    return write_out(apply(ops.Ldexp, input, other), out, "ldexp")


def _whole(function: str, input: Any, other: Any, out: Any) -> Any:
    two_tensors(function, input, other)
    for value in (input, other):
        if value.dtype.rank not in (1, 2):
            raise lesson(
                NotImplementedError(f"\"{function}_cpu\" not implemented for '{SCALAR_NAMES[value.dtype]}'"),
                expected="whole numbers",
                got=str(value.dtype),
            )
    return write_out(apply(ops.CommonDivisor, input, other, which=function), out, function)


def gcd(input: Any, other: Any, *, out: Any = None) -> Any:
    """The greatest common divisor of whole numbers.

    >>> import pytorch_tutor as torch
    >>> torch.gcd(torch.tensor([12, 18]), torch.tensor([8, 27]))
    tensor([4, 9])
    """
    return _whole("gcd", input, other, out)


def lcm(input: Any, other: Any, *, out: Any = None) -> Any:
    """The least common multiple of whole numbers.

    >>> import pytorch_tutor as torch
    >>> torch.lcm(torch.tensor([4, 6]), torch.tensor([6, 9]))
    tensor([12, 18])
    """
    return _whole("lcm", input, other, out)


def nextafter(input: Any, other: Any, *, out: Any = None) -> Any:
    """The next representable number after each element, towards ``other``.

    >>> import pytorch_tutor as torch
    >>> bool(torch.nextafter(torch.tensor(1.0), torch.tensor(2.0)) == 1 + torch.finfo(torch.float32).eps)
    True
    """
    two_tensors("nextafter", input, other)
    return write_out(apply(ops.Nextafter, input, other), out, "nextafter")


class frexp_result(NamedTuple):  # noqa: N801 - the name that is printed
    """Mantissas and exponents."""

    mantissa: Any
    exponent: Any

    def __repr__(self) -> str:
        return f"torch.return_types.{type(self).__name__}(\nmantissa={self.mantissa!r},\nexponent={self.exponent!r})"


frexp_result.__name__ = "frexp"


def frexp(input: Any, *, out: Any = None) -> Any:
    """Mantissa and exponent of floats: x = mantissa · 2^exponent, with ½ ≤ |mantissa| < 1.

    >>> import pytorch_tutor as torch
    >>> torch.frexp(torch.tensor([6.0])).exponent
    tensor([3], dtype=torch.int32)
    """
    if not input.dtype.is_floating_point:
        raise lesson(
            RuntimeError("torch.frexp() only supports floating-point dtypes"), expected="floats", got=str(input.dtype)
        )
    return write_out(frexp_result(*apply(ops.Frexp, input)), out, "frexp")


def hash_tensor(input: Any, dim: Any = (), *, keepdim: bool = False, mode: int = 0, out: Any = None) -> Any:
    """One number that changes when an element does: exclusive or over the elements' bits, as doubles or 64-bit integers.

    >>> import pytorch_tutor as torch
    >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
    tensor(7, dtype=torch.uint64)
    """
    if mode:
        raise RuntimeError(f"Unknown hash_tensor mode: {mode}")
    wide = input._array.astype("f8" if input.dtype.rank > 2 else "i8")
    bits = np.asarray(wide, order="C").view("u8")
    over = axes_of(dim if isinstance(dim, int) or dim else None, bits.ndim)
    fold: Any = np.bitwise_xor.reduce
    return write_out(wrap(np.asarray(fold(bits, axis=over, keepdims=keepdim))), out, "hash_tensor")
