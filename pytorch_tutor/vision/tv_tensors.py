"""Tensors that say what they show: a picture, a mask, boxes. The transforms of version 2 treat each in its way."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor.overriding import disabled

from .pillow import is_pil_image
from .transforms.convert import pil_to_tensor


class TVTensor(torch.Tensor):
    """A tensor with a role. Results of operations on it are plain tensors."""

    __torch_function__ = disabled  # type: ignore[assignment] # hence

    def __new__(cls, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool | None = None) -> Any:
        plain = torch.as_tensor(data, dtype=dtype, device=device)
        return cls._of(plain, requires_grad)

    @classmethod
    def _of(cls, plain: torch.Tensor, requires_grad: bool | None = None) -> Any:
        made = object.__new__(cls)
        made.__dict__.update(plain.detach().__dict__)
        if requires_grad:
            made.requires_grad_(True)
        return made

    def __repr__(self, *, tensor_contents: str | None = None) -> str:  # type: ignore[override] # inside Tensor, str means its own
        return f"{type(self).__name__}" + repr(plain(self)).removeprefix("tensor")[:-1] + ", )"

    __str__ = __repr__  # type: ignore[assignment] # as above


def plain(tensor: Any) -> torch.Tensor:
    """The same memory without the role."""
    made: torch.Tensor = object.__new__(torch.Tensor)
    made.__dict__.update(tensor.__dict__)
    for name in ("format", "canvas_size", "clamping_mode"):
        made.__dict__.pop(name, None)
    return made


class Image(TVTensor):
    """A picture (..., C, H, W), also made from a PIL image.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.vision.tv_tensors import Image
    >>> isinstance(Image(torch.zeros(3, 2, 2)), torch.Tensor)
    True
    """

    def __new__(cls, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool | None = None) -> Any:
        made = torch.as_tensor(data, dtype=dtype, device=device) if isinstance(data, torch.Tensor) else _pixels(data)
        if made.ndim < 2:
            raise ValueError("Image tensors need at least two dimensions")
        return cls._of(made.unsqueeze(0) if made.ndim == 2 else made, requires_grad)


def _pixels(data: Any) -> torch.Tensor:
    return pil_to_tensor(data) if is_pil_image(data) else torch.as_tensor(data)


class Video(Image):
    """Pictures in a row (..., T, C, H, W)."""


class Mask(TVTensor):
    """What is where in a picture (..., H, W): resized without inventing values between."""


class BoundingBoxFormat(Enum):
    """What the four numbers of a box are."""

    XYXY = "XYXY"
    XYWH = "XYWH"
    CXCYWH = "CXCYWH"


class BoundingBoxes(TVTensor):
    """Boxes (N, 4) in a picture of ``canvas_size`` (height, width)."""

    format: BoundingBoxFormat
    canvas_size: tuple[int, int]

    def __new__(
        cls,
        data: Any,
        *,
        format: BoundingBoxFormat | str,
        canvas_size: tuple[int, int],
        dtype: Any = None,
        device: Any = None,
        requires_grad: bool | None = None,
    ) -> Any:
        rows = torch.as_tensor(data, dtype=dtype, device=device)
        if rows.ndim == 1:
            rows = rows.unsqueeze(0)
        elif rows.ndim != 2:
            raise ValueError(f"Expected a 1D or 2D tensor, got {rows.ndim}D")
        made = cls._of(rows, requires_grad)
        made.format = BoundingBoxFormat[format.upper()] if isinstance(format, str) else format
        made.canvas_size = tuple(canvas_size)
        return made

    def __repr__(self, *, tensor_contents: str | None = None) -> str:  # type: ignore[override] # inside Tensor, str means its own
        text = "BoundingBoxes" + repr(plain(self)).removeprefix("tensor")[:-1]
        return text + f", format={self.format}, canvas_size={self.canvas_size}, clamping_mode=soft)"

    __str__ = __repr__  # type: ignore[assignment] # as above


def wrap(wrappee: torch.Tensor, *, like: Any, **kwargs: Any) -> Any:
    """A plain tensor with the role of ``like``."""
    made = type(like)._of(wrappee)
    if isinstance(like, BoundingBoxes):
        made.format = kwargs.get("format", like.format)
        made.canvas_size = kwargs.get("canvas_size", like.canvas_size)
    return made


__all__ = ["BoundingBoxFormat", "BoundingBoxes", "Image", "Mask", "TVTensor", "Video", "plain", "wrap"]
