"""Calls with arguments that do not fit, and some that just do; `x` is a matrix of ones."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

CALLS = Path(__file__).with_suffix(".txt").read_text().splitlines()


def said(torch: Any, call: str) -> str:
    """The printed result, or the error's class and sentence."""
    names = {"torch": torch, "F": torch.nn.functional, "x": torch.ones(2, 2)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return repr(eval(call, names))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            return f"{type(error).__name__}: {error}"
