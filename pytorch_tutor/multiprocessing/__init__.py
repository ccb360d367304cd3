"""``torch.multiprocessing``: Python's own, with ``spawn``; tensors travel between processes as copies.

``share_memory_()`` gives a tensor memory that processes started by ``fork`` see and change together.
"""

from __future__ import annotations

from multiprocessing import *
from multiprocessing import get_context, get_start_method, set_start_method

from .spawn import (
    ProcessContext,
    ProcessException,
    ProcessExitedException,
    ProcessRaisedException,
    spawn,
    start_processes,
)


def get_all_sharing_strategies() -> set[str]:
    """How shared memory is passed on: by inheritance, whatever it is called."""
    return {"file_descriptor", "file_system"}


def get_sharing_strategy() -> str:
    """How shared memory is passed on."""
    return "file_descriptor"


def set_sharing_strategy(new_strategy: str) -> None:
    """Accepted."""
    if new_strategy not in get_all_sharing_strategies():
        raise AssertionError(f"Unknown sharing strategy: {new_strategy}")
