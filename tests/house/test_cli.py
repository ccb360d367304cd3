"""The console command: its table, its help, and what it says about a wrong word or a missing package."""

import subprocess
import sys

from pytorch_tutor import cli


def test_help_names_every_command(capsys):
    for arguments in ([], ["--help"], ["-h"]):
        assert cli.main(arguments) == 0
        shown = capsys.readouterr().out
        for name, command in cli.COMMANDS.items():
            assert name in shown
            assert command.help in shown


def test_every_command_has_a_main():
    for name, command in cli.COMMANDS.items():
        result = subprocess.run(
            [sys.executable, "-m", "pytorch_tutor", name, "--help"], capture_output=True, text=True, timeout=60
        )
        assert result.returncode == 0, result.stderr
        assert f"pytorch-tutor {name}" in result.stdout
        assert command.module


def test_a_wrong_word_is_named(capsys):
    assert cli.main(["lba"]) == 2
    message = capsys.readouterr().err
    assert "'lba'" in message
    assert "lab" in message


def test_a_missing_package_is_named(monkeypatch, capsys):
    monkeypatch.setitem(cli.COMMANDS, "lab", cli.Command("a_package_that_is_not_there", ""))
    assert cli.main(["lab"]) == 1
    assert "'a_package_that_is_not_there' is not installed" in capsys.readouterr().err


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("pytorch-tutor 0.")
