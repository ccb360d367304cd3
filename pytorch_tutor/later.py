"""Parts of a package that are loaded when they are first asked for, so that ``import pytorch_tutor`` is soon over.

Python calls a module's ``__getattr__`` for a name that the module does not have, and ``__dir__`` for the list of names
(PEP 562). `Later` is both for a package: it knows where the name is to be had, imports that, and keeps what it found in
the package, so that a name is asked for once. Whoever writes ``torch.distributions.Normal`` notices nothing.

A package says twice what it loads later: as ordinary imports under ``if TYPE_CHECKING``, for editors, type checkers and
the test of the layers, and as the table of `Later`. A test holds the two against each other.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from .absent import missing, name_parts


class Later:
    """The modules of a package that are loaded later, and names of the package that stand in such a module.

    >>> from pytorch_tutor.later import Later
    >>> later = Later("email", ["mime", "utils"], {"parseaddr": "utils.parseaddr"})
    >>> later.names
    ['mime', 'parseaddr', 'utils']
    >>> later("parseaddr")("Ada <ada@example.org>"), later.find("nothing")
    (('Ada', 'ada@example.org'), None)
    """

    def __init__(self, package: str, modules: Iterable[str], names: Mapping[str, str] | None = None) -> None:
        self.package = package
        self.modules, self.lifted = frozenset(modules), dict(names or {})
        self.names = sorted({*self.modules, *self.lifted})

    def find(self, name: str) -> Any:
        """What the name stands for, loaded now; None if it is in neither table."""
        if name in self.modules:
            module = importlib.import_module(f"{self.package}.{name}")  # which also puts it into the package
            name_parts()
            return module
        if name not in self.lifted:
            return None
        place, _, inside = self.lifted[name].rpartition(".")
        found = getattr(importlib.import_module(f"{self.package}.{place}"), inside)
        setattr(sys.modules[self.package], name, found)
        return found

    def __call__(self, name: str) -> Any:
        """A package's ``__getattr__``: finds the name, or raises PyTorch's AttributeError."""
        found = self.find(name)
        if found is None:
            raise missing(self.package, name, self.dir())
        return found

    def dir(self) -> list[str]:
        """A package's ``__dir__``: the names that are there, and those that can be had."""
        return sorted({*vars(sys.modules[self.package]), *self.names})
