"""Running a small program on PyTorch or on the engine, and telling its outcome as text."""

import ast
import contextlib
import io
import re
import warnings
from pathlib import Path

import numpy as np

PLACE = Path(__file__).with_name("programs")


def programs(family):
    """The programs of one file; three dashes on a line stand between two."""
    return [text.strip() for text in (PLACE / f"{family}.txt").read_text(encoding="utf-8").split("\n---\n")]


def outcome(torch, text):
    """What the program's last expression shows, or the error with its sentence."""
    *before, last = ast.parse(text).body
    if not isinstance(last, ast.Expr):
        before, last = [*before, last], ast.Expr(ast.Constant(None))
    scope = {"torch": torch, "np": np}
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(ast.Module(before, []), "<program>", "exec"), scope)  # the project's own text
            value = eval(compile(ast.Expression(last.value), "<program>", "eval"), scope)
            shown = repr(value)
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        return f"{type(error).__name__}: {error}"
    return re.sub(r"0x[0-9a-f]+", "0x", shown).replace(torch.__name__ + ".", "torch.")
