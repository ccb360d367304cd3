"""Saving and loading: PyTorch's own ``.pt`` files, written and read without torch and without running code.

A ``.pt`` file is a zip archive. ``data.pkl`` describes the object (dictionaries, lists, numbers, and of each tensor
its shape, strides and where its numbers are); ``data/0``, ``data/1``, ... are the numbers, as they lie in memory.
Read ``storages`` (memory), ``pickler`` (the description written), ``unpickler`` (the description read, and why that
is safe), ``archive`` (the zip file), then ``saving`` and ``loading``.
"""

from pytorch_tutor.serialization.globals import (
    add_safe_globals,
    clear_safe_globals,
    get_safe_globals,
    safe_globals,
)
from pytorch_tutor.serialization.loading import get_unsafe_globals_in_checkpoint, load
from pytorch_tutor.serialization.saving import save

__all__ = [
    "add_safe_globals",
    "clear_safe_globals",
    "get_safe_globals",
    "get_unsafe_globals_in_checkpoint",
    "load",
    "safe_globals",
    "save",
]
