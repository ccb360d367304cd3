"""The handle that a ``register_*_hook`` method returns: it takes the hook away again."""

from pytorch_tutor.graph import RemovableHandle

__all__ = ["RemovableHandle"]
