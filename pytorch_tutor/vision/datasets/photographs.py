"""Data sets of photographs in files of their own: CelebA, Food-101, the Oxford pets."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import image_module
from .utils import download_and_extract_archive
from .vision import VisionDataset


def one_of(value: str, name: str, known: Sequence[str]) -> str:
    """The value, if it is one of those known; ValueError with torchvision's sentence if not."""
    if value not in known:
        shown = ", ".join(repr(k) for k in known)
        raise ValueError(f"Unknown value '{value}' for argument {name}. Valid values are {{{shown}}}.")
    return value


class CelebA(VisionDataset):
    """Faces of celebrities (`CelebA <http://mmlab.ie.cuhk.edu.hk/projects/CelebA.html>`_) in ``root/celeba``.

    Args:
        root: the folder that holds ``celeba/img_align_celeba`` and the ``.txt`` files.
        split: "train", "valid", "test" or "all".
        target_type: "attr", "identity", "bbox", "landmarks", or a list of them.
        transform, target_transform: what shall become of pictures and targets.
        download: refused: the files lie where a program cannot fetch them.

    Raises:
        RuntimeError: the files are not there, or were to be downloaded.
    """

    base_folder = "celeba"

    def __init__(
        self,
        root: str | Path,
        split: str = "train",
        target_type: str | list[str] = "attr",
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.split = split
        self.target_type = target_type if isinstance(target_type, list) else [target_type]
        if not self.target_type and target_transform is not None:
            raise RuntimeError("target_transform is specified but target_type is empty")
        self.folder = Path(self.root) / self.base_folder
        if not (self.folder / "img_align_celeba").is_dir():
            raise lesson(
                RuntimeError("Dataset not found or corrupted. You can use download=True to download it"),
                expected=f"the folder img_align_celeba and the .txt files in {self.folder}",
                got="download=True, but Google Drive gives them to people only" if download else "no such folder",
                hint="fetch img_align_celeba.zip and the lists by hand from the data set's page, and unpack them there",
            )
        part = {"train": 0, "valid": 1, "test": 2, "all": None}[
            one_of(split, "split", ("train", "valid", "test", "all"))
        ]
        names, _, parts = self._table("list_eval_partition.txt")
        chosen = np.ones(len(names), bool) if part is None else np.array(parts)[:, 0] == part
        self.filename = [name for name, use in zip(names, chosen, strict=True) if use]
        mask = torch.from_numpy(chosen)
        self.attr_names: list[str] = []
        self.attr = self.identity = self.bbox = self.landmarks_align = None
        for kind in self.target_type:
            if kind == "attr":
                _, self.attr_names, rows = self._table("list_attr_celeba.txt", header=1)
                self.attr = torch.div(torch.tensor(rows)[mask] + 1, 2, rounding_mode="floor")
            elif kind == "identity":
                self.identity = torch.tensor(self._table("identity_CelebA.txt")[2])[mask]
            elif kind == "bbox":
                self.bbox = torch.tensor(self._table("list_bbox_celeba.txt", header=1)[2])[mask]
            elif kind == "landmarks":
                self.landmarks_align = torch.tensor(self._table("list_landmarks_align_celeba.txt", header=1)[2])[mask]
            else:
                raise ValueError(f'Target type "{kind}" is not recognized.')

    def _table(self, filename: str, header: int | None = None) -> tuple[list[str], list[str], list[list[int]]]:
        """Names of files, names of columns, and numbers."""
        path = self.folder / filename
        if not path.is_file():
            raise lesson(
                RuntimeError("Dataset not found or corrupted. You can use download=True to download it"), expected=path
            )
        with path.open(encoding="utf-8") as file:
            lines = [row for row in csv.reader(file, delimiter=" ", skipinitialspace=True) if row]
        columns: list[str] = []
        if header is not None:
            columns, lines = [word for word in lines[header] if word], lines[header + 1 :]
        return [row[0] for row in lines], columns, [[int(word) for word in row[1:] if word] for row in lines]

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        picture = image_module().open(self.folder / "img_align_celeba" / self.filename[index])
        sources = {"attr": self.attr, "bbox": self.bbox, "landmarks": self.landmarks_align}
        targets: list[Any] = []
        for kind in self.target_type:
            if kind == "identity":
                assert self.identity is not None
                targets.append(self.identity[index, 0])
            else:
                targets.append(sources[kind][index])  # type: ignore[index]
        picture = self.transform(picture) if self.transform is not None else picture
        if not targets:
            return picture, None
        target = tuple(targets) if len(targets) > 1 else targets[0]
        return picture, self.target_transform(target) if self.target_transform is not None else target

    def __len__(self) -> int:
        return len(self.filename)

    def extra_repr(self) -> str:
        return f"Target type: {self.target_type}\nSplit: {self.split}"


class Food101(VisionDataset):
    """101 dishes (`Food-101 <https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/>`_), 1000 pictures each.

    Raises:
        RuntimeError: the files are not in ``root/food-101``.
    """

    url = "http://data.vision.ee.ethz.ch/cvl/food-101.tar.gz"
    md5 = "85eeb15f3717b99a5da872d97d918f87"

    def __init__(
        self,
        root: str | Path,
        split: str = "train",
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self._split = one_of(split, "split", ("train", "test"))
        folder = Path(self.root) / "food-101"
        if download and not (folder / "meta").is_dir():
            download_and_extract_archive(self.url, self.root, md5=self.md5)
        if not (folder / "meta").is_dir() or not (folder / "images").is_dir():
            raise lesson(
                RuntimeError("Dataset not found. You can use download=True to download it"),
                expected=f"the folders meta and images in {folder}",
            )
        lists = json.loads((folder / "meta" / f"{self._split}.json").read_text(encoding="utf-8"))
        self.classes = sorted(lists)
        self.class_to_idx = {name: label for label, name in enumerate(self.classes)}
        self._labels = [self.class_to_idx[name] for name, files in lists.items() for _ in files]
        self._image_files = [folder / "images" / f"{file}.jpg" for files in lists.values() for file in files]

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        picture = image_module().open(self._image_files[index]).convert("RGB")
        return self._transformed(picture, self._labels[index])

    def __len__(self) -> int:
        return len(self._image_files)

    def extra_repr(self) -> str:
        return f"split={self._split}"


class OxfordIIITPet(VisionDataset):
    """37 breeds of cats and dogs (`Oxford pets <https://www.robots.ox.ac.uk/~vgg/data/pets/>`_) with masks.

    Args:
        root: the folder that holds ``oxford-iiit-pet``.
        split: "trainval" or "test".
        target_types: "category", "binary-category", "segmentation", or a list of them.
        transforms, transform, target_transform: what shall become of pictures and targets.
        download: fetch the two archives first (800 MB).
    """

    resources = (
        ("https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz", "5c4f3ee8e5d25df40f4fd59a7f44e54c"),
        ("https://www.robots.ox.ac.uk/~vgg/data/pets/data/annotations.tar.gz", "95a8c909bbe2e81eed6a22bccdf3f68f"),
    )

    def __init__(
        self,
        root: str | Path,
        split: str = "trainval",
        target_types: str | Sequence[str] = "category",
        transforms: Callable[..., Any] | None = None,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transforms, transform, target_transform)
        self._split = one_of(split, "split", ("trainval", "test"))
        kinds = [target_types] if isinstance(target_types, str) else list(target_types)
        self._target_types = [one_of(k, "target_types", ("category", "binary-category", "segmentation")) for k in kinds]
        folder = Path(self.root) / "oxford-iiit-pet"
        if download and not (folder / "annotations").is_dir():
            for url, md5 in self.resources:
                download_and_extract_archive(url, folder, md5=md5)
        if not (folder / "annotations").is_dir() or not (folder / "images").is_dir():
            raise lesson(
                RuntimeError("Dataset not found. You can use download=True to download it"),
                expected=f"the folders images and annotations in {folder}",
            )
        lines = (folder / "annotations" / f"{self._split}.txt").read_text(encoding="utf-8").split("\n")
        rows = [line.split() for line in lines if line.strip()]
        self._labels = [int(row[1]) - 1 for row in rows]
        self._bin_labels = [int(row[2]) - 1 for row in rows]
        names = {label: row[0].rsplit("_", 1)[0] for row, label in zip(rows, self._labels, strict=True)}
        self.classes = [" ".join(part.title() for part in names[label].split("_")) for label in sorted(names)]
        self.class_to_idx = {name: label for label, name in enumerate(self.classes)}
        self._images = [folder / "images" / f"{row[0]}.jpg" for row in rows]
        self._segs = [folder / "annotations" / "trimaps" / f"{row[0]}.png" for row in rows]

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        module = image_module()
        picture = module.open(self._images[index]).convert("RGB")
        found: dict[str, Callable[[], Any]] = {
            "category": lambda: self._labels[index],
            "binary-category": lambda: self._bin_labels[index],
            "segmentation": lambda: module.open(self._segs[index]),
        }
        targets = [found[kind]() for kind in self._target_types]
        target = None if not targets else targets[0] if len(targets) == 1 else tuple(targets)
        return self._transformed(picture, target)

    def __len__(self) -> int:
        return len(self._images)
