"""The messages of an event file: scalars, histograms, pictures, texts; and the file itself."""

from __future__ import annotations

import io
import os
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pytorch_tutor.errors import lesson

from .wire import block, double, doubles, integer, record, single


def plugin(name: str, content: bytes = b"") -> bytes:
    """Which of TensorBoard's tabs shows a value."""
    return block(9, block(1, block(1, name) + (block(2, content) if content else b"")))


def scalar(tag: str, value: float, new_style: bool = False) -> bytes:
    """A summary of one number."""
    if new_style:
        tensor = integer(1, 1) + block(2, b"") + block(5, np.float32(value).tobytes())
        return block(1, block(1, tag) + block(8, tensor) + plugin("scalars"))
    return block(1, block(1, tag) + single(2, value))


def text(tag: str, value: str) -> bytes:
    """A summary of a text."""
    tensor = integer(1, 7) + block(2, block(2, integer(1, 1))) + block(8, value)
    return block(1, block(1, tag + "/text_summary") + plugin("text") + block(8, tensor))


def pr_curve(tag: str, table: np.ndarray, thresholds: int) -> bytes:
    """A summary of a curve of precision and recall: six rows, of a number for each threshold."""
    shape = b"".join(block(2, integer(1, size)) for size in table.shape)
    tensor = integer(1, 1) + block(2, shape) + block(5, table.astype("<f4").tobytes())
    return block(1, block(1, tag) + block(8, tensor) + plugin("pr_curves", integer(2, thresholds)))


def layout(categories: Any) -> bytes:
    """A summary of which scalars are drawn together: {category: {chart: [kind, tags]}}, kind Multiline or Margin."""
    found = b""
    for title, charts in categories.items():
        category = block(1, title)
        for name, (kind, tags) in charts.items():
            if kind == "Margin":
                value, lower, upper = tags
                lines = block(3, block(1, block(1, value) + block(2, lower) + block(3, upper)))
            else:
                lines = block(2, b"".join(block(1, tag) for tag in tags))
            category += block(2, block(1, name) + lines)
        found += block(2, category)
    tensor = integer(1, 7) + block(2, b"") + block(8, found)
    return block(1, block(1, "custom_scalars__config__") + block(8, tensor) + plugin("custom_scalars"))


def histogram(tag: str, values: np.ndarray, edges: Any) -> bytes:
    """A summary of many numbers: how many lie in each bin; empty bins at both ends are left out."""
    counts, limits = np.histogram(values, bins=edges)
    filled = np.flatnonzero(counts)
    if not filled.size:
        raise ValueError("The histogram is empty, please file a bug report.")
    first, last = filled[0], filled[-1] + 1
    counts, limits = counts[max(first - 1, 0) : last], limits[max(first - 1, 0) : last + 1]
    if first == 0:  # a bin that nothing is in, so that the first limit is not lost
        counts, limits = np.concatenate([[0], counts]), limits
    else:
        limits = limits[1:]
    values = values.astype(np.float64)
    message = (
        double(1, float(values.min()))
        + double(2, float(values.max()))
        + double(3, float(values.size))
        + double(4, float(values.sum()))
        + double(5, float((values**2).sum()))
        + doubles(6, limits.tolist())
        + doubles(7, counts.tolist())
    )
    return block(1, block(1, tag) + block(5, message))


def image(tag: str, pixels: np.ndarray) -> bytes:
    """A summary of a picture (H, W, C) of bytes.

    Raises:
        ImportError: Pillow, which encodes it, is not installed.
    """
    try:
        from PIL import Image
    except ImportError:
        raise lesson(
            ImportError("Pillow is needed to write pictures, and it is not installed"), hint="pip install pillow"
        ) from None
    height, width, colours = pixels.shape
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if colours == 1 else pixels).save(file, format="PNG")
    return block(
        1,
        block(1, tag)
        + block(4, integer(1, height) + integer(2, width) + integer(3, colours) + block(4, file.getvalue())),
    )


def graph(nodes: Sequence[tuple[str, str, list[str], tuple[int, ...]]]) -> bytes:
    """A GraphDef: (name, operation, names of inputs, shape of the result) of each node."""
    out = b""
    for name, op, inputs, shape in nodes:
        sizes = b"".join(block(2, integer(1, size)) for size in shape)
        attribute = block(5, block(1, "_output_shapes") + block(2, block(1, block(7, sizes))))
        out += block(1, block(1, name) + block(2, op) + b"".join(block(3, i) for i in inputs) + attribute)
    return out + block(4, integer(1, 22))


class EventFile:
    """A file of events, named as TensorBoard expects; each event is on the disk when ``flush`` returns."""

    count = 0

    def __init__(self, folder: str, suffix: str = "") -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        EventFile.count += 1
        name = (
            f"events.out.tfevents.{int(time.time())}.{socket.gethostname()}.{os.getpid()}.{EventFile.count - 1}{suffix}"
        )
        self.path = Path(folder) / name
        self._file = self.path.open("wb")
        self._write(double(1, time.time()) + block(3, "brain.Event:2"))
        self.flush()

    def _write(self, event: bytes) -> None:
        self._file.write(record(event))

    def add(self, summary: bytes, step: int | None, walltime: float | None, field: int = 5) -> None:
        """Writes a summary (or, with field 4, a graph) that belongs to a step."""
        event = double(1, time.time() if walltime is None else walltime)
        if step is not None:
            event += integer(2, int(step))
        self._write(event + block(field, summary))

    def flush(self) -> None:
        """Hands everything to the system."""
        if not self._file.closed:
            self._file.flush()

    def close(self) -> None:
        """Ends the file."""
        self._file.close()
