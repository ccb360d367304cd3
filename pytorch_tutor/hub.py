"""``torch.hub``: files of weights by their address. Whole models from GitHub are not fetched: they import real PyTorch."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import urllib.request
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn
from urllib.parse import urlsplit

from .errors import lesson
from .serialization import load as _load_file

_HASH = re.compile(r"-([a-f0-9]*)\.")
_chosen: str | None = None


def get_dir() -> str:
    """The folder for downloads: ``set_dir``'s, or ``$TORCH_HOME/hub``, or ``~/.cache/torch/hub``."""
    if _chosen is not None:
        return _chosen
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return str(Path(os.environ.get("TORCH_HOME", f"{cache}/torch")).expanduser() / "hub")


def set_dir(d: str | os.PathLike[str]) -> None:
    """Sets the folder for downloads."""
    global _chosen
    _chosen = str(Path(d).expanduser())


def download_url_to_file(url: str, dst: str, hash_prefix: str | None = None, progress: bool = True) -> None:
    """Fetches a file; it is in its place only when it is complete and its SHA-256 begins with ``hash_prefix``.

    Raises:
        RuntimeError: another hash.
        OSError: no network, or the server does not answer.
    """
    if urlsplit(url).scheme not in ("http", "https", "file"):
        raise ValueError(f"only http, https and file addresses are fetched, not {url!r}")
    target = Path(dst).expanduser()
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".partial", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, urllib.request.urlopen(url) as answer:
            while chunk := answer.read(1 << 17):
                file.write(chunk)
                digest.update(chunk)
        found = digest.hexdigest()
        if hash_prefix is not None and not found.startswith(hash_prefix):
            raise RuntimeError(f'invalid hash value (expected "{hash_prefix}", got "{found}")')
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def load_state_dict_from_url(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    file_name: str | None = None,
    weights_only: bool = True,
) -> Any:
    """Loads a file of weights from the folder for downloads, and fetches it first where it is missing.

    Raises:
        OSError: it is not there, and cannot be fetched; the note says where to put the file.
    """
    folder = Path(model_dir or Path(get_dir()) / "checkpoints")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (file_name or PurePosixPath(urlsplit(url).path).name)
    if not target.exists():
        match = _HASH.search(target.name) if check_hash else None
        try:
            download_url_to_file(url, str(target), match[1] if match else None, progress)
        except OSError as error:
            raise lesson(
                error, got=f"no answer from {urlsplit(url).netloc}", hint=f"put the file {target.name} into {folder}"
            ) from None
    return _load_file(str(target), map_location=map_location, weights_only=weights_only)


def _refuse(function: str, repository: Any) -> NoReturn:
    raise lesson(
        RuntimeError(f"torch.hub.{function}: programs from {repository!r} are not fetched and run"),
        expected="a model that is here: torchvision.models, torch.nn",
        got=str(repository),
        hint="state = torch.hub.load_state_dict_from_url(address), then model.load_state_dict(state)",
    )


def load(repo_or_dir: Any, model: str, *args: Any, **kwargs: Any) -> NoReturn:
    """Raises: a repository's program imports real PyTorch, and may be anything."""
    _refuse("load", repo_or_dir)


def list(github: Any, *args: Any, **kwargs: Any) -> NoReturn:
    """Raises, as :func:`load` does."""
    _refuse("list", github)


def help(github: Any, model: str, *args: Any, **kwargs: Any) -> NoReturn:
    """Raises, as :func:`load` does."""
    _refuse("help", github)


__all__ = ["download_url_to_file", "get_dir", "help", "list", "load", "load_state_dict_from_url", "set_dir"]
