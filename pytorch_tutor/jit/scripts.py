"""What ``torch.jit.script`` and ``torch.jit.trace`` return: the same module or function, in a coat with PyTorch's names."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NoReturn

from ..errors import lesson
from ..graph import mode
from ..nn.modules.module import Module
from ..serialization import save as write

NO_CODE = "there is no TorchScript here: the module runs as Python"


def _refuse(name: str) -> NoReturn:
    raise lesson(
        AttributeError(f"this ScriptModule has no attribute '{name}'"),
        expected="what a module has",
        got=NO_CODE,
        hint="print(model), or pytorch_tutor_widgets to see the graph that a run has made",
    )


MARK = "pytorch_tutor.jit"
KNOWN: dict[str, Callable[..., Any]] = {}  # the functions that this program has scripted or traced, by their names


def save(m: Any, f: Any, _extra_files: Any = None) -> None:
    """Writes what ``script`` or ``trace`` returned: a module by its class's name and its tensors, a function by its name.

    No code is stored: a program that loads the file has the class, or has scripted the function, already.

    Raises:
        RuntimeError: a function without a name by which another program could find it.
    """
    if isinstance(m, ScriptModule):
        content = {MARK: type(m).__name__, "original": m.__dict__["_original"]}
    elif isinstance(m, ScriptFunction):
        content = {MARK: "ScriptFunction", "name": m.path}
        if "<" in m.path:
            raise lesson(
                RuntimeError(
                    f"Could not save the function '{m.path}': there is no TorchScript here, only its name is stored"
                ),
                expected="a function with a name, defined at the top of a module",
                got="a lambda, or a function inside another",
                hint="def f(x): ...  at the top of the file, or torch.save of the numbers that it needs",
            )
    else:
        raise lesson(
            AttributeError(f"'{type(m).__name__}' object has no attribute 'save'"),
            expected="what torch.jit.script or torch.jit.trace returned",
            got=type(m).__name__,
        )
    write(content, f)


class ScriptModule(Module):
    """A module that has been scripted or traced: it shares parameters, buffers and submodules with the original.

    Calling it calls the original's ``forward``. ``save`` writes it so that :func:`torch.jit.load` of this library reads
    it in a program that has the original's class; real PyTorch cannot read such a file, for there is no TorchScript in
    it (``torch.save(model.state_dict(), path)`` is what both read).
    """

    def __init__(self, original: Any) -> None:
        super().__init__()
        self.__dict__["_original"] = original
        for name in ("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set"):
            self.__dict__[name] = original.__dict__[name]
        self.training = original.training

    @property
    def original_name(self) -> str:
        """The name of the original's class."""
        return type(self.__dict__["_original"]).__name__

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the original."""
        return self.__dict__["_original"](*args, **kwargs)

    def train(self, mode: bool = True) -> Any:
        """Sets the mode of the original too."""
        self.__dict__["_original"].train(mode)
        return super().train(mode)

    def save(self, f: Any, **options: Any) -> None:
        """Writes a file that ``torch.jit.load`` of this library reads."""
        save(self, f)

    def __getattr__(self, name: str) -> Any:
        if name in ("code", "graph"):  # there is no TorchScript; nor is the original to be asked
            _refuse(name)
        own = self.__dict__
        for place in ("_parameters", "_buffers", "_modules"):
            if name in own.get(place, {}):
                return own[place][name]
        if "_original" in own and not name.startswith("__"):
            return getattr(own["_original"], name)
        return super().__getattr__(name)

    def __len__(self) -> int:
        return len(self.__dict__["_original"])

    def __getitem__(self, index: Any) -> Any:
        return self.__dict__["_original"][index]

    def __iter__(self) -> Any:
        return iter(self.__dict__["_original"])

    def __repr__(self) -> str:
        return _described(self.__dict__["_original"], type(self).__name__, top=True)


class RecursiveScriptModule(ScriptModule):
    """What ``torch.jit.script`` returns for a module."""


class TopLevelTracedModule(ScriptModule):
    """What ``torch.jit.trace`` returns for a module."""

    def __repr__(self) -> str:
        return _described(self.__dict__["_original"], "", top=True)


def _described(module: Any, kind: str, top: bool = False) -> str:
    """The tree of modules, each by the name of its original class."""
    name = kind or type(module).__name__
    lines = [f"original_name={type(module).__name__}"]
    for key, child in module._modules.items():
        text = "None" if child is None else _described(child, kind)
        lines.append(f"({key}): " + text.replace("\n", "\n  "))
    if len(lines) == 1:
        return f"{name}({lines[0]})"
    return f"{name}(\n  " + "\n  ".join(lines) + "\n)"


class ScriptFunction:
    """A function that has been scripted or traced: calling it calls the original."""

    def __init__(self, original: Callable[..., Any]) -> None:
        self.original = original
        named = original if hasattr(original, "__qualname__") else type(original)
        self.path = f"{named.__module__}.{named.__qualname__}"
        KNOWN[self.path] = original
        self.__name__ = self.name = getattr(original, "__name__", type(original).__name__)
        self.__doc__ = original.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.original(*args, **kwargs)

    def save(self, f: Any, **options: Any) -> None:
        """Writes a file that ``torch.jit.load`` of this library reads."""
        save(self, f)

    @property
    def graph(self) -> NoReturn:
        """Raises: there is no TorchScript graph."""
        _refuse("graph")

    @property
    def code(self) -> NoReturn:
        """Raises: there is no TorchScript code."""
        _refuse("code")

    def __repr__(self) -> str:
        return f"<torch.jit.ScriptFunction {self.name}>"


def script(obj: Any, *args: Any, **kwargs: Any) -> Any:
    """Returns the module or function in a coat that has ``save``; it runs as the Python that it is.

    >>> import warnings
    >>> import pytorch_tutor as torch
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", DeprecationWarning)
    ...     scripted = torch.jit.script(torch.nn.Linear(2, 1))
    >>> scripted
    RecursiveScriptModule(original_name=Linear)
    >>> list(scripted.state_dict())
    ['weight', 'bias']
    """
    _deprecated("script")
    if isinstance(obj, (ScriptModule, ScriptFunction, type)):  # a class is scripted where it is used
        return obj
    return RecursiveScriptModule(obj) if isinstance(obj, Module) else ScriptFunction(obj)


def trace(func: Any, example_inputs: Any = None, *args: Any, example_kwarg_inputs: Any = None, **options: Any) -> Any:
    """Runs ``func`` once on the example and returns it in a coat that has ``save``.

    Nothing is recorded: unlike PyTorch's, the result follows every ``if`` anew.
    """
    _deprecated("trace")
    if isinstance(func, ScriptModule):
        return func
    inputs = example_inputs if isinstance(example_inputs, tuple) else (example_inputs,)
    before, mode.grad = mode.grad, False
    try:
        func(**example_kwarg_inputs) if example_kwarg_inputs is not None else func(*inputs)
    finally:
        mode.grad = before
    return TopLevelTracedModule(func) if isinstance(func, Module) else ScriptFunction(func)


def trace_module(mod: Any, inputs: dict[str, Any], *args: Any, **options: Any) -> Any:
    """Runs the methods named in ``inputs`` once and returns the module in a coat that has ``save``."""
    _deprecated("trace_method")
    for name, example in inputs.items():
        getattr(mod, name)(*(example if isinstance(example, tuple) else (example,)))
    return TopLevelTracedModule(mod)


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`torch.jit.{name}` is deprecated. Please switch to `torch.compile` or `torch.export`.",
        DeprecationWarning,
        stacklevel=3,
    )
