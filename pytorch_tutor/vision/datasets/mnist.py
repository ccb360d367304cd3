"""MNIST and its kin: 70,000 grey pictures of 28×28 pixels in ten classes (digits, clothes, Japanese letters)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import pytorch_tutor as torch

from ...errors import lesson
from ..pillow import picture_or_array
from .damage import DamagedFileError
from .download import DownloadError, download_url
from .idx_format import read_idx
from .integrity import check_integrity as has_md5
from .root import default_root
from .vision import VisionDataset


class MNIST(VisionDataset):
    """The `MNIST <http://yann.lecun.com/exdb/mnist/>`_ data set: pairs (PIL image in mode "L", label 0 to 9).

    ``data`` is a tensor (N, 28, 28) of bytes, ``targets`` a tensor (N,) of int64. The files are read as they come
    (``.gz``) or unpacked, whichever lies in ``root/MNIST/raw``.

    Args:
        root: the folder that holds ``MNIST/raw``; by default the user's data folder.
        train: the 60,000 training pictures, or else the 10,000 test pictures.
        transform: takes a picture, returns what shall become of it.
        target_transform: takes a label, returns what shall become of it.
        download: fetch the files first where they are missing (12 MB).
        check_integrity: accept a compressed file only with its official MD5 sum.

    Raises:
        RuntimeError: files are missing; a DamagedFileError (a RuntimeError) where one cannot be read whole.

    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document recognition, 1998.
    """

    mirrors = ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    ]
    classes = [
        *("0 - zero", "1 - one", "2 - two", "3 - three", "4 - four"),
        *("5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine"),
    ]

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
        if not self._check_exists():
            raise lesson(
                RuntimeError("Dataset not found. You can use download=True to download it"),
                expected=f"{self.resources[0][0]} and its three companions in {self.raw_folder}",
                hint="download=True",
            )
        self._check_integrity = check_integrity
        data, targets = self._read("train" if train else "t10k")
        self.data, self.targets = torch.from_numpy(data), torch.from_numpy(targets)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self._transformed(picture_or_array(self.data[index].numpy()), int(self.targets[index]))

    def __len__(self) -> int:
        return len(self.data)

    @property
    def raw_folder(self) -> str:
        """The folder of the files, ``root/MNIST/raw``."""
        return str(Path(self.root) / type(self).__name__ / "raw")

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The label of each class name."""
        return {name: label for label, name in enumerate(self.classes)}

    def download(self) -> None:
        """Fetches the four files where they are not there yet, from the first mirror that gives them."""
        if self._check_exists():
            return
        for filename, md5 in self.resources:
            try:
                download_url([mirror + filename for mirror in self.mirrors], self.raw_folder, filename, md5)
            except DownloadError as why:
                tried = str(why).split("\n", 1)[1]
                raise lesson(
                    DownloadError(f"Error downloading {filename}:\n{tried}"),
                    hint=f"check the network and try again, or put {filename} into {self.raw_folder}",
                ) from None

    def extra_repr(self) -> str:
        return f"Split: {'Train' if self.train is True else 'Test'}"

    def _file(self, resource: str) -> Path | None:
        """The file as published, or unpacked by somebody; whichever is there."""
        packed = Path(self.raw_folder) / resource
        unpacked = packed.with_suffix("")
        return next((path for path in (unpacked, packed) if path.is_file()), None)

    def _check_exists(self) -> bool:
        return all(self._file(resource) is not None for resource, _ in self.resources)

    def _read(self, split: str) -> tuple[np.ndarray, np.ndarray]:
        (data, pictures), (labels, labelled) = (
            self._read_file(resource, md5) for resource, md5 in self.resources if resource.startswith(split)
        )
        if data.dtype != np.uint8 or data.ndim != 3:
            raise DamagedFileError(pictures, f"expected pictures (N, height, width) of bytes, got shape {data.shape}")
        if labels.dtype != np.uint8 or labels.ndim != 1 or len(labels) != len(data):
            raise DamagedFileError(labelled, f"expected {len(data)} labels, got shape {labels.shape}")
        if len(labels) and labels.max() >= len(self.classes):
            what = f"a label is {labels.max()}, where 0 to {len(self.classes) - 1} is expected"
            raise DamagedFileError(labelled, what)
        return data, labels.astype(np.int64)

    def _read_file(self, resource: str, md5: str) -> tuple[np.ndarray, Path]:
        path = self._file(resource) or Path(self.raw_folder) / resource
        if self._check_integrity and path.suffix == ".gz" and not has_md5(path, md5):
            raise DamagedFileError(path, "is damaged, or not the official file (its MD5 sum is wrong)")
        return read_idx(path), path

    # Names that tutorials of 2017 and 2018 use.

    @property
    def train_labels(self) -> Any:
        warnings.warn("train_labels has been renamed targets", stacklevel=2)
        return self.targets

    @property
    def test_labels(self) -> Any:
        warnings.warn("test_labels has been renamed targets", stacklevel=2)
        return self.targets

    @property
    def train_data(self) -> Any:
        warnings.warn("train_data has been renamed data", stacklevel=2)
        return self.data

    @property
    def test_data(self) -> Any:
        warnings.warn("test_data has been renamed data", stacklevel=2)
        return self.data


class FashionMNIST(MNIST):
    """`Fashion-MNIST <https://github.com/zalandoresearch/fashion-mnist>`_: clothes in MNIST's own format."""

    mirrors = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ]
    classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]


class KMNIST(MNIST):
    """`Kuzushiji-MNIST <https://github.com/rois-codh/kmnist>`_: cursive Japanese letters in MNIST's own format."""

    mirrors = ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"]
    resources = [
        ("train-images-idx3-ubyte.gz", "bdb82020997e1d708af4cf47b453dcf7"),
        ("train-labels-idx1-ubyte.gz", "e144d726b3acfaa3e44228e80efcd344"),
        ("t10k-images-idx3-ubyte.gz", "5c965bf0a639b31b8f53240b1b52f4d7"),
        ("t10k-labels-idx1-ubyte.gz", "7320c461ea6c1c855c0b718fb2a4b134"),
    ]
    classes = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]


class EMNIST(MNIST):
    """`EMNIST <https://www.nist.gov/itl/products-and-services/emnist-dataset>`_: handwritten letters and digits.

    The unpacked archive's ``emnist-*-ubyte`` files, or their ``.gz``, lie in ``root/EMNIST/raw``.

    Args:
        root: the folder that holds ``EMNIST/raw``.
        split: "byclass", "bymerge", "balanced", "letters", "digits" or "mnist".
        train, transform, target_transform: as in :class:`MNIST`.
        download: refused: one archive of 560 MB holds all splits.
    """

    splits = ("byclass", "bymerge", "balanced", "letters", "digits", "mnist")
    _all = list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    _merged = [letter for letter in _all if letter not in "cijklmopsuvwxyz"]
    classes_split_dict = {
        "byclass": _all, "bymerge": _merged, "balanced": _merged, "letters": ["N/A", *_all[36:]], "digits": _all[:10],
        "mnist": _all[:10],
    }  # fmt: skip

    def __init__(self, root: str | Path | None = None, split: str = "balanced", **kwargs: Any) -> None:
        if split not in self.splits:
            shown = ", ".join(repr(name) for name in self.splits)
            raise ValueError(f"Unknown value '{split}' for argument split. Valid values are {{{shown}}}.")
        self.split = split
        part = "train" if kwargs.get("train", True) else "test"
        self.resources = [(f"emnist-{split}-{part}-{kind}-ubyte.gz", "") for kind in ("images-idx3", "labels-idx1")]
        self.classes = self.classes_split_dict[split]
        super().__init__(root, check_integrity=False, **kwargs)

    def download(self) -> None:
        """Says where the files are to be had."""
        if not self._check_exists():
            raise lesson(
                RuntimeError("EMNIST is not fetched: one archive of 560 MB holds all its splits"),
                expected=f"{self.resources[0][0]} and {self.resources[1][0]} in {self.raw_folder}",
                hint="unpack https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip there",
            )

    def _read(self, split: str) -> tuple[np.ndarray, np.ndarray]:
        return super()._read("emnist")
