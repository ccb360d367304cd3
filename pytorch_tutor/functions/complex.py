"""Complex numbers: building them, and taking them apart."""

from __future__ import annotations

from typing import Any

from ..dispatch import apply
from ..ops import complex as ops
from .conversion import conj, imag, real, resolve


def complex(real: Any, imag: Any, *, out: Any = None) -> Any:
    """A complex tensor from its real and imaginary parts.

    >>> import pytorch_tutor as torch
    >>> torch.complex(torch.tensor([1.0]), torch.tensor([2.0]))
    tensor([1.+2.j])
    """
    if real.dtype.rank != 3 or imag.dtype.rank != 3:
        raise RuntimeError(
            f"Expected both inputs to be Half, Float or Double tensors but got {real.dtype.name} and {imag.dtype.name}"
        )
    if real.dtype is not imag.dtype:
        spelled = {"float32": "Float", "float64": "Double", "float16": "Half"}
        raise RuntimeError(
            f"Expected object of scalar type {spelled[real.dtype.name]} but got scalar type {spelled[imag.dtype.name]} "
            "for second argument"
        )
    if real.shape != imag.shape:
        real, imag = real + 0 * imag, imag + 0 * real
    return apply(ops.Complex, real, imag)


def polar(abs: Any, angle: Any, *, out: Any = None) -> Any:
    """A complex tensor from absolute values and angles."""
    return complex(abs * angle.cos(), abs * angle.sin())


def view_as_real(input: Any) -> Any:
    """Real and imaginary part as a last dimension of size 2, a view."""
    if not input.dtype.is_complex:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return apply(ops.ViewAsReal, input)


def view_as_complex(input: Any) -> Any:
    """A last dimension of size 2 as complex numbers, a view."""
    if input.dtype.rank != 3:
        raise RuntimeError(
            f"view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            f"{ {'int64': 'Long', 'int32': 'Int'}.get(input.dtype.name, input.dtype.name) }"
        )
    return apply(ops.ViewAsComplex, input)


def angle(input: Any, *, out: Any = None) -> Any:
    """The angle of each element in the complex plane, in radians."""
    return apply(ops.Angle, input)


def is_complex(input: Any) -> bool:
    """Are the elements complex numbers?"""
    return bool(input.dtype.is_complex)


def is_floating_point(input: Any) -> bool:
    """Are the elements floats?"""
    return bool(input.dtype.is_floating_point)


conj_physical, resolve_conj, resolve_neg = conj, resolve, resolve
__all__ = [
    "angle", "complex", "conj", "conj_physical", "imag", "is_complex", "is_floating_point", "polar", "real",
    "resolve_conj", "resolve_neg", "view_as_complex", "view_as_real",
]  # fmt: skip
