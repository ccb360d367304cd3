"""The zip file around a checkpoint: plain members, each starting at a multiple of 64 bytes."""

from __future__ import annotations

import struct
import zipfile
from typing import Any

__all__ = ["ALIGNMENT", "ArchiveReader", "ArchiveWriter", "DamagedError"]

ALIGNMENT = 64  # so that a file mapped into memory can be used as it lies
_LOCAL_HEADER = 30  # bytes before the name of a member
_OLDEST = (1980, 1, 1, 0, 0, 0)  # no dates: the same object always makes the same file


class DamagedError(RuntimeError):
    """The archive cannot be read; its text says why. Becomes a RuntimeError with advice."""


class ArchiveWriter:
    """Writes members one after another into an open file.

    Args:
        file: open for writing.
        name: the folder that all members are in; PyTorch takes the file's name.
    """

    def __init__(self, file: Any, name: str) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._name = name

    def write(self, member: str, data: Any) -> None:
        """Write one member, padded so that its data begin at a multiple of 64."""
        info = zipfile.ZipInfo(f"{self._name}/{member}", _OLDEST)
        start = self._zip.start_dir + _LOCAL_HEADER + len(info.filename.encode())
        # the padding is an extra field "FB", with its own header of 4 bytes
        padding = -(start + 4) % ALIGNMENT
        info.extra = struct.pack("<2sH", b"FB", padding) + b"Z" * padding
        self._zip.writestr(info, data)

    def close(self) -> None:
        """Write the list of members at the end."""
        self._zip.close()

    def abandon(self) -> None:
        """Write nothing more, not even when this object is cleared away."""
        self._zip.fp = None


class ArchiveReader:
    """Reads members; a check sum that does not fit is an error, so damaged numbers never pass for weights."""

    def __init__(self, file: Any) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, IndexError, NotImplementedError) as error:
            raise DamagedError(
                "PytorchStreamReader failed reading zip archive: failed finding central directory. "
                "This is an internal miniz error. If you are seeing this error, there is a high likelihood that your "
                "checkpoint file is corrupted. This can happen if the checkpoint was not saved properly, was "
                "transferred incorrectly, or the file was modified after saving."
            ) from error
        names = self._zip.namelist()
        if not names:
            raise DamagedError("PytorchStreamReader failed reading zip archive: archive does not contain any files")
        self._name = names[0].partition("/")[0]
        self._members = set(names)

    def __contains__(self, member: str) -> bool:
        return f"{self._name}/{member}" in self._members

    def read(self, member: str) -> bytearray:
        """The bytes of a member, writable."""
        try:
            info = self._zip.getinfo(f"{self._name}/{member}")
        except KeyError:
            raise DamagedError(f"PytorchStreamReader failed locating file {member}: file not found") from None
        try:
            with self._zip.open(info) as stream:
                data = bytearray(stream.read())
        except Exception as error:  # zipfile raises many kinds for broken members; all mean the same here
            raise DamagedError(f"PytorchStreamReader failed reading file {member}: file read failed") from error
        if len(data) != info.file_size:
            raise DamagedError(f"PytorchStreamReader failed reading file {member}: file read failed")
        return data

    def offset(self, member: str) -> tuple[int, int]:
        """Where in the file a member's data begin, and how long they are (for mapping the file into memory)."""
        info = self._zip.getinfo(f"{self._name}/{member}")
        stream: Any = self._zip.fp
        stream.seek(info.header_offset)
        header = stream.read(_LOCAL_HEADER)
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        return info.header_offset + _LOCAL_HEADER + name_length + extra_length, info.file_size
