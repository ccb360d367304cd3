"""The stand-in for CIFAR-10: drawn shapes, written in CIFAR-10's own files, read by the same class."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from . import cifar_format, shapes
from .cifar import CIFAR10

VERSION = 1  # counts up when the drawings change, so that nobody compares results on different pictures
TRAIN, TEST = 10_000, 2_000


def write_shapes(
    root: str | os.PathLike[str], train: int = TRAIN, test: int = TEST, seed: int = 0, overwrite: bool = False
) -> Path:
    """Draws ten classes of shapes and writes them as ``root/cifar-10-batches-py``; returns that folder.

    The files have CIFAR-10's names and format: five training batches, a test batch and ``batches.meta``, which also
    says that they were made here. Read them with ``CIFAR10(root, check_integrity=False)``; ``.source`` is then
    ``"stand-in"``. The folder appears only when it is complete. 12,000 pictures take some seconds.

    Args:
        root: the folder to write into; made where missing.
        train, test: how many pictures; a multiple of ten has equally many of each class.
        seed: other seeds draw other pictures.
        overwrite: replace a stand-in that is already there. Files that are not a stand-in are never replaced.

    Raises:
        FileExistsError: ``root`` already holds other data in this format.
        OSError: the folder cannot be written, or the disk is full; nothing half done stays behind.
    """
    if train < 5 or test < 1:
        raise ValueError(f"expected train >= 5 and test >= 1, got train={train} and test={test}")
    folder = Path(root).expanduser() / CIFAR10.base_folder
    if folder.exists():
        if not is_standin(folder.parent):
            raise FileExistsError(f"{folder} holds other data; choose another root for the stand-in")
        if not overwrite:
            return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".drawing-", dir=folder.parent))
    try:
        _write(scratch, train, test, seed)
        scratch.chmod(0o755)  # mkdtemp makes a folder that only its owner may read
        if overwrite and folder.exists():
            shutil.rmtree(folder)
        _appear(scratch, folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def is_standin(root: str | os.PathLike[str]) -> bool:
    """Tells whether ``root`` holds a complete stand-in that :func:`write_shapes` wrote."""
    folder = Path(root).expanduser() / CIFAR10.base_folder
    names = [name for name, _ in CIFAR10.train_list + CIFAR10.test_list]
    if not all((folder / name).is_file() for name in [*names, CIFAR10.meta["filename"]]):
        return False
    try:
        _, table = cifar_format.read_meta(folder / CIFAR10.meta["filename"], CIFAR10.meta["key"])
    except RuntimeError:
        return False
    return str(table.get("made_by", "")).startswith("pytorch-tutor")


def _write(folder: Path, train: int, test: int, seed: int) -> None:
    random = np.random.RandomState(seed)
    # The test pictures first: a larger training set then has the same test set.
    _write_part(folder / CIFAR10.test_list[0][0], test, random)
    share, rest = divmod(train, 5)
    for number, (name, _) in enumerate(CIFAR10.train_list):
        _write_part(folder / name, share + (number < rest), random)
    made_by = f"pytorch-tutor stand-in {VERSION}, {train} + {test} pictures, seed {seed}"
    cifar_format.write_meta(folder / CIFAR10.meta["filename"], shapes.CLASSES, share, made_by)


def _write_part(path: Path, count: int, random: np.random.RandomState) -> None:
    labels = random.permutation(np.arange(count) % len(shapes.CLASSES))
    pictures = shapes.draw(labels, random).reshape(count, -1)
    cifar_format.write_batch(path, pictures, labels.tolist(), path.name)


def _appear(scratch: Path, folder: Path) -> None:
    """Gives the finished folder its name; another program may have been quicker, and its pictures are as good."""
    try:
        scratch.rename(folder)
    except OSError:
        if not is_standin(folder.parent):
            raise
