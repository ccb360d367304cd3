"""Transforms that change colours by chance, or paint over a part: what is seen in another light is still the same."""

from __future__ import annotations

import numbers
import warnings
from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from . import functional as F
from .random_geometry import random_box, uniform, whole

Range = tuple[float, float]


class ColorJitter(nn.Module):
    """Changes brightness, contrast, saturation and hue by random factors, in a random order.

    Args:
        brightness, contrast, saturation: a number a stands for factors from max(0, 1 - a) to 1 + a; or (min, max).
        hue: a number a up to 0.5 stands for shifts from -a to a; or (min, max) within (-0.5, 0.5).
    """

    def __init__(
        self,
        brightness: float | Range = 0,
        contrast: float | Range = 0,
        saturation: float | Range = 0,
        hue: float | Range = 0,
    ) -> None:
        super().__init__()
        self.brightness = _range(brightness, "brightness", 1.0, (0, float("inf")))
        self.contrast = _range(contrast, "contrast", 1.0, (0, float("inf")))
        self.saturation = _range(saturation, "saturation", 1.0, (0, float("inf")))
        self.hue = _range(hue, "hue", 0.0, (-0.5, 0.5))

    @staticmethod
    def get_params(
        brightness: Range | None, contrast: Range | None, saturation: Range | None, hue: Range | None
    ) -> tuple[torch.Tensor, float | None, float | None, float | None, float | None]:
        """Draws the order of the four changes and their factors."""
        order = torch.randperm(4)
        b, c, s, h = (None if pair is None else uniform(*pair) for pair in (brightness, contrast, saturation, hue))
        return order, b, c, s, h

    def forward(self, img: Any) -> Any:
        order, *factors = self.get_params(self.brightness, self.contrast, self.saturation, self.hue)
        changes = (F.adjust_brightness, F.adjust_contrast, F.adjust_saturation, F.adjust_hue)
        for number in order.tolist():
            if factors[number] is not None:
                img = changes[number](img, factors[number])
        return img

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(brightness={self.brightness}, contrast={self.contrast}, "
            f"saturation={self.saturation}, hue={self.hue})"
        )


def _range(value: Any, name: str, center: float, bound: Range) -> Range | None:
    """The range of factors, or None where it changes nothing."""
    if isinstance(value, numbers.Number):
        if value < 0:  # type: ignore[operator]
            raise ValueError(f"If {name} is a single number, it must be non negative.")
        low, high = center - float(value), center + float(value)  # type: ignore[arg-type]
        low = max(low, 0.0) if center else low
    elif isinstance(value, (tuple, list)) and len(value) == 2:
        low, high = float(value[0]), float(value[1])
    else:
        raise TypeError(f"{name} should be a single number or a list/tuple with length 2.")
    if not bound[0] <= low <= high <= bound[1]:
        raise ValueError(f"{name} values should be between {bound}, but got {[low, high]}.")
    return None if low == high == center else (low, high)


class RandomGrayscale(nn.Module):
    """Makes the picture grey with probability ``p``, with as many colours as before."""

    def __init__(self, p: float = 0.1) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        channels = F.get_image_num_channels(img)
        return F.rgb_to_grayscale(img, num_output_channels=channels) if torch.rand(1).item() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomInvert(nn.Module):
    """Makes the negative with probability ``p``."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return F.invert(img) if torch.rand(1).item() < self.p else img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomErasing(nn.Module):
    """Paints over a random rectangle of a tensor picture with probability ``p``.

    Args:
        p: how often.
        scale: smallest and largest area, as parts of the picture.
        ratio: smallest and largest height over width.
        value: the paint: one number, one per colour, or ``"random"`` for noise.
        inplace: paint on the tensor itself.

    Source: Z. Zhong et al., Random Erasing Data Augmentation, 2017.
    """

    def __init__(
        self,
        p: float = 0.5,
        scale: Sequence[float] = (0.02, 0.33),
        ratio: Sequence[float] = (0.3, 3.3),
        value: Any = 0,
        inplace: bool = False,
    ) -> None:
        super().__init__()
        if not isinstance(value, (numbers.Number, str, tuple, list)):
            raise TypeError("Argument value should be either a number or str or a sequence")
        if isinstance(value, str) and value != "random":
            raise ValueError("If value is str, it should be 'random'")
        if not isinstance(scale, Sequence):
            raise TypeError("Scale should be a sequence")
        if not isinstance(ratio, Sequence):
            raise TypeError("Ratio should be a sequence")
        if scale[0] > scale[1] or ratio[0] > ratio[1]:
            warnings.warn("Scale and ratio should be of kind (min, max)", stacklevel=2)
        if scale[0] < 0 or scale[1] > 1:
            raise ValueError("Scale should be between 0 and 1")
        if p < 0 or p > 1:
            raise ValueError("Random erasing probability should be between 0 and 1")
        self.p = p
        self.scale = scale
        self.ratio = ratio
        self.value = value
        self.inplace = inplace

    @staticmethod
    def get_params(
        img: torch.Tensor, scale: Sequence[float], ratio: Sequence[float], value: list[float] | None = None
    ) -> tuple[int, int, int, int, torch.Tensor]:
        """Draws top, left, height, width and paint; after ten rectangles that do not fit, the picture itself."""
        channels, height, width = img.shape[-3:]
        for _ in range(10):
            h, w = random_box(height * width, scale, ratio)
            if not (h < height and w < width):
                continue
            if value is None:
                paint = torch.empty([channels, h, w], dtype=torch.float32).normal_()
            else:
                paint = torch.tensor(value)[:, None, None]
            top = whole(0, height - h + 1)
            return top, whole(0, width - w + 1), h, w, paint
        return 0, 0, height, width, img

    def forward(self, img: torch.Tensor) -> torch.Tensor:
        if not torch.rand(1).item() < self.p:
            return img
        value: Any = self.value
        if isinstance(value, str):
            colours = None
        else:
            colours = [float(v) for v in value] if isinstance(value, (tuple, list)) else [float(value)]
        if colours is not None and len(colours) not in (1, img.shape[-3]):
            raise ValueError(
                "If value is a sequence, it should have either a single value or "
                f"{img.shape[-3]} (number of input channels)"
            )
        erased: torch.Tensor = F.erase(img, *self.get_params(img, self.scale, self.ratio, colours), self.inplace)
        return erased

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(p={self.p}, scale={self.scale}, ratio={self.ratio}, "
            f"value={self.value}, inplace={self.inplace})"
        )
