"""A file is there whole and verified, or not at all."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path
from typing import Any

import pytest

from pytorch_tutor.vision.datasets import DownloadError, progress
from pytorch_tutor.vision.datasets import download as module
from pytorch_tutor.vision.datasets.download import download_url, reachable
from pytorch_tutor.vision.datasets.utils import download_and_extract_archive

CONTENT = bytes(range(256)) * 2000
MD5 = hashlib.md5(CONTENT).hexdigest()


def test_fetches_verifies_and_does_not_fetch_twice(server: Any, tmp_path: Path, capsys: Any) -> None:
    server.files["a.bin"] = CONTENT
    for _ in range(2):
        path = download_url(server.url("a.bin"), tmp_path / "new" / "folder", md5=MD5)
        assert path.read_bytes() == CONTENT
    assert len(server.asked) == 1
    assert [file.name for file in path.parent.iterdir()] == ["a.bin"]
    assert "a.bin" in capsys.readouterr().err


def test_goes_on_where_it_stopped(server: Any, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    server.break_after = [100_000, 200_000]
    for done in (100_000, 300_000):
        with pytest.raises(DownloadError, match=f"{done:,} of 512,000") as caught:
            download_url(server.url("a.bin"), tmp_path, md5=MD5)
        assert "goes on where it stopped" in caught.value.__notes__[0]
        assert not (tmp_path / "a.bin").exists()
        assert (tmp_path / "a.bin.part").stat().st_size == done
    assert download_url(server.url("a.bin"), tmp_path, md5=MD5).read_bytes() == CONTENT
    assert [asked[2] for asked in server.asked] == [None, "bytes=100000-", "bytes=300000-"]


def test_a_server_without_ranges_starts_anew(server: Any, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    server.ranges = False
    (tmp_path / "a.bin.part").write_bytes(CONTENT[:1000])
    assert download_url(server.url("a.bin"), tmp_path, md5=MD5).read_bytes() == CONTENT


@pytest.mark.parametrize("size", [1000, len(CONTENT), len(CONTENT) + 5])
def test_a_bad_beginning_is_thrown_away(server: Any, tmp_path: Path, size: int) -> None:
    server.files["a.bin"] = CONTENT
    (tmp_path / "a.bin.part").write_bytes(b"x" * size)
    assert download_url(server.url("a.bin"), tmp_path, md5=MD5).read_bytes() == CONTENT


def test_a_complete_part_needs_no_more_bytes(server: Any, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    (tmp_path / "a.bin.part").write_bytes(CONTENT)
    assert download_url(server.url("a.bin"), tmp_path, md5=MD5).read_bytes() == CONTENT
    assert len(server.asked) == 1


def test_without_a_sum_nothing_is_resumed(server: Any, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    (tmp_path / "a.bin.part").write_bytes(b"other")
    assert download_url(server.url("a.bin"), tmp_path).read_bytes() == CONTENT


def test_a_wrong_file_is_refused_and_an_old_one_stays(server: Any, tmp_path: Path) -> None:
    server.files["a.bin"] = b"an error page"
    (tmp_path / "a.bin").write_bytes(b"old")
    with pytest.raises(DownloadError, match="MD5"):
        download_url(server.url("a.bin"), tmp_path, md5=MD5)
    assert (tmp_path / "a.bin").read_bytes() == b"old"
    assert not (tmp_path / "a.bin.part").exists()


def test_the_next_address_is_tried_and_all_reasons_are_told(server: Any, tmp_path: Path) -> None:
    server.files["b.bin"] = CONTENT
    addresses = [server.url("missing"), "http://127.0.0.1:9/closed", server.url("b.bin")]
    assert download_url(addresses, tmp_path, "x.bin", MD5) == tmp_path / "x.bin"
    with pytest.raises(DownloadError) as caught:
        download_url([*addresses[:2], "file:///etc/passwd", "ftp://x/y"], tmp_path, "y.bin", MD5)
    message = str(caught.value)
    assert "404" in message
    assert "not reachable" in message
    assert message.count("only http and https") == 2


def test_a_full_disk_is_told_with_the_files_name(server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["a.bin"] = CONTENT

    class Full:
        def write(self, _: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            pass

    real = module._File.__init__

    def on_a_full_disk(self: module._File, path: Path, mode: str) -> None:
        real(self, path, mode)
        self.file.close()
        self.file = Full()  # type: ignore[assignment]

    monkeypatch.setattr(module._File, "__init__", on_a_full_disk)
    with pytest.raises(OSError, match=r"No space left on device: .*a\.bin\.part"):
        download_url(server.url("a.bin"), tmp_path, md5=MD5)
    assert not (tmp_path / "a.bin").exists()


def test_an_address_without_a_name_wants_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="filename="):
        download_url("http://127.0.0.1:9/", tmp_path)


def test_reachable(server: Any) -> None:
    server.files["a.bin"] = CONTENT
    assert reachable(server.url("a.bin"))
    assert not reachable(server.url("b.bin"))
    assert not reachable("http://127.0.0.1:9/a.bin")
    assert not reachable("file:///etc/passwd")


def test_fetch_and_unpack(server: Any, tmp_path: Path) -> None:
    import io
    import tarfile

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("folder/file.txt")
        member.size = 5
        tar.addfile(member, io.BytesIO(b"hello"))
    server.files["a.tar.gz"] = packed.getvalue()
    download_and_extract_archive(server.url("a.tar.gz"), tmp_path, remove_finished=True)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert (tmp_path / "folder" / "file.txt").read_text() == "hello"


def test_the_plain_bar_without_tqdm(capsys: Any) -> None:
    with progress.PlainBar(2_000_000, 500_000, "a.bin") as bar:
        bar.update(1_500_000)
    shown = capsys.readouterr().err
    assert " 25%  0.5 of 2.0 MB" in shown
    assert "100%  2.0 of 2.0 MB" in shown
    assert shown.endswith("\n")
    with progress.PlainBar(None, 0, "b.bin") as bar:
        bar.update(7_000_000)
    assert "b.bin  7.0 MB" in capsys.readouterr().err
