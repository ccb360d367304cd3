"""Matrix products: the linear layer and its gradients."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.backends.arrays import namespace

Array = Any


def matmul(a: Array, b: Array) -> Array:
    """a @ b with NumPy's broadcasting over leading axes."""
    return namespace(a).matmul(a, b)


def linear(x: Array, w: Array, b: Array | None) -> Array:
    r"""y = x w^\top + b. x (..., in), w (out, in), b (out) or None; y (..., out).

    Leading axes are folded into one, so that one large product runs instead of many small ones.
    """
    y = namespace(x).matmul(x.reshape(-1, x.shape[-1]), w.T)
    if b is not None:
        y += b
    return y.reshape(*x.shape[:-1], w.shape[0])


def linear_input_gradient(grad: Array, w: Array) -> Array:
    r"""\bar x = \bar y w."""
    dx = namespace(grad).matmul(grad.reshape(-1, grad.shape[-1]), w)
    return dx.reshape(*grad.shape[:-1], w.shape[1])


def linear_weight_gradient(grad: Array, x: Array) -> Array:
    r"""\bar w = \bar y^\top x, summed over all leading axes."""
    return namespace(grad).matmul(grad.reshape(-1, grad.shape[-1]).T, x.reshape(-1, x.shape[-1]))
