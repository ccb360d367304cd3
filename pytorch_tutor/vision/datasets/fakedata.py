"""Pictures of pure noise with random labels: to try a program without any data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytorch_tutor as torch

from ..transforms.functional import to_pil_image
from .vision import VisionDataset


class FakeData(VisionDataset):
    """Random pictures with random labels; the picture of an index is always the same.

    Args:
        size: how many pictures there are.
        image_size: colours, height and width of a picture.
        num_classes: labels run from 0 to this, exclusive.
        transform, target_transform: as in :class:`VisionDataset`.
        random_offset: added to the index to give the seed of a picture.

    >>> from pytorch_tutor.vision.datasets import FakeData
    >>> FakeData(size=100)
    Dataset FakeData
        Number of datapoints: 100
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        random_offset: int = 0,
    ) -> None:
        super().__init__(transform=transform, target_transform=target_transform)
        self.size = size
        self.image_size = image_size
        self.num_classes = num_classes
        self.random_offset = random_offset

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if index >= len(self):
            raise IndexError(f"{type(self).__name__} index out of range")
        state = torch.get_rng_state()  # the program's own random numbers go on as if nothing had been drawn here
        torch.manual_seed(index + self.random_offset)
        picture = torch.randn(*self.image_size)
        target = torch.randint(0, self.num_classes, size=(1,))[0]
        torch.set_rng_state(state)
        image, target = self._transformed(to_pil_image(picture), target)
        return image, target.item()

    def __len__(self) -> int:
        return self.size
