"""From one kind of picture to another: PIL image, tensor, element type."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ...pillow import is_pil_image
from ...tv_tensors import BoundingBoxes, Image, Mask, TVTensor, plain, wrap
from .. import functional as F
from .parts import Transform, is_pure


class Identity(Transform):
    """Changes nothing."""

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        return inpt


class ToImage(Transform):
    """A PIL image, an array (H, W, C) or a tensor becomes an :class:`Image`; values stay as they are."""

    def concerned(self, flat: list[Any]) -> list[bool]:
        wanted = super().concerned(flat)
        return [
            (does and not isinstance(leaf, (Mask, BoundingBoxes))) or isinstance(leaf, np.ndarray)
            for leaf, does in zip(flat, wanted, strict=True)
        ]

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        return to_image(inpt)


def to_image(inpt: Any) -> Any:
    """A PIL image, an array (H, W, C) or a tensor as an :class:`Image`."""
    if isinstance(inpt, np.ndarray):
        pixels = inpt[:, :, None] if inpt.ndim == 2 else inpt
        return Image(torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1))))
    if is_pil_image(inpt):
        return Image(F.pil_to_tensor(inpt))
    if isinstance(inpt, torch.Tensor):
        return Image(inpt)
    raise TypeError(f"Input can either be a pure Tensor, a numpy array, or a PIL image, but got {type(inpt)} instead.")


class PILToTensor(Transform):
    """A PIL image becomes a tensor of bytes."""

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        return F.pil_to_tensor(inpt) if is_pil_image(inpt) else inpt


class ToPILImage(Transform):
    """A tensor or an array becomes a PIL image."""

    def __init__(self, mode: str | None = None) -> None:
        super().__init__()
        self.mode = mode

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        if isinstance(inpt, (Mask, BoundingBoxes)):
            return inpt
        return F.to_pil_image(plain(inpt) if isinstance(inpt, TVTensor) else inpt, mode=self.mode)


class ToTensor(Transform):
    """Version 1's ``ToTensor``: a PIL image becomes a tensor of floats from 0 to 1. Deprecated in torchvision."""

    def __init__(self) -> None:
        super().__init__()
        warnings.warn(
            "The transform `ToTensor()` is deprecated and will be removed in a future release. Instead, please use "
            "`v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])`.Output is equivalent up to float precision.",
            stacklevel=2,
        )

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        return F.to_tensor(inpt) if is_pil_image(inpt) else inpt


class ToDtype(Transform):
    """Another element type; with ``scale``, a picture's white stays white (255 becomes 1.0).

    ``dtype`` may be a dict from the kinds of tensors to types, with "others" for the rest.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.vision.transforms import v2
    >>> v2.ToDtype(torch.float32, scale=True)(torch.full((3, 1, 1), 255, dtype=torch.uint8)).flatten()
    tensor([1., 1., 1.])
    """

    def __init__(self, dtype: Any, scale: bool = False) -> None:
        super().__init__()
        self.dtype = dtype
        self.scale = scale

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        wanted = self._wanted(inpt)
        if wanted is None or not isinstance(inpt, torch.Tensor):
            return inpt
        picture = isinstance(inpt, Image) or is_pure(inpt)
        bare = plain(inpt) if isinstance(inpt, TVTensor) else inpt
        new = F.convert_image_dtype(bare, wanted) if picture and self.scale else bare.to(wanted)
        return wrap(new, like=inpt) if isinstance(inpt, TVTensor) else new

    def _wanted(self, inpt: Any) -> Any:
        if not isinstance(self.dtype, dict):
            return self.dtype if isinstance(inpt, Image) or is_pure(inpt) else None
        for kind, wanted in self.dtype.items():
            if isinstance(kind, type) and type(inpt) is kind:
                return wanted
        return self.dtype.get("others")

    def extra_repr(self) -> str:
        return f"scale={self.scale}"


class ToPureTensor(Transform):
    """Takes the roles away: what is left are plain tensors."""

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        return plain(inpt) if isinstance(inpt, TVTensor) else inpt


class RGB(Transform):
    """Grey pictures get three colours."""

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        if isinstance(inpt, (Mask, BoundingBoxes)):
            return inpt
        if is_pil_image(inpt):
            return inpt.convert("RGB")
        if inpt.shape[-3] == 3:
            return inpt
        bare = plain(inpt) if isinstance(inpt, TVTensor) else inpt
        wide = bare.expand(*bare.shape[:-3], 3, *bare.shape[-2:]).clone()
        return wrap(wide, like=inpt) if isinstance(inpt, TVTensor) else wide
