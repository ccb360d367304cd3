"""``torch.library``: operations of your own in Python, with a gradient, under a name in ``torch.ops``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from .autograd import Function, no_grad
from .errors import lesson
from .ops import namespaces
from .tensor import Tensor


class CustomOpDef:
    """An operation of yours: call it, or find it as ``torch.ops.NAMESPACE.NAME``."""

    def __init__(self, namespace: str, name: str, function: Callable[..., Any], mutates: Iterable[str]) -> None:
        self._namespace, self._name, self._function = namespace, name, function
        self._parameters = list(inspect.signature(function).parameters)
        self._mutated = [p for p in self._parameters if p in mutates]
        self._backward: Callable[..., Any] | None = None
        self._setup: Callable[..., Any] | None = None
        self._fake: Callable[..., Any] | None = None
        self.__doc__ = function.__doc__
        self.default = self
        op = self

        class Generated(Function):
            """Runs the function without recording, and its backward as registered."""

            @staticmethod
            def forward(ctx: Any, *inputs: Any) -> Any:
                with no_grad():
                    output = op._run(inputs)
                if op._setup is not None:
                    op._setup(ctx, inputs, output)
                return output

            @staticmethod
            def backward(ctx: Any, *grads: Any) -> Any:
                if op._backward is None:
                    raise lesson(
                        RuntimeError(
                            f"Trying to backward through {op._namespace}.{op._name}.default but no autograd formula was "
                            "registered. Please use register_autograd to add one."
                        ),
                        hint=f"{op._name}.register_autograd(backward, setup_context=setup_context)",
                    )
                return op._backward(ctx, *grads)

        Generated.__name__ = f"GeneratedBackwardFor_{namespace}_{name}_default"
        self._generated = Generated

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        bound = inspect.signature(self._function).bind(*args, **kwargs)
        bound.apply_defaults()
        if self._mutated:  # it writes into its inputs: no gradient, but versions count
            with no_grad():
                result = self._run(bound.args, bound.kwargs)
            for name in self._mutated:
                bound.arguments[name].version.n += 1
            return result
        values = [bound.arguments[name] for name in self._parameters]
        result = self._generated.apply(*values)
        if any(result is value for value in values if isinstance(value, Tensor)):
            raise lesson(
                RuntimeError(f"{self._name}: The output of this custom operator must not also be an input to it"),
                hint="return x.clone()",
            )
        return result

    def register_autograd(self, backward: Callable[..., Any], /, *, setup_context: Any = None) -> None:
        """Gives the gradient: ``backward(ctx, *grads)``, after ``setup_context(ctx, inputs, output)`` has kept things."""
        self._backward, self._setup = backward, setup_context

    def _run(self, args: tuple[Any, ...], kwargs: Mapping[str, Any] = MappingProxyType({})) -> Any:
        """Calls the function; the one for shapes alone, where a tensor is on the meta device and has no numbers."""
        if not any(isinstance(value, Tensor) and value.is_meta for value in (*args, *kwargs.values())):
            return self._function(*args, **kwargs)
        if self._fake is None:
            raise lesson(
                RuntimeError(
                    f"There was no fake impl registered for {self!r}. This is necessary for torch.compile/export/fx "
                    f"tracing to work. Please use `{self._function.__name__}.register_fake` to add an fake impl."
                ),
                got="a tensor on the meta device",
            )
        return self._fake(*args, **kwargs)

    def register_fake(self, fn: Any, /) -> Any:
        """Takes the function that makes an empty result of the right shape, for tensors on the meta device."""
        self._fake = fn
        return fn

    def register_kernel(self, device_types: Any, fn: Any = None, /) -> Any:
        """Takes another function for the CPU; those for other devices are not used."""

        def take(function: Any) -> Any:
            if device_types in ("cpu", None):
                self._function = function
            return function

        return take if fn is None else take(fn)

    def register_vmap(self, fn: Any, /) -> Any:
        """Accepted: ``vmap`` calls the operation once for each example."""
        return fn

    def __repr__(self) -> str:
        return f"<CustomOpDef({self._namespace}::{self._name})>"


_known: dict[str, CustomOpDef] = {}


def custom_op(
    name: str,
    fn: Any = None,
    /,
    *,
    mutates_args: Any,
    device_types: Any = None,
    schema: str | None = None,
    tags: Any = None,
) -> Any:
    """A decorator that makes an operation named ``"namespace::name"`` of a function.

    >>> import pytorch_tutor as torch
    >>> @torch.library.custom_op("mine::double", mutates_args=())
    ... def double(x: torch.Tensor) -> torch.Tensor:
    ...     return torch.from_numpy(2 * x.detach().numpy())
    >>> double.register_autograd(lambda ctx, grad: 2 * grad)
    >>> x = torch.ones(1, requires_grad=True)
    >>> torch.ops.mine.double(x).backward()
    >>> x.grad
    tensor([2.])
    """

    def make(function: Callable[..., Any]) -> CustomOpDef:
        for parameter in inspect.signature(function).parameters.values():
            if parameter.annotation is parameter.empty and schema is None:
                raise lesson(
                    ValueError(
                        f"infer_schema(func): Parameter {parameter.name} must have a type annotation. Got func with "
                        f"signature {inspect.signature(function)})"
                    ),
                    hint=f"{parameter.name}: torch.Tensor",
                )
        namespace, mark, short = name.partition("::")
        if not mark or "::" in short:
            raise lesson(ValueError(f"the name {name!r} is not of the form namespace::name"), hint='"mine::double"')
        mutates = inspect.signature(function).parameters if mutates_args == "unknown" else mutates_args
        namespaces.setdefault(namespace, _Namespace(namespace))
        made = _known[name] = CustomOpDef(namespace, short, function, mutates)
        return made

    return make if fn is None else make(fn)


def _find(op: Any) -> CustomOpDef:
    found = op if isinstance(op, CustomOpDef) else _known.get(op)
    if found is None:
        raise lesson(RuntimeError(f"operator {op} does not exist"), hint="torch.library.custom_op makes one")
    return found


def register_autograd(op: Any, backward: Callable[..., Any], /, *, setup_context: Any = None, lib: Any = None) -> None:
    """:meth:`CustomOpDef.register_autograd` by the operation's name."""
    _find(op).register_autograd(backward, setup_context=setup_context)


def register_fake(op: Any, func: Any = None, /, *, lib: Any = None, allow_override: bool = False) -> Any:
    """:meth:`CustomOpDef.register_fake` by the operation's name."""
    found = _find(op)
    return found.register_fake if func is None else found.register_fake(func)


class _Namespace:
    """``torch.ops.mine``: the operations of one name space."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> CustomOpDef:
        if f"{self._name}::{name}" not in _known:
            raise lesson(
                AttributeError(f"'_OpNamespace' '{self._name}' object has no attribute '{name}'"),
                expected="an operation made by torch.library.custom_op",
            )
        return _known[f"{self._name}::{name}"]


__all__ = ["CustomOpDef", "custom_op", "register_autograd", "register_fake"]
