"""``torch.ops.aten``: the operations by the names of PyTorch's own library, with their overloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import functions
from .errors import lesson
from .nn import functional
from .nn.functional import native
from .ops import namespaces
from .tensor import Tensor


def native_dropout_backward(grad_output: Any, mask: Any, scale: float) -> Any:
    """The gradient of dropout: what the mask kept, scaled as the values were."""
    return grad_output * mask * scale


def slice_(self: Any, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Any:
    """``self[start:end:step]`` along a dimension."""
    return self[(slice(None),) * (dim % self.dim()) + (slice(start, end, step),)]


OWN: dict[str, Callable[..., Any]] = {
    "_log_softmax_backward_data": native.log_softmax_backward_data,
    "_softmax_backward_data": native.softmax_backward_data,
    "native_dropout_backward": native_dropout_backward,
    "slice": slice_,
}


class Operation:
    """``aten.add``, and its overloads ``aten.add.Tensor``, ``aten.add.Scalar``: here all are one function."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.__name__, self._function = name, function
        self.__doc__ = function.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __getattr__(self, overload: str) -> Operation:
        if overload.startswith("__") or "." in self.__name__:
            raise AttributeError(f"The underlying op of 'aten.{self.__name__}' has no overload name '{overload}'")
        found = self.__dict__[overload] = Operation(f"{self.__name__}.{overload}", self._function)
        return found

    def __repr__(self) -> str:
        return f"aten.{self.__name__}"


class Aten:
    """Finds an operation among the functions of ``torch``, those of ``nn.functional``, and the methods of tensors.

    >>> import pytorch_tutor as torch
    >>> torch.ops.aten.add.Tensor(torch.ones(2), 1)
    tensor([2., 2.])
    >>> torch.ops.aten.slice(torch.arange(5), 0, 1, 4, 2)
    tensor([1, 3])
    """

    def __getattr__(self, name: str) -> Operation:
        function = OWN.get(name)
        if function is None and not name.startswith("_"):
            homes: tuple[Any, ...] = (functions, native, functional, Tensor)
            function = next((getattr(home, name) for home in homes if callable(getattr(home, name, None))), None)
        if function is None:
            raise lesson(
                AttributeError(f"'_OpNamespace' 'aten' object has no attribute '{name}'"),
                expected="the name of a function of torch or of nn.functional",
            )
        found = self.__dict__[name] = Operation(name, function)
        return found

    def __repr__(self) -> str:
        return "<module 'torch.ops.aten' from 'torch.ops'>"


namespaces["aten"] = Aten()
