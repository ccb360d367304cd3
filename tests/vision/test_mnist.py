"""MNIST: read from its published or unpacked files, whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision.datasets import KMNIST, MNIST, DamagedFileError, FashionMNIST, idx_format


def packed(root: Path) -> type[MNIST]:
    """Packs the files of ``root`` and returns MNIST for which they are the official ones."""
    raw = root / "MNIST" / "raw"
    sums = []
    for name, _ in MNIST.resources:
        data = gzip.compress((raw / name[:-3]).read_bytes(), mtime=0)
        (raw / name).write_bytes(data)
        (raw / name[:-3]).unlink()
        sums.append((name, hashlib.md5(data).hexdigest()))
    return type("MNIST", (MNIST,), {"resources": sums})


def test_reads_unpacked_files(mnist_files: Path) -> None:
    data = MNIST(mnist_files)
    assert len(data) == 6
    assert data.data.shape == (6, 28, 28)
    assert data.data.dtype == torch.uint8
    assert data.targets.dtype == torch.int64
    assert data.targets.tolist() == list(range(6))
    assert data.classes[3] == "3 - three"
    assert data.class_to_idx["9 - nine"] == 9
    assert repr(MNIST(mnist_files, train=False)) == (
        f"Dataset MNIST\n    Number of datapoints: 2\n    Root location: {mnist_files}\n    Split: Test"
    )


def test_gives_pairs_of_grey_image_and_label(mnist_files: Path) -> None:
    Image = pytest.importorskip("PIL.Image")
    data = MNIST(mnist_files)
    picture, label = data[4]
    assert isinstance(picture, Image.Image)
    assert picture.mode == "L"
    assert type(label) is int
    assert label == 4
    np.testing.assert_array_equal(np.asarray(picture), data.data[4].numpy())


def test_reads_packed_files_and_verifies_them(mnist_files: Path) -> None:
    plain = MNIST(mnist_files).data.numpy().copy()
    here = packed(mnist_files)
    np.testing.assert_array_equal(here(mnist_files).data.numpy(), plain)
    with pytest.raises(DamagedFileError, match=r"train-images-idx3-ubyte\.gz.*MD5"):
        MNIST(mnist_files)
    assert len(MNIST(mnist_files, check_integrity=False)) == 6


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError) as caught:
        MNIST(tmp_path)
    assert str(caught.value) == "Dataset not found. You can use download=True to download it"
    assert "train-images-idx3-ubyte.gz" in caught.value.__notes__[0]


def test_a_truncated_or_long_file_is_named(mnist_files: Path) -> None:
    path = mnist_files / "MNIST" / "raw" / "train-images-idx3-ubyte"
    whole = path.read_bytes()
    for data in (*(whole[:length] for length in (0, 3, 4, 10, 16, 500, len(whole) - 1)), whole + b"x", b"PK" + whole):
        path.write_bytes(data)
        with pytest.raises(DamagedFileError, match="train-images-idx3-ubyte"):
            MNIST(mnist_files)
    path.write_bytes(whole)
    assert len(MNIST(mnist_files)) == 6


def test_a_truncated_packed_file_is_named(mnist_files: Path) -> None:
    packed(mnist_files)
    path = mnist_files / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
    whole = path.read_bytes()
    for length in (0, 5, len(whole) // 2, len(whole) - 4):
        path.write_bytes(whole[:length])
        with pytest.raises(DamagedFileError, match="train-images"):
            MNIST(mnist_files, check_integrity=False)
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(DamagedFileError, match="train-images"):
        MNIST(mnist_files, check_integrity=False)


def test_a_header_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\0\0\x08\x03" + b"\xff" * 12 + b"\0" * 100)
    with pytest.raises(DamagedFileError, match="claims"):
        idx_format.read_idx(tmp_path / "x")


def test_pictures_and_labels_must_fit(mnist_files: Path) -> None:
    raw = mnist_files / "MNIST" / "raw"
    idx_format.write_idx(raw / "t10k-labels-idx1-ubyte", np.arange(3, dtype=np.uint8))
    with pytest.raises(DamagedFileError, match=r"t10k-labels.*expected 2 labels"):
        MNIST(mnist_files, train=False)
    idx_format.write_idx(raw / "t10k-labels-idx1-ubyte", np.array([1, 77], np.uint8))
    with pytest.raises(DamagedFileError, match=r"t10k-labels.*a label is 77"):
        MNIST(mnist_files, train=False)
    idx_format.write_idx(raw / "t10k-images-idx3-ubyte", np.zeros((2, 784), np.uint8))
    with pytest.raises(DamagedFileError, match="t10k-images"):
        MNIST(mnist_files, train=False)


def test_download_tries_each_mirror(mnist_files: Path, tmp_path: Path, server: Any) -> None:
    here = packed(mnist_files)
    raw = mnist_files / "MNIST" / "raw"
    for name, _ in here.resources:
        server.files[f"b/{name}"] = (raw / name).read_bytes()
    here.mirrors = [server.url("a/"), server.url("b/")]
    assert len(here(tmp_path / "new", download=True)) == 6
    asked = len(server.asked)
    assert asked == 8
    here(tmp_path / "new", download=True)
    assert len(server.asked) == asked
    here.mirrors = [server.url("a/")]
    with pytest.raises(RuntimeError, match=r"Error downloading train-images-idx3-ubyte\.gz:\n.*404"):
        here(tmp_path / "newer", download=True)


def test_old_names_warn(mnist_files: Path) -> None:
    data = MNIST(mnist_files)
    for old in ("train_data", "test_data", "train_labels", "test_labels"):
        with pytest.warns(UserWarning, match=f"{old} has been renamed"):
            getattr(data, old)


def test_kin_have_their_own_folders_and_names(tmp_path: Path) -> None:
    for kind, name in ((FashionMNIST, "Ankle boot"), (KMNIST, "wo")):
        assert kind.classes[9] == name
        assert len(kind.classes) == 10
        with pytest.raises(RuntimeError, match="not found") as caught:
            kind(tmp_path)
        assert kind.__name__ in caught.value.__notes__[0]


@pytest.mark.parametrize("dtype", ["u1", "i2", "i4", "f4", "f8"])
def test_idx_knows_all_dtypes(tmp_path: Path, dtype: str) -> None:
    code = {"u1": 8, "i2": 11, "i4": 12, "f4": 13, "f8": 14}[dtype]
    values = np.arange(6).reshape(2, 3).astype(">" + dtype)
    (tmp_path / "x").write_bytes(bytes([0, 0, code, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + values.tobytes())
    read = idx_format.read_idx(tmp_path / "x")
    assert read.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(read, values)
