"""Recurrent layers: RNN, LSTM and GRU over sequences, and their cells for one step."""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

from pytorch_tutor.creation import empty, zeros
from pytorch_tutor.dispatch import apply
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn import init
from pytorch_tutor.nn.functional import recurrent
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.nn.parameter import Parameter
from pytorch_tutor.nn.utils.rnn import PackedSequence
from pytorch_tutor.ops.shape import Transpose
from pytorch_tutor.precision import enabled

GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
CELLS: dict[str, recurrent.Cell] = {
    "LSTM": recurrent.lstm_cell,
    "GRU": recurrent.gru_cell,
    "RNN_TANH": recurrent.rnn_tanh_cell,
    "RNN_RELU": recurrent.rnn_relu_cell,
}


class RNNBase(Module):
    """What RNN, LSTM and GRU share: weights by layer and direction, checks, and the loop."""

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.mode, self.input_size, self.hidden_size = mode, input_size, hidden_size
        self.num_layers, self.bias, self.batch_first = num_layers, bias, batch_first
        self.dropout, self.bidirectional, self.proj_size = float(dropout), bidirectional, proj_size
        _check_options(input_size, hidden_size, num_layers, bias, batch_first, dropout, proj_size)
        self._all_weights: list[list[str]] = []
        directions = 2 if bidirectional else 1
        gates, width = GATES[mode] * hidden_size, proj_size or hidden_size
        for layer in range(num_layers):
            for suffix in ("", "_reverse")[:directions]:
                inputs = input_size if layer == 0 else width * directions
                shapes: dict[str, Any] = {"weight_ih": (gates, inputs), "weight_hh": (gates, width)}
                if bias:
                    shapes |= {"bias_ih": (gates,), "bias_hh": (gates,)}
                if proj_size:
                    shapes["weight_hr"] = (proj_size, hidden_size)
                names = [f"{name}_l{layer}{suffix}" for name in shapes]
                for name, shape in zip(names, shapes.values(), strict=True):
                    setattr(self, name, Parameter(empty(shape, device=device, dtype=dtype)))
                self._all_weights.append(names)
        self.reset_parameters()

    @property
    def all_weights(self) -> list[list[Any]]:
        """The parameters, layer by layer and direction by direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    # PyTorch's own name, which books use to initialise a layer: for name in rnn._flat_weights_names
    @property
    def _flat_weights_names(self) -> list[str]:
        return [name for names in self._all_weights for name in names]

    @property
    def _flat_weights(self) -> list[Any]:
        return [weight for weights in self.all_weights for weight in weights]

    def flatten_parameters(self) -> None:
        """Nothing to do here: a GPU library would want the weights side by side."""

    def reset_parameters(self) -> None:
        r"""Draw the parameters anew, from $\mathcal U(-\sqrt k, \sqrt k)$, k = 1 / hidden_size."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def extra_repr(self) -> str:
        """The sizes, and what differs from its default."""
        text = f"{self.input_size}, {self.hidden_size}"
        if self.proj_size != 0:
            text += f", proj_size={self.proj_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if self.batch_first is not False:
            text += f", batch_first={self.batch_first}"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional is not False:
            text += f", bidirectional={self.bidirectional}"
        return text

    # ------------------------------------------------------------------ running
    def forward(self, input: Any, hx: Any = None) -> Any:
        """Run over a sequence.

        Shapes: input (L, N, input_size), (N, L, input_size) with `batch_first`, (L, input_size), or a PackedSequence;
        result the output of the last layer at every step, and the final state of every layer.
        """
        packed = isinstance(input, PackedSequence)
        x: Any = input.data if packed else input
        sizes = [int(n) for n in input.batch_sizes] if packed else None
        order = input.sorted_indices if packed else None
        back = input.unsorted_indices if packed else None
        single = False
        if not packed:
            if x.dim() not in (2, 3):
                raise ValueError(self._wrong_dims(x.dim()))
            single = x.dim() == 2
            self._check_state_dims(hx, single)
            if single:
                x = x.unsqueeze(0 if self.batch_first else 1)
                hx = _each(hx, lambda part: part.unsqueeze(1))
        batch = sizes[0] if sizes is not None else x.shape[0 if self.batch_first else 1]
        if hx is None:
            hx = self._zeros(x, batch)
        elif order is not None:
            hx = _each(hx, lambda part: part.index_select(1, order))
        self._check(x, hx, batch, packed)
        if self.batch_first and not packed:
            x = x.transpose(0, 1)
        if not packed and not x.shape[0]:
            raise lesson(
                RuntimeError("Expected sequence length to be larger than 0 in RNN"), expected="a step or more", got=0
            )
        output, final = recurrent.run_layers(
            CELLS[self.mode],
            x,
            hx,
            self.all_weights,
            2 if self.bidirectional else 1,
            self.dropout if self.training else 0.0,
            sizes,
            self.mode == "LSTM",
        )
        if packed:
            if back is not None:
                final = _each(final, lambda part: part.index_select(1, back))
            return PackedSequence(output, input.batch_sizes, order, back), final
        if self.batch_first:
            output = apply(Transpose, output, dim0=0, dim1=1, variant=int(self.mode != "LSTM"))
        if single:
            output = output.squeeze(0 if self.batch_first else 1)
            final = _each(final, lambda part: part.squeeze(1))
        return output, final

    def _wrong_dims(self, ndim: int) -> str:
        return f"{type(self).__name__}: Expected input to be 2D or 3D, got {ndim}D instead"

    def _zeros(self, x: Any, batch: int) -> Any:
        count = self.num_layers * (2 if self.bidirectional else 1)
        h = zeros(count, batch, self.proj_size or self.hidden_size, dtype=x.dtype, device=x.device)
        if self.mode != "LSTM":
            return h
        return h, zeros(count, batch, self.hidden_size, dtype=x.dtype, device=x.device)

    def _check_state_dims(self, hx: Any, single: bool) -> None:
        if hx is None:
            return
        wanted, kind = (2, "unbatched 2-D") if single else (3, "batched 3-D")
        if self.mode == "LSTM":
            if any(part.dim() != wanted for part in hx):
                raise RuntimeError(
                    f"For {kind} input, hx and cx should also be {wanted}-D but got "
                    f"({hx[0].dim()}-D, {hx[1].dim()}-D) tensors"
                )
        elif hx.dim() != wanted:
            raise RuntimeError(f"For {kind} input, hx should also be {wanted}-D but got {hx.dim()}-D tensor")

    def _check(self, x: Any, hx: Any, batch: int, packed: bool) -> None:
        kind = self._flat_weights[0].dtype
        if x.dtype is not kind and not enabled():
            raise lesson(
                ValueError(
                    f"RNN input dtype ({x.dtype}) does not match weight dtype ({kind}). "
                    f"Convert input: input.to({kind}), or convert model: model.to({x.dtype})"
                ),
                expected=str(kind),
                got=str(x.dtype),
            )
        dims = 2 if packed else 3
        if x.dim() != dims:
            raise RuntimeError(f"input must have {dims} dimensions, got {x.dim()}")
        if x.shape[-1] != self.input_size:
            raise lesson(
                RuntimeError(
                    f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {x.shape[-1]}"
                ),
                expected=f"{self.input_size} features at each step",
                got=x.shape[-1],
                hint=f"{type(self).__name__}(input_size={x.shape[-1]}, ...), or check batch_first",
            )
        count = self.num_layers * (2 if self.bidirectional else 1)
        width = self.proj_size or self.hidden_size
        if self.mode != "LSTM":
            _check_state(hx, (count, batch, width), "Expected hidden size {}, got {}")
        else:
            _check_state(hx[0], (count, batch, width), "Expected hidden[0] size {}, got {}")
            _check_state(hx[1], (count, batch, self.hidden_size), "Expected hidden[1] size {}, got {}")


def _check_state(state: Any, shape: tuple[int, ...], text: str) -> None:
    if tuple(state.shape) != shape:
        raise RuntimeError(text.format(shape, list(state.shape)))


def _each(state: Any, change: Any) -> Any:
    """The change, made to h, or to h and c."""
    if state is None:
        return None
    return tuple(change(part) for part in state) if isinstance(state, tuple) else change(state)


def _check_options(
    input_size: Any, hidden_size: Any, num_layers: int, bias: Any, batch_first: Any, dropout: Any, proj_size: int
) -> None:
    if not isinstance(dropout, numbers.Number) or isinstance(dropout, bool) or not 0 <= dropout <= 1:  # type: ignore[operator]
        raise ValueError(
            "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"
        )
    if dropout > 0 and num_layers == 1:  # type: ignore[operator]
        warnings.warn(
            "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers "
            f"greater than 1, but got dropout={dropout} and num_layers={num_layers}",
            stacklevel=4,
        )
    for name, value in (("bias", bias), ("batch_first", batch_first)):
        if not isinstance(value, bool):
            raise TypeError(f"{name} should be of type bool, got: {type(value).__name__}")
    for name, value in (("input_size", input_size), ("hidden_size", hidden_size)):
        if not isinstance(value, int):
            raise TypeError(f"{name} should be of type int, got: {type(value).__name__}")
        if value <= 0:
            raise ValueError(f"{name} must be greater than zero")
    if num_layers <= 0:
        raise ValueError("num_layers must be greater than zero")
    if proj_size < 0:
        raise ValueError("proj_size should be a positive integer or zero to disable projections")
    if proj_size >= hidden_size:
        raise ValueError("proj_size has to be smaller than hidden_size")


class RNN(RNNBase):
    r"""$h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})$, or with ReLU.

    >>> import pytorch_tutor as torch
    >>> output, hidden = torch.nn.RNN(10, 20)(torch.randn(5, 3, 10))
    >>> output.shape, hidden.shape
    (torch.Size([5, 3, 20]), torch.Size([1, 3, 20]))

    Source: J. Elman, "Finding structure in time", 1990.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _no_projection(kwargs)
        if len(args) > 3:
            nonlinearity, args = args[3], (*args[:3], *args[4:])
        else:
            nonlinearity = kwargs.pop("nonlinearity", "tanh")
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__("RNN_TANH" if nonlinearity == "tanh" else "RNN_RELU", *args, **kwargs)
        self.nonlinearity = nonlinearity

    def _wrong_dims(self, ndim: int) -> str:
        return f"RNN: Expected input to be 2D or 3D, got {ndim}D tensor instead"


class LSTM(RNNBase):
    """Long short-term memory: gates decide what is kept, written and shown.

    >>> import pytorch_tutor as torch
    >>> output, (h, c) = torch.nn.LSTM(10, 20, num_layers=2)(torch.randn(5, 3, 10))
    >>> output.shape, h.shape
    (torch.Size([5, 3, 20]), torch.Size([2, 3, 20]))

    Source: S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__("LSTM", *args, **kwargs)


class GRU(RNNBase):
    """Gated recurrent unit: an LSTM with two gates and one state. Source: K. Cho et al., 2014."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _no_projection(kwargs)
        super().__init__("GRU", *args, **kwargs)


def _no_projection(kwargs: dict[str, Any]) -> None:
    if "proj_size" in kwargs:
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")


# ---------------------------------------------------------------------- cells
class RNNCellBase(Module):
    """What the cells share: two weights and two biases."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        place = {"device": device, "dtype": dtype}
        self.weight_ih = Parameter(empty((num_chunks * hidden_size, input_size), **place))
        self.weight_hh = Parameter(empty((num_chunks * hidden_size, hidden_size), **place))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, Parameter(empty(num_chunks * hidden_size, **place)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the parameters anew."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def extra_repr(self) -> str:
        """The sizes, and what differs from its default."""
        text = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if getattr(self, "nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text

    def _weights(self) -> tuple[Any, ...]:
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def _check_dims(self, input: Any, hidden: Any) -> None:
        name = type(self).__name__
        if input.dim() not in (1, 2):
            raise ValueError(f"{name}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        if isinstance(hidden, tuple):
            for i, part in enumerate(hidden):
                if part.dim() not in (1, 2):
                    raise ValueError(f"{name}: Expected hx[{i}] to be 1D or 2D, got {part.dim()}D instead")
        elif hidden is not None and hidden.dim() not in (1, 2):
            raise ValueError(f"{name}: Expected hidden to be 1D or 2D, got {hidden.dim()}D instead")

    def _state(self, input: Any, hidden: Any, single: bool) -> Any:
        if hidden is None:
            return zeros(input.shape[0], self.hidden_size, dtype=input.dtype, device=input.device)
        return hidden.unsqueeze(0) if single else hidden

    def _one_state(self, cell: Any, input: Any, hx: Any) -> Any:
        self._check_dims(input, hx)
        single = input.dim() == 1
        x = input.unsqueeze(0) if single else input
        hidden = self._state(x, hx, single)
        recurrent.check_cell(x, hidden, self.weight_ih, self.weight_hh)
        y = cell(x, hidden, self._weights())
        return y.squeeze(0) if single else y


class RNNCell(RNNCellBase):
    """One step of an RNN. Shapes: input (N, input_size) or (input_size), hidden (N, hidden_size)."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next hidden state."""
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        tanh = self.nonlinearity == "tanh"
        return self._one_state(recurrent.rnn_tanh_cell if tanh else recurrent.rnn_relu_cell, input, hx)


class GRUCell(RNNCellBase):
    """One step of a GRU."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next hidden state."""
        return self._one_state(recurrent.gru_cell, input, hx)


class LSTMCell(RNNCellBase):
    """One step of an LSTM: (h, c) becomes (h', c')."""

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The next hidden state and cell state."""
        self._check_dims(input, None if hx is None else tuple(hx))
        single = input.dim() == 1
        x = input.unsqueeze(0) if single else input
        parts = (None, None) if hx is None else hx
        h, c = (self._state(x, part, single) for part in parts)
        for number, part in enumerate((h, c)):
            recurrent.check_cell(x, part, self.weight_ih, self.weight_hh, number)
        h, c = recurrent.lstm_cell(x, (h, c), self._weights())
        return (h.squeeze(0), c.squeeze(0)) if single else (h, c)
