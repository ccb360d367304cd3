"""Dropout draws a mask; multiplying by it is all the op does, so its node is a multiplication.

Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
"""

from __future__ import annotations

from typing import Any

from .base import Op


class Dropout(Op):
    formula = r"y = x \, m / (1 - p), \; m_i \sim \text{Bernoulli}(1 - p)"
    gradient = {"x": r"\bar x = \bar y \, m / (1 - p)"}
    keeps = ("mask",)
    node_name = "MulBackward0"
    public = "dropout"

    def forward(ctx, x: Any, mask: Any) -> Any:
        """`mask` is 0 where a value is dropped and 1 / (1 - p) where it is kept."""
        ctx.mask = mask
        return x * mask

    def backward(ctx, grad: Any) -> Any:
        return grad * ctx.mask
