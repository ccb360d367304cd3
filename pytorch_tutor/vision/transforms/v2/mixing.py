"""MixUp and CutMix: two pictures of a batch become one, and their labels with them."""

from __future__ import annotations

import math
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn


class _Mixing(nn.Module):
    """Mixes each picture of a batch with its neighbour; labels become probabilities (N, num_classes)."""

    def __init__(self, *, alpha: float = 1.0, num_classes: int | None = None, labels_getter: Any = "default") -> None:
        super().__init__()
        self.alpha = float(alpha)
        self.num_classes = num_classes
        self._drawn = torch.distributions.Beta(torch.tensor([self.alpha]), torch.tensor([self.alpha]))

    def mixed(self, images: torch.Tensor, share: float) -> tuple[torch.Tensor, float]:
        """The pictures, and the share of the first in each."""
        raise NotImplementedError

    def forward(self, images: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        if images.ndim != 4:
            raise ValueError(f"Expected a batched input with 4 dims, but got {images.ndim} dimensions instead.")
        if labels.ndim == 1:
            if self.num_classes is None:
                raise ValueError("num_classes must be passed if the labels are index-based (1D)")
            labels = nn.functional.one_hot(labels, num_classes=self.num_classes)
        share = float(self._drawn.sample(()))
        images, share = self.mixed(images, share)
        labels = labels.float() if not labels.is_floating_point() else labels
        return images, labels.roll(1, 0).mul_(1.0 - share).add_(labels.mul(share))

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}, num_classes={self.num_classes}"


class MixUp(_Mixing):
    """Each picture shines through its neighbour. Source: H. Zhang et al., mixup, 2017."""

    def mixed(self, images: torch.Tensor, share: float) -> tuple[torch.Tensor, float]:
        return images.roll(1, 0).mul_(1.0 - share).add_(images.mul(share)), share


class CutMix(_Mixing):
    """A rectangle of each picture comes from its neighbour. Source: S. Yun et al., CutMix, 2019."""

    def mixed(self, images: torch.Tensor, share: float) -> tuple[torch.Tensor, float]:
        height, width = images.shape[-2:]
        x, y = int(torch.randint(width, size=(1,))), int(torch.randint(height, size=(1,)))
        half = 0.5 * math.sqrt(1.0 - share)
        half_w, half_h = int(half * width), int(half * height)
        left, top = max(x - half_w, 0), max(y - half_h, 0)
        right, bottom = min(x + half_w, width), min(y + half_h, height)
        result = images.clone()
        result[..., top:bottom, left:right] = images.roll(1, 0)[..., top:bottom, left:right]
        return result, float(1.0 - (right - left) * (bottom - top) / (width * height))
