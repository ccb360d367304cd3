"""The short way for the most used optimizers: one kernel that changes a parameter's memory, block by block.

It computes the numbers of the readable rule in `adam.py` and `sgd.py`, operation by operation in the same order. The
rule itself runs wherever the short way does not apply: steps that are differentiated, tensors as hyperparameters,
bfloat16, complex numbers, parameters with gaps in their memory.
"""

from __future__ import annotations

from typing import Any

from pytorch_tutor.optim.optimizer import Group
from pytorch_tutor.tensor import Tensor


def memory(group: Group, names: tuple[str, ...], *tensors: Tensor | None) -> list[Any] | None:
    """The arrays of the tensors, or None where the short way does not apply."""
    if group["differentiable"]:
        return None
    for name in names:
        if not isinstance(group[name], (int, float)):
            return None
    arrays = [None if t is None else t._array for t in tensors]
    first = arrays[0]
    if first.dtype.char not in "fd":
        return None
    for tensor, array in zip(tensors, arrays, strict=True):
        if tensor is not None and (
            tensor._dtype is not None or array.dtype is not first.dtype or array.__class__ is not first.__class__
        ):
            return None
    return arrays


def written(*tensors: Tensor | None) -> None:
    """Count the write, so that a backward pass which needs the old value says so."""
    for tensor in tensors:
        if tensor is not None:
            tensor.version.n += 1
