"""x + a·y is rounded once: in float32 as in float64, in short vectors, in long ones, and in the steps of SGD."""

from fractions import Fraction

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.backends.fused import LARGE, _axpy, add_multiple, multiply_add

LENGTHS = [1, 7, 100, LARGE + 5]


def exact(x, a, y):
    """The float next to x + a y, by exact fractions."""
    a = Fraction(float(x.dtype.type(a)))
    sums = [Fraction(float(p)) + a * Fraction(float(q)) for p, q in zip(x, y, strict=True)]
    if x.dtype == np.float64:
        return np.array([float(s) for s in sums])
    return np.array([float(s) for s in sums]).astype(np.float32)


def vectors(length, dtype):
    draw = np.random.default_rng(length)
    return draw.normal(size=length).astype(dtype), draw.normal(size=length).astype(dtype)


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("a", [-0.1, 0.3])
def test_one_rounding(length, dtype, a):
    x, y = vectors(length, dtype)
    if _axpy(x.dtype) is None and (dtype == np.float64 or length >= LARGE):
        pytest.skip("this NumPy has no OpenBLAS that rounds once")
    want = exact(x, a, y)
    np.testing.assert_array_equal(multiply_add(x, a, y), want)
    before = x.copy()
    add_multiple(x, a, y)
    np.testing.assert_array_equal(x, want)
    assert (want != before).any()


def test_other_layouts_and_types_are_added_all_the_same():
    x, y = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    np.testing.assert_array_equal(multiply_add(x, 2.0, y), x + 2 * y)
    np.testing.assert_array_equal(multiply_add(x.T, 0.5, x.T), 1.5 * x.T)
    np.testing.assert_array_equal(multiply_add(np.arange(3), 2, np.arange(3)), [0, 3, 6])
    assert multiply_add(1.0, 2.0, y).tolist() == multiply_add(y + y, 1.0, 1.0).tolist() == [1.0, 3.0, 5.0]
    strided = np.zeros((3, 2))[:, 0]
    add_multiple(strided, 2.0, y)
    np.testing.assert_array_equal(strided, 2 * y)


@pytest.mark.parametrize("length", LENGTHS[:3])
def test_sgd_and_add_by_hand_take_the_same_step(length):
    p, g = vectors(length, np.float32)
    weight = torch.nn.Parameter(torch.tensor(p))
    weight.grad = torch.tensor(g)
    torch.optim.SGD([weight], lr=0.1).step()
    assert weight.detach().equal(torch.tensor(p).add_(torch.tensor(g), alpha=-0.1))
    np.testing.assert_array_equal(weight.detach().numpy(), exact(p, -0.1, g))
