"""``torch._check`` and its kin: PyTorch's way to state what must hold, each with its own class of error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

DEFAULT = (
    "Expected cond to be True, but got False. (Could this error message be improved? If so, please report an "
    "enhancement request to PyTorch.)"
)
Message = Callable[[], Any] | str | None


def _check_with(error_type: type[Exception], cond: bool, message: Message) -> None:
    if not isinstance(cond, bool):
        raise TypeError(f"cond must be a bool, but got {type(cond)}")
    if cond:
        return
    if message is None:
        raise error_type(DEFAULT)
    if not callable(message):
        raise TypeError("message must be a callable")
    raise error_type(str(message()))


def _check(cond: bool, message: Message = None) -> None:
    """RuntimeError, with what ``message()`` says, unless ``cond``.

    >>> import pytorch_tutor as torch
    >>> torch._check(2 > 1, lambda: "arithmetic is broken")
    """
    _check_with(RuntimeError, cond, message)


def _check_index(cond: bool, message: Message = None) -> None:
    """IndexError unless ``cond``."""
    _check_with(IndexError, cond, message)


def _check_value(cond: bool, message: Message = None) -> None:
    """ValueError unless ``cond``."""
    _check_with(ValueError, cond, message)


def _check_type(cond: bool, message: Message = None) -> None:
    """TypeError unless ``cond``."""
    _check_with(TypeError, cond, message)


def _check_not_implemented(cond: bool, message: Message = None) -> None:
    """NotImplementedError unless ``cond``."""
    _check_with(NotImplementedError, cond, message)


def _check_is_size(i: int, message: Message = None, *, max: int | None = None) -> None:
    """RuntimeError unless ``i`` can be a size: not negative, and at most ``max``."""
    _check(i >= 0, message)
    _check(max is None or i <= max, message)


def _assert(condition: Any, message: str) -> None:
    """AssertionError unless ``condition``."""
    if not condition:
        raise AssertionError(message)


__all__ = [
    "_assert", "_check", "_check_index", "_check_is_size", "_check_not_implemented", "_check_type", "_check_value",
]  # fmt: skip
