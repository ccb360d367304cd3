"""What libraries ask of PyTorch's compiled core, ``torch._C``: there is none here, so only what needs none is answered."""

from __future__ import annotations

from . import absent
from .graph.mode import mode
from .overriding import DisableTorchFunction, DisableTorchFunctionSubclass
from .overriding import disabled as _disabled_torch_function_impl
from .tensor import Tensor as TensorBase


def _log_api_usage_once(event: str) -> None:
    """A library says that it is used; PyTorch counts it, this engine counts nothing."""


def _is_torch_function_enabled() -> bool:
    """Are functions handed to classes?"""
    return mode.own_functions == 0


def _is_torch_function_all_disabled() -> bool:
    """Are functions handed to nobody?"""
    return mode.own_functions == 2


def _len_torch_function_stack() -> int:
    """How many modes of ``torch.overrides`` are under way."""
    return len(mode.function_modes)


def __getattr__(name: str) -> object:
    raise absent.explain(AttributeError(f"module 'torch._C' has no attribute '{name}'"), "torch._C")


__all__ = ["DisableTorchFunction", "DisableTorchFunctionSubclass", "TensorBase", "_disabled_torch_function_impl"]
