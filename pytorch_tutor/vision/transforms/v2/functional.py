"""The functions of version 2, by their names there."""

from __future__ import annotations

from typing import Any

import pytorch_tutor as torch

from ..functional import *  # noqa: F403 - all of version 1's functions are here too
from ..functional import convert_image_dtype, get_dimensions, hflip, vflip
from .kinds import to_image

horizontal_flip, vertical_flip = hflip, vflip


def to_dtype(inpt: torch.Tensor, dtype: Any = torch.float, scale: bool = False) -> torch.Tensor:
    """Another element type; with ``scale``, white stays white."""
    converted: torch.Tensor = convert_image_dtype(inpt, dtype) if scale else inpt.to(dtype)
    return converted


to_dtype_image = to_dtype


def get_size(inpt: Any) -> list[int]:
    """[height, width] of a picture."""
    return list(get_dimensions(inpt)[1:])


def get_num_channels(inpt: Any) -> int:
    """How many colours a picture has."""
    return int(get_dimensions(inpt)[0])


__all__ = ["get_num_channels", "get_size", "horizontal_flip", "to_dtype", "to_dtype_image", "to_image", "vertical_flip"]
