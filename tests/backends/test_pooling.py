"""Pooling: both tables against plain loops and finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends.numpy_windows import output_sizes
from pytorch_tutor.backends.reference import NUMPY
from tests.backends import direct

# kernel, stride, padding, dilation, ceil_mode
GEOMETRIES = [
    ((2, 2), (2, 2), (0, 0), (1, 1), False),
    ((3, 2), (2, 1), (1, 1), (1, 1), True),
    ((3, 3), (1, 1), (1, 1), (2, 2), False),
    ((3, 3), (3, 3), (1, 0), (1, 1), True),
    ((2,), (3,), (1,), (1,), True),
    ((2, 1, 3), (2, 2, 2), (1, 0, 1), (1, 1, 1), False),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_max_pool_is_the_definition(table: Any, draw: Any, geometry: Any, dtype: Any) -> None:
    kernel, stride, padding, dilation, ceil_mode = geometry
    x = draw.integers(0, 5, (2, 3, *(7, 8, 6)[: len(kernel)])).astype(dtype)  # many ties
    out = output_sizes(x.shape[2:], kernel, stride, padding, dilation, ceil_mode)
    y, memo = table.max_pool(x, *geometry)
    np.testing.assert_array_equal(y, direct.max_pool(x, kernel, stride, padding, dilation, out))
    indices = table.max_pool_indices(memo)
    assert indices.dtype == np.int64
    planes = x.reshape(2, 3, -1)
    np.testing.assert_array_equal(np.take_along_axis(planes, indices.reshape(2, 3, -1), 2).reshape(y.shape), y)
    grad = draw.standard_normal(y.shape).astype(dtype)
    expected = np.zeros_like(planes)
    for n, c in np.ndindex(2, 3):
        np.add.at(expected[n, c], indices[n, c].ravel(), grad[n, c].ravel())
    np.testing.assert_allclose(table.max_pool_gradient(grad, memo), expected.reshape(x.shape), atol=1e-5)


def test_the_first_of_equals_wins(table: Any) -> None:
    x = np.ones((1, 1, 4, 4), np.float32)
    y, memo = table.max_pool(x, (2, 2), (2, 2), (0, 0), (1, 1))
    dx = table.max_pool_gradient(np.ones_like(y), memo)
    assert table.max_pool_indices(memo).ravel().tolist() == [0, 2, 8, 10]
    assert np.flatnonzero(dx).tolist() == [0, 2, 8, 10]


def test_nan_wins(table: Any) -> None:
    x = np.ones((1, 16, 4, 4), np.float32)
    x[0, 3, 1, 1] = np.nan
    y, memo = table.max_pool(x, (2, 2), (2, 2), (0, 0), (1, 1))
    assert np.isnan(y[0, 3, 0, 0])
    assert np.isnan(y).sum() == 1
    assert table.max_pool_indices(memo)[0, 3, 0, 0] == 5


@pytest.mark.parametrize("count_include_pad", [True, False])
@pytest.mark.parametrize("divisor", [None, 3])
@pytest.mark.parametrize("geometry", [g for g in GEOMETRIES if set(g[3]) == {1}])
def test_avg_pool(table: Any, draw: Any, geometry: Any, divisor: Any, count_include_pad: bool) -> None:
    kernel, stride, padding, _, ceil_mode = geometry
    options = (kernel, stride, padding, ceil_mode, count_include_pad, divisor)
    x = draw.standard_normal((1, 2, *(7, 5, 4)[: len(kernel)]))
    once = (1,) * len(kernel)
    out = output_sizes(x.shape[2:], kernel, stride, padding, once, ceil_mode)
    expected = np.zeros((1, 2, *out))
    for at in np.ndindex(*out):
        places = [where for _, where in direct.seen(x.shape[2:], at, stride, padding, once, kernel)]
        total = sum(x[(slice(None), slice(None), *where)] for where in places)
        start = [t * s - p for t, s, p in zip(at, stride, padding, strict=True)]
        stop = [min(i + k, n + p) for i, k, n, p in zip(start, kernel, x.shape[2:], padding, strict=True)]
        padded = np.prod([b - a for a, b in zip(start, stop, strict=True)])
        expected[(slice(None), slice(None), *at)] = total / (divisor or (padded if count_include_pad else len(places)))
    np.testing.assert_allclose(table.avg_pool(x, *options), expected, atol=1e-12)
    single = x.astype(np.float32)
    np.testing.assert_allclose(table.avg_pool(single, *options), expected, atol=1e-5)
    grad = draw.standard_normal(expected.shape)
    slopes = direct.slope(lambda v: table.avg_pool(v, *options), x, grad)
    np.testing.assert_allclose(table.avg_pool_gradient(grad, x.shape, *options), slopes, atol=1e-7)
    gradient = table.avg_pool_gradient(grad.astype(np.float32), x.shape, *options)
    np.testing.assert_allclose(gradient, slopes, atol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (7, 8), (9, 2)])
def test_adaptive_avg_pool(table: Any, draw: Any, size: tuple[int, int]) -> None:
    x = draw.standard_normal((2, 3, 7, 8))
    y = table.adaptive_avg_pool(x, size)
    for i, j in np.ndindex(*size):
        rows = slice(i * 7 // size[0], -(-(i + 1) * 7 // size[0]))
        columns = slice(j * 8 // size[1], -(-(j + 1) * 8 // size[1]))
        np.testing.assert_allclose(y[:, :, i, j], x[:, :, rows, columns].mean((2, 3)), atol=1e-12)
    grad = draw.standard_normal(y.shape)
    slopes = direct.slope(lambda v: table.adaptive_avg_pool(v, size), x, grad)
    np.testing.assert_allclose(table.adaptive_avg_pool_gradient(grad, x.shape), slopes, atol=1e-7)


def test_empty_batch(table: Any) -> None:
    x = np.zeros((0, 3, 8, 8), np.float32)
    y, memo = table.max_pool(x, (2, 2), (2, 2), (0, 0), (1, 1))
    assert y.shape == (0, 3, 4, 4)
    assert table.max_pool_gradient(y, memo).shape == x.shape
    assert table.avg_pool(x, (2, 2), (2, 2), (0, 0)).shape == (0, 3, 4, 4)


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_onednn_agrees_with_numpy(onednn: Any, draw: Any, geometry: Any) -> None:
    x = draw.standard_normal((3, 17, *(9, 8, 7)[: len(geometry[0])])).astype(np.float32)
    y, memo = onednn.max_pool(x, *geometry)
    expected, reference = NUMPY.max_pool(x, *geometry)
    np.testing.assert_array_equal(y, expected)
    grad = draw.standard_normal(y.shape).astype(np.float32)
    gradient = onednn.max_pool_gradient(grad, memo)
    np.testing.assert_allclose(gradient, NUMPY.max_pool_gradient(grad, reference), atol=1e-6)
    np.testing.assert_array_equal(onednn.max_pool_indices(memo), NUMPY.max_pool_indices(reference))
