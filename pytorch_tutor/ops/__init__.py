"""The operations, a class each. Under PyTorch's name ``torch.ops`` also those that ``torch.library`` has made."""

from __future__ import annotations

from typing import Any

namespaces: dict[str, Any] = {}  # filled by pytorch_tutor.library


def __getattr__(name: str) -> Any:
    if name in namespaces:
        return namespaces[name]
    raise AttributeError(f"module 'torch.ops' has no attribute '{name}'")
