"""Runs a program written for PyTorch as it stands: ``import torch`` finds this engine, inside this process only."""

from __future__ import annotations

import difflib
import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from . import absent, nn, optim
from .errors import lesson
from .version import __version__

NAMES = {"torch": "pytorch_tutor", "torchvision": "pytorch_tutor.vision", "functorch": "pytorch_tutor.functorch"}
MOVED = {  # modules that have another name here
    "torch._C": "pytorch_tutor.compiled",
    "torch._tensor": "pytorch_tutor.tensor",
    "torch.functional": "pytorch_tutor.functions",
    "torch.nn.utils.stateless": "pytorch_tutor.func.modules",
    "torch.utils.data._utils": "pytorch_tutor.utils.data",
}
PACKAGES = ("torch", "torchvision")  # as they are installed: functorch is a part of PyTorch's


def counterpart(name: str) -> str | None:
    """This package's name for a module of PyTorch: ``torch.nn`` is ``pytorch_tutor.nn``.

    >>> counterpart("torch.nn.functional"), counterpart("torch.utils.data._utils.collate"), counterpart("numpy")
    ('pytorch_tutor.nn.functional', 'pytorch_tutor.utils.data.collate', None)
    """
    for theirs, ours in MOVED.items():
        if name == theirs or name.startswith(theirs + "."):
            return ours + name[len(theirs) :]
    first, dot, rest = name.partition(".")
    return None if first not in NAMES else NAMES[first] + dot + rest


def share_modules() -> None:
    """Puts every module of the engine that is loaded under PyTorch's name too.

    Where a function stands in its package under the name of its module (``torch.autograd.gradcheck``), an import of
    that module must find it loaded: else the import system would put the module in the function's place.
    """
    absent.name_parts()
    for name, module in list(sys.modules.items()):
        for theirs, ours in reversed(NAMES.items()):  # torchvision first: it is a part of the engine's package
            if name == ours or name.startswith(ours + "."):
                sys.modules.setdefault(theirs + name[len(ours) :], module)
                break


class Loader(importlib.abc.Loader):
    """Hands out the engine's module under PyTorch's name."""

    def __init__(self, target: str) -> None:
        self.target = target

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        # the import system takes what stands in sys.modules when this returns
        sys.modules[module.__spec__.name] = importlib.import_module(self.target)
        share_modules()


class Metadata(importlib.metadata.Distribution):
    """What ``importlib.metadata.version("torch")`` asks for: a library looks there which PyTorch it has before it."""

    def __init__(self, name: str) -> None:
        self.facts = f"Metadata-Version: 2.1\nName: {name}\nVersion: {__version__}\n"

    def read_text(self, filename: str) -> str | None:
        """The one file there is."""
        return self.facts if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Path:
        """Where the package lies."""
        return Path(__file__).parent / str(path)


class Finder(importlib.abc.MetaPathFinder):
    """Finds modules of PyTorch and torchvision in this package."""

    def find_distributions(self, context: Any = None) -> list[Metadata]:
        """The metadata of ``torch`` and ``torchvision``, or of the one asked for."""
        wanted = getattr(context, "name", None)
        return [Metadata(name) for name in PACKAGES if wanted in (None, name)]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        found = counterpart(name)
        if found is None:
            return None
        if not exists(found):
            error = ModuleNotFoundError(f"No module named '{name}'", name=name)
            if absent.find(name) is not None:
                raise absent.explain(error, name)
            raise lesson(
                error,
                expected="a part of PyTorch that this engine has",
                got=name,
                hint=nearest(found, name),
            )
        return importlib.machinery.ModuleSpec(name, Loader(found), is_package=True)


def exists(target: str) -> bool:
    """Is there such a module in this package?"""
    try:
        return absent.find(target) is None and importlib.util.find_spec(target) is not None
    except ModuleNotFoundError:
        return False


def nearest(target: str, name: str) -> str:
    """What there is instead of a missing module: the closest name beside it."""
    parent, _, last = target.rpartition(".")
    while parent and not exists(parent):
        parent, _, last = parent.rpartition(".")
    here = importlib.import_module(parent or "pytorch_tutor")
    close = difflib.get_close_matches(last, [n for n in dir(here) if not n.startswith("_")], n=1, cutoff=0.5)
    shown = name.rpartition(".")[0]
    return f"{shown}.{close[0]}" if close else f"what {shown} has: dir({shown})"


_set_aside: dict[str, ModuleType] = {}  # real PyTorch, where it had been imported before
_renamed: dict[type, str] = {}  # the engine's layers and optimizers, and the modules that they are in


def rename_classes() -> None:
    """Layers and optimizers say where PyTorch has them: ``type(layer)`` is ``<class 'torch.nn.modules.linear.Linear'>``."""
    packages = f"{nn.modules.__name__}.", f"{optim.__name__}."
    for name, module in list(sys.modules.items()):
        if name.startswith(packages):
            for found in list(vars(module).values()):
                # a state_dict's class is the engine's own: PyTorch saves a plain dictionary
                if isinstance(found, type) and found.__module__ == name and not issubclass(found, dict):
                    _renamed[found] = name
                    found.__module__ = "torch" + name.removeprefix("pytorch_tutor")


def _take_out() -> dict[str, ModuleType]:
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in NAMES}


class Child:
    """Goes with what a process tells a process that it starts afresh: unpickling it installs the engine there too.

    The new process reads this first and only then imports the program, whose first line may be ``import torch``.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return install, ()


def told_to_children(name: str) -> dict[str, Any]:
    """``multiprocessing``'s own message to a process that it starts, and the engine."""
    return {**_tell[0](name), "pytorch_tutor": Child()}


_tell: list[Callable[[str], dict[str, Any]]] = []  # multiprocessing.spawn's own function, while it is replaced


def reach_children() -> None:
    """Processes that this one starts by spawning (always so on Windows and macOS) find the engine as ``torch`` too."""
    try:
        from multiprocessing import spawn
    except ImportError:  # in a browser: there are no processes
        return
    _tell.append(spawn.get_preparation_data)
    spawn.get_preparation_data = told_to_children


def leave_children() -> None:
    """Processes are started as before."""
    if _tell:
        from multiprocessing import spawn

        spawn.get_preparation_data = _tell.pop()  # type: ignore[assignment]


def install() -> None:
    """From now on ``import torch`` gives this engine in this process, whether or not PyTorch is installed."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        _set_aside.update(_take_out())
        sys.meta_path.insert(0, Finder())
        rename_classes()
        reach_children()


def uninstall() -> None:
    """``import torch`` is PyTorch again."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]
    leave_children()
    _take_out()
    for kind, module in _renamed.items():
        kind.__module__ = module
    _renamed.clear()
    sys.modules.update(_set_aside)
    _set_aside.clear()


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext pytorch_tutor``: ``import torch`` in this notebook gives the engine."""
    install()


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext pytorch_tutor``: ``import torch`` is PyTorch again."""
    uninstall()


def main(arguments: Sequence[str]) -> int:
    """``python -m pytorch_tutor run script.py [args]``: runs a script as ``python script.py [args]`` would."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print("usage: pytorch-tutor run SCRIPT [arguments]\n\nRuns a script written for PyTorch on this engine.")
        return 0 if arguments else 2
    script = Path(arguments[0])
    if not script.is_file():
        print(f"pytorch-tutor run: there is no file {arguments[0]!r}", file=sys.stderr)
        return 2
    install()
    before = sys.argv, sys.path[:]
    sys.argv = [str(script), *arguments[1:]]
    sys.path.insert(0, str(script.resolve().parent))
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as stop:
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
            return 1
        return int(stop.code or 0)
    finally:
        sys.argv, sys.path[:] = before
        uninstall()
    return 0
