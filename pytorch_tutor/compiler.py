"""``torch.compile`` and ``torch.compiler``: accepted, checked, and run as they are. Results are the same without a compiler."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from .errors import lesson
from .nn.modules.module import Module

MODES = ("default", "lite", "reduce-overhead", "max-autotune-no-cudagraphs", "max-autotune")
BACKENDS = ["cudagraphs", "inductor", "openxla", "tvm"]
DEBUG_BACKENDS = ["aot_eager", "aot_eager_decomp_partition", "aot_ts", "eager", "onnxrt", "pre_dispatch_eager"]


class InvalidBackend(RuntimeError):
    """A backend of the compiler by a name that PyTorch does not know."""


class OptimizedModule(Module):
    """What ``torch.compile(module)`` returns: the module, as ``_orig_mod``; everything else is asked of it.

    >>> import pytorch_tutor as torch
    >>> list(torch.compile(torch.nn.Linear(2, 1)).state_dict())
    ['_orig_mod.weight', '_orig_mod.bias']
    """

    def __init__(self, mod: Module) -> None:
        super().__init__()
        self._orig_mod = mod
        self.training = mod.training

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the module."""
        return self._orig_mod(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__.get("_modules", {})
        if name == "_orig_mod" or "_orig_mod" not in own:
            return super().__getattr__(name)
        return getattr(own["_orig_mod"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("_orig_mod", "training") or "_orig_mod" not in self.__dict__.get("_modules", {}):
            super().__setattr__(name, value)
        else:
            setattr(self._orig_mod, name, value)

    def __len__(self) -> int:
        return len(self._orig_mod)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *dir(self._orig_mod)]


def compile(
    model: Any = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = "inductor",
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    disable: bool = False,
    **more: Any,
) -> Any:
    """Returns the function as it is, or the module wrapped as PyTorch wraps it: nothing is compiled here.

    The arguments are checked as PyTorch checks them. A ``backend`` of your own is not called: there is no graph to
    hand it.

    >>> import pytorch_tutor as torch
    >>> torch.compile(torch.exp)(torch.zeros(1))
    tensor([1.])

    Raises:
        RuntimeError: an unknown ``mode``, or both ``mode`` and ``options``.
        InvalidBackend: an unknown name of a backend.
        AssertionError: something that cannot be called.
    """
    if mode is not None and options is not None:
        raise RuntimeError("Either mode or options can be specified, but both can't be specified at the same time.")
    if mode is not None and mode not in MODES:
        raise lesson(
            RuntimeError(f"Unrecognized mode={mode}, should be one of: {', '.join(MODES)}"),
            expected=", ".join(MODES),
            got=mode,
        )
    if isinstance(backend, str) and backend not in (*BACKENDS, *DEBUG_BACKENDS):
        raise InvalidBackend(
            f"Invalid backend: {backend!r}, see `torch._dynamo.list_backends()` for available backends."
        )
    if model is None:  # @torch.compile(dynamic=True)
        return lambda found: compile(
            found, fullgraph=fullgraph, dynamic=dynamic, backend=backend, mode=mode, options=options, disable=disable
        )
    if not callable(model):
        raise AssertionError(f"A callable function is expected, but {type(model)} is provided.")
    if disable:
        return model
    return OptimizedModule(model) if isinstance(model, Module) else model


# -- torch.compiler
def is_compiling() -> bool:
    """Is a compiler looking at the program now? Never here."""
    return False


is_dynamo_compiling = is_exporting = is_compiling


def reset() -> None:
    """Forgets what has been compiled: nothing."""


def list_backends(exclude_tags: Any = ()) -> list[str]:
    """The names that ``torch.compile`` accepts as ``backend``."""
    return list(BACKENDS)


def cudagraph_mark_step_begin() -> None:
    """Accepted: nothing is captured here."""


def _as_it_is(fn: Any = None, *args: Any, **kwargs: Any) -> Any:
    """The function itself, or, called with options alone, a decorator that returns the function itself."""
    return _as_it_is if fn is None else fn


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """Marks a function that is not to be compiled: none is."""
    return _as_it_is(fn)


def allow_in_graph(fn: Any) -> Any:
    """Marks a function that the compiler need not look into."""
    return fn


assume_constant_result = nonstrict_trace = allow_in_graph


def substitute_in_graph(original_fn: Any, **options: Any) -> Callable[[Any], Any]:
    """Marks a function that stands for another while compiling."""
    return _as_it_is


class set_stance(contextlib.ContextDecorator):  # noqa: N801 - PyTorch spells this class in lower case
    """Says how eager the compiler is to be, for good or within a block; there is none."""

    STANCES = (
        "default", "force_eager", "eager_on_recompile", "fail_on_recompile", "eager_then_compile", "aot_eager_then_compile",
    )  # fmt: skip

    def __init__(self, stance: str = "default", **options: Any) -> None:
        if stance not in self.STANCES:
            raise RuntimeError(f"invalid torch.compile stance '{stance}'")
        self.stance = stance

    def __enter__(self) -> None:
        """Nothing changes."""

    def __exit__(self, *exc: object) -> None:
        """Nothing changes."""


__all__ = [
    "InvalidBackend", "OptimizedModule", "allow_in_graph", "assume_constant_result", "compile",
    "cudagraph_mark_step_begin", "disable", "is_compiling", "is_dynamo_compiling", "is_exporting", "list_backends",
    "nonstrict_trace", "reset", "set_stance", "substitute_in_graph",
]  # fmt: skip
