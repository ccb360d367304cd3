"""Where a module keeps its parameters, buffers and submodules, and how `self.name = value` finds the right place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.parameter import Buffer, Parameter
from pytorch_tutor.tensor import Tensor


def typename(value: object) -> str:
    """Name a value's type the way PyTorch's error sentences do: `torch.FloatTensor`, `int`, `torch.nn...`."""
    if isinstance(value, Tensor):
        return str(value.type())
    kind = value if isinstance(value, type) or callable(value) and hasattr(value, "__qualname__") else type(value)
    shown = getattr(kind, "__dict__", {}).get("torch_name")
    if shown is not None:
        return str(shown)
    module = getattr(kind, "__module__", "") or ""
    name = getattr(kind, "__qualname__", type(value).__name__)
    if module in ("", "builtins"):
        return name
    if module.split(".")[0] == "pytorch_tutor":
        module = "torch" + module[len("pytorch_tutor") :]
    return f"{module}.{name}"


class Registry:
    """The three dictionaries of a module, and the attribute protocol over them.

    A parameter, a buffer and a submodule live in `_parameters`, `_buffers` and `_modules`, in the order
    of their assignment: that order is the order of `parameters()` and of the keys of `state_dict()`.
    They are not in the instance's `__dict__`, so reading one falls through to `__getattr__`.
    """

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Any]
    _non_persistent_buffers_set: set[str]

    def _child_types(self) -> type:
        """The class that counts as a submodule (`Module`, which this file must not know)."""
        raise NotImplementedError

    # ------------------------------------------------------------------ attributes
    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        for registry in ("_parameters", "_buffers", "_modules"):
            found = own.get(registry)
            if found is not None and name in found:
                return found[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__
        parameters = own.get("_parameters")
        if isinstance(value, Parameter):
            if parameters is None:
                raise _before_init("parameters")
            self._forget(name, own, self._buffers, self._modules)
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise _wrong_kind(value, "parameter", name, "torch.nn.Parameter or None")
            self.register_parameter(name, value)
        elif isinstance(value, self._child_types()):
            if own.get("_modules") is None:
                raise _before_init("module")
            self._forget(name, own, self._parameters, self._buffers)
            self._modules[name] = _registered(module_hooks, self, name, value)
        elif name in own.get("_modules", ()):
            if value is not None:
                raise _wrong_kind(value, "child module", name, "torch.nn.Module or None")
            self._modules[name] = _registered(module_hooks, self, name, value)
        elif isinstance(value, Buffer) or name in own.get("_buffers", ()):
            self._set_buffer(name, value)
        else:
            object.__setattr__(self, name, value)

    def _set_buffer(self, name: str, value: Any) -> None:
        if value is not None and not isinstance(value, Tensor):
            raise _wrong_kind(value, "buffer", name, "torch.nn.Buffer, torch.Tensor or None")
        if isinstance(value, Buffer):
            persistent = value.persistent
        else:
            persistent = name not in self._non_persistent_buffers_set
        if name in self._buffers:
            value = _registered(buffer_hooks, self, name, value)
            self._buffers[name] = value
            if persistent:
                self._non_persistent_buffers_set.discard(name)
            else:
                self._non_persistent_buffers_set.add(name)
        else:
            self._forget(name, self.__dict__, self._parameters, self._modules)
            self.register_buffer(name, value, persistent)

    def __delattr__(self, name: str) -> None:
        if name in self._parameters:
            del self._parameters[name]
        elif name in self._buffers:
            del self._buffers[name]
            self._non_persistent_buffers_set.discard(name)
        elif name in self._modules:
            del self._modules[name]
        else:
            object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        names = {*dir(type(self)), *self.__dict__, *self._parameters, *self._buffers, *self._modules}
        return sorted(name for name in names if not name[0].isdigit())

    def _forget(self, name: str, *registries: dict[str, Any]) -> None:
        for registry in registries:
            registry.pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    # ------------------------------------------------------------------ explicit registration
    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under `name`; `None` keeps the name reserved and out of `state_dict`."""
        if "_parameters" not in self.__dict__:
            raise _before_init("parameter")
        self._check_name("parameter", name, self._parameters)
        if param is None:
            self._parameters[name] = None
            return
        if not isinstance(param, Parameter):
            raise lesson(
                TypeError(
                    f"cannot assign '{typename(param)}' object to parameter '{name}' "
                    "(torch.nn.Parameter or None required)"
                ),
                expected="a torch.nn.Parameter",
                got=typename(param),
                hint="wrap the tensor: nn.Parameter(tensor)",
            )
        if param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model "
                f"parameters must be created explicitly. To express '{name}' "
                "as a function of another Tensor, compute the value in "
                "the forward() method."
            )
        self._parameters[name] = _registered(parameter_hooks, self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a tensor that belongs to the module's state but is not trained, such as a running mean.

        A buffer with `persistent=False` moves and converts with the module, but is left out of `state_dict`.
        """
        if "_buffers" not in self.__dict__:
            raise _before_init("buffer")
        self._check_name("buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._buffers[name] = _registered(buffer_hooks, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: Any) -> None:
        """Add a submodule under `name`, as `self.name = module` does."""
        if module is not None and not isinstance(module, self._child_types()):
            raise lesson(
                TypeError(f"{typename(module)} is not a Module subclass"),
                expected="an nn.Module object",
                got=typename(module),
                hint="functions belong in forward(); put a module here, for example nn.ReLU()",
            )
        if not isinstance(name, str):
            raise TypeError(f"module name should be a string. Got {typename(name)}")
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            raise KeyError(f'module name can\'t contain ".", got: {name}')
        if name == "":
            raise KeyError('module name can\'t be empty string ""')
        self._modules[name] = _registered(module_hooks, self, name, module)

    def register_module(self, name: str, module: Any) -> None:
        """Another name of `add_module`."""
        self.add_module(name, module)

    def _check_name(self, kind: str, name: object, registry: dict[str, Any]) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {typename(name)}")
        if "." in name:
            raise KeyError(f'{kind} name can\'t contain "."')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if hasattr(self, name) and name not in registry:
            raise KeyError(f"attribute '{name}' already exists")

    # ------------------------------------------------------------------ dotted paths
    def get_submodule(self, target: str) -> Any:
        """Return the submodule at a dotted path such as `'encoder.layers.0'` (`''` is the module itself)."""
        module: Any = self
        for part in target.split(".") if target else ():
            if not hasattr(module, part):
                raise lesson(
                    AttributeError(f"{module._get_name()} has no attribute `{part}`"),
                    expected=f"one of {list(module._modules)}",
                    got=f"'{part}'",
                    hint="[name for name, _ in module.named_modules()] lists every path",
                )
            module = getattr(module, part)
            if not isinstance(module, self._child_types()):
                raise AttributeError(f"`{part}` is not an nn.Module")
        return module

    def set_submodule(self, target: str, module: Any, strict: bool = False) -> None:
        """Put `module` at a dotted path; with `strict` there must be a submodule there already."""
        if target == "":
            raise ValueError("Cannot set the submodule without a target name!")
        if not isinstance(module, self._child_types()):
            raise ValueError(f"`module` is not an nn.Module, found {type(module)}")
        path, _, name = target.rpartition(".")
        parent = self.get_submodule(path)
        if strict and not hasattr(parent, name):
            raise AttributeError(f"{parent._get_name()} has no attribute `{name}`")
        if hasattr(parent, name) and not isinstance(getattr(parent, name), self._child_types()):
            raise AttributeError(f"`{name}` is not an nn.Module")
        setattr(parent, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """Return the parameter at a dotted path such as `'fc.weight'`."""
        found = self._leaf(target)
        if not isinstance(found, Parameter):
            raise AttributeError(f"`{target.rpartition('.')[2]}` is not an nn.Parameter")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """Return the buffer at a dotted path such as `'bn.running_mean'`."""
        found: Tensor = self._leaf(target)
        path, _, name = target.rpartition(".")
        if name not in self.get_submodule(path)._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return found

    def _leaf(self, target: str) -> Any:
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
        return getattr(module, name)


# Hooks that see every registration in every module (register_module_module_registration_hook and friends).
parameter_hooks: OrderedDict[int, Callable[[Any, str, Any], Any]] = OrderedDict()
buffer_hooks: OrderedDict[int, Callable[[Any, str, Any], Any]] = OrderedDict()
module_hooks: OrderedDict[int, Callable[[Any, str, Any], Any]] = OrderedDict()


def _registered(hooks: OrderedDict[int, Callable[[Any, str, Any], Any]], owner: Any, name: str, value: Any) -> Any:
    for hook in hooks.values():
        replacement = hook(owner, name, value)
        if replacement is not None:
            value = replacement
    return value


def _before_init(kind: str) -> AttributeError:
    return lesson(
        AttributeError(f"cannot assign {kind} before Module.__init__() call"),
        expected="super().__init__() as the first line of __init__",
        got="an assignment before it",
        hint="def __init__(self): super().__init__(); self.fc = ...",
    )


def _wrong_kind(value: object, kind: str, name: str, wanted: str) -> TypeError:
    return lesson(
        TypeError(f"cannot assign '{typename(value)}' as {kind} '{name}' ({wanted} expected)"),
        expected=wanted,
        got=typename(value),
        hint=(
            f"to change the numbers: with torch.no_grad(): module.{name}.copy_(tensor); "
            f"to replace it: module.{name} = nn.Parameter(tensor)"
            if kind == "parameter"
            else f"del module.{name} first, if it is really to become something else"
        ),
    )
