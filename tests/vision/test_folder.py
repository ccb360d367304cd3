"""Your own pictures in folders, and pictures of noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision.datasets import DamagedFileError, DatasetFolder, FakeData, ImageFolder, VisionDataset

Image = pytest.importorskip("PIL.Image")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name, colour in (("dog/b.png", 9), ("dog/a.PNG", 8), ("cat/deep/c.png", 7)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (4, 3), colour).save(tmp_path / name)
    (tmp_path / "dog" / "notes.txt").write_text("no picture")
    return tmp_path


def test_one_folder_is_one_class(pictures: Path) -> None:
    data = ImageFolder(pictures)
    assert data.classes == ["cat", "dog"]
    assert data.class_to_idx == {"cat": 0, "dog": 1}
    assert [Path(path).name for path, _ in data.samples] == ["c.png", "a.PNG", "b.png"]
    assert data.targets == [0, 1, 1]
    assert data.imgs is data.samples
    picture, label = data[2]
    assert picture.mode == "RGB"
    assert picture.getpixel((0, 0)) == (9, 9, 9)
    assert label == 1
    assert repr(data) == f"Dataset ImageFolder\n    Number of datapoints: 3\n    Root location: {pictures}"


def test_empty_folders(pictures: Path, tmp_path: Path) -> None:
    (pictures / "fish").mkdir()
    with pytest.raises(
        FileNotFoundError, match=r"Found no valid file for the classes fish\. Supported extensions are:"
    ):
        ImageFolder(pictures)
    assert ImageFolder(pictures, allow_empty=True).classes == ["cat", "dog", "fish"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="Couldn't find any class folder"):
        ImageFolder(tmp_path / "empty")


def test_own_rules(pictures: Path) -> None:
    data = DatasetFolder(pictures, loader=len, is_valid_file=lambda path: path.endswith("b.png"), allow_empty=True)
    assert len(data) == 1
    assert data[0][1] == 1
    with pytest.raises(ValueError, match="cannot be None or not None"):
        DatasetFolder(pictures, loader=len, extensions=(".png",), is_valid_file=bool)


def test_a_damaged_picture_is_named(pictures: Path) -> None:
    path = pictures / "cat" / "deep" / "c.png"
    for data in (b"no picture", path.read_bytes()[:50]):
        path.write_bytes(data)
        with pytest.raises(DamagedFileError, match=r"c\.png: cannot be read"):
            ImageFolder(pictures)[0]


def test_fake_data_is_the_same_for_an_index_and_draws_nothing_outside() -> None:
    data = FakeData(size=3, image_size=(3, 8, 6), num_classes=5)
    torch.manual_seed(0)
    expected = torch.rand(1).item()
    torch.manual_seed(0)
    (first, label), (again, _) = data[1], data[1]
    assert torch.rand(1).item() == expected
    assert first.size == (6, 8)
    assert 0 <= label < 5
    np.testing.assert_array_equal(np.asarray(first), np.asarray(again))
    assert not np.array_equal(np.asarray(first), np.asarray(data[2][0]))
    with pytest.raises(IndexError, match="FakeData index out of range"):
        data[3]
    assert len(list(data)) == 3


def test_transforms_of_both() -> None:
    class Two(VisionDataset):
        def __len__(self) -> int:
            return 2

    both = Two("r", transforms=lambda a, b: (a, b))
    assert both.transforms is not None
    assert both.transform is None
    with pytest.raises(ValueError, match="Only transforms or transform/target_transform"):
        Two("r", transforms=lambda a, b: (a, b), transform=abs)
    described = repr(Two("r", transform=str, target_transform=int))
    assert described.splitlines()[-2:] == ["    " + "StandardTransform", "Transform: <class 'str'>"] or (
        "Transform: <class 'str'>\nTarget transform: <class 'int'>" in described
    )
