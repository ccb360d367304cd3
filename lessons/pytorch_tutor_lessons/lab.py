"""`pytorch-tutor lab`: copy the lessons into the learner's own folder and open JupyterLab on the first one."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pytorch_tutor_lessons import paths
from pytorch_tutor_lessons.shelf import Report, copy_lessons

FOLDER_VARIABLE = "PYTORCH_TUTOR_FOLDER"
DEFAULT_FOLDER = Path("~/pytorch-tutor-lessons")
JUPYTER_CONFIG = Path(__file__).resolve().parent / "jupyter"


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    options = argparse.ArgumentParser(
        prog="pytorch-tutor lab",
        description="Copy the lessons to your own folder, keep what you changed there, and open JupyterLab.",
        epilog="Any other argument is handed to `jupyter lab`.",
        allow_abbrev=False,  # so that an option of `jupyter lab` is never taken for a shortened one of these
    )
    options.add_argument("--lang", choices=paths.LANGUAGES, default=paths.language(), help="default: your system's")
    options.add_argument(
        "--dir",
        type=Path,
        default=Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER),
        metavar="FOLDER",
        help=f"where your lessons live (default: ${FOLDER_VARIABLE} or {DEFAULT_FOLDER})",
    )
    options.add_argument("--port", type=int, help="exactly this port (default: the first free one from 8888 on)")
    options.add_argument("--no-browser", action="store_true", help="print the address instead of opening a browser")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns JupyterLab's exit status."""
    options, rest = parser().parse_known_args(arguments)
    folder = options.dir.expanduser().resolve()
    first = first_lesson(options.lang)
    try:
        report = copy_lessons(paths.notebooks(options.lang), folder, options.lang)
    except OSError as error:
        print(f"pytorch-tutor: the lessons cannot be copied to {folder}: {error}", file=sys.stderr)
        print("  try  --dir with a folder that you may write to", file=sys.stderr)
        return 1
    print(told(report, folder, options.lang), flush=True)
    open_browser = not options.no_browser and has_display(os.environ)
    command = jupyter_command(folder, first, options.port, open_browser, rest)
    return run(command, jupyter_environment(os.environ))


def first_lesson(language: str) -> str:
    """The first lesson's place below the learner's folder, `en/01_welcome.ipynb`."""
    lessons = paths.lessons(language)
    if not lessons:
        raise FileNotFoundError(f"there are no lessons in {paths.notebooks(language)}; install pytorch-tutor again")
    return f"{language}/{lessons[0].name}"


def told(report: Report, folder: Path, language: str) -> str:
    """What the copying did, in the learner's language."""
    chinese = language == "zh"
    lines = [f"课程在 {folder}" if chinese else f"Your lessons are in {folder}"]
    if report.updated:
        names = ", ".join(report.updated)
        lines.append(f"已更新(你没有改动过): {names}" if chinese else f"Updated, as you had not changed them: {names}")
    for kept, new in report.beside:
        lines.append(
            f"{kept} 有新版本。你改动过的文件保持原样, 新版本放在 {new}"
            if chinese
            else f"There is a new {kept}. Yours is left as it is; the new one lies beside it as {new}"
        )
    return "\n".join(lines)


def has_display(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser can show: always on Windows and macOS, elsewhere if there is an X or Wayland display.

    Without this question Python's `webbrowser` would start a text browser in the terminal, on top of Jupyter's log.
    """
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def jupyter_command(
    folder: Path, lesson: str | None, port: int | None, open_browser: bool, rest: Sequence[str] = ()
) -> list[str]:
    """The command line that starts JupyterLab on localhost alone, with Jupyter's token left as it is."""
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    if lesson is not None:
        command.append(f"--LabApp.default_url=/lab/tree/{lesson}")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not open_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container one often is; localhost and the token protect as before
    return [*command, *rest]


def jupyter_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with our Jupyter settings in front: small messages sent at once, no news pop-up.

    They lie in a folder of this package. Nothing is written into the learner's own settings, and what the learner
    chooses in JupyterLab's settings wins.
    """
    folders = [str(JUPYTER_CONFIG), environment.get("JUPYTER_CONFIG_PATH", "")]
    return {**environment, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, folders))}


def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Become JupyterLab, so that signals reach it directly; on Windows, which cannot, run it and wait."""
    if sys.platform != "win32":
        os.execve(command[0], list(command), dict(environment))
    try:
        return subprocess.call(command, env=dict(environment))
    except KeyboardInterrupt:
        return 0
