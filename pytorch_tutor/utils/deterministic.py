"""``torch.utils.deterministic``: what memory holds that nobody has written to, under deterministic algorithms."""

from __future__ import annotations

import sys
from types import ModuleType

from pytorch_tutor.graph.mode import everywhere


class _Deterministic(ModuleType):
    @property
    def fill_uninitialized_memory(self) -> bool:
        """Do ``torch.empty`` and its kin fill memory with nan, or the largest whole number? Only while
        ``torch.use_deterministic_algorithms(True)`` holds."""
        return everywhere.fill_memory

    @fill_uninitialized_memory.setter
    def fill_uninitialized_memory(self, mode: bool) -> None:
        if not isinstance(mode, bool):
            raise RuntimeError(f"expected a bool, but got {type(mode).__name__}")
        everywhere.fill_memory = mode


sys.modules[__name__].__class__ = _Deterministic
