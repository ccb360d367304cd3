"""Memory that several processes see: what ``share_memory_`` gives a tensor."""

from __future__ import annotations

import mmap
from typing import Any

import numpy as np


def share_memory_(self: Any) -> Any:
    """Moves the elements to memory that processes forked from this one see and change too.

    A process started by ``spawn`` gets a copy, as of any tensor. Only this tensor moves: others on the same memory, views
    and ``.data`` of it, stay behind (in PyTorch they come along), so share a tensor before you make views of it. Under
    Pyodide there are no processes, and nothing moves.

    >>> import pytorch_tutor as torch
    >>> x = torch.ones(2).share_memory_()
    >>> x, x.is_shared()
    (tensor([1., 1.]), True)
    """
    array = self._array
    if array.__class__ is not np.ndarray or is_shared(self) or not array.nbytes:
        return self
    try:
        memory = mmap.mmap(-1, array.nbytes)
    except OSError:
        return self
    order: Any = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    moved: Any = np.ndarray(array.shape, array.dtype, buffer=memory, order=order)
    moved[...] = array
    self._array = moved
    return self


def is_shared(self: Any) -> bool:
    """Has the tensor, or the one that it is a view of, been moved by ``share_memory_``?"""
    array = self._array
    while isinstance(array, np.ndarray):
        array = array.base
    if isinstance(array, memoryview):
        array = array.obj
    return isinstance(array, mmap.mmap)
