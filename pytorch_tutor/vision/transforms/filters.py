"""What looks at a pixel's neighbours or at the whole picture: sharpen, blur, stretch contrast, even out, tilt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

import pytorch_tutor as torch
from pytorch_tutor.nn.functional import conv2d
from pytorch_tutor.nn.functional import pad as pad_around

from ..pillow import Image, is_pil_image
from .color import _blend, _check_channels, _check_pil, _enhanced
from .convert import max_value, pil_to_tensor, to_pil_image
from .interpolation import InterpolationMode, as_mode, pil_number
from .padding import pil_fill

with suppress(ImportError):  # without Pillow, no PIL image can come here
    from PIL import ImageOps


def adjust_sharpness(img: Any, sharpness_factor: float) -> Any:
    """0 gives a blurred picture, 1 the picture itself, 2 twice as sharp a one."""
    if not isinstance(img, torch.Tensor):
        return _enhanced(img, "Sharpness", sharpness_factor)
    if sharpness_factor < 0:
        raise ValueError(f"sharpness_factor ({sharpness_factor}) is not non-negative.")
    _check_channels(img, [1, 3])
    if img.size(-1) <= 2 or img.size(-2) <= 2:
        return img
    kernel = torch.ones(3, 3)
    kernel[1, 1] = 5.0
    blurred = img.clone()
    blurred[..., 1:-1, 1:-1] = _filtered(img, kernel / kernel.sum())
    return _blend(img, blurred, sharpness_factor)


def _filtered(img: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Each colour by itself, without border; bytes are rounded."""
    kernel = kernel.to(img.dtype if img.is_floating_point() else torch.float32)
    colours = img.shape[-3]
    batch = img.reshape(-1, *img.shape[-3:]).to(kernel.dtype)
    result = conv2d(batch, kernel.expand(colours, 1, *kernel.shape), groups=colours)
    result = result.reshape(*img.shape[:-2], *result.shape[-2:])
    return result if img.is_floating_point() else result.round().to(img.dtype)


def autocontrast(img: Any) -> Any:
    """Stretches each colour so that its smallest value becomes black and its largest white."""
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        return ImageOps.autocontrast(img)
    _check_channels(img, [1, 3])
    bound = max_value(img.dtype)
    dtype = img.dtype if img.is_floating_point() else torch.float32
    low = img.amin(dim=(-2, -1), keepdim=True).to(dtype)
    scale = bound / (img.amax(dim=(-2, -1), keepdim=True).to(dtype) - low)
    flat = torch.isfinite(scale).logical_not()
    low[flat], scale[flat] = 0, 1
    return ((img - low) * scale).clamp(0, bound).to(img.dtype)


def equalize(img: Any) -> Any:
    """Bends each colour so that all its values occur about equally often."""
    if not isinstance(img, torch.Tensor):
        _check_pil(img)
        return ImageOps.equalize(img)
    if not 3 <= img.ndim <= 4:
        raise TypeError(f"Input image tensor should have 3 or 4 dimensions, but found {img.ndim}")
    if img.dtype != torch.uint8:
        raise TypeError(f"Only torch.uint8 image tensors are supported, but found {img.dtype}")
    _check_channels(img, [1, 3])
    planes = img.reshape(-1, *img.shape[-2:])
    return torch.stack([_evened(plane) for plane in planes]).reshape(img.shape)


def _evened(plane: torch.Tensor) -> torch.Tensor:
    pixels = plane.numpy()
    counts = np.bincount(pixels.reshape(-1), minlength=256)
    step = counts[counts != 0][:-1].sum() // 255
    if step == 0:
        return plane
    table = np.clip(np.concatenate([[0], (np.cumsum(counts) + step // 2) // step])[:-1], 0, 255)
    return torch.from_numpy(table[pixels].astype(np.uint8))


def gaussian_blur(img: Any, kernel_size: int | Sequence[int], sigma: float | Sequence[float] | None = None) -> Any:
    """The mean of the neighbours, weighed by a bell curve of width ``sigma``; sizes are (across, down) and odd."""
    sizes = [kernel_size] * 2 if isinstance(kernel_size, int) else list(kernel_size)
    if len(sizes) != 2:
        raise ValueError(f"If kernel_size is a sequence its length should be 2. Got {len(sizes)}")
    for size in sizes:
        if size % 2 == 0 or size < 0:
            raise ValueError(f"kernel_size should have odd and positive integers. Got {sizes}")
    if sigma is None:
        widths = [size * 0.15 + 0.35 for size in sizes]
    else:
        widths = [float(sigma)] * 2 if isinstance(sigma, (int, float)) else [float(s) for s in sigma]
        widths = widths * 2 if len(widths) == 1 else widths
    if len(widths) != 2:
        raise ValueError(f"If sigma is a sequence, its length should be 2. Got {len(widths)}")
    for width in widths:
        if width <= 0.0:
            raise ValueError(f"sigma should have positive values. Got {widths}")
    picture = img if isinstance(img, torch.Tensor) else pil_to_tensor(img)
    dtype = picture.dtype if picture.is_floating_point() else torch.float32
    across, down = (_bell(size, width, dtype) for size, width in zip(sizes, widths, strict=True))
    border = [sizes[0] // 2, sizes[0] // 2, sizes[1] // 2, sizes[1] // 2]
    batch = picture.reshape(-1, *picture.shape[-3:])
    padded = pad_around(batch.to(dtype), border, mode="reflect")
    result = _filtered(padded, torch.mm(down[:, None], across[None, :]))
    result = result if picture.is_floating_point() else result.round()
    result = result.reshape(picture.shape).to(picture.dtype)
    return result if isinstance(img, torch.Tensor) else to_pil_image(result, mode=img.mode)


def _bell(size: int, width: float, dtype: Any) -> torch.Tensor:
    half = (size - 1) * 0.5
    values = torch.exp(-0.5 * (torch.linspace(-half, half, steps=size, dtype=dtype) / width).pow(2))
    return values / values.sum()


def perspective(
    img: Any,
    startpoints: Sequence[Sequence[int]],
    endpoints: Sequence[Sequence[int]],
    interpolation: InterpolationMode | int = InterpolationMode.BILINEAR,
    fill: Any = None,
) -> Any:
    """Moves the four corners ``startpoints`` (top left, top right, bottom right, bottom left) to ``endpoints``."""
    if len(startpoints) != 4 or len(endpoints) != 4:
        raise ValueError(
            f"Please provide exactly four corners, got {len(startpoints)} startpoints and {len(endpoints)} endpoints."
        )
    mode = as_mode(interpolation)
    rows, wanted = [], []
    for (x, y), (u, v) in zip(endpoints, startpoints, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    c = np.linalg.lstsq(np.array(rows, np.float64), np.array(wanted, np.float64), rcond=None)[0].astype(np.float32)
    if is_pil_image(img):
        kind = Image.Transform.PERSPECTIVE
        return img.transform(img.size, kind, c.tolist(), pil_number(mode), fillcolor=pil_fill(fill, img))
    return _looked_up(img, c, mode.value, fill)


def _looked_up(img: torch.Tensor, c: np.ndarray, mode: str, fill: Any) -> torch.Tensor:
    """The picture at the places that the eight numbers lead to, from a grid as PyTorch's ``grid_sample`` wants it."""
    height, width = img.shape[-2:]
    xs, ys = torch.linspace(0.5, width - 0.5, steps=width), torch.linspace(0.5, height - 0.5, steps=height)[:, None]
    a = [float(value) for value in c]
    below = a[6] * xs + a[7] * ys + 1.0
    x = (a[0] * xs + a[1] * ys + a[2]) / (0.5 * width) / below - 1.0
    y = (a[3] * xs + a[4] * ys + a[5]) / (0.5 * height) / below - 1.0
    batch = img.reshape(-1, *img.shape[-3:])
    floating = batch if img.is_floating_point() else batch.float()
    grid = torch.stack([x, y], -1).to(floating.dtype).expand(len(batch), height, width, 2)
    sample = torch.nn.functional.grid_sample
    if fill is not None:
        floating = torch.cat([floating, torch.ones_like(floating[:, :1])], 1)
    result = sample(floating, grid, mode=mode, padding_mode="zeros", align_corners=False)
    if fill is not None:
        cover, result = result[:, -1:], result[:, :-1]
        colour = torch.tensor([fill] if isinstance(fill, (int, float)) else list(fill), dtype=result.dtype)
        colour = colour.view(1, -1, 1, 1)
        result = (
            torch.where(cover < 0.5, colour, result) if mode == "nearest" else result * cover + (1 - cover) * colour
        )
    result = result if img.is_floating_point() else result.round()
    return result.reshape(img.shape).to(img.dtype)
