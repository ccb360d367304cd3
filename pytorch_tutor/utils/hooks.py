"""The handle that a ``register_*_hook`` method returns: it removes the hook again."""

from __future__ import annotations

import weakref
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

__all__ = ["RemovableHandle"]


class RemovableHandle:
    """Removes one entry from a dictionary of hooks.

    Only a weak reference to the dictionary is kept, so that a forgotten handle does not keep a model alive.
    The handle is also a context manager: the hook is gone at the end of the ``with`` block.

    Args:
        hooks_dict: the (ordered) dictionary in which the hook is stored under ``handle.id``.
        extra_dict: further dictionaries that hold something under the same id.

    Example::

        >>> from collections import OrderedDict
        >>> hooks = OrderedDict()
        >>> handle = RemovableHandle(hooks)
        >>> hooks[handle.id] = print
        >>> handle.remove()
        >>> len(hooks)
        0
    """

    id: int
    next_id: int = 0

    def __init__(self, hooks_dict: MutableMapping[int, Any], *, extra_dict: Any = None) -> None:
        self.hooks_dict_ref = weakref.ref(hooks_dict)
        self.id = RemovableHandle.next_id
        RemovableHandle.next_id += 1
        extras = [] if extra_dict is None else [extra_dict] if isinstance(extra_dict, dict) else list(extra_dict)
        self.extra_dict_ref = tuple(weakref.ref(d) for d in extras)

    def remove(self) -> None:
        """Take the hook out; a second call does nothing."""
        for reference in (self.hooks_dict_ref, *self.extra_dict_ref):
            hooks = reference()
            if hooks is not None and self.id in hooks:
                del hooks[self.id]

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.remove()
