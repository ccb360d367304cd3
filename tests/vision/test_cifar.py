"""CIFAR-10: official files or, when asked, others in the same format; whole or not at all."""

from __future__ import annotations

import io
import pickle
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytorch_tutor.vision.datasets import CIFAR10, CIFAR100, DamagedFileError, cifar_format
from pytorch_tutor.vision.datasets.integrity import calculate_md5

NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def official_here(root: Path) -> type[CIFAR10]:
    """CIFAR10 for which the files in ``root`` are the official ones."""
    folder = root / CIFAR10.base_folder

    class Here(CIFAR10):
        train_list = [[name, calculate_md5(folder / name)] for name, _ in CIFAR10.train_list]
        test_list = [[name, calculate_md5(folder / name)] for name, _ in CIFAR10.test_list]
        meta = {**CIFAR10.meta, "md5": calculate_md5(folder / "batches.meta")}

    return Here


def test_reads_pictures_labels_and_names(cifar_files: Path) -> None:
    train = official_here(cifar_files)(cifar_files)
    test = official_here(cifar_files)(str(cifar_files), train=False)
    assert len(train) == 20
    assert len(test) == 4
    assert train.data.shape == (20, 32, 32, 3)
    assert train.data.dtype == np.uint8
    assert train.targets == [3, 0, 9, 5] * 5
    assert train.classes == NAMES
    assert train.class_to_idx["frog"] == 6
    assert train.source == "official"
    # a row holds the red plane, then green, then blue, each row by row
    rows, _ = cifar_format.read_batch(cifar_files / CIFAR10.base_folder / "data_batch_1", 10)
    np.testing.assert_array_equal(train.data[2], rows[2].reshape(3, 32, 32).transpose(1, 2, 0))


def test_gives_pairs_of_pil_image_and_label(cifar_files: Path) -> None:
    Image = pytest.importorskip("PIL.Image")
    data = official_here(cifar_files)(cifar_files, train=False)
    picture, label = data[2]
    assert isinstance(picture, Image.Image)
    assert picture.mode == "RGB"
    assert picture.size == (32, 32)
    assert type(label) is int
    assert label == 9
    np.testing.assert_array_equal(np.asarray(picture), data.data[2])


def test_transforms_are_applied(cifar_files: Path) -> None:
    here = official_here(cifar_files)
    data = here(cifar_files, transform=lambda p: np.asarray(p).sum(), target_transform=lambda t: NAMES[t])
    assert data[0] == (data.data[0].sum(), "cat")


def test_repr_is_torchvisions(cifar_files: Path) -> None:
    data = official_here(cifar_files)(cifar_files, train=False)
    assert repr(data) == (
        f"Dataset Here\n    Number of datapoints: 4\n    Root location: {cifar_files}\n    Split: Test"
    )


def test_files_that_are_not_official_are_refused_with_their_name(cifar_files: Path) -> None:
    with pytest.raises(RuntimeError) as caught:
        CIFAR10(cifar_files)
    assert str(caught.value) == "Dataset not found or corrupted. You can use download=True to download it"
    notes = "\n".join(caught.value.__notes__)
    assert "data_batch_1" in notes
    assert "MD5" in notes
    assert "check_integrity=False" in notes
    with pytest.raises(RuntimeError, match="not found or corrupted") as caught:
        CIFAR10(cifar_files / "nowhere")
    assert "no file" in "\n".join(caught.value.__notes__)


def test_without_integrity_checks_they_are_read_and_called_unverified(cifar_files: Path) -> None:
    data = CIFAR10(cifar_files, check_integrity=False)
    assert len(data) == 20
    assert data.source == "unverified"
    assert "Source: unverified" in repr(data)


def test_a_truncated_file_is_named(cifar_files: Path) -> None:
    path = cifar_files / CIFAR10.base_folder / "data_batch_3"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DamagedFileError, match="data_batch_3") as caught:
        CIFAR10(cifar_files, check_integrity=False)
    assert "download=True" in caught.value.__notes__[0]
    assert len(CIFAR10(cifar_files, train=False, check_integrity=False)) == 4


def test_a_missing_file_is_named(cifar_files: Path) -> None:
    (cifar_files / CIFAR10.base_folder / "data_batch_5").unlink()
    with pytest.raises(FileNotFoundError, match="data_batch_5"):
        CIFAR10(cifar_files, check_integrity=False)


ROWS = np.zeros((2, 3072), np.uint8)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"data": ROWS, "labels": [1]}, "2 pictures, but 1 labels"),
        ({"data": ROWS}, "2 pictures, but 0 labels"),
        ({"data": ROWS, "labels": [1, 10]}, "a label is 10"),
        ({"data": ROWS, "labels": [1, -1]}, "a label is -1"),
        ({"data": ROWS, "labels": [1, 2.0]}, "a label is a float"),
        ({"data": ROWS, "labels": [True, 1]}, "a label is a bool"),
        ({"data": ROWS[:, :100], "labels": [1, 2]}, "rows of 3072"),
        ({"data": ROWS.astype(np.float32), "labels": [1, 2]}, "rows of 3072"),
        ({"data": ROWS.tolist(), "labels": [1, 2]}, "rows of 3072"),
        ({"labels": [1, 2]}, "rows of 3072"),
    ],
)
def test_pictures_and_labels_must_fit(cifar_files: Path, table: dict[str, Any], says: str) -> None:
    path = cifar_files / CIFAR10.base_folder / "test_batch"
    path.write_bytes(pickle.dumps(table, protocol=2))
    with pytest.raises(DamagedFileError, match=f"test_batch: .*{says}"):
        CIFAR10(cifar_files, train=False, check_integrity=False)


def test_class_names_must_be_there(cifar_files: Path) -> None:
    path = cifar_files / CIFAR10.base_folder / "batches.meta"
    path.write_bytes(pickle.dumps({"label_names": [b"a", 3]}, protocol=2))
    with pytest.raises(DamagedFileError, match=r"batches\.meta"):
        CIFAR10(cifar_files, check_integrity=False)


def test_cifar100_reads_fine_labels(tmp_path: Path) -> None:
    folder = tmp_path / "cifar-100-python"
    folder.mkdir()
    for name in ("train", "test"):
        table = {"data": ROWS, "fine_labels": [99, 4], "coarse_labels": [1, 0]}
        (folder / name).write_bytes(pickle.dumps(table, protocol=2))
    names = [f"class {number}" for number in range(100)]
    (folder / "meta").write_bytes(pickle.dumps({"fine_label_names": names}, protocol=2))
    data = CIFAR100(tmp_path, check_integrity=False)
    assert data.targets == [99, 4]
    assert len(data.classes) == 100


def test_download_verifies_and_unpacks(cifar_files: Path, tmp_path: Path, server: Any) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.add(cifar_files / CIFAR10.base_folder, CIFAR10.base_folder)
    server.files["cifar-10-python.tar.gz"] = packed.getvalue()
    server.break_after = [2000]
    (tmp_path / "archive").write_bytes(packed.getvalue())

    class Here(official_here(cifar_files)):  # type: ignore[misc]
        url = server.url("cifar-10-python.tar.gz")
        tgz_md5 = calculate_md5(tmp_path / "archive")

    new = tmp_path / "new"
    with pytest.raises(RuntimeError, match="2,000 of"):
        Here(new, download=True)
    assert len(Here(new, download=True)) == 20
    asked = len(server.asked)
    assert len(Here(new, train=False, download=True)) == 4
    assert len(server.asked) == asked  # what is there is not fetched again

    damaged = new / CIFAR10.base_folder / "data_batch_2"
    damaged.write_bytes(b"damaged")
    assert len(Here(new, download=True)) == 20  # unpacked again from the archive that is still there
    assert len(server.asked) == asked


def test_a_schools_mirror_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from pytorch_tutor.vision.datasets.cifar import mirrored

    assert mirrored(CIFAR10.url) == [CIFAR10.url]
    monkeypatch.setenv("PYTORCH_TUTOR_MIRROR", "http://school.example/data/")
    assert mirrored(CIFAR10.url) == ["http://school.example/data/cifar-10-python.tar.gz", CIFAR10.url]


def test_without_pillow_pictures_are_arrays(cifar_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pytorch_tutor.vision import pillow, transforms

    monkeypatch.setattr(pillow, "Image", None)
    picture, _ = CIFAR10(cifar_files, train=False, check_integrity=False)[0]
    assert isinstance(picture, np.ndarray)
    assert picture.shape == (32, 32, 3)
    assert transforms.ToTensor()(picture).shape == (3, 32, 32)
    with pytest.raises(ImportError, match="Pillow is needed") as caught:
        transforms.ToPILImage()(picture)
    assert "pip install pillow" in caught.value.__notes__[0]
