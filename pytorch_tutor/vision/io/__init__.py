"""``torchvision.io``: pictures from files to tensors and back, by Pillow."""

from . import image
from .image import (
    ImageReadMode, decode_gif, decode_image, decode_jpeg, decode_png, encode_jpeg, encode_png, read_file, read_image,
    write_file, write_jpeg, write_png,
)  # fmt: skip

__all__ = [
    "ImageReadMode", "decode_gif", "decode_image", "decode_jpeg", "decode_png", "encode_jpeg", "encode_png", "image",
    "read_file", "read_image", "write_file", "write_jpeg", "write_png",
]  # fmt: skip
