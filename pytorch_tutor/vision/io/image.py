"""Reading and writing pictures as tensors (C, H, W) of bytes."""

from __future__ import annotations

import io
import os
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import from_array, image_module
from ..transforms.convert import pil_to_tensor


class ImageReadMode(Enum):
    """How many colours a picture is to have."""

    UNCHANGED = 0
    GRAY = 1
    GRAY_ALPHA = 2
    RGB = 3
    RGB_ALPHA = 4


PIL_MODES = {"GRAY": "L", "GRAY_ALPHA": "LA", "RGB": "RGB", "RGB_ALPHA": "RGBA"}


def read_file(path: str | os.PathLike[str]) -> torch.Tensor:
    """The bytes of a file, as a tensor.

    Raises:
        RuntimeError: there is no such file.
    """
    if not Path(path).is_file():
        raise lesson(RuntimeError(f"[Errno 2] No such file or directory: '{path}'"), got=os.fspath(path))
    return torch.from_numpy(np.frombuffer(Path(path).read_bytes(), np.uint8).copy())


def write_file(filename: str, data: torch.Tensor) -> None:
    """Writes the bytes of a tensor to a file."""
    Path(filename).write_bytes(data.numpy().tobytes())


def decode_image(
    input: torch.Tensor | str | os.PathLike[str],
    mode: ImageReadMode | str = ImageReadMode.UNCHANGED,
    apply_exif_orientation: bool = False,
) -> torch.Tensor:
    """The pixels (C, H, W) of a picture: of its bytes, or of a file.

    Raises:
        RuntimeError: the bytes are no picture that Pillow knows.
    """
    data = read_file(input) if isinstance(input, (str, os.PathLike)) else input
    chosen = ImageReadMode[mode.upper()] if isinstance(mode, str) else mode
    module = image_module()
    try:
        picture = module.open(io.BytesIO(data.numpy().tobytes()))
        picture.load()
    except OSError:
        raise lesson(
            RuntimeError("Unsupported image file. Only jpeg, png, webp and gif are currently supported."),
            got=f"{data.numel():,} bytes that are no picture, or a damaged one",
        ) from None
    if apply_exif_orientation:
        from PIL import ImageOps

        picture = ImageOps.exif_transpose(picture)
    if chosen is not ImageReadMode.UNCHANGED:
        picture = picture.convert(PIL_MODES[chosen.name])
    elif picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    return pil_to_tensor(picture)


def read_image(
    path: str | os.PathLike[str],
    mode: ImageReadMode | str = ImageReadMode.UNCHANGED,
    apply_exif_orientation: bool = False,
) -> torch.Tensor:
    """The pixels (C, H, W) of a picture file."""
    return decode_image(read_file(path), mode, apply_exif_orientation)


def decode_png(
    input: torch.Tensor, mode: ImageReadMode = ImageReadMode.UNCHANGED, apply_exif_orientation: bool = False
) -> torch.Tensor:
    """The pixels of a PNG's bytes."""
    return decode_image(input, mode, apply_exif_orientation)


def decode_jpeg(
    input: Any, mode: ImageReadMode = ImageReadMode.UNCHANGED, device: Any = "cpu", apply_exif_orientation: bool = False
) -> Any:
    """The pixels of a JPEG's bytes, or of a list of them."""
    if isinstance(input, list):
        return [decode_jpeg(one, mode, device, apply_exif_orientation) for one in input]
    return decode_image(input, mode, apply_exif_orientation)


def decode_gif(input: torch.Tensor) -> torch.Tensor:
    """The first picture of a GIF's bytes."""
    return decode_image(input, ImageReadMode.RGB)


def _encoded(input: torch.Tensor, format: str, **options: Any) -> torch.Tensor:
    if input.dtype != torch.uint8:
        raise RuntimeError("Input tensor dtype should be uint8")
    if input.dim() != 3:
        raise RuntimeError("Input data should be a 3-dimensional tensor")
    if input.size(0) not in (1, 3):
        raise RuntimeError(f"The number of channels should be 1 or 3, got: {input.size(0)}")
    pixels = input.permute(1, 2, 0).numpy()
    file = io.BytesIO()
    from_array(pixels[..., 0] if input.size(0) == 1 else pixels).save(file, format=format, **options)
    return torch.from_numpy(np.frombuffer(file.getvalue(), np.uint8).copy())


def encode_png(input: torch.Tensor, compression_level: int = 6) -> torch.Tensor:
    """A picture (C, H, W) of bytes as the bytes of a PNG.

    >>> import pytorch_tutor as torch
    >>> picture = torch.arange(12, dtype=torch.uint8).reshape(3, 2, 2)
    >>> torch.equal(decode_png(encode_png(picture)), picture)
    True
    """
    if not 0 <= compression_level <= 9:
        raise RuntimeError("Compression level should be between 0 and 9")
    return _encoded(input, "PNG", compress_level=compression_level)


def encode_jpeg(input: Any, quality: int = 75) -> Any:
    """A picture (C, H, W) of bytes as the bytes of a JPEG; or a list of them."""
    if not 1 <= quality <= 100:
        raise ValueError("Image quality should be a positive number between 1 and 100")
    if isinstance(input, list):
        return [encode_jpeg(one, quality) for one in input]
    return _encoded(input, "JPEG", quality=quality)


def write_png(input: torch.Tensor, filename: str, compression_level: int = 6) -> None:
    """Writes a picture (C, H, W) of bytes as a PNG file."""
    write_file(filename, encode_png(input, compression_level))


def write_jpeg(input: torch.Tensor, filename: str, quality: int = 75) -> None:
    """Writes a picture (C, H, W) of bytes as a JPEG file."""
    write_file(filename, encode_jpeg(input, quality))
