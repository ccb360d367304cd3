"""Pillow, where it is installed: the engine needs NumPy only, and says so clearly where a PIL picture is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import lesson

try:
    from PIL import Image
except ImportError:
    Image = None  # type: ignore[assignment]


def is_pil_image(picture: object) -> bool:
    """Tells whether ``picture`` is a PIL image (never, where Pillow is not installed)."""
    return Image is not None and isinstance(picture, Image.Image)


def image_module() -> Any:
    """Returns ``PIL.Image``.

    Raises:
        ImportError: Pillow is not installed.
    """
    if Image is None:
        raise lesson(
            ImportError("Pillow is needed for PIL images, and it is not installed"),
            hint="pip install pillow, or work on tensors: put transforms.ToTensor() first",
        )
    return Image


def from_array(array: np.ndarray, mode: str | None = None) -> Any:
    """Returns the picture of an array (H, W) or (H, W, C), in PIL's ``mode``.

    The array's bytes are taken as they are: mode "HSV" says that they are hue, saturation, value.
    """
    image = image_module()
    picture = image.fromarray(np.ascontiguousarray(array))
    if mode is None or picture.mode == mode:
        return picture
    # fromarray's own mode argument is deprecated; frombytes says the same without it.
    return image.frombytes(mode, picture.size, np.ascontiguousarray(array).tobytes())


def picture_or_array(array: np.ndarray) -> Any:
    """Returns a PIL image, or, where Pillow is missing, the array (H, W[, C]) itself: ToTensor takes both."""
    return array if Image is None else Image.fromarray(array)
