"""Elementwise kernels on small and large arrays, and erf to its last digits."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends import parallel, set_threads, threads
from pytorch_tutor.backends.reference import NUMPY


@pytest.fixture(autouse=True)
def _same_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_chosen", threads._chosen)


SHAPES = [(), (7,), (3, 5), (64, 1000), (5, 16, 40, 40)]


def lay_out(a: Any, memory: str) -> Any:
    if memory == "channels last" and a.ndim == 4:
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(a, 1, -1)), -1, 1)
    if memory == "reversed axes":
        return np.array(a, order="F")
    if memory == "every other" and a.ndim:
        return np.repeat(a, 2, axis=-1)[..., ::2]
    return a


@pytest.mark.parametrize("memory", ["plain", "channels last", "reversed axes", "every other"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arithmetic_is_numpys_to_the_last_bit(table: Any, draw: Any, shape: Any, memory: str, dtype: Any) -> None:
    a, b = (lay_out(np.asarray(draw.standard_normal(shape), dtype), memory) for _ in range(2))
    np.testing.assert_array_equal(table.add(a, b), a + b)
    np.testing.assert_array_equal(table.subtract(a, b), a - b)
    np.testing.assert_array_equal(table.multiply(a, b), a * b)
    y = table.relu(a)
    np.testing.assert_array_equal(y, np.maximum(a, 0))
    np.testing.assert_array_equal(table.relu_gradient(b, y), np.where(y > 0, b, 0))
    np.testing.assert_array_equal(table.relu_gradient(b, np.ascontiguousarray(y)), np.where(y > 0, b, 0))


@pytest.mark.parametrize("size", [8, 1 << 17])
def test_relu_keeps_nan_and_infinity(table: Any, size: int) -> None:
    x = np.full(size, -1.0, np.float32)
    x[:4] = [np.nan, -np.nan, np.inf, -np.inf]
    y = table.relu(x)
    assert np.isnan(y[:2]).all()
    assert y[2] == np.inf
    assert not y[3:].any()
    grad = np.full(size, 2, np.float32)
    grad[4:6] = [np.nan, np.inf]
    dx = table.relu_gradient(grad, y)
    assert dx[:3].tolist() == [2, 2, 2]  # where the result is NaN the gradient passes, as in PyTorch
    assert not dx[3:].any()


def test_sigmoid_and_the_others(table: Any) -> None:
    x = np.array([-1000.0, -5, 0, 5, 1000])
    expected = [0.0, 1 / (1 + math.exp(5)), 0.5, 1 / (1 + math.exp(-5)), 1.0]
    np.testing.assert_allclose(table.sigmoid(x), expected, rtol=1e-14)
    z = np.array([0.1, 1.0, 3.0])
    np.testing.assert_array_equal(table.exp(z), np.exp(z))
    np.testing.assert_array_equal(table.log(z), np.log(z))
    np.testing.assert_array_equal(table.tanh(z), np.tanh(z))


def test_erf(table: Any) -> None:
    x = np.concatenate([np.linspace(-8, 8, 10_001), [0.0, -0.0, 1e-300, 5e-9, np.inf, -np.inf]])
    expected = np.array([math.erf(v) for v in x])
    np.testing.assert_allclose(table.erf(x), expected, rtol=5e-16, atol=0)
    single = x.astype(np.float32)
    assert table.erf(single).dtype == np.float32
    expected = [math.erf(float(v)) for v in single]
    np.testing.assert_allclose(table.erf(single), np.array(expected, np.float32), rtol=1e-7)
    assert np.isnan(table.erf(np.array([np.nan]))).all()
    assert math.copysign(1, table.erf(np.array([-0.0]))[0]) == -1


@pytest.mark.parametrize("memory", ["plain", "channels last", "reversed axes", "every other"])
@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "erf"])
def test_several_threads_compute_the_same(onednn: Any, draw: Any, name: str, memory: str) -> None:
    x = lay_out(draw.random((7, 16, 50, 51)).astype(np.float32) * 9, memory)
    assert x.size > parallel.LARGE
    y = getattr(onednn, name)(x)
    np.testing.assert_array_equal(y, getattr(NUMPY, name)(x))
    if memory != "every other":
        assert y.strides == x.strides


def test_a_failure_in_another_thread_is_raised() -> None:
    def fail(block: Any) -> Any:
        if block[0] > 0:
            raise ZeroDivisionError
        return block

    set_threads(2)
    with pytest.raises(ZeroDivisionError):
        parallel.in_parts(fail, np.arange(parallel.LARGE, dtype=np.float32))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_makes_its_own_threads() -> None:
    set_threads(2)
    x = np.ones(parallel.LARGE, np.float32)
    parallel.exp(x)
    child = os.fork()
    if child == 0:
        os._exit(0 if parallel.exp(x)[-1] == np.exp(np.float32(1)) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
