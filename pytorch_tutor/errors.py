"""An error is a small lesson: PyTorch's sentence, then what was expected, what came, and one thing to try."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from typing import TypeVar

E = TypeVar("E", bound=BaseException)


def lesson(error: E, *, expected: object = None, got: object = None, hint: str | None = None) -> E:
    """Returns ``error`` with the lesson appended as notes (PEP 678).

    ``str(error)`` stays PyTorch's sentence, so that a web search finds it and programs that match on it work; every
    traceback prints the notes right below it.

    >>> from pytorch_tutor.errors import lesson
    >>> error = lesson(ValueError("bad size"), expected=3, got=4, hint="x.reshape(3)")
    >>> str(error), error.__notes__
    ('bad size', ['  expected  3', '  got       4', '  try       x.reshape(3)'])
    """
    for label, text in (("expected", expected), ("got", got), ("try", hint)):
        if text is not None:
            error.add_note(f"  {label:<9} {text}")
    return error


def no_memory(error: MemoryError) -> Exception:
    """PyTorch's sentence where there is not enough memory; NumPy's error knows what was asked for."""
    shape, kind = getattr(error, "shape", None), getattr(error, "dtype", None)
    if shape is None or kind is None:
        return error
    count = math.prod(shape) * kind.itemsize
    said = RuntimeError(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate "
        f"{count} bytes. Error code 12 (Cannot allocate memory)"
    )
    return lesson(said, got=f"a tensor of shape {list(shape)}", hint="a smaller batch, or smaller sizes")


def missing_name(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """PyTorch's sentence for a name that a module does not have, and the nearest one that is there.

    >>> from pytorch_tutor.errors import missing_name
    >>> missing_name("torch.nn", "linear", ["Linear", "Conv2d"]).__notes__
    ['  try       torch.nn.Linear']
    """
    error = AttributeError(f"module '{module}' has no attribute '{name}'")
    if name.startswith("_"):  # asked by Python itself
        return error
    public = [k for k in known if not k.startswith("_")]
    same = [k for k in public if k.casefold() == name.casefold()]  # capital letters are the usual slip
    close = same or difflib.get_close_matches(name, public, n=1)
    return lesson(error, hint=f"{module}.{close[0]}" if close else f"dir({module})  lists what there is")
