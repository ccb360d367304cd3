"""``torch.accelerator``: today's spelling of "is there a GPU?", whatever its maker."""

from __future__ import annotations

from typing import Any

from . import cuda
from .device import device


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


def current_device_index() -> int:
    """The number of the accelerator in use."""
    return cuda.current_device()


def set_device_index(device: Any) -> None:
    """Chooses an accelerator by number."""
    cuda.set_device(device)


def synchronize(device: Any = None) -> None:
    """Waits until the accelerator has done all it was given."""
    cuda.synchronize(device)
