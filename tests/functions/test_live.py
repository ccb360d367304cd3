"""Random expressions on small tensors, on this engine and on PyTorch, where it is installed."""

import random

import numpy as np
import pytest

import pytorch_tutor

torch = pytest.importorskip("torch", reason="compares with real PyTorch, which is not installed here")
pytestmark = pytest.mark.torch

UNARY = "exp sin cos tanh sigmoid relu abs neg square".split()
BINARY = "add sub mul maximum minimum atan2".split()
SHAPING = (
    lambda t: t.t() if t.dim() == 2 else t,
    lambda t: t[1:] if t.dim() and t.shape[0] > 2 else t,
    lambda t: t.unsqueeze(0),
    lambda t: t.squeeze(),
    lambda t: t.reshape(-1),
    lambda t: t.flip(0) if t.dim() else t,
    lambda t: t.expand(2, *t.shape),
    lambda t: t[..., ::2] if t.dim() else t,
)
REDUCING = (
    lambda t: t.sum(),
    lambda t: t.mean(-1) if t.dim() else t,
    lambda t: t.amax(0) if t.dim() and t.shape[0] else t,
    lambda t: t.cumsum(0) if t.dim() else t,
    lambda t: t.logsumexp(-1) if t.dim() else t,
)
WRITING = ("add_", "mul_", "sub_")


def walk(library, seed):
    """A chain of operations that the seed decides; the result, the leaf's gradient, and what one sees of them."""
    draw = random.Random(seed)
    numbers = np.random.default_rng(seed)
    leaf = library.tensor(numbers.uniform(-2, 2, (3, 4))).requires_grad_()
    current, seen = leaf * 1, []
    for _ in range(draw.randint(3, 8)):
        kind = draw.random()
        if kind < 0.35:
            current = getattr(library, draw.choice(UNARY))(current)
        elif kind < 0.55:
            other = library.empty_like(current).copy_(library.tensor(numbers.uniform(-2, 2, tuple(current.shape))))
            current = getattr(library, draw.choice(BINARY))(current, other)
        elif kind < 0.8:
            current = draw.choice(SHAPING)(current)
        elif kind < 0.9:
            current = draw.choice(REDUCING)(current)
        else:
            current = current.clone()
            part = current[0] if current.dim() and current.shape[0] else current
            getattr(part, draw.choice(WRITING))(draw.uniform(-2, 2))
        seen.append((tuple(current.shape), tuple(current.stride()), current.is_contiguous(), current.grad_fn.name()))
    (current * current).sum().backward()
    return current.detach().numpy(), leaf.grad.numpy(), seen


@pytest.mark.parametrize("seed", range(120))
def test_the_same_walk(seed):
    ours, our_gradient, our_view = walk(pytorch_tutor, seed)
    theirs, their_gradient, their_view = walk(torch, seed)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(our_gradient, their_gradient, rtol=1e-9, atol=1e-9)
    assert our_view == their_view
