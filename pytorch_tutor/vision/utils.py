"""Many pictures in one: a contact sheet, and saving it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pytorch_tutor as torch

from .drawing import draw_bounding_boxes, draw_segmentation_masks
from .pillow import from_array

__all__ = ["draw_bounding_boxes", "draw_segmentation_masks", "make_grid", "save_image"]


def make_grid(
    tensor: torch.Tensor | Sequence[torch.Tensor],
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> torch.Tensor:
    """Arranges pictures (N, C, H, W) in rows, as one picture (C, height, width); grey ones get three colours.

    Args:
        tensor: the pictures, or a list of pictures of one size.
        nrow: how many pictures stand in a row.
        padding: the width of the border around each, in pixels.
        normalize: stretch values so that the smallest becomes 0 and the largest 1;
        value_range: or these two.
        scale_each: stretch every picture for itself.
        pad_value: the colour of the border.

    >>> import pytorch_tutor as torch
    >>> make_grid(torch.zeros(10, 3, 32, 32), nrow=5).shape
    torch.Size([3, 70, 172])
    """
    if not isinstance(tensor, torch.Tensor):
        if not isinstance(tensor, list):
            raise TypeError(f"tensor or list of tensors expected, got {type(tensor)}")
        for picture in tensor:
            if not isinstance(picture, torch.Tensor):
                raise TypeError(f"tensor or list of tensors expected, got a list containing {type(picture)}")
    batch = tensor if isinstance(tensor, torch.Tensor) else torch.stack(tensor, dim=0)
    with torch.no_grad():
        pictures = batch.detach()
        while pictures.dim() < 4:  # (H, W) -> (1, H, W) -> (1, 1, H, W)
            pictures = pictures.unsqueeze(0)
        if pictures.size(1) == 1:
            pictures = torch.cat((pictures, pictures, pictures), 1)
        if normalize:
            pictures = _stretched(pictures, value_range, scale_each)
        if pictures.size(0) == 1:
            return pictures.squeeze(0)
        return _arranged(pictures, nrow, padding, pad_value)


def _stretched(pictures: torch.Tensor, value_range: Any, scale_each: bool) -> torch.Tensor:
    if value_range is not None and not isinstance(value_range, tuple):
        raise TypeError("value_range has to be a tuple (min, max) if specified. min and max are numbers")

    def stretch(part: torch.Tensor) -> torch.Tensor:
        low, high = value_range or (float(part.min()), float(part.max()))
        return (part.clamp(low, high) - low) / max(high - low, 1e-5)

    return torch.stack([stretch(picture) for picture in pictures]) if scale_each else stretch(pictures)


def _arranged(pictures: torch.Tensor, nrow: int, padding: int, pad_value: float) -> torch.Tensor:
    count, channels, height, width = pictures.shape
    columns = min(nrow, count)
    rows = -(-count // columns)
    down, across = height + padding, width + padding
    grid = pictures.new_full((channels, down * rows + padding, across * columns + padding), pad_value)
    for number in range(count):
        top, left = number // columns * down + padding, number % columns * across + padding
        grid[:, top : top + height, left : left + width] = pictures[number]
    return grid


def save_image(
    tensor: torch.Tensor | Sequence[torch.Tensor],
    fp: str | os.PathLike[str] | BinaryIO,
    format: str | None = None,
    **kwargs: Any,
) -> None:
    """Saves pictures, values 0 to 1, as one image file; several are arranged by :func:`make_grid` (``kwargs``).

    A file that cannot be written leaves an older one of the same name as it was.
    """
    grid = make_grid(tensor, **kwargs)
    # 0.5 is added to round to the nearest byte.
    pixels = grid.mul(255).add(0.5).clamp(0, 255).permute(1, 2, 0).to("cpu", torch.uint8).numpy()
    image = from_array(pixels)
    if not isinstance(fp, (str, os.PathLike)):
        image.save(fp, format=format)
        return
    target = Path(fp)
    handle, name = tempfile.mkstemp(prefix=".saving-", suffix=target.suffix, dir=target.parent)
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            image.save(file, format=format or _format_of(target))
        scratch.chmod(0o644)
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _format_of(target: Path) -> str | None:
    suffix = target.suffix.lower()
    return {".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF"}.get(suffix, suffix[1:].upper() or None)
