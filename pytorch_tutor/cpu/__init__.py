"""``torch.cpu``: the questions of ``torch.cuda``, answered for the CPU."""

from __future__ import annotations

import contextlib
from typing import Any

from . import amp


def is_available() -> bool:
    """Is there a CPU? Yes."""
    return True


def device_count() -> int:
    """How many CPUs tensors can live on: 1, however many cores it has."""
    return 1


def current_device() -> str:
    """The name of the device."""
    return "cpu"


def set_device(device: Any) -> None:
    """Accepted: there is one."""


def synchronize(device: Any = None) -> None:
    """Returns at once: on a CPU an operation is finished when it returns."""


class Stream:
    """An order of work; the CPU has one."""

    def __init__(self, priority: int = -1) -> None:
        self.priority = priority

    def wait_stream(self, stream: Any) -> None:
        """Returns at once."""


def current_stream(device: Any = None) -> Stream:
    """The only stream."""
    return Stream()


def stream(stream: Any) -> contextlib.AbstractContextManager[None]:
    """A block; all work goes to the only stream anyway."""
    return contextlib.nullcontext()


__all__ = [
    "Stream", "amp", "current_device", "current_stream", "device_count", "is_available", "set_device", "stream",
    "synchronize",
]  # fmt: skip
