"""Storages: the memory behind tensors. Views of one storage share it in the file too, and after loading."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from pytorch_tutor import dtypes
from pytorch_tutor.backends import namespace, to_device
from pytorch_tutor.backends.meta import MetaArray
from pytorch_tutor.device import device
from pytorch_tutor.dtypes import bfloat16, dtype
from pytorch_tutor.errors import lesson
from pytorch_tutor.tensor_base import TensorBase, wrap

__all__ = ["DTYPE_OF_STORAGE", "STORAGE_OF_DTYPE", "Storage", "StorageTable", "tensor_from"]

# PyTorch's classes of storages; types younger than these (uint16, ...) are kept in an untyped one.
STORAGE_OF_DTYPE: dict[dtype, str] = {
    kind: dtypes.SCALAR_NAMES[kind] + "Storage"
    for kind in dtypes.ALL
    if kind not in (dtypes.uint16, dtypes.uint32, dtypes.uint64)
}
DTYPE_OF_STORAGE: dict[str, dtype] = {name: kind for kind, name in STORAGE_OF_DTYPE.items()}


class Storage:
    """The memory of one storage in a file, while it is being loaded.

    Args:
        data: its bytes, writable.
        kind: type of the elements; None if the tensors say it.
        place: where it was saved from, such as ``"cpu"``.
        swap: whether the bytes come from a machine with the other byte order.
    """

    def __init__(self, data: Any, kind: dtype | None, place: str, swap: bool = False) -> None:
        self.data = np.frombuffer(data, np.uint8)
        self.kind = kind
        self.device = device(place)
        self._swap = swap
        self._arrays: dict[dtype, Any] = {}

    def cpu(self) -> Storage:
        """The same storage, to be put on the CPU (for a ``map_location`` function)."""
        return self._placed(device("cpu"))

    def cuda(self, index: int | None = None) -> Storage:
        """The same storage, to be put on a GPU (for a ``map_location`` function)."""
        return self._placed(device("cuda", 0 if index is None else index))

    def _placed(self, where: device) -> Storage:
        self.device = where
        return self

    def array(self, kind: dtype) -> Any:
        """All elements as a flat array; always the same array, so that tensors share it."""
        if kind not in self._arrays:
            size = kind.itemsize
            whole = self.data[: len(self.data) // size * size]
            if self._swap and size > 1:
                part = size // 2 if kind.is_complex else size
                whole = whole.reshape(-1, part)[:, ::-1].reshape(-1)
            if kind is bfloat16:  # the upper half of a float32, which is how the engine holds it
                array = (whole.view("u2").astype("u4") << 16).view("f4")
            else:
                array = whole.view(kind.array)
            self._arrays[kind] = array if self.device.type == "cpu" else to_device(array, self.device)
        return self._arrays[kind]


def tensor_from(storage: Storage, kind: dtype, offset: int, size: Any, stride: Any) -> Any:
    """A tensor that shows part of a storage; refuses to show what lies outside, whatever the file says."""
    flat = storage.array(kind)
    numbers = [offset, *size, *stride]
    if len(size) != len(stride) or not all(isinstance(n, int) and 0 <= n < 1 << 62 for n in numbers):
        raise ValueError(f"a tensor of size {size}, stride {stride} and offset {offset} makes no sense")
    if 0 not in size:
        last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
        if last >= len(flat):
            raise ValueError(f"a tensor reaches to element {last} of a storage of {len(flat)}")
    else:
        flat, offset = flat[:0], 0
    step = flat.itemsize
    array = namespace(flat).lib.stride_tricks.as_strided(flat[offset:], tuple(size), tuple(n * step for n in stride))
    if isinstance(flat, MetaArray):
        array = array.view(MetaArray)
    return wrap(array, bfloat16 if kind is bfloat16 else None)


class StorageTable:
    """Finds, for tensors that are being saved, which share memory, and numbers the storages."""

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[int, dtype]] = {}  # address of the memory -> number and type
        self._alive: list[Any] = []
        self.roots: list[tuple[Any, dtype]] = []  # the memory of each storage, as a flat array

    def place(self, tensor: TensorBase) -> tuple[int, int, int, tuple[int, ...]]:
        """Number of the storage, its length in elements, and offset and strides of the tensor within it."""
        kind = tensor.dtype
        array = tensor.settle()
        if not isinstance(array, np.ndarray):
            array = array.get()  # from a GPU; PyTorch, too, writes a copy from the host
        root, offset, strides = _layout(array)
        self._alive.append(root)  # an address means nothing once its memory is given back
        address = root.__array_interface__["data"][0] if root.size else id(root)
        if address not in self._numbers:
            self._numbers[address] = (len(self.roots), kind)
            self.roots.append((root, kind))
        number, known = self._numbers[address]
        if known is not kind:
            raise lesson(
                RuntimeError("Cannot save multiple tensors or storages that view the same data as different types"),
                got=f"{known} and {kind}",
                hint="clone() one of them",
            )
        return number, root.size, offset, strides

    def data(self, number: int) -> Any:
        """The bytes of a storage, in little-endian order."""
        root, kind = self.roots[number]
        if kind is bfloat16:
            root = (root.view("u4") >> 16).astype("u2")
        if sys.byteorder == "big" and root.itemsize > 1:
            root = root.byteswap()
        return root.view(np.uint8).data


def _layout(array: Any) -> tuple[Any, int, tuple[int, ...]]:
    """The whole memory that an array shows part of, as a flat array, with offset and strides in elements."""
    root = base = array
    while base is not None:
        if isinstance(base, np.ndarray):
            root = base
        base = getattr(base, "base", None)  # NumPy's as_strided puts an object of its own between two arrays
    size = array.itemsize
    if array.size == 0:
        return np.empty(0, array.dtype), 0, _contiguous(array.shape)
    flat = _flat(root)
    if flat.dtype != array.dtype and flat.nbytes % size == 0:  # memory that began as plain bytes, say
        flat = flat.view(array.dtype)
    offset = array.__array_interface__["data"][0] - flat.__array_interface__["data"][0]
    fits = flat.dtype == array.dtype and offset % size == 0 and all(s >= 0 and s % size == 0 for s in array.strides)
    if not fits:  # PyTorch has no such layout (negative strides, a part of a complex number): save a copy
        return np.ascontiguousarray(array).reshape(-1), 0, _contiguous(array.shape)
    # the stride of a dimension of size 1 never matters; NumPy may hold anything there
    strides = tuple(s // size for s in array.strides)
    return flat, offset // size, strides


def _flat(root: Any) -> Any:
    """All the memory that an array reaches, as one dimension in the order of the addresses; never a copy."""
    forward = root[(*(slice(None, None, -1 if step < 0 else 1) for step in root.strides), ...)]
    last = sum((n - 1) * step for n, step in zip(forward.shape, forward.strides, strict=True))
    return np.lib.stride_tricks.as_strided(forward, (last // root.itemsize + 1,), (root.itemsize,))


def _contiguous(shape: tuple[int, ...]) -> tuple[int, ...]:
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= max(n, 1)
    return tuple(reversed(strides))
