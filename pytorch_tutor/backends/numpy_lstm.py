"""A layer of LSTM: what depends on one time step alone is done for all steps at once, and the loop is kept short.

Sources: S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997; backpropagation through time: P. Werbos, 1990.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pytorch_tutor.backends.arrays import namespace

Array = Any


@dataclass(slots=True)
class LstmRun:
    """What the gradient needs. `gates` (T, N, 4, H) in the order i, f, g, o; cells and states (T, N, H)."""

    x: Array
    first_h: Array
    first_c: Array
    w_ih: Array
    w_hh: Array
    gates: Array
    cells: Array
    states: Array
    reverse: bool


def lstm(
    x: Array, h: Array, c: Array, w_ih: Array, w_hh: Array, b: Array | None, reverse: bool = False
) -> tuple[Array, Array, Array, LstmRun]:
    r"""c_t = f c_{t-1} + i g and h_t = o \tanh c_t.

    i, f, o = \sigma(z) and g = \tanh(z) with z = w_{ih} x_t + w_{hh} h_{t-1} + b.
    x (T, N, I); h and c (N, H); w_ih (4 H, I), w_hh (4 H, H), b (4 H), their rows in the order i, f, g, o.
    Gives all states (T, N, H), the last state, the last cell and the memo.
    """
    xp = namespace(x)
    steps, batch, width = x.shape
    size = h.shape[1]
    # \sigma(z) = (1 + \tanh(z / 2)) / 2: with three of four rows of the weights halved, one tanh serves all gates.
    half, shift = xp.full((4, size), 0.5, x.dtype), xp.full((4, size), 0.5, x.dtype)
    half[2], shift[2] = 1, 0
    half, shift = half.reshape(-1), shift.reshape(-1)
    recurrent = xp.ascontiguousarray((w_hh * half[:, None]).T)
    z = xp.matmul(x.reshape(steps * batch, width), (w_ih * half[:, None]).T)
    if b is not None:
        z += b * half
    gates = z.reshape(steps, batch, 4 * size)
    states, cells = xp.empty((steps, batch, size), x.dtype), xp.empty((steps, batch, size), x.dtype)
    kept = xp.empty((batch, size), x.dtype)
    first_h, first_c = h, c
    for t in _order(steps, reverse):
        now = gates[t]
        now += xp.matmul(h, recurrent)
        xp.tanh(now, out=now)
        now *= half
        now += shift
        i, f, g, o = (now[:, k * size : (k + 1) * size] for k in range(4))
        xp.multiply(f, c, out=kept)
        c = xp.multiply(i, g, out=cells[t])
        c += kept
        h = xp.tanh(c, out=states[t])
        h *= o
    memo = LstmRun(x, first_h, first_c, w_ih, w_hh, gates.reshape(steps, batch, 4, size), cells, states, reverse)
    return states.copy(), h.copy(), c.copy(), memo


def lstm_gradient(dy: Array, dh: Array, dc: Array, memo: LstmRun) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Gradients of x, h, c, w_ih, w_hh and b, given those of all states, of the last state and of the last cell."""
    xp = namespace(dy)
    steps, batch, size = memo.states.shape
    order = list(_order(steps, memo.reverse))
    i, f, g, o = (memo.gates[:, :, k] for k in range(4))
    tanh_c = xp.tanh(memo.cells)
    h_before, c_before = (
        _before(xp, memo.states, memo.first_h, memo.reverse),
        _before(xp, memo.cells, memo.first_c, memo.reverse),
    )
    # How a gate's input acts on the cell (i, f, g) or on the state (o), for all steps at once.
    slopes = xp.empty_like(memo.gates)
    slopes[:, :, 0] = g * i * (1 - i)
    slopes[:, :, 1] = c_before * f * (1 - f)
    slopes[:, :, 2] = i * (1 - g * g)
    slopes[:, :, 3] = tanh_c * o * (1 - o)
    through = o * (1 - tanh_c * tanh_c)  # how the cell acts on the state
    dz = xp.empty_like(memo.gates)
    dc = dc.copy()
    for t in reversed(order):
        dh = dh + dy[t]
        dc += dh * through[t]
        xp.multiply(slopes[t, :, :3], dc[:, None], out=dz[t, :, :3])
        xp.multiply(slopes[t, :, 3], dh, out=dz[t, :, 3])
        dc *= f[t]
        dh = xp.matmul(dz[t].reshape(batch, 4 * size), memo.w_hh)
    flat = dz.reshape(steps * batch, 4 * size)
    dx = xp.matmul(flat, memo.w_ih).reshape(memo.x.shape)
    dw_ih = xp.matmul(flat.T, memo.x.reshape(steps * batch, -1))
    dw_hh = xp.matmul(flat.T, h_before.reshape(steps * batch, size))
    return dx, dh, dc, dw_ih, dw_hh, flat.sum(axis=0)


def _order(steps: int, reverse: bool) -> range:
    return range(steps)[:: -1 if reverse else 1]


def _before(xp: Any, values: Array, first: Array, reverse: bool) -> Array:
    """At each step, the value of the step before it in the order of the run."""
    before = xp.empty_like(values)
    if reverse:
        before[:-1], before[-1:] = values[1:], first
    else:
        before[1:], before[:1] = values[:-1], first
    return before
