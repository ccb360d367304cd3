"""Names of NumPy and of Python's library that only hold data: a checkpoint read with ``weights_only=False`` may use them.

None of them runs code of the file's: an array, a date, a path, the namespace of a script's arguments.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import pathlib
import types
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

import numpy as np

# How NumPy spells an array and a number in a pickle; "core" is the module's name before NumPy 2.
_reconstruct: Any = np.ndarray(0).__reduce__()[0]
_scalar: Any = np.float64(0).__reduce__()[0]

CALLED: dict[str, Callable[..., Any]] = {
    **{f"numpy.{core}.multiarray._reconstruct": _reconstruct for core in ("core", "_core")},
    **{f"numpy.{core}.multiarray.scalar": _scalar for core in ("core", "_core")},
    "numpy.dtype": np.dtype,
    "builtins.range": range,
    "builtins.xrange": range,  # so Python 2 called it, and protocol 2 does
    "builtins.slice": slice,
    "builtins.frozenset": frozenset,
    "collections.defaultdict": collections.defaultdict,
    "collections.deque": collections.deque,
    "datetime.date": datetime.date,
    "datetime.datetime": datetime.datetime,
    "datetime.timedelta": datetime.timedelta,
    "datetime.timezone": datetime.timezone,
    "pathlib.PosixPath": pathlib.Path,
    "pathlib.WindowsPath": pathlib.PureWindowsPath,
    "types.SimpleNamespace": types.SimpleNamespace,
}
KNOWN: dict[str, Any] = {
    "numpy.ndarray": np.ndarray,
    "argparse.Namespace": argparse.Namespace,
    **{f"builtins.{kind.__name__}": kind for kind in (bool, int, float, str, list, tuple, dict)},
}
CREATED = (np.ndarray, np.dtype, argparse.Namespace, types.SimpleNamespace)


def check_state(target: Any, state: Any) -> None:
    """Refuses a state with which NumPy would take the file's bytes for the addresses of Python objects.

    NumPy believes what a pickle says of a type's fields and flags. So only the byte order (and the unit of a date) may
    come from the file; all else must be what the type, made from its name, says of itself.

    Raises:
        UnpicklingError: a type with fields, or a forged one.
    """
    if not isinstance(target, np.dtype):
        return
    own: Any = target.__reduce__()[2]  # version, byte order, subarray, names, fields, size, alignment, flags, [unit]
    facts = (state[0], *state[2:8]) if isinstance(state, tuple) and len(state) == len(own) else None
    if facts != (own[0], *own[2:8]):
        raise UnpicklingError(f"a NumPy type {target.str} with fields or flags of its own is not read from a file")
