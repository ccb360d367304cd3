"""A layer of LSTM: against the equations one step at a time, finite differences, and oneDNN against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends.reference import NUMPY
from tests.backends import direct


def sample(draw: np.random.Generator, steps: int, batch: int, width: int, size: int, dtype: Any) -> list[Any]:
    shapes = [(steps, batch, width), (batch, size), (batch, size), (4 * size, width), (4 * size, size), (4 * size,)]
    return [draw.standard_normal(shape).astype(dtype) * 0.5 for shape in shapes]


def by_hand(x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, b: Any, reverse: bool) -> tuple[Any, Any, Any]:
    states = [None] * len(x)
    for t in range(len(x))[:: -1 if reverse else 1]:
        i, f, g, o = np.split(x[t] @ w_ih.T + h @ w_hh.T + b, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-v)) for v in (i, f, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        states[t] = h
    return np.stack(states), h, c


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (5, 2, 3, 4), (4, 3, 17, 33)])
def test_is_the_equations(table: Any, draw: Any, sizes: Any, dtype: Any, reverse: bool) -> None:
    arrays = sample(draw, *sizes, dtype)
    expected = by_hand(*[a.astype(np.float64) for a in arrays], reverse)
    for got, value in zip(table.lstm(*arrays, reverse)[:3], expected, strict=True):
        assert got.dtype == dtype
        np.testing.assert_allclose(got, value, atol=1e-5 if dtype == np.float32 else 1e-12)
    zero = [*arrays[:5], np.zeros_like(arrays[5])]
    for got, value in zip(table.lstm(*arrays[:5], None, reverse)[:3], table.lstm(*zero, reverse)[:3], strict=True):
        np.testing.assert_array_equal(got, value)


@pytest.mark.parametrize("reverse", [False, True])
def test_gradients_are_the_slopes(table: Any, draw: Any, reverse: bool) -> None:
    arrays = sample(draw, 4, 2, 3, 3, np.float64)
    results = table.lstm(*arrays, reverse)
    grads = [draw.standard_normal(r.shape) for r in results[:3]]
    got = table.lstm_gradient(*grads, results[3])
    for k, gradient in enumerate(got):

        def total(value: Any, k: int = k) -> Any:
            changed = [*arrays[:k], value, *arrays[k + 1 :]]
            return sum((r * g).sum() for r, g in zip(table.lstm(*changed, reverse)[:3], grads, strict=True))

        np.testing.assert_allclose(gradient, direct.slope(total, arrays[k], 1.0), atol=1e-7)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (7, 5, 6, 9), (12, 8, 64, 32)])
def test_onednn_agrees_with_numpy(onednn: Any, draw: Any, sizes: Any, reverse: bool) -> None:
    arrays = sample(draw, *sizes, np.float32)
    results, expected = onednn.lstm(*arrays, reverse), NUMPY.lstm(*arrays, reverse)
    for got, value in zip(results[:3], expected[:3], strict=True):
        np.testing.assert_allclose(got, value, atol=2e-6)
    grads = [draw.standard_normal(r.shape).astype(np.float32) for r in results[:3]]
    got = onednn.lstm_gradient(*grads, results[3])
    for gradient, value in zip(got, NUMPY.lstm_gradient(*grads, expected[3]), strict=True):
        np.testing.assert_allclose(gradient, value, rtol=1e-4, atol=1e-4)
    for gradient, again in zip(got, onednn.lstm_gradient(*grads, results[3]), strict=True):
        np.testing.assert_array_equal(gradient, again)  # a second pass finds the memo as it was


def test_writing_into_the_results_leaves_the_memo(table: Any, draw: Any) -> None:
    arrays = sample(draw, 3, 2, 3, 4, np.float32)
    results = table.lstm(*arrays, False)
    grads = [np.ones_like(r) for r in results[:3]]
    before = [g.copy() for g in table.lstm_gradient(*grads, results[3])]
    for r in results[:3]:
        r[...] = 5
    for gradient, value in zip(table.lstm_gradient(*grads, results[3]), before, strict=True):
        np.testing.assert_array_equal(gradient, value)


def test_no_samples(table: Any, draw: Any) -> None:
    arrays = sample(draw, 3, 0, 3, 4, np.float32)
    assert table.lstm(*arrays, False)[0].shape == (3, 0, 4)
