"""Pictures for the lessons: a grid of small images with captions, and a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

CELL, GAP, LINE = 70, 8, 16
# Colours that can be read on a light page and on a dark one: the sheets themselves are transparent.
INK, RIGHT, WRONG, CLEAR = (118, 118, 118, 255), (46, 134, 92, 255), (214, 69, 61, 255), (0, 0, 0, 0)


def _pillow() -> Any:
    from PIL import Image, ImageDraw, ImageFont

    return Image, ImageDraw, ImageFont


def picture_grid(pictures: Any, captions: Sequence[str], wrong: Sequence[bool] | None = None, columns: int = 10) -> Any:
    """A sheet of pictures (n, height, width, 3), each with its caption below; wrong answers in red with a cross.

    >>> import numpy
    >>> picture_grid(numpy.zeros((2, 32, 32, 3), dtype="uint8"), ["cat", "dog"]).size
    (788, 110)
    """
    image, draw_module, font_module = _pillow()
    font = font_module.load_default(11)
    rows = -(-len(captions) // columns)
    width, height = columns * (CELL + GAP) + GAP, rows * (CELL + LINE + 2 * GAP) + GAP
    sheet = image.new("RGBA", (width, height), CLEAR)
    pen = draw_module.Draw(sheet)
    for k, caption in enumerate(captions):
        left = GAP + (k % columns) * (CELL + GAP)
        top = GAP + (k // columns) * (CELL + LINE + 2 * GAP)
        sheet.paste(
            image.fromarray(np.asarray(pictures[k])).resize((CELL, CELL), image.Resampling.NEAREST), (left, top)
        )
        bad = wrong is not None and bool(wrong[k])
        colour = INK if wrong is None else WRONG if bad else RIGHT
        pen.text((left, top + CELL + 2), f"x {caption}" if bad else caption, fill=colour, font=font)
    return sheet


def confusion_picture(counts: Any, names: Sequence[str]) -> Any:
    """A confusion matrix as a picture: rows are what it is, columns what the network says; darker is more.

    >>> confusion_picture([[3, 1], [0, 4]], ["cat", "dog"]).mode
    'RGBA'
    """
    image, draw_module, font_module = _pillow()
    font = font_module.load_default(11)
    table = np.asarray(counts.tolist() if hasattr(counts, "tolist") else counts)
    n, cell, side = len(names), 46, 84
    sheet = image.new("RGBA", (side + n * cell + GAP, side + n * cell + GAP), CLEAR)
    pen = draw_module.Draw(sheet)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    for i in range(n):
        pen.text((4, side + i * cell + cell // 2 - 6), names[i], fill=INK, font=font)
        label = image.new("RGBA", (side - 8, LINE), CLEAR)
        draw_module.Draw(label).text((0, 0), names[i], fill=INK, font=font)
        sheet.paste(label.rotate(90, expand=True), (side + i * cell + cell // 2 - 7, 4))
        for j in range(n):
            depth = float(share[i, j]) ** 0.6
            base = (33, 102, 172) if i == j else (178, 24, 43)
            colour = tuple(int(255 - (255 - c) * depth) for c in base)
            box = (side + j * cell, side + i * cell, side + (j + 1) * cell - 2, side + (i + 1) * cell - 2)
            pen.rectangle(box, fill=colour, outline=(220, 220, 220))
            text = str(int(table[i, j]))
            ink = (255, 255, 255) if depth > 0.55 else (60, 60, 60)
            pen.text((box[0] + (cell - 6 * len(text)) // 2, box[1] + cell // 2 - 7), text, fill=ink, font=font)
    return sheet
