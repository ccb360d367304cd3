"""Data sets of photographs: read from small copies of their files, and refused clearly where those are missing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision import datasets
from pytorch_tutor.vision.pillow import from_array


def save(path: Path, shade: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    from_array(np.full((4, 5, 3), shade, np.uint8)).save(path)


def test_faces(tmp_path: Path) -> None:
    folder = tmp_path / "celeba"
    for i in range(3):
        save(folder / "img_align_celeba" / f"{i}.png", i)
    (folder / "list_eval_partition.txt").write_text("0.png 0\n1.png 1\n2.png 0\n")
    (folder / "list_attr_celeba.txt").write_text("3\nBald Young\n0.png -1  1\n1.png  1  1\n2.png  1 -1\n")
    (folder / "identity_CelebA.txt").write_text("0.png 7\n1.png 8\n2.png 9\n")
    faces = datasets.CelebA(tmp_path, target_type=["attr", "identity"])
    assert (len(faces), faces.attr_names, faces.filename) == (2, ["Bald", "Young"], ["0.png", "2.png"])
    picture, (attributes, identity) = faces[1]
    assert (picture.size, attributes.tolist(), int(identity)) == ((5, 4), [1, 0], 9)
    assert len(datasets.CelebA(tmp_path, split="all")) == 3
    with pytest.raises(
        ValueError, match=r"Unknown value 'foo' for argument split\. Valid values are \{'train', 'valid'"
    ):
        datasets.CelebA(tmp_path, split="foo")


def test_faces_are_not_downloaded(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Dataset not found or corrupted") as caught:
        datasets.CelebA(tmp_path, download=True)
    assert any("Google Drive" in note for note in caught.value.__notes__)


def test_dishes(tmp_path: Path) -> None:
    for name in ("pie", "soup"):
        save(tmp_path / "food-101" / "images" / name / "1.jpg", 9)
    (tmp_path / "food-101" / "meta").mkdir()
    (tmp_path / "food-101" / "meta" / "test.json").write_text(json.dumps({"soup": ["soup/1"], "pie": ["pie/1"]}))
    dishes = datasets.Food101(tmp_path, split="test")
    assert (dishes.classes, [dishes[i][1] for i in range(2)]) == (["pie", "soup"], [1, 0])
    assert dishes[0][0].mode == "RGB"
    with pytest.raises(RuntimeError, match="Dataset not found"):
        datasets.Food101(tmp_path / "nowhere")


def test_pets(tmp_path: Path) -> None:
    folder = tmp_path / "oxford-iiit-pet"
    save(folder / "images" / "Maine_Coon_1.jpg", 3)
    save(folder / "annotations" / "trimaps" / "Maine_Coon_1.png", 1)
    (folder / "annotations" / "trainval.txt").write_text("Maine_Coon_1 1 1 1\n")
    pets = datasets.OxfordIIITPet(tmp_path, target_types=["category", "segmentation"])
    assert pets.classes == ["Maine Coon"]
    _, (label, mask) = pets[0]
    assert (label, mask.size) == (0, (5, 4))


def test_stl10(tmp_path: Path) -> None:
    folder = tmp_path / "stl10_binary"
    folder.mkdir()
    pixels = np.arange(2 * 3 * 96 * 96, dtype=np.int64).astype(np.uint8)
    (folder / "train_X.bin").write_bytes(pixels.tobytes())
    (folder / "train_y.bin").write_bytes(bytes([1, 10]))
    (folder / "unlabeled_X.bin").write_bytes(pixels.tobytes())
    pictures = datasets.STL10(tmp_path, split="train+unlabeled")
    assert (len(pictures), pictures.labels.tolist()) == (4, [0, 9, -1, -1])
    picture = np.asarray(pictures[1][0])
    assert picture.shape == (96, 96, 3)
    assert picture[2, 5, 1] == pixels.reshape(2, 3, 96, 96)[1, 1, 5, 2]  # the files run down the columns


def test_house_numbers_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Dataset not found or corrupted"):
        datasets.SVHN(tmp_path)


def test_letters(tmp_path: Path) -> None:
    folder = tmp_path / "EMNIST" / "raw"
    folder.mkdir(parents=True)
    header = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in (2, 28, 28))
    (folder / "emnist-letters-train-images-idx3-ubyte").write_bytes(header + bytes(2 * 28 * 28))
    (folder / "emnist-letters-train-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 1, 26]))
    letters = datasets.EMNIST(tmp_path, split="letters")
    assert (len(letters), letters.classes[1], letters.targets.tolist()) == (2, "a", [1, 26])
    assert len(datasets.EMNIST.classes_split_dict["balanced"]) == 47
    with pytest.raises(RuntimeError, match="EMNIST is not fetched"):
        datasets.EMNIST(tmp_path, split="digits", download=True)
    assert torch.is_tensor(letters.data)
