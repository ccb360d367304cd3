"""``torch.xpu``: Intel's GPUs, which this engine does not use. A program may ask, and hears that there is none."""

from __future__ import annotations

from typing import Any, NoReturn

from .errors import lesson


def is_available() -> bool:
    """Can an Intel GPU be used? No.

    >>> import pytorch_tutor as torch
    >>> torch.device("xpu" if torch.xpu.is_available() else "cpu")
    device(type='cpu')
    """
    return False


def device_count() -> int:
    """How many there are: none that the engine uses."""
    return 0


def is_initialized() -> bool:
    """Has one been used yet? No."""
    return False


def is_bf16_supported() -> bool:
    """Does it compute in bfloat16? There is none."""
    return False


def manual_seed(seed: int) -> None:
    """Accepted: there is nothing to seed."""


def manual_seed_all(seed: int) -> None:
    """Accepted: there is nothing to seed."""


def seed() -> None:
    """Accepted: there is nothing to seed."""


def seed_all() -> None:
    """Accepted: there is nothing to seed."""


def get_rng_state_all() -> list[Any]:
    """The states of all generators: an empty list."""
    return []


def empty_cache() -> None:
    """Accepted: nothing is kept."""


def memory_allocated(device: Any = None) -> int:
    """The bytes in use: 0."""
    return 0


def max_memory_allocated(device: Any = None) -> int:
    """The most bytes in use so far: 0."""
    return 0


def memory_reserved(device: Any = None) -> int:
    """The bytes set aside: 0."""
    return 0


def max_memory_reserved(device: Any = None) -> int:
    """The most bytes set aside so far: 0."""
    return 0


def init() -> NoReturn:
    """AssertionError, as in PyTorch on a computer without an Intel GPU."""
    raise lesson(
        AssertionError("Torch not compiled with XPU enabled"),
        hint="if torch.xpu.is_available():  before any other call",
    )


def current_device() -> int:
    """AssertionError: there is none."""
    init()


def set_device(device: Any) -> None:
    """AssertionError: there is none to choose."""
    init()


def get_device_name(device: Any = None) -> str:
    """AssertionError: there is none that has a name."""
    init()


def get_device_properties(device: Any = None) -> Any:
    """AssertionError: there is none that has properties."""
    init()


def get_device_capability(device: Any = None) -> dict[str, Any]:
    """AssertionError: there is none that could do anything."""
    init()


def mem_get_info(device: Any = None) -> tuple[int, int]:
    """AssertionError: there is no memory to ask about."""
    init()


def synchronize(device: Any = None) -> None:
    """AssertionError: there is none to wait for."""
    init()
