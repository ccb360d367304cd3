"""AutoAugment and its simpler successors: chains of changes, chosen by chance from a table."""

from __future__ import annotations

import math
from enum import Enum
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from . import functional as F
from .interpolation import InterpolationMode

Space = dict[str, tuple[torch.Tensor, bool]]


def _apply(img: Any, name: str, magnitude: float, interpolation: InterpolationMode, fill: Any) -> Any:
    """One change by its name in the papers."""
    shift, shear, center = [0, 0], [0.0, 0.0], None
    if name.startswith("Shear"):
        shear["XY".index(name[-1])] = math.degrees(math.atan(magnitude))
        center = [0, 0]
    elif name.startswith("Translate"):
        shift["XY".index(name[-1])] = int(magnitude)
    if name[:-1] in ("Shear", "Translate"):
        return F.affine(img, 0.0, shift, 1.0, shear, interpolation, fill, center)
    changes = {
        "Rotate": lambda: F.rotate(img, magnitude, interpolation, fill=fill),
        "Brightness": lambda: F.adjust_brightness(img, 1.0 + magnitude),
        "Color": lambda: F.adjust_saturation(img, 1.0 + magnitude),
        "Contrast": lambda: F.adjust_contrast(img, 1.0 + magnitude),
        "Sharpness": lambda: F.adjust_sharpness(img, 1.0 + magnitude),
        "Posterize": lambda: F.posterize(img, int(magnitude)),
        "Solarize": lambda: F.solarize(img, magnitude),
        "AutoContrast": lambda: F.autocontrast(img),
        "Equalize": lambda: F.equalize(img),
        "Invert": lambda: F.invert(img),
        "Identity": lambda: img,
    }
    if name not in changes:
        raise ValueError(f"The provided operator {name} is not recognized.")
    return changes[name]()


def _filling(img: Any, fill: Any) -> Any:
    if not isinstance(img, torch.Tensor) or fill is None:
        return fill
    channels = F.get_dimensions(img)[0]
    return [float(fill)] * channels if isinstance(fill, (int, float)) else [float(f) for f in fill]


def _space(bins: int, shear: float, shift: tuple[float, float], turn: float, colour: float, bits: int) -> Space:
    """For each change the strengths to choose from, and whether it goes in both directions."""

    def steps(most: float) -> torch.Tensor:
        return torch.linspace(0.0, most, bins)

    nothing = torch.tensor(0.0)
    return {
        "ShearX": (steps(shear), True),
        "ShearY": (steps(shear), True),
        "TranslateX": (steps(shift[0]), True),
        "TranslateY": (steps(shift[1]), True),
        "Rotate": (steps(turn), True),
        **{name: (steps(colour), True) for name in ("Brightness", "Color", "Contrast", "Sharpness")},
        "Posterize": (8 - (torch.arange(bins) / ((bins - 1) / bits)).round().int(), False),
        "Solarize": (torch.linspace(255.0, 0.0, bins), False),
        "AutoContrast": (nothing, False),
        "Equalize": (nothing, False),
    }


class AutoAugmentPolicy(Enum):
    """The data set for which the table of changes was learned."""

    IMAGENET = "imagenet"
    CIFAR10 = "cifar10"
    SVHN = "svhn"


# Pairs of changes: name, probability, strength (- for none), twice.
_POLICIES = {
    AutoAugmentPolicy.IMAGENET: """
        Posterize 0.4 8 Rotate 0.6 9; Solarize 0.6 5 AutoContrast 0.6 -; Equalize 0.8 - Equalize 0.6 -;
        Posterize 0.6 7 Posterize 0.6 6; Equalize 0.4 - Solarize 0.2 4; Equalize 0.4 - Rotate 0.8 8;
        Solarize 0.6 3 Equalize 0.6 -; Posterize 0.8 5 Equalize 1.0 -; Rotate 0.2 3 Solarize 0.6 8;
        Equalize 0.6 - Posterize 0.4 6; Rotate 0.8 8 Color 0.4 0; Rotate 0.4 9 Equalize 0.6 -;
        Equalize 0.0 - Equalize 0.8 -; Invert 0.6 - Equalize 1.0 -; Color 0.6 4 Contrast 1.0 8;
        Rotate 0.8 8 Color 1.0 2; Color 0.8 8 Solarize 0.8 7; Sharpness 0.4 7 Invert 0.6 -;
        ShearX 0.6 5 Equalize 1.0 -; Color 0.4 0 Equalize 0.6 -; Equalize 0.4 - Solarize 0.2 4;
        Solarize 0.6 5 AutoContrast 0.6 -; Invert 0.6 - Equalize 1.0 -; Color 0.6 4 Contrast 1.0 8;
        Equalize 0.8 - Equalize 0.6 -
    """,
    AutoAugmentPolicy.CIFAR10: """
        Invert 0.1 - Contrast 0.2 6; Rotate 0.7 2 TranslateX 0.3 9; Sharpness 0.8 1 Sharpness 0.9 3;
        ShearY 0.5 8 TranslateY 0.7 9; AutoContrast 0.5 - Equalize 0.9 -; ShearY 0.2 7 Posterize 0.3 7;
        Color 0.4 3 Brightness 0.6 7; Sharpness 0.3 9 Brightness 0.7 9; Equalize 0.6 - Equalize 0.5 -;
        Contrast 0.6 7 Sharpness 0.6 5; Color 0.7 7 TranslateX 0.5 8; Equalize 0.3 - AutoContrast 0.4 -;
        TranslateY 0.4 3 Sharpness 0.2 6; Brightness 0.9 6 Color 0.2 8; Solarize 0.5 2 Invert 0.0 -;
        Equalize 0.2 - AutoContrast 0.6 -; Equalize 0.2 - Equalize 0.6 -; Color 0.9 9 Equalize 0.6 -;
        AutoContrast 0.8 - Solarize 0.2 8; Brightness 0.1 3 Color 0.7 0; Solarize 0.4 5 AutoContrast 0.9 -;
        TranslateY 0.9 9 TranslateY 0.7 9; AutoContrast 0.9 - Solarize 0.8 3; Equalize 0.8 - Invert 0.1 -;
        TranslateY 0.7 9 AutoContrast 0.9 -
    """,
    AutoAugmentPolicy.SVHN: """
        ShearX 0.9 4 Invert 0.2 -; ShearY 0.9 8 Invert 0.7 -; Equalize 0.6 - Solarize 0.6 6;
        Invert 0.9 - Equalize 0.6 -; Equalize 0.6 - Rotate 0.9 3; ShearX 0.9 4 AutoContrast 0.8 -;
        ShearY 0.9 8 Invert 0.4 -; ShearY 0.9 5 Solarize 0.2 6; Invert 0.9 - AutoContrast 0.8 -;
        Equalize 0.6 - Rotate 0.9 3; ShearX 0.9 4 Solarize 0.3 3; ShearY 0.8 8 Invert 0.7 -;
        Equalize 0.9 - TranslateY 0.6 6; Invert 0.9 - Equalize 0.6 -; Contrast 0.3 3 Rotate 0.8 4;
        Invert 0.8 - TranslateY 0.0 2; ShearY 0.7 6 Solarize 0.4 8; Invert 0.6 - Rotate 0.8 4;
        ShearY 0.3 7 TranslateX 0.9 3; ShearX 0.1 6 Invert 0.6 -; Solarize 0.7 2 TranslateY 0.6 7;
        ShearY 0.8 4 Invert 0.8 -; ShearX 0.7 9 TranslateY 0.8 3; ShearY 0.8 5 AutoContrast 0.7 -;
        ShearX 0.7 2 Invert 0.1 -
    """,
}


def _pairs(policy: AutoAugmentPolicy) -> list[list[tuple[str, float, int | None]]]:
    pairs = []
    for text in _POLICIES[policy].split(";"):
        words = text.split()
        pairs.append([(n, float(p), None if m == "-" else int(m)) for n, p, m in (tuple(words[:3]), tuple(words[3:]))])
    return pairs


class AutoAugment(nn.Module):
    """One of 25 pairs of changes, learned for a data set.

    Source: E. Cubuk et al., AutoAugment: Learning Augmentation Strategies from Data, 2018.
    """

    def __init__(
        self,
        policy: AutoAugmentPolicy = AutoAugmentPolicy.IMAGENET,
        interpolation: InterpolationMode = InterpolationMode.NEAREST,
        fill: Any = None,
    ) -> None:
        super().__init__()
        if policy not in _POLICIES:
            raise ValueError(f"The provided policy {policy} is not recognized.")
        self.policy, self.interpolation, self.fill = policy, interpolation, fill
        self.policies = _pairs(policy)

    @staticmethod
    def get_params(transform_num: int) -> tuple[int, torch.Tensor, torch.Tensor]:
        """Draws the pair, and for both changes whether and in which direction."""
        chosen = int(torch.randint(transform_num, (1,)).item())
        return chosen, torch.rand((2,)), torch.randint(2, (2,))

    def forward(self, img: Any) -> Any:
        _, height, width = F.get_dimensions(img)
        fill = _filling(img, self.fill)
        chosen, chances, signs = self.get_params(len(self.policies))
        space = _space(10, 0.3, (150.0 / 331.0 * width, 150.0 / 331.0 * height), 30.0, 0.9, 4)
        space["Invert"] = (torch.tensor(0.0), False)
        for i, (name, p, strength) in enumerate(self.policies[chosen]):
            if chances[i] <= p:
                strengths, signed = space[name]
                magnitude = 0.0 if strength is None else float(strengths[strength].item())
                magnitude = -magnitude if signed and signs[i] == 0 else magnitude
                img = _apply(img, name, magnitude, self.interpolation, fill)
        return img

    def __repr__(self) -> str:
        return f"{type(self).__name__}(policy={self.policy}, fill={self.fill})"


class RandAugment(nn.Module):
    """``num_ops`` changes, each chosen by chance, all of one strength.

    Source: E. Cubuk et al., RandAugment, 2019.
    """

    def __init__(
        self,
        num_ops: int = 2,
        magnitude: int = 9,
        num_magnitude_bins: int = 31,
        interpolation: InterpolationMode = InterpolationMode.NEAREST,
        fill: Any = None,
    ) -> None:
        super().__init__()
        self.num_ops, self.magnitude, self.num_magnitude_bins = num_ops, magnitude, num_magnitude_bins
        self.interpolation, self.fill = interpolation, fill

    def forward(self, img: Any) -> Any:
        _, height, width = F.get_dimensions(img)
        fill = _filling(img, self.fill)
        shift = (150.0 / 331.0 * width, 150.0 / 331.0 * height)
        space = {"Identity": (torch.tensor(0.0), False), **_space(self.num_magnitude_bins, 0.3, shift, 30.0, 0.9, 4)}
        for _ in range(self.num_ops):
            name = list(space)[int(torch.randint(len(space), (1,)).item())]
            strengths, signed = space[name]
            magnitude = float(strengths[self.magnitude].item()) if strengths.ndim > 0 else 0.0
            if signed and torch.randint(2, (1,)):
                magnitude *= -1.0
            img = _apply(img, name, magnitude, self.interpolation, fill)
        return img

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(num_ops={self.num_ops}, magnitude={self.magnitude}, "
            f"num_magnitude_bins={self.num_magnitude_bins}, interpolation={self.interpolation}, fill={self.fill})"
        )


class TrivialAugmentWide(nn.Module):
    """One change, of a strength chosen by chance.

    Source: S. Müller, F. Hutter, TrivialAugment, 2021.
    """

    def __init__(
        self,
        num_magnitude_bins: int = 31,
        interpolation: InterpolationMode = InterpolationMode.NEAREST,
        fill: Any = None,
    ) -> None:
        super().__init__()
        self.num_magnitude_bins, self.interpolation, self.fill = num_magnitude_bins, interpolation, fill

    def forward(self, img: Any) -> Any:
        fill = _filling(img, self.fill)
        space = {
            "Identity": (torch.tensor(0.0), False),
            **_space(self.num_magnitude_bins, 0.99, (32.0, 32.0), 135.0, 0.99, 6),
        }
        name = list(space)[int(torch.randint(len(space), (1,)).item())]
        strengths, signed = space[name]
        magnitude = 0.0
        if strengths.ndim > 0:
            magnitude = float(strengths[torch.randint(len(strengths), (1,), dtype=torch.long)].item())
        if signed and torch.randint(2, (1,)):
            magnitude *= -1.0
        return _apply(img, name, magnitude, self.interpolation, fill)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(num_magnitude_bins={self.num_magnitude_bins}, interpolation={self.interpolation}, "
            f"fill={self.fill})"
        )
