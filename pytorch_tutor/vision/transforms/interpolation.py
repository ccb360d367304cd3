"""How a value between pixels is found when a picture is scaled or turned."""

from __future__ import annotations

from enum import Enum


class InterpolationMode(Enum):
    """The ways of interpolation; tensors know the first four, PIL images all but ``NEAREST_EXACT``."""

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


_PIL_NUMBERS = {
    InterpolationMode.NEAREST: 0,
    InterpolationMode.LANCZOS: 1,
    InterpolationMode.BILINEAR: 2,
    InterpolationMode.BICUBIC: 3,
    InterpolationMode.BOX: 4,
    InterpolationMode.HAMMING: 5,
}


def pil_number(mode: InterpolationMode) -> int:
    """Returns Pillow's own number for ``mode``."""
    return _PIL_NUMBERS.get(mode, 0)


def as_mode(interpolation: InterpolationMode | int) -> InterpolationMode:
    """Returns the mode for itself or for Pillow's number (``PIL.Image.BILINEAR`` is 2).

    >>> as_mode(2)
    <InterpolationMode.BILINEAR: 'bilinear'>
    """
    if isinstance(interpolation, int):
        return next(mode for mode, number in _PIL_NUMBERS.items() if number == int(interpolation))
    if not isinstance(interpolation, InterpolationMode):
        raise TypeError(
            "Argument interpolation should be a InterpolationMode or a corresponding Pillow integer constant"
        )
    return interpolation
