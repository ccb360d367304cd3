"""``__torch_function__``: classes that say themselves what PyTorch's functions do with their instances.

A function that is given such an instance does not run. It hands itself over: ``__torch_function__(function, types,
args, kwargs)`` of the instance's class decides, and may run the function after all. Until the first such class appears no
function looks for one: only then are the methods of ``Tensor`` replaced by watchful ones (`install`), and the switch
``everywhere.overridden`` set, which the functions ask.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache, wraps
from types import FunctionType
from typing import Any

from .graph.mode import everywhere, mode
from .tensor_base import TensorBase

# The operators, and the methods that they are told as.
OPERATORS = {
    "__add__": "add", "__radd__": "add", "__sub__": "sub", "__mul__": "mul", "__rmul__": "mul", "__truediv__": "div",
    "__rtruediv__": "__rdiv__", "__mod__": "remainder", "__pow__": "pow", "__matmul__": "matmul", "__rmatmul__": "matmul",
    "__lt__": "lt", "__le__": "le", "__gt__": "gt", "__ge__": "ge", "__ne__": "ne", "__eq__": "__eq__",
    "__rsub__": "__rsub__", "__rmod__": "__rmod__", "__rpow__": "__rpow__", "__floordiv__": "__floordiv__",
    "__rfloordiv__": "__rfloordiv__", "__lshift__": "__lshift__", "__rshift__": "__rshift__", "__rlshift__": "__rlshift__",
    "__rrshift__": "__rrshift__", "__and__": "__and__", "__or__": "__or__", "__xor__": "__xor__", "__rand__": "bitwise_and",
    "__ror__": "bitwise_or", "__rxor__": "bitwise_xor", "__iadd__": "add_", "__isub__": "sub_", "__imul__": "mul_",
    "__itruediv__": "div_", "__ifloordiv__": "floor_divide_", "__imod__": "remainder_", "__ipow__": "pow_",
    "__iand__": "__iand__", "__ior__": "__ior__", "__ixor__": "__ixor__", "__ilshift__": "__ilshift__",
    "__irshift__": "__irshift__",
}  # fmt: skip
SPECIAL = {
    "__neg__": "neg", "__pos__": "positive", "__abs__": "abs", "__str__": "__repr__",
    **{f"__{name}__": f"__{name}__" for name in (
        "invert", "getitem", "setitem", "len", "bool", "int", "float", "complex", "index", "contains", "array", "array_wrap",
        "repr", "format", "deepcopy", "reduce_ex", "reversed", "dir", "rdiv", "dlpack", "dlpack_device",
    )},
}  # fmt: skip
# What PyTorch has written in Python: the defaults of such a method are handed over with the rest.
IN_PYTHON = set(
    "__array__ __array_wrap__ __contains__ __deepcopy__ __dlpack__ __dlpack_device__ __floordiv__ __format__ __len__ __rdiv__ "
    "__reduce_ex__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmod__ __rpow__ __rrshift__ __rsub__ __dir__ backward "
    "is_shared istft lu norm register_hook register_post_accumulate_grad_hook share_memory_ split stft storage unflatten "
    "unique unique_consecutive".split()
)
# The engine's own, and what PyTorch hands to nobody.
NEVER = set(
    "accumulator apply_sparse as_subclass catch_up concrete edge new regenerate reinforce settle shown_channels_last sparse "
    "torch_name version write_history".split()
)
FAILED = (
    "Multiple dispatch failed for '{name}'; all __torch_function__ handlers returned NotImplemented:\n\n{handlers}\n\n"
    "For more information, try re-running with TORCH_LOGS=not_implemented"
)


class Disabled:
    """Inside it functions run and hand themselves to nobody: not to classes, and from ``level`` 2 on not to modes."""

    level = 1

    def __enter__(self) -> None:
        self.before = mode.own_functions
        mode.own_functions = max(self.before, self.level)

    def __exit__(self, *error: object) -> None:
        mode.own_functions = self.before


class DisableTorchFunctionSubclass(Disabled):
    """Inside it no class takes functions over."""


class DisableTorchFunction(Disabled):
    """Inside it neither a class nor a ``TorchFunctionMode`` takes functions over."""

    level = 2


DisableTorchFunctionSubclass.__module__ = DisableTorchFunction.__module__ = "torch._C"


def disabled(func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
    """The ``__torch_function__`` of classes that take nothing over, such as ``Parameter``."""
    with DisableTorchFunctionSubclass():
        return func(*args, **(kwargs or {}))


def takes_over(kind: type[Any]) -> bool:
    """Does a class decide what functions do with its instances?"""
    if kind is TensorBase.concrete:
        return False
    found = getattr(kind, "__torch_function__", None)
    return found is not None and found is not disabled


def takers(values: Iterable[Any]) -> list[Any]:
    """Of all arguments, one of each class that takes over: from left to right, but a subclass before its base."""
    found: list[Any] = []
    for value in values:
        kind = type(value)
        for item in value if kind is list or kind is tuple else (value,):
            kind = type(item)
            if takes_over(kind) and not any(type(other) is kind for other in found):
                place = next((i for i, other in enumerate(found) if issubclass(kind, type(other))), len(found))
                found.insert(place, item)
    return found


def asked(args: Iterable[Any], kwargs: dict[str, Any]) -> list[Any] | None:
    """Who is to be asked before a function runs; None if it may run at once."""
    if mode.own_functions == 2:
        return None
    found = takers((*args, *kwargs.values())) if mode.own_functions == 0 else []
    return found if found or mode.function_modes else None


def hand_over(function: Any, found: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> Any:
    """Asks the innermost mode, then one class after the other, until one does not answer NotImplemented."""
    types = tuple([type(taker) for taker in found])
    told = (args,) if kwargs is None else (args, kwargs)
    modes = mode.function_modes
    if modes:
        mode.function_modes = modes[:-1]  # what it calls itself goes to the next mode outside
        try:
            result = modes[-1].__torch_function__(function, types, *told)
        finally:
            mode.function_modes = modes
        if result is not NotImplemented:
            return result
    for taker in found:
        result = taker.__torch_function__(function, types, *told)
        if result is not NotImplemented:
            return result
    name = name_of(function)
    if in_python(function):
        kinds = ", ".join(repr(kind) for kind in types)
        raise TypeError(f"no implementation found for '{name}' on types that implement __torch_function__: [{kinds}]")
    lines = [f"  - mode object {modes[-1]!r}"] if modes else []
    lines += [f"  - tensor subclass {kind!r}" for kind in types]
    raise TypeError(FAILED.format(name=name, handlers="\n".join(lines)))


def name_of(function: Any) -> str:
    """PyTorch's public path of a function, ``torch.Tensor.add``; of a property's reader, ``torch.Tensor.shape.__get__``."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, property):
        field = next(
            (name for name in dir(TensorBase.concrete) if inspect.getattr_static(TensorBase.concrete, name) is owner),
            "",
        )
        return f"torch.Tensor.{field}.{function.__name__}"
    path = getattr(function, "torch_path", None)
    return path or f"{getattr(function, '__module__', '')}.{getattr(function, '__name__', '')}"


def in_python(function: Any) -> bool:
    """Has PyTorch written this function in Python?"""
    return bool(getattr(function, "torch_python", False))


# -- the functions
@cache
def signature(function: Any) -> inspect.Signature:
    """The signature, read once."""
    return inspect.signature(function)


def filled(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A call as PyTorch's Python functions hand it over: what has no default by place, all the rest by name."""
    try:
        bound = signature(function).bind(*args, **kwargs)
    except TypeError:
        return args, kwargs
    bound.apply_defaults()
    places: list[Any] = []
    names: dict[str, Any] = {}
    for name, parameter in signature(function).parameters.items():
        value = bound.arguments[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            places.extend(value)
        elif parameter.kind is parameter.VAR_KEYWORD:
            names.update(value)
        elif parameter.default is parameter.empty:
            places.append(value)
        else:
            names[name] = value
    return tuple(places), names


def overridable(path: str, function: Any) -> Any:
    """A function of PyTorch's that is written in Python, as one that hands itself over."""
    code = function.__code__
    short = code.co_varnames[: code.co_argcount] == ("input", "inplace")

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if everywhere.overridden:
            found = asked(args, kwargs)
            if found is not None:
                return hand_over(made, found, *filled(function, args, kwargs))
        try:  # without keywords, so that nothing is built for them: the shorter way for what is called most
            return function(*args, **kwargs) if kwargs else function(*args)
        except Exception:
            if appeared(args, kwargs):
                return call(*args, **kwargs)
            raise

    @wraps(function)
    def activation(input: Any, inplace: bool = False) -> Any:  # the same, shorter, for what is called most
        if everywhere.overridden:
            return call(input, inplace)
        try:
            return function(input, inplace)
        except Exception:
            if appeared((input,), {}):
                return call(input, inplace)
            raise

    made = activation if short else call
    # pickle stores a function by where it is found
    made.__module__ = path.rpartition(".")[0].replace("torch.functional", "torch").replace("torch", __package__, 1)
    made.torch_path, made.torch_python = path, True  # type: ignore[attr-defined] # functions carry what is set on them
    made.__module__ = home(path)  # by which it is pickled: there it is found, not where the plain function stands
    return made


def home(path: str) -> str:
    """The module of this package that holds a public function of PyTorch's.

    >>> home("torch.nn.functional.relu"), home("torch.functional.einsum")
    ('pytorch_tutor.nn.functional', 'pytorch_tutor')
    """
    module = path.rpartition(".")[0]
    return "pytorch_tutor" if module == "torch.functional" else module.replace("torch", "pytorch_tutor", 1)


def appeared(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Has a call failed because its arguments are of the first class of the program that takes over?"""
    if everywhere.overridden or not takers((*args, *kwargs.values())):
        return False
    install()
    return True


def foreign(left: Any, other: Any, name: str) -> Any:
    """What an operator of Tensor does with an operand that is neither a tensor nor a number."""
    return getattr(TensorBase.concrete, name)(left, other) if appeared((other,), {}) else NotImplemented


# -- the methods
def install() -> None:
    """Makes all methods, operators and properties of ``Tensor`` watchful, and the functions too; once, and for good."""
    if everywhere.overridden:
        return
    everywhere.overridden = True
    cls = TensorBase.concrete
    for name in dir(cls):
        if name in NEVER or name.startswith("_") and name not in OPERATORS and name not in SPECIAL:
            continue
        found = inspect.getattr_static(cls, name)
        if isinstance(found, property):
            setattr(cls, name, watchful_property(found))
        elif isinstance(found, FunctionType) and not hasattr(found, "torch_path"):
            setattr(cls, name, watchful(name, found))


def watchful(name: str, function: Any) -> Any:
    """A method that hands itself over. An operator nobody knows how to do is Python's to refuse."""
    target = OPERATORS.get(name) or SPECIAL.get(name) or name
    python, operator = target in IN_PYTHON, name in OPERATORS

    @wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = asked((self, *args), kwargs)
        if found is None:
            return function(self, *args, **kwargs)
        told = (self, *args), kwargs or None
        if python:
            told = filled(function, (self, *args), kwargs)
        try:
            return hand_over(getattr(TensorBase.concrete, target), found, *told)
        except TypeError:
            if operator:
                return NotImplemented
            raise

    method.torch_path = f"torch._tensor.{name}" if python else f"torch.Tensor.{name}"  # type: ignore[attr-defined] # as above
    method.torch_python = python  # type: ignore[attr-defined] # as above
    return method


def watchful_property(field: property) -> property:
    """A property that hands its reader, writer and deleter over."""

    def read(self: Any) -> Any:
        found = asked((self,), {})
        return field.fget(self) if found is None else hand_over(made.__get__, found, (self,), None)  # type: ignore[misc] # all are readable

    def write(self: Any, value: Any) -> None:
        found = asked((self, value), {})
        field.__set__(self, value) if found is None else hand_over(made.__set__, found, (self, value), None)

    def delete(self: Any) -> None:
        found = asked((self,), {})
        field.__delete__(self) if found is None else hand_over(made.__delete__, found, (self,), None)

    made = property(read, field.fset and write, field.fdel and delete, field.__doc__)
    return made


# -- what a subclass of Tensor does that says nothing
def keep_class(cls: type[Any], func: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """``Tensor.__torch_function__``: runs the function, and makes its results instances of the class."""
    if not all(issubclass(cls, kind) for kind in types):
        return NotImplemented
    with DisableTorchFunctionSubclass():
        result = func(*args, **(kwargs or {}))
        if func == TensorBase.concrete.grad.__get__:  # a gradient is what it is
            return result
        return of_class(result, cls)


def of_class(result: Any, cls: type[Any]) -> Any:
    """The tensors of a result as instances of the class."""
    if cls is TensorBase.concrete:
        return result
    if isinstance(result, TensorBase):
        return result if isinstance(result, cls) else result.as_subclass(cls)
    if isinstance(result, (tuple, list)) and any(isinstance(item, (TensorBase, tuple, list)) for item in result):
        items = [of_class(item, cls) for item in result]
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    return result
