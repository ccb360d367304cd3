"""The console command `pytorch-tutor`: a table of subcommands, each a `main(arguments)` in a module of its own.

The table names its modules as text and imports one only when it is asked for, so that a command that stands on the
engine alone runs where NumPy is the only thing installed.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NamedTuple


class Command(NamedTuple):
    """A subcommand: the module whose `main` runs it, and what it does in a line."""

    module: str
    help: str


COMMANDS = {
    "lab": Command("pytorch_tutor_lessons.lab", "open JupyterLab on the first lesson, in a folder of your own"),
    "run": Command("pytorch_tutor.run", "run a script that was written for PyTorch, as it stands"),
    "bench": Command("pytorch_tutor.bench", "time the engine on this machine, beside PyTorch where it is installed"),
}


def usage() -> str:
    """The help text: every command with its line."""
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: pytorch-tutor COMMAND [arguments]",
            "",
            *lines,
            "",
            "pytorch-tutor COMMAND --help  tells more about one of them; pytorch-tutor --version prints the version.",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that the arguments name, and return its exit status (2: no such command)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--version"]:
        print(f"pytorch-tutor {version('pytorch-tutor')}")
        return 0
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name, *rest = words
    if name not in COMMANDS:
        print(f"pytorch-tutor: there is no command {name!r}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(COMMANDS[name].module)
    except ModuleNotFoundError as missing:
        print(
            f"pytorch-tutor {name}: the package {missing.name!r} is not installed.\n"
            "  the engine runs without it, this command does not\n"
            f"  try  {sys.executable} -m pip install {missing.name}",
            file=sys.stderr,
        )
        return 1
    return int(module.main(rest))
