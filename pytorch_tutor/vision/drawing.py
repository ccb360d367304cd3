"""Boxes and masks, painted on a picture."""

from __future__ import annotations

import warnings
from typing import Any

import pytorch_tutor as torch

from .pillow import image_module
from .transforms.convert import convert_image_dtype, pil_to_tensor, to_pil_image


def _check(image: Any, sentence: str) -> None:
    if not isinstance(image, torch.Tensor):
        raise TypeError(sentence.format(type(image)))
    if not (image.dtype == torch.uint8 or image.is_floating_point()):
        raise ValueError(f"The image dtype must be uint8 or float, got {image.dtype}")
    if image.dim() != 3:
        raise ValueError("Pass individual images, not batches")


def _colours(colors: Any, count: int) -> list[tuple[int, ...]]:
    """A colour for each object: as given, or from a palette in which neighbours differ."""
    image_module()
    from PIL import ImageColor

    if colors is None:
        palette = (2**25 - 1, 2**15 - 1, 2**21 - 1)
        return [tuple((i * p) % 255 for p in palette) for i in range(count)]
    if isinstance(colors, list):
        if len(colors) < count:
            raise ValueError(
                f"Number of colors must be equal or larger than the number of objects, but got {len(colors)} < {count}."
            )
    elif not isinstance(colors, (tuple, str)):
        raise ValueError(f"colors must be a tuple or a string, or a list thereof, but got {colors}.")
    elif isinstance(colors, tuple) and len(colors) != 3:
        raise ValueError(f"If passed as tuple, colors should be an RGB triplet, but got {colors}.")
    else:
        colors = [colors] * count
    return [ImageColor.getrgb(color) if isinstance(color, str) else color for color in colors]


def draw_bounding_boxes(
    image: torch.Tensor,
    boxes: torch.Tensor,
    labels: list[str] | None = None,
    colors: Any = None,
    fill: bool | None = False,
    width: int = 1,
    font: str | None = None,
    font_size: int | None = None,
    label_colors: Any = None,
) -> torch.Tensor:
    """Paints boxes (N, 4), each (left, top, right, bottom) in pixels, on a picture (C, H, W).

    Args:
        image: bytes, or floats from 0 to 1; grey ones get three colours.
        boxes: the boxes.
        labels: a text for each.
        colors: one colour, or one for each: a name, "#rrggbb", or three numbers.
        fill: also inside, half transparent.
        width: of the lines.
        font, font_size: a TrueType file and the size of its letters.
        label_colors: colours of the texts.
    """
    _check(image, "Tensor expected, got {}")
    if image.size(0) not in (1, 3):
        raise ValueError("Only grayscale and RGB images are supported")
    if (boxes[:, 0] > boxes[:, 2]).any() or (boxes[:, 1] > boxes[:, 3]).any():
        raise ValueError(
            "Boxes need to be in (xmin, ymin, xmax, ymax) format. Use torchvision.ops.box_convert to convert them"
        )
    count = boxes.shape[0]
    if count == 0:
        warnings.warn("boxes doesn't contain any box. No box was drawn", stacklevel=2)
        return image
    if labels is not None and len(labels) != count:
        raise ValueError(
            f"Number of boxes ({count}) and labels ({len(labels)}) mismatch. Please specify labels for each box."
        )
    lines = _colours(colors, count)
    words = _colours(label_colors, count) if label_colors else lines
    from PIL import ImageDraw, ImageFont

    letters: Any = ImageFont.load_default() if font is None else ImageFont.truetype(font=font, size=font_size or 10)
    floating = image.is_floating_point()
    pixels = convert_image_dtype(image, torch.uint8) if floating else image
    picture = to_pil_image(pixels.expand(3, -1, -1))
    draw = ImageDraw.Draw(picture, "RGBA" if fill else None)
    for i, (box, line) in enumerate(zip(boxes.to(torch.int64).tolist(), lines, strict=False)):
        draw.rectangle(box, width=width, outline=line, fill=(*line, 100) if fill else None)
        if labels is not None and labels[i] is not None:
            draw.text((box[0] + width + 1, box[1] + width + 1), labels[i], fill=words[i], font=letters)
    result = pil_to_tensor(picture)
    return convert_image_dtype(result, image.dtype) if floating else result


def draw_segmentation_masks(
    image: torch.Tensor, masks: torch.Tensor, alpha: float = 0.8, colors: Any = None
) -> torch.Tensor:
    """Paints masks (N, H, W) of bool on a picture (3, H, W); ``alpha`` 1 hides the picture. Black where masks overlap."""
    _check(image, "The image must be a tensor, got {}")
    if image.size(0) != 3:
        raise ValueError("Pass an RGB image. Other Image formats are not supported")
    masks = masks[None] if masks.ndim == 2 else masks
    if masks.ndim != 3:
        raise ValueError("masks must be of shape (H, W) or (batch_size, H, W)")
    if masks.dtype != torch.bool:
        raise ValueError(f"The masks must be of dtype bool. Got {masks.dtype}")
    if masks.shape[-2:] != image.shape[-2:]:
        raise ValueError("The image and the masks must have the same height and width")
    if masks.size(0) == 0:
        warnings.warn("masks doesn't contain any mask. No mask was drawn", stacklevel=2)
        return image
    scale = 255 if image.is_floating_point() else 1
    with torch.no_grad():
        painted = image.detach().clone()
        for mask, colour in zip(masks, _colours(colors, masks.size(0)), strict=False):
            column = torch.tensor([value / scale for value in colour]).to(image.dtype)
            painted[:, mask] = column[:, None]
        painted[:, masks.sum(dim=0) > 1] = 0
        return (image * (1 - alpha) + painted * alpha).to(image.dtype)
