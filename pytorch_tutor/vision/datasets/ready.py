"""Pictures for a lesson, wherever it runs: CIFAR-10 where it can be had, else the stand-in; and it says which."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...errors import lesson
from .cifar import CIFAR10, mirrored
from .damage import DamagedFileError
from .download import DownloadError, reachable
from .root import default_root, downloads_allowed
from .standin import TEST, TRAIN, VERSION, write_shapes

_SENTENCES = {
    "en": {
        "official": "Data: CIFAR-10, the official files (checksums verified): {count:,} {split} pictures.",
        "unverified": "Data: files in CIFAR-10's format that are not the official ones: {count:,} {split} pictures.",
        "stand-in": "Data: NOT CIFAR-10 but its stand-in, ten classes of drawn shapes: {count:,} {split} pictures.",
        "train": "training",
        "test": "test",
        "because": "Reason: {why}.",
        "forbidden": "CIFAR-10 is not on this computer, and downloading is switched off",
        "unreachable": "CIFAR-10 is not on this computer, and its server cannot be reached",
        "broken": "the download of CIFAR-10 broke off (the next try goes on where it stopped)",
        "unwritable": "CIFAR-10 could not be stored (the disk is full, or the folder not writable)",
        "asked": "the stand-in was asked for",
    },
    "zh": {
        "official": "数据：CIFAR-10 官方文件（校验和已核对），{split}图片 {count:,} 张。",
        "unverified": "数据：CIFAR-10 格式的文件，但不是官方文件，{split}图片 {count:,} 张。",
        "stand-in": "数据：不是 CIFAR-10，而是替代数据（程序绘制的十类图形），{split}图片 {count:,} 张。",
        "train": "训练",
        "test": "测试",
        "because": "原因：{why}。",
        "forbidden": "本机没有 CIFAR-10，且已关闭下载",
        "unreachable": "本机没有 CIFAR-10，且无法连接其服务器",
        "broken": "CIFAR-10 下载中断（下次会从断点继续）",
        "unwritable": "CIFAR-10 无法保存（磁盘已满，或文件夹不可写）",
        "asked": "按要求使用替代数据",
    },
}


def describe(pictures: CIFAR10, language: str = "en", reason: str | None = None) -> str:
    """Says in ``language`` (``"en"`` or ``"zh"``) which data ``pictures`` holds.

    ``reason`` is one of ``forbidden``, ``unreachable``, ``broken``, ``unwritable``, ``asked``: why it is the stand-in.
    """
    words = _words(language)
    sentence = words[pictures.source].format(count=len(pictures), split=words["train" if pictures.train else "test"])
    if reason is None:
        return sentence
    return sentence + (" " if language == "en" else "") + words["because"].format(why=words[reason])


def cifar10_or_standin(
    root: str | os.PathLike[str] | None = None,
    train: bool = True,
    transform: Callable[[Any], Any] | None = None,
    target_transform: Callable[[Any], Any] | None = None,
    *,
    download: bool | None = None,
    standin: bool = False,
    train_size: int | None = None,
    test_size: int | None = None,
    language: str = "en",
    quiet: bool = False,
    timeout: float = 3.0,
) -> CIFAR10:
    """Returns CIFAR-10, or, where it cannot be had, the stand-in; ``.source`` and a printed sentence say which.

    In this order: the official files in ``root``; the official files downloaded into ``root`` (170 MB, once); a
    stand-in drawn into a folder below ``root`` (some seconds, once).

    Args:
        root: the folder for data; by default the user's data folder (see :func:`default_root`).
        train: the training pictures, or else the test pictures.
        transform, target_transform: as in :class:`CIFAR10`.
        download: whether CIFAR-10 may be fetched; by default yes, unless ``$PYTORCH_TUTOR_OFFLINE`` is set.
        standin: use the stand-in in any case (for a quick try, or in tests).
        train_size, test_size: how many pictures the stand-in has; by default 10,000 and 2,000, or the two numbers in
            ``$PYTORCH_TUTOR_STANDIN_SIZES`` ("640,256": for a quick look, or a slow computer).
        language: of the printed sentence, ``"en"`` or ``"zh"``.
        quiet: print nothing.
        timeout: seconds to wait for an answer of CIFAR-10's server.

    Raises:
        OSError: not even the stand-in can be written; the note says how to choose another folder.
    """
    _words(language)
    sizes = _sizes()
    train_size, test_size = sizes[0] if train_size is None else train_size, sizes[1] if test_size is None else test_size
    folder = default_root() if root is None else Path(root).expanduser()
    kwargs: dict[str, Any] = {"train": train, "transform": transform, "target_transform": target_transform}
    reason = "asked" if standin else _obtain(folder, download, timeout)
    if reason is None:
        pictures = CIFAR10(folder, **kwargs)
    else:
        drawn = folder / f"standin-{VERSION}-{train_size}-{test_size}"
        try:
            write_shapes(drawn, train_size, test_size)
        except OSError as why:
            raise lesson(why, hint="another folder: cifar10_or_standin(root=...), or $PYTORCH_TUTOR_DATA") from None
        try:
            pictures = CIFAR10(drawn, **kwargs, check_integrity=False)
        except DamagedFileError:  # cut off by a full disk or a crash: it can simply be drawn again
            write_shapes(drawn, train_size, test_size, overwrite=True)
            pictures = CIFAR10(drawn, **kwargs, check_integrity=False)
    if not quiet:
        print(describe(pictures, language, reason))  # noqa: T201 - a learner is to know which data this is
    return pictures


def _sizes() -> tuple[int, int]:
    """How many training and test pictures the stand-in has if nobody says."""
    asked = os.environ.get("PYTORCH_TUTOR_STANDIN_SIZES", "")
    if not asked:
        return TRAIN, TEST
    try:
        train, test = (int(part) for part in asked.split(","))
    except ValueError:
        raise ValueError(f"PYTORCH_TUTOR_STANDIN_SIZES must be two numbers such as 640,256, not {asked!r}") from None
    return train, test


def _obtain(folder: Path, download: bool | None, timeout: float) -> str | None:
    """Sees to it that the official files are in ``folder``; returns None, or the reason why they are not."""
    if CIFAR10.wrong_file(folder) is None:
        return None
    if not (downloads_allowed() if download is None else download):
        return "forbidden"
    if not any(reachable(url, timeout) for url in mirrored(CIFAR10.url)):
        return "unreachable"
    try:
        CIFAR10.fetch(folder)
    except (DownloadError, DamagedFileError):
        return "broken"
    except OSError:
        return "unwritable"
    return None


def _words(language: str) -> dict[str, str]:
    if language not in _SENTENCES:
        raise ValueError(f"language must be one of {', '.join(map(repr, _SENTENCES))}, got {language!r}")
    return _SENTENCES[language]
