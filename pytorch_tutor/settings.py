"""Switches of the whole library: threads, determinism, and what PyTorch compiles and we do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .backends import get_threads, set_threads


def get_num_threads() -> int:
    """How many threads heavy operations use."""
    return get_threads()


def set_num_threads(count: int) -> None:
    """Sets how many threads heavy operations use."""
    if not isinstance(count, int):
        raise RuntimeError(f"set_num_threads expects an int, but got {type(count).__name__}")
    if count <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")
    set_threads(count)


class _Switches:
    deterministic = False
    warn_only = False
    precision = "highest"


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Accepted: this engine's operations are deterministic anyway."""
    _Switches.deterministic, _Switches.warn_only = bool(mode), warn_only


def are_deterministic_algorithms_enabled() -> bool:
    """What ``use_deterministic_algorithms`` was last told."""
    return _Switches.deterministic


def set_float32_matmul_precision(precision: str) -> None:
    """Accepted: on a CPU float32 products are always computed in float32."""
    if precision not in ("highest", "high", "medium"):
        raise RuntimeError(f"{precision} is not one of 'highest', 'high', or 'medium'")
    _Switches.precision = precision


def get_float32_matmul_precision() -> str:
    """What ``set_float32_matmul_precision`` was last told."""
    return _Switches.precision


def compile(model: Any = None, **options: Any) -> Any:
    """Returns the model or function as it is: there is no compiler here, and results are the same without one.

    >>> import pytorch_tutor as torch
    >>> torch.compile(torch.exp)(torch.zeros(1))
    tensor([1.])
    """
    if model is None:
        keep: Callable[[Any], Any] = lambda f: f  # noqa: E731 - the decorator form, torch.compile(dynamic=True)
        return keep
    return model


def set_warn_always(b: bool) -> None:
    """Accepted: warnings are shown by Python's own rules."""


def set_flush_denormal(mode: bool) -> bool:
    """Whether tiny numbers are flushed to zero: they are not, and this returns False."""
    return False
