"""Where a result lies in memory: the order of its elements, as PyTorch has it, and pictures with channels last.

The numbers are the same in any order; but on it depends whether `view` succeeds, what `stride` says, and which element
is drawn first when the result is filled at random.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .ops.base import Op
from .tensor_base import TensorBase


def lay_out(tensor: Any, op_class: type[Op], inputs: tuple[Any, ...]) -> None:
    """Pictures: a layer's result lies channels-last for all to see if an input does, else only as the engine likes."""
    array = tensor._array
    tensors = [t for t in inputs if isinstance(t, TensorBase)]
    if op_class.makes_channels_last and any([t.shown_channels_last() for t in tensors]):
        if not array.transpose(0, 2, 3, 1).flags.c_contiguous:
            tensor._array = array.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    elif not array.flags.c_contiguous:
        tensor._hidden_layout = op_class.makes_channels_last or any([t._hidden_layout for t in tensors])


def place(tensor: Any, layout: str, inputs: tuple[Any, ...]) -> None:
    """Moves a result to where PyTorch has it in memory: that decides whether `view` succeeds, and what is drawn first."""
    array = tensor._array
    rows = array.flags.c_contiguous
    first = inputs[0]
    if layout in ("rows", "pictures"):
        hidden = any([isinstance(t, TensorBase) and t._hidden_layout for t in inputs])
        shown = layout == "pictures" and all([isinstance(t, TensorBase) and t.shown_channels_last() for t in inputs])
        if not rows and not (array.ndim >= 3 and (hidden or shown)):
            tensor._array = array.copy(order="C")
    elif not isinstance(first, TensorBase) or first._array.ndim != array.ndim:
        return
    elif layout == "columns":
        columns = array.swapaxes(-1, -2)
        if not columns.flags.c_contiguous:
            tensor._array = columns.copy(order="C").swapaxes(-1, -2)
    else:
        model = first._array
        if not rows or model.flags.c_contiguous or first._hidden_layout or model.shape[:-1] != array.shape[:-1]:
            return
        if 0 not in model.strides:
            order = sorted(range(array.ndim), key=lambda axis: -abs(model.strides[axis]))
            tensor._array = array.transpose(order).copy(order="C").transpose(np.argsort(order))
