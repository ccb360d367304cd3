"""The handle that a module's hook registration returns: it removes the hook and its options together."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

from pytorch_tutor.graph import RemovableHandle as GraphHandle


class RemovableHandle(GraphHandle):
    """Takes a hook away again, by `remove()` or at the end of a `with` block; the module is held weakly."""

    def __init__(self, hooks: Any, *, extra_dict: Sequence[Any] = ()) -> None:
        super().__init__(hooks)
        self._extra = tuple(weakref.ref(marks) for marks in extra_dict)

    def remove(self) -> None:
        """Remove the hook; a second call does nothing."""
        super().remove()
        for reference in self._extra:
            marks = reference()
            if marks is not None:
                marks.pop(self.id, None)
