"""Random numbers as operations: the result is drawn anew, so it does not depend on the input, and its gradient is 0.

These fill a tensor in place (`x.normal_()`) or draw around parameters (`torch.bernoulli(p)`). How a number is made from
the generator's words is told in `backends/draws.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backends import draws, draws_normal, draws_rejection
from ..backends.mt19937 import Mersenne
from .base import Op


def in_memory_order(flat: Any, like: Any) -> Any:
    """Numbers for `like`, the first one where its memory begins: PyTorch fills along the memory."""
    if like.flags.c_contiguous or like.ndim < 2:
        return flat.reshape(like.shape)
    axes = sorted(range(like.ndim), key=lambda axis: -abs(like.strides[axis]))
    return flat.reshape([like.shape[axis] for axis in axes]).transpose(np.argsort(axes))


class Drawn(Op):
    """What the fillers share: as many numbers as the tensor has elements, and no gradient through them."""

    gradient = {"x": "0"}
    draw: Any  # draw(stream, count, kind, **params): so many numbers of that type

    def forward(ctx, x: Any, stream: Mersenne, kind: str, variant: int = 0, **params: Any) -> Any:
        ctx.variant = variant
        if kind.startswith("complex"):  # real and imaginary parts in turn
            parts = ctx.draw(stream, 2 * x.size, "float32" if kind == "complex64" else "float64", **params)
            flat = parts.view(kind)
        else:
            flat = ctx.draw(stream, x.size, kind, **params)
        return ctx.xp.asarray(in_memory_order(flat, x))

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.zeros_like(grad)


class Uniform(Drawn):
    formula = r"y \sim U[a, b)"

    def draw(ctx, stream: Mersenne, count: int, kind: str, low: float, high: float) -> Any:
        return draws.uniform(stream, count, kind, low, high)


class Normal(Drawn):
    formula = r"y \sim \mathcal N(\mu, \sigma^2)"

    def draw(ctx, stream: Mersenne, count: int, kind: str, mean: float, std: float, whole: bool = True) -> Any:
        return draws_normal.normal(stream, count, kind, mean, std, whole)


class Bernoulli(Drawn):
    formula = r"y = 1 \text{ with probability } p, \text{ else } 0"

    def draw(ctx, stream: Mersenne, count: int, kind: str, p: float) -> Any:
        return draws.bernoulli(stream, count, p).astype("float32" if kind == "bfloat16" else kind)


class Random(Drawn):
    formula = r"y \sim \{a, \dots, b - 1\}, \text{ all equally likely}"

    def draw(ctx, stream: Mersenne, count: int, kind: str, bounds: tuple[int, int] | None) -> Any:
        if bounds is None:
            return draws.integers_of_type(stream, count, kind)
        return draws.integers(stream, count, kind, *bounds)


class Exponential(Drawn):
    formula = r"y \sim \lambda e^{-\lambda y}"

    def draw(ctx, stream: Mersenne, count: int, kind: str, rate: float) -> Any:
        return draws.exponential(stream, count, kind, rate)


class Geometric(Drawn):
    formula = r"y \sim p\,(1 - p)^{y - 1}"

    def draw(ctx, stream: Mersenne, count: int, kind: str, p: float) -> Any:
        return draws.geometric(stream, count, kind, p)


class LogNormal(Drawn):
    formula = r"\ln y \sim \mathcal N(\mu, \sigma^2)"

    def draw(ctx, stream: Mersenne, count: int, kind: str, mean: float, std: float) -> Any:
        return draws_normal.log_normal(stream, count, kind, mean, std)


class Cauchy(Drawn):
    formula = r"y \sim \frac{1}{\pi} \frac{\sigma}{(y - m)^2 + \sigma^2}"

    def draw(ctx, stream: Mersenne, count: int, kind: str, median: float, sigma: float) -> Any:
        return draws.cauchy(stream, count, kind, median, sigma)


# -- around the values of a tensor ------------------------------------------------------------------------------------


class BernoulliOf(Op):
    formula = r"y = 1 \text{ with probability } p, \text{ else } 0"
    gradient = {"p": "0"}

    def forward(ctx, p: Any, stream: Mersenne, kind: str) -> Any:
        drawn = draws.bernoulli_each(stream, _on_host(p)).reshape(p.shape)
        return ctx.xp.asarray(drawn.astype(p.dtype if kind == "bfloat16" else kind))

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.zeros_like(grad)

    def name(self) -> str:
        return "BernoulliBackward0"


class FillBernoulli(Op):
    formula = BernoulliOf.formula
    gradient = {"x": "0", "p": "0"}
    node_name = "BernoulliBackward1"

    def forward(ctx, x: Any, p: Any, stream: Mersenne, kind: str) -> Any:
        drawn = draws.bernoulli_each(stream, np.broadcast_to(_on_host(p), x.shape)).reshape(x.shape)
        return ctx.xp.asarray(drawn.astype(x.dtype))

    def backward(ctx, grad: Any) -> Any:
        zero = ctx.xp.zeros_like(grad)
        return zero, zero


class NormalAround(Op):
    formula = r"y \sim \mathcal N(\mu, \sigma^2)"
    gradient = {"mean": "0", "std": "0"}

    def forward(ctx, mean: Any, std: Any, stream: Mersenne, kind: str, variant: int) -> Any:
        """`variant` is PyTorch's count: 1 for a tensor and a number, 2 for a number and a tensor, 3 for two tensors."""
        ctx.variant = variant
        if variant == 1:
            noise = draws_normal.normal(stream, mean.size, kind, 0.0, std).reshape(mean.shape)
        else:
            shape = np.broadcast_shapes(np.shape(mean), np.shape(std))
            noise = draws_normal.normal(stream, int(np.prod(shape)), kind).reshape(shape)
            noise = draws.narrow(noise * _on_host(std), kind)
        return ctx.xp.asarray(draws.narrow(noise + (_on_host(mean) if variant != 2 else noise.dtype.type(mean)), kind))

    def backward(ctx, grad: Any) -> Any:
        zero = ctx.xp.zeros_like(grad)
        return zero, zero

    def name(self) -> str:
        return f"NormalBackward{self.variant}"


class Poisson(Op):
    formula = r"y \sim \frac{\lambda^y e^{-\lambda}}{y!}"
    gradient = {"rate": "0"}

    def forward(ctx, rate: Any, stream: Mersenne, kind: str) -> Any:
        return ctx.xp.asarray(draws_rejection.poisson(stream, _on_host(rate), kind).reshape(rate.shape))

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.zeros_like(grad)


class Binomial(Op):
    formula = r"y \sim \binom{n}{y} p^y (1 - p)^{n - y}"
    gradient = {"count": "", "prob": ""}
    differentiable = False

    def forward(ctx, count: Any, prob: Any, stream: Mersenne, kind: str) -> Any:
        count, prob = np.broadcast_arrays(_on_host(count), _on_host(prob))
        return ctx.xp.asarray(draws_rejection.binomial(stream, count, prob, kind).reshape(count.shape))


class Multinomial(Op):
    formula = r"P(y = i) = w_i / \textstyle\sum_j w_j"
    gradient = {"weights": ""}
    differentiable = False

    def forward(ctx, weights: Any, count: int, replacement: bool, stream: Mersenne, kind: str) -> Any:
        rows = _on_host(weights).reshape(-1, weights.shape[-1])
        if replacement and count > 1:
            drawn = draws.categories(stream, rows, count)
        else:
            drawn = draws.distinct_categories(stream, rows, count, kind)
        return ctx.xp.asarray(drawn.reshape(*weights.shape[:-1], count))


def _on_host(array: Any) -> Any:
    """The array where the generator's words are: a GPU's array is copied."""
    return array.get() if hasattr(array, "get") and not isinstance(array, np.ndarray) else np.asarray(array)
