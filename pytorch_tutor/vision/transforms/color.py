"""What colour pixels have: normalise, brighten, more contrast, other hues, grey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import from_array, is_pil_image
from .convert import convert_image_dtype, max_value
from .pictures import get_dimensions

with suppress(ImportError):  # without Pillow, no PIL image can come here
    from PIL import ImageEnhance, ImageOps


def normalize(tensor: Any, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> Any:
    r"""Shifts and scales each colour of a float tensor (..., C, H, W).

    .. math:: y_c = (x_c - \mu_c) / \sigma_c

    >>> import pytorch_tutor as torch
    >>> normalize(torch.full((1, 1, 2), 0.75), mean=[0.5], std=[0.5])
    tensor([[[0.5000, 0.5000]]])

    Raises:
        TypeError: not a tensor, or not of a float dtype.
        ValueError: fewer than three dimensions, or a ``std`` of zero.
    """
    if not isinstance(tensor, torch.Tensor):
        raise lesson(
            TypeError(f"img should be Tensor Image. Got {type(tensor)}"), hint="put ToTensor() before Normalize"
        )
    if not tensor.is_floating_point():
        raise lesson(
            TypeError(f"Input tensor should be a float tensor. Got {tensor.dtype}."),
            hint="ToTensor() gives floats from 0 to 1",
        )
    if tensor.ndim < 3:
        raise ValueError(
            f"Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = {tensor.size()}"
        )
    plain = isinstance(mean, (tuple, list)) and isinstance(std, (tuple, list))
    columns = _columns(tuple(mean), tuple(std), tensor.dtype) if plain else _make_columns(mean, std, tensor.dtype)
    shift, scale = (column.to(tensor.device) for column in columns)
    return (tensor if inplace else tensor.clone()).sub_(shift).div_(scale)


def _make_columns(mean: Any, std: Any, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and standard deviation as (C, 1, 1), so that each colour meets its own."""
    shift, scale = (torch.as_tensor(values, dtype=dtype) for values in (mean, std))
    if (scale == 0).any():
        raise ValueError(f"std evaluated to zero after conversion to {dtype}, leading to division by zero.")
    shift, scale = (values.view(-1, 1, 1) if values.ndim == 1 else values for values in (shift, scale))
    return shift, scale


# Every picture of every epoch is normalised with the same few numbers.
_columns = lru_cache(maxsize=32)(_make_columns)


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """Makes a picture grey, as the eye weighs colours: 0.299 red, 0.587 green, 0.114 blue.

    ``num_output_channels`` is 1, or 3 for three equal colours.
    """
    if num_output_channels not in (1, 3):
        raise ValueError("num_output_channels should be either 1 or 3")
    if not isinstance(img, torch.Tensor):
        return _pil_grey(img, num_output_channels)
    if img.ndim < 3:
        raise TypeError(f"Input image tensor should have at least 3 dimensions, but found {img.ndim}")
    _check_channels(img, [1, 3])
    if img.shape[-3] == 1:
        grey = img.clone()
    else:
        red, green, blue = img.unbind(dim=-3)
        grey = (0.2989 * red + 0.587 * green + 0.114 * blue).to(img.dtype).unsqueeze(dim=-3)
    return grey.expand(img.shape) if num_output_channels == 3 else grey


def to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """As :func:`rgb_to_grayscale`, for PIL images only."""
    if not is_pil_image(img):
        raise TypeError("Input should be PIL Image")
    return _pil_grey(img, num_output_channels)


def _pil_grey(img: Any, channels: int) -> Any:
    _check_pil(img)
    if channels not in (1, 3):
        raise ValueError("num_output_channels should be either 1 or 3")
    grey = img.convert("L")
    return grey if channels == 1 else from_array(np.dstack([np.asarray(grey)] * 3), "RGB")


def adjust_brightness(img: Any, brightness_factor: float) -> Any:
    """Multiplies all values: 0 is black, 1 the picture itself, 2 twice as bright."""
    if not isinstance(img, torch.Tensor):
        return _enhanced(img, "Brightness", brightness_factor)
    _check_factor(img, brightness_factor, "brightness_factor")
    return _blend(img, torch.zeros_like(img), brightness_factor)


def adjust_contrast(img: Any, contrast_factor: float) -> Any:
    """Moves all values away from the mean grey: 0 is plain grey, 1 the picture itself."""
    if not isinstance(img, torch.Tensor):
        return _enhanced(img, "Contrast", contrast_factor)
    _check_factor(img, contrast_factor, "contrast_factor")
    grey = rgb_to_grayscale(img) if img.ndim > 2 else img
    values = grey if grey.is_floating_point() else grey.to(torch.float32)
    axes = (-3, -2, -1) if img.ndim > 2 else (-2, -1)
    return _blend(img, values.mean(dim=axes, keepdim=True), contrast_factor)


def adjust_saturation(img: Any, saturation_factor: float) -> Any:
    """Moves each pixel away from its own grey: 0 is a grey picture, 1 the picture itself."""
    if not isinstance(img, torch.Tensor):
        return _enhanced(img, "Color", saturation_factor)
    _check_factor(img, saturation_factor, "saturation_factor")
    if get_dimensions(img)[0] == 1:
        return img
    return _blend(img, rgb_to_grayscale(img), saturation_factor)


def adjust_hue(img: Any, hue_factor: float) -> Any:
    """Turns the circle of colours by ``hue_factor`` of a whole turn, from -0.5 to 0.5; grey stays grey."""
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        if img.mode in {"L", "1", "I", "F"}:
            return img
        pixels = np.array(img.convert("HSV"))
        pixels[..., 0] += np.int32(hue_factor * 255).astype(np.uint8)  # past 255 the circle begins anew
        return from_array(pixels, "HSV").convert(img.mode)
    _check_channels(img, [1, 3])
    if get_dimensions(img)[0] == 1:
        return img
    hue, saturation, value = _to_hsv(convert_image_dtype(img, torch.float32))
    return convert_image_dtype(_from_hsv((hue + hue_factor) % 1.0, saturation, value), img.dtype)


def adjust_gamma(img: Any, gamma: float, gain: float = 1) -> Any:
    r"""Bends brightness: :math:`y = \text{gain} \cdot x^{\gamma}`, for values from 0 to 1."""
    if gamma < 0:
        raise ValueError("Gamma should be a non-negative real number")
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        table = [int((255 + 1 - 1e-3) * gain * pow(value / 255.0, gamma)) for value in range(256)]
        return img.convert("RGB").point(table * 3).convert(img.mode)
    _check_channels(img, [1, 3])
    values = img if img.is_floating_point() else convert_image_dtype(img, torch.float32)
    return convert_image_dtype((gain * values.pow(gamma)).clamp(0, 1), img.dtype)


def invert(img: Any) -> Any:
    """Makes the negative: white becomes black."""
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        return ImageOps.invert(img)
    _check_channels(img, [1, 3])
    return max_value(img.dtype) - img


def posterize(img: Any, bits: int) -> Any:
    """Keeps the first ``bits`` (0 to 8) bits of every byte."""
    if not 0 <= bits <= 8:
        raise ValueError(f"The number if bits should be between 0 and 8. Got {bits}")
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        return ImageOps.posterize(img, bits)
    if img.dtype != torch.uint8:
        raise TypeError(f"Only torch.uint8 image tensors are supported, but found {img.dtype}")
    _check_channels(img, [1, 3])
    return img & (256 - 2 ** (8 - bits))


def solarize(img: Any, threshold: float) -> Any:
    """Makes the negative of all values from ``threshold`` up."""
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        return ImageOps.solarize(img, threshold)  # type: ignore[arg-type]
    if threshold > max_value(img.dtype):
        raise TypeError("Threshold should be less than bound of img.")
    return torch.where(img >= threshold, invert(img), img)


def _enhanced(img: Any, kind: str, factor: float) -> Any:
    _check_pil(img)
    enhancer: Callable[[Any], Any] = getattr(ImageEnhance, kind)
    return enhancer(img).enhance(factor)


def _check_pil(img: Any) -> None:
    if not is_pil_image(img):
        raise TypeError(f"img should be PIL Image. Got {type(img)}")


def _check_factor(img: torch.Tensor, factor: float, name: str) -> None:
    if factor < 0:
        raise ValueError(f"{name} ({factor}) is not non-negative.")
    _check_channels(img, [1, 3])


def _check_channels(img: torch.Tensor, permitted: list[int]) -> None:
    channels = get_dimensions(img)[0]
    if channels not in permitted:
        raise TypeError(f"Input image tensor permitted channel values are {permitted}, but found {channels}")


def _blend(img: torch.Tensor, other: torch.Tensor, ratio: float) -> torch.Tensor:
    """``ratio`` parts of the picture and ``1 - ratio`` parts of the other; a ratio above 1 leads away from it."""
    mixed = ratio * img + (1.0 - ratio) * other
    return mixed.clamp(0, max_value(img.dtype)).to(img.dtype)


def _to_hsv(img: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Hue, saturation and value, each from 0 to 1, of red, green and blue.

    Which colour is largest says in which third of the circle the hue lies, the other two where in it.
    """
    red, green, blue = img.unbind(dim=-3)
    value, lowest = img.amax(dim=-3), img.amin(dim=-3)
    spread = value - lowest
    one = torch.ones_like(value)
    saturation = spread / torch.where(spread == 0, one, value)
    divisor = torch.where(spread == 0, one, spread)
    hue = torch.where(
        value == red,
        (green - blue) / divisor,
        torch.where(value == green, 2.0 + (blue - red) / divisor, 4.0 + (red - green) / divisor),
    )
    return (hue / 6.0 + 1.0) % 1.0, saturation, value


def _from_hsv(hue: torch.Tensor, saturation: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Red, green and blue rise and fall along the circle in the same way, a third of a turn apart."""
    colours = []
    for start in (5.0, 3.0, 1.0):
        place = (start + hue * 6.0) % 6.0
        dip = torch.minimum(place, 4.0 - place).clamp(0, 1)
        colours.append(value - value * saturation * dip)
    return torch.stack(colours, dim=-3)
