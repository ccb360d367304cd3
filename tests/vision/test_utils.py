"""Contact sheets, and saving pictures without losing an old one."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision.utils import make_grid, save_image


def test_grid_places_pictures_row_by_row() -> None:
    pictures = torch.arange(5.0).reshape(5, 1, 1, 1).expand(5, 3, 2, 3)
    grid = make_grid(pictures, nrow=2, padding=1, pad_value=9.0)
    assert grid.shape == (3, 3 * 3 + 1, 2 * 4 + 1)
    expected = np.full((10, 9), 9.0, np.float32)
    for number in range(5):
        top, left = number // 2 * 3 + 1, number % 2 * 4 + 1
        expected[top : top + 2, left : left + 3] = number
    np.testing.assert_array_equal(grid[0].numpy(), np.where(expected == 9, 9, expected))


def test_grey_and_single_pictures_get_three_colours() -> None:
    assert make_grid(torch.zeros(4, 5)).shape == (3, 4, 5)
    assert make_grid(torch.zeros(1, 4, 5)).shape == (3, 4, 5)
    assert make_grid(torch.zeros(3, 4, 5)).shape == (3, 4, 5)
    assert make_grid([torch.zeros(1, 4, 5)] * 2).shape == (3, 8, 16)


def test_normalize_stretches_all_or_each() -> None:
    pictures = torch.tensor([[0.0, 1.0], [0.0, 10.0]]).reshape(2, 1, 1, 2)
    before = pictures.numpy().copy()
    all_of_them = make_grid(pictures, normalize=True, padding=0)[0].flatten()
    each = make_grid(pictures, normalize=True, scale_each=True, padding=0)[0].flatten()
    ranged = make_grid(pictures, normalize=True, value_range=(0, 2), padding=0)[0].flatten()
    assert all_of_them.tolist() == pytest.approx([0, 0.1, 0, 1])
    assert each.tolist() == pytest.approx([0, 1, 0, 1])
    assert ranged.tolist() == pytest.approx([0, 0.5, 0, 1])
    np.testing.assert_array_equal(pictures.numpy(), before)


def test_grid_refuses_what_is_no_picture() -> None:
    with pytest.raises(TypeError, match="tensor or list of tensors expected, got <class 'int'>"):
        make_grid(3)
    with pytest.raises(TypeError, match="got a list containing <class 'int'>"):
        make_grid([torch.zeros(3, 2, 2), 3])


def test_save_image(tmp_path: Path) -> None:
    Image = pytest.importorskip("PIL.Image")
    picture = torch.tensor([0.0, 0.5, 1.0, 2.0]).reshape(1, 2, 2)
    for target in (tmp_path / "a.png", str(tmp_path / "b.bmp")):
        save_image(picture, target)
        assert np.asarray(Image.open(target))[..., 0].tolist() == [[0, 128], [255, 255]]
    memory = io.BytesIO()
    save_image(picture, memory, format="png")
    assert memory.getvalue()[:4] == b"\x89PNG"


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    (tmp_path / "a.png").write_bytes(b"old")
    with pytest.raises(KeyError):
        save_image(torch.zeros(3, 2, 2), tmp_path / "a.png", format="no such format")
    assert (tmp_path / "a.png").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
