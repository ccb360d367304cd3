"""Transforms that move pixels by chance: crop, flip, turn. A picture of a cat stays one, so there are more cats to see.

All draw their numbers from the engine's generator, in torchvision's order: the same seed gives the same crops.
"""

from __future__ import annotations

import math
import numbers
import warnings
from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from . import functional as F
from .interpolation import InterpolationMode, as_mode
from .pictures import two_numbers


def uniform(low: float, high: float) -> float:
    """Draws one number between ``low`` and ``high``."""
    return float(torch.empty(1).uniform_(low, high).item())


def whole(low: int, high: int) -> int:
    """Draws one integer from ``low`` to ``high``, exclusive."""
    return int(torch.randint(low, high, size=(1,)).item())


class RandomCrop(nn.Module):
    """Cuts out a rectangle (height, width), or a square, at a random place.

    Args:
        size: of the crop.
        padding: a border that is added first, as :func:`functional.pad` takes it.
        pad_if_needed: add a border where the picture is smaller than the crop.
        fill, padding_mode: of the border.

    Raises:
        ValueError: the picture is smaller than the crop.
    """

    def __init__(
        self,
        size: int | Sequence[int],
        padding: int | Sequence[int] | None = None,
        pad_if_needed: bool = False,
        fill: Any = 0,
        padding_mode: str = "constant",
    ) -> None:
        super().__init__()
        height, width = two_numbers(size)
        self.size = (height, width)
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill = fill
        self.padding_mode = padding_mode

    @staticmethod
    def get_params(img: Any, output_size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Draws the crop: top, left, height, width."""
        _, h, w = F.get_dimensions(img)
        th, tw = output_size
        if h < th or w < tw:
            raise ValueError(f"Required crop size {(th, tw)} is larger than input image size {(h, w)}")
        if (w, h) == (tw, th):
            return 0, 0, h, w
        top = whole(0, h - th + 1)
        return top, whole(0, w - tw + 1), th, tw

    def forward(self, img: Any) -> Any:
        if self.padding is not None:
            img = F.pad(img, self.padding, self.fill, self.padding_mode)
        _, height, width = F.get_dimensions(img)
        if self.pad_if_needed and width < self.size[1]:
            img = F.pad(img, [self.size[1] - width, 0], self.fill, self.padding_mode)
        if self.pad_if_needed and height < self.size[0]:
            img = F.pad(img, [0, self.size[0] - height], self.fill, self.padding_mode)
        return F.crop(img, *self.get_params(img, self.size))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(size={self.size}, padding={self.padding})"


class RandomHorizontalFlip(nn.Module):
    """Mirrors left and right with probability ``p``."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.hflip(img) if torch.rand(1).item() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomVerticalFlip(nn.Module):
    """Mirrors top and bottom with probability ``p``."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.vflip(img) if torch.rand(1).item() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomResizedCrop(nn.Module):
    """Cuts out a rectangle of random area and proportions and scales it to one size.

    Args:
        size: of the result, (height, width) or a square.
        scale: smallest and largest area, as parts of the picture.
        ratio: smallest and largest width over height.
        interpolation, antialias: as :func:`functional.resize` takes them.
    """

    def __init__(
        self,
        size: int | Sequence[int],
        scale: Sequence[float] = (0.08, 1.0),
        ratio: Sequence[float] = (3.0 / 4.0, 4.0 / 3.0),
        interpolation: InterpolationMode | int = InterpolationMode.BILINEAR,
        antialias: bool | None = True,
    ) -> None:
        super().__init__()
        self.size = two_numbers(size)
        if not isinstance(scale, Sequence):
            raise TypeError("Scale should be a sequence")
        if not isinstance(ratio, Sequence):
            raise TypeError("Ratio should be a sequence")
        if scale[0] > scale[1] or ratio[0] > ratio[1]:
            warnings.warn("Scale and ratio should be of kind (min, max)", stacklevel=2)
        self.interpolation = as_mode(interpolation)
        self.antialias = antialias
        self.scale = scale
        self.ratio = ratio

    @staticmethod
    def get_params(img: Any, scale: Sequence[float], ratio: Sequence[float]) -> tuple[int, int, int, int]:
        """Draws the crop: top, left, height, width. After ten that do not fit, the middle is taken."""
        _, height, width = F.get_dimensions(img)
        for _ in range(10):
            h, w = random_box(height * width, scale, ratio)[::-1]
            if 0 < w <= width and 0 < h <= height:
                top = whole(0, height - h + 1)
                return top, whole(0, width - w + 1), h, w
        h, w = height, width
        if width / height < min(ratio):
            h = round(width / min(ratio))
        elif width / height > max(ratio):
            w = round(height * max(ratio))
        return (height - h) // 2, (width - w) // 2, h, w

    def forward(self, img: Any) -> Any:
        box = self.get_params(img, self.scale, self.ratio)
        return F.resized_crop(img, *box, self.size, self.interpolation, antialias=self.antialias)

    def __repr__(self) -> str:
        scale, ratio = (tuple(round(value, 4) for value in pair) for pair in (self.scale, self.ratio))
        return (
            f"{type(self).__name__}(size={self.size}, scale={scale}, ratio={ratio}, "
            f"interpolation={self.interpolation.value}, antialias={self.antialias})"
        )


def random_box(area: int, scale: Sequence[float], ratio: Sequence[float]) -> tuple[int, int]:
    """Draws two sides with a product of ``scale`` times ``area`` and a quotient (first over second) of ``ratio``.

    The quotient's logarithm is uniform, so that 3:4 is as likely as 4:3.
    """
    logarithms = torch.log(torch.tensor(ratio))
    part = area * uniform(*scale)
    quotient = torch.exp(torch.empty(1).uniform_(float(logarithms[0]), float(logarithms[1]))).item()
    return round(math.sqrt(part * quotient)), round(math.sqrt(part / quotient))


def _angles(value: Any, name: str, sizes: tuple[int, ...] = (2,)) -> list[float]:
    """A single number stands for the range from minus to plus it."""
    if isinstance(value, numbers.Number):
        if value < 0:  # type: ignore[operator]
            raise ValueError(f"If {name} is a single number, it must be positive.")
        value = [-value, value]  # type: ignore[operator]
    else:
        _check_sequence(value, name, sizes)
    return [float(angle) for angle in value]


def _check_sequence(value: Any, name: str, sizes: tuple[int, ...]) -> None:
    wanted = " or ".join(str(size) for size in sizes)
    if not isinstance(value, Sequence):
        raise TypeError(f"{name} should be a sequence of length {wanted}.")
    if len(value) not in sizes:
        raise ValueError(f"{name} should be a sequence of length {wanted}.")


def _fill(fill: Any) -> Any:
    if fill is not None and not isinstance(fill, (Sequence, numbers.Number)):
        raise TypeError("Fill should be either a sequence or a number.")
    return 0 if fill is None else fill


class RandomRotation(nn.Module):
    """Turns by a random angle.

    Args:
        degrees: (smallest, largest) angle, counter-clockwise; one number d stands for (-d, d).
        interpolation, expand, center, fill: as :func:`functional.rotate` takes them.
    """

    def __init__(
        self,
        degrees: float | Sequence[float],
        interpolation: InterpolationMode | int = InterpolationMode.NEAREST,
        expand: bool = False,
        center: Sequence[int] | None = None,
        fill: Any = 0,
    ) -> None:
        super().__init__()
        self.interpolation = as_mode(interpolation)
        self.degrees = _angles(degrees, "degrees")
        if center is not None:
            _check_sequence(center, "center", (2,))
        self.center = center
        self.expand = expand
        self.fill = _fill(fill)

    @staticmethod
    def get_params(degrees: Sequence[float]) -> float:
        """Draws the angle."""
        return uniform(float(degrees[0]), float(degrees[1]))

    def forward(self, img: Any) -> Any:
        F.get_dimensions(img)  # what is no picture is refused before a number is drawn
        angle = self.get_params(self.degrees)
        return F.rotate(img, angle, self.interpolation, self.expand, self.center, self.fill)

    def __repr__(self) -> str:
        center = "" if self.center is None else f", center={self.center}"
        return (
            f"{type(self).__name__}(degrees={self.degrees}, interpolation={self.interpolation.value}, "
            f"expand={self.expand}{center}, fill={self.fill})"
        )


class RandomAffine(nn.Module):
    """Turns, moves, scales and shears by chance.

    Args:
        degrees: as for :class:`RandomRotation`, but clockwise; 0 for no turn.
        translate: largest shift across and down, as parts of width and height.
        scale: smallest and largest factor.
        shear: one number, a range across, or ranges across and down, in degrees.
        interpolation, fill, center: as :func:`functional.affine` takes them.
    """

    def __init__(
        self,
        degrees: float | Sequence[float],
        translate: Sequence[float] | None = None,
        scale: Sequence[float] | None = None,
        shear: float | Sequence[float] | None = None,
        interpolation: InterpolationMode | int = InterpolationMode.NEAREST,
        fill: Any = 0,
        center: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        self.interpolation = as_mode(interpolation)
        self.degrees = _angles(degrees, "degrees")
        if translate is not None:
            _check_sequence(translate, "translate", (2,))
            if not all(0.0 <= part <= 1.0 for part in translate):
                raise ValueError("translation values should be between 0 and 1")
        self.translate = translate
        if scale is not None:
            _check_sequence(scale, "scale", (2,))
            if any(factor <= 0 for factor in scale):
                raise ValueError("scale values should be positive")
        self.scale = scale
        self.shear = None if shear is None else _angles(shear, "shear", (2, 4))
        if center is not None:
            _check_sequence(center, "center", (2,))
        self.center = center
        self.fill = _fill(fill)

    @staticmethod
    def get_params(
        degrees: Sequence[float],
        translate: Sequence[float] | None,
        scale_ranges: Sequence[float] | None,
        shears: Sequence[float] | None,
        img_size: Sequence[int],
    ) -> tuple[float, tuple[int, int], float, tuple[float, float]]:
        """Draws angle, shift, factor and shear; ``img_size`` is (width, height)."""
        angle = uniform(float(degrees[0]), float(degrees[1]))
        shift, factor, across, down = (0, 0), 1.0, 0.0, 0.0
        if translate is not None:
            most_x, most_y = (float(part * side) for part, side in zip(translate, img_size, strict=True))
            dx = round(uniform(-most_x, most_x))
            shift = (dx, round(uniform(-most_y, most_y)))
        if scale_ranges is not None:
            factor = uniform(scale_ranges[0], scale_ranges[1])
        if shears is not None:
            across = uniform(shears[0], shears[1])
            if len(shears) == 4:
                down = uniform(shears[2], shears[3])
        return angle, shift, factor, (across, down)

    def forward(self, img: Any) -> Any:
        _, height, width = F.get_dimensions(img)
        drawn = self.get_params(self.degrees, self.translate, self.scale, self.shear, [width, height])
        return F.affine(img, *drawn, interpolation=self.interpolation, fill=self.fill, center=self.center)

    def __repr__(self) -> str:
        text = f"{type(self).__name__}(degrees={self.degrees}"
        for name in ("translate", "scale", "shear"):
            if getattr(self, name) is not None:
                text += f", {name}={getattr(self, name)}"
        if self.interpolation != InterpolationMode.NEAREST:
            text += f", interpolation={self.interpolation.value}"
        text += f", fill={self.fill}" if self.fill != 0 else ""
        return text + (f", center={self.center})" if self.center is not None else ")")
