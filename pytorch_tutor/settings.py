"""Switches of the whole library: threads, determinism, precision of products, warnings."""

from __future__ import annotations

import os
import warnings

from .backends import get_threads, set_threads
from .errors import lesson
from .graph.mode import everywhere
from .warn_once import Heard


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


def get_num_interop_threads() -> int:
    """How many threads run operations beside each other: as many as there are cores, in PyTorch; none here."""
    return os.cpu_count() or 1


def set_num_interop_threads(count: int) -> None:
    """Accepted: operations run one after the other."""
    if not isinstance(count, int):
        raise RuntimeError(f"set_num_interop_threads expects an int, but got {type(count).__name__}")
    if count <= 0:
        raise RuntimeError("set_num_interop_threads expects a positive integer")


class _Switches:
    warn_only = False
    precision = "highest"


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """This engine's operations are deterministic anyway; what changes is ``torch.empty``, which is filled with nan.

    >>> import pytorch_tutor as torch
    >>> torch.use_deterministic_algorithms(True)
    >>> torch.empty(2)
    tensor([nan, nan])
    >>> torch.use_deterministic_algorithms(False)
    """
    if not isinstance(mode, bool):
        raise TypeError(
            f"_set_deterministic_algorithms(): argument 'mode' (position 1) must be bool, not {type(mode).__name__}"
        )
    everywhere.deterministic, _Switches.warn_only = mode, warn_only


def are_deterministic_algorithms_enabled() -> bool:
    """What ``use_deterministic_algorithms`` was last told."""
    return everywhere.deterministic


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether it was told to warn only."""
    return everywhere.deterministic and _Switches.warn_only


def get_deterministic_debug_mode() -> int:
    """0: off, 1: warn, 2: refuse what is not deterministic."""
    return 0 if not everywhere.deterministic else 1 if _Switches.warn_only else 2


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """The switch of ``use_deterministic_algorithms`` by a number or a word: "default", "warn" or "error".

    >>> import pytorch_tutor as torch
    >>> torch.set_deterministic_debug_mode("error")
    >>> torch.are_deterministic_algorithms_enabled()
    True
    >>> torch.set_deterministic_debug_mode(0)
    """
    words = {"default": 0, "warn": 1, "error": 2}
    if not isinstance(debug_mode, (int, str)):
        raise TypeError(f"debug_mode must be str or int, but got {type(debug_mode)}")
    if isinstance(debug_mode, str):
        if debug_mode not in words:
            raise RuntimeError(
                f"invalid value of debug_mode, expected one of `default`, `warn`, `error`, but got {debug_mode}"
            )
        debug_mode = words[debug_mode]
    if debug_mode not in (0, 1, 2):
        raise lesson(
            RuntimeError(f"invalid value of debug_mode, expected 0, 1, or 2, but got {debug_mode}"),
            expected='0 or "default", 1 or "warn", 2 or "error"',
        )
    use_deterministic_algorithms(debug_mode > 0, warn_only=debug_mode == 1)


def set_float32_matmul_precision(precision: str) -> None:
    """Accepted: on a CPU float32 products are always computed in float32."""
    if precision not in ("highest", "high", "medium"):
        warnings.warn(
            f"{precision} is not one of 'highest', 'high', or 'medium'; the current"
            "setFloat32MatmulPrecision call has no effect.",
            stacklevel=2,
        )
        return
    _Switches.precision = precision


def get_float32_matmul_precision() -> str:
    """What ``set_float32_matmul_precision`` was last told."""
    return _Switches.precision


def set_warn_always(b: bool) -> None:
    """Whether what is said once in a program is said each time."""
    Heard.always = bool(b)


def is_warn_always_enabled() -> bool:
    """What ``set_warn_always`` was last told."""
    return Heard.always


def set_flush_denormal(mode: bool) -> bool:
    """Whether tiny numbers are flushed to zero: they are not, and this returns False."""
    return False
