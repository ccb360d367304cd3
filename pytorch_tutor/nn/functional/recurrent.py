"""Recurrent cells and layers: one step of RNN, LSTM and GRU, and the loop over time, layers and directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions.shape import cat, stack
from pytorch_tutor.nn.functional.dropout import dropout
from pytorch_tutor.nn.functional.linear import linear
from pytorch_tutor.ops.recurrent import MkldnnRnnLayer

Cell = Callable[[Any, Any, Sequence[Any]], Any]


# ---------------------------------------------------------------------- one step
def check_cell(input: Any, hidden: Any, weight_ih: Any, weight_hh: Any, number: int = 0) -> None:
    """RuntimeError where the sizes of a cell's arguments do not fit."""
    if input.shape[1] != weight_ih.shape[1]:
        raise lesson(
            RuntimeError(f"input has inconsistent input_size: got {input.shape[1]} expected {weight_ih.shape[1]}"),
            expected=f"{weight_ih.shape[1]} features (input_size)",
            got=input.shape[1],
        )
    if input.shape[0] != hidden.shape[0]:
        raise RuntimeError(
            f"Input batch size {input.shape[0]} doesn't match hidden{number} batch size {hidden.shape[0]}"
        )
    if hidden.shape[1] != weight_hh.shape[1]:
        raise RuntimeError(
            f"hidden{number} has inconsistent hidden_size: got {hidden.shape[1]}, expected {weight_hh.shape[1]}"
        )


def rnn_tanh_cell(x: Any, h: Any, weights: Sequence[Any]) -> Any:
    r"""$h' = \tanh(W_{ih} x + b_{ih} + W_{hh} h + b_{hh})$."""
    w_ih, w_hh, b_ih, b_hh = _four(weights)
    return (linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh)).tanh()


def rnn_relu_cell(x: Any, h: Any, weights: Sequence[Any]) -> Any:
    r"""$h' = \max(0, W_{ih} x + b_{ih} + W_{hh} h + b_{hh})$."""
    w_ih, w_hh, b_ih, b_hh = _four(weights)
    return (linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh)).relu()


def gru_cell(x: Any, h: Any, weights: Sequence[Any]) -> Any:
    r"""$r, z = \sigma(\cdot)$, $n = \tanh(W_{in} x + r (W_{hn} h + b_{hn}))$, $h' = n + z (h - n)$.

    Source: K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.
    """
    w_ih, w_hh, b_ih, b_hh = _four(weights)
    x_r, x_z, x_n = linear(x, w_ih, b_ih).chunk(3, 1)
    h_r, h_z, h_n = linear(h, w_hh, b_hh).chunk(3, 1)
    r, z = (x_r + h_r).sigmoid(), (x_z + h_z).sigmoid()
    n = (x_n + r * h_n).tanh()
    return (h - n) * z + n


def lstm_cell(x: Any, state: tuple[Any, Any], weights: Sequence[Any]) -> tuple[Any, Any]:
    r"""$c' = \sigma(f) c + \sigma(i) \tanh g$, $h' = \sigma(o) \tanh c'$; with a fifth weight $h'$ is projected.

    Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997.
    """
    w_ih, w_hh, b_ih, b_hh = _four(weights)
    h, c = state
    i, f, g, o = (linear(x, w_ih, b_ih) + linear(h, w_hh, b_hh)).chunk(4, 1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    if len(weights) in (3, 5):
        h = linear(h, weights[-1])
    return h, c


def _four(weights: Sequence[Any]) -> tuple[Any, Any, Any, Any]:
    if len(weights) >= 4:
        return weights[0], weights[1], weights[2], weights[3]
    return weights[0], weights[1], None, None


# ---------------------------------------------------------------------- all steps
def run_layers(
    cell: Cell,
    input: Any,
    state: Any,
    layers: Sequence[Sequence[Any]],
    directions: int,
    dropout_p: float,
    batch_sizes: list[int] | None,
    is_lstm: bool,
) -> tuple[Any, Any]:
    """Run every layer in every direction over the sequence, (T, N, I) or packed with `batch_sizes`.

    `layers` holds the weights of layer 0 forwards, layer 0 backwards, layer 1 forwards, ...; `state` is h, or (h, c),
    with one slice for each of them.
    """
    if batch_sizes is None and not input.shape[0]:
        raise lesson(
            RuntimeError("Expected sequence length to be larger than 0 in RNN"), got=f"shape {list(input.shape)}"
        )
    finals = []
    for place, weights in enumerate(layers):
        if place % directions == 0:
            if place and dropout_p > 0:
                input = dropout(input, dropout_p)
            outputs = []
        start = (state[0][place], state[1][place]) if is_lstm else state[place]
        reverse = place % directions == 1
        run = _run_packed if batch_sizes is not None else _run_fused if _fusible(is_lstm, input, weights) else _run
        output, final = run(cell, input, start, weights, reverse, batch_sizes)
        outputs.append(output)
        finals.append(final)
        if place % directions == directions - 1:
            input = outputs[0] if directions == 1 else cat(outputs, dim=-1)
    if is_lstm:
        return input, (stack([h for h, _ in finals]), stack([c for _, c in finals]))
    return input, stack(finals)


def _fusible(is_lstm: bool, input: Any, weights: Sequence[Any]) -> bool:
    return is_lstm and len(weights) in (2, 4) and input._array.dtype.itemsize >= 4 and input.shape[0] > 0


def _run_fused(
    cell: Cell, input: Any, state: Any, weights: Sequence[Any], reverse: bool, batch_sizes: list[int] | None
) -> tuple[Any, Any]:
    """A whole LSTM layer as one operation."""
    y, h, c = apply(MkldnnRnnLayer, input, *state, *_four(weights), reverse=reverse)
    return y, (h, c)


def _run(
    cell: Cell, input: Any, state: Any, weights: Sequence[Any], reverse: bool, batch_sizes: list[int] | None
) -> tuple[Any, Any]:
    """Step by step."""
    steps = list(input.unbind(0))
    outputs: list[Any] = [None] * len(steps)
    for t in range(len(steps))[:: -1 if reverse else 1]:
        state = cell(steps[t], state, weights)
        outputs[t] = state[0] if isinstance(state, tuple) else state
    return stack(outputs), state


def _run_packed(
    cell: Cell, input: Any, state: Any, weights: Sequence[Any], reverse: bool, batch_sizes: list[int] | None
) -> tuple[Any, Any]:
    """Sequences of different lengths, longest first: the batch shrinks (or, backwards, grows) along the way."""
    sizes = batch_sizes or []
    steps = input.split(sizes)
    pairs = isinstance(state, tuple)
    parts = state if pairs else (state,)
    outputs: list[Any] = [None] * len(sizes)
    if reverse:
        current = tuple(part[: sizes[-1]] for part in parts)
        for t in reversed(range(len(sizes))):
            have = current[0].shape[0]
            if sizes[t] > have:  # sequences that end here begin with their own initial state
                current = tuple(cat([now, part[have : sizes[t]]]) for now, part in zip(current, parts, strict=True))
            current = _step(cell, steps[t], current, weights, pairs)
            outputs[t] = current[0]
        final = current
    else:
        current, ended = parts, []
        for t, size in enumerate(sizes):
            have = current[0].shape[0]
            if size < have:  # these sequences are over; their state is final
                ended.append(tuple(part[size:] for part in current))
                current = tuple(part[:size] for part in current)
            current = _step(cell, steps[t], current, weights, pairs)
            outputs[t] = current[0]
        ended.append(current)
        final = tuple(cat([group[i] for group in reversed(ended)]) for i in range(len(parts)))
    return cat(outputs), final if pairs else final[0]


def _step(cell: Cell, x: Any, state: tuple[Any, ...], weights: Sequence[Any], pairs: bool) -> tuple[Any, ...]:
    following = cell(x, state if pairs else state[0], weights)
    return following if pairs else (following,)
