"""A layer of LSTM by oneDNN, whose loop over time runs in compiled code."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends import numpy_lstm as reference
from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.onednn_primitive import CACHED, Descriptions, Primitive, address, loaded, lock, scratch

Array = Any
FLOAT = numpy.dtype(numpy.float32)


class Copied:
    """Weights on their way between PyTorch's order of memory and the one that the operation likes."""

    __slots__ = ("copy", "size")

    def __init__(self, new: Descriptions, ours: int, theirs: int, back: bool = False) -> None:
        source, target = (theirs, ours) if back else (ours, theirs)
        self.copy = Primitive(new.lib, new.reorder(source, target), [(dnnl.SRC, source), (dnnl.DST, target)])
        self.size = (new.lib.size(theirs) + 63) // 64 * 64


class Plan:
    """A prepared layer, forward and backward, with the copies of its two weights that each wants."""

    __slots__ = ("backward", "before", "after", "between", "forward", "workspace")

    def __init__(self, forward: Primitive, backward: Primitive, copies: list[list[Copied]], workspace: int) -> None:
        self.forward, self.backward, self.workspace = forward, backward, workspace
        self.before, self.between, self.after = copies


class Run:
    """What the gradient needs."""

    __slots__ = ("arrays", "plan", "results", "workspace", "x")

    def __init__(self, plan: Plan, arrays: list[Array], results: list[Array], workspace: Array) -> None:
        self.plan, self.arrays, self.results, self.workspace, self.x = plan, arrays, results, workspace, arrays[0]


def lstm(
    x: Array, h: Array, c: Array, w_ih: Array, w_hh: Array, b: Array | None, reverse: bool = False
) -> tuple[Array, Array, Array, Any]:
    """See the reference."""
    plan = None
    if all(a.dtype == FLOAT for a in (x, h, c, w_ih, w_hh)):
        plan = _plan(x.shape, h.shape[1], reverse)
    if plan is None:
        return reference.lstm(x, h, c, w_ih, w_hh, b, reverse)
    size = h.shape[1]
    bias = numpy.zeros(4 * size, FLOAT) if b is None else b
    arrays = [numpy.ascontiguousarray(a, FLOAT) for a in (x, h, c, w_ih, w_hh, bias)]
    results = [numpy.empty((x.shape[0], *h.shape), FLOAT), numpy.empty(h.shape, FLOAT), numpy.empty(h.shape, FLOAT)]
    workspace = numpy.empty(plan.workspace, numpy.uint8)
    x, h, c, w_ih, w_hh, bias = arrays
    with lock:
        layer, state = _copied(plan.before, w_ih, w_hh)
        plan.forward(*map(address, (x, h, c)), layer, state, *map(address, (bias, *results, workspace)))
    y, h_last, c_last = results
    return y.copy(), h_last.copy(), c_last.copy(), Run(plan, arrays, results, workspace)


def lstm_gradient(dy: Array, dh: Array, dc: Array, memo: Any) -> tuple[Array, ...]:
    """See the reference."""
    if not isinstance(memo, Run):
        return reference.lstm_gradient(dy, dh, dc, memo)
    plan = memo.plan
    x, h, c, w_ih, w_hh, bias = memo.arrays
    given = [numpy.ascontiguousarray(a, FLOAT) for a in (dy, dh, dc)]
    dx, dh_first, dc_first = numpy.empty_like(x), numpy.empty_like(h), numpy.empty_like(c)
    dw_ih, dw_hh, db = numpy.empty_like(w_ih), numpy.empty_like(w_hh), numpy.zeros_like(bias)
    with lock:
        sizes = [copied.size for copied in (*plan.between, *plan.after)]
        start = scratch(sum(sizes))
        places = [start + sum(sizes[:k]) for k in range(4)]
        for copied, weight, place in zip(plan.between, (w_ih, w_hh), places[:2], strict=True):
            copied.copy(address(weight), place)
        ctypes.memset(places[2], 0, sizes[2] + sizes[3])  # oneDNN adds to what is there
        plan.backward(
            *map(address, (x, h, c)),
            *places[:2],
            *map(address, (bias, *memo.results, memo.workspace, dx, dh_first, dc_first)),
            *places[2:],
            *map(address, (db, *given)),
        )
        for copied, gradient, place in zip(plan.after, (dw_ih, dw_hh), places[2:], strict=True):
            copied.copy(place, address(gradient))
    return dx, dh_first, dc_first, dw_ih, dw_hh, db


def _copied(copies: list[Copied], w_ih: Array, w_hh: Array) -> tuple[int, int]:
    first, second = copies
    start = scratch(first.size + second.size)
    first.copy(address(w_ih), start)
    second.copy(address(w_hh), start + first.size)
    return start, start + first.size


@lru_cache(maxsize=CACHED)
def _plan(shape: tuple[int, int, int], size: int, reverse: bool) -> Plan | None:
    steps, batch, width = shape
    if min(*shape, size) <= 0:
        return None
    lib = loaded()
    direction = dnnl.RIGHT_TO_LEFT if reverse else dnnl.LEFT_TO_RIGHT
    with Descriptions(lib) as new:
        layer, states = new.plain(shape), new.plain((steps, batch, size))
        state, bias = new.plain((1, 1, batch, size)), new.plain((1, 1, 4, size))
        # PyTorch's (4 H, I), seen as oneDNN's (layer, direction, input, gate, output).
        ours = [new.strided((1, 1, n, 4, size), (4 * size * n, 4 * size * n, 1, size * n, n)) for n in (width, size)]
        best = [new.any((1, 1, n, 4, size)) for n in (width, size)]
        memory = (layer, state, state, *best, None, None, bias, states, state, state)
        try:
            forward = new.operation("lstm_forward", dnnl.TRAINING, direction, *memory, 0, None)
            backward = new.operation(
                "lstm_backward",
                dnnl.BACKWARD,
                direction,
                *memory,
                layer,
                state,
                state,
                *best,
                None,
                None,
                bias,
                states,
                state,
                state,
                0,
                forward,
                None,
            )
            theirs = [lib.query(forward, dnnl.QUERY_WEIGHTS, k) for k in (0, 1)]
            again = [lib.query(backward, dnnl.QUERY_WEIGHTS, k) for k in (0, 1)]
            slopes = [lib.query(backward, dnnl.QUERY_DIFF_WEIGHTS, k) for k in (0, 1)]
            workspace = lib.query(forward, dnnl.QUERY_WORKSPACE, 0)
            sources = [(dnnl.SRC_LAYER, layer), (dnnl.SRC_STATE, state), (dnnl.SRC_CELL, state)]
            targets = [(dnnl.DST_LAYER, states), (dnnl.DST_STATE, state), (dnnl.DST_CELL, state)]

            def roles(weights: list[int]) -> list[tuple[int, int]]:
                pair = [(dnnl.WEIGHTS_LAYER, weights[0]), (dnnl.WEIGHTS_STATE, weights[1])]
                return [*sources, *pair, (dnnl.BIAS, bias), *targets]

            def gradients(some: list[tuple[int, int]]) -> list[tuple[int, int]]:
                return [(role + dnnl.DIFF, memory) for role, memory in some]

            kept = (dnnl.WORKSPACE, workspace)
            asked = [*roles(again), kept, *gradients(roles(slopes)[:6]), *gradients(targets)]
            return Plan(
                Primitive(lib, forward, [*roles(theirs), kept]),
                Primitive(lib, backward, asked),
                [
                    [Copied(new, *pair) for pair in zip(ours, theirs, strict=True)],
                    [Copied(new, *pair) for pair in zip(ours, again, strict=True)],
                    [Copied(new, *pair, back=True) for pair in zip(ours, slopes, strict=True)],
                ],
                lib.size(workspace),
            )
        except dnnl.UnsupportedError:
            return None
