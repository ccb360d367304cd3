"""Reads a pickle that holds only plain data (numbers, text, lists, dicts, NumPy arrays) and runs nothing from it.

A pickle is a little program for a stack machine, and one of its instructions, REDUCE, calls any function whose name
the file gives: ``pickle.load`` on a stranger's file runs the stranger's code. The machine below knows only the
instructions that build plain data. The names that an old pickled array needs are mapped to small recorders of our own,
so that nothing is ever imported or called on behalf of the file, and the array's bytes are checked against its shape.
"""

from __future__ import annotations

import math
import os
import pickletools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .damage import DamagedFileError

_LIMIT = 1 << 30  # bytes; the largest batch of CIFAR has 155 MB
_DTYPES = {"u1", "i1", "i2", "i4", "i8", "u2", "u4", "u8", "f4", "f8", "b1"}
_MARK = object()


class _RefusedError(Exception):
    """Why the machine stopped; becomes a DamagedFileError that names the file."""


class _Dtype:
    """Records ``numpy.dtype(code, align, copy)`` and its state, which tells the byte order."""

    def __init__(self, code: object, *_: object) -> None:
        if not isinstance(code, str) or code not in _DTYPES:
            # Only text is ever shown: the repr of a nested tuple that shares itself would fill the memory.
            shown = repr(code[:20]) if isinstance(code, str) else type(code).__name__
            raise _RefusedError(f"an array of dtype {shown}, which is not a plain number")
        self.code, self.order = code, "="

    def set_state(self, state: object) -> None:
        if not (isinstance(state, tuple) and len(state) >= 2 and state[1] in ("<", ">", "|", "=")):
            raise _RefusedError("a dtype without a byte order")
        self.order = state[1]

    def real(self) -> np.dtype[Any]:
        return np.dtype(self.order + self.code)


class _Array:
    """Records ``numpy.ndarray`` from its pickled state; ``value`` is the array, made only from checked bytes."""

    value: np.ndarray | None = None

    def set_state(self, state: object) -> None:
        if not (isinstance(state, tuple) and len(state) == 5):
            raise _RefusedError("an array without shape, dtype and bytes")
        _, shape, dtype, fortran, data = state
        if not (isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)):
            raise _RefusedError("an array whose shape is not a tuple of sizes")
        if not isinstance(dtype, _Dtype):
            raise _RefusedError("an array without a plain dtype")
        raw = _to_bytes(data)
        real = dtype.real()
        if math.prod(shape) * real.itemsize != len(raw):
            raise _RefusedError(f"an array of shape {shape} with {len(raw)} bytes of data")
        self.value = np.frombuffer(bytearray(raw), real).reshape(shape, order="F" if fortran else "C")


def _to_bytes(data: object) -> bytes:
    """Python 2 wrote bytes as text: every character is one byte."""
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode("latin-1")
    raise _RefusedError("an array whose bytes are missing")


def _reconstruct(kind: object, *_: object) -> _Array:
    if kind is not _Array:
        raise _RefusedError("an array of an unknown class")
    return _Array()


def _encode(text: object, encoding: object = "latin1") -> bytes:
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise _RefusedError("text in an unexpected encoding")
    return text.encode("latin-1")


_NAMES: dict[str, Callable[..., Any]] = {
    "numpy.core.multiarray _reconstruct": _reconstruct,
    "numpy._core.multiarray _reconstruct": _reconstruct,
    "numpy ndarray": _Array,
    "numpy dtype": _Dtype,
    "_codecs encode": _encode,
}
_PUSH = {
    *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "BINFLOAT", "FLOAT"),
    *("STRING", "SHORT_BINSTRING", "BINSTRING", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
    *("SHORT_BINBYTES", "BINBYTES", "BINBYTES8"),
}
_CONSTANTS: dict[str, Callable[[], object]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}


class _Machine:
    """The stack machine: one method or table entry per instruction that plain data needs."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self, instructions: Iterator[tuple[Any, Any, Any]]) -> Any:
        for opcode, argument, _ in instructions:
            name = opcode.name
            if name in _PUSH:
                self.stack.append(argument)
            elif name in _CONSTANTS:
                self.stack.append(_CONSTANTS[name]())
            elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
                self.memo[argument] = self.stack[-1]
            elif name in ("BINGET", "LONG_BINGET", "GET"):
                self.stack.append(self.memo[argument])
            elif name == "STOP":
                return self.stack.pop()
            elif name not in ("PROTO", "FRAME"):
                method = getattr(self, "do_" + name.lower(), None)
                if method is None:
                    raise _RefusedError(f"the pickle instruction {name}, which plain data does not need")
                method(argument)
        raise _RefusedError("a pickle without an end")

    def pop_to_mark(self) -> list[Any]:
        at = len(self.stack) - 1
        while self.stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise IndexError("no mark")
        items = self.stack[at + 1 :]
        del self.stack[at:]
        return items

    def do_mark(self, _: object) -> None:
        self.stack.append(_MARK)

    def do_memoize(self, _: object) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def do_global(self, name: str) -> None:
        if name not in _NAMES:
            raise _RefusedError(f"a call of {name.replace(' ', '.')}, which a data file must not make")
        self.stack.append(_NAMES[name])

    def do_stack_global(self, _: object) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self.do_global(f"{module} {name}")

    def do_reduce(self, _: object) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        if function not in _NAMES.values() or function is _Array:
            raise _RefusedError("a call that a data file must not make")
        self.stack.append(function(*arguments))

    def do_build(self, _: object) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if not isinstance(target, (_Array, _Dtype)):
            raise _RefusedError("an object that is not plain data")
        target.set_state(state)

    def do_tuple(self, _: object) -> None:
        self.stack.append(tuple(self.pop_to_mark()))

    def do_tuple1(self, _: object) -> None:
        self.stack[-1:] = [tuple(self.stack[-1:])]

    def do_tuple2(self, _: object) -> None:
        self.stack[-2:] = [tuple(self.stack[-2:])]

    def do_tuple3(self, _: object) -> None:
        self.stack[-3:] = [tuple(self.stack[-3:])]

    def do_list(self, _: object) -> None:
        self.stack.append(self.pop_to_mark())

    def do_dict(self, _: object) -> None:
        items = self.pop_to_mark()
        self.stack.append(_table(items))

    def do_append(self, _: object) -> None:
        item = self.stack.pop()
        self.list_on_top().append(item)

    def do_appends(self, _: object) -> None:
        items = self.pop_to_mark()
        self.list_on_top().extend(items)

    def do_setitem(self, _: object) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.dict_on_top().update(_table([key, value]))

    def do_setitems(self, _: object) -> None:
        items = self.pop_to_mark()
        self.dict_on_top().update(_table(items))

    def list_on_top(self) -> list[Any]:
        if type(self.stack[-1]) is not list:
            raise _RefusedError("a list that is none")
        return self.stack[-1]

    def dict_on_top(self) -> dict[Any, Any]:
        if type(self.stack[-1]) is not dict:
            raise _RefusedError("a dict that is none")
        return self.stack[-1]


def _table(items: list[Any]) -> dict[Any, Any]:
    """Keys and values in turn. Keys are words or numbers: hashing a nested tuple that shares itself may never end."""
    keys, values = items[::2], items[1::2]
    if not all(type(key) in (str, bytes, int) for key in keys):
        raise _RefusedError("a key that is neither a word nor a number")
    return dict(zip(keys, values, strict=True))


def loads(data: bytes, path: str | os.PathLike[str] = "<bytes>") -> dict[str, Any]:
    """Returns the dict of plain data that the pickle ``data`` holds; Python 2 strings become ``str`` (Latin-1).

    ``path`` is the name used in errors.

    >>> import pickle
    >>> loads(pickle.dumps({"labels": [3, 1]}, protocol=2))
    {'labels': [3, 1]}

    Raises:
        DamagedFileError: the pickle is truncated, or asks for anything besides plain data.
    """
    try:
        result = _Machine().run(pickletools.genops(data))
        if type(result) is not dict or not all(isinstance(key, (str, bytes)) for key in result):
            raise _RefusedError("no table of named entries")
        return {
            key.decode("latin-1") if isinstance(key, bytes) else key: _unwrapped(value) for key, value in result.items()
        }
    except _RefusedError as why:
        hint = "do not use this file: get the official one with download=True"
        raise DamagedFileError(path, f"refused, because it holds {why}", hint) from None
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, UnicodeError) as why:
        raise DamagedFileError(path, f"damaged or truncated ({why})") from None


def _unwrapped(value: object) -> object:
    if isinstance(value, _Array):
        if value.value is None:
            raise _RefusedError("an array without data")
        return value.value
    if isinstance(value, _Dtype) or callable(value):
        raise _RefusedError("something that is not plain data")
    return value


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Reads the plain pickle in the file ``path``; see :func:`loads`."""
    size = Path(path).stat().st_size
    if size > _LIMIT:
        raise DamagedFileError(path, f"has {size:,} bytes, more than any batch of pictures has")
    return loads(Path(path).read_bytes(), path)
