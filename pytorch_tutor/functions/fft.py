"""``torch.fft``: a signal as a sum of waves, and back. Read ``fft`` and ``ifft`` first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..dispatch import apply, write_out
from ..dtypes import complex64, complex128, get_default_dtype
from ..errors import lesson
from ..ops import fft as ops
from ..ops.reduction import axes_of, axis_of
from ..precision import full
from ..refusals import refuse
from ..sequences import arange
from .conversion import conj
from .indexing import narrow
from .numpy_names import numpy_names
from .shape import roll

Shape = Sequence[int] | int | None


def _sized(input: Any, axis: int, n: int) -> Any:
    """The dimension cut off or filled up with zeros to n elements."""
    have = input._array.shape[axis]
    if have >= n:
        return input if have == n else narrow(input, axis, 0, n)
    return apply(ops.Widen, input, axis=axis, size=n)


def _norm(norm: str | None) -> str:
    if norm not in (None, "backward", "forward", "ortho"):
        raise lesson(
            RuntimeError(f'Invalid normalization mode: "{norm}"'), expected='"forward", "backward" or "ortho"', got=norm
        )
    return norm or "backward"


def _floats(input: Any, to_complex: bool = False) -> Any:
    (input,) = full(input)
    refuse(input.dtype, "half", RuntimeError("Unsupported dtype {type}"))
    if input.dtype.rank < 3:
        input = input.to(get_default_dtype())
    if to_complex and not input.dtype.is_complex:
        input = input.to(complex128 if input.dtype.itemsize == 8 else complex64)
    return input


def _axes(input: Any, s: Shape, dim: Shape) -> tuple[tuple[int, ...], list[int]]:
    """Which dimensions, from the front, and how long each is to be."""
    rank = input._array.ndim
    dim, s = ([v] if isinstance(v, int) else v for v in (dim, s))
    if dim and not rank:
        raise IndexError(f"Dimension specified as {dim[0]} but tensor has no dimensions")
    if dim is None:
        axes = tuple(range(rank - (rank if s is None else len(s)), rank))
    else:
        axes = axes_of(dim, rank) if dim else ()
        if len(set(axes)) < len(axes):
            raise RuntimeError("FFT dims must be unique")
    if s is not None and len(s) > rank:
        raise RuntimeError(f"Got shape with {len(s)} values but input tensor only has {rank} dimensions.")
    if s is not None and dim is not None and len(s) != len(axes):
        raise RuntimeError("When given, dim and shape arguments must have the same length")
    sizes = [input._array.shape[a] if s is None or s[i] == -1 else s[i] for i, a in enumerate(axes)]
    _check_sizes(sizes)
    return axes, sizes


def _check_sizes(sizes: Sequence[int]) -> None:
    for n in sizes:
        if n < 1:
            raise lesson(RuntimeError(f"Invalid number of data points ({n}) specified"), expected="at least one", got=n)


def _complex(name: str, input: Any, s: Shape, dim: Shape, norm: str | None, forward: bool, out: Any) -> Any:
    axes, sizes = _axes(input, s, dim)
    scale = ops.scale_of(_norm(norm), math.prod(sizes), forward)
    real = forward and not input.dtype.is_complex
    x = _floats(input, not real)
    for axis, n in zip(axes, sizes, strict=True):
        x = _sized(x, axis, n)
    if not axes:
        return write_out(_floats(x, True), out, name)
    if real:
        return write_out(apply(ops.FftR2C, x, axes=axes, scale=scale, onesided=False), out, name)
    return write_out(apply(ops.FftC2C, x, axes=axes, forward=forward, scale=scale), out, name)


@numpy_names
def fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    r"""The Fourier transform along one dimension: y_k = Σ x_j e^{-2πi kj/n}.

    ``norm`` says which direction divides: "backward" (the inverse one), "forward" (this one) or "ortho" (both, by √n).

    >>> import pytorch_tutor as torch
    >>> torch.fft.fft(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    tensor([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    return _complex("fft_fft", input, *_one(input, n, dim), norm, True, out)


def _one(input: Any, n: int | None, dim: int) -> tuple[Shape, Shape]:
    axis_of(dim, input._array.ndim)
    if not input._array.ndim:
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    if n is not None:
        _check_sizes([n])
    return None if n is None else [n], [dim]


@numpy_names
def ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    r"""The inverse Fourier transform along one dimension: y_j = 1/n Σ x_k e^{2πi kj/n}.

    >>> import pytorch_tutor as torch
    >>> torch.fft.ifft(torch.fft.fft(torch.tensor([1.0, 2.0]))).real
    tensor([1., 2.])
    """
    return _complex("fft_ifft", input, *_one(input, n, dim), norm, False, out)


@numpy_names
def fftn(input: Any, s: Shape = None, dim: Shape = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The Fourier transform along several dimensions, all unless told."""
    return _complex("fft_fftn", input, s, dim, norm, True, out)


@numpy_names
def ifftn(input: Any, s: Shape = None, dim: Shape = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse Fourier transform along several dimensions."""
    return _complex("fft_ifftn", input, s, dim, norm, False, out)


@numpy_names
def fft2(input: Any, s: Shape = None, dim: Shape = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """The Fourier transform of images: along the last two dimensions."""
    return _complex("fft_fft2", input, s, dim, norm, True, out)


@numpy_names
def ifft2(input: Any, s: Shape = None, dim: Shape = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse Fourier transform of images."""
    return _complex("fft_ifft2", input, s, dim, norm, False, out)


def _real(name: str, input: Any, s: Shape, dim: Shape, norm: str | None, forward: bool, out: Any) -> Any:
    """Real signals to half spectra; ``forward`` False is that of ``ihfft``: conjugated, and scaled as an inverse."""
    if input.dtype.is_complex:
        what = f"{name.removeprefix('fft_')} expects a real input tensor, but got"
        if name.endswith(("2", "n")):
            what = "Only supports floating-point dtypes, but found:" if name.startswith("fft_i") else ""
            what = what or "rfftn expects a real-valued input tensor, but got"
        raise lesson(
            RuntimeError(f"{what} {_spelled(input)}"),
            expected="real numbers",
            got=str(input.dtype),
            hint="torch.fft.fft",
        )
    x = _floats(input)
    axes, sizes = _axes(x, s, dim)
    if not axes:
        raise RuntimeError(f"{name.removeprefix('fft_')} must transform at least one axis")
    for axis, n in zip(axes, sizes, strict=True):
        x = _sized(x, axis, n)
    scale = ops.scale_of(_norm(norm), math.prod(sizes), forward)
    found = apply(ops.FftR2C, x, axes=axes, scale=scale, onesided=True)
    return write_out(found if forward else conj(found), out, name)


def _spelled(input: Any) -> str:
    return "ComplexDouble" if input.dtype is complex128 else "ComplexFloat"


def _halved(name: str, input: Any, s: Shape, dim: Shape, norm: str | None, forward: bool, out: Any) -> Any:
    """Half spectra to real signals; ``forward`` True is that of ``hfft``."""
    x = _floats(input, True)
    axes, sizes = _axes(x, s, dim)
    if not axes:
        raise RuntimeError(f"{name.removeprefix('fft_')} must transform at least one axis")
    if s is None or (s if isinstance(s, int) else s[-1]) == -1:
        sizes[-1] = 2 * (sizes[-1] - 1)
        _check_sizes(sizes)
    for axis, n in zip(axes[:-1], sizes[:-1], strict=True):
        x = _sized(x, axis, n)
    x = _sized(x, axes[-1], sizes[-1] // 2 + 1)
    scale = ops.scale_of(_norm(norm), math.prod(sizes), forward)
    x = conj(x) if forward else x
    return write_out(apply(ops.FftC2R, x, axes=axes, scale=scale, size=sizes[-1]), out, name)


@numpy_names
def rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The Fourier transform of real numbers: only the first half, of which the second is the mirror image.

    >>> import pytorch_tutor as torch
    >>> torch.fft.rfft(torch.tensor([1.0, 2.0, 3.0, 4.0]))
    tensor([10.+0.j, -2.+2.j, -2.+0.j])
    """
    return _real("fft_rfft", input, *_one(input, n, dim), norm, True, out)


@numpy_names
def irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of ``rfft``; ``n`` tells whether the signal was odd.

    >>> import pytorch_tutor as torch
    >>> torch.fft.irfft(torch.fft.rfft(torch.tensor([1.0, 2.0, 3.0])), 3)
    tensor([1., 2., 3.])
    """
    return _halved("fft_irfft", input, *_one(input, n, dim), norm, False, out)


@numpy_names
def rfftn(input: Any, s: Shape = None, dim: Shape = None, norm: str | None = None, *, out: Any = None) -> Any:
    """``rfft`` along several dimensions; the last one is halved."""
    return _real("fft_rfftn", input, s, dim, norm, True, out)


@numpy_names
def irfftn(input: Any, s: Shape = None, dim: Shape = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of ``rfftn``."""
    return _halved("fft_irfftn", input, s, dim, norm, False, out)


def rfft2(input: Any, s: Shape = None, dim: Shape = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """``rfft`` of images."""
    return _real("fft_rfft2", input, s, dim, norm, True, out)


def irfft2(input: Any, s: Shape = None, dim: Shape = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of ``rfft2``."""
    return _halved("fft_irfft2", input, s, dim, norm, False, out)


def hfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The transform of a signal whose second half mirrors the first: its spectrum is real."""
    return _halved("fft_hfft", input, *_one(input, n, dim), norm, True, out)


def ihfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of ``hfft``."""
    return _real("fft_ihfft", input, *_one(input, n, dim), norm, False, out)


def hfftn(input: Any, s: Shape = None, dim: Shape = None, norm: str | None = None, *, out: Any = None) -> Any:
    """``hfft`` along several dimensions."""
    return _halved("fft_hfftn", input, s, dim, norm, True, out)


def ihfftn(input: Any, s: Shape = None, dim: Shape = None, norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of ``hfftn``."""
    return _real("fft_ihfftn", input, s, dim, norm, False, out)


def hfft2(input: Any, s: Shape = None, dim: Shape = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """``hfft`` of images."""
    return _halved("fft_hfft2", input, s, dim, norm, True, out)


def ihfft2(input: Any, s: Shape = None, dim: Shape = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    """The inverse of ``hfft2``."""
    return _real("fft_ihfft2", input, s, dim, norm, False, out)


def fftfreq(n: int, d: float = 1.0, *, out: Any = None, dtype: Any = None, device: Any = None) -> Any:
    """The frequency of each element of a transform, in cycles per unit of ``d``.

    >>> import pytorch_tutor as torch
    >>> torch.fft.fftfreq(4)
    tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    found = roll(arange(-(n // 2), (n + 1) // 2, dtype=dtype or get_default_dtype(), device=device), -(n // 2))
    return write_out(found * (1.0 / (n * d)), out, "fft_fftfreq")


def rfftfreq(n: int, d: float = 1.0, *, out: Any = None, dtype: Any = None, device: Any = None) -> Any:
    """The frequency of each element of ``rfft``.

    >>> import pytorch_tutor as torch
    >>> torch.fft.rfftfreq(4)
    tensor([0.0000, 0.2500, 0.5000])
    """
    found = arange(n // 2 + 1, dtype=dtype or get_default_dtype(), device=device) * (1.0 / (n * d))
    return write_out(found, out, "fft_rfftfreq")


@numpy_names
def fftshift(input: Any, dim: Any = None) -> Any:
    """Frequency 0 to the middle.

    >>> import pytorch_tutor as torch
    >>> torch.fft.fftshift(torch.tensor([0, 1, 2, -2, -1]))
    tensor([-2, -1,  0,  1,  2])
    """
    axes = axes_of(dim, input._array.ndim)
    return roll(input, [input._array.shape[a] // 2 for a in axes], list(axes)) if axes else input.clone()


@numpy_names
def ifftshift(input: Any, dim: Any = None) -> Any:
    """Frequency 0 from the middle back to the front.

    >>> import pytorch_tutor as torch
    >>> torch.fft.ifftshift(torch.tensor([-2, -1, 0, 1, 2]))
    tensor([ 0,  1,  2, -2, -1])
    """
    axes = axes_of(dim, input._array.ndim)
    return roll(input, [-(input._array.shape[a] // 2) for a in axes], list(axes)) if axes else input.clone()
