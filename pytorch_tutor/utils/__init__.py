"""Helpers around a model: `data` brings samples in batches, `checkpoint` saves memory, `benchmark` measures time."""

from pytorch_tutor.utils import _pytree, benchmark, checkpoint, data, deterministic, dlpack, hooks, tensorboard
from pytorch_tutor.utils.swap import swap_tensors

__all__ = [
    "_pytree", "benchmark", "checkpoint", "data", "deterministic", "dlpack", "hooks", "swap_tensors", "tensorboard",
]  # fmt: skip
