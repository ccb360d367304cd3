"""``torch.jit``: scripting and tracing are accepted, and the module runs as the Python that it is. Read scripts.py first."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from .files import load, save
from .scripts import (
    RecursiveScriptModule, ScriptFunction, ScriptModule, TopLevelTracedModule, script, trace, trace_module,
)  # fmt: skip


def is_scripting() -> bool:
    """Is a function being compiled now? Never here."""
    return False


def is_tracing() -> bool:
    """Is a function being traced now? Never here."""
    return False


def ignore(drop: Any = False, **options: Any) -> Any:
    """Marks a method that the compiler is to leave alone: returned as it is."""
    return drop if callable(drop) else lambda fn: fn


def export(fn: Any) -> Any:
    """Marks a method that the compiler is to take along: returned as it is."""
    return fn


unused = interface = script_method = script_if_tracing = export


def annotate(the_type: Any, the_value: Any) -> Any:
    """The value; the type was for the compiler."""
    return the_value


def isinstance(obj: Any, target_type: Any) -> bool:
    """Python's ``isinstance``, also for ``list[int]`` and its kin, of which the outer type is asked."""
    kinds = target_type if type(target_type) is tuple else (target_type,)
    outer: list[Any] = [getattr(kind, "__origin__", kind) for kind in kinds]
    return any(issubclass(type(obj), kind) for kind in outer)


def freeze(mod: Any, preserved_attrs: Any = None, optimize_numerics: bool = True) -> Any:
    """The scripted module, which must be in evaluation mode; nothing is folded."""
    if not type(mod).__name__.endswith(("ScriptModule", "TracedModule")):
        raise RuntimeError(
            "Freezing expects a ScriptModule as input. Please use torch.jit.script or torch.jit.trace to script your "
            "'nn.Module'."
        )
    if mod.training:
        raise RuntimeError("Freezing is currently only implemented for modules in eval mode. Please call .eval().")
    return mod


def optimize_for_inference(mod: Any, other_methods: Any = None) -> Any:
    """The module as it is."""
    return mod


run_frozen_optimizations = optimize_for_inference


@contextlib.contextmanager
def optimized_execution(should_optimize: bool) -> Iterator[None]:
    """A block; nothing is optimized in it or outside."""
    yield


@contextlib.contextmanager
def fuser(name: str) -> Iterator[None]:
    """A block; nothing is fused."""
    yield


def set_fusion_strategy(strategy: Any) -> Any:
    """Accepted: nothing is fused."""
    return strategy


def enable_onednn_fusion(enabled: bool) -> None:
    """Accepted: nothing is fused."""


class Future:
    """A result that is there already."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def wait(self) -> Any:
        """The result."""
        return self._value


def fork(func: Callable[..., Any], *args: Any, **kwargs: Any) -> Future:
    """Runs the function now; ``wait`` gives its result."""
    return Future(func(*args, **kwargs))


def wait(future: Future) -> Any:
    """The result of ``fork``."""
    return future.wait()


__all__ = [
    "Final", "Future", "RecursiveScriptModule", "ScriptFunction", "ScriptModule", "TopLevelTracedModule", "annotate",
    "enable_onednn_fusion", "export", "fork", "freeze", "fuser", "ignore", "interface", "is_scripting", "is_tracing",
    "isinstance", "load", "optimize_for_inference", "optimized_execution", "run_frozen_optimizations", "save", "script",
    "script_if_tracing", "script_method", "set_fusion_strategy", "trace", "trace_module", "unused", "wait",
]  # fmt: skip
