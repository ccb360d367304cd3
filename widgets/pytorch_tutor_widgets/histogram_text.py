"""The parameters of a network as a table of text: for terminals, and for saved notebooks without their widgets."""

from __future__ import annotations

import numpy as np

from pytorch_tutor_widgets.curve_text import aligned, one_line, short, sparkline
from pytorch_tutor_widgets.histogram_stats import Row, Summary, verdict
from pytorch_tutor_widgets.shared import Catalogue

WORDS = Catalogue("histogram")
MOST_LINES = 40


def describe(title: str, lang: str, rows: list[Row], batches: int) -> str:
    """Heading, a line per parameter, and the sentences that the numbers call for."""
    heads = [WORDS.say(lang, key) for key in ("parameter", "shape", "weights", "gradients", "ratio", "zeros")]
    table = [
        [
            one_line(row.name),
            "×".join(map(str, row.shape)) or "1",
            small_picture(row.weights),
            small_picture(row.gradient),
            "–" if np.isnan(row.ratio) else f"{row.ratio:.1e}",
            f"{row.weights.zeros:.0%}",
        ]
        for row in rows[:MOST_LINES]
    ]
    lines = [f"{one_line(title)}: {WORDS.say(lang, 'after', batches=batches)}"]
    lines += aligned([heads, *table]) if table else [WORDS.say(lang, "no_parameters")]
    if len(rows) > MOST_LINES:
        lines.append(WORDS.say(lang, "more", n=len(rows) - MOST_LINES))
    # Before the first batch nothing has a gradient, and that is as it should be.
    found = dict.fromkeys(filter(None, map(verdict, rows))) if batches else {}
    for key in found:
        names = [row.name for row in rows if verdict(row) == key]
        some = ", ".join(map(one_line, names[:5])) + (" …" if len(names) > 5 else "")
        lines.append(f"{some}: {WORDS.say(lang, key)}")
    return "\n".join(lines)


def small_picture(summary: Summary | None) -> str:
    """A histogram in ten block characters, between its ends."""
    if summary is None or np.isnan(summary.low):
        return "–"
    heights = summary.bins.reshape(10, -1).max(axis=1).astype(float)
    return f"{short(summary.low)} {sparkline(heights)} {short(summary.high)}"
