"""Data sets in a few large files: house numbers (SVHN) and STL-10."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import lesson
from ..pillow import picture_or_array
from .download import download_url
from .integrity import check_integrity
from .photographs import one_of
from .utils import download_and_extract_archive
from .vision import VisionDataset


class SVHN(VisionDataset):
    """House numbers seen from the street (`SVHN <http://ufldl.stanford.edu/housenumbers/>`_), 32×32, ten digits.

    The files are MATLAB's, and SciPy reads them: ``pip install scipy``.

    Raises:
        RuntimeError: the file is missing or not the official one.
        ImportError: SciPy is not installed.
    """

    address = "http://ufldl.stanford.edu/housenumbers/"
    split_list = {
        "train": ("train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373"),
        "test": ("test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3"),
        "extra": ("extra_32x32.mat", "a93ce644f1a588dc4d68dda5feec44a7"),
    }

    def __init__(
        self,
        root: str | Path,
        split: str = "train",
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.split = one_of(split, "split", tuple(self.split_list))
        name, md5 = self.split_list[split]
        path = Path(self.root) / name
        if download and not check_integrity(path, md5):
            download_url(self.address + name, self.root, name, md5)
        if not check_integrity(path, md5):
            raise lesson(
                RuntimeError("Dataset not found or corrupted. You can use download=True to download it"), expected=path
            )
        try:
            from scipy.io import loadmat
        except ImportError:
            raise lesson(
                ImportError("SciPy is needed to read MATLAB's files, and it is not installed"), hint="pip install scipy"
            ) from None
        content = loadmat(path)
        self.labels = content["y"].astype(np.int64).squeeze()
        self.labels[self.labels == 10] = 0  # the file calls the digit 0 "10"
        self.data = np.transpose(content["X"], (3, 2, 0, 1))

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        picture = picture_or_array(np.ascontiguousarray(self.data[index].transpose(1, 2, 0)))
        return self._transformed(picture, int(self.labels[index]))

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        return f"Split: {self.split}"


class STL10(VisionDataset):
    """Ten classes in 96×96 (`STL-10 <https://cs.stanford.edu/~acoates/stl10/>`_), and 100,000 pictures without a label.

    Args:
        root: the folder that holds ``stl10_binary``.
        split: "train", "test", "unlabeled" or "train+unlabeled"; without a label is label -1.
        folds: one of the ten official folds of the training pictures.
        transform, target_transform: what shall become of pictures and labels.
        download: fetch the archive first (2.6 GB).
    """

    base_folder = "stl10_binary"
    url = "http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz"
    tgz_md5 = "91f7769df0f17e558f3565bffb0c7dfb"
    splits = ("train", "train+unlabeled", "unlabeled", "test")

    def __init__(
        self,
        root: str | Path,
        split: str = "train",
        folds: int | None = None,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform=transform, target_transform=target_transform)
        self.split = one_of(split, "split", self.splits)
        if folds is not None and folds not in range(10):
            raise ValueError(f"Value for argument folds should be in the range [0, 10), but got {folds}.")
        self.folder = Path(self.root) / self.base_folder
        if download and not self.folder.is_dir():
            download_and_extract_archive(self.url, self.root, md5=self.tgz_md5)
        if not self.folder.is_dir():
            raise lesson(
                RuntimeError("Dataset not found or corrupted. You can use download=True to download it"),
                expected=self.folder,
            )
        parts = [self._read(part) for part in split.split("+")]
        self.data = np.concatenate([data for data, _ in parts])
        self.labels = np.concatenate([labels for _, labels in parts])
        if folds is not None:
            lines = (self.folder / "fold_indices.txt").read_text(encoding="utf-8").splitlines()
            chosen = np.array(lines[folds].split(), np.int64)
            self.data, self.labels = self.data[chosen], self.labels[chosen]
        names = self.folder / "class_names.txt"
        self.classes = names.read_text(encoding="utf-8").split() if names.is_file() else []

    def _read(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Pictures (N, 3, 96, 96), whose files run down the columns, and labels from 0."""
        pixels = np.fromfile(self.folder / f"{part}_X.bin", np.uint8).reshape(-1, 3, 96, 96).transpose(0, 1, 3, 2)
        if part == "unlabeled":
            return pixels, np.full(len(pixels), -1, np.int64)
        return pixels, np.fromfile(self.folder / f"{part}_y.bin", np.uint8).astype(np.int64) - 1

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        picture = picture_or_array(np.ascontiguousarray(self.data[index].transpose(1, 2, 0)))
        return self._transformed(picture, int(self.labels[index]))

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        return f"Split: {self.split}"
