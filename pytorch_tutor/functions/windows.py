"""Windows: weights that fade a piece of a signal in and out, so that its ends make no click."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..backends import special_bessel as bessel
from ..creation import tensor
from ..dtypes import TYPE_INFO_NAMES, get_default_dtype
from ..dtypes import dtype as Kind
from ..errors import lesson
from ..layouts import strided
from ..refusals import refuse


def _checked(function: str, M: int, dtype: Any, layout: Any = None) -> Kind:
    kind: Kind = dtype or get_default_dtype()
    if M < 0:
        raise ValueError(f"{function} requires non-negative window length, got M={M}")
    if layout is not None and layout is not strided:
        raise ValueError(f"{function} is implemented for strided tensors only, got: {layout}")
    if kind.name not in ("float32", "float64"):
        raise ValueError(f"{function} expects float32 or float64 dtypes, got: {kind}")
    return kind


def _places(M: int, sym: bool) -> Any:
    """-1 ... 1 over the window; a periodic one leaves out the last point, which is the next one's first."""
    n = M - 1 if sym else M
    return np.zeros(M) if n <= 0 else 2 * np.arange(M) / n - 1


def _made(values: Any, kind: Kind, requires_grad: bool, device: Any = None) -> Any:
    return tensor(values.astype(kind.array), dtype=kind, requires_grad=requires_grad, device=device)


def general_cosine(
    M: int, *, a: Iterable[float], sym: bool = True, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    r"""A sum of cosines: w_n = Σ (-1)^k a_k cos(2πkn / (M - 1)).

    >>> import pytorch_tutor as torch
    >>> torch.signal.windows.general_cosine(5, a=[0.5, 0.5])
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    kind = _checked("general_cosine", M, dtype, layout)
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    weights = list(a)
    if not weights:
        raise ValueError("Coefficients cannot be empty")
    angle = math.pi * (_places(M, sym) + 1)
    values = sum((-1) ** k * v * np.cos(k * angle) for k, v in enumerate(weights))
    return _made(np.ones(M) if M == 1 else np.asarray(values), kind, requires_grad, device)


def general_hamming(M: int, *, alpha: float = 0.54, sym: bool = True, **kw: Any) -> Any:
    """α - (1 - α) cos(2πn / (M - 1))."""
    return general_cosine(M, a=[alpha, 1.0 - alpha], sym=sym, **kw)


def hann(M: int, *, sym: bool = True, **kw: Any) -> Any:
    """One period of a cosine, lifted so that it starts and ends at 0.

    >>> import pytorch_tutor as torch
    >>> torch.signal.windows.hann(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return general_hamming(M, alpha=0.5, sym=sym, **kw)


def hamming(M: int, *, sym: bool = True, **kw: Any) -> Any:
    """Hann's window on a small pedestal, which weakens the nearest side lobe."""
    return general_hamming(M, sym=sym, **kw)


def blackman(M: int, *, sym: bool = True, **kw: Any) -> Any:
    """Three terms: side lobes are weaker, the main one is wider."""
    _checked("blackman", M, kw.get("dtype"), kw.get("layout"))
    return general_cosine(M, a=[0.42, 0.5, 0.08], sym=sym, **kw)


def nuttall(M: int, *, sym: bool = True, **kw: Any) -> Any:
    """Four terms, chosen for the least side lobes."""
    return general_cosine(M, a=[0.3635819, 0.4891775, 0.1365995, 0.0106411], sym=sym, **kw)


def bartlett(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False
) -> Any:
    """A triangle.

    >>> import pytorch_tutor as torch
    >>> torch.signal.windows.bartlett(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    kind = _checked("bartlett", M, dtype, layout)
    return _made(np.ones(M) if M == 1 else 1 - np.abs(_places(M, sym)), kind, requires_grad, device)


def cosine(
    M: int, *, sym: bool = True, dtype: Any = None, layout: Any = None, device: Any = None, requires_grad: bool = False
) -> Any:
    """Half a period of a sine, sampled in the middle of each step."""
    kind = _checked("cosine", M, dtype, layout)
    return _made(np.sin(math.pi * (np.arange(M) + 0.5) / (M if sym or M < 2 else M + 1)), kind, requires_grad, device)


def exponential(
    M: int, *, center: float | None = None, tau: float = 1.0, sym: bool = True, dtype: Any = None,
    layout: Any = None, device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Falling to 1/e every ``tau`` steps from the centre."""
    kind = _checked("exponential", M, dtype, layout)
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    middle = (M if not sym and M > 1 else M - 1) / 2 if center is None else center
    return _made(np.exp(-np.abs(np.arange(M) - middle) / tau), kind, requires_grad, device)


def gaussian(
    M: int, *, std: float = 1.0, sym: bool = True, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """A bell of width ``std``, in steps."""
    kind = _checked("gaussian", M, dtype, layout)
    if std <= 0:
        raise lesson(
            ValueError(f"Standard deviation must be positive, got: {std} instead."), expected="std > 0", got=std
        )
    steps = np.arange(M) - (M if not sym and M > 1 else M - 1) / 2
    return _made(np.exp(-(steps**2) / (2 * std * std)), kind, requires_grad, device)


def kaiser(
    M: int, *, beta: float = 12.0, sym: bool = True, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """I_0(β √(1 - x²)) / I_0(β): nearly the most energy in the main lobe; β trades its width for the side lobes."""
    kind = _checked("kaiser", M, dtype, layout)
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    values = bessel.modified(np, 0, beta * np.sqrt(np.maximum(1 - _places(M, sym) ** 2, 0)))
    return _made(
        np.ones(M) if M == 1 else values / bessel.modified(np, 0, np.asarray(float(beta))), kind, requires_grad, device
    )


# -- the older functions, periodic unless told ------------------------------------------------------------------------
def _older(
    name: str, window_length: int, dtype: Any, values: Any, requires_grad: bool, device: Any, layout: Any = None
) -> Any:
    kind = dtype or get_default_dtype()
    refuse(kind, "complex", "arange_cpu")
    if kind.rank < 3 or (layout is not None and layout is not strided):
        refused = "expects floating point dtypes" if kind.rank < 3 else "is not implemented for sparse types"
        given = f"{TYPE_INFO_NAMES[kind]}{'' if dtype else ' (default)'}"
        place = "Strided (default)" if layout is None else str(layout).removeprefix("torch.").split("_")[0].title()
        raise lesson(
            RuntimeError(
                f"{name} {refused}, got: TensorOptions(dtype={given}, device=cpu, layout={place}, requires_grad=false "
                "(default), pinned_memory=false, memory_format=(nullopt))"
            ),
            expected="a floating point dtype",
            got=str(dtype or layout),
        )
    if window_length < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={window_length}")
    return _made(np.ones(window_length) if window_length == 1 else values(), kind, requires_grad, device)


def _cosines(length: int, periodic: bool, weights: Sequence[float]) -> Any:
    angle = math.pi * (_places(length, not periodic) + 1)
    return sum((-1) ** k * v * np.cos(k * angle) for k, v in enumerate(weights))


def hann_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Hann's window, periodic unless told: its repetition overlaps to a constant.

    >>> import pytorch_tutor as torch
    >>> torch.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _older(
        "hann_window",
        window_length,
        dtype,
        lambda: _cosines(window_length, periodic, [0.5, 0.5]),
        requires_grad,
        device,
        layout,
    )


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, *, dtype: Any = None,
    layout: Any = None, device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Hamming's window α - β cos(2πn / N)."""
    return _older(
        "hamming_window",
        window_length,
        dtype,
        lambda: _cosines(window_length, periodic, [alpha, beta]),
        requires_grad,
        device,
        layout,
    )


def blackman_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Blackman's window."""
    return _older(
        "blackman_window",
        window_length,
        dtype,
        lambda: _cosines(window_length, periodic, [0.42, 0.5, 0.08]),
        requires_grad,
        device,
        layout,
    )


def bartlett_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """The triangular window."""
    return _older(
        "bartlett_window",
        window_length,
        dtype,
        lambda: 1 - np.abs(_places(window_length, not periodic)),
        requires_grad,
        device,
        layout,
    )


def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, *, dtype: Any = None, layout: Any = None,
    device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Kaiser's window."""
    if window_length < 1:
        return _older("kaiser_window", window_length, dtype, lambda: np.ones(0), requires_grad, device, layout)
    if (dtype or get_default_dtype()).rank < 3 or (layout is not None and layout is not strided):
        return _older("kaiser_window", window_length, dtype, lambda: None, requires_grad, device, layout)
    return kaiser(window_length, beta=beta, sym=not periodic, dtype=dtype, requires_grad=requires_grad, device=device)
