"""What the older names of mixed precision on a GPU share."""

from __future__ import annotations

import warnings

from ...backends import cuda_available


def deprecated(old: str, new: str) -> None:
    """Warns that a class has another name today."""
    text = f"`torch.cuda.amp.{old}(args...)` is deprecated. Please use `torch.amp.{new}` instead."
    warnings.warn(text, FutureWarning, stacklevel=3)


def amp_definitely_not_available() -> bool:
    """Is there no GPU for it?"""
    return not cuda_available()


__all__ = ["amp_definitely_not_available"]
