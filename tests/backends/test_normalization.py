"""Batch and layer normalization: the definition, finite differences, and oneDNN against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends.reference import NUMPY
from tests.backends import direct

EPS = 1e-3
SHAPES = [(5, 3), (4, 3, 5), (2, 3, 4, 3), (2, 3, 2, 3, 2)]


def column(v: Any, x: Any) -> Any:
    return v.reshape(-1, *[1] * (x.ndim - 2))


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm(table: Any, draw: Any, shape: Any, dtype: Any, affine: bool) -> None:
    x = draw.standard_normal(shape).astype(dtype) * 3 + 2
    w, b = (draw.standard_normal(3).astype(dtype) for _ in range(2)) if affine else (None, None)
    over = (0, *range(2, x.ndim))
    wide = x.astype(np.float64)
    expected = (wide - wide.mean(over, keepdims=True)) / np.sqrt(wide.var(over, keepdims=True) + EPS)
    if affine:
        expected = expected * column(w, x) + column(b, x)
    near = 1e-5 if dtype == np.float32 else 1e-12
    y, mean, variance, memo = table.batch_norm_train(x, w, b, EPS)
    assert y.dtype == mean.dtype == variance.dtype == dtype
    np.testing.assert_allclose(y, expected, atol=near)
    np.testing.assert_allclose(mean, wide.mean(over), atol=near)
    np.testing.assert_allclose(variance, wide.var(over), rtol=1e-5)
    grad = draw.standard_normal(shape).astype(dtype)
    kept = x.copy()
    dx, dw, db = table.batch_norm_gradient(grad, memo)
    np.testing.assert_array_equal(x, kept)
    one, zero = np.ones(3), np.zeros(3)
    w, b = (one, zero) if w is None else (w.astype(np.float64), b.astype(np.float64))
    near = 2e-4 if dtype == np.float32 else 1e-6
    for got, at, function in (
        (dx, wide, lambda v: NUMPY.batch_norm_train(v, w, b, EPS)[0]),
        (dw, w, lambda v: NUMPY.batch_norm_train(wide, v, b, EPS)[0]),
        (db, b, lambda v: NUMPY.batch_norm_train(wide, w, v, EPS)[0]),
    ):
        np.testing.assert_allclose(got, direct.slope(function, at, grad), atol=near)


@pytest.mark.parametrize("shape", SHAPES)
def test_batch_norm_at_inference(table: Any, draw: Any, shape: Any) -> None:
    x = draw.standard_normal(shape)
    w, b, mean, variance = (draw.random(3) + 0.1 for _ in range(4))
    y = table.batch_norm_infer(x, w, b, mean, variance, EPS)
    expected = (x - column(mean, x)) / np.sqrt(column(variance, x) + EPS) * column(w, x) + column(b, x)
    np.testing.assert_allclose(y, expected, atol=1e-12)
    plain = table.batch_norm_infer(x, None, None, mean, variance, EPS)
    np.testing.assert_allclose(plain, (x - column(mean, x)) / np.sqrt(column(variance, x) + EPS), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("shape", "ndim"), [((6, 5), 1), ((2, 3, 4), 2), ((2, 3, 7), 1), ((9,), 1)])
def test_layer_norm(table: Any, draw: Any, shape: Any, ndim: int, dtype: Any) -> None:
    x = draw.standard_normal(shape).astype(dtype) * 3 + 2
    w, b = (draw.standard_normal(shape[len(shape) - ndim :]).astype(dtype) for _ in range(2))
    over = tuple(range(len(shape) - ndim, len(shape)))
    wide = x.astype(np.float64)
    expected = (wide - wide.mean(over, keepdims=True)) / np.sqrt(wide.var(over, keepdims=True) + EPS) * w + b
    y, memo = table.layer_norm(x, ndim, w, b, EPS)
    assert y.dtype == dtype
    np.testing.assert_allclose(y, expected, atol=1e-5 if dtype == np.float32 else 1e-12)
    grad = draw.standard_normal(shape).astype(dtype)
    w, b = w.astype(np.float64), b.astype(np.float64)
    for got, at, function in zip(
        table.layer_norm_gradient(grad, memo),
        (wide, w, b),
        (
            lambda v: NUMPY.layer_norm(v, ndim, w, b, EPS)[0],
            lambda v: NUMPY.layer_norm(wide, ndim, v, b, EPS)[0],
            lambda v: NUMPY.layer_norm(wide, ndim, w, v, EPS)[0],
        ),
        strict=True,
    ):
        np.testing.assert_allclose(got, direct.slope(function, at, grad), atol=2e-4 if dtype == np.float32 else 1e-6)


@pytest.mark.parametrize("channels", [3, 16])
def test_many_pixels_keep_their_digits(table: Any, draw: Any, channels: int) -> None:
    """A running float32 sum over 65 536 pixels far from zero would lose the mean."""
    x = (draw.random((64, channels, 32, 32)) + 100).astype(np.float32)
    _, mean, variance, _ = table.batch_norm_train(x, None, None, EPS)
    np.testing.assert_allclose(mean, x.mean((0, 2, 3), dtype=np.float64), rtol=2e-5)
    np.testing.assert_allclose(variance, x.var((0, 2, 3), dtype=np.float64), rtol=1e-3)


def test_writing_into_the_result_leaves_the_memo(table: Any, draw: Any) -> None:
    x = draw.standard_normal((4, 3, 5)).astype(np.float32)
    y, _, _, memo = table.batch_norm_train(x, None, None, EPS)
    grad = draw.standard_normal(x.shape).astype(np.float32)
    before = table.batch_norm_gradient(grad, memo)[0].copy()
    y[...] = 7
    np.testing.assert_array_equal(table.batch_norm_gradient(grad, memo)[0], before)


def test_empty(table: Any) -> None:
    y, memo = table.layer_norm(np.zeros((0, 4), np.float32), 1, None, None, EPS)
    assert y.shape == (0, 4)
    assert table.layer_norm_gradient(y, memo)[0].shape == (0, 4)
