"""Which steps of a training are to be profiled, and where the result goes."""

from __future__ import annotations

import enum
import gzip
import os
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class ProfilerAction(enum.Enum):
    """What to do in a step."""

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


def schedule(
    *, wait: int, warmup: int, active: int, repeat: int = 0, skip_first: int = 0, skip_first_wait: int = 0
) -> Callable[[int], ProfilerAction]:
    """A plan: ``wait`` steps idle, ``warmup`` steps for warming up, ``active`` steps recorded, and again.

    Args:
        wait, warmup, active: the three numbers of a cycle.
        repeat: how many cycles; 0 for without end.
        skip_first: steps before the first cycle.
        skip_first_wait: without ``wait`` in the first cycle, if not 0.

    >>> plan = schedule(wait=1, warmup=1, active=2, repeat=1)
    >>> [plan(step).name for step in range(5)]
    ['NONE', 'WARMUP', 'RECORD', 'RECORD_AND_SAVE', 'NONE']
    """
    if min(wait, warmup, repeat, skip_first) < 0 or active <= 0:
        raise AssertionError("Invalid profiler schedule arguments")

    def plan(step: int) -> ProfilerAction:
        step -= skip_first
        if step < 0:
            return ProfilerAction.NONE
        if skip_first_wait:
            step += wait
        cycle, place = divmod(step, wait + warmup + active)
        if (repeat and cycle >= repeat) or place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        last = place == wait + warmup + active - 1
        return ProfilerAction.RECORD_AND_SAVE if last else ProfilerAction.RECORD

    return plan


def always(step: int) -> ProfilerAction:
    """The plan of whoever gives none: everything is recorded."""
    return ProfilerAction.RECORD


def tensorboard_trace_handler(
    dir_name: str, worker_name: str | None = None, use_gzip: bool = False
) -> Callable[[Any], None]:
    """For ``on_trace_ready``: writes each trace as a file that TensorBoard's profiler plugin and Perfetto read."""

    def write(prof: Any) -> None:
        folder = Path(dir_name)
        if folder.exists() and not folder.is_dir():
            raise RuntimeError("Can't create directory: " + dir_name)
        folder.mkdir(parents=True, exist_ok=True)
        worker = worker_name or f"{socket.gethostname()}_{os.getpid()}"
        target = folder / f"{worker}.{time.time_ns()}.pt.trace.json"
        prof.export_chrome_trace(str(target))
        if use_gzip:
            with target.open("rb") as plain, gzip.open(f"{target}.gz", "wb") as packed:
                shutil.copyfileobj(plain, packed)
            target.unlink()

    return write
