"""An archive writes into its folder, or it writes nothing."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pytorch_tutor.vision.datasets import DamagedFileError
from pytorch_tutor.vision.datasets.archive import extract_archive


def tar_with(path: Path, *members: tuple[str, bytes, bytes], mode: str = "w:gz") -> Path:
    """Members are (name, type, content or link target), after one good file."""
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        for name, kind, content in (("good.txt", tarfile.REGTYPE, b"good"), *members):
            member = tarfile.TarInfo(name)
            member.type = kind
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                member.linkname = content.decode()
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_unpacks_files_and_folders(tmp_path: Path, mode: str) -> None:
    archive = tar_with(
        tmp_path / "a.tar",
        ("./", tarfile.DIRTYPE, b""),
        ("./sub", tarfile.DIRTYPE, b""),
        ("./sub/b.txt", tarfile.REGTYPE, b"bb"),
        mode=mode,
    )
    extract_archive(archive, tmp_path / "out")
    names = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*"))
    assert names == ["good.txt", "sub", str(Path("sub/b.txt"))]
    assert (tmp_path / "out/sub/b.txt").read_bytes() == b"bb"


ESCAPES = {
    "parent": ("../evil.txt", tarfile.REGTYPE, b"x"),
    "deep parent": ("a/b/../../../evil.txt", tarfile.REGTYPE, b"x"),
    "absolute": ("/tmp/evil.txt", tarfile.REGTYPE, b"x"),
    "backslash": ("..\\evil.txt", tarfile.REGTYPE, b"x"),
    "drive": ("C:evil.txt", tarfile.REGTYPE, b"x"),
    "symbolic link": ("link", tarfile.SYMTYPE, b".."),
    "hard link": ("link", tarfile.LNKTYPE, b"../../etc/passwd"),
    "character device": ("null", tarfile.CHRTYPE, b""),
    "block device": ("disk", tarfile.BLKTYPE, b""),
    "fifo": ("pipe", tarfile.FIFOTYPE, b""),
    "parent folder": ("../evil", tarfile.DIRTYPE, b""),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_refuses_to_leave_the_folder(tmp_path: Path, name: str) -> None:
    archive = tar_with(tmp_path / "a.tar.gz", ESCAPES[name])
    with pytest.raises(DamagedFileError, match=r"a\.tar\.gz: refused"):
        extract_archive(archive, tmp_path / "x" / "out")
    assert list((tmp_path / "x").rglob("*")) == [tmp_path / "x" / "out"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar.gz", "x"]


def test_a_link_that_a_later_member_would_write_through_is_refused(tmp_path: Path) -> None:
    link = ("out", tarfile.SYMTYPE, str(tmp_path).encode())
    archive = tar_with(tmp_path / "a.tar", link, ("out/evil.txt", tarfile.REGTYPE, b"x"))
    with pytest.raises(DamagedFileError):
        extract_archive(archive, tmp_path / "x")
    assert not (tmp_path / "evil.txt").exists()


@pytest.mark.parametrize("name", ["../evil.txt", "/tmp/evil.txt", "a/../../evil.txt"])
def test_refuses_a_zip_that_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("good.txt", "good")
        packed.writestr(name, "x")
    with pytest.raises(DamagedFileError, match="refused"):
        extract_archive(tmp_path / "a.zip", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_unpacks_zip_and_gz(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("sub/b.txt", "bb")
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"cc"))
    extract_archive(tmp_path / "a.zip")
    extract_archive(tmp_path / "c.txt.gz")
    assert (tmp_path / "sub/b.txt").read_text() == "bb"
    assert (tmp_path / "c.txt").read_text() == "cc"


def _tar(path: Path) -> None:
    tar_with(path, ("big", tarfile.REGTYPE, b"\0" * 100_000))


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("big", b"\0" * 100_000)


def _gz(path: Path) -> None:
    path.write_bytes(gzip.compress(b"\0" * 100_000))


@pytest.mark.parametrize(("name", "make"), [("a.tar.gz", _tar), ("a.zip", _zip), ("a.gz", _gz)])
def test_refuses_what_would_fill_the_disk(tmp_path: Path, name: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / name)
    with pytest.raises(DamagedFileError, match="refused"):
        extract_archive(tmp_path / name, tmp_path / "out", max_bytes=50_000)
    assert list((tmp_path / "out").iterdir()) == []
    extract_archive(tmp_path / name, tmp_path / "out", max_bytes=200_000)


@pytest.mark.parametrize(("name", "make"), [("a.tar.gz", _tar), ("a.zip", _zip), ("a.gz", _gz)])
def test_a_truncated_archive_is_named_and_leaves_nothing(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    for length in (0, 5, len(data) // 2, len(data) - 9):
        (tmp_path / name).write_bytes(data[:length])
        with pytest.raises(DamagedFileError, match=name):
            extract_archive(tmp_path / name, tmp_path / "out")
        assert list((tmp_path / "out").glob("*")) == []


def test_a_truncated_plain_tar_is_refused(tmp_path: Path) -> None:
    archive = tar_with(tmp_path / "a.tar", ("big", tarfile.REGTYPE, b"x" * 5000), mode="w")
    archive.write_bytes(archive.read_bytes()[:3000])
    with pytest.raises(DamagedFileError, match=r"a\.tar"):
        extract_archive(archive, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
