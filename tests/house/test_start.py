"""start.py installs once, again when what it installs has changed, and takes up what was interrupted."""

import ast
import importlib.util
import json
import sys

import pytest

from tests.conftest import ROOT


@pytest.fixture
def start(tmp_path, monkeypatch):
    """start.py in a folder of its own; commands are noted instead of run, and answered by `start.answers`."""
    spec = importlib.util.spec_from_file_location("start_under_test", ROOT / "start.py")
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    start.ROOT, start.VENV = tmp_path, tmp_path / ".venv"
    start.STAMP, start.PYTHON = start.VENV / "pytorch-tutor.json", start.VENV / "bin/python"
    start.commands, start.became, start.answers = [], [], {}

    def call(command, **_):
        start.commands.append([str(word) for word in command])
        kind = next(kind for kind in ("venv", "pip", "-c") if kind in command)
        if kind == "-c" and not start.PYTHON.exists():
            raise FileNotFoundError
        status = start.answers.get(kind, 0)
        if kind == "venv" and status == 0:
            start.PYTHON.parent.mkdir(parents=True, exist_ok=True)
            start.PYTHON.touch()
        return status

    monkeypatch.setattr(start.subprocess, "call", call)
    monkeypatch.setattr(start, "become", lambda command: start.became.append(command[1:]) or 0)
    monkeypatch.chdir(tmp_path)
    return start


def kinds(start):
    found = [next(kind for kind in ("venv", "pip", "-c") if kind in command) for command in start.commands]
    start.commands.clear()
    return found


def test_installs_once(start):
    assert start.main([]) == 0
    assert kinds(start) == ["-c", "venv", "pip"]
    assert start.main(["--lang", "zh"]) == 0
    assert kinds(start) == []
    assert start.became == [["-m", "pytorch_tutor", "lab"], ["-m", "pytorch_tutor", "lab", "--lang", "zh"]]


def test_installs_again_when_the_declaration_changes(start):
    start.main([])
    kinds(start)
    (start.ROOT / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    start.main([])
    assert kinds(start) == ["-c", "pip"]


def test_tests_bring_their_own_packages_and_lessons_do_not_lose_them(start):
    start.main([])
    kinds(start)
    assert start.main(["test", "-k", "autograd"]) == 0
    assert start.became[-1] == ["-m", "pytest", "-k", "autograd"]
    assert kinds(start) == ["-c", "pip"]
    start.main([])
    start.main(["test"])
    assert kinds(start) == []
    assert json.loads(start.STAMP.read_text())["extras"] == ["onednn", "test"]


def test_other_words_are_commands(start):
    start.main(["bench", "--quick"])
    assert start.became == [["-m", "pytorch_tutor", "bench", "--quick"]]


@pytest.mark.parametrize("broken", ["pip", "venv"])
def test_takes_up_an_interrupted_installation(start, broken, capsys):
    start.answers[broken] = 1
    assert start.main([]) == 1
    assert start.became == []
    assert "the lines above say why" in capsys.readouterr().err
    assert not start.STAMP.exists()
    start.answers.clear()
    assert start.main([]) == 0
    assert start.STAMP.exists()


def test_a_killed_update_leaves_no_stamp(start, monkeypatch):
    start.main([])
    (start.ROOT / "pyproject.toml").write_text("[project]\nname = 'other'\n")

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(start.subprocess, "call", killed)
        with pytest.raises(KeyboardInterrupt):
            start.main([])
    assert not start.STAMP.exists()
    kinds(start)
    start.main([])
    assert kinds(start) == ["-c", "pip"]


def test_a_broken_environment_is_made_anew(start):
    start.main([])
    start.PYTHON.unlink()
    kinds(start)
    start.main([])
    assert kinds(start) == ["-c", "venv", "pip"]
    assert start.answers == {}


@pytest.mark.parametrize("damage", ["", "[]", '{"inputs": 1'])
def test_a_damaged_stamp_installs_again(start, damage):
    start.main([])
    kinds(start)
    start.STAMP.write_text(damage)
    start.main([])
    assert kinds(start) == ["-c", "pip"]


def test_says_the_one_line_when_venv_is_incomplete(start, monkeypatch, capsys):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find_spec(name))
    assert start.main([]) == 1
    assert "sudo apt install python3-venv" in capsys.readouterr().err


def test_says_which_python_it_needs(start, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert start.main([]) == 1
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_needs_the_standard_library_alone_and_parses_under_old_pythons():
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(
        source, feature_version=(3, 7)
    )  # so that an old Python reaches the sentence that says what is needed
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert names
    assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names)
    assert len(source.splitlines()) < 150
