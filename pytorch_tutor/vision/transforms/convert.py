"""Between pictures and tensors: a picture has bytes (height, width, colour), a tensor (colour, height, width)."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import from_array, is_pil_image

# PIL's modes whose values are not bytes.
_WIDE_MODES = {"I": np.int32, "I;16" if sys.byteorder == "little" else "I;16B": np.int16, "F": np.float32}


def to_tensor(pic: Any) -> torch.Tensor:
    r"""Turns a PIL image or an array (H, W, C) into a tensor (C, H, W); bytes 0 to 255 become floats 0 to 1.

    .. math:: y_{chw} = x_{hwc} / 255

    Values that are not bytes keep their dtype and are not scaled.

    >>> import numpy as np
    >>> from pytorch_tutor.vision.transforms.functional import to_tensor
    >>> to_tensor(np.full((1, 2, 3), 51, np.uint8)).shape
    torch.Size([3, 1, 2])

    Raises:
        TypeError: ``pic`` is neither.
        ValueError: an array has not two or three dimensions.
    """
    if is_pil_image(pic):
        array = np.array(pic, _WIDE_MODES.get(pic.mode, np.uint8), copy=True)
        if pic.mode == "1":
            array *= 255
    elif isinstance(pic, np.ndarray):
        array = pic
        if array.ndim not in (2, 3):
            raise ValueError(f"pic should be 2/3 dimensional. Got {array.ndim} dimensions.")
    else:
        hint = "it is a tensor already: leave ToTensor out" if isinstance(pic, torch.Tensor) else None
        raise lesson(TypeError(f"pic should be PIL Image or ndarray. Got {type(pic)}"), hint=hint)
    planes = _planes(array)
    if planes.dtype != np.uint8:
        return torch.from_numpy(planes).contiguous()
    dtype = torch.get_default_dtype()
    if dtype is not torch.float32:
        return torch.from_numpy(np.ascontiguousarray(planes)).to(dtype).div(255)
    # The same numbers in two passes over memory and one tensor: every picture of every epoch comes through here.
    scaled = np.ascontiguousarray(planes, np.float32)
    scaled /= 255
    return torch.from_numpy(scaled)


def pil_to_tensor(pic: Any) -> torch.Tensor:
    """Turns a PIL image into a tensor (C, H, W) of its own values, mostly bytes; nothing is scaled."""
    if not is_pil_image(pic):
        raise TypeError(f"pic should be PIL Image. Got {type(pic)}")
    return torch.from_numpy(_planes(np.array(pic, copy=True)))


def _planes(array: np.ndarray) -> np.ndarray:
    """(H, W) or (H, W, C) -> (C, H, W)"""
    return (array[:, :, None] if array.ndim == 2 else array).transpose(2, 0, 1)


_MODES_OF_CHANNELS = {2: ("LA",), 3: ("RGB", "YCbCr", "HSV"), 4: ("RGBA", "CMYK", "RGBX")}


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """Turns a tensor (C, H, W) or an array (H, W, C) into a PIL image; floats 0 to 1 become bytes.

    Args:
        pic: a tensor or array of two or three dimensions, with at most four colours.
        mode: PIL's name for what the values mean; by default "L", "LA", "RGB" or "RGBA" by the number of colours.
    """
    if isinstance(pic, torch.Tensor):
        array = (pic.permute(1, 2, 0) if pic.ndim == 3 else pic).numpy(force=True)
    elif isinstance(pic, np.ndarray):
        array = pic
    else:
        raise TypeError(f"pic should be Tensor or ndarray. Got {type(pic)}.")
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3:
        raise ValueError(f"pic should be 2/3 dimensional. Got {array.ndim} dimensions.")
    channels = array.shape[2]
    if channels > 4:
        hint = "PIL wants (H, W, C) arrays and (C, H, W) tensors" if isinstance(pic, np.ndarray) else None
        raise lesson(ValueError(f"pic should not have > 4 channels. Got {channels} channels."), hint=hint)
    if np.issubdtype(array.dtype, np.floating) and mode != "F":
        with np.errstate(invalid="ignore"):  # values outside 0 to 1 wrap around, as they do in torchvision
            array = (array * 255).astype(np.uint8)
    if channels == 1:
        return from_array(array[:, :, 0], _grey_mode(array.dtype, mode))
    permitted = _MODES_OF_CHANNELS[channels]
    if mode is not None and mode not in permitted:
        raise ValueError(f"Only modes {list(permitted)} are supported for {channels}D inputs")
    if mode is None and array.dtype == np.uint8:
        mode = permitted[0]
    if mode is None:
        raise TypeError(f"Input type {array.dtype} is not supported")
    return from_array(array, mode)


def _grey_mode(dtype: np.dtype[Any], mode: str | None) -> str:
    expected = {"uint8": "L", "int16": "I;16", "int32": "I", "float32": "F"}.get(dtype.name)
    if expected == "I;16" and sys.byteorder == "big":
        expected = "I;16B"
    if mode is not None and mode != expected:
        raise ValueError(f"Incorrect mode ({mode}) supplied for input type {np.dtype}. Should be {expected}")
    if expected is None:
        raise TypeError(f"Input type {dtype} is not supported")
    return expected


def max_value(dtype: torch.dtype) -> int:
    """Returns what stands for full brightness: the largest integer of an integer dtype, 1 for floats.

    >>> import pytorch_tutor as torch
    >>> max_value(torch.uint8), max_value(torch.float32)
    (255, 1)
    """
    return 1 if dtype.is_floating_point or dtype == torch.bool else int(torch.iinfo(dtype).max)


def convert_image_dtype(image: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Changes a picture's dtype and scales its values, so that full brightness stays full brightness.

    Raises:
        RuntimeError: from float32 to int32 or int64, or from float64 to int64: the numbers would not fit exactly.
    """
    if not isinstance(image, torch.Tensor):
        raise TypeError("Input img should be Tensor Image")
    if image.dtype == dtype:
        return image
    if image.is_floating_point() and dtype.is_floating_point:
        return image.to(dtype)
    if image.is_floating_point():
        wide = (torch.int32, torch.int64) if image.dtype == torch.float32 else (torch.int64,)
        if image.dtype in (torch.float32, torch.float64) and dtype in wide:
            raise RuntimeError(f"The cast from {image.dtype} to {dtype} cannot be performed safely.")
        # Just below one more than the largest: every integer then gets an equal share of 0 to 1.
        return image.mul(max_value(dtype) + 1.0 - 1e-3).to(dtype)
    largest, wanted = max_value(image.dtype), max_value(dtype)
    if dtype.is_floating_point:
        return image.to(dtype) / largest
    if largest > wanted:
        return torch.div(image, (largest + 1) // (wanted + 1), rounding_mode="floor").to(dtype)
    return image.to(dtype) * ((wanted + 1) // (largest + 1))
