"""Your own pictures: one folder per class, one file per picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...errors import lesson
from ..pillow import image_module
from .damage import DamagedFileError
from .vision import VisionDataset

IMG_EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


def has_file_allowed_extension(filename: str, extensions: str | tuple[str, ...]) -> bool:
    """Tells whether the name ends with one of the endings, in small or capital letters.

    >>> has_file_allowed_extension("cat/001.JPG", IMG_EXTENSIONS)
    True
    """
    return filename.lower().endswith(extensions)


def is_image_file(filename: str) -> bool:
    """Tells whether the name ends as a picture's does."""
    return has_file_allowed_extension(filename, IMG_EXTENSIONS)


def find_classes(directory: str | Path) -> tuple[list[str], dict[str, int]]:
    """Returns the class names (the names of the folders, in order) and the label of each.

    Raises:
        FileNotFoundError: the directory does not exist or has no folder in it.
    """
    classes = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir())
    if not classes:
        raise lesson(
            FileNotFoundError(f"Couldn't find any class folder in {directory}."),
            expected="one folder per class, such as cats/ and dogs/, each with its pictures",
        )
    return classes, {name: label for label, name in enumerate(classes)}


def make_dataset(
    directory: str | Path,
    class_to_idx: dict[str, int] | None = None,
    extensions: str | tuple[str, ...] | None = None,
    is_valid_file: Callable[[str], bool] | None = None,
    allow_empty: bool = False,
) -> list[tuple[str, int]]:
    """Returns the list of (path, label) of all files that count, folder by folder, in the order of their names.

    Exactly one of ``extensions`` and ``is_valid_file`` says which files count.

    Raises:
        FileNotFoundError: a class has no such file, unless ``allow_empty``.
    """
    base = Path(directory).expanduser()
    if class_to_idx is None:
        _, class_to_idx = find_classes(base)
    elif not class_to_idx:
        raise ValueError("'class_to_index' must have at least one entry to collect any samples.")
    if (extensions is None) == (is_valid_file is None):
        raise ValueError("Both extensions and is_valid_file cannot be None or not None at the same time")

    def counts(path: str) -> bool:
        return has_file_allowed_extension(path, extensions) if extensions is not None else bool(is_valid_file(path))  # type: ignore[misc]

    samples = []
    for name in sorted(class_to_idx):
        for folder, _, files in sorted(os.walk(base / name, followlinks=True)):
            paths = (str(Path(folder) / file) for file in sorted(files))
            samples += [(path, class_to_idx[name]) for path in paths if counts(path)]

    found = {label for _, label in samples}
    empty = sorted(name for name, label in class_to_idx.items() if label not in found)
    if empty and not allow_empty:
        message = f"Found no valid file for the classes {', '.join(empty)}. "
        if extensions is not None:
            listed = extensions if isinstance(extensions, str) else ", ".join(extensions)
            message += f"Supported extensions are: {listed}"
        raise FileNotFoundError(message)
    return samples


def pil_loader(path: str | Path) -> Any:
    """Returns the picture in the file, as an RGB PIL image.

    Raises:
        DamagedFileError: the file is no picture, or is cut off.
    """
    image = image_module()
    with Path(path).open("rb") as file:
        try:
            return image.open(file).convert("RGB")
        except (OSError, SyntaxError, ValueError) as why:  # what Pillow's readers raise on damage
            raise DamagedFileError(path, f"cannot be read as a picture ({why})", "remove or replace this file") from why


default_loader = pil_loader


class DatasetFolder(VisionDataset):
    """Samples in files, one folder per class: ``root/dog/001.xyz``, ``root/cat/a/b.xyz``.

    ``classes``, ``class_to_idx``, ``samples`` (pairs of path and label) and ``targets`` (the labels) describe it.

    Args:
        root: the folder of class folders.
        loader: takes a path, returns the sample.
        extensions: the endings of files that count; or
        is_valid_file: takes a path, tells whether the file counts.
        transform, target_transform: as in :class:`VisionDataset`.
        allow_empty: a class without files is no error.
    """

    def __init__(
        self,
        root: str | Path,
        loader: Callable[[str], Any],
        extensions: tuple[str, ...] | None = None,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.classes, self.class_to_idx = self.find_classes(self.root)
        self.samples = self.make_dataset(self.root, self.class_to_idx, extensions, is_valid_file, allow_empty)
        self.loader = loader
        self.extensions = extensions
        self.targets = [label for _, label in self.samples]

    make_dataset = staticmethod(make_dataset)

    def find_classes(self, directory: str | Path) -> tuple[list[str], dict[str, int]]:
        """See :func:`find_classes`; override it to choose classes otherwise."""
        return find_classes(directory)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        path, label = self.samples[index]
        return self._transformed(self.loader(path), label)

    def __len__(self) -> int:
        return len(self.samples)


class ImageFolder(DatasetFolder):
    """Pictures in files, one folder per class: ``root/dog/001.png``, ``root/cat/002.jpg``.

    ``imgs`` is the list of (path, label); everything else as in :class:`DatasetFolder`.
    """

    def __init__(
        self,
        root: str | Path,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        loader: Callable[[str], Any] = default_loader,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(
            root,
            loader,
            IMG_EXTENSIONS if is_valid_file is None else None,
            transform=transform,
            target_transform=target_transform,
            is_valid_file=is_valid_file,
            allow_empty=allow_empty,
        )
        self.imgs = self.samples
