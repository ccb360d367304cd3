"""Writing the description of an object: pickle's protocol 2, with PyTorch's names for PyTorch's things."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from typing import Any

from pytorch_tutor import dtypes
from pytorch_tutor.device import device
from pytorch_tutor.functions.sparse import is_sparse
from pytorch_tutor.layouts import layout
from pytorch_tutor.nn.parameter import Parameter
from pytorch_tutor.serialization.storages import STORAGE_OF_DTYPE, StorageTable
from pytorch_tutor.size import Size
from pytorch_tutor.tensor_base import TensorBase

__all__ = ["Pickler"]


class _Name:
    """A global name that is written as it is, whether or not such a thing can be imported here."""

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def __call__(self) -> None:
        """Pickle wants to see that the thing it writes a call of can be called."""


def _torch(name: str, module: str = "torch") -> _Name:
    return _NAMES.setdefault((module, name), _Name(module, name))


_NAMES: dict[tuple[str, str], _Name] = {}


class _StorageReference:
    """Stands for a storage in the description; the memory itself is written elsewhere in the archive."""

    def __init__(self, number: int, size: int, kind: dtypes.dtype, place: str) -> None:
        if kind in STORAGE_OF_DTYPE:
            name = _torch(STORAGE_OF_DTYPE[kind])
        else:
            name, size = _torch("UntypedStorage", "torch.storage"), size * kind.itemsize
        self.id = ("storage", name, str(number), place, size)


def _parts(tensor: Any) -> tuple[Any, ...]:
    """What a sparse tensor is made of."""
    if tensor.is_sparse_csr:
        return tensor.crow_indices(), tensor.col_indices(), tensor._values(), tensor.shape
    return tensor._indices(), tensor._values(), tensor.shape, tensor.is_coalesced()


_PythonPickler: Any = pickle._Pickler


class Pickler(_PythonPickler):  # type: ignore[misc]
    """Python's pickler, in its Python version so that names can be written that exist only in real PyTorch.

    Args:
        file: where the description goes.
        storages: collects the memory of the tensors that are met.
        protocol: 2, which is what PyTorch reads.
    """

    dispatch = dict(_PythonPickler.dispatch)

    def __init__(self, file: Any, storages: StorageTable, protocol: int = 2) -> None:
        super().__init__(file, protocol)
        self._storages = storages

    def persistent_id(self, obj: Any) -> Any:
        """What pickle asks of every object: whether it is kept outside of the description."""
        return obj.id if isinstance(obj, _StorageReference) else None

    def reducer_override(self, obj: Any) -> Any:
        """How things of this library are spelled: a function of PyTorch's and its arguments."""
        if isinstance(obj, Parameter):
            return _torch("_rebuild_parameter", "torch._utils"), (obj.detach(), obj.requires_grad, OrderedDict())
        if is_sparse(obj):
            return _torch("_rebuild_sparse_tensor", "torch._utils"), (obj.layout, _parts(obj))
        if isinstance(obj, layout):
            return _torch("_get_layout", "torch.serialization"), (str(obj),)
        if isinstance(obj, TensorBase):
            return self._tensor(obj)
        if isinstance(obj, OrderedDict) and type(obj).__module__.startswith("pytorch_tutor."):
            # a state_dict: in a file it is a plain one, with its further attributes
            return OrderedDict, (), obj.__dict__ or None, None, iter(obj.items())
        if isinstance(obj, device):
            return _torch("device"), (obj.type,) if obj.index is None else (obj.type, obj.index)
        return NotImplemented

    def _tensor(self, tensor: TensorBase) -> Any:
        kind = tensor.dtype
        number, length, offset, stride = self._storages.place(tensor)
        storage = _StorageReference(number, length, kind, str(tensor.device))
        arguments: tuple[Any, ...] = (
            storage,
            offset,
            tuple(tensor._array.shape),
            stride,
            tensor.requires_grad,
            OrderedDict(),
        )
        if kind in STORAGE_OF_DTYPE:
            return _torch("_rebuild_tensor_v2", "torch._utils"), arguments
        return _torch("_rebuild_tensor_v3", "torch._utils"), (*arguments, kind)

    def _save_name(self, obj: _Name) -> None:
        self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
        self.memoize(obj)

    dispatch[_Name] = _save_name

    def _save_dtype(self, obj: dtypes.dtype) -> None:
        self.save(_torch(obj.name))

    dispatch[dtypes.dtype] = _save_dtype

    def _save_size(self, obj: Size) -> None:
        self.save_reduce(_torch("Size"), (tuple(obj),), obj=obj)

    dispatch[Size] = _save_size

    def save_global(self, obj: Any, name: str | None = None) -> None:
        """Names of this library are translated, wherever in an object they come up."""
        module = getattr(obj, "__module__", None) or ""
        if module.split(".")[0] == "pytorch_tutor":
            self.save(_torch(name or obj.__qualname__, "torch" + module.removeprefix("pytorch_tutor")))
        else:
            super().save_global(obj, name)
