"""What all transforms of version 2 share: they look through tuples, lists and dicts, and change what they know."""

from __future__ import annotations

import enum
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ...pillow import is_pil_image
from ...tv_tensors import BoundingBoxes, Image, Mask
from ..interpolation import InterpolationMode


def leaves(sample: Any) -> list[Any]:
    """Everything in a sample, whatever it is packed in."""
    if isinstance(sample, dict):
        return [leaf for value in sample.values() for leaf in leaves(value)]
    if isinstance(sample, (list, tuple)):
        return [leaf for value in sample for leaf in leaves(value)]
    return [sample]


def rebuilt(sample: Any, new: Any) -> Any:
    """The same packing around the leaves that the iterator ``new`` gives."""
    if isinstance(sample, dict):
        return type(sample)((key, rebuilt(value, new)) for key, value in sample.items())
    if isinstance(sample, (list, tuple)):
        parts = [rebuilt(value, new) for value in sample]
        return type(sample)(*parts) if hasattr(sample, "_fields") else type(sample)(parts)
    return next(new)


def is_pure(value: Any) -> bool:
    """Is it a tensor without a role?"""
    return isinstance(value, torch.Tensor) and not isinstance(value, (Image, Mask, BoundingBoxes))


class Transform(nn.Module):
    """A change of a sample. Pictures, masks and boxes are changed; labels pass.

    A plain tensor counts as the picture if there is no other picture, and only the first one does. A subclass defines
    ``transform(inpt, params)``, and ``make_params(flat_inputs)`` where it draws by chance.
    """

    def check_inputs(self, flat_inputs: list[Any]) -> None:
        """Raises where the transform cannot do its work on the sample."""

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Any]:
        """Draws once what holds for everything in the sample."""
        return {}

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        """The change of one thing."""
        raise NotImplementedError

    def forward(self, *inputs: Any) -> Any:
        sample = inputs if len(inputs) > 1 else inputs[0]
        flat = leaves(sample)
        self.check_inputs(flat)
        wanted = self.concerned(flat)
        params = self.make_params([leaf for leaf, does in zip(flat, wanted, strict=True) if does])
        new = [self.transform(leaf, params) if does else leaf for leaf, does in zip(flat, wanted, strict=True)]
        return rebuilt(sample, iter(new))

    def concerned(self, flat: list[Any]) -> list[bool]:
        """Which leaves are changed."""
        pictured = any(isinstance(leaf, Image) or is_pil_image(leaf) for leaf in flat)
        result = []
        for leaf in flat:
            counts = isinstance(leaf, (Image, Mask, BoundingBoxes)) or is_pil_image(leaf)
            if not counts and not pictured and is_pure(leaf):
                counts = pictured = True
            result.append(counts)
        return result

    def extra_repr(self) -> str:
        """The settings, by name."""
        return settings(self.__dict__)


def settings(attributes: dict[str, Any]) -> str:
    """Those attributes that are numbers, texts or sequences of them."""
    parts = []
    for name, value in attributes.items():
        if name.startswith("_") or name == "training":
            continue
        if isinstance(value, enum.Enum):
            parts.append(f"{name}={value.value if isinstance(value, InterpolationMode) else value}")
        elif isinstance(value, (bool, int, float, str, tuple, list)):
            parts.append(f"{name}={value}")
    return ", ".join(parts)
