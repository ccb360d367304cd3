"""Limiting values to a range: read Clamp first; the others have limits that are tensors."""

from __future__ import annotations

from typing import Any

from .base import Op

NO_COMPLEX = NotImplementedError("clamp is not supported for complex types")


class Clamp(Op):
    """Limits values to a range; outside of it nothing changes, so no gradient passes."""

    formula = r"y = \min(\max(x, a), b)"
    gradient = {"x": r"\bar x = \bar y\,[a \le x \le b]"}
    keeps = ("x",)
    node_name = "ClampBackward1"
    refuses = {"complex": NO_COMPLEX, "unsigned": "clamp_scalar_cpu"}

    def forward(ctx, x: Any, low: Any, high: Any) -> Any:
        ctx.low, ctx.high = low, high
        if low is None and high is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        if low is not None:
            x = ctx.xp.maximum(x, low)
        return x if high is None else ctx.xp.minimum(x, high)

    def backward(ctx, grad: Any) -> Any:
        inside: Any = True
        if ctx.low is not None:
            inside = ctx.x >= ctx.low
        if ctx.high is not None:
            inside = (ctx.x <= ctx.high) & inside
        return ctx.xp.where(inside, grad, 0.0)


class ClampTensor(Op):
    """Limits that are tensors themselves; each limit gets the gradient where it is the one that holds."""

    formula = r"y = \min(\max(x, a), b)"
    gradient = {
        "x": r"\bar x = \bar y\,[a \le x \le b]",
        "low": r"\bar a = \bar y\,[x < a < b]",
        "high": r"\bar b = \bar y\,[b < x \lor b < a]",
    }
    keeps = ("x", "low", "high")
    promotes = "same"
    node_name = "ClampBackward0"
    public = "clamp"
    refuses = {"bool": "clamp_cpu", "complex": NO_COMPLEX}

    def forward(ctx, x: Any, low: Any, high: Any) -> Any:
        return ctx.xp.minimum(ctx.xp.maximum(x, low), high)

    def backward(ctx, grad: Any) -> Any:
        xp, x, low, high = ctx.xp, ctx.x, ctx.low, ctx.high
        inside = (x >= low) & (x <= high)
        return (
            xp.where(inside, grad, 0.0),
            xp.where((x < low) & (low < high), grad, 0.0),
            xp.where((high < x) | (high < low), grad, 0.0),
        )


class ClampMin(Op):
    """A lower limit that is a tensor: where it holds, the gradient is its own."""

    formula = r"y = \max(x, a)"
    gradient = {"x": r"\bar x = \bar y\,[x \ge a]", "low": r"\bar a = \bar y\,[x < a]"}
    keeps = ("x", "low")
    promotes = "same"
    public = "clamp"
    refuses = {"complex": NO_COMPLEX}

    def forward(ctx, x: Any, low: Any) -> Any:
        return ctx.xp.maximum(x, low)

    def backward(ctx, grad: Any) -> Any:
        inside = ctx.x >= ctx.low
        return ctx.xp.where(inside, grad, 0.0), ctx.xp.where(inside, 0.0, grad)


class ClampMax(Op):
    """An upper limit that is a tensor: where it holds, the gradient is its own."""

    formula = r"y = \min(x, b)"
    gradient = {"x": r"\bar x = \bar y\,[x \le b]", "high": r"\bar b = \bar y\,[x > b]"}
    keeps = ("x", "high")
    promotes = "same"
    public = "clamp"
    refuses = {"complex": NO_COMPLEX}

    def forward(ctx, x: Any, high: Any) -> Any:
        return ctx.xp.minimum(x, high)

    def backward(ctx, grad: Any) -> Any:
        inside = ctx.x <= ctx.high
        return ctx.xp.where(inside, grad, 0.0), ctx.xp.where(inside, 0.0, grad)
