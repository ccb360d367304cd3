"""Reading a picture between its pixels, at places that a grid gives (spatial transformers)."""

from __future__ import annotations

import itertools
import math
from typing import Any

from .base import Op


class GridSampler2D(Op):
    """Each output reads a few pixels around its place; the weights are products of one weight per axis.

    x (N, C, *space), grid (N, *out, axes) with -1 and 1 at the borders, the last axis of space first.
    Source: M. Jaderberg et al., "Spatial transformer networks", 2015.
    """

    formula = r"y = \sum_{k} \prod_a w_a(g_a, k_a) \; x_k"
    gradient = {
        "x": r"\bar x_k \mathrel{+}= \bar y \prod_a w_a",
        "grid": r"\bar g_a = \sum_k \bar y \, x_k \, w_a' \prod_{b \ne a} w_b",
    }
    keeps = ("x", "grid")
    public = "grid_sampler"

    def forward(ctx, x: Any, grid: Any, mode: str, padding_mode: str, align_corners: bool) -> Any:
        ctx.options = (mode, padding_mode, align_corners)
        y = None
        for place, weight, _ in ctx.reads(x, grid):
            part = x[place] * weight[..., None]
            y = part if y is None else y + part
        return ctx.xp.ascontiguousarray(ctx.xp.moveaxis(y, -1, 1))

    def reads(ctx, x: Any, grid: Any) -> Any:
        """For every pixel in reach: its index in x, its weight, and the weight's derivative along each grid entry."""
        xp = ctx.xp
        mode, padding_mode, align = ctx.options
        space = x.shape[2:]
        batch = xp.arange(x.shape[0]).reshape(-1, *[1] * len(space))
        axes = [_taps(xp, grid[..., len(space) - 1 - a], n, mode, padding_mode, align) for a, n in enumerate(space)]
        for taps in itertools.product(*axes):
            place = (batch, slice(None), *(tap[0] for tap in taps))
            weight = taps[0][1]
            for tap in taps[1:]:
                weight = weight * tap[1]
            slopes = []
            for a in reversed(range(len(space))):  # in the grid's order
                slope = taps[a][2]
                for b, tap in enumerate(taps):
                    if b != a:
                        slope = slope * tap[1]
                slopes.append(slope)
            yield place, weight, slopes

    def backward(ctx, grad: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        last = xp.moveaxis(grad, 1, -1)
        dx = xp.zeros(x.shape, grad.dtype) if ctx.needs[0] else None
        dgrid = xp.zeros(ctx.grid.shape, grad.dtype) if ctx.needs[1] else None
        for place, weight, slopes in ctx.reads(x, ctx.grid):
            if dx is not None:
                _put_back(xp, dx, place, grad, weight)
            if dgrid is not None:
                pull = (last * x[place]).sum(-1)
                for entry, slope in enumerate(slopes):
                    dgrid[..., entry] += pull * slope
        return dx, dgrid


class GridSampler3D(GridSampler2D):
    formula, gradient = GridSampler2D.formula, GridSampler2D.gradient
    keeps = ("x", "grid")


def _put_back(xp: Any, dx: Any, place: Any, grad: Any, weight: Any) -> None:
    """Adds each output's gradient to the pixel that it read; counting is a tenfold quicker than adding one by one."""
    n, channels, *space = dx.shape
    at = place[0]
    for index, size in zip(place[2:], space, strict=True):
        at = at * size + index
    at, pixels = at.reshape(-1), math.prod(space)
    for c in range(channels):
        pull = (grad[:, c] * weight).reshape(-1)
        dx[:, c] += xp.bincount(at, pull, n * pixels).reshape(n, *space).astype(dx.dtype)


def _taps(xp: Any, g: Any, n: int, mode: str, padding_mode: str, align: bool) -> list[tuple[Any, Any, Any]]:
    """(index, weight, derivative) of the pixels that one axis reads for the coordinates g."""
    scale = (n - 1) / 2 if align else n / 2
    at = (g + 1) * scale - (0 if align else 0.5)
    factor = xp.full_like(at, scale)
    if mode == "bicubic":
        base = xp.floor(at)
        t = at - base
        taps = []
        for k, (weight, slope) in enumerate(_cubic(t), start=-1):
            place, _ = _bounded(xp, base + k, n, padding_mode, align)
            taps.append(_inside(xp, place, weight, slope * factor, n))
        return taps
    at, bend = _bounded(xp, at, n, padding_mode, align)
    factor = factor * bend
    if mode == "nearest":
        return [_inside(xp, xp.rint(at), xp.ones_like(at), xp.zeros_like(at), n)]
    base = xp.floor(at)
    t = at - base
    return [_inside(xp, base, 1 - t, -factor, n), _inside(xp, base + 1, t, factor, n)]


def _inside(xp: Any, place: Any, weight: Any, slope: Any, n: int) -> tuple[Any, Any, Any]:
    """Pixels outside the picture count as zero."""
    real = (place >= 0) & (place < n)
    return xp.where(real, place, 0).astype(xp.int64), weight * real, slope * real


def _bounded(xp: Any, at: Any, n: int, padding_mode: str, align: bool) -> tuple[Any, Any]:
    """The coordinate brought into the picture as the padding mode says, and the derivative of doing so."""
    bend = xp.ones_like(at)
    if padding_mode == "zeros":
        return at, bend
    if padding_mode == "reflection":
        low, span = (0.0, n - 1.0) if align else (-0.5, float(n))
        if span == 0:
            return xp.zeros_like(at), xp.zeros_like(at)
        offset = xp.abs(at - low)
        bend = xp.where(at - low < 0, -bend, bend)
        turns = xp.floor(offset / span)
        rest = offset - turns * span
        even = turns % 2 == 0
        at = xp.where(even, rest + low, span - rest + low)
        bend = xp.where(even, bend, -bend)
    clipped = xp.clip(at, 0, n - 1).astype(at.dtype)
    inside = (at > 0) & (at < n - 1) if n > 1 else xp.zeros(at.shape, bool)
    return clipped, bend * inside


def _cubic(t: Any, a: float = -0.75) -> list[tuple[Any, Any]]:
    """Weights and their derivatives of the four pixels around a place (R. Keys, 1981)."""

    def near(d: Any) -> Any:
        return ((a + 2) * d - (a + 3)) * d * d + 1

    def far(d: Any) -> Any:
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    def near_slope(d: Any) -> Any:
        return (3 * (a + 2) * d - 2 * (a + 3)) * d

    def far_slope(d: Any) -> Any:
        return (3 * a * d - 10 * a) * d + 8 * a

    return [
        (far(t + 1), far_slope(t + 1)),
        (near(t), near_slope(t)),
        (near(1 - t), -near_slope(1 - t)),
        (far(2 - t), -far_slope(2 - t)),
    ]
