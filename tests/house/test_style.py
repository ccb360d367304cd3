"""Lint, format and types: what ruff and mypy say about the repository, in the versions that pyproject.toml pins."""

import re
import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def run(*command):
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=280)


@pytest.mark.parametrize(
    "command", [("ruff", "check", "--output-format=concise"), ("ruff", "format", "--check")], ids=["lint", "format"]
)
def test_ruff(command):
    result = run(*command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_mypy():
    result = run("mypy", "--no-error-summary")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_tools_are_the_ones_pinned():
    pins = dict(line.split("==") for line in PROJECT["project"]["optional-dependencies"]["test"] if "==" in line)
    assert set(pins) == {"ruff", "mypy"}  # a newer one may know new complaints: that is an update, not a surprise
    for tool, version in pins.items():
        assert version in run(tool, "--version").stdout


def test_every_exception_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for table in ("ignore = [", "[tool.ruff.lint.per-file-ignores]"):
        block = text[text.index(table) :].partition("\n\n")[0].splitlines()[1:]
        explained = False
        for line in block:
            if line.strip().startswith("#"):
                explained = True
            assert explained or line.strip() in ("", "]"), f"no reason above: {line}"


SILENCED = re.compile(r"#\s*(?P<what>noqa|type:\s*ignore|ruff:\s*noqa|mypy:)(?P<rest>.*)")
CODES = {"noqa": r":\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*\s*(-|—|#|\()\s*\w+", "type: ignore": r"\[[a-z-]+(,\s*[a-z-]+)*\]"}


@pytest.mark.parametrize("folder", ["pytorch_tutor", "widgets", "lessons", "tests", "start.py"])
def test_a_silenced_complaint_is_named(folder):
    """A lint rule is silenced with its code and a reason, a type error with its code; nothing for a whole file."""
    place = ROOT / folder
    bad = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in ([place] if place.is_file() else sorted(place.rglob("*.py")))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if path.name != "test_style.py"
        and (match := SILENCED.search(line))
        and not re.match(CODES.get(re.sub(r":\s*", ": ", match["what"]), "$^"), match["rest"])
    ]
    assert not bad, "\n".join(bad)
