"""``torch.cuda``: is there a GPU, and what is it doing? By CuPy; without one, a clear answer and never a bare CUDA error."""

from __future__ import annotations

import time
from typing import Any

from .backends import cuda_available, devices
from .device import device as _device
from .errors import lesson
from .random import manual_seed as _manual_seed


def is_available() -> bool:
    """Is there a GPU that the engine can use?

    >>> import pytorch_tutor as torch
    >>> device = "cuda" if torch.cuda.is_available() else "cpu"
    """
    return cuda_available()


def device_count() -> int:
    """How many GPUs there are."""
    cupy = devices.cupy_or_none()
    return 0 if cupy is None else int(cupy.cuda.runtime.getDeviceCount())


def _cupy() -> Any:
    cupy = devices.cupy_or_none()
    if cupy is None:
        raise lesson(
            AssertionError("Torch not compiled with CUDA enabled"),
            expected="an NVIDIA GPU, its driver, and CuPy",
            got="none that CuPy can use on this computer",
            hint="torch.cuda.is_available()  tells beforehand",
        )
    return cupy


def current_device() -> int:
    """The number of the GPU in use."""
    return int(_cupy().cuda.runtime.getDevice())


def set_device(device: Any) -> None:
    """Chooses a GPU by number."""
    number = device if isinstance(device, int) else _device(device).index or 0
    _cupy().cuda.Device(number).use()


def get_device_name(device: Any = None) -> str:
    """What the GPU is called."""
    number = current_device() if device is None else device if isinstance(device, int) else _device(device).index or 0
    name = _cupy().cuda.runtime.getDeviceProperties(number)["name"]
    return name.decode() if isinstance(name, bytes) else str(name)


def get_device_capability(device: Any = None) -> tuple[int, int]:
    """The compute capability, as (major, minor)."""
    text = str(_cupy().cuda.Device(current_device()).compute_capability)
    return int(text[:-1]), int(text[-1])


def synchronize(device: Any = None) -> None:
    """Waits until the GPU has done all it was given; operations return before they are finished."""
    _cupy().cuda.runtime.deviceSynchronize()


def empty_cache() -> None:
    """Gives memory back that is kept for the next tensor."""
    cupy = devices.cupy_or_none()
    if cupy is not None:
        cupy.get_default_memory_pool().free_all_blocks()


def memory_allocated(device: Any = None) -> int:
    """Bytes in use by tensors; 0 without a GPU."""
    cupy = devices.cupy_or_none()
    return 0 if cupy is None else int(cupy.get_default_memory_pool().used_bytes())


def memory_reserved(device: Any = None) -> int:
    """Bytes in use or kept for the next tensor; 0 without a GPU."""
    cupy = devices.cupy_or_none()
    return 0 if cupy is None else int(cupy.get_default_memory_pool().total_bytes())


def manual_seed(seed: int) -> None:
    """Seeds the generator."""
    if is_available():
        _manual_seed(seed)


def manual_seed_all(seed: int) -> None:
    """Seeds the generator."""
    manual_seed(seed)


def is_bf16_supported() -> bool:
    """Can the GPU compute with bfloat16?"""
    return is_available()


class Event:
    """A moment on the GPU's time line, to measure between two of them."""

    def __init__(self, enable_timing: bool = False, blocking: bool = False) -> None:
        self._moment: float | None = None

    def record(self, stream: Any = None) -> None:
        """Marks now, after what was given to the GPU so far."""
        synchronize()
        self._moment = time.perf_counter()

    def synchronize(self) -> None:
        """Waits until the moment has come."""
        synchronize()

    def elapsed_time(self, end_event: Event) -> float:
        """Milliseconds between two events."""
        if self._moment is None or end_event._moment is None:
            raise RuntimeError("Both events must be recorded before calculating elapsed time.")
        return (end_event._moment - self._moment) * 1000
