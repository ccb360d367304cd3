"""Unpacks an archive into one folder, and never beside it.

An archive is a list of names and contents, and the names are whatever its author wrote: ``../../.bashrc``, ``/etc/x``,
a link that leads out of the folder, a device. Here every name is checked first, only plain files and folders are
unpacked, and the total size is limited. An archive that breaks a rule is refused as a whole: nothing of it is written.
"""

from __future__ import annotations

import gzip
import lzma
import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from .damage import DamagedFileError

_LIMIT = 4 << 30  # bytes, unpacked
_MEMBERS = 1_000_000


def extract_archive(
    from_path: str | os.PathLike[str], to_path: str | os.PathLike[str] | None = None, max_bytes: int = _LIMIT
) -> str:
    """Unpacks a ``.tar`` (also ``.gz``, ``.bz2``, ``.xz``), ``.zip`` or ``.gz`` file; returns where it was put.

    Args:
        from_path: the archive.
        to_path: the folder to unpack into (for a lone ``.gz``, the file's folder); by default the archive's own.
        max_bytes: the most that may come out.

    Raises:
        DamagedFileError: the archive is damaged, too large, or wants to write outside of the folder.
    """
    archive = Path(from_path)
    folder = Path(to_path) if to_path is not None else archive.parent
    if archive.stat().st_size == 0:
        raise DamagedFileError(archive, "is empty")
    folder.mkdir(parents=True, exist_ok=True)
    # Unpacked beside the target first, so that an archive that breaks off leaves nothing half done.
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=folder) as scratch, _named(archive):
        kind = _kind(archive)
        if kind == "tar":
            _unpack_tar(archive, Path(scratch), max_bytes)
        elif kind == "zip":
            _unpack_zip(archive, Path(scratch), max_bytes)
        elif kind == "gz":
            with gzip.open(archive, "rb") as source:
                _copy(source, Path(scratch) / archive.stem, max_bytes, archive)
        else:
            raise DamagedFileError(archive, "is neither a tar, nor a zip, nor a gz file (or is cut off)")
        _move(Path(scratch), folder)
    return str(folder)


def _kind(archive: Path) -> str | None:
    """By the name first: any compressed file of zeros also looks like an empty tar."""
    name = archive.name.lower()
    if name.endswith((".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")):
        return "tar"
    if name.endswith((".zip", ".gz")):
        return name.rpartition(".")[2]
    return "tar" if tarfile.is_tarfile(archive) else "zip" if zipfile.is_zipfile(archive) else None


def safe_name(name: str, archive: str | os.PathLike[str]) -> PurePosixPath:
    """Returns the member's name as a relative path inside the folder, or refuses the archive.

    >>> str(safe_name("./cifar-10-batches-py/data_batch_1", "cifar.tar"))
    'cifar-10-batches-py/data_batch_1'
    """
    path = PurePosixPath(name)
    # Backslashes and drive letters mean something on Windows; the official archives have neither.
    bad = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
    if bad or not path.parts:
        raise DamagedFileError(archive, f"refused, because it wants to write to {name!r}", "do not use this archive")
    return path


def _unpack_tar(archive: Path, folder: Path, max_bytes: int) -> None:
    with tarfile.open(archive, "r:*") as tar:
        wanted, total = [], 0
        for count, member in enumerate(tar):
            if member.isdir() and member.name in (".", "./"):
                continue
            if not (member.isfile() or member.isdir()) or member.issparse():
                what = f"refused, because {member.name!r} in it is a link or a device, not a plain file"
                raise DamagedFileError(archive, what, "do not use this archive")
            total += member.size
            _check_size(archive, total, count, max_bytes)
            wanted.append((member, safe_name(member.name, archive)))
        for member, name in wanted:
            if member.isdir():
                (folder / name).mkdir(parents=True, exist_ok=True)
                continue
            source = tar.extractfile(member)
            if source is not None:
                _copy(source, folder / name, member.size, archive, exactly=True)
        _read_to_the_end(tar, archive, max_bytes)


def _read_to_the_end(tar: tarfile.TarFile, archive: Path, max_bytes: int) -> None:
    """The checksum of the compression stands behind the last byte: only who reads on has it compared."""
    rest = 0
    while tar.fileobj is not None and (chunk := tar.fileobj.read(1 << 20)):
        rest += len(chunk)
        _check_size(archive, rest, 0, max_bytes)


def _unpack_zip(archive: Path, folder: Path, max_bytes: int) -> None:
    with zipfile.ZipFile(archive) as packed:
        members = packed.infolist()
        _check_size(archive, sum(member.file_size for member in members), len(members), max_bytes)
        names = [safe_name(member.filename, archive) for member in members]
        for member, name in zip(members, names, strict=True):
            if member.is_dir():
                (folder / name).mkdir(parents=True, exist_ok=True)
            else:  # a zip's link comes out as a plain file that holds the link's text
                with packed.open(member) as source:
                    _copy(source, folder / name, member.file_size, archive, exactly=True)


def _check_size(archive: Path, total: int, members: int, max_bytes: int) -> None:
    if total > max_bytes or members > _MEMBERS:
        raise DamagedFileError(archive, f"refused: more than {max_bytes:,} bytes or {_MEMBERS:,} files would come out")


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, size: int, archive: Path, exactly: bool = False) -> None:
    """Writes at most ``size`` bytes: what is announced is checked, not believed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with target.open("wb") as file:
        while chunk := source.read(1 << 20):
            written += len(chunk)
            if written > size:
                raise DamagedFileError(archive, f"refused, because {target.name!r} in it is larger than {size:,} bytes")
            file.write(chunk)
    if exactly and written < size:
        raise DamagedFileError(archive, f"is cut off inside {target.name!r}")


def _move(scratch: Path, folder: Path) -> None:
    """Puts the unpacked files in their place, each by one rename."""
    for path in sorted(scratch.rglob("*")):
        target = folder / path.relative_to(scratch)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            path.replace(target)


@contextmanager
def _named(archive: Path) -> Iterator[None]:
    """Whatever the unpackers raise about damage becomes an error that names the archive."""
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as why:
        raise DamagedFileError(archive, f"is damaged or cut off ({why})") from None
    except (NotImplementedError, RuntimeError) as why:  # zip: unknown compression, or encrypted
        if isinstance(why, DamagedFileError):
            raise
        raise DamagedFileError(archive, f"cannot be unpacked ({why})") from None
