"""Matrix products of every size, order of memory and type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

SIZES = [(3, 4, 5), (64, 784, 256), (130, 129, 131), (1, 2048, 512)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", SIZES)
def test_linear_and_gradients(table: Any, draw: Any, size: Any, dtype: Any) -> None:
    rows, inside, outside = size
    x = draw.standard_normal((rows, inside)).astype(dtype)
    w = draw.standard_normal((outside, inside)).astype(dtype)
    b = draw.standard_normal(outside).astype(dtype)
    grad = draw.standard_normal((rows, outside)).astype(dtype)
    near = 1e-3 if dtype == np.float32 else 1e-10
    wide = [a.astype(np.float64) for a in (x, w, b, grad)]
    np.testing.assert_allclose(table.linear(x, w, b), wide[0] @ wide[1].T + wide[2], atol=near)
    np.testing.assert_allclose(table.linear(x, w, None), wide[0] @ wide[1].T, atol=near)
    np.testing.assert_allclose(table.linear_input_gradient(grad, w), wide[3] @ wide[1], atol=near)
    np.testing.assert_allclose(table.linear_weight_gradient(grad, x), wide[3].T @ wide[0], atol=near)
    folded = table.linear(x.reshape(1, rows, 1, inside), w, b)
    assert folded.shape == (1, rows, 1, outside)
    np.testing.assert_allclose(folded.reshape(rows, outside), table.linear(x, w, b), atol=near)


ORDERS = {
    "plain": lambda a: a,
    "transposed": lambda a: np.ascontiguousarray(np.swapaxes(a, -1, -2)).swapaxes(-1, -2),
    "part of a larger one": lambda a: np.pad(a, [(0, 0)] * (a.ndim - 2) + [(1, 2), (3, 1)])[..., 1:-2, 3:-1],
    "every other": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "turned round": lambda a: np.ascontiguousarray(a[..., ::-1, :])[..., ::-1, :],
}


@pytest.mark.parametrize("left", ORDERS)
@pytest.mark.parametrize("right", ORDERS)
@pytest.mark.parametrize("batch", [(), (3,), (2, 3)])
def test_matmul_in_any_order_of_memory(table: Any, draw: Any, batch: Any, left: str, right: str) -> None:
    a = draw.standard_normal((*batch, 90, 80)).astype(np.float32)
    b = draw.standard_normal((*batch, 80, 100)).astype(np.float32)
    expected = np.matmul(a.astype(np.float64), b.astype(np.float64))
    np.testing.assert_allclose(table.matmul(ORDERS[left](a), ORDERS[right](b)), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((2, 1, 90, 80), (1, 3, 80, 100)),
        ((90, 80), (4, 80, 100)),
        ((80,), (80, 9000)),
        ((4, 90, 80), (80,)),
        ((3, 90, 0), (3, 0, 100)),
    ],
)
def test_matmul_broadcasts_as_numpy_does(table: Any, draw: Any, a: Any, b: Any) -> None:
    left, right = draw.standard_normal(a).astype(np.float32), draw.standard_normal(b).astype(np.float32)
    np.testing.assert_allclose(table.matmul(left, right), np.matmul(left, right), atol=1e-4)


def test_a_broadcast_operand(table: Any, draw: Any) -> None:
    """Strides of 0: one matrix standing for many."""
    a = np.broadcast_to(draw.standard_normal((90, 80)).astype(np.float32), (5, 90, 80))
    b = draw.standard_normal((5, 80, 100)).astype(np.float32)
    np.testing.assert_allclose(table.matmul(a, b), np.matmul(a, b), atol=1e-4)
    row = np.broadcast_to(draw.standard_normal((1, 80)).astype(np.float32), (900, 80))
    np.testing.assert_allclose(table.matmul(row, b[0]), np.matmul(row, b[0]), atol=1e-4)


def test_heads_of_attention(table: Any, draw: Any) -> None:
    """(batch, time, heads, width) seen as (batch, heads, time, width), the keys turned: no axis order is plain."""
    q, k = (draw.standard_normal((4, 64, 4, 32)).astype(np.float32).transpose(0, 2, 1, 3) for _ in range(2))
    keys = k.swapaxes(-1, -2)
    np.testing.assert_allclose(table.matmul(q, keys), np.matmul(q, keys), atol=1e-4)


def test_wrong_shapes_are_refused(table: Any) -> None:
    with pytest.raises(ValueError, match=r"matmul|broadcast"):
        table.matmul(np.ones((900, 80), np.float32), np.ones((90, 800), np.float32))
    with pytest.raises(ValueError, match=r"matmul|broadcast"):
        table.matmul(np.ones((2, 90, 80), np.float32), np.ones((3, 80, 90), np.float32))
