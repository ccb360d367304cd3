"""Where data files are kept when nobody says otherwise: one folder per user, shared by all lessons."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def default_root() -> Path:
    """Returns the folder for data files.

    It is ``$PYTORCH_TUTOR_DATA`` where that is set, else the user's cache folder: ``~/.cache/pytorch-tutor/data`` on
    Linux (or below ``$XDG_CACHE_HOME``), ``~/Library/Caches/pytorch-tutor/data`` on macOS,
    ``%LOCALAPPDATA%\\pytorch-tutor\\data`` on Windows. Nothing is created here.

    >>> import os
    >>> os.environ["PYTORCH_TUTOR_DATA"] = "pictures"
    >>> default_root().as_posix()
    'pictures'
    >>> del os.environ["PYTORCH_TUTOR_DATA"]
    """
    chosen = os.environ.get("PYTORCH_TUTOR_DATA")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        cache = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        cache = "~/Library/Caches"
    else:
        cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "pytorch-tutor" / "data"


def downloads_allowed() -> bool:
    """Tells whether data may be fetched unasked: not where ``PYTORCH_TUTOR_OFFLINE`` is set (to anything but 0)."""
    return os.environ.get("PYTORCH_TUTOR_OFFLINE", "0") in ("", "0")
