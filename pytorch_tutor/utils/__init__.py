"""Helpers around a model: `data` brings samples in batches, `checkpoint` saves memory, `benchmark` measures time."""

from typing import TYPE_CHECKING

from pytorch_tutor.later import Later as _Later
from pytorch_tutor.utils import hooks

if TYPE_CHECKING:  # loaded when first asked for
    from pytorch_tutor.utils import _pytree, benchmark, checkpoint, data, deterministic, dlpack, model_zoo, tensorboard
    from pytorch_tutor.utils.swap import swap_tensors

_later = _Later(
    __name__,
    ["_pytree", "benchmark", "checkpoint", "data", "deterministic", "dlpack", "model_zoo", "tensorboard"],
    {"swap_tensors": "swap.swap_tensors"},
)
__getattr__, __dir__ = _later, _later.dir

__all__ = [
    "_pytree", "benchmark", "checkpoint", "data", "deterministic", "dlpack", "hooks", "model_zoo", "swap_tensors",
    "tensorboard",
]  # fmt: skip
