"""``torch.backends.cudnn``: flags that scripts set; they change nothing without cuDNN."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

enabled = True
deterministic = False
benchmark = False
benchmark_limit: int | None = None
allow_tf32 = True
fp32_precision = "none"


def is_available() -> bool:
    """Is cuDNN in use? Not yet in this engine."""
    return False


def version() -> int | None:
    """cuDNN's version, None without it."""
    return None


@contextlib.contextmanager
def flags(
    enabled: bool = False,
    benchmark: bool = False,
    benchmark_limit: int = 10,
    deterministic: bool = False,
    allow_tf32: bool = True,
    fp32_precision: str = "none",
) -> Iterator[None]:
    """A block with other flags."""
    wanted = {
        "enabled": enabled,
        "benchmark": benchmark,
        "benchmark_limit": benchmark_limit,
        "deterministic": deterministic,
        "allow_tf32": allow_tf32,
        "fp32_precision": fp32_precision,
    }
    here = globals()
    before = {name: here[name] for name in wanted}
    here.update(wanted)
    try:
        yield
    finally:
        here.update(before)
