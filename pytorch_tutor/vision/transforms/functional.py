"""The functions behind the transforms: each takes a PIL image or a tensor (..., C, H, W) and returns its own kind."""

from .color import (
    adjust_brightness,
    adjust_contrast,
    adjust_gamma,
    adjust_hue,
    adjust_saturation,
    invert,
    normalize,
    posterize,
    rgb_to_grayscale,
    solarize,
    to_grayscale,
)
from .convert import convert_image_dtype, pil_to_tensor, to_pil_image, to_tensor
from .filters import adjust_sharpness, autocontrast, equalize, gaussian_blur, perspective
from .geometry import (
    affine,
    center_crop,
    crop,
    erase,
    five_crop,
    hflip,
    resize,
    resized_crop,
    rotate,
    ten_crop,
    vflip,
)
from .interpolation import InterpolationMode
from .padding import pad
from .pictures import get_dimensions, get_image_num_channels, get_image_size

__all__ = [
    "InterpolationMode",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_saturation",
    "adjust_sharpness",
    "affine",
    "autocontrast",
    "center_crop",
    "convert_image_dtype",
    "crop",
    "equalize",
    "erase",
    "five_crop",
    "gaussian_blur",
    "get_dimensions",
    "get_image_num_channels",
    "get_image_size",
    "hflip",
    "invert",
    "normalize",
    "pad",
    "perspective",
    "pil_to_tensor",
    "posterize",
    "resize",
    "resized_crop",
    "rgb_to_grayscale",
    "rotate",
    "solarize",
    "ten_crop",
    "to_grayscale",
    "to_pil_image",
    "to_tensor",
    "vflip",
]
