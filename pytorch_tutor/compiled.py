"""What libraries ask of PyTorch's compiled core, ``torch._C``: there is none here, so only what needs none is answered."""

from __future__ import annotations

from . import absent


def _log_api_usage_once(event: str) -> None:
    """A library says that it is used; PyTorch counts it, this engine counts nothing."""


def __getattr__(name: str) -> object:
    raise absent.explain(AttributeError(f"module 'torch._C' has no attribute '{name}'"), "torch._C")
