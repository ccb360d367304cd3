"""Parameter and Buffer: tensors that a module recognises as its own when they are assigned to it."""

from __future__ import annotations

from typing import Any, cast

from pytorch_tutor.creation import empty
from pytorch_tutor.errors import lesson
from pytorch_tutor.naming import Named
from pytorch_tutor.overriding import disabled, takes_over
from pytorch_tutor.sparse_tensor import SparseTensor
from pytorch_tutor.tensor import Tensor


def _as_kind(cls: type[Any], data: Any, requires_grad: bool) -> Any:
    """A leaf of another class that shares the memory of `data`."""
    source = data.detach()
    if requires_grad and not (source.is_floating_point() or source.is_complex()):
        raise lesson(
            RuntimeError("Only Tensors of floating point and complex dtype can require gradients"),
            expected="a floating point dtype",
            got=str(source.dtype),
            hint="nn.Parameter(x.float()), or requires_grad=False",
        )
    leaf = object.__new__(cls)
    leaf._array, leaf._dtype, leaf._hidden_layout = source._array, source._dtype, source._hidden_layout
    leaf._version_counter = data.version
    leaf._requires_grad = requires_grad
    return leaf


class _ParameterKind(Named):
    """An instance of a user's subclass of `Tensor` can be a parameter and stay what it is."""

    def __instancecheck__(self, thing: object) -> bool:
        if type.__instancecheck__(self, thing):
            return True
        return self is Parameter and isinstance(thing, Tensor) and "_is_param" in thing.__dict__


class Parameter(Tensor, metaclass=_ParameterKind):
    """A tensor that is to be trained: assigned to a module's attribute, it appears in `parameters()`.

    It shares memory with `data` and requires grad by default, also under `no_grad`.

    >>> import pytorch_tutor as torch
    >>> torch.nn.Parameter(torch.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    torch_name = "torch.nn.parameter.Parameter"
    __torch_function__ = disabled  # type: ignore[assignment] # results are plain tensors

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        if data is None:
            data = empty(0)
        if isinstance(data, SparseTensor):
            return _as_kind(SparseParameter, data, requires_grad)
        if takes_over(type(data)):
            kept: Any = cast("Any", data).detach().requires_grad_(requires_grad)
            if type(kept) is not type(data):
                raise RuntimeError(
                    f"Creating a Parameter from an instance of type {type(data).__name__} requires that detach() returns an "
                    f"instance of the same type, but return type {type(kept).__name__} was found instead. To use the type as "
                    "a Parameter, please correct the detach() semantics defined by its __torch_dispatch__() implementation."
                )
            vars(kept)["_is_param"] = True
            return cast("Parameter", kept)
        return _as_kind(cls, data, requires_grad)

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        """All is done in `__new__`."""

    # mypy forgets the names of a special method's arguments, and then takes two equal signatures for different ones.
    def __repr__(self, *, tensor_contents: str | None = None) -> str:  # type: ignore[override]
        shown = super().__repr__(tensor_contents=tensor_contents)  # type: ignore[call-arg]
        return "Parameter containing:\n" + shown

    __str__ = __repr__  # type: ignore[assignment]

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self.requires_grad)
        found: Parameter = memo[id(self)]
        return found

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.data, self.requires_grad)


class SparseParameter(SparseTensor, Parameter):
    """A parameter that is a list of places and numbers: what `Parameter` makes of a sparse tensor."""

    def __repr__(self, *, tensor_contents: str | None = None) -> str:  # type: ignore[override]
        return "Parameter containing:\n" + SparseTensor.__repr__(self)

    __str__ = __repr__  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return Parameter, (self.data, self.requires_grad)


SparseParameter.__name__ = SparseParameter.__qualname__ = "Parameter"


class Buffer(Tensor):
    """A tensor that belongs to a module's state without being trained, such as a running mean.

    With `persistent=False` it is left out of `state_dict()`.
    """

    torch_name = "torch.nn.parameter.Buffer"
    __torch_function__ = disabled  # type: ignore[assignment] # as above
    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        if data is None:
            data = empty(0)
        buffer: Buffer = _as_kind(cls, data, data.requires_grad)
        buffer.persistent = persistent
        return buffer

    def __init__(self, data: Tensor | None = None, *, persistent: bool = True) -> None:
        """All is done in `__new__`."""


class Uninitialized:
    """A parameter or buffer whose shape will be known at the first forward pass of a lazy module."""

    becomes: type[Tensor] = Tensor

    def materialize(self, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Give it memory of this shape; from now on it is an ordinary parameter or buffer."""
        like: Any = self
        like.data = empty(shape, device=device or like.data.device, dtype=dtype or like.data.dtype)
        like.__class__ = self.becomes

    @property
    def shape(self) -> Any:
        """Not known yet: RuntimeError."""
        raise lesson(
            RuntimeError(
                "Can't access the shape of an uninitialized parameter or buffer. "
                "This error usually happens in `load_state_dict` when trying to load "
                "an uninitialized parameter into an initialized module. "
                "Call `forward` to initialize the parameters before accessing their attributes."
            ),
            expected="a parameter with memory",
            got="one that a lazy module has not initialized yet",
            hint="run the model once on a batch: model(x)",
        )

    def __repr__(self, *, tensor_contents: str | None = None) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: Any) -> Any:
        like: Any = self
        return type(self), (like.requires_grad, like.data.device, like.data.dtype)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            kind, arguments = self.__reduce_ex__(2)
            memo[id(self)] = kind(*arguments)
        return memo[id(self)]


class UninitializedParameter(Uninitialized, Parameter):  # type: ignore[misc]
    """A parameter without a shape yet."""

    becomes = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> UninitializedParameter:
        return _as_kind(cls, empty(0, device=device, dtype=dtype), requires_grad)

    def __init__(self, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> None:
        """All is done in `__new__`."""


class UninitializedBuffer(Uninitialized, Tensor):  # type: ignore[misc]
    """A buffer without a shape yet."""

    __torch_function__ = disabled  # type: ignore[assignment] # as above
    persistent: bool

    def __new__(
        cls, requires_grad: bool = False, device: Any = None, dtype: Any = None, persistent: bool = True
    ) -> UninitializedBuffer:
        buffer: UninitializedBuffer = _as_kind(cls, empty(0, device=device, dtype=dtype), requires_grad)
        buffer.persistent = persistent
        return buffer

    def __init__(
        self, requires_grad: bool = False, device: Any = None, dtype: Any = None, persistent: bool = True
    ) -> None:
        """All is done in `__new__`."""


def is_lazy(param: Any) -> bool:
    """Is this a parameter or buffer that has no shape yet?"""
    return isinstance(param, Uninitialized)
