"""PyTorch's names for `ntuple`: a number for each of one, two or three axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytorch_tutor.nn.modules.sizes import ntuple


def _ntuple(axes: int, name: str = "parse") -> Callable[[Any], tuple[Any, ...]]:
    def parse(value: Any) -> tuple[Any, ...]:
        return ntuple(value, axes)

    parse.__name__ = name
    return parse


_single, _pair, _triple, _quadruple = (
    _ntuple(axes, name) for axes, name in enumerate(("_single", "_pair", "_triple", "_quadruple"), start=1)
)
