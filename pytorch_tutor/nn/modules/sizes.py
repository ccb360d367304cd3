"""A number for every axis, or one for all: `3` and `(3, 3)` are the same kernel size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def ntuple(value: Any, axes: int) -> tuple[Any, ...]:
    """`3` as (3, 3) for two axes; a sequence as it is.

    >>> from pytorch_tutor.nn.modules.sizes import ntuple
    >>> ntuple(3, 2), ntuple((1, 2), 2)
    ((3, 3), (1, 2))
    """
    return tuple(value) if isinstance(value, Iterable) else (value,) * axes
