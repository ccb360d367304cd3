"""The base of all picture data sets: a folder, a transform for the picture, one for its label, and a repr."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...utils.data import Dataset


class VisionDataset(Dataset):  # type: ignore[type-arg]
    """A data set of (picture, target) pairs; a subclass defines ``__getitem__`` and ``__len__``.

    Args:
        root: the folder that holds the files.
        transforms: takes picture and target, returns both.
        transform: takes a picture, returns what shall become of it, e.g. ``transforms.ToTensor()``.
        target_transform: takes a target, returns what shall become of it.

    Raises:
        ValueError: both ``transforms`` and one of the other two are given.
    """

    _repr_indent = 4

    def __init__(
        self,
        root: str | Path | None = None,
        transforms: Callable[[Any, Any], tuple[Any, Any]] | None = None,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
    ) -> None:
        self.root: Any = os.path.expanduser(root) if isinstance(root, str) else root  # noqa: PTH111 - stays text
        separate = transform is not None or target_transform is not None
        if transforms is not None and separate:
            raise ValueError("Only transforms or transform/target_transform can be passed as argument")
        self.transform = transform
        self.target_transform = target_transform
        self.transforms = StandardTransform(transform, target_transform) if separate else transforms

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def _transformed(self, picture: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            picture = self.transform(picture)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return picture, target

    def __repr__(self) -> str:
        body = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            body.append(f"Root location: {self.root}")
        body += self.extra_repr().splitlines()
        if self.transforms is not None:
            body.append(repr(self.transforms))
        indent = " " * self._repr_indent
        return "\n".join([f"Dataset {type(self).__name__}"] + [indent + line for line in body])

    def extra_repr(self) -> str:
        """Lines that a subclass adds to the repr."""
        return ""


class StandardTransform:
    """Applies one transform to the picture and one to the target."""

    def __init__(
        self, transform: Callable[[Any], Any] | None = None, target_transform: Callable[[Any], Any] | None = None
    ) -> None:
        self.transform = transform
        self.target_transform = target_transform

    def __call__(self, input: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            input = self.transform(input)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return input, target

    def __repr__(self) -> str:
        body = [type(self).__name__]
        for head, part in (("Transform: ", self.transform), ("Target transform: ", self.target_transform)):
            if part is not None:
                body += _hanging(head, repr(part))
        return "\n".join(body)


def _hanging(head: str, text: str) -> list[str]:
    """The lines of ``text``, the first behind ``head``, the others indented as far."""
    first, *others = text.splitlines()
    return [head + first] + [" " * len(head) + line for line in others]
