"""``torch.jit.load``: reads what ``save`` of this library wrote, and says why it cannot read PyTorch's own files."""

from __future__ import annotations

import os
import zipfile
from typing import Any

from ..errors import lesson
from ..serialization import load as read
from .scripts import KNOWN, MARK, RecursiveScriptModule, ScriptFunction, TopLevelTracedModule, save


def load(f: Any, map_location: Any = None, _extra_files: Any = None, _restore_shapes: bool = False) -> Any:
    """The module or function that ``torch.jit.save`` wrote; the program must have its class, or have scripted it, already.

    The file is read as by :func:`torch.load` with ``weights_only=False``: nothing is imported, no code in it runs.

    Raises:
        RuntimeError: a file of real PyTorch's TorchScript, which holds code in another language; or a function that
            this program has not scripted.
        ValueError: there is no such file.
    """
    if isinstance(f, (str, os.PathLike)) and not os.path.exists(f):  # noqa: PTH110 - f may be any path-like
        raise ValueError(f"The provided filename {os.fspath(f)} does not exist")
    if _is_torchscript(f):
        raise lesson(
            RuntimeError("this file holds TorchScript, which this library cannot run"),
            expected="a file written by torch.jit.save of this library",
            got="a file of PyTorch's own torch.jit.save",
            hint="in PyTorch: torch.save(torch.jit.load(f).state_dict(), path); here: model.load_state_dict(...)",
        )
    content = read(f, map_location=map_location, weights_only=False)
    if not isinstance(content, dict) or MARK not in content:
        raise lesson(
            RuntimeError("PytorchStreamReader failed locating file constants.pkl: file not found"),
            got="a checkpoint of torch.save",
            hint="torch.load(f)",
        )
    if content[MARK] == "ScriptFunction":
        name = content["name"]
        if name not in KNOWN:
            raise lesson(
                RuntimeError(f"this file holds the name of a function, '{name}', and no code"),
                expected="a program that has scripted or traced this function",
                got="no such function so far",
                hint=f"torch.jit.script({name.rpartition('.')[2]})  before torch.jit.load(...)",
            )
        return ScriptFunction(KNOWN[name])
    kinds: dict[str, Any] = {
        "RecursiveScriptModule": RecursiveScriptModule,
        "TopLevelTracedModule": TopLevelTracedModule,
    }
    return kinds[content[MARK]](content["original"])


def _is_torchscript(f: Any) -> bool:
    start = None if isinstance(f, (str, os.PathLike)) else f.tell()
    try:
        with zipfile.ZipFile(f) as archive:
            return any(name.endswith("constants.pkl") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False
    finally:
        if start is not None:
            f.seek(start)


__all__ = ["load", "save"]
