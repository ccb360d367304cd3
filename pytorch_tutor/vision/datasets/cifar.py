"""CIFAR-10 and CIFAR-100: 60,000 colour pictures of 32×32 pixels, in ten or a hundred classes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import lesson
from ..pillow import picture_or_array
from . import cifar_format
from .archive import extract_archive
from .download import download_url
from .integrity import calculate_md5
from .root import default_root
from .vision import VisionDataset


class CIFAR10(VisionDataset):
    """The `CIFAR-10 <https://www.cs.toronto.edu/~kriz/cifar.html>`_ data set: pairs (PIL image, label 0 to 9).

    ``data`` is an array (N, 32, 32, 3) of bytes, ``targets`` a list of N labels, ``classes`` the names of the ten
    classes, ``class_to_idx`` the label of each name. Where Pillow is not installed, pictures are arrays (32, 32, 3).

    Args:
        root: the folder that holds ``cifar-10-batches-py``; by default the user's data folder.
        train: the 50,000 training pictures, or else the 10,000 test pictures.
        transform: takes a picture, returns what shall become of it.
        target_transform: takes a label, returns what shall become of it.
        download: fetch the files first where they are missing (170 MB).
        check_integrity: accept only the official files, by their MD5 sums. With ``False`` any files in the same
            format are read, as safely; ``source`` tells what they are.

    Raises:
        RuntimeError: files are missing, damaged, or not the official ones; the notes name the file.
        DamagedFileError: (a RuntimeError) with ``check_integrity=False``, a file that cannot be read whole.

    Source: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
    """

    base_folder = "cifar-10-batches-py"
    url = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
    filename = "cifar-10-python.tar.gz"
    tgz_md5 = "c58f30108f718f92721af3b95e74349a"
    train_list = [
        ["data_batch_1", "c99cafc152244af753f735de768cd75f"],
        ["data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"],
        ["data_batch_3", "54ebc095f3ab1f0389bbae665268c751"],
        ["data_batch_4", "634d18415352ddfa80567beed471001a"],
        ["data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"],
    ]
    test_list = [["test_batch", "40351d587109b95175f43aff81a1287e"]]
    meta = {"filename": "batches.meta", "key": "label_names", "md5": "5ff9c542aee3614f3951f8cda6e48888"}

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
        *,
        check_integrity: bool = True,
    ) -> None:
        super().__init__(
            default_root() if root is None else root, transform=transform, target_transform=target_transform
        )
        self.train = train
        if download:
            self.download()
        wrong = self.wrong_file(self.root)
        if check_integrity and wrong is not None:
            raise lesson(
                RuntimeError("Dataset not found or corrupted. You can use download=True to download it"),
                expected=f"the official {wrong[0]}",
                got=wrong[1],
                hint="download=True; without a network, datasets.cifar10_or_standin(); "
                "for files in this format that are not the official ones, check_integrity=False",
            )
        self.classes, table = cifar_format.read_meta(self._path(self.meta["filename"]), self.meta["key"])
        self.class_to_idx = {name: label for label, name in enumerate(self.classes)}
        self.data, self.targets = self._read(self.train_list if train else self.test_list)
        self._made_by = str(table.get("made_by", ""))
        self._official = wrong is None

    @property
    def source(self) -> str:
        """What these files are: ``"official"``, ``"stand-in"`` (drawn by this package) or ``"unverified"``."""
        if self._official:
            return "official"
        return "stand-in" if self._made_by.startswith("pytorch-tutor") else "unverified"

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self._transformed(picture_or_array(self.data[index]), self.targets[index])

    def __len__(self) -> int:
        return len(self.data)

    def download(self) -> None:
        """Fetches, verifies and unpacks the official files where they are not there yet."""
        self.fetch(self.root)

    @classmethod
    def fetch(cls, root: str | Path) -> None:
        """Fetches, verifies and unpacks the official files into ``root`` where they are not there yet."""
        if cls.wrong_file(root) is None:
            return
        archive = download_url(mirrored(cls.url), root, cls.filename, cls.tgz_md5)
        extract_archive(archive, root)

    @classmethod
    def wrong_file(cls, root: str | Path) -> tuple[str, str] | None:
        """Returns the first file in ``root`` that is not the official one, and why; None where all are official."""
        meta = [[cls.meta["filename"], cls.meta["md5"]]]
        for name, md5 in cls.train_list + cls.test_list + meta:
            path = Path(root) / cls.base_folder / name
            if not path.is_file():
                return name, f"no file {path}"
            if calculate_md5(path) != md5:
                return name, f"{path}, whose MD5 sum is another"
        return None

    def extra_repr(self) -> str:
        source = "" if self._official else f"\nSource: {self.source}, not the official files"
        return f"Split: {'Train' if self.train is True else 'Test'}{source}"

    def _path(self, name: str) -> Path:
        return Path(self.root) / self.base_folder / name

    def _read(self, files: list[list[str]]) -> tuple[np.ndarray, list[int]]:
        rows, targets = [], []
        for name, _ in files:
            path = self._path(name)
            if not path.is_file():
                raise lesson(FileNotFoundError(f"No such file: '{path}'"), hint="download=True")
            data, labels = cifar_format.read_batch(path, len(self.classes))
            rows.append(data)
            targets += labels
        planes = np.concatenate(rows).reshape(-1, 3, 32, 32)
        # Height, width, colour, as pictures are drawn. Colour by colour: NumPy copies that way ten times faster.
        pictures = np.empty((len(planes), 32, 32, 3), np.uint8)
        for colour in range(3):
            pictures[..., colour] = planes[:, colour]
        return pictures, targets


class CIFAR100(CIFAR10):
    """The CIFAR-100 data set: as :class:`CIFAR10`, with a hundred classes of 600 pictures."""

    base_folder = "cifar-100-python"
    url = "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz"
    filename = "cifar-100-python.tar.gz"
    tgz_md5 = "eb9058c3a382ffc7106e4002c42a8d85"
    train_list = [["train", "16019d7e3df5f24257cddd939b257f8d"]]
    test_list = [["test", "f0ef6b0ae62326f3e7ffdfab6717acfc"]]
    meta = {"filename": "meta", "key": "fine_label_names", "md5": "7973b15100ade9c7d40fb424638fde48"}


def mirrored(url: str) -> list[str]:
    """Returns the addresses to try: first ``$PYTORCH_TUTOR_MIRROR`` (a school's own copy), then the official one.

    A mirror need not be trusted: what it sends must have the official MD5 sum.
    """
    mirror = os.environ.get("PYTORCH_TUTOR_MIRROR", "").rstrip("/")
    return ([f"{mirror}/{url.rsplit('/', 1)[-1]}"] if mirror else []) + [url]
