"""``torch.version``: PyTorch's version whose behaviour this engine has, with the engine's own behind the plus sign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

TUTOR = "0.1.0"


class TorchVersion(str):
    """A version text that compares by its numbers: with a text, or with a tuple of numbers.

    >>> TorchVersion("2.13.0") > "2.9", TorchVersion("2.13.0") >= (1, 12)
    (True, True)
    """

    __slots__ = ()

    def _pair(self, other: Any) -> tuple[Any, Any]:
        return _key(self), _key(".".join(map(str, other)) if not isinstance(other, str) else other)

    def __lt__(self, other: Any) -> bool:
        a, b = self._pair(other)
        return bool(a < b)

    def __le__(self, other: Any) -> bool:
        a, b = self._pair(other)
        return bool(a <= b)

    def __gt__(self, other: Any) -> bool:
        a, b = self._pair(other)
        return bool(a > b)

    def __ge__(self, other: Any) -> bool:
        a, b = self._pair(other)
        return bool(a >= b)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (str, Iterable)):
            return False
        a, b = self._pair(other)
        return bool(a == b)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(str(self))


def _key(text: str) -> tuple[tuple[int, ...], str]:
    """Numbers without zeros at the end, then what follows the plus sign: a local version comes after the plain one."""
    public, _, local = text.partition("+")
    numbers = [int(n) for n in re.findall(r"\d+", re.split(r"[a-zA-Z]", public.lstrip("v"))[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), local


__version__ = TorchVersion(f"2.13.0+tutor{TUTOR}")
cuda: str | None = None
hip: str | None = None
xpu: str | None = None
debug = False
git_version = "unknown"

__all__ = ["TUTOR", "TorchVersion", "__version__", "cuda", "debug", "git_version", "hip", "xpu"]
