"""``torch.overrides``: for functions that want to hand themselves over to classes, and for modes that see every call.

>>> import pytorch_tutor as torch
>>> class Log(torch.overrides.TorchFunctionMode):
...     def __torch_function__(self, func, types, args=(), kwargs=None):
...         print(torch.overrides.resolve_name(func))
...         return func(*args, **(kwargs or {}))
>>> with Log():
...     x = torch.ones(2) + 1
torch.ones
torch.Tensor.add
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pytorch_tutor import fft, linalg, special
from pytorch_tutor.graph.mode import mode
from pytorch_tutor.nn import functional
from pytorch_tutor.overriding import asked, hand_over, install, name_of
from pytorch_tutor.tensor import Tensor

# Functions that make tensors of data, settings, and what only asks for a type: no class takes them over.
IGNORED = (
    "arange are_deterministic_algorithms_enabled as_strided as_tensor asarray bartlett_window blackman_window broadcast_shapes "
    "can_cast clear_autocast_cache compile empty empty_permuted empty_strided eye fill from_numpy frombuffer full "
    "get_autocast_cpu_dtype get_autocast_dtype get_autocast_gpu_dtype get_default_device get_default_dtype "
    "get_deterministic_debug_mode get_float32_matmul_precision get_num_interop_threads get_num_threads get_rng_state "
    "hamming_window hann_window initial_seed is_anomaly_check_nan_enabled is_anomaly_enabled is_autocast_cache_enabled "
    "is_autocast_cpu_enabled is_autocast_enabled is_deterministic_algorithms_warn_only_enabled is_grad_enabled "
    "is_inference_mode_enabled is_storage is_tensor is_warn_always_enabled kaiser_window linspace load logspace manual_seed "
    "normal ones promote_types rand rand_like randint randint_like randn randn_like randperm range result_type save "
    "scalar_tensor seed set_autocast_cache_enabled set_autocast_dtype set_autocast_enabled set_default_device "
    "set_default_tensor_type set_deterministic_debug_mode set_float32_matmul_precision set_flush_denormal "
    "set_num_interop_threads set_num_threads set_printoptions set_rng_state set_warn_always sparse_coo_tensor "
    "sparse_csr_tensor tensor tril_indices triu_indices typename use_deterministic_algorithms vander vmap zeros"
).split()
IGNORED_METHODS = (
    "__delattr__ __getattribute__ __hash__ __init__ __init_subclass__ __iter__ __new__ __setattr__ __subclasshook__ "
    "__torch_function__ as_subclass new new_empty new_empty_strided new_full new_ones new_tensor new_zeros reinforce stride"
).split()


def has_torch_function(relevant_args: Any) -> bool:
    """Is a function with these arguments to be handed over? Asked at the start of a function of one's own."""
    return asked(tuple(relevant_args), {}) is not None


def has_torch_function_unary(argument: Any) -> bool:
    """The same for one argument."""
    return asked((argument,), {}) is not None


def has_torch_function_variadic(*arguments: Any) -> bool:
    """The same for arguments one by one."""
    return asked(arguments, {}) is not None


def handle_torch_function(public_api: Callable[..., Any], relevant_args: Any, *args: Any, **kwargs: Any) -> Any:
    """Hands a function over: the first ``__torch_function__`` of its arguments that knows an answer gives it.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.overrides import handle_torch_function, has_torch_function
    >>> class Metres:
    ...     @classmethod
    ...     def __torch_function__(cls, func, types, args=(), kwargs=None):
    ...         return f"{func.__name__} of metres"
    >>> def twice(x):
    ...     return handle_torch_function(twice, (x,), x) if has_torch_function((x,)) else 2 * x
    >>> twice(Metres())
    'twice of metres'
    """
    public_api = _told(public_api)
    return hand_over(public_api, asked(tuple(relevant_args), {}) or [], args, kwargs)


def _told(function: Any) -> Any:
    """A function of the user's is one that is written in Python."""
    if not hasattr(function, "torch_python") and hasattr(function, "__dict__"):
        function.torch_python = True
    return function


def is_tensor_like(inp: Any) -> bool:
    """A tensor, or an instance of a class with ``__torch_function__``."""
    return isinstance(inp, Tensor) or hasattr(inp, "__torch_function__")


def resolve_name(f: Any) -> str | None:
    """The public path of a function, ``torch.Tensor.add``; None for what is not PyTorch's."""
    if isinstance(f, str):
        return f
    if getattr(f, "torch_path", None) is not None or isinstance(getattr(f, "__self__", None), property):
        return name_of(f).replace("torch._tensor.", "torch.Tensor.")
    for functions in get_overridable_functions().values():
        if f in functions:
            return f"torch.Tensor.{f.__name__}"
    return None


def is_tensor_method_or_property(func: Callable[..., Any]) -> bool:
    """Is a function a method of ``Tensor``, or reads it a property?"""
    return func in get_overridable_functions()[Tensor] or getattr(func, "__name__", "") == "__get__"


@functools.cache
def get_ignored_functions() -> set[Any]:
    """The public functions that are never handed over."""
    torch = sys.modules[__package__]
    found = {getattr(torch, name) for name in IGNORED if hasattr(torch, name)}
    return found | {getattr(Tensor, name) for name in IGNORED_METHODS if hasattr(Tensor, name)}


def get_overridable_functions() -> dict[Any, list[Any]]:
    """The public functions that are handed over, by where they stand."""
    install()  # from here on the methods are those that hand themselves over
    ignored = get_ignored_functions()
    found: dict[Any, list[Any]] = {
        space: [f for f in vars(space).values() if hasattr(f, "torch_path") and f not in ignored]
        for space in (sys.modules[__package__], functional, linalg, fft, special)
    }
    found[Tensor] = [f for f in vars(Tensor).values() if hasattr(f, "torch_path") and f not in ignored]
    return found


def wrap_torch_function(dispatcher: Callable[..., Any]) -> Callable[[Any], Any]:
    """Makes a function hand itself over; ``dispatcher`` says which of its arguments are to be asked."""

    def inner(func: Any) -> Any:
        @functools.wraps(func)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            relevant = dispatcher(*args, **kwargs)
            if has_torch_function(relevant):
                return handle_torch_function(wrapped, relevant, *args, **kwargs)
            return func(*args, **kwargs)

        return wrapped

    return inner


@contextmanager
def enable_reentrant_dispatch() -> Iterator[None]:
    """Accepted: functions may be handed over again from inside a class."""
    yield


class TorchFunctionMode:
    """Inside ``with Mode():`` every function of PyTorch is handed to the mode's ``__torch_function__``, whatever its
    arguments. What that calls itself goes to the mode outside it, or runs."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise NotImplementedError

    def __enter__(self) -> Any:
        install()
        mode.function_modes = (*mode.function_modes, self)
        return self

    def __exit__(self, *error: object) -> None:
        mode.function_modes = mode.function_modes[:-1]


class BaseTorchFunctionMode(TorchFunctionMode):
    """A mode that runs everything as it stands."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(*args, **(kwargs or {}))


__all__ = [
    "BaseTorchFunctionMode", "TorchFunctionMode", "enable_reentrant_dispatch", "get_ignored_functions",
    "get_overridable_functions", "handle_torch_function", "has_torch_function", "has_torch_function_unary",
    "has_torch_function_variadic", "is_tensor_like", "is_tensor_method_or_property", "resolve_name",
    "wrap_torch_function",
]  # fmt: skip
