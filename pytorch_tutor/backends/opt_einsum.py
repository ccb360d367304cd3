"""``torch.backends.opt_einsum``: einsum contracts from left to right here, without that library."""

from __future__ import annotations

enabled = False
strategy: str | None = None


def is_available() -> bool:
    """Is the library in use? No."""
    return False
