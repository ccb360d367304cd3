"""``torch.cuda.nvtx``: names for stretches of time in NVIDIA's profiler, by CuPy."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..backends import devices
from ..errors import lesson


def _nvtx() -> Any:
    found = devices.cupy_or_none()
    if found is None:
        raise lesson(
            RuntimeError("NVTX functions not installed. Are you sure you have a CUDA build?"),
            expected="a GPU",
            got="none that CuPy can use on this computer",
            hint='with torch.profiler.record_function("name"): ...',
        )
    return found.cuda.nvtx


def range_push(msg: str) -> None:
    """Begins a stretch."""
    _nvtx().RangePush(msg)


def range_pop() -> None:
    """Ends the stretch begun last."""
    _nvtx().RangePop()


def mark(msg: str) -> None:
    """Marks a moment."""
    _nvtx().Mark(msg)


@contextlib.contextmanager
def range(msg: str) -> Iterator[None]:
    """A block with a name."""
    range_push(msg)
    try:
        yield
    finally:
        range_pop()
