"""Memory that several processes see: what ``share_memory_`` gives a tensor."""

from __future__ import annotations

import gc
import mmap
import sys
from typing import Any

import numpy as np

from ..tensor_base import TensorBase


def share_memory_(self: Any) -> Any:
    """Moves the memory to where processes forked from this one see and change it too.

    All tensors on this memory move along: views, ``.data``, the tensor that this one is a view of. A NumPy array that
    a tensor was made of stays behind. A process started by ``spawn`` gets a copy, as of any tensor. Under Pyodide there
    are no processes, and nothing moves.

    >>> import pytorch_tutor as torch
    >>> p = torch.nn.Parameter(torch.ones(2))
    >>> p.data.share_memory_()
    tensor([1., 1.])
    >>> p.is_shared()
    True
    """
    if self._array.__class__ is not np.ndarray or is_shared(self) or not self._array.nbytes:
        return self
    root = self._memory()
    try:
        memory = mmap.mmap(-1, root.nbytes)
    except OSError:
        return self
    whole: Any = np.ndarray(root.size, root.dtype, buffer=memory)
    start, end = address(root), address(root) + root.nbytes
    whole[...] = np.lib.stride_tricks.as_strided(root, (root.size,), (root.itemsize,))
    alone = root is self._array and sys.getrefcount(root) <= 3  # held by the tensor, `root` and the call
    for tensor in (self,) if alone else [t for t in gc.get_objects() if isinstance(t, TensorBase)]:
        array = tensor.__dict__.get("_array")
        if (
            array.__class__ is np.ndarray
            and start <= address(array) < end
            and (array is root or array.base is not None)
        ):
            place = address(array) - start
            tensor._array = np.ndarray(array.shape, array.dtype, buffer=whole, offset=place, strides=array.strides)
    return self


def address(array: Any) -> int:
    """Where the first element lies."""
    return int(array.__array_interface__["data"][0])


def is_shared(self: Any) -> bool:
    """Has the tensor, or the one that it is a view of, been moved by ``share_memory_``?"""
    array = self._array
    while isinstance(array, np.ndarray):
        array = array.base
    if isinstance(array, memoryview):
        array = array.obj
    return isinstance(array, mmap.mmap)
