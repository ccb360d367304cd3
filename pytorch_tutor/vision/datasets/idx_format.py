"""The files of MNIST (IDX): four bytes that name dtype and dimensions, the sizes, then the bare numbers."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path

import numpy as np

from .damage import DamagedFileError

_DTYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_LIMIT = 1 << 30  # bytes; MNIST's largest file has 47 MB


def read_idx(path: str | os.PathLike[str]) -> np.ndarray:
    """Returns the array stored in an IDX file; a name ending in ``.gz`` is unpacked on the way.

    The header states the size, and exactly that many bytes must follow: a short or a long file is refused.

    Raises:
        DamagedFileError: not an IDX file, truncated, too long, or a broken compression.
    """
    opener = gzip.open if os.fspath(path).endswith(".gz") else open
    try:
        with opener(path, "rb") as file:
            magic = file.read(4)
            if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _DTYPES or not 1 <= magic[3] <= 4:
                raise DamagedFileError(path, "is not an IDX file (its first four bytes are wrong)")
            header = file.read(4 * magic[3])
            if len(header) < 4 * magic[3]:
                raise DamagedFileError(path, "ends inside its header")
            shape = tuple(int(size) for size in np.frombuffer(header, ">u4"))
            dtype = np.dtype(_DTYPES[magic[2]])
            expected = math.prod(shape) * dtype.itemsize
            if expected > _LIMIT:
                raise DamagedFileError(path, f"claims {expected:,} bytes, more than any such data set has")
            body = file.read(expected + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as why:
        raise DamagedFileError(path, f"its compression is damaged or cut off ({why})") from None
    if len(body) != expected:
        says = f"{len(body):,} bytes" if len(body) < expected else "more"
        raise DamagedFileError(path, f"shape {shape} needs {expected:,} bytes of data, the file has {says}")
    return np.frombuffer(bytearray(body), dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def write_idx(path: str | os.PathLike[str], array: np.ndarray) -> None:
    """Writes an array of unsigned bytes as an IDX file (compressed where the name ends in ``.gz``)."""
    if array.dtype != np.uint8:
        raise ValueError(f"expected an array of uint8, got {array.dtype}")
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    data = header + np.ascontiguousarray(array).tobytes()
    # mtime=0: the same array gives the same file
    Path(path).write_bytes(gzip.compress(data, mtime=0) if os.fspath(path).endswith(".gz") else data)
