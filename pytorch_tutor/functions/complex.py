"""Complex numbers: building them, and taking them apart."""

from __future__ import annotations

from typing import Any

from ..dispatch import apply, write_out
from ..dtypes import SCALAR_NAMES, bfloat16
from ..ops import complex as ops
from ..refusals import refuse
from .conversion import conj, imag, real, resolve
from .titles import titled


def complex(real: Any, imag: Any, *, out: Any = None) -> Any:
    """A complex tensor from its real and imaginary parts.

    >>> import pytorch_tutor as torch
    >>> torch.complex(torch.tensor([1.0]), torch.tensor([2.0]))
    tensor([1.+2.j])
    """
    real_parts(real, imag)
    if real.dtype is not imag.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {SCALAR_NAMES[real.dtype]} but got scalar type {SCALAR_NAMES[imag.dtype]} "
            "for second argument"
        )
    if real.shape != imag.shape:
        real, imag = real + 0 * imag, imag + 0 * real
    return write_out(apply(ops.Complex, real, imag), out, "complex")


def real_parts(real: Any, imag: Any) -> None:
    """RuntimeError unless both tensors have a type that complex numbers are made of."""
    if any(t.dtype.rank != 3 or t.dtype is bfloat16 for t in (real, imag)):
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{SCALAR_NAMES[real.dtype]} and {SCALAR_NAMES[imag.dtype]}"
        )


def polar(abs: Any, angle: Any, *, out: Any = None) -> Any:
    """A complex tensor from absolute values and angles."""
    real_parts(abs, angle)
    refuse(abs.dtype, "float16", "polar_cpu")
    return write_out(titled(complex(abs * angle.cos(), abs * angle.sin()), "PolarBackward0"), out, "polar")


def view_as_real(input: Any) -> Any:
    """Real and imaginary part as a last dimension of size 2, a view."""
    if not input.dtype.is_complex:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return apply(ops.ViewAsReal, input)


def view_as_complex(input: Any) -> Any:
    """A last dimension of size 2 as complex numbers, a view."""
    if input.dtype.rank != 3 or input.dtype is bfloat16:
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            f"{SCALAR_NAMES[input.dtype]}"
        )
    return apply(ops.ViewAsComplex, input)


def angle(input: Any, *, out: Any = None) -> Any:
    """The angle of each element in the complex plane, in radians."""
    return write_out(apply(ops.Angle, input), out, "angle")


def is_complex(input: Any) -> bool:
    """Are the elements complex numbers?"""
    return bool(input.dtype.is_complex)


def is_floating_point(input: Any) -> bool:
    """Are the elements floats?"""
    return bool(input.dtype.is_floating_point)


def conj_physical(input: Any, *, out: Any = None) -> Any:
    """The complex conjugate, in memory of its own where the tensor is complex."""
    return write_out(conj(input), out, "conj_physical")


resolve_conj, resolve_neg = resolve, resolve
__all__ = [
    "angle", "complex", "conj", "conj_physical", "imag", "is_complex", "is_floating_point", "polar", "real",
    "resolve_conj", "resolve_neg", "view_as_complex", "view_as_real",
]  # fmt: skip
