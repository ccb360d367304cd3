"""Short-time Fourier transforms: a signal cut into overlapping pieces, each with its own spectrum; and back."""

from __future__ import annotations

import warnings
from typing import Any

from ..creation import ones
from ..dispatch import apply
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops.shape import UnfoldBackward
from .complex import view_as_real
from .fft import fft, ifft, irfft, rfft
from .memory import check_reach
from .padding import constant_pad_nd, extend
from .shape import squeeze, transpose, unfold, unsqueeze

LEAKAGE = (
    "A window was not provided. A rectangular window will be applied,which is known to cause spectral leakage. Other "
    "windows such as torch.hann_window or torch.hamming_window are recommended to reduce spectral leakage.To suppress "
    "this warning and use a rectangular window, explicitly set `window=torch.ones(n_fft, device=<device>)`."
)
ONESIDED = "Cannot have onesided output if window or input is complex"


def _spelled(value: Any) -> Any:
    """An argument as PyTorch's sentences of this family print it."""
    return int(value) if isinstance(value, bool) else value


def _call(name: str, shown: str, settings: dict[str, Any], window: Any) -> str:
    settings["window"] = (
        "None" if window is None else f"torch.{SCALAR_NAMES[window.dtype]}Tensor{{{list(window._array.shape)}}}"
    )
    return f"{name}({shown}, {', '.join(f'{key}={_spelled(value)}' for key, value in settings.items())})"


def _centred(window: Any, win_length: int, n_fft: int) -> Any:
    """The window in the middle of ``n_fft`` places."""
    left = (n_fft - win_length) // 2
    return window if win_length == n_fft else constant_pad_nd(window, (left, n_fft - win_length - left))


def stft(
    input: Any, n_fft: int, hop_length: int | None = None, win_length: int | None = None, window: Any = None,
    center: bool = True, pad_mode: str = "reflect", normalized: bool = False, onesided: bool | None = None,
    return_complex: bool | None = None, align_to_window: bool | None = None,
) -> Any:  # fmt: skip
    r"""The spectra of overlapping pieces of a signal: how its sound changes with time.

    $$Y_{f, t} = \sum_{k=0}^{n-1} w_k\, x_{t h + k}\, e^{-2\pi i f k / n}$$

    Shapes: ``(L,)`` gives ``(frequencies, frames)``, ``(B, L)`` gives ``(B, frequencies, frames)``; frequencies are
    ``n_fft // 2 + 1`` where ``onesided`` (real signals, unless told otherwise), else ``n_fft``. With ``center`` the
    signal is extended by half a piece at both ends, so that frame t lies around t · hop_length. Without
    ``return_complex``, real and imaginary parts come in a last dimension of 2.

    >>> import pytorch_tutor as torch
    >>> torch.stft(torch.ones(8), 4, 2, return_complex=True, window=torch.ones(4)).real[:, 0]
    tensor([4., 0., 0.])

    Raises RuntimeError for pieces longer than the signal, for windows that do not fit, and for a real signal if
    ``return_complex`` is not given.
    """
    if center and align_to_window is not None:
        raise RuntimeError("stft align_to_window should only be set when center = false")
    if center:
        input = extend(input, n_fft // 2, pad_mode)
    hop = n_fft // 4 if hop_length is None else hop_length
    length = n_fft if win_length is None else win_length
    settings = {
        "n_fft": n_fft, "hop_length": hop, "win_length": length, "window": "", "normalized": normalized,
        "onesided": onesided, "return_complex": return_complex, "align_to_window": align_to_window,
    }  # fmt: skip
    shape = list(input._array.shape)
    call = _call("stft", f"torch.{SCALAR_NAMES[input.dtype]}Tensor{shape}", settings, window)
    is_complex = input.dtype.is_complex or (window is not None and window.dtype.is_complex)
    if return_complex is None and not is_complex:
        raise lesson(
            RuntimeError(
                "stft requires the return_complex parameter be given for real inputs, and will further require that "
                "return_complex=True in a future PyTorch release."
            ),
            hint="return_complex=True",
        )
    if input.dtype.rank < 3:
        raise lesson(RuntimeError(f"{call} : expected a tensor of floating point or complex values"), hint="x.float()")
    if len(shape) not in (1, 2):
        raise lesson(RuntimeError(f"{call} : expected a 1D or 2D tensor"), expected="(L,) or (B, L)", got=shape)
    if not 0 < n_fft <= shape[-1]:
        raise lesson(RuntimeError(f"{call} : expected 0 < n_fft < {shape[-1]}, but got n_fft={n_fft}"), got=n_fft)
    if hop <= 0:
        raise lesson(RuntimeError(f"{call} : expected hop_length > 0, but got hop_length={hop}"), got=hop)
    if not 0 < length <= n_fft:
        raise lesson(RuntimeError(f"{call} : expected 0 < win_length <= n_fft, but got win_length={length}"))
    if window is not None and window._array.shape != (length,):
        raise lesson(
            RuntimeError(
                f"{call} : expected a 1D window tensor of size equal to win_length={length}, but got window with size "
                f"{list(window._array.shape)}"
            ),
            expected=[length],
            got=list(window._array.shape),
        )
    if onesided and is_complex:
        raise lesson(RuntimeError(ONESIDED), hint="onesided=False")
    if window is None:
        warnings.warn(LEAKAGE, UserWarning, stacklevel=2)
    x = input if len(shape) == 2 else unsqueeze(input, 0)
    if align_to_window:  # the first window, not the first piece, begins with the signal
        side = (n_fft - length) // 2
        x, frames = constant_pad_nd(x, (side, side)), 1 + (shape[-1] - length) // hop
        total = x._array.shape[-1]
        check_reach(x, (len(x), frames, n_fft), (total, hop, 1), 0)
    pieces = unfold(x, -1, n_fft, hop)
    if window is not None or length < n_fft:
        weights = ones(length, dtype=input.dtype) if window is None else window
        pieces = pieces * _centred(weights, length, n_fft)
    half = not is_complex if onesided is None else onesided
    spectrum = (rfft if half else fft)(pieces, n_fft, -1, "ortho" if normalized else "backward")
    found = transpose(spectrum, 1, 2)
    if len(shape) == 1:
        found = squeeze(found, 0)
    return view_as_real(found) if return_complex is False else found


def istft(
    input: Any, n_fft: int, hop_length: int | None = None, win_length: int | None = None, window: Any = None,
    center: bool = True, normalized: bool = False, onesided: bool | None = None, length: int | None = None,
    return_complex: bool = False,
) -> Any:  # fmt: skip
    r"""The signal whose short-time spectra these are, as closely as least squares can make it.

    Each spectrum is transformed back, weighted by the window again, and the pieces are added up where they overlap; the
    sum is divided by what the windows' squares add up to (Griffin and Lim, "Signal estimation from modified short-time
    Fourier transform", 1984).

    $$x_i = \frac{\sum_t w_{i - t h}\, y_{t, i - t h}}{\sum_t w_{i - t h}^2}$$

    Shapes: ``(frequencies, frames)`` gives ``(L,)``, ``(B, frequencies, frames)`` gives ``(B, L)``.

    >>> import pytorch_tutor as torch
    >>> window = torch.hann_window(4)
    >>> spectra = torch.stft(torch.tensor([1.0, 2.0, 3.0, 4.0]), 4, 1, window=window, return_complex=True)
    >>> torch.istft(spectra, 4, 1, window=window)
    tensor([1., 2., 3., 4.])

    Raises RuntimeError where the windows leave a place without weight.
    """
    hop = n_fft // 4 if hop_length is None else hop_length
    size = n_fft if win_length is None else win_length
    if not input.dtype.is_complex:
        raise lesson(
            RuntimeError(
                "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
            ),
            got=str(input.dtype),
            hint="torch.view_as_complex(spectra)",
        )
    settings = {
        "n_fft": n_fft, "hop_length": hop, "win_length": size, "window": "", "center": center, "normalized": normalized,
        "onesided": onesided, "length": length, "return_complex": return_complex,
    }  # fmt: skip
    shape = list(input._array.shape)
    call = _call("istft", f"CPU{SCALAR_NAMES[input.dtype]}Type{shape}", settings, window)
    _check_spectra(call, shape, n_fft, onesided)
    if not 0 < hop <= size:
        raise lesson(RuntimeError(f"{call} : expected 0 < hop_length <= win_length"), got=hop)
    if not 0 < size <= n_fft:
        raise lesson(RuntimeError(f"{call} : expected 0 < win_length <= n_fft"), got=size)
    if window is not None and window._array.shape != (size,):
        raise RuntimeError(f"{call} : Invalid window shape. window has to be 1D and length of `win_length`")
    half = n_fft != shape[-2] if onesided is None else onesided
    weights = ones(size, dtype=input.real.dtype) if window is None else window
    if return_complex and half:
        raise lesson(RuntimeError(ONESIDED), hint="onesided=False")
    if not return_complex and weights.dtype.is_complex:
        raise lesson(RuntimeError("Complex windows are incompatible with return_complex=False"), hint="window.real")
    weights = _centred(weights, size, n_fft)
    spectra = transpose(input if len(shape) == 3 else unsqueeze(input, 0), 1, 2)
    norm = "ortho" if normalized else "backward"
    if return_complex:
        pieces = ifft(spectra, n_fft, -1, norm)
    else:
        pieces = irfft(spectra if half else spectra[..., : n_fft // 2 + 1], n_fft, -1, norm)
    whole = n_fft + hop * (shape[-1] - 1)
    how = {"axis": 1, "size": n_fft, "step": hop}
    added = apply(UnfoldBackward, pieces * weights, shape=(len(pieces), whole), **how)
    squares = (weights * weights).expand(1, shape[-1], n_fft)
    envelope = apply(UnfoldBackward, squares, shape=(1, whole), **how)
    start = n_fft // 2 if center else 0
    end = start + length if length is not None else whole - n_fft // 2 if center else whole
    added, envelope = added[:, start : max(end, 0)], envelope[:, start : max(end, 0)]
    if not envelope._array.size:
        raise RuntimeError(
            "min(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' "
            "argument."
        )
    if bool(abs(envelope._array).min() < 1e-11):
        raise lesson(
            RuntimeError(f"{call} window overlap add min: 1\n[ CPUBoolType{{}} ]"),
            expected="windows that give every place some weight",
            hint="a smaller hop_length, or center=True",
        )
    found = added / envelope
    if end > whole:
        warnings.warn(
            "The length of signal is shorter than the length parameter. Result is being padded with zeros in the tail. "
            "Please check your center and hop_length settings.",
            UserWarning,
            stacklevel=2,
        )
        found = constant_pad_nd(found, (0, end - whole))
    return squeeze(found, 0) if len(shape) == 2 else found


def _check_spectra(call: str, shape: list[int], n_fft: int, onesided: bool | None) -> None:
    """RuntimeError for what cannot be a tensor of spectra."""
    if 0 in shape:
        raise lesson(RuntimeError(f"{call} : input tensor cannot be empty."), got=shape)
    if len(shape) not in (2, 3):  # PyTorch counts the real and the imaginary part as one dimension more
        raise lesson(
            RuntimeError(f"{call} : expected a tensor with 3 or 4 dimensions, but got {len(shape) + 1}"),
            expected="(frequencies, frames) or (B, frequencies, frames)",
            got=shape,
        )
    wanted = n_fft // 2 + 1
    if onesided is False and shape[-2] != n_fft:
        raise RuntimeError(
            f"{call} : expected the frequency dimension (3rd to the last) of the input tensor to match n_fft when "
            f"onesided=False, but got {shape[-2]}"
        )
    if (onesided or (onesided is None and shape[-2] != n_fft)) and shape[-2] != wanted:
        raise RuntimeError(
            f"{call} : expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when "
            f"onesided=True, but got {shape[-2]}"
        )
