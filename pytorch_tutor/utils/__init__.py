"""Helpers around a model: `data` brings samples in batches, `checkpoint` saves memory, `hooks` holds handles of hooks."""

from pytorch_tutor.utils import checkpoint, data, hooks

__all__ = ["checkpoint", "data", "hooks"]
