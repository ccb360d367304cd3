"""Convolution: both tables against plain loops, gradients against finite differences, oneDNN against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends.numpy_convolution import COLUMN_BYTES
from pytorch_tutor.backends.numpy_windows import output_sizes
from pytorch_tutor.backends.reference import NUMPY
from tests.backends import direct

# spatial axes, groups, stride, padding, dilation, kernel
GEOMETRIES = [
    (1, 1, (1,), (1,), (1,), (3,)),
    (1, 2, (3,), (2,), (2,), (2,)),
    (2, 1, (1, 1), (1, 1), (1, 1), (3, 3)),
    (2, 1, (2, 1), (0, 2), (1, 2), (1, 3)),
    (2, 2, (2, 3), (1, 0), (2, 1), (2, 2)),
    (2, 4, (1, 1), (1, 1), (1, 1), (3, 3)),  # one filter group for each channel
    (3, 1, (1, 2, 1), (1, 0, 1), (1, 1, 2), (2, 3, 1)),
]


def sample(draw: np.random.Generator, geometry: Any, dtype: Any) -> tuple[Any, Any, Any]:
    axes, groups, _, _, _, kernel = geometry
    x = draw.standard_normal((2, 4, *((5, 6) if axes < 3 else (3, 4, 3))[:axes])).astype(dtype)
    w = draw.standard_normal((4, 4 // groups, *kernel)).astype(dtype)
    return x, w, draw.standard_normal(4).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_forward_is_the_definition(table: Any, draw: Any, geometry: Any, dtype: Any) -> None:
    x, w, b = sample(draw, geometry, dtype)
    _, groups, stride, padding, dilation, kernel = geometry
    out = output_sizes(x.shape[2:], kernel, stride, padding, dilation)
    expected = direct.convolution(x, w, b, stride, padding, dilation, groups, out)
    y = table.convolution(x, w, b, stride, padding, dilation, groups)
    assert y.shape == expected.shape
    assert y.dtype == dtype
    np.testing.assert_allclose(y, expected, atol=1e-5 if dtype == np.float32 else 1e-12)


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_gradients_are_the_slopes(table: Any, draw: Any, geometry: Any) -> None:
    x, w, b = sample(draw, geometry, np.float64)
    options = (*geometry[2:5], geometry[1])
    y = table.convolution(x, w, b, *options)
    grad = draw.standard_normal(y.shape)
    dx = table.convolution_input_gradient(grad, w, x.shape, *options)
    np.testing.assert_allclose(dx, direct.slope(lambda v: table.convolution(v, w, b, *options), x, grad), atol=1e-7)
    dw, db = table.convolution_parameter_gradients(grad, x, w.shape, True, *options)
    np.testing.assert_allclose(dw, direct.slope(lambda v: table.convolution(x, v, b, *options), w, grad), atol=1e-7)
    np.testing.assert_allclose(db, direct.slope(lambda v: table.convolution(x, w, v, *options), b, grad), atol=1e-7)
    np.testing.assert_array_equal(dw, table.convolution_weight_gradient(grad, x, w.shape, *options))


@pytest.mark.parametrize("memory", ["channels first", "channels last", "every other", "turned round"])
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_onednn_agrees_with_numpy_in_any_memory(onednn: Any, draw: Any, geometry: Any, memory: str) -> None:
    x, w, b = sample(draw, geometry, np.float32)
    options = (*geometry[2:5], geometry[1])
    grad = draw.standard_normal(NUMPY.convolution(x, w, b, *options).shape).astype(np.float32)
    expected = NUMPY.convolution(x, w, b, *options)
    slopes = NUMPY.convolution_input_gradient(grad, w, x.shape, *options)
    weights, biases = NUMPY.convolution_parameter_gradients(grad, x, w.shape, True, *options)
    x, w, grad = (lay_out(a, memory) for a in (x, w, grad))
    np.testing.assert_allclose(onednn.convolution(x, w, b, *options), expected, atol=1e-5)
    np.testing.assert_allclose(onednn.convolution_input_gradient(grad, w, x.shape, *options), slopes, atol=2e-5)
    dw, db = onednn.convolution_parameter_gradients(grad, x, w.shape, True, *options)
    np.testing.assert_allclose(dw, weights, atol=1e-4)
    np.testing.assert_allclose(db, biases, atol=1e-4)


def lay_out(a: Any, memory: str) -> Any:
    """The same numbers in other strides."""
    if memory == "channels last":
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(a, 1, -1)), -1, 1)
    if memory == "every other":
        return np.repeat(a, 2, axis=-1)[..., ::2]
    if memory == "turned round":
        return np.ascontiguousarray(a[..., ::-1])[..., ::-1]
    return a


@pytest.mark.parametrize("groups", [1, 2])
def test_results_lie_channels_last(table: Any, draw: Any, groups: int) -> None:
    x = draw.standard_normal((2, 4, 5, 5)).astype(np.float32)
    w = draw.standard_normal((6, 4 // groups, 3, 3)).astype(np.float32)
    y = table.convolution(x, w, None, (1, 1), (1, 1), (1, 1), groups)
    assert np.moveaxis(y, 1, -1).flags.c_contiguous


def test_empty_batch(table: Any) -> None:
    x, w = np.zeros((0, 3, 8, 8), np.float32), np.ones((4, 3, 3, 3), np.float32)
    options = ((1, 1), (0, 0), (1, 1), 1)
    y = table.convolution(x, w, None, *options)
    assert y.shape == (0, 4, 6, 6)
    assert table.convolution_input_gradient(y, w, x.shape, *options).shape == x.shape
    dw, db = table.convolution_parameter_gradients(y, x, w.shape, True, *options)
    assert not dw.any()
    assert not db.any()


def test_half_precision_is_rounded_once(table: Any) -> None:
    x = np.full((1, 1024, 1, 1), 1.0, np.float16)
    w = np.full((1, 1024, 1, 1), 1.001, np.float16)
    y = table.convolution(x, w, None, (1, 1), (0, 0), (1, 1), 1)
    assert y.dtype == np.float16
    assert y[0, 0, 0, 0] == np.float16(1024 * float(np.float16(1.001)))


def test_many_blocks_of_images(table: Any, draw: Any) -> None:
    """More images than fit one block of columns give what each image gives alone."""
    x = draw.standard_normal((9, 8, 64, 64)).astype(np.float32)
    w = draw.standard_normal((4, 8, 3, 3)).astype(np.float32)
    assert x[0].nbytes * 9 * 9 > COLUMN_BYTES
    options = ((1, 1), (1, 1), (1, 1), 1)
    y = table.convolution(x, w, None, *options)
    grad = draw.standard_normal(y.shape).astype(np.float32)
    dx = table.convolution_input_gradient(grad, w, x.shape, *options)
    for n in (0, 4, 8):
        one = slice(n, n + 1)
        np.testing.assert_allclose(y[one], table.convolution(x[one], w, None, *options), atol=1e-4)
        alone = table.convolution_input_gradient(grad[one], w, x[one].shape, *options)
        np.testing.assert_allclose(dx[one], alone, atol=1e-4)
    parts = [table.convolution_weight_gradient(grad[n : n + 1], x[n : n + 1], w.shape, *options) for n in range(9)]
    whole = table.convolution_weight_gradient(grad, x, w.shape, *options)
    np.testing.assert_allclose(whole, sum(parts), rtol=1e-3, atol=5e-3)
