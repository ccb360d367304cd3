"""Writing a checkpoint, so that a full disk or a power cut never costs the old one."""

from __future__ import annotations

import io
import os
import pickle
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.serialization.archive import ArchiveWriter
from pytorch_tutor.serialization.pickler import Pickler
from pytorch_tutor.serialization.storages import StorageTable

__all__ = ["replaced_at_once", "save"]


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = None,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Save an object to a file that :func:`load`, and real PyTorch, can read.

    A file is written under another name first and takes its place when it is complete: if the disk is full or the
    program is interrupted, the old file is still there, whole.

    Args:
        obj: usually a ``state_dict``, or a dict of them with further numbers.
        f: a path, or a file open for writing in binary mode.
        pickle_module: accepted as in PyTorch; this library always writes with its own pickler.
        pickle_protocol: 2.

    Example::

        >>> import io
        >>> import pytorch_tutor as torch
        >>> file = io.BytesIO()
        >>> torch.save({"weight": torch.tensor([1.0, 2.0]), "epoch": 3}, file)
        >>> _ = file.seek(0)
        >>> torch.load(file)
        {'weight': tensor([1., 2.]), 'epoch': 3}

    Raises:
        RuntimeError: the folder does not exist, or two tensors show the same memory as different types.
        OSError: the file cannot be written; the old one is as it was.
    """
    if isinstance(f, (str, os.PathLike)):
        path = Path(os.fspath(f))
        if not path.parent.is_dir():
            raise lesson(
                RuntimeError(f"Parent directory {path.parent} does not exist."),
                hint=f"os.makedirs({str(path.parent)!r}, exist_ok=True)",
            )
        with replaced_at_once(path) as file:
            _write(obj, file, path.stem, pickle_protocol)
    elif hasattr(f, "write"):
        _write_to(f, lambda file: _write(obj, file, "archive", pickle_protocol))
    else:
        raise lesson(
            AttributeError("expected 'f' to be string, path, or a file-like object with a 'write' attribute"),
            got=f"a {type(f).__name__}",
            hint='torch.save(obj, "model.pt"): the object first, then the file',
        )


def _write(obj: Any, file: Any, name: str, protocol: int) -> None:
    storages = StorageTable()
    description = io.BytesIO()
    try:
        Pickler(description, storages, protocol).dump(obj)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise lesson(
            error,
            expected="tensors, numbers, texts, containers, and objects of classes that are defined in a module",
            hint="save model.state_dict() instead of the model",
        ) from None
    archive = ArchiveWriter(file, name)
    try:
        archive.write("data.pkl", description.getvalue())
        archive.write(".format_version", b"1")
        archive.write(".storage_alignment", b"64")
        archive.write("byteorder", b"little")
        for number in range(len(storages.roots)):
            archive.write(f"data/{number}", storages.data(number))
        archive.write("version", b"3\n")
        archive.close()
    except BaseException:
        archive.abandon()
        raise


def _write_to(stream: Any, write: Callable[[Any], None]) -> None:
    """Write to an open file; one that cannot tell its position (a pipe, say) gets everything at once."""
    if hasattr(stream, "seekable") and stream.seekable():
        write(stream)
        return
    buffer = io.BytesIO()
    write(buffer)
    stream.write(buffer.getvalue())


@contextmanager
def replaced_at_once(path: Path) -> Iterator[Any]:
    """A file to write to, which takes the place of ``path`` at the end of the block, and only if all went well."""
    target = Path(os.path.realpath(path))  # a link stays a link
    if target.is_dir():
        raise lesson(IsADirectoryError(21, "Is a directory", str(path)), hint=f"{str(path / 'model.pt')!r}")
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):  # a device or a pipe cannot be replaced
        buffer = io.BytesIO()
        yield buffer
        try:
            with target.open("wb") as file:
                file.write(buffer.getvalue())
        except OSError as error:
            raise _unwritable(error, path) from None
        return
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except OSError as error:
        raise _unwritable(error, path) from None
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # the numbers are on the disk before the name points to them
        Path(name).chmod(_mode_for(target))
        Path(name).replace(target)
    except OSError as error:
        raise _unwritable(error, path) from None
    finally:
        Path(name).unlink(missing_ok=True)


def _mode_for(target: Path) -> int:
    """The permissions of the old file, or those that a new one gets here."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(error: OSError, path: Path) -> OSError:
    state = "the old file is unchanged" if path.exists() else "no file was left behind"
    return lesson(error, got=f"while saving {path}; {state}", hint="free some space, or save to another folder")
