"""The files of CIFAR-10 and CIFAR-100: a batch is a pickled table of pictures (one row of 3072 bytes each) and labels.

A row holds 1024 red, then 1024 green, then 1024 blue values, each plane row by row. The official files were pickled by
Python 2; :func:`write_batch` writes the same instructions, so that every reader of the official files reads ours.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from . import plain_pickle
from .damage import DamagedFileError

ROW = 3 * 32 * 32


def read_batch(path: str | os.PathLike[str], classes: int) -> tuple[np.ndarray, list[int]]:
    """Returns the pictures (N, 3072, uint8) and the labels of one batch, or raises; never a part of them.

    Raises:
        DamagedFileError: the file is truncated, unsafe, or its pictures and labels do not fit together.
    """
    table = plain_pickle.load(path)
    data = table.get("data")
    labels = table.get("labels", table.get("fine_labels"))
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.ndim != 2 or data.shape[1] != ROW:
        raise DamagedFileError(path, f"its pictures are not rows of {ROW} bytes")
    if not isinstance(labels, list) or len(labels) != len(data):
        raise DamagedFileError(path, f"{len(data)} pictures, but {len(labels or ())} labels")
    for label in labels:
        if type(label) is not int or not 0 <= label < classes:
            shown = label if type(label) is int else f"a {type(label).__name__}"
            raise DamagedFileError(path, f"a label is {shown}, where 0 to {classes - 1} is expected")
    return data, labels


def read_meta(path: str | os.PathLike[str], key: str) -> tuple[list[str], dict[str, Any]]:
    """Returns the class names stored under ``key`` and the whole table of the ``meta`` file."""
    table = plain_pickle.load(path)
    names = table.get(key)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise DamagedFileError(path, f"it has no list of class names under {key!r}")
    return names, table


def write_batch(path: str | os.PathLike[str], data: np.ndarray, labels: Sequence[int], title: str) -> None:
    """Writes pictures (N, 3072, uint8) and labels as one batch, byte for byte in the form Python 2 gave them."""
    if data.ndim != 2 or data.shape[1] != ROW or data.dtype != np.uint8 or len(labels) != len(data):
        raise ValueError(f"expected uint8 pictures (N, {ROW}) and N labels, got {data.shape} and {len(labels)}")
    names = (_text(f"{title}_{number:05d}.png") for number in range(len(labels)))
    entries = {
        "batch_label": _text(title),
        "labels": _list(map(_int, labels)),
        "data": _array(data),
        "filenames": _list(names),
    }
    _write(path, entries)


def write_meta(path: str | os.PathLike[str], label_names: Sequence[str], per_batch: int, made_by: str) -> None:
    """Writes ``batches.meta``; the entry ``made_by`` marks files that are not the official ones."""
    entries = {
        "num_cases_per_batch": _int(per_batch),
        "label_names": _list(map(_text, label_names)),
        "num_vis": _int(ROW),
        "made_by": _text(made_by),
    }
    _write(path, entries)


# The instructions of pickle's protocol 2: one letter, then its operand.


def _write(path: str | os.PathLike[str], entries: dict[str, bytes]) -> None:
    body = b"".join(_text(key) + value for key, value in entries.items())
    Path(path).write_bytes(b"\x80\x02}(" + body + b"u.")


def _text(text: str | bytes) -> bytes:
    raw = text.encode("latin-1") if isinstance(text, str) else text
    return b"U" + bytes([len(raw)]) + raw if len(raw) < 256 else b"T" + struct.pack("<i", len(raw)) + raw


def _int(number: int) -> bytes:
    number = int(number)
    return b"K" + bytes([number]) if 0 <= number < 256 else b"J" + struct.pack("<i", number)


def _list(items: Iterable[bytes]) -> bytes:
    return b"](" + b"".join(items) + b"e"


def _array(array: np.ndarray) -> bytes:
    make = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    shape = b"(K\x01" + _int(array.shape[0]) + _int(array.shape[1]) + b"\x86"
    dtype = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    return make + shape + dtype + b"\x89" + _text(np.ascontiguousarray(array).tobytes()) + b"tb"
