"""Reading a checkpoint: PyTorch's or our own, whole or damaged, friendly or not."""

from __future__ import annotations

import os
import re
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np

from pytorch_tutor.backends import cuda_available
from pytorch_tutor.device import device
from pytorch_tutor.errors import lesson
from pytorch_tutor.serialization.archive import ArchiveReader, DamagedError
from pytorch_tutor.serialization.globals import FUNCTIONS, VALUES, Policy, StorageType
from pytorch_tutor.serialization.legacy import load_legacy
from pytorch_tutor.serialization.safetensors import load_file
from pytorch_tutor.serialization.storages import Storage
from pytorch_tutor.serialization.unpickler import Unpickler, names_in

__all__ = ["get_unsafe_globals_in_checkpoint", "load"]

_UNSAFE = (
    "In PyTorch 2.6, we changed the default value of the `weights_only` argument in `torch.load` "
    "from `False` to `True`. Re-running `torch.load` with `weights_only` set to `False` will likely succeed, "
    "but it can result in arbitrary code execution. Do it only if you got the file from a "
    "trusted source."
)
_DOCS = (
    "\n\nCheck the documentation of torch.load to learn more about types accepted by default with "
    "weights_only https://pytorch.org/docs/stable/generated/torch.load.html."
)
_HERE = (
    "this library never runs code from a file: weights_only=False loads whole modules whose classes your program "
    "has already defined, and nothing else"
)


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Load what :func:`save`, or real PyTorch, has saved. No code from the file is ever run.

    Args:
        f: a path, or a file open for reading in binary mode.
        map_location: where the tensors go: a device, a dict ``{"cuda:0": "cpu"}``, or a function
            ``(storage, location) -> storage or None``; by default where they were.
        pickle_module: accepted as in PyTorch; this library always reads with its own unpickler.
        weights_only: True (the default): tensors, plain containers and numbers. False: modules as a whole, too, if
            your program has defined or imported their classes. PyTorch would run code that the file names; here
            such a file is refused.
        mmap: do not read the numbers, but map the file into memory: they are read when they are needed.

    Example::

        >>> import io
        >>> import pytorch_tutor as torch
        >>> model = torch.nn.Linear(2, 1)
        >>> file = io.BytesIO()
        >>> torch.save(model.state_dict(), file)
        >>> _ = file.seek(0)
        >>> model.load_state_dict(torch.load(file))
        <All keys matched successfully>

    Raises:
        FileNotFoundError: there is no such file.
        RuntimeError: the file is damaged or cut off, or was saved on a GPU that is not here.
        pickle.UnpicklingError: the file holds something that may not be loaded.
    """
    weights_only = True if weights_only is None else weights_only
    if weights_only and pickle_module is not None:
        raise lesson(
            RuntimeError("Can not safely load weights when explicit pickle_module is specified"),
            hint="leave pickle_module out",
        )
    is_path = isinstance(f, (str, os.PathLike))
    if is_path and os.fspath(f).endswith(".safetensors"):
        return load_file(f, "cpu" if map_location is None else map_location)
    if mmap and not is_path:
        raise lesson(ValueError("f must be a file path in order to use the mmap argument"), hint="a path")
    if is_path:
        with Path(f).open("rb") as file:
            return _load_open(file, Path(f), map_location, weights_only, bool(mmap))
    if not (hasattr(f, "read") and hasattr(f, "seek")):
        missing = "seek" if not hasattr(f, "seek") else "read"
        raise lesson(
            AttributeError(
                f"'{type(f).__name__}' object has no attribute '{missing}'. You can only torch.load from a file that "
                "is seekable. Please pre-load the data into a buffer like io.BytesIO and try to load from it instead."
            ),
            expected="a path or an open file",
            got=f"a {type(f).__name__}",
        )
    return _load_open(f, None, map_location, weights_only, False)


def _load_open(file: Any, path: Path | None, map_location: Any, weights_only: bool, mmap: bool) -> Any:
    start = file.tell()
    head = file.read(4)
    file.seek(start)
    name = "the file" if path is None else str(path)
    policy = Policy(weights_only)
    try:
        if head == b"PK\x03\x04":
            return _load_zip(file, policy, map_location, path if mmap else None)
        if not head:
            raise EOFError
        return load_legacy(file.read(), policy, lambda storage, place: _mapped(storage, place, map_location))
    except DamagedError as error:
        raise lesson(
            RuntimeError(str(error)), got=f"{name}, damaged or cut off", hint="download or save it again"
        ) from None
    except UnpicklingError as error:
        if "GLOBAL" not in str(error) and "allowlisted" not in str(error):
            raise _damaged(str(error), name, weights_only) from None
        raise lesson(UnpicklingError(_refusal(str(error), weights_only)), got=f"a name in {name}", hint=_HERE) from None
    except EOFError as error:
        raise lesson(
            EOFError(*error.args), got=f"{name}, which ends too early", hint="download or save it again"
        ) from None
    except _MisplacedError as error:
        raise error.inner from None
    except (OSError, MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged description can make the machine stumble anywhere
        raise _damaged(f"{type(error).__name__}: {error}", name, weights_only) from None


def _damaged(message: str, name: str, weights_only: bool) -> UnpicklingError:
    return lesson(
        UnpicklingError(_refusal(message, weights_only)),
        got=f"{name}, damaged or not a checkpoint",
        hint="download or save it again",
    )


class _MisplacedError(Exception):
    """Carries an error about devices past the handling of damaged files."""

    def __init__(self, inner: Exception) -> None:
        self.inner = inner


def _load_zip(file: Any, policy: Policy, map_location: Any, mapped_path: Path | None) -> Any:
    archive = ArchiveReader(file)
    swap = "byteorder" in archive and bytes(archive.read("byteorder")) == b"big"
    loaded: dict[str, Storage] = {}

    def storage(key: Any) -> Storage:
        _, kind, number, place, _count = key
        if not isinstance(kind, StorageType) or not isinstance(number, str) or not isinstance(place, str):
            raise UnpicklingError(f"Only persistent_load of storage is allowed, but got {type(kind)}")
        if number not in loaded:
            if mapped_path is None:
                data: Any = archive.read(f"data/{number}")
            else:
                start, size = archive.offset(f"data/{number}")
                # changes stay in memory and never reach the file
                data = np.memmap(mapped_path, np.uint8, "c", start, (size,)) if size else bytearray()
            loaded[number] = _mapped(Storage(data, kind.kind, "cpu", swap), place, map_location)
        return loaded[number]

    return Unpickler(bytes(archive.read("data.pkl")), policy, storage).load()


def _mapped(storage: Storage, place: str, map_location: Any) -> Storage:
    """Say where a storage goes."""
    wanted: Any = place
    if map_location is None:
        pass
    elif isinstance(map_location, dict):
        wanted = map_location.get(place, place)
    elif callable(map_location) and not isinstance(map_location, (str, device)):
        storage._placed(device("cpu"))
        answer = map_location(storage, place)
        if answer is not None:
            return storage
    else:
        wanted = map_location
    target = device(wanted)
    if target.type == "cuda" and not cuda_available():
        raise _MisplacedError(
            lesson(
                RuntimeError(
                    "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. "
                    "If you are running on a CPU-only machine, please use torch.load with "
                    "map_location=torch.device('cpu') to map your storages to the CPU."
                ),
                hint='torch.load(f, map_location="cpu")',
            )
        )
    return storage._placed(target)


def _refusal(message: str, weights_only: bool) -> str:
    """PyTorch's sentence around the reason."""
    if not weights_only:
        return message
    if re.search(r"GLOBAL (\S+) was not an allowed global by default.", message):
        return (
            "Weights only load failed. This file can still be loaded, to do so you have two options, "
            "\033[1mdo those steps only if you trust the source of the checkpoint\033[0m. "
            f"\n\t(1) {_UNSAFE}\n\t(2) Alternatively, to load with `weights_only=True` please check "
            "the recommended steps in the following error message.\n\tWeightsUnpickler error: " + message + _DOCS
        )
    text = f"Weights only load failed. {_UNSAFE}\n"
    if not re.search(r"whose module (\S+) is blocked", message):
        text += (
            "Please file an issue with the following so that we can make "
            "`weights_only=True` compatible with your use case: WeightsUnpickler error: "
        )
    return text + "\n\n" + message + _DOCS


def get_unsafe_globals_in_checkpoint(f: Any) -> list[str]:
    """The names in a checkpoint that :func:`load` would refuse; nothing is loaded to find out.

    Example::

        >>> import io
        >>> from fractions import Fraction
        >>> import pytorch_tutor as torch
        >>> file = io.BytesIO()
        >>> torch.save(Fraction(1, 3), file)
        >>> _ = file.seek(0)
        >>> torch.serialization.get_unsafe_globals_in_checkpoint(file)
        ['fractions.Fraction']
    """
    if isinstance(f, (str, os.PathLike)):
        with Path(f).open("rb") as file:
            return get_unsafe_globals_in_checkpoint(file)
    if f.read(4) != b"PK\x03\x04":
        raise lesson(ValueError("Expected input to be a checkpoint returned by torch.save"), hint="a .pt file")
    f.seek(0)
    try:
        names = names_in(bytes(ArchiveReader(f).read("data.pkl")))
    except DamagedError as error:
        raise lesson(RuntimeError(str(error)), hint="download or save it again") from None
    known = {*FUNCTIONS, *VALUES, *Policy.marked()}
    return list(dict.fromkeys(path for path in (f"{m}.{n}" for m, n in names) if path not in known))
