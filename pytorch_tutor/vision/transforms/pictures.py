"""What kind of picture is this, and how large: questions that every transform asks first."""

from __future__ import annotations

import numbers
from typing import Any

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import is_pil_image


def get_dimensions(img: Any) -> list[int]:
    """Returns [colours, height, width] of a picture.

    Raises:
        TypeError: ``img`` is neither a PIL image nor a tensor of at least two dimensions.
    """
    if isinstance(img, torch.Tensor):
        if img.ndim < 2:
            raise TypeError("Tensor is not a torch image.")
        return [1 if img.ndim == 2 else img.shape[-3], *img.shape[-2:]]
    if not is_pil_image(img):
        hint = "put transforms.ToTensor() first: it turns an array into a tensor" if hasattr(img, "shape") else None
        raise lesson(TypeError(f"Unexpected type {type(img)}"), expected="a PIL image or a tensor", hint=hint)
    width, height = img.size
    return [len(img.getbands()), height, width]


def get_image_size(img: Any) -> list[int]:
    """Returns [width, height] of a picture."""
    _, height, width = get_dimensions(img)
    return [width, height]


def get_image_num_channels(img: Any) -> int:
    """Returns how many colours a picture has."""
    return get_dimensions(img)[0]


def is_tensor(img: Any) -> bool:
    """True for a tensor picture, False for a PIL image; anything else is an error."""
    if isinstance(img, torch.Tensor):
        get_dimensions(img)
        return True
    if is_pil_image(img):
        return False
    hint = "put transforms.ToTensor() first: it turns an array into a tensor" if hasattr(img, "shape") else None
    raise lesson(TypeError(f"img should be PIL Image. Got {type(img)}"), hint=hint)


def two_numbers(size: Any, message: str = "Please provide only two dimensions (h, w) for size.") -> tuple[int, int]:
    """Returns (height, width) of a size that may be one number."""
    if isinstance(size, numbers.Number):
        return int(size), int(size)  # type: ignore[call-overload]
    if len(size) == 1:
        return size[0], size[0]
    if len(size) != 2:
        raise ValueError(message)
    return size
