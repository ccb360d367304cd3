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
    keeps = ("x", "h", "c", "w_ih", "w_hh", "b_ih", "b_hh", "memo")
    public = "lstm"

    def forward(ctx, x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, reverse: bool = False) -> Any:
        ctx.reverse = reverse
        b = None if b_ih is None else b_ih + b_hh
        y, h, c, ctx.memo = ctx.kernel(x).lstm(x, h, c, w_ih, w_hh, b, reverse)
        return y, h, c

    def backward(ctx, dy: Any, dh_last: Any, dc_last: Any) -> Any:
        dx, dh, dc, dw_ih, dw_hh, db = ctx.kernel(dy).lstm_gradient(dy, dh_last, dc_last, ctx.memo)
        if ctx.b_ih is None:
            db = None
        return dx, dh, dc, dw_ih, dw_hh, db, db

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
            here = Op.wrap(ctx.xp.eye(steps, 1, -t, dtype=ctx.memo.x.dtype)).unsqueeze(2)
            y = here * row if y is None else y + here * row
        return y, h, c
