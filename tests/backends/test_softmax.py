"""Softmax and its logarithm: definition, gradients, and the awkward inputs (huge, -inf, NaN)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.backends import direct

SHAPES = [((7,), 0), ((4, 9), 1), ((4, 9), 0), ((3, 4, 5), 1), ((64, 200), 1), ((2, 70, 90), -1)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("shape", "axis"), SHAPES)
def test_is_the_definition(table: Any, draw: Any, shape: Any, axis: int, dtype: Any) -> None:
    x = (draw.standard_normal(shape) * 20 + 300).astype(dtype)
    powers = np.exp(x.astype(np.longdouble))
    expected = powers / powers.sum(axis=axis, keepdims=True)
    near = 1e-5 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(table.softmax(x, axis), expected, rtol=near, atol=near)
    np.testing.assert_allclose(table.log_softmax(x, axis), np.log(expected), rtol=near, atol=20 * near)


@pytest.mark.parametrize(("shape", "axis"), SHAPES[:4])
def test_gradients_are_the_slopes(table: Any, draw: Any, shape: Any, axis: int) -> None:
    x, grad = draw.standard_normal(shape), draw.standard_normal(shape)
    y, z = table.softmax(x, axis), table.log_softmax(x, axis)
    slopes = direct.slope(lambda v: table.softmax(v, axis), x, grad)
    np.testing.assert_allclose(table.softmax_gradient(grad, y, axis), slopes, atol=1e-8)
    slopes = direct.slope(lambda v: table.log_softmax(v, axis), x, grad)
    np.testing.assert_allclose(table.log_softmax_gradient(grad, z, axis), slopes, atol=1e-8)


def test_large_gradients_agree(table: Any, draw: Any) -> None:
    x, grad = (draw.standard_normal((128, 100)).astype(np.float32) for _ in range(2))
    y, wide = table.softmax(x, 1), grad.astype(np.float64)
    expected = y * (wide - (wide * y).sum(1, keepdims=True))
    np.testing.assert_allclose(table.softmax_gradient(grad, y, 1), expected, atol=1e-6)
    z = table.log_softmax(x, 1)
    expected = wide - np.exp(z) * wide.sum(1, keepdims=True)
    np.testing.assert_allclose(table.log_softmax_gradient(grad, z, 1), expected, atol=1e-5)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("rows", [4, 400])
def test_infinities_and_nan(table: Any, draw: Any, rows: int) -> None:
    x = draw.standard_normal((rows, 50)).astype(np.float32)
    x[0, :10] = -np.inf
    x[1] = -np.inf
    x[2, 3] = np.nan
    y = table.softmax(x, 1)
    assert not y[0, :10].any()
    np.testing.assert_allclose(y[0].sum(), 1, rtol=1e-6)
    assert np.isnan(y[1]).all()
    assert np.isnan(y[2]).all()
    assert np.isfinite(y[3:]).all()
    z = table.log_softmax(x, 1)
    assert (z[0, :10] == -np.inf).all()
    assert np.isnan(z[1:3]).all()


def test_empty(table: Any) -> None:
    assert table.softmax(np.zeros((0, 5), np.float32), 1).shape == (0, 5)
    assert table.log_softmax(np.zeros((5, 0), np.float32), 1).shape == (5, 0)


def test_the_logarithm_is_as_exact_in_large_arrays(table: Any, draw: Any) -> None:
    x = (draw.standard_normal((1000, 30)) * 2).astype(np.float32)
    wide = x.astype(np.float64)
    expected = wide - np.log(np.exp(wide).sum(1, keepdims=True))
    assert abs(table.log_softmax(x, 1) - expected).max() < 2e-6
    x[5, 0] = -1e4  # what it is derived from, the first column's share, is 0 here
    assert np.isfinite(table.log_softmax(x, 1)).all()
