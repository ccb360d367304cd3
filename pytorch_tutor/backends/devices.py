"""Where arrays live: the computer's own memory, or a GPU's through CuPy."""

from __future__ import annotations

from typing import Any

import numpy

from ..errors import lesson
from .meta import meta_array


def cupy_or_none() -> Any:
    """The cupy module where it is installed and sees a GPU; None otherwise. Never a bare CUDA error."""
    try:
        import cupy
    except Exception:  # noqa: BLE001 - a broken CUDA installation fails in many ways, and all of them mean "no GPU"
        return None
    try:
        return cupy if cupy.cuda.runtime.getDeviceCount() > 0 else None
    except Exception:  # noqa: BLE001 - no driver, no device, wrong version: no GPU
        return None


def cuda_available() -> bool:
    """Is there a GPU that CuPy can use?"""
    return cupy_or_none() is not None


def to_device(array: Any, target: Any) -> Any:
    """The array on the device ``target`` (None: in the computer's own memory)."""
    if target is None or target.type == "cpu":
        return array if isinstance(array, numpy.ndarray) else array.get()
    if target.type == "meta":
        return meta_array(array)
    if target.type != "cuda":
        error = {
            "xpu": AssertionError("Torch not compiled with XPU enabled"),
            "mtia": AssertionError("Torch not compiled with MTIA enabled"),
        }.get(target.type, RuntimeError(f"PyTorch is not linked with support for {target.type} devices"))
        raise lesson(error, expected="'cpu' or 'cuda'", got=f"'{target.type}', which this engine does not use")
    cupy = cupy_or_none()
    if cupy is None:
        raise lesson(
            AssertionError("Torch not compiled with CUDA enabled"),
            expected="an NVIDIA GPU, its driver, and CuPy",
            got="none that CuPy can use on this computer",
            hint='pip install "pytorch-tutor[cuda]"  on a computer with a GPU; here stay with device = "cpu"',
        )
    with cupy.cuda.Device(target.index or 0):
        return cupy.asarray(array)
