"""Is this file, byte for byte, the published one? Its MD5 sum tells."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def calculate_md5(fpath: str | os.PathLike[str], chunk_size: int = 1024 * 1024) -> str:
    """Returns the MD5 sum of a file in hexadecimal digits.

    MD5 finds damage, not an attacker: files are read safely whatever their sum is.
    """
    md5 = hashlib.md5(usedforsecurity=False)
    with Path(fpath).open("rb") as file:
        while chunk := file.read(chunk_size):
            md5.update(chunk)
    return md5.hexdigest()


def check_integrity(fpath: str | os.PathLike[str], md5: str | None = None) -> bool:
    """Tells whether ``fpath`` is a file and, where ``md5`` is given, whether its sum is that one."""
    if not Path(fpath).is_file():
        return False
    return md5 is None or calculate_md5(fpath) == md5
