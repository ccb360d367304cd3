"""flex_attention: attention whose scores pass through a function of yours, or whose mask is one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import arange


class BlockMask:
    """Which key each query may see, as `mask_mod` says; PyTorch keeps it in blocks, the engine as one boolean tensor."""

    def __init__(self, mask: Any, mask_mod: Callable[..., Any]) -> None:
        self.mask = mask
        self.mask_mod = mask_mod

    @property
    def shape(self) -> Any:
        """(B, H, queries, keys)"""
        return self.mask.shape

    def sparsity(self) -> float:
        """The part that is masked, in percent."""
        return 100.0 * (1.0 - float(self.mask.float().mean().item()))

    def to(self, device: Any) -> BlockMask:
        """The mask on another device."""
        return BlockMask(self.mask.to(device), self.mask_mod)


def _grid(batch: int, heads: int, queries: int, keys: int, place: Any) -> tuple[Any, Any, Any, Any]:
    """The numbers b, h, q, k of every score, each along its own dimension."""
    return (
        arange(batch, device=place).view(-1, 1, 1, 1),
        arange(heads, device=place).view(1, -1, 1, 1),
        arange(queries, device=place).view(1, 1, -1, 1),
        arange(keys, device=place).view(1, 1, 1, -1),
    )


def create_mask(mod_fn: Any, B: int | None, H: int | None, Q_LEN: int, KV_LEN: int, device: Any = "cpu") -> Any:
    """The boolean tensor (B, H, queries, keys) of `mod_fn(b, h, q, k)`; B or H None: 1, for all alike."""
    batch, heads = B or 1, H or 1
    return mod_fn(*_grid(batch, heads, Q_LEN, KV_LEN, device)).expand(batch, heads, Q_LEN, KV_LEN)


def create_block_mask(
    mask_mod: Any, B: int | None, H: int | None, Q_LEN: int, KV_LEN: int, device: Any = "cpu", **options: Any
) -> BlockMask:
    """The mask of `mask_mod(b, h, q, k)`, to be handed to `flex_attention`.

    >>> from pytorch_tutor.nn.attention.flex_attention import create_block_mask
    >>> create_block_mask(lambda b, h, q, k: q >= k, None, None, 2, 2).mask
    tensor([[[[ True, False],
              [ True,  True]]]])
    """
    return BlockMask(create_mask(mask_mod, B, H, Q_LEN, KV_LEN, device), mask_mod)


def and_masks(*mask_mods: Any) -> Any:
    """A mask function that is true where all of them are."""

    def both(b: Any, h: Any, q: Any, k: Any) -> Any:
        result = mask_mods[0](b, h, q, k)
        for mod in mask_mods[1:]:
            result = result & mod(b, h, q, k)
        return result

    return both


def or_masks(*mask_mods: Any) -> Any:
    """A mask function that is true where one of them is."""

    def either(b: Any, h: Any, q: Any, k: Any) -> Any:
        result = mask_mods[0](b, h, q, k)
        for mod in mask_mods[1:]:
            result = result | mod(b, h, q, k)
        return result

    return either


def flex_attention(
    query: Any,
    key: Any,
    value: Any,
    score_mod: Any = None,
    block_mask: BlockMask | None = None,
    scale: float | None = None,
    enable_gqa: bool = False,
    return_lse: bool = False,
    **options: Any,
) -> Any:
    r"""$\mathrm{softmax}(\text{score\_mod}(q k^\top \cdot \text{scale}))\, v$ over the keys that `block_mask` allows.

    Shapes: query (B, H, L, E), key (B, H, S, E), value (B, H, S, Ev), result (B, H, L, Ev). `score_mod(score, b, h, q,
    k)` is called once, on all scores, with the numbers of their places; it must be made of tensor operations, as in
    PyTorch. A query that may see nothing gets zeros. With `return_lse` also the logarithm of the softmax's sum.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.nn.attention.flex_attention import flex_attention
    >>> x = torch.ones(1, 1, 2, 4)
    >>> flex_attention(x, x, x, score_mod=lambda score, b, h, q, k: score + (q - k)).shape
    torch.Size([1, 1, 2, 4])
    """
    for name, tensor in (("query", query), ("key", key), ("value", value)):
        if tensor.dim() != 4:
            raise lesson(
                NotImplementedError("NYI: query, key, and value must be 4D tensors"),
                expected="(batch, heads, length, size)",
                got=f"{name} {tuple(tensor.shape)}",
            )
    if enable_gqa and query.size(1) != key.size(1):
        times = query.size(1) // key.size(1)
        key, value = key.repeat_interleave(times, 1), value.repeat_interleave(times, 1)
    scores = query @ key.transpose(-2, -1) * (1 / math.sqrt(query.size(-1)) if scale is None else scale)
    if score_mod is not None:
        batch, heads, queries, keys = scores.shape
        scores = score_mod(scores, *_grid(batch, heads, queries, keys, scores.device))
    if block_mask is not None:
        scores = scores.masked_fill(~block_mask.mask, -math.inf)
    total = scores.logsumexp(-1)
    weights = (scores - total.unsqueeze(-1)).exp()
    if block_mask is not None:
        weights = weights.masked_fill(~block_mask.mask, 0.0)  # a row of -inf alone would be NaN
    result = weights.to(value.dtype) @ value
    return (result, total) if return_lse else result


__all__ = ["BlockMask", "and_masks", "create_block_mask", "create_mask", "flex_attention", "or_masks"]
