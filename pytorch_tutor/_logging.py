"""``torch._logging``: what PyTorch's compiler would report; there is none, and nothing is reported."""

from __future__ import annotations

from typing import Any


def set_logs(**options: Any) -> None:
    """Accepted: no part of the engine writes such logs."""


__all__ = ["set_logs"]
