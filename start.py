"""Start pytorch-tutor from a checkout: `python3 start.py` opens the lessons, `python3 start.py test` runs the tests.

Makes the virtual environment `.venv` beside this file, installs the project into it once, and again only when what it
installs has changed. Needs Python alone. What follows the first word is handed on: `python3 start.py test -k autograd`.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "pytorch-tutor.json"  # written when an installation is complete, and only then
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
LESSONS_NEED = ["onednn"]
TESTS_NEED = ["test"]


def main(words: "list[str]") -> int:
    """Install what the first word needs, then become that program."""
    if sys.version_info < OLDEST:
        return refuse("pytorch-tutor needs Python 3.11 or newer; this is " + sys.version.split()[0])
    testing = words[:1] == ["test"]
    problem = install(LESSONS_NEED + (TESTS_NEED if testing else []))
    if problem:
        return refuse(problem)
    if testing:
        os.chdir(str(ROOT))
        return become([str(PYTHON), "-m", "pytest"] + words[1:])
    if not words or words[0].startswith("-"):
        words = ["lab"] + words
    return become([str(PYTHON), "-m", "pytorch_tutor"] + words)


def install(extras: "list[str]") -> "str | None":
    """Bring `.venv` up to date, taking up an interrupted installation; returns what stands in the way, or None."""
    stamp = read_stamp()
    wanted = {"inputs": inputs(), "extras": sorted(set(extras) | set(stamp.get("extras", [])))}
    if stamp == wanted and PYTHON.exists():
        return None
    if STAMP.exists():
        STAMP.unlink()
    if not has_pip():
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            return "Python's venv module is not complete here. On Debian and Ubuntu:  sudo apt install python3-venv"
        print("Making a virtual environment in", VENV, flush=True)
        if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]) != 0:
            return "the virtual environment could not be made (the lines above say why)"
    print("Installing pytorch-tutor into", VENV, "(once; it takes a minute or two)", flush=True)
    project = "{}[{}]".format(ROOT, ",".join(wanted["extras"]))
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--editable", project]
    if subprocess.call(pip) != 0:
        return "the installation did not succeed (the lines above say why); start again to take it up where it stopped"
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    return None


def inputs() -> str:
    """A fingerprint of what an installation depends on: the project's declaration, its place, the running Python."""
    about = repr((str(ROOT), sys.version_info[:2], sys.platform))
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + about.encode()).hexdigest()


def read_stamp() -> "dict[str, Any]":
    """What the last complete installation put into `.venv`; empty if there was none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def has_pip() -> bool:
    """Whether `.venv` holds a Python that works, of the version that runs this, and pip with it."""
    check = "import sys, pip; sys.exit(sys.version_info[:2] != {!r})".format(tuple(sys.version_info[:2]))
    try:
        return subprocess.call([str(PYTHON), "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def become(command: "list[str]") -> int:
    """Run the command in place of this program; on Windows, which cannot, run it and hand its exit status on."""
    if os.name != "nt":
        os.execv(command[0], command)
    try:
        return subprocess.call(command)
    except KeyboardInterrupt:
        return 130


def refuse(reason: str) -> int:
    """Say what is missing, in one line."""
    print("start.py: " + reason, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
