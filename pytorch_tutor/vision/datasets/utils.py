"""The helpers that torchvision keeps under ``datasets.utils``, by their names there."""

from __future__ import annotations

import os
from pathlib import Path

from .archive import extract_archive
from .download import download_url
from .integrity import calculate_md5, check_integrity

__all__ = ["calculate_md5", "check_integrity", "download_and_extract_archive", "download_url", "extract_archive"]


def download_and_extract_archive(
    url: str,
    download_root: str | os.PathLike[str],
    extract_root: str | os.PathLike[str] | None = None,
    filename: str | None = None,
    md5: str | None = None,
    remove_finished: bool = False,
) -> None:
    """Fetches an archive into ``download_root`` and unpacks it into ``extract_root`` (by default the same folder).

    See :func:`download_url` and :func:`extract_archive` for what can go wrong; neither leaves a file half done.
    """
    archive = download_url(url, Path(download_root).expanduser(), filename, md5)
    extract_archive(archive, extract_root or archive.parent)
    if remove_finished:
        archive.unlink()
