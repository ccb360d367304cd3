"""Adding by index, where several sources meet in one place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_scatter_add(table: Any, draw: Any, axis: int) -> None:
    target, source = draw.standard_normal((4, 5, 6)), draw.standard_normal((4, 5, 6))
    index = draw.integers(0, 4, (3, 4, 2))
    expected = target.copy()
    for at in np.ndindex(*index.shape):
        where = list(at)
        where[axis] = index[at]
        expected[tuple(where)] += source[at]
    result = table.scatter_add(target, axis, index, source)
    assert result is target
    np.testing.assert_allclose(target, expected, atol=1e-12)


def test_scatter_add_into_a_single_number(table: Any) -> None:
    target = np.array(1.0)
    table.scatter_add(target, 0, np.array(0), np.array(2.5))
    assert target == 3.5


@pytest.mark.parametrize("shape", [(0,), (1,), (40,), (7, 5)])
def test_embedding_gradient(table: Any, draw: Any, shape: Any) -> None:
    index = draw.integers(0, 6, shape)
    grad = draw.standard_normal((*shape, 3)).astype(np.float32)
    expected = np.zeros((8, 3))
    np.add.at(expected, index, grad.astype(np.float64))
    got = table.embedding_gradient(grad, index, 8)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, atol=1e-5)
