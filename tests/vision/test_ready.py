"""A lesson gets pictures wherever it runs, and is told which."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from pytorch_tutor.vision.datasets import CIFAR10, cifar10_or_standin, describe, ready
from pytorch_tutor.vision.datasets.__main__ import main
from pytorch_tutor.vision.datasets.integrity import calculate_md5
from pytorch_tutor.vision.datasets.root import default_root

SMALL = {"train_size": 20, "test_size": 10}


@pytest.fixture
def official(cifar_files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny files count as the official ones."""
    folder = cifar_files / CIFAR10.base_folder
    for names in ("train_list", "test_list"):
        monkeypatch.setattr(
            CIFAR10, names, [[name, calculate_md5(folder / name)] for name, _ in getattr(CIFAR10, names)]
        )
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": calculate_md5(folder / "batches.meta")})
    return cifar_files


def test_without_network_the_stand_in_is_drawn_once(tmp_path: Path, capsys: Any) -> None:
    train = cifar10_or_standin(tmp_path, download=False, **SMALL)
    assert train.source == "stand-in"
    assert len(train) == 20
    said = capsys.readouterr().out
    assert "NOT CIFAR-10" in said
    assert "20 training pictures" in said
    assert "downloading is switched off" in said
    (folder,) = tmp_path.iterdir()
    made = (folder / CIFAR10.base_folder / "batches.meta").stat().st_mtime_ns
    test = cifar10_or_standin(tmp_path, train=False, download=False, **SMALL)
    assert len(test) == 10
    assert (folder / CIFAR10.base_folder / "batches.meta").stat().st_mtime_ns == made


def test_says_it_in_chinese_or_not_at_all(tmp_path: Path, capsys: Any) -> None:
    cifar10_or_standin(tmp_path, download=False, language="zh", **SMALL)
    said = capsys.readouterr().out
    assert "不是 CIFAR-10" in said
    assert "训练" in said
    assert "已关闭下载" in said
    cifar10_or_standin(tmp_path, download=False, quiet=True, **SMALL)
    assert capsys.readouterr().out == ""
    with pytest.raises(ValueError, match="'en', 'zh', got 'fr'"):
        cifar10_or_standin(tmp_path, language="fr")


def test_official_files_are_used_where_they_are(official: Path, capsys: Any) -> None:
    data = cifar10_or_standin(official)
    assert data.source == "official"
    assert len(data) == 20
    assert "official files" in capsys.readouterr().out
    assert cifar10_or_standin(official, standin=True, quiet=True, **SMALL).source == "stand-in"


def test_an_unreachable_server_and_a_broken_download(
    official: Path, tmp_path: Path, server: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.add(official / CIFAR10.base_folder, CIFAR10.base_folder)
    (tmp_path / "archive").write_bytes(packed.getvalue())
    monkeypatch.setattr(CIFAR10, "url", server.url("cifar.tgz"))
    monkeypatch.setattr(CIFAR10, "filename", "cifar.tgz")
    monkeypatch.setattr(CIFAR10, "tgz_md5", calculate_md5(tmp_path / "archive"))
    root = tmp_path / "new"

    assert cifar10_or_standin(root, download=True, **SMALL).source == "stand-in"
    assert "cannot be reached" in capsys.readouterr().out
    server.files["cifar.tgz"] = packed.getvalue()
    server.break_after = [100]
    assert cifar10_or_standin(root, download=True, **SMALL).source == "stand-in"
    assert "broke off" in capsys.readouterr().out
    asked = len(server.asked)
    assert cifar10_or_standin(root, download=None, **SMALL).source == "stand-in"  # the tests are offline
    assert len(server.asked) == asked
    assert cifar10_or_standin(root, download=True, **SMALL).source == "official"
    assert server.asked[-1][2] == "bytes=100-"


def test_where_nothing_can_be_written_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def full(root: Path) -> None:
        raise OSError(28, "No space left on device", str(root))

    monkeypatch.setattr(CIFAR10, "fetch", full)
    monkeypatch.setattr(ready, "reachable", lambda *_: True)
    assert cifar10_or_standin(tmp_path, download=True, **SMALL).source == "stand-in"
    assert "could not be stored" in capsys.readouterr().out
    (tmp_path / "file").write_text("a file where a folder is to be")
    with pytest.raises(OSError) as caught:  # noqa: PT011 - its class differs from system to system
        cifar10_or_standin(tmp_path / "file", download=False, **SMALL)
    assert "PYTORCH_TUTOR_DATA" in caught.value.__notes__[0]


def test_downloads_are_allowed_unless_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from pytorch_tutor.vision.datasets.root import downloads_allowed

    for value, allowed in (("1", False), ("yes", False), ("0", True), ("", True)):
        monkeypatch.setenv("PYTORCH_TUTOR_OFFLINE", value)
        assert downloads_allowed() is allowed
    monkeypatch.delenv("PYTORCH_TUTOR_OFFLINE")
    assert downloads_allowed()


def test_a_damaged_stand_in_is_drawn_again(tmp_path: Path) -> None:
    cifar10_or_standin(tmp_path, download=False, quiet=True, **SMALL)
    (folder,) = tmp_path.iterdir()
    damaged = folder / CIFAR10.base_folder / "data_batch_2"
    damaged.write_bytes(damaged.read_bytes()[:1000])
    assert len(cifar10_or_standin(tmp_path, download=False, quiet=True, **SMALL)) == 20


def test_both_languages_say_the_same_things() -> None:
    assert ready._SENTENCES["en"].keys() == ready._SENTENCES["zh"].keys()


def test_describe_unverified_files(cifar_files: Path) -> None:
    data = CIFAR10(cifar_files, train=False, check_integrity=False)
    assert "not the official ones: 4 test pictures" in describe(data)
    assert "不是官方文件" in describe(data, "zh")


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/cache"}, "/cache/pytorch-tutor/data"),
        ("linux", {"HOME": "/home/x"}, "/home/x/.cache/pytorch-tutor/data"),
        ("darwin", {"HOME": "/Users/x"}, "/Users/x/Library/Caches/pytorch-tutor/data"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/pytorch-tutor/data"),
        ("linux", {"PYTORCH_TUTOR_DATA": "/chosen"}, "/chosen"),
    ],
)
def test_default_root(platform: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "PYTORCH_TUTOR_DATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert default_root() == Path(expected)


def test_command_line(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTORCH_TUTOR_DATA", str(tmp_path / "default"))
    assert main(["where"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "default")
    sizes = ["--train-size", "20", "--test-size", "10"]
    assert main(["prepare", "--offline", "--language", "zh", *sizes]) == 0
    assert "替代数据" in capsys.readouterr().out
    assert cifar10_or_standin(quiet=True, **SMALL).source == "stand-in"
    assert main(["standin", "--root", str(tmp_path / "other"), *sizes]) == 0
    assert len(CIFAR10(tmp_path / "other", check_integrity=False)) == 20
    assert main(["standin", "--root", str(tmp_path / "third"), "--train-size", "1"]) == 1
    assert "train >= 5" in capsys.readouterr().err
