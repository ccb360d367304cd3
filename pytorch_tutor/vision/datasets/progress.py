"""A progress bar while a file comes in: tqdm's where it is installed, a line of text otherwise."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any


class PlainBar:
    """Rewrites one line, at most five times a second: ``name  42%  71.5 of 170.5 MB``."""

    def __init__(self, total: int | None, done: int, name: str) -> None:
        self.total, self.done, self.name = total, done, name
        self._shown = 0.0

    def update(self, count: int) -> None:
        self.done += count
        if time.monotonic() - self._shown > 0.2:
            self._show()

    def _show(self) -> None:
        self._shown = time.monotonic()
        size = f"{self.done / 1e6:.1f} MB"
        if self.total:
            size = f"{self.done / self.total:4.0%}  {self.done / 1e6:.1f} of {self.total / 1e6:.1f} MB"
        sys.stderr.write(f"\r{self.name}  {size} ")
        sys.stderr.flush()

    def __enter__(self) -> PlainBar:
        self._show()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._show()
        sys.stderr.write("\n")


def progress_bar(total: int | None, done: int, name: str) -> Any:
    """Returns a context manager with ``update(bytes)``, beginning at ``done`` of ``total`` bytes."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return PlainBar(total, done, name)
    return tqdm(total=total, initial=done, desc=name, unit="B", unit_scale=True, unit_divisor=1000)
