"""Borders: a constant around a tensor, or the ends of a signal mirrored or repeated. ``nn.functional.pad`` has more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dispatch import apply, write_out
from ..errors import lesson
from ..ops import padding as ops
from ..python_data import check_fits
from ..tensor_base import TensorBase


def constant_pad_nd(input: Any, pad: Sequence[int], value: Any = 0, *, out: Any = None) -> Any:
    """A border of one number; ``pad`` lists (before, after), the last dimension first. Negative widths cut off.

    >>> import pytorch_tutor as torch
    >>> torch.constant_pad_nd(torch.tensor([1, 2]), (1, 2), 7)
    tensor([7, 1, 2, 7, 7])
    """
    rank = input._array.ndim
    if len(pad) % 2:
        raise RuntimeError(f"Length of pad must be even but instead it equals {len(pad)}")
    if len(pad) > 2 * rank:
        raise lesson(
            RuntimeError(
                "Length of pad should be no more than twice the number of dimensions of the input. Pad length is "
                f"{len(pad)}while the input has {rank}dimensions."
            ),
            expected=f"at most {2 * rank} numbers",
            got=len(pad),
        )
    widths = [(0, 0)] * rank
    for i in range(len(pad) // 2):
        before, after = pad[2 * i : 2 * i + 2]
        size = input._array.shape[-1 - i]
        if min(before, 0) + size < 0 or min(before, 0) + min(after, 0) + size < 0:
            raise RuntimeError("narrow(): length must be non-negative.")
        widths[-1 - i] = before, after
    number = value.item() if isinstance(value, TensorBase) else value
    check_fits(number, input.dtype)
    made = apply(ops.ConstantPadNd, input, widths=tuple(widths), value=number)
    return write_out(made, out, "constant_pad_nd")


def extend(signal: Any, width: int, mode: str) -> Any:
    """The last dimension with ``width`` elements more at both ends: "reflect", "replicate", "circular", "constant".

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.functions.padding import extend
    >>> extend(torch.tensor([1, 2, 3]), 2, "reflect")
    tensor([3, 2, 1, 2, 3, 2, 1])
    """
    if mode == "constant":
        return constant_pad_nd(signal, (width, width))
    how = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    if mode not in how:
        raise lesson(
            NotImplementedError(f"Unrecognised padding mode {mode}"),
            expected="'constant', 'reflect', 'replicate' or 'circular'",
            got=repr(mode),
        )
    size = signal._array.shape[-1] if signal._array.ndim else 1
    shape = [1] * (3 - signal._array.ndim) + list(signal._array.shape)
    if mode == "reflect" and width >= size:
        raise lesson(
            RuntimeError(
                "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
                f"({width}, {width}) at dimension {len(shape) - 1} of input {shape}"
            ),
            expected=f"a border below {size}",
            got=width,
        )
    if mode == "circular" and width > size:
        raise RuntimeError("Padding value causes wrapping around more than once.")
    places = np.pad(np.arange(size), width, how[mode])  # type: ignore[call-overload]
    kind = "ReplicationPad1D" if mode == "replicate" else "ReflectionPad1D"
    return apply(ops.BorderPad, signal, positions=(places,), kind=kind)
