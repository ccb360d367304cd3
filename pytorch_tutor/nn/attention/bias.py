"""Causal masks by name: which key a query may see, when there are more keys than queries or fewer."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.dtypes import bool as boolean
from pytorch_tutor.functions import ones
from pytorch_tutor.tensor import Tensor


def causal_upper_left(*size: int) -> Tensor:
    """A boolean mask (queries, keys) for `scaled_dot_product_attention`: query i sees keys up to i.

    >>> import pytorch_tutor as torch
    >>> torch.nn.attention.bias.causal_upper_left(2, 3)
    tensor([[ True, False, False],
            [ True,  True, False]])
    """
    return _mask(size, 0)


def causal_lower_right(*size: int) -> Tensor:
    """A boolean mask (queries, keys): the last query sees every key.

    >>> import pytorch_tutor as torch
    >>> torch.nn.attention.bias.causal_lower_right(2, 3)
    tensor([[ True,  True, False],
            [ True,  True,  True]])
    """
    return _mask(size, size[-1] - size[0] if len(size) == 2 else 0)


def _mask(size: tuple[int, ...], diagonal: int) -> Tensor:
    if len(size) != 2:
        raise AssertionError(f"CausalBias only supports 2D tensors, got {len(size)} dimensions")
    mask: Any = ones(size, dtype=boolean).tril(diagonal)
    return mask
