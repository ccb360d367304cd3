"""Summaries are bounded, and honest about what is not finite."""

import base64

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor_widgets.observe.summary import Detail, library, summarise

DETAIL = Detail(12, 20, 64)


def cells(view: object) -> np.ndarray:
    picture = view.picture  # type: ignore[attr-defined]
    return np.frombuffer(base64.b64decode(picture.cells), np.int8).reshape(picture.rows, picture.cols)


def test_small_tensors_keep_their_values_large_ones_a_picture() -> None:
    small, large = summarise(torch.ones(8, 8), DETAIL), summarise(torch.ones(100, 300), DETAIL)
    assert small.values == ("1.0",) * 64
    assert large.values is None
    assert cells(large).shape == (12, 20)
    assert large.numel == 30_000


def test_the_strongest_of_a_block_is_shown_with_its_sign() -> None:
    values = np.zeros((120, 20), np.float32)
    values[7, 3] = -5.0
    shown = cells(summarise(torch.from_numpy(values), DETAIL))
    assert shown[0, 3] == -127
    assert np.count_nonzero(shown) == 1


def test_a_single_nan_is_seen_and_the_rest_still_counted() -> None:
    values = np.ones((50, 50), np.float32)
    values[49, 49] = np.nan
    values[0, 0] = np.inf
    view = summarise(torch.from_numpy(values), DETAIL)
    assert view.stats is not None
    assert (view.stats.nan, view.stats.inf, view.stats.max) == (1, 1, "1.0")
    assert (cells(view) == -128).sum() == 2


def test_other_dtypes() -> None:
    assert summarise(torch.tensor([1, -2]), DETAIL).values == ("1", "-2")
    assert summarise(torch.tensor(1.5).to(torch.bfloat16), DETAIL).values == ("1.5",)
    assert summarise(torch.tensor([True, False]), DETAIL).values == ("1", "0")
    assert summarise(torch.zeros(0, 3), DETAIL).numel == 0


def test_what_is_no_tensor_is_refused() -> None:
    with pytest.raises(TypeError, match="expected a tensor of pytorch_tutor or torch, got list"):
        library([1.0])
