"""A whole LSTM layer as one operation: all time steps forward, and all of them backward through time."""

from __future__ import annotations

from typing import Any

from .base import Op


class MkldnnRnnLayer(Op):
    """x (T, N, I), h and c (N, H), w_ih (4H, I), w_hh (4H, H), biases (4H) or None; gates in the order i, f, g, o.

    The name is PyTorch's, after the library that runs its LSTM on a CPU. Sources: S. Hochreiter, J. Schmidhuber,
    "Long short-term memory", 1997; backpropagation through time: P. Werbos, 1990.
    """

    formula = (
        r"(i, f, o) = \sigma(\cdot), \; g = \tanh(w_{ih} x_t + b_{ih} + w_{hh} h_{t-1} + b_{hh}), \; "
        r"c_t = f c_{t-1} + i g, \; h_t = o \tanh c_t"
    )
    gradient = {
        "x": r"\bar x_t = \bar z_t w_{ih}",
        "h": r"\bar h_0 = \bar z_1 w_{hh}",
        "c": r"\bar c_{t-1} = f \bar c_t",
        "w_ih": r"\bar w_{ih} = \sum_t \bar z_t^\top x_t",
        "w_hh": r"\bar w_{hh} = \sum_t \bar z_t^\top h_{t-1}",
        "b_ih": r"\bar b = \sum_t \bar z_t",
        "b_hh": r"\bar b = \sum_t \bar z_t",
    }
    keeps = ("x", "h", "c", "w_ih", "w_hh", "b_ih", "b_hh", "gates", "states", "cells")
    public = "lstm"

    def forward(
        ctx, x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, reverse: bool = False
    ) -> Any:
        xp = ctx.xp
        ctx.reverse = reverse
        steps, batch, _ = x.shape
        size = h.shape[1]
        z = x.reshape(steps * batch, -1) @ w_ih.T
        if b_ih is not None:
            z += b_ih + b_hh
        gates = z.reshape(steps, batch, 4 * size)
        states = xp.empty((steps, batch, size), x.dtype)
        cells = xp.empty((steps, batch, size), x.dtype)
        transposed = xp.ascontiguousarray(w_hh.T)
        h_t, c_t = h, c
        for t in range(steps)[:: -1 if reverse else 1]:
            now = gates[t]
            now += h_t @ transposed
            _activate(xp, now, size)
            i, f, g, o = (now[:, k * size : (k + 1) * size] for k in range(4))
            c_t = xp.add(f * c_t, i * g, out=cells[t])
            h_t = xp.multiply(o, xp.tanh(c_t), out=states[t])
        ctx.gates, ctx.states, ctx.cells = gates, states, cells
        return states.copy(), h_t.copy(), c_t.copy()

    def backward(ctx, dy: Any, dh_last: Any, dc_last: Any) -> Any:
        xp, x = ctx.xp, ctx.x
        steps, batch, size = ctx.states.shape
        order = list(range(steps))[:: -1 if ctx.reverse else 1]
        dz = xp.empty_like(ctx.gates)
        before = xp.empty_like(ctx.states)
        dh, dc = dh_last, dc_last
        for place in reversed(range(steps)):
            t = order[place]
            h_old, c_old = (
                (ctx.states[order[place - 1]], ctx.cells[order[place - 1]]) if place else (ctx.h, ctx.c)
            )
            before[t] = h_old
            i, f, g, o = (ctx.gates[t][:, k * size : (k + 1) * size] for k in range(4))
            tanh_c = xp.tanh(ctx.cells[t])
            dh = dh + dy[t]
            dc = dc + dh * o * (1 - tanh_c * tanh_c)
            now = dz[t]
            now[:, :size] = dc * g * i * (1 - i)
            now[:, size : 2 * size] = dc * c_old * f * (1 - f)
            now[:, 2 * size : 3 * size] = dc * i * (1 - g * g)
            now[:, 3 * size :] = dh * tanh_c * o * (1 - o)
            dc = dc * f
            dh = now @ ctx.w_hh
        flat = dz.reshape(steps * batch, -1)
        bias = flat.sum(0) if ctx.b_ih is not None else None
        return (
            (flat @ ctx.w_ih).reshape(x.shape) if ctx.needs[0] else None,
            dh,
            dc,
            flat.T @ x.reshape(steps * batch, -1),
            flat.T @ before.reshape(steps * batch, -1),
            bias,
            bias,
        )

    def composite(ctx, x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any) -> Any:
        steps = len(x)
        rows: list[Any] = [None] * steps
        for t in range(steps)[:: -1 if ctx.reverse else 1]:
            z = x[t] @ w_ih.t() + h @ w_hh.t()
            if b_ih is not None:
                z = z + b_ih + b_hh
            i, f, g, o = z.chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            rows[t] = h.unsqueeze(0)
        # No operation of this layer joins tensors, so each state is placed by a column that is 1 at its time.
        y = None
        for t, row in enumerate(rows):
            here = Op.wrap(ctx.xp.eye(steps, 1, -t, dtype=ctx.states.dtype)).unsqueeze(2)
            y = here * row if y is None else y + here * row
        return y, h, c


def _activate(xp: Any, z: Any, size: int) -> None:
    """Sigmoid on i, f and o, tanh on g, in place; sigmoid(z) = (1 + tanh(z / 2)) / 2 cannot overflow."""
    for part in (z[:, : 2 * size], z[:, 3 * size :]):
        part *= 0.5
        xp.tanh(part, out=part)
        part += 1
        part *= 0.5
    xp.tanh(z[:, 2 * size : 3 * size], out=z[:, 2 * size : 3 * size])
