"""The optimizer steps, against the formulas on whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends.numpy_optimizers import BLOCK

SHAPES = [(), (3, 4), (BLOCK * 2 + 5,)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("maximize", [False, True])
def test_sgd(table: Any, draw: Any, shape: Any, nesterov: bool, maximize: bool) -> None:
    p, g, b = (np.asarray(draw.standard_normal(shape)) for _ in range(3))
    d = (-g if maximize else g) + 0.1 * p
    momentum = 0.9 * b + d
    expected = p - 0.5 * (d + 0.9 * momentum if nesterov else momentum)
    kept = g.copy()
    table.sgd(p, g, b, 0.5, momentum=0.9, weight_decay=0.1, nesterov=nesterov, maximize=maximize)
    np.testing.assert_allclose(p, expected, atol=1e-12)
    np.testing.assert_allclose(b, momentum, atol=1e-12)
    np.testing.assert_array_equal(g, kept)


def test_plain_sgd_and_dampening(table: Any) -> None:
    p, g = np.array([1.0, 2.0]), np.array([0.5, 0.5])
    table.sgd(p, g, None, 0.1)
    np.testing.assert_allclose(p, [0.95, 1.95])
    b = np.array([1.0, 1.0])
    table.sgd(p, g, b, 0.1, momentum=0.5, dampening=0.5)
    np.testing.assert_allclose(b, [0.75, 0.75])
    np.testing.assert_allclose(p, [0.875, 1.875])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("amsgrad", [False, True])
@pytest.mark.parametrize("maximize", [False, True])
def test_adam(table: Any, draw: Any, shape: Any, decoupled: bool, amsgrad: bool, maximize: bool) -> None:
    p, g, m = (np.asarray(draw.standard_normal(shape)) for _ in range(3))
    v, top = (np.asarray(draw.random(shape)) for _ in range(2))
    slope = -g if maximize else g.copy()
    start = p * (1 - 0.01 * 0.2) if decoupled else p.copy()
    if not decoupled:
        slope = slope + 0.2 * p
    mean, square = 0.9 * m + 0.1 * slope, 0.99 * v + 0.01 * slope**2
    largest = np.maximum(top, square)
    spread = np.sqrt((largest if amsgrad else square) / (1 - 0.99**3)) + 1e-8
    expected = start - 0.01 * mean / (1 - 0.9**3) / spread
    kept = g.copy()
    options = {"weight_decay": 0.2, "maximize": maximize, "decoupled": decoupled}
    table.adam(p, g, m, v, top if amsgrad else None, 3, 0.01, 0.9, 0.99, 1e-8, **options)
    np.testing.assert_allclose(p, expected, atol=1e-12)
    np.testing.assert_allclose(m, mean, atol=1e-12)
    np.testing.assert_allclose(v, square, atol=1e-12)
    np.testing.assert_array_equal(g, kept)
    if amsgrad:
        np.testing.assert_allclose(top, largest, atol=1e-12)


def test_memory_that_is_not_in_order(table: Any, draw: Any) -> None:
    p = draw.standard_normal((300, 400)).T
    g = draw.standard_normal((400, 300))
    expected = p - 0.1 * g
    table.sgd(p, g, None, 0.1)
    np.testing.assert_allclose(p, expected)
