"""Fetches a file so that it is either there whole and verified, or not there at all.

Bytes go to ``name.part``. A broken download is taken up where it stopped (HTTP Range); when all bytes are there, their
MD5 sum is compared, and only then does the file get its name. So a file that has its name can be trusted.
"""

from __future__ import annotations

import http.client
import os
import re
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from ...errors import lesson
from .integrity import calculate_md5, check_integrity
from .progress import progress_bar

_CHUNK = 1 << 16
_LIMIT = 4 << 30  # bytes; a server that sends more is not sending a teaching data set
_AGENT = {"User-Agent": "pytorch-tutor"}


class DownloadError(RuntimeError):
    """A file could not be fetched from any of its addresses; the message lists each address with its reason."""


def download_url(
    url: str | Sequence[str],
    root: str | os.PathLike[str],
    filename: str | None = None,
    md5: str | None = None,
    timeout: float = 20.0,
) -> Path:
    """Fetches ``url`` into the folder ``root`` and returns the file's path; does nothing where it is already there.

    Args:
        url: the address, or several addresses of the same file, tried in turn.
        root: the folder; made where missing.
        filename: the name to save under; by default the last part of the address.
        md5: the expected sum. Only with it are broken downloads resumed.
        timeout: seconds without a single byte after which the connection counts as lost.

    Raises:
        DownloadError: no address gave the file. What had already come stays in ``filename.part``.
    """
    urls = [url] if isinstance(url, str) else list(url)
    folder = Path(root).expanduser()
    target = folder / (filename or _name_of(urls[0]))
    if check_integrity(target, md5):
        return target
    folder.mkdir(parents=True, exist_ok=True)
    reasons = []
    for address in urls:
        try:
            _fetch(address, target, md5, timeout)
            return target
        except (OSError, ValueError, http.client.HTTPException) as why:
            network = isinstance(why, urllib.error.URLError) or getattr(why, "filename", None) is None
            if not network:
                raise  # the disk's fault, not the address's: full, or not writable
            reasons.append(f"  {address}: {_reason(why)}")
    raise lesson(
        DownloadError(f"Could not download {target.name}:\n" + "\n".join(reasons)),
        hint="check the network and try again (it goes on where it stopped), "
        f"or put the file into {target.parent} yourself",
    )


def reachable(url: str, timeout: float = 3.0) -> bool:
    """Tells within a few seconds whether the server of ``url`` answers; a missing network is no error."""
    try:
        with urllib.request.urlopen(_request(url, method="HEAD"), timeout=timeout):
            return True
    except (OSError, ValueError, http.client.HTTPException):
        return False


def _fetch(url: str, target: Path, md5: str | None, timeout: float) -> None:
    part = target.with_name(target.name + ".part")
    resumed = md5 is not None and part.is_file() and part.stat().st_size > 0
    _receive(url, part, part.stat().st_size if resumed else 0, timeout)
    if md5 is not None and calculate_md5(part) != md5:
        part.unlink()
        if not resumed:
            raise ValueError("the file that came is damaged, or not the official one (its MD5 sum is wrong)")
        _receive(url, part, 0, timeout)  # the old beginning was bad: once more, from the start
        if calculate_md5(part) != md5:
            part.unlink()
            raise ValueError("the file that came is damaged, or not the official one (its MD5 sum is wrong)")
    part.replace(target)


def _receive(url: str, part: Path, start: int, timeout: float) -> None:
    """Appends the bytes from ``start`` on to ``part``; raises where fewer come than were announced."""
    headers = {"Range": f"bytes={start}-"} if start else {}
    try:
        response = urllib.request.urlopen(_request(url, headers), timeout=timeout)
    except urllib.error.HTTPError as why:
        if why.code == 416 and start:  # nothing is left to send: the part is complete, or longer than the file
            return
        raise
    with response:
        if start and not _continues(response, start):
            start = 0  # the server sends the whole file again
        length = response.headers.get("Content-Length")
        total = start + int(length) if length and length.isdigit() else None
        if total is not None and total > _LIMIT:
            raise ValueError(f"the server announces {total:,} bytes")
        done = start
        with _open(part, "ab" if start else "wb") as file, progress_bar(total, start, part.stem) as bar:
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                bar.update(len(chunk))
                if done > _LIMIT:
                    raise ValueError(f"the server sent more than {_LIMIT:,} bytes")
    if total is not None and done < total:
        raise ConnectionError(f"the connection ended after {done:,} of {total:,} bytes")


def _open(part: Path, mode: str) -> _File:
    return _File(part, mode)


class _File:
    """A file whose write errors carry its name (the operating system's do not): "disk full" must say where."""

    def __init__(self, path: Path, mode: str) -> None:
        self.path, self.file = path, path.open(mode)

    def write(self, chunk: bytes) -> None:
        try:
            self.file.write(chunk)
        except OSError as why:
            raise OSError(why.errno, why.strerror, str(self.path)) from None

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _continues(response: http.client.HTTPResponse, start: int) -> bool:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return response.status == 206 and found is not None and int(found[1]) == start


def _request(url: str, headers: dict[str, str] | None = None, method: str = "GET") -> urllib.request.Request:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"only http and https addresses are fetched, not {url!r}")
    return urllib.request.Request(url, headers={**_AGENT, **(headers or {})}, method=method)


def _name_of(url: str) -> str:
    name = PurePosixPath(urlsplit(url).path).name
    if name in ("", ".."):
        raise ValueError(f"the address {url!r} has no file name: give filename=")
    return name


def _reason(why: BaseException) -> str:
    if isinstance(why, urllib.error.HTTPError):
        return f"the server answers {why.code} {why.reason}"
    if isinstance(why, urllib.error.URLError):
        return f"not reachable ({why.reason})"
    return str(why) or type(why).__name__
