"""The transforms of version 1 on whole samples: what is drawn for the picture holds for its mask and its boxes."""

from __future__ import annotations

import inspect
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ....errors import lesson
from ...tv_tensors import BoundingBoxes, Image, Mask, plain, wrap
from .. import autoaugment, fixed, random_color, random_filters, random_geometry
from ..interpolation import InterpolationMode
from .boxes import moved
from .parts import Transform, settings


class Lifted(Transform):
    """Does to each part of a sample what a transform of version 1 does to a picture, from the same random state."""

    kind: type[Any]  # the transform of version 1
    moves = False  # does it move pixels, so that masks and boxes must follow?

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self.__dict__["_inner"] = self.kind(*args, **kwargs)

    def forward(self, *inputs: Any) -> Any:
        self.__dict__["_state"] = None
        return super().forward(*inputs)

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        if isinstance(inpt, (Mask, BoundingBoxes)) and not self.moves:
            return inpt
        if self._state is None:
            self.__dict__["_state"] = torch.get_rng_state()
        else:
            torch.set_rng_state(self._state)
        if isinstance(inpt, BoundingBoxes):
            return moved(self._inner, inpt)
        if isinstance(inpt, Mask):
            return wrap(self._on_mask(plain(inpt)), like=inpt)
        if isinstance(inpt, Image):
            result = self._inner(plain(inpt))
            return (
                tuple(wrap(part, like=inpt) for part in result)
                if isinstance(result, tuple)
                else wrap(result, like=inpt)
            )
        return self._inner(inpt)

    def _on_mask(self, mask: torch.Tensor) -> torch.Tensor:
        """A mask is moved to the nearest pixel, with nothing filled in."""
        inner = self._inner
        changed = {
            name: value
            for name, value in (("interpolation", InterpolationMode.NEAREST), ("fill", 0))
            if hasattr(inner, name)
        }
        before = {name: getattr(inner, name) for name in changed}
        inner.__dict__.update(changed)
        try:
            rows = mask.unsqueeze(-3)  # (H, W) as a picture of one colour
            result: torch.Tensor = inner(rows)
        finally:
            inner.__dict__.update(before)
        return result.squeeze(-3)

    def __getattr__(self, name: str) -> Any:
        inner = self.__dict__.get("_inner")
        if inner is not None and not name.startswith("_"):
            return getattr(inner, name)
        return super().__getattr__(name)

    def extra_repr(self) -> str:
        names = list(inspect.signature(self.kind).parameters)
        names.sort(key=lambda name: name != "p")
        return settings({name: getattr(self._inner, name) for name in names if hasattr(self._inner, name)})


class Resize(Lifted):
    """See :class:`torchvision.transforms.Resize`.

    Tensors of bytes may differ by one grey level from torchvision's version 2, which computes in whole numbers.
    """

    kind, moves = fixed.Resize, True

    def __init__(self, size: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__([size] if isinstance(size, int) else size, *args, **kwargs)


class CenterCrop(Lifted):
    """See :class:`torchvision.transforms.CenterCrop`."""

    kind, moves = fixed.CenterCrop, True


class Pad(Lifted):
    """See :class:`torchvision.transforms.Pad`."""

    kind, moves = fixed.Pad, True


class FiveCrop(Lifted):
    """See :class:`torchvision.transforms.FiveCrop`."""

    kind, moves = fixed.FiveCrop, True


class TenCrop(Lifted):
    """See :class:`torchvision.transforms.TenCrop`."""

    kind, moves = fixed.TenCrop, True


class Grayscale(Lifted):
    """See :class:`torchvision.transforms.Grayscale`."""

    kind = fixed.Grayscale


class Normalize(Lifted):
    """See :class:`torchvision.transforms.Normalize`."""

    kind = fixed.Normalize

    def check_inputs(self, flat_inputs: list[Any]) -> None:
        for leaf in flat_inputs:
            if not isinstance(leaf, (torch.Tensor, int, float, str, nn.Module)) and hasattr(leaf, "mode"):
                raise lesson(
                    ValueError(f"{type(self).__name__}() does not support PIL images."),
                    hint="v2.ToImage(), v2.ToDtype(torch.float32, scale=True) before it",
                )


class ConvertImageDtype(Lifted):
    """See :class:`torchvision.transforms.ConvertImageDtype`."""

    kind = fixed.ConvertImageDtype


class RandomCrop(Lifted):
    """See :class:`torchvision.transforms.RandomCrop`."""

    kind, moves = random_geometry.RandomCrop, True


class RandomHorizontalFlip(Lifted):
    """See :class:`torchvision.transforms.RandomHorizontalFlip`."""

    kind, moves = random_geometry.RandomHorizontalFlip, True


class RandomVerticalFlip(Lifted):
    """See :class:`torchvision.transforms.RandomVerticalFlip`."""

    kind, moves = random_geometry.RandomVerticalFlip, True


class RandomResizedCrop(Lifted):
    """See :class:`torchvision.transforms.RandomResizedCrop`."""

    kind, moves = random_geometry.RandomResizedCrop, True


class RandomRotation(Lifted):
    """See :class:`torchvision.transforms.RandomRotation`."""

    kind, moves = random_geometry.RandomRotation, True


class RandomAffine(Lifted):
    """See :class:`torchvision.transforms.RandomAffine`."""

    kind, moves = random_geometry.RandomAffine, True


class RandomPerspective(Lifted):
    """See :class:`torchvision.transforms.RandomPerspective`."""

    kind, moves = random_filters.RandomPerspective, True


class ColorJitter(Lifted):
    """See :class:`torchvision.transforms.ColorJitter`."""

    kind = random_color.ColorJitter


class RandomGrayscale(Lifted):
    """See :class:`torchvision.transforms.RandomGrayscale`."""

    kind = random_color.RandomGrayscale


class RandomInvert(Lifted):
    """See :class:`torchvision.transforms.RandomInvert`."""

    kind = random_color.RandomInvert


class RandomErasing(Lifted):
    """See :class:`torchvision.transforms.RandomErasing`."""

    kind = random_color.RandomErasing


class RandomPosterize(Lifted):
    """See :class:`torchvision.transforms.RandomPosterize`."""

    kind = random_filters.RandomPosterize


class RandomSolarize(Lifted):
    """See :class:`torchvision.transforms.RandomSolarize`."""

    kind = random_filters.RandomSolarize


class RandomAdjustSharpness(Lifted):
    """See :class:`torchvision.transforms.RandomAdjustSharpness`."""

    kind = random_filters.RandomAdjustSharpness


class RandomAutocontrast(Lifted):
    """See :class:`torchvision.transforms.RandomAutocontrast`."""

    kind = random_filters.RandomAutocontrast


class RandomEqualize(Lifted):
    """See :class:`torchvision.transforms.RandomEqualize`."""

    kind = random_filters.RandomEqualize


class GaussianBlur(Lifted):
    """See :class:`torchvision.transforms.GaussianBlur`."""

    kind = random_filters.GaussianBlur


class AutoAugment(Lifted):
    """See :class:`torchvision.transforms.AutoAugment`, whose draws it makes; torchvision's version 2 draws otherwise."""

    kind = autoaugment.AutoAugment


class RandAugment(Lifted):
    """See :class:`torchvision.transforms.RandAugment`."""

    kind = autoaugment.RandAugment


class TrivialAugmentWide(Lifted):
    """See :class:`torchvision.transforms.TrivialAugmentWide`."""

    kind = autoaugment.TrivialAugmentWide
