"""The stand-in: CIFAR-10's format, its own drawings, the same for the same seed, and learnable."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from pytorch_tutor.vision.datasets import CIFAR10, cifar_format, shapes, standin
from pytorch_tutor.vision.datasets.standin import is_standin, write_shapes


def read(root: Path, train: bool = True) -> CIFAR10:
    return CIFAR10(root, train=train, check_integrity=False)


def test_is_read_by_cifar10_itself(tmp_path: Path) -> None:
    folder = write_shapes(tmp_path, train=52, test=20)
    assert sorted(path.name for path in folder.iterdir()) == [
        "batches.meta",
        *(f"data_batch_{n}" for n in range(1, 6)),
        "test_batch",
    ]
    train, test = read(tmp_path), read(tmp_path, train=False)
    assert (len(train), len(test)) == (52, 20)
    assert train.classes == list(shapes.CLASSES)
    assert len(set(train.classes)) == 10
    assert train.source == test.source == "stand-in"
    assert is_standin(tmp_path)
    assert np.bincount(test.targets).tolist() == [2] * 10
    with pytest.raises(RuntimeError, match="not found or corrupted"):
        CIFAR10(tmp_path)


def test_is_read_by_pickle_as_the_official_files_are(tmp_path: Path) -> None:
    folder = write_shapes(tmp_path, train=10, test=10)
    batch = pickle.loads((folder / "data_batch_1").read_bytes(), encoding="bytes")
    assert sorted(batch) == [b"batch_label", b"data", b"filenames", b"labels"]
    assert batch[b"data"].shape == (2, 3072)
    assert batch[b"data"].dtype == np.uint8


def test_the_same_seed_draws_the_same_pictures(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_shapes(tmp_path / name, train=30, test=10, seed=seed)
    a, b, c = (read(tmp_path / name) for name in "abc")
    np.testing.assert_array_equal(a.data, b.data)
    assert a.targets == b.targets
    assert not np.array_equal(a.data, c.data)


def test_more_training_pictures_leave_the_test_pictures_as_they_are(tmp_path: Path) -> None:
    write_shapes(tmp_path / "a", train=10, test=20)
    write_shapes(tmp_path / "b", train=40, test=20)
    np.testing.assert_array_equal(read(tmp_path / "a", False).data, read(tmp_path / "b", False).data)


def test_what_is_there_stays_unless_overwritten(tmp_path: Path) -> None:
    write_shapes(tmp_path, train=10, test=10)
    write_shapes(tmp_path, train=20, test=10)
    assert len(read(tmp_path)) == 10
    write_shapes(tmp_path, train=20, test=10, overwrite=True)
    assert len(read(tmp_path)) == 20


def test_other_data_is_never_replaced(cifar_files: Path) -> None:
    before = {path.name: path.read_bytes() for path in (cifar_files / CIFAR10.base_folder).iterdir()}
    for overwrite in (False, True):
        with pytest.raises(FileExistsError, match="holds other data"):
            write_shapes(cifar_files, overwrite=overwrite)
    assert before == {path.name: path.read_bytes() for path in (cifar_files / CIFAR10.base_folder).iterdir()}


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "batches.meta")

    monkeypatch.setattr(cifar_format, "write_meta", full)
    with pytest.raises(OSError, match="No space left"):
        write_shapes(tmp_path / "root", train=10, test=10)
    assert list((tmp_path / "root").iterdir()) == []


def test_two_programs_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While this one draws, another one finishes: both are content."""
    draw = standin._write

    def slow(folder: Path, *arguments: int) -> None:
        monkeypatch.setattr(standin, "_write", draw)
        write_shapes(tmp_path, train=10, test=10)
        draw(folder, *arguments)

    monkeypatch.setattr(standin, "_write", slow)
    write_shapes(tmp_path, train=10, test=10)
    assert len(read(tmp_path)) == 10
    assert [path.name for path in tmp_path.iterdir()] == [CIFAR10.base_folder]


def test_sizes_must_make_sense(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train >= 5"):
        write_shapes(tmp_path, train=4)
    assert list(tmp_path.iterdir()) == []


def test_every_shape_has_an_inside_and_an_outside_and_is_unlike_the_others() -> None:
    steps = np.linspace(-1, 1, 65)
    x, y = np.meshgrid(steps, steps)
    inside = [shape(x, y) > 0 for shape in shapes.SHAPES]
    for name, area in zip(shapes.CLASSES, inside, strict=True):
        assert 0.1 < area.mean() < 0.65, name
    for first in range(10):
        for second in range(first):
            assert (inside[first] != inside[second]).mean() > 0.08


def test_the_shape_tells_the_class_and_colour_does_not() -> None:
    """With the shape's own mask, pictures are told apart far better than by chance; by mean colour, they are not."""
    labels = np.arange(600) % 10
    pictures = shapes.draw(labels, np.random.RandomState(0)).astype(np.float32) / 255
    assert pictures.shape == (600, 3, 32, 32)
    colour = pictures.mean(axis=(2, 3))
    means = np.stack([colour[labels == k].mean(axis=0) for k in range(10)])
    assert np.abs(means - colour.mean(axis=0)).max() < 0.12
    by_colour = ((colour[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (by_colour == labels).mean() < 0.3
    steps = (np.arange(32) + 0.5) / 16 - 1
    masks = (
        np.stack([shape(*np.meshgrid(steps / 0.72, steps / 0.72)) > 0 for shape in shapes.SHAPES])
        .reshape(10, -1)
        .astype(np.float32)
    )
    masks -= masks.mean(axis=1, keepdims=True)
    masks /= np.linalg.norm(masks, axis=1, keepdims=True)
    flat = pictures.reshape(600, 3, -1)
    match = np.linalg.norm(np.einsum("ncp,kp->nkc", flat - flat.mean(axis=2, keepdims=True), masks), axis=2)
    assert (match.argmax(axis=1) == labels).mean() > 0.3
