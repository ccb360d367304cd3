"""Optimizer steps in place, block by block, so that no pass over the memory is made twice.

`torch.optim` explains the methods; these functions compute the same numbers in the same order of operations. A block
of parameters and its state stay in the cache through all the steps of the formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Any

from pytorch_tutor.backends.arrays import namespace
from pytorch_tutor.backends.fused import add_multiple, multiply_add

Array = Any

BLOCK = 1 << 15


def sgd(
    param: Array,
    grad: Array,
    momentum_buffer: Array | None,
    lr: float,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    maximize: bool = False,
) -> None:
    r"""p \leftarrow p - \gamma d, where d = g + \lambda p or, with momentum, b \leftarrow \mu b + (1 - \tau) d.

    The buffer of the first step is the gradient itself: the caller makes it and passes None here.
    """
    for p, g, b in _blocks(param, grad, momentum_buffer):
        d = -g if maximize else g
        if weight_decay:
            d = multiply_add(d, weight_decay, p)
        if b is not None:
            b *= momentum
            if dampening:
                add_multiple(b, 1 - dampening, d)
            else:
                b += d
            d = multiply_add(d, momentum, b) if nesterov else b
        add_multiple(p, -lr, d)


def adam(
    param: Array,
    grad: Array,
    exp_avg: Array,
    exp_avg_sq: Array,
    max_exp_avg_sq: Array | None,
    step: float,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weight_decay: float = 0.0,
    maximize: bool = False,
    decoupled: bool = False,
) -> None:
    r"""p \leftarrow p - \gamma \hat m / (\sqrt{\hat v} + \epsilon).

    m \leftarrow \beta_1 m + (1 - \beta_1) g and v \leftarrow \beta_2 v + (1 - \beta_2) g^2 are running averages;

    \hat m = m / (1 - \beta_1^t) and \hat v = v / (1 - \beta_2^t) make up for the start at zero.
    `decoupled` is AdamW: the parameter shrinks by \gamma \lambda by itself instead of through the gradient.
    """
    xp = namespace(param)
    step_size = lr / (1 - beta1**step)
    root = sqrt(1 - beta2**step)
    for p, g, m, v, top in _blocks(param, grad, exp_avg, exp_avg_sq, max_exp_avg_sq):
        if maximize:
            g = -g
        if weight_decay and decoupled:
            p *= 1 - lr * weight_decay
        elif weight_decay:
            g = multiply_add(g, weight_decay, p)
        work = g - m
        add_multiple(m, 1 - beta1, work)
        v *= beta2
        xp.multiply(g, 1 - beta2, out=work)
        work *= g
        v += work
        if top is not None:
            xp.maximum(top, v, out=top)
        xp.sqrt(v if top is None else top, out=work)
        work /= root
        work += eps
        move = m * -step_size
        move /= work
        p += move


def _blocks(first: Array, *others: Array | None) -> Iterator[tuple[Any, ...]]:
    """The arrays cut into the same flat blocks, as views; whole where an array's memory is not in order."""
    arrays = (first, *others)
    if 0 < first.size <= BLOCK and first.ndim:
        yield arrays
        return
    if not all(a is None or (a.flags.c_contiguous and a.shape == first.shape) for a in arrays):
        yield arrays
        return
    flat = [None if a is None else a.reshape(-1) for a in arrays]
    for start in range(0, first.size, BLOCK):
        yield tuple(None if a is None else a[start : start + BLOCK] for a in flat)
