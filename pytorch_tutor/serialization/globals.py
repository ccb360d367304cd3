"""Which names a checkpoint may use. A name that is not on a list is refused: that is what makes loading safe.

Pickle, Python's own format, lets a file name any function of any module and have it called with any arguments. Here
a name is never looked up by importing: it is looked for in the tables below.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from pytorch_tutor import dtypes, layouts
from pytorch_tutor.device import device
from pytorch_tutor.functions.sparse import sparse_coo_tensor, sparse_csr_tensor
from pytorch_tutor.nn import Module
from pytorch_tutor.nn.parameter import Parameter
from pytorch_tutor.serialization import plain_data
from pytorch_tutor.serialization.storages import DTYPE_OF_STORAGE, Storage, tensor_from
from pytorch_tutor.size import Size
from pytorch_tutor.tensor import Tensor

__all__ = ["add_safe_globals", "clear_safe_globals", "get_safe_globals", "safe_globals"]

_marked: dict[str, Any] = {}
BLOCKED_MODULES = ("sys", "os", "posix", "nt")  # never allowed, not even if a user asks for it


def add_safe_globals(safe_globals: list[Any]) -> None:
    """Allow classes or functions of yours in files that :func:`torch.load` reads with ``weights_only=True``.

    Args:
        safe_globals: classes or functions, or pairs ``(object, "module.name in the file")``.

    Example::

        >>> import io
        >>> from fractions import Fraction
        >>> import pytorch_tutor as torch
        >>> file = io.BytesIO()
        >>> torch.save({"ratio": Fraction(1, 3)}, file)
        >>> _ = file.seek(0)
        >>> with torch.serialization.safe_globals([Fraction]):
        ...     torch.load(file)
        {'ratio': Fraction(1, 3)}
    """
    for entry in safe_globals:
        if isinstance(entry, tuple):
            if len(entry) != 2:
                raise ValueError(
                    "Expected tuple of length 2 (global, str of callable full path), but got tuple of length: "
                    f"{len(entry)}"
                )
            if type(entry[1]) is not str:
                raise TypeError(
                    f"Expected second item in tuple to be str of callable full path, but got: {type(entry[1])}"
                )
            _marked[entry[1]] = entry[0]
        else:
            _marked[f"{entry.__module__}.{entry.__qualname__}"] = entry


def get_safe_globals() -> list[Any]:
    """What :func:`add_safe_globals` has allowed so far."""
    return list(_marked.values())


def clear_safe_globals() -> None:
    """Take back all that :func:`add_safe_globals` has allowed."""
    _marked.clear()


@contextmanager
def safe_globals(safe_globals: list[Any]) -> Iterator[None]:
    """Like :func:`add_safe_globals`, until the end of the ``with`` block."""
    before = dict(_marked)
    add_safe_globals(safe_globals)
    try:
        yield
    finally:
        _marked.clear()
        _marked.update(before)


# ---------------------------------------------------------------- what the names of a checkpoint stand for


class StorageType:
    """The name of a class of storages, such as ``torch.FloatStorage``."""

    def __init__(self, kind: dtypes.dtype | None) -> None:
        self.kind = kind


def _rebuild_tensor(storage: Storage, offset: int, size: Any, stride: Any) -> Any:
    if storage.kind is None:
        raise ValueError("a storage without a type")
    return tensor_from(storage, storage.kind, offset, size, stride)


def _rebuild_tensor_v2(
    storage: Storage, offset: int, size: Any, stride: Any, requires_grad: bool, hooks: Any, metadata: Any = None
) -> Any:
    tensor = _rebuild_tensor(storage, offset, size, stride)
    tensor.requires_grad = bool(requires_grad)
    return tensor


def _rebuild_tensor_v3(
    storage: Storage,
    offset: int,
    size: Any,
    stride: Any,
    requires_grad: bool,
    hooks: Any,
    kind: dtypes.dtype,
    metadata: Any = None,
) -> Any:
    tensor = tensor_from(storage, kind, offset, size, stride)
    tensor.requires_grad = bool(requires_grad)
    return tensor


def _rebuild_parameter(data: Any, requires_grad: bool, hooks: Any) -> Any:
    return Parameter(data, requires_grad)


def _encode(text: str, encoding: str) -> bytes:
    """How protocol 2 spells bytes."""
    return text.encode(encoding)


def _layout(name: str) -> Any:
    return layouts.NAMED[name.removeprefix("torch.")]


def _rebuild_sparse_tensor(kind: Any, data: Any) -> Any:
    if kind is layouts.sparse_csr:
        return sparse_csr_tensor(*data)
    places, numbers, size, *coalesced = data
    return sparse_coo_tensor(places, numbers, size, is_coalesced=coalesced[0] if coalesced else None)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "collections.OrderedDict": OrderedDict,
    "collections.Counter": Counter,
    "torch._utils._rebuild_tensor": _rebuild_tensor,
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor_v2,
    "torch._utils._rebuild_tensor_v3": _rebuild_tensor_v3,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
    "torch._utils._rebuild_sparse_tensor": _rebuild_sparse_tensor,
    "torch.serialization._get_layout": _layout,
    "torch.Size": Size,
    "torch.device": device,
    "_codecs.encode": _encode,
    "builtins.bytearray": bytearray,
    "builtins.set": set,
    "builtins.complex": complex,
}
VALUES: dict[str, Any] = {
    "torch.Tensor": Tensor,
    "torch.nn.parameter.Parameter": Parameter,
    "torch.storage.UntypedStorage": StorageType(None),
    **{f"torch.{kind.name}": kind for kind in dtypes.ALL},
    **{f"torch.{name}": StorageType(kind) for name, kind in DTYPE_OF_STORAGE.items()},
}


class Policy:
    """Decides what a name in a file stands for.

    Args:
        weights_only: only tensors and plain containers (and what :func:`add_safe_globals` allows). Otherwise whole
            modules too, as long as their class is already there: a class of this library, or one that the program
            has defined or imported itself. Nothing is imported for a file's sake, and no function that a file
            names is ever called.
    """

    def __init__(self, weights_only: bool) -> None:
        self.weights_only = weights_only

    @staticmethod
    def marked() -> list[str]:
        """The names that :func:`add_safe_globals` has allowed."""
        return list(_marked)

    def find(self, module: str, name: str) -> Any:
        """The object with this name; raises LookupError if a file may not use it."""
        path = f"{module}.{name}"
        if module in BLOCKED_MODULES:
            raise LookupError(path)
        for table in (FUNCTIONS, VALUES, _marked):
            if path in table:
                return table[path]
        if not self.weights_only:
            for table in (plain_data.CALLED, plain_data.KNOWN):
                if path in table:
                    return table[path]
            found = _loaded(module, name)
            if _is_model_part(found, module):
                return found
        raise LookupError(path)

    def may_call(self, function: Any) -> bool:
        """Whether a file may have this object called."""
        known = [*FUNCTIONS.values(), *_marked.values()]
        if not self.weights_only:
            known += plain_data.CALLED.values()
        return any(function is allowed for allowed in known)

    def may_create(self, kind: Any) -> bool:
        """Whether a file may make an object of this class (without calling its ``__init__``)."""
        if kind is Parameter or any(kind is known for known in _marked.values()):
            return True
        if self.weights_only or not isinstance(kind, type):
            return False
        return issubclass(kind, plain_data.CREATED) or _is_model_part(kind, kind.__module__)


def _loaded(module: str, name: str) -> Any:
    """An object of a module that is already imported (PyTorch's own modules are this library's)."""
    ours = "pytorch_tutor" + module.removeprefix("torch") if module.split(".")[0] == "torch" else module
    found: Any = sys.modules.get(ours)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _is_model_part(found: Any, module: str) -> bool:
    """A class of modules, a class of the user's program, or a function of this library (an activation, say)."""
    if isinstance(found, type):
        return issubclass(found, Module) or module == "__main__" or found in (set, frozenset)
    ours = module.split(".")[0] in ("torch", "pytorch_tutor")
    return isinstance(found, FunctionType) and ours and ".nn.functional" in found.__module__
