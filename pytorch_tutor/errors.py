"""An error is a small lesson: PyTorch's sentence, then what was expected, what came, and one thing to try."""

from __future__ import annotations

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
