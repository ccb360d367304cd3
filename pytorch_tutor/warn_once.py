"""Warnings that a program hears once, however often it does the same; after ``set_warn_always(True)``, each time."""

from __future__ import annotations

import warnings


class Heard:
    """Which warnings have been given, and whether they are to be given again."""

    already: set[str] = set()
    always = False


def warn_once(about: str, text: str, stacklevel: int) -> None:
    """A UserWarning, the first time that it is about this."""
    if Heard.always or about not in Heard.already:
        Heard.already.add(about)
        warnings.warn(text, UserWarning, stacklevel=stacklevel + 1)
