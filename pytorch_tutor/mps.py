"""``torch.mps``: Apple's GPUs, which this engine does not use."""

from __future__ import annotations

from .errors import lesson


def is_available() -> bool:
    """Can an Apple GPU be used? No."""
    return False


def device_count() -> int:
    """How many there are: none that the engine uses."""
    return 0


def manual_seed(seed: int) -> None:
    """Accepted: there is nothing to seed."""


def empty_cache() -> None:
    """RuntimeError, as in PyTorch on a computer without an Apple GPU."""
    raise lesson(
        RuntimeError("Cannot execute emptyCache() without MPS backend."),
        hint="if torch.backends.mps.is_available(): torch.mps.empty_cache()",
    )


def synchronize() -> None:
    """RuntimeError, as in PyTorch on a computer without an Apple GPU."""
    raise lesson(
        RuntimeError("Cannot execute synchronize() without MPS backend."),
        hint="if torch.backends.mps.is_available(): torch.mps.synchronize()",
    )
