"""What is said when a data file is missing, damaged, truncated or not what it claims to be."""

from __future__ import annotations

import os

from ...errors import lesson


class DamagedFileError(RuntimeError):
    """A data file cannot be trusted; the message names the file and what is wrong with it, the notes what to do.

    It is a ``RuntimeError``, as torchvision raises for such files.

    >>> raise DamagedFileError("train-images", "ends after 7 of 16 bytes")
    Traceback (most recent call last):
    pytorch_tutor.vision.datasets.damage.DamagedFileError: train-images: ends after 7 of 16 bytes
      try       delete this file and get it again with download=True
    """

    def __init__(self, path: str | os.PathLike[str], what: str, hint: str | None = None) -> None:
        super().__init__(f"{os.fspath(path)}: {what}")
        self.path = os.fspath(path)
        self.what = what
        lesson(self, hint=hint or "delete this file and get it again with download=True")

    def __reduce__(self) -> tuple[type[DamagedFileError], tuple[str, str]]:
        """The error crosses from a DataLoader's worker process: rebuild it from its own two arguments."""
        return type(self), (self.path, self.what)
