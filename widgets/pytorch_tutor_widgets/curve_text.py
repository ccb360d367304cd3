"""A training run in words and block characters: for terminals, and for saved notebooks without their widgets."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np

from pytorch_tutor_widgets.curve_data import Floats, SeriesTable
from pytorch_tutor_widgets.shared import Catalogue

BLOCKS = "▁▂▃▄▅▆▇█"
WORDS = Catalogue("curve")


def describe(title: str, lang: str, table: SeriesTable, status: dict[str, Any]) -> str:
    """Heading, a line of progress, and a row per series: first, lowest, highest and last value, and a small picture."""
    lines = [f"{title or WORDS.say(lang, 'heading')}: {progress_line(lang, status)}"]
    heads = [WORDS.say(lang, key) for key in ("series", "points", "first", "lowest", "highest", "last")]
    rows = [
        [one_line(series.name), str(len(series))]
        + [short(value) for value in (series.y[0], lowest(series.y), highest(series.y), series.y[-1])]
        + [sparkline(series.y)]
        for series in table
    ]
    if rows:
        lines += aligned([[*heads, ""], *rows])
    for advice in status["advice"]:
        values = {name: short(value) if isinstance(value, float) else value for name, value in advice["values"].items()}
        lines.append(WORDS.say(lang, advice["key"], **values))
    return "\n".join(lines)


def progress_line(lang: str, status: dict[str, Any]) -> str:
    """State, epoch, batch and time, as far as they are known."""
    parts = [WORDS.say(lang, f"state_{status['state']}")]
    if status["epochs"] and status["epochs"] > 1:
        parts.append(WORDS.say(lang, "epochs", epoch=status["epoch"], epochs=status["epochs"]))
    if status["done"]:
        key = "batches" if status["total"] else "batches_open"
        parts.append(WORDS.say(lang, key, done=status["done"], total=status["total"]))
        parts.append(WORDS.say(lang, "took", time=duration(lang, status["elapsed"])))
    return ", ".join(parts) if lang != "zh" else "，".join(parts)


def duration(lang: str, seconds: float) -> str:
    """A time that a person reads at a glance.

    >>> duration("en", 0.42), duration("en", 75), duration("en", 7300)
    ('0.4 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 10:
        return WORDS.say(lang, "seconds", s=f"{seconds:.1f}")
    whole = round(seconds)
    if whole < 60:
        return WORDS.say(lang, "seconds", s=whole)
    if whole < 3600:
        return WORDS.say(lang, "minutes", m=whole // 60, s=whole % 60)
    return WORDS.say(lang, "hours", h=whole // 3600, m=whole % 3600 // 60)


def sparkline(y: Floats, width: int = 40) -> str:
    """The shape of a row of numbers in one line of text; a cross where one is not finite.

    >>> sparkline(np.array([0.0, 1.0, 2.0, np.nan]))
    '▁▅█×'
    """
    if len(y) > width:
        # Means of equal pieces; a piece with a NaN in it has the mean NaN, and shows it.
        y = np.array([piece.mean() for piece in np.array_split(y, width)])
    finite = y[np.isfinite(y)]
    if not len(finite):
        return "×" * len(y)
    low, high = float(finite.min()), float(finite.max())
    scale = (len(BLOCKS) - 1) / (high - low) if high > low else 0.0
    return "".join(BLOCKS[int((value - low) * scale + 0.5)] if np.isfinite(value) else "×" for value in y)


def short(value: float) -> str:
    """Four significant digits."""
    return f"{float(value):.4g}"


def lowest(y: Floats) -> float:
    """The smallest finite value, or NaN."""
    finite = y[np.isfinite(y)]
    return float(finite.min()) if len(finite) else float("nan")


def highest(y: Floats) -> float:
    """The largest finite value, or NaN."""
    finite = y[np.isfinite(y)]
    return float(finite.max()) if len(finite) else float("nan")


def one_line(name: str, most: int = 40) -> str:
    """A name fit for a row: no line breaks, not endless."""
    plain = " ".join(name.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def aligned(rows: list[list[str]]) -> list[str]:
    """Rows as lines with columns below each other; Chinese characters count for two places."""
    widths = [max(columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    padded = [[cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return ["  ".join(row).rstrip() for row in padded]


def columns(text: str) -> int:
    """How many places of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
