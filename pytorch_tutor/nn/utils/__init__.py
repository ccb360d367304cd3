"""Tools around modules: clipping gradients, parameters as one vector, packed sequences, parametrizations, pruning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytorch_tutor.later import Later as _Later
from pytorch_tutor.nn.utils import parametrizations, parametrize, rnn
from pytorch_tutor.nn.utils.clip_grad import (
    clip_grad_norm,
    clip_grad_norm_,
    clip_grad_value_,
    clip_grads_with_norm_,
    get_total_norm,
)
from pytorch_tutor.nn.utils.convert_parameters import parameters_to_vector, vector_to_parameters
from pytorch_tutor.nn.utils.init import skip_init
from pytorch_tutor.nn.utils.spectral_norm import remove_spectral_norm, spectral_norm
from pytorch_tutor.nn.utils.weight_norm import remove_weight_norm, weight_norm

if TYPE_CHECKING:  # loaded when first asked for
    from pytorch_tutor.nn.utils import prune

_later = _Later(__name__, ["prune"])
__getattr__, __dir__ = _later, _later.dir

__all__ = [
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
    "parameters_to_vector",
    "parametrizations",
    "parametrize",
    "prune",
    "remove_spectral_norm",
    "remove_weight_norm",
    "rnn",
    "skip_init",
    "spectral_norm",
    "vector_to_parameters",
    "weight_norm",
]
