"""How a sparse tensor is written down: its places, its numbers, its size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .backends.coo import Csr
from .dtypes import bool as boolean
from .dtypes import complex64, complex128, float64, get_default_dtype, int64
from .printing import PRINT_OPTS, numbers_of

PREFIX = "tensor("


def sparse_repr(tensor: Any) -> str:
    """``tensor(indices=..., values=..., size=..., nnz=..., layout=...)``, letter for letter as PyTorch does.

    >>> import pytorch_tutor as torch
    >>> torch.sparse_coo_tensor([[0, 1]], [1.0, 2.0], (3,))
    tensor(indices=tensor([[0, 1]]),
           values=tensor([1., 2.]),
           size=(3,), nnz=2, layout=torch.sparse_coo)
    """
    array = tensor._array
    if isinstance(array, Csr):
        parts = {"crow_indices": array.starts, "col_indices": array.indices[1], "values": array.values}
    else:
        parts = {"indices": array.indices, "values": array.values}
    column = len(PREFIX)
    text = (",\n" + " " * column).join(_part(name, part, column) for name, part in parts.items())
    text = PREFIX + text
    fresh = not isinstance(array, Csr)  # the size begins a new line, for lists of places
    column = len(text) - text.rfind("\n") + 1
    for suffix in _suffixes(tensor, array):
        if fresh or column + len(suffix) + 2 > PRINT_OPTS.linewidth:
            text += ",\n" + " " * len(PREFIX) + suffix
            column = len(PREFIX) + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
        fresh = False
    return text + ")"


def _part(name: str, array: Any, column: int) -> str:
    start = f"{name}=tensor("
    text = start + numbers_of(array, column + len(start))
    return text + (f", size={tuple(array.shape)}" if not array.size else "") + ")"


def _suffixes(tensor: Any, array: Any) -> Iterator[str]:
    yield f"size={tuple(array.shape)}"
    yield f"nnz={array.nnz}"
    default, dtype = get_default_dtype(), tensor.dtype
    if dtype not in (default, complex128 if default is float64 else complex64, int64, boolean):
        yield f"dtype={dtype}"
    yield f"layout={tensor.layout}"
    node = tensor.grad_fn
    if node is not None:
        yield f"grad_fn=<{node.name().rsplit('::', 1)[-1]}>"
    elif tensor.requires_grad:
        yield "requires_grad=True"
