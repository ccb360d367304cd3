"""Sums have PyTorch's last digits: values printed by PyTorch 2.13 for the same numbers."""

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.backends.numpy_sum import LARGEST, in_turn, summed


def numbers(*shape):
    """Numbers whose float32 sum depends on the order: thirds, sevenths and large ones mixed."""
    n = int(np.prod(shape))
    i = np.arange(n)
    return ((i * 37 % 101) / 7 * np.where(i % 13 == 0, 1000, 1 / 3)).astype("f4").reshape(shape)


WANT = [
    ((5000, 10), [0, 5, 9], [2774286.25, 2753685.5, 2767713.25]),
    ((3000, 50), [0, 20, 49], [1640456.25, 1662592.5, 1662165.5]),
    ((600000, 3), [0, 1, 2], [330993088.0, 330988960.0, 330984800.0]),
]


@pytest.mark.parametrize(("shape", "axes", "places", "want"), [
    ((6,), (0,), [0], [12.0]),
    ((11,), (0,), [0], [24.761903762817383]),
    ((40,), (0,), [0], [22801.666015625]),
    ((100,), (0,), [0], [48507.05078125]),
    ((1000,), (0,), [0], [546342.875]),
    ((20000,), (0,), [0], [11030098.0]),
    ((7, 50), (1,), [0, 3, 6], [22825.80859375, 31396.90625, 17113.666015625]),
    ((40, 9), (0,), [0, 4, 8], [31369.953125, 27083.810546875, 16804.4765625]),
    ((100, 33), (0,), [0, 16, 32], [49791.00390625, 62501.7109375, 71356.5703125]),
    ((3, 20, 5), (1,), [0, 7, 14], [11763.3828125, 22175.62109375, 18183.33203125]),
])  # fmt: skip
def test_the_order_is_pytorchs(shape, axes, places, want):
    got = summed(numbers(*shape), axes)
    assert np.atleast_1d(got).reshape(-1)[places].tolist() == want


@pytest.mark.parametrize("shape", [(5,), (300,), (7, 50), (40, 9), (3, 20, 5), (0, 4), (1,), (LARGEST + 1,)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_it_is_a_sum(shape, keepdims):
    x = numbers(*shape).astype("f8")
    for axes in [tuple(range(len(shape))), (0,), (len(shape) - 1,)]:
        got, want = summed(x, axes, keepdims), x.sum(axis=axes, keepdims=keepdims)
        assert np.shape(got) == want.shape
        np.testing.assert_allclose(got, want, rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_a_sum_of_negative_zeros_is_positive(n):
    assert not np.signbit(summed(np.full(n, -0.0, "f4"), (0,)))
    assert not np.signbit(in_turn(np.full(n, -0.0, "f4")))
    assert summed(np.full((2, n), -0.0, "f4"), (1,)).dtype == np.float32
    assert not np.signbit(summed(np.full((2, n), -0.0, "f4"), (1,))).any()


def test_other_arrays_are_summed_by_numpy():
    x = numbers(6, 5)
    assert summed(x.T, (0,)).tolist() == x.T.sum(0).tolist()
    assert summed(x.astype("i8"), (0, 1)) == x.astype("i8").sum()
    assert in_turn(x) == x.sum()


def test_the_engine_sums_so():
    x = torch.from_numpy(numbers(7, 50))
    assert x.sum().item() == summed(numbers(7, 50), (0, 1))
    assert x.mean(0).tolist() == (summed(numbers(7, 50), (0,)) / np.float32(7)).tolist()


@pytest.mark.parametrize(("shape", "places", "want"), WANT)
def test_narrow_columns_keep_the_order_however_long_they_are(shape, places, want):
    got = summed(numbers(*shape), (0,))
    assert got[places].tolist() == want
    assert got.tolist() != numbers(*shape).sum(0).tolist()
