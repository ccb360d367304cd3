"""The GPU's memory: how much is in use, how much was, and giving it back."""

from __future__ import annotations

import collections
import warnings
from typing import Any

from ..backends import devices
from ..errors import lesson
from .devices import cupy, number_of


class OutOfMemoryError(RuntimeError):
    """There is not enough memory for a tensor."""


class Peak:
    """The most bytes that were in use at once; CuPy does not count them, so a hook of its memory pool does."""

    def __init__(self) -> None:
        self.used = self.reserved = 0
        self.hook: Any = None

    def watch(self) -> None:
        """Counts from now on: from the first time that somebody asks, or resets."""
        found = devices.cupy_or_none()
        if found is None or self.hook is not None:
            return
        pool, peak = found.get_default_memory_pool(), self

        class Hook(found.cuda.memory_hook.MemoryHook):  # type: ignore[misc, name-defined]
            """Looks at the pool after every allocation."""

            name = "peak"

            def malloc_postprocess(self, **facts: Any) -> None:
                peak.look(pool)

        self.hook = Hook()
        self.hook.__enter__()
        self.look(pool)

    def look(self, pool: Any) -> None:
        """Takes note of what is in use now."""
        self.used = max(self.used, int(pool.used_bytes()))
        self.reserved = max(self.reserved, int(pool.total_bytes()))


_peak = Peak()


def empty_cache() -> None:
    """Gives memory back that is kept for the next tensor."""
    found = devices.cupy_or_none()
    if found is not None:
        found.get_default_memory_pool().free_all_blocks()


def memory_allocated(device: Any = None) -> int:
    """Bytes in use by tensors; 0 without a GPU."""
    found = devices.cupy_or_none()
    return 0 if found is None else int(found.get_default_memory_pool().used_bytes())


def memory_reserved(device: Any = None) -> int:
    """Bytes in use or kept for the next tensor; 0 without a GPU."""
    found = devices.cupy_or_none()
    return 0 if found is None else int(found.get_default_memory_pool().total_bytes())


def max_memory_allocated(device: Any = None) -> int:
    """The most bytes in use by tensors at once, since the first question or the last reset; 0 without a GPU."""
    _peak.watch()
    return max(_peak.used, memory_allocated())


def max_memory_reserved(device: Any = None) -> int:
    """The most bytes reserved at once, since the first question or the last reset; 0 without a GPU."""
    _peak.watch()
    return max(_peak.reserved, memory_reserved())


def reset_peak_memory_stats(device: Any = None) -> None:
    """The maxima are counted anew."""
    if devices.cupy_or_none() is None:
        raise lesson(
            AttributeError("module 'torch._C' has no attribute '_cuda_resetPeakMemoryStats'"),
            expected="a GPU",
            got="none that CuPy can use on this computer",
            hint="if torch.cuda.is_available(): torch.cuda.reset_peak_memory_stats()",
        )
    _peak.used = _peak.reserved = 0
    _peak.watch()


reset_max_memory_allocated = reset_max_memory_cached = reset_peak_memory_stats


def reset_accumulated_memory_stats(device: Any = None) -> None:
    """Accepted: sums over time are not kept."""


def memory_cached(device: Any = None) -> int:
    """``memory_reserved`` by its older name."""
    warnings.warn(
        "`torch.cuda.memory_cached` has been renamed to `torch.cuda.memory_reserved`", FutureWarning, stacklevel=2
    )
    return memory_reserved(device)


def max_memory_cached(device: Any = None) -> int:
    """``max_memory_reserved`` by its older name."""
    warnings.warn(
        "`torch.cuda.max_memory_cached` has been renamed to `torch.cuda.max_memory_reserved`",
        FutureWarning,
        stacklevel=2,
    )
    return max_memory_reserved(device)


def memory_stats(device: Any = None) -> collections.OrderedDict[str, int]:
    """What is known of the memory, by PyTorch's names; empty without a GPU."""
    if devices.cupy_or_none() is None:
        return collections.OrderedDict()
    return collections.OrderedDict(
        {
            "allocated_bytes.all.current": memory_allocated(),
            "allocated_bytes.all.peak": max_memory_allocated(),
            "reserved_bytes.all.current": memory_reserved(),
            "reserved_bytes.all.peak": max_memory_reserved(),
        }
    )


def memory_summary(device: Any = None, abbreviated: bool = False) -> str:
    """What is known of the memory, as a table."""
    cupy()
    return "\n".join(f"{name:<32} {value:>16,}" for name, value in memory_stats().items())


def mem_get_info(device: Any = None) -> tuple[int, int]:
    """(free, total) bytes of the GPU, whoever uses them."""
    found = cupy()
    with found.cuda.Device(number_of(device)):
        free, total = found.cuda.runtime.memGetInfo()
    return int(free), int(total)


def set_per_process_memory_fraction(fraction: float, device: Any = None) -> None:
    """Uses no more than this part of the GPU's memory."""
    found = cupy()
    with found.cuda.Device(number_of(device)):
        found.get_default_memory_pool().set_limit(fraction=fraction)


def ipc_collect() -> None:
    """Accepted: memory is not shared between processes here."""
    cupy()
