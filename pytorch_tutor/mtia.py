"""``torch.mtia``: Meta's accelerators, which this engine does not use. A program may ask, and hears that there is none."""

from __future__ import annotations

from typing import Any, NoReturn

from .errors import lesson


def is_available() -> bool:
    """Can an MTIA device be used? No.

    >>> import pytorch_tutor as torch
    >>> torch.mtia.is_available()
    False
    """
    return False


def device_count() -> int:
    """How many there are: none that the engine uses."""
    return 0


def is_initialized() -> bool:
    """Has one been used yet? No."""
    return False


def manual_seed(seed: int) -> None:
    """Accepted: there is nothing to seed."""


def manual_seed_all(seed: int) -> None:
    """Accepted: there is nothing to seed."""


def memory_allocated(device: Any = None) -> int:
    """The bytes in use: 0."""
    return 0


def max_memory_allocated(device: Any = None) -> int:
    """The most bytes in use so far: 0."""
    return 0


def _require(call: str) -> NoReturn:
    raise lesson(
        RuntimeError(f"Cannot execute {call}() without MTIA backend."), hint="if torch.mtia.is_available():  beforehand"
    )


def current_device() -> int:
    """RuntimeError, as in PyTorch on a computer without such a device."""
    _require("getCurrentDevice")


def set_device(device: Any) -> None:
    """RuntimeError: there is none to choose."""
    _require("setCurrentDevice")


def synchronize(device: Any = None) -> None:
    """RuntimeError: there is none to wait for."""
    _require("getCurrentDevice")


def empty_cache() -> None:
    """RuntimeError: nothing is kept."""
    _require("emptyCache")
