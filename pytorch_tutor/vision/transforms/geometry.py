"""Where pixels go: flip, crop, pad, scale, turn."""

from __future__ import annotations

import numbers
import warnings
from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import Image
from .interpolation import InterpolationMode, as_mode, pil_number
from .padding import pad, pil_fill
from .pictures import get_dimensions, is_tensor, two_numbers
from .resample import expanded_size, inverse_affine_matrix, resize_tensor, transform_tensor


def hflip(img: Any) -> Any:
    """Mirrors left and right."""
    if is_tensor(img):
        return img.flip(-1)
    return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def vflip(img: Any) -> Any:
    """Mirrors top and bottom."""
    if is_tensor(img):
        return img.flip(-2)
    return img.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """Cuts out the rectangle; where it reaches beyond the picture, there is black."""
    if not is_tensor(img):
        return img.crop((left, top, left + width, top + height))
    _, h, w = get_dimensions(img)
    bottom, right = top + height, left + width
    if left >= 0 and top >= 0 and right <= w and bottom <= h:
        return img[..., top:bottom, left:right]
    missing = [
        max(-left + min(0, right), 0),
        max(-top + min(0, bottom), 0),
        max(right - max(w, left), 0),
        max(bottom - max(h, top), 0),
    ]
    return pad(img[..., max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)], missing)


def center_crop(img: Any, output_size: int | Sequence[int]) -> Any:
    """Cuts out the middle; a picture that is too small is padded with black first."""
    crop_height, crop_width = two_numbers(output_size)
    _, height, width = get_dimensions(img)
    if crop_width > width or crop_height > height:
        extra_w, extra_h = max(crop_width - width, 0), max(crop_height - height, 0)
        img = pad(img, [extra_w // 2, extra_h // 2, (extra_w + 1) // 2, (extra_h + 1) // 2])
        _, height, width = get_dimensions(img)
        if (crop_width, crop_height) == (width, height):
            return img
    top, left = round((height - crop_height) / 2.0), round((width - crop_width) / 2.0)
    return crop(img, top, left, crop_height, crop_width)


def five_crop(img: Any, size: int | Sequence[int]) -> tuple[Any, Any, Any, Any, Any]:
    """Returns the crops at the four corners (top left, top right, bottom left, bottom right) and in the middle."""
    height, width = two_numbers(size)
    _, h, w = get_dimensions(img)
    if width > w or height > h:
        raise ValueError(f"Requested crop size {(height, width)} is bigger than input size {(h, w)}")
    corners = [crop(img, top, left, height, width) for top in (0, h - height) for left in (0, w - width)]
    return (*corners, center_crop(img, [height, width]))


def ten_crop(img: Any, size: int | Sequence[int], vertical_flip: bool = False) -> tuple[Any, ...]:
    """Returns the five crops of the picture, then those of its mirror picture."""
    return five_crop(img, size) + five_crop(vflip(img) if vertical_flip else hflip(img), size)


def resize(
    img: Any,
    size: int | Sequence[int],
    interpolation: InterpolationMode | int = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
) -> Any:
    """Scales a picture.

    Args:
        img: the picture.
        size: (height, width); or one number for the shorter side, the longer one following in proportion.
        interpolation: how values between pixels are found.
        max_size: with one number: the longer side becomes no longer than this.
        antialias: for tensors, average all pixels that a new one covers. PIL images are always averaged.
    """
    mode = as_mode(interpolation)
    sides = [size] if isinstance(size, int) else list(size)
    if len(sides) not in (1, 2):
        raise ValueError(f"Size must be an int or a 1 or 2 element tuple/list, not a {len(sides)} element tuple/list")
    if max_size is not None and len(sides) != 1:
        raise ValueError(
            "max_size should only be passed if size specifies the length of the smaller edge, "
            "i.e. size should be an int or a sequence of length 1 in torchscript mode."
        )
    _, height, width = get_dimensions(img)
    new = sides if len(sides) == 2 else _in_proportion(height, width, sides[0], max_size, size)
    if [height, width] == new:
        return img
    if not is_tensor(img):
        if antialias is False:
            text = "Anti-alias option is always applied for PIL Image input. Argument antialias is ignored."
            warnings.warn(text, stacklevel=2)
        return img.resize((new[1], new[0]), pil_number(mode))
    smooth = mode in (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC)
    if not smooth and mode not in (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT):
        raise ValueError(f"Interpolation mode '{mode.value}' is unsupported with Tensor input")
    return resize_tensor(img, new, mode.value, bool(antialias) and smooth)


def _in_proportion(height: int, width: int, shorter: int, max_size: int | None, size: Any) -> list[int]:
    short, long = sorted((width, height))
    new_short, new_long = shorter, int(shorter * long / short)
    if max_size is not None:
        if max_size <= shorter:
            raise ValueError(
                f"max_size = {max_size} must be strictly greater than the requested "
                f"size for the smaller edge size = {[size] if isinstance(size, int) else size}"
            )
        if new_long > max_size:
            new_short, new_long = int(max_size * new_short / new_long), max_size
    return [new_long, new_short] if width <= height else [new_short, new_long]


def resized_crop(
    img: Any,
    top: int,
    left: int,
    height: int,
    width: int,
    size: int | Sequence[int],
    interpolation: InterpolationMode | int = InterpolationMode.BILINEAR,
    antialias: bool | None = True,
) -> Any:
    """Cuts out a rectangle and scales it to ``size``."""
    return resize(crop(img, top, left, height, width), size, interpolation, antialias=antialias)


def rotate(
    img: Any,
    angle: float,
    interpolation: InterpolationMode | int = InterpolationMode.NEAREST,
    expand: bool = False,
    center: Sequence[int] | None = None,
    fill: Any = None,
) -> Any:
    """Turns a picture by ``angle`` degrees, counter-clockwise.

    Args:
        img: the picture.
        angle: in degrees.
        interpolation: nearest or bilinear (PIL images also bicubic).
        expand: make the frame large enough for the whole turned picture.
        center: (x, y) to turn about; by default the middle.
        fill: the colour of what comes from outside: one number, or one per colour.
    """
    mode = as_mode(interpolation)
    if not isinstance(angle, (int, float)):
        raise TypeError("Argument angle should be int or float")
    _check_center(center)
    if not is_tensor(img):
        return img.rotate(angle, pil_number(mode), expand, center, fillcolor=pil_fill(fill, img))
    # A positive angle turns clockwise in the matrix, counter-clockwise here.
    matrix = inverse_affine_matrix(_from_middle(img, center), -angle, [0.0, 0.0], 1.0, [0.0, 0.0])
    _, height, width = get_dimensions(img)
    size = expanded_size(matrix, width, height) if expand else (width, height)
    return _transformed(img, matrix, mode, fill, size)


def affine(
    img: Any,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: InterpolationMode | int = InterpolationMode.NEAREST,
    fill: Any = None,
    center: Sequence[int] | None = None,
) -> Any:
    """Turns (clockwise, in degrees), shears (in degrees), scales and moves (in pixels) a picture."""
    mode = as_mode(interpolation)
    if not isinstance(angle, (int, float)):
        raise TypeError("Argument angle should be int or float")
    if not isinstance(translate, (list, tuple)):
        raise TypeError("Argument translate should be a sequence")
    if len(translate) != 2:
        raise ValueError("Argument translate should be a sequence of length 2")
    if scale <= 0.0:
        raise ValueError("Argument scale should be positive")
    if not isinstance(shear, (numbers.Number, list, tuple)):
        raise TypeError("Shear should be either a single value or a sequence of two values")
    slants: list[Any] = [shear, 0.0] if isinstance(shear, numbers.Number) else list(shear)
    slants = slants * 2 if len(slants) == 1 else slants
    if len(slants) != 2:
        raise ValueError(f"Shear should be a sequence containing two values. Got {slants}")
    _check_center(center)
    _, height, width = get_dimensions(img)
    if not is_tensor(img):
        about = [width * 0.5, height * 0.5] if center is None else center
        matrix = inverse_affine_matrix(about, angle, translate, scale, slants)
        kind = Image.Transform.AFFINE
        return img.transform(img.size, kind, matrix, pil_number(mode), fillcolor=pil_fill(fill, img))
    matrix = inverse_affine_matrix(_from_middle(img, center), angle, translate, scale, slants)
    return _transformed(img, matrix, mode, fill, (width, height))


def erase(img: Any, i: int, j: int, h: int, w: int, v: Any, inplace: bool = False) -> Any:
    """Paints the rectangle of ``h`` rows from ``i`` and ``w`` columns from ``j`` of a tensor with ``v``."""
    if not isinstance(img, torch.Tensor):
        raise lesson(TypeError(f"img should be Tensor Image. Got {type(img)}"), hint="put ToTensor() before it")
    if not inplace:
        img = img.clone()
    img[..., i : i + h, j : j + w] = v
    return img


def _check_center(center: Any) -> None:
    if center is not None and not isinstance(center, (list, tuple)):
        raise TypeError("Argument center should be a sequence")


def _from_middle(img: torch.Tensor, center: Sequence[int] | None) -> list[float]:
    _, height, width = get_dimensions(img)
    return [0.0, 0.0] if center is None else [center[0] - width * 0.5, center[1] - height * 0.5]


def _transformed(img: torch.Tensor, matrix: Any, mode: InterpolationMode, fill: Any, size: tuple[int, int]) -> Any:
    channels = get_dimensions(img)[0]
    if isinstance(fill, (tuple, list)) and len(fill) not in (1, channels):
        raise ValueError(
            "The number of elements in 'fill' cannot broadcast to match the number of "
            f"channels of the image ({len(fill)} != {channels})"
        )
    if mode not in (InterpolationMode.NEAREST, InterpolationMode.BILINEAR):
        raise ValueError(f"Interpolation mode '{mode.value}' is unsupported with Tensor input")
    return transform_tensor(img, matrix, mode.value, fill, size)
