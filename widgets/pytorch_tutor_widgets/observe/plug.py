"""Put numbers into a formula: from  ā = g b  make  ā = 1.0 · 3.0 = 3.0."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r"\\(?:mathrm|text|operatorname|mathbf)\s*\{[^{}]*\}"  # words stay words
    r"|\\bar\s*(?:\{\s*(?P<braced>\w|\\ell)\s*\}|(?P<bare>\w|\\ell))"
    r"|\\[A-Za-z]+|\\."
    r"|(?P<letter>[A-Za-z])|(?P<number>\d+(?:\.\d+)?)|\s+|."
)
_CONSTANTS = {"e"}
_WORDS = {r"\gamma": "gamma", r"\beta": "beta", r"\mu": None, r"\sigma": None, r"\alpha": None, r"\epsilon": None}
_FREE = {r"\sum", r"\prod", r"\star", r"\ast", r"\hat", r"\top", r"\dots"}


def plug(latex: str, values: Mapping[str, str], result: str) -> str | None:
    """``latex`` is ``left = right``; ``values`` maps ``x``, ``g`` and ``out`` to numbers. None where a symbol has no number.

    >>> plug(r"\\bar a = g\\, b", {"g": "1.0", "b": "3.0"}, "3.0")
    '\\\\bar a = 1.0 \\\\cdot 3.0 = 3.0'
    >>> plug(r"\\bar x = g\\, (1 - \\mathrm{out}^{2})", {"g": "-2.0", "out": "0.5"}, "-1.5")
    '\\\\bar x = -2.0 \\\\cdot (1 - 0.5^{2}) = -1.5'
    >>> plug(r"\\bar x = g\\, c", {"g": "2.0"}, "4.0") is None
    True
    """
    left, equals, right = latex.partition("=")
    if not equals or any(word in right for word in _FREE):
        return None
    filled = _fill(right, values)
    if filled is None:
        return None
    filled = filled.strip()
    return f"{left.strip()} = {filled}" if filled == result else f"{left.strip()} = {filled} = {result}"


def _fill(right: str, values: Mapping[str, str]) -> str | None:
    parts: list[str] = []
    after_number = False
    tokens = list(_TOKEN.finditer(right))
    for place, token in enumerate(tokens):
        following = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        barred = token["braced"] or token["bare"]
        number: str | None = token["number"]
        if barred:
            number = values.get(f"bar {barred}")
        elif token["letter"] and token[0] not in _CONSTANTS:
            number = values.get(token[0])
        elif token[0] == r"\mathrm{out}":
            number = values.get("out")
        elif token[0] in _WORDS:
            number = values.get(_WORDS[token[0]] or "")
        elif number is None:
            if token[0] == r"\,":
                parts.append(r" \cdot" if after_number else " ")
            else:
                parts.append(token[0])
                if token[0].strip():
                    after_number = token[0] in {")", "]", "}"}
            continue
        if number is None or following == "_":
            return None
        if after_number and not "".join(parts).rstrip().endswith(r"\cdot"):
            parts.append(r" \cdot ")
        elif parts and parts[-1].endswith(r"\cdot"):
            parts.append(" ")
        parts.append(_bracket(number, "".join(parts).rstrip()[-1:], following))
        after_number = True
    return "".join(parts)


def _bracket(number: str, before: str, following: str) -> str:
    """A negative number needs brackets after a sign or under a power; a power of ten always reads better with them."""
    spelled = re.sub(r"e([+-]?)0*(\d+)$", lambda m: rf"\cdot 10^{{{m[1].replace('+', '')}{m[2]}}}", number)
    spelled = {"nan": r"\mathrm{nan}", "inf": r"\infty", "-inf": r"-\infty"}.get(spelled, spelled)
    signed = number.startswith("-") and (before not in {"", "(", "{", "[", ",", "="} or following == "^")
    return f"({spelled})" if signed or (spelled != number and following == "^") else spelled


_FACTOR = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?|(?P<letter>[A-Za-z])")


def multiply_shapes(
    latex: str, shapes: Mapping[str, tuple[int, ...] | None], result: tuple[int, ...] | None
) -> str | None:
    """The shapes in a product of matrices; ``shapes["g"]`` is that of the incoming gradient.

    >>> multiply_shapes(r"\\bar A = g\\, B^{\\top}", {"g": (4, 1), "B": (3, 1)}, (4, 3))
    '(4 \\\\times 3) = (4 \\\\times 1)\\\\,(1 \\\\times 3)'
    """
    right = latex.partition("=")[2]
    if result is None or len(result) != 2 or r"\sum" in right:
        return None
    parts = []
    for found in _FACTOR.finditer(right):
        letter = found["letter"]
        if not letter:
            continue
        shape = shapes.get(letter)
        if shape is None or len(shape) != 2:
            return None
        turned = right[found.end() :].lstrip().startswith((r"^{\top}", r"^\top"))
        parts.append(_size(shape[::-1] if turned else shape))
    return f"{_size(result)} = " + r"\,".join(parts) if len(parts) == 2 else None


def _size(shape: tuple[int, ...]) -> str:
    return "(" + r" \times ".join(map(str, shape)) + ")"
