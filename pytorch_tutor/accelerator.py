"""``torch.accelerator``: today's spelling of "is there a GPU?", whatever its maker."""

from __future__ import annotations

from typing import Any

from . import cuda
from .device import device
from .errors import lesson


def is_available() -> bool:
    """Is there an accelerator?"""
    return cuda.is_available()


def current_accelerator(check_available: bool = False) -> device | None:
    """The accelerator, or None.

    >>> import pytorch_tutor as torch
    >>> device = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"
    """
    return device("cuda") if cuda.is_available() else None


def device_count() -> int:
    """How many accelerators there are."""
    return cuda.device_count()


def _require() -> None:
    if not cuda.is_available():
        raise lesson(
            RuntimeError("Cannot access accelerator device when none is available."),
            expected="an NVIDIA GPU, its driver, and CuPy",
            got="none that CuPy can use on this computer",
            hint="torch.accelerator.is_available()  tells beforehand",
        )


def current_device_index() -> int:
    """The number of the accelerator in use."""
    _require()
    return cuda.current_device()


current_device_idx = current_device_index


def set_device_index(device: Any) -> None:
    """Chooses an accelerator by number."""
    _require()
    cuda.set_device(device)


set_device_idx = set_device_index


class device_index(cuda.device):  # noqa: N801 - PyTorch spells this class in lower case
    """A block in which another accelerator is the one in use."""

    def __enter__(self) -> None:
        _require()
        super().__enter__()


def synchronize(device: Any = None) -> None:
    """Waits until the accelerator has done all it was given."""
    _require()
    cuda.synchronize(device)


def current_stream(device: Any = None) -> cuda.Stream:
    """The queue that operations go to."""
    _require()
    return cuda.current_stream(device)


def set_stream(stream: cuda.Stream) -> None:
    """Operations go to this queue from now on."""
    _require()
    cuda.set_stream(stream)


def empty_cache() -> None:
    """Gives memory back that is kept for the next tensor."""
    _require()
    cuda.empty_cache()


def memory_allocated(device_index: Any = None) -> int:
    """Bytes in use by tensors."""
    _require()
    return cuda.memory_allocated()


def memory_reserved(device_index: Any = None) -> int:
    """Bytes in use or kept for the next tensor."""
    _require()
    return cuda.memory_reserved()


def max_memory_allocated(device_index: Any = None) -> int:
    """The most bytes in use at once."""
    _require()
    return cuda.max_memory_allocated()


def max_memory_reserved(device_index: Any = None) -> int:
    """The most bytes reserved at once."""
    _require()
    return cuda.max_memory_reserved()


def memory_stats(device_index: Any = None) -> Any:
    """What is known of the memory."""
    _require()
    return cuda.memory_stats()


def reset_peak_memory_stats(device_index: Any = None) -> None:
    """The maxima are counted anew."""
    _require()
    cuda.reset_peak_memory_stats()
