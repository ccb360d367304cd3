"""A border around a picture: of one colour, or of the picture's own pixels."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ..pillow import Image
from .pictures import is_tensor

PADDING_MODES = ("constant", "edge", "reflect", "symmetric")
Sides = tuple[int, int]


def check_padding(padding: Any, padding_mode: Any) -> None:
    """Raises torchvision's errors for a padding that makes no sense."""
    if not isinstance(padding, (numbers.Number, tuple, list)):
        raise TypeError("Got inappropriate padding arg")
    if not isinstance(padding_mode, str):
        raise TypeError("Got inappropriate padding_mode arg")
    if not isinstance(padding, numbers.Number) and len(padding) not in (1, 2, 4):
        raise ValueError(f"Padding must be an int or a 1, 2, or 4 element tuple, not a {len(padding)} element tuple")
    if padding_mode not in PADDING_MODES:
        raise ValueError("Padding mode should be either constant, edge, reflect or symmetric")


def pad(img: Any, padding: int | Sequence[int], fill: Any = 0, padding_mode: str = "constant") -> Any:
    """Adds a border to a picture.

    Args:
        img: the picture.
        padding: its width: one number; or left and right, top and bottom; or left, top, right, bottom.
            A negative width cuts off.
        fill: the colour of a constant border: one number, or for a PIL image one per colour.
        padding_mode: ``constant``; ``edge`` repeats the last pixel; ``reflect`` mirrors without it, ``symmetric``
            with it.
    """
    check_padding(padding, padding_mode)
    if fill is not None and not isinstance(fill, (numbers.Number, tuple, list)):
        raise TypeError("Got inappropriate fill arg")
    sides = [padding] if isinstance(padding, int) else list(padding)
    left, top, right, bottom = sides * (4 // len(sides))
    if is_tensor(img):
        return _pad_tensor(img, (left, right), (top, bottom), fill, padding_mode)
    return _pad_pil(img, (left, right), (top, bottom), fill, padding_mode)


def _kept(size: int, sides: Sides) -> slice:
    """What a negative border leaves of one side."""
    return slice(max(-sides[0], 0), size - max(-sides[1], 0))


def _pad_tensor(img: torch.Tensor, across: Sides, down: Sides, fill: Any, padding_mode: str) -> torch.Tensor:
    if fill is not None and not isinstance(fill, (int, float)):
        raise TypeError("Got inappropriate fill arg")
    height, width = img.shape[-2:]
    img = img[..., _kept(height, down), _kept(width, across)]
    height, width = img.shape[-2:]
    across, down = ((max(low, 0), max(high, 0)) for low, high in (across, down))
    if padding_mode == "constant":
        shape = (*img.shape[:-2], height + sum(down), width + sum(across))
        framed = img.new_full(shape, fill or 0)
        framed[..., down[0] : down[0] + height, across[0] : across[0] + width] = img
        return framed
    # NumPy pads the row and column numbers, and they say which pixel goes where.
    rows, columns = (
        torch.from_numpy(np.pad(np.arange(size), sides, padding_mode))  # type: ignore[call-overload]
        for size, sides in ((height, down), (width, across))
    )
    return img[..., rows[:, None], columns]


def _pad_pil(img: Any, across: Sides, down: Sides, fill: Any, padding_mode: str) -> Any:
    palette = img.getpalette() if img.mode == "P" else None
    if padding_mode == "constant":
        size = (img.width + sum(across), img.height + sum(down))
        framed = Image.new(img.mode, size, pil_fill(fill, img)) if palette is None else Image.new("P", size, fill)
        framed.paste(img, (across[0], down[0]))
    else:
        array = np.asarray(img)
        array = array[_kept(array.shape[0], down), _kept(array.shape[1], across)]
        border = [(max(low, 0), max(high, 0)) for low, high in (down, across)] + [(0, 0)] * (array.ndim - 2)
        framed = Image.fromarray(np.pad(array, border, padding_mode))  # type: ignore[call-overload]
    if palette is not None:
        framed.putpalette(palette)
    return framed


def pil_fill(fill: Any, img: Any) -> Any:
    """Returns the fill colour as Pillow wants it: one number per colour, whole ones unless the picture has floats."""
    channels = len(img.getbands())
    values = list(fill) if isinstance(fill, (tuple, list)) else [0 if fill is None else fill]
    if len(values) == 1:
        values *= channels
    if len(values) != channels:
        raise ValueError(
            "The number of elements in 'fill' does not match the number of channels of the image "
            f"({len(values)} != {channels})"
        )
    if img.mode != "F":
        values = [int(value) for value in values]
    return values[0] if channels == 1 else tuple(values)
