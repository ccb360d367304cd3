"""Attention: every position looks at all others and takes a mixture of what it finds."""

from __future__ import annotations

import math
import warnings
from typing import Any

from pytorch_tutor.backends import cuda
from pytorch_tutor.creation import ones, zeros, zeros_like
from pytorch_tutor.dispatch import apply
from pytorch_tutor.dtypes import bool as boolean
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions.matrix import bmm
from pytorch_tutor.functions.shape import cat
from pytorch_tutor.functions.weighted import baddbmm
from pytorch_tutor.graph.observers import observers
from pytorch_tutor.nn.functional._arguments import c_name, require_tensor
from pytorch_tutor.nn.functional.activation import softmax
from pytorch_tutor.nn.functional.dropout import dropout
from pytorch_tutor.nn.functional.linear import linear
from pytorch_tutor.nn.functional.padding import pad
from pytorch_tutor.ops.attention import ScaledDotProductFlashAttentionForCpu
from pytorch_tutor.precision import lowered
from pytorch_tutor.refusals import refuse


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    r"""$\operatorname{softmax}(q k^\top / \sqrt E + m) \, v$.

    Shapes: query (..., L, E), key (..., S, E), value (..., S, V); result (..., L, V). `attn_mask` is a bool tensor, True
    where attention is allowed, or numbers that are added. `is_causal` hides what comes later. Source: A. Vaswani et
    al., "Attention is all you need", 2017.
    """
    for position, (name, t) in enumerate((("query", query), ("key", key), ("value", value)), start=1):
        require_tensor(t, "scaled_dot_product_attention", name, position)
    if observers.op_entered:
        query, key, value, attn_mask = lowered(query, key, value, attn_mask)
    _check(query, key, value)
    refuse(query.dtype, "bool int", RuntimeError("expected scalar type Float but found {type}"))
    if is_causal and attn_mask is not None:
        raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    if enable_gqa:
        repeat = query.shape[-3] // key.shape[-3]
        key, value = key.repeat_interleave(repeat, -3), value.repeat_interleave(repeat, -3)
    mask = attn_mask
    if is_causal:
        mask = ones(query.shape[-2], key.shape[-2], dtype=boolean).tril()
    if mask is not None and mask.dtype is boolean:
        mask = zeros_like(mask, dtype=query.dtype).masked_fill_(mask.logical_not(), float("-inf"))
    learned = mask is not None and mask.requires_grad
    if _fused(query, key, value, plain=dropout_p == 0.0 and not learned):
        return apply(
            ScaledDotProductFlashAttentionForCpu,
            query,
            key,
            value,
            mask=None if mask is None else mask._array,
            scale=scale,
        )
    factor = math.sqrt(1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    scores = (query * factor).matmul((key * factor).transpose(-2, -1))
    if mask is not None:
        scores = scores + mask
    weights = softmax(scores, dim=-1)
    if mask is not None:
        nothing = (scores == float("-inf")).all(-1, keepdim=True)
        weights = weights.masked_fill(nothing, 0.0)  # a row that may look at nothing gives zero
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p)
    return weights.matmul(value)


def _fused(query: Any, key: Any, value: Any, plain: bool) -> bool:
    """Shall one operation do it all? RuntimeError where the switches of :mod:`torch.backends.cuda` leave no way."""
    flash, math_allowed = cuda.flash_sdp_enabled(), cuda.math_sdp_enabled()
    if not flash and not math_allowed:
        raise lesson(
            RuntimeError(
                "No viable backend for scaled_dot_product_attention was found. This is likely due to turning off both the "
                "math kernel and the fused kernels."
            ),
            expected="SDPBackend.FLASH_ATTENTION or SDPBackend.MATH: the two ways on a CPU",
            got="neither is allowed",
        )
    if flash and plain and query.dim() == 4 and query.shape[-1] == key.shape[-1] == value.shape[-1]:
        return True
    if not math_allowed:
        raise lesson(
            RuntimeError("No available kernel.  Aborting execution."),
            expected="four dimensions, heads of one size, no dropout, and a mask that needs no gradient",
            hint="sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.MATH])",
        )
    return False


def _check(query: Any, key: Any, value: Any) -> None:
    if not (query.dtype is key.dtype is value.dtype):
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got "
            f"query.dtype: {c_name(query)} key.dtype: {c_name(key)} and value.dtype: {c_name(value)} instead."
        )
    dims = (query.dim(), key.dim(), value.dim())
    if min(dims) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, "
            f"but got query.dim: {dims[0]} key.dim: {dims[1]} and value.dim: {dims[2]} instead."
        )


# ---------------------------------------------------------------------- many heads
def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    static_v: Any = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Any, Any]:
    """Projects query, key and value, attends in several heads at once, and projects the result.

    Shapes: query (L, N, E) or (L, E), key and value (S, N, ...); result the query's shape, and the attention weights.
    """
    batched = _check_shapes(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not batched:
        query, key, value = query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    target, batch, width = query.shape
    key_padding_mask = _additive(
        key_padding_mask, "key_padding_mask", query.dtype, None if attn_mask is None else attn_mask.dtype
    )
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. "
            "You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and key_padding_mask is None and not need_weights:
        attn_mask = None
    else:
        attn_mask = _additive(attn_mask, "attn_mask", query.dtype)
        is_causal = is_causal and key_padding_mask is None
    if width != embed_dim_to_check:
        raise AssertionError(f"was expecting embedding dimension of {embed_dim_to_check}, but got {width}")
    head = width // num_heads
    if head * num_heads != width:
        raise AssertionError(f"embed_dim {width} not divisible by num_heads {num_heads}")
    if use_separate_proj_weight:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
            )
        biases = (None,) * 3 if in_proj_bias is None else in_proj_bias.chunk(3)
        weights = (q_proj_weight, k_proj_weight, v_proj_weight)
        q, k, v = (linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))
    else:
        if key.shape != value.shape:
            raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")
        q, k, v = _project(query, key, value, in_proj_weight, in_proj_bias)
    if attn_mask is not None:
        attn_mask = _three_dimensional(attn_mask, target, key.shape[0], batch * num_heads)
    if bias_k is not None and bias_v is not None:
        k, v = cat([k, bias_k.repeat(1, batch, 1)]), cat([v, bias_v.repeat(1, batch, 1)])
        attn_mask, key_padding_mask = _one_more(attn_mask), _one_more(key_padding_mask)
    q = q.reshape(target, batch * num_heads, head).transpose(0, 1)
    k = _as_heads(k, static_k, batch * num_heads, head, "static_k")
    v = _as_heads(v, static_v, batch * num_heads, head, "static_v")
    if add_zero_attn:
        zero = zeros(batch * num_heads, 1, head, dtype=k.dtype)
        k, v = cat([k, zero], dim=1), cat([v, zero], dim=1)
        attn_mask, key_padding_mask = _one_more(attn_mask), _one_more(key_padding_mask)
    source = k.shape[1]
    if key_padding_mask is not None:
        attn_mask = _merged(attn_mask, key_padding_mask, batch, num_heads, source)
    dropout_p = dropout_p if training else 0.0
    if need_weights:
        attention, averaged = _weighted(q, k, v, attn_mask, dropout_p, is_causal)
        attention = attention.transpose(0, 1).reshape(target * batch, width)
        output = linear(attention, out_proj_weight, out_proj_bias).view(target, batch, out_proj_weight.shape[0])
        averaged = averaged.view(batch, num_heads, target, source)
        if average_attn_weights:
            averaged = averaged.mean(dim=1)
        return (output, averaged) if batched else (output.squeeze(1), averaged.squeeze(0))
    if attn_mask is not None:
        single = attn_mask.shape[0] == 1
        attn_mask = attn_mask.unsqueeze(0) if single else attn_mask.view(batch, num_heads, -1, source)
    query, key, value = (t.reshape(batch, num_heads, t.shape[1], head) for t in (q, k, v))
    attention = scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal)
    attention = attention.permute(2, 0, 1, 3).reshape(batch * target, width)
    output = linear(attention, out_proj_weight, out_proj_bias).view(target, batch, out_proj_weight.shape[0])
    return (output if batched else output.squeeze(1)), None


def _weighted(q: Any, k: Any, v: Any, mask: Any, dropout_p: float, is_causal: bool) -> tuple[Any, Any]:
    """Attention that also gives its weights."""
    scaled = q * math.sqrt(1.0 / float(q.shape[2]))
    if is_causal and mask is None:
        raise AssertionError("FIXME: is_causal not implemented for need_weights")
    across = k.transpose(-2, -1)
    scores = bmm(scaled, across) if mask is None else baddbmm(mask, scaled, across)
    weights = softmax(scores, dim=-1)
    if dropout_p > 0.0:
        weights = dropout(weights, p=dropout_p)
    return bmm(weights, v), weights


def _project(query: Any, key: Any, value: Any, weight: Any, bias: Any) -> tuple[Any, Any, Any]:
    """Query, key and value by the three parts of one weight; equal inputs share a product."""
    width = query.shape[-1]
    if key is value and query is key:
        together = linear(query, weight, bias)
        together = together.unflatten(-1, (3, width)).unsqueeze(0).transpose(0, -2).squeeze(-2).contiguous()
        return together[0], together[1], together[2]
    weights = weight.chunk(3)
    biases = (None,) * 3 if bias is None else bias.chunk(3)
    q, k, v = (linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))
    return q, k, v


def _additive(mask: Any, name: str, dtype: Any, other: Any = None) -> Any:
    """A mask as numbers to add: 0 where attention is allowed, minus infinity where not."""
    if mask is None:
        return None
    if mask.dtype is not boolean and not mask.is_floating_point():
        raise AssertionError(f"only bool and floating types of {name} are supported")
    if other is not None and mask.dtype is not other:
        warnings.warn(
            f"Support for mismatched {name} and attn_mask is deprecated. Use same type for both instead.",
            stacklevel=3,
        )
    if mask.is_floating_point():
        return mask
    return zeros_like(mask, dtype=dtype).masked_fill_(mask, float("-inf"))


def _three_dimensional(mask: Any, target: int, source: int, rows: int) -> Any:
    if mask.dim() == 2:
        if tuple(mask.shape) != (target, source):
            raise RuntimeError(f"The shape of the 2D attn_mask is {mask.shape}, but should be {(target, source)}.")
        return mask.unsqueeze(0)
    if mask.dim() == 3:
        if tuple(mask.shape) != (rows, target, source):
            raise RuntimeError(
                f"The shape of the 3D attn_mask is {mask.shape}, but should be {(rows, target, source)}."
            )
        return mask
    raise RuntimeError(f"attn_mask's dimension {mask.dim()} is not supported")


def _one_more(mask: Any) -> Any:
    return None if mask is None else pad(mask, (0, 1))


def _as_heads(given: Any, static: Any, rows: int, head: int, name: str) -> Any:
    if static is None:
        return given.reshape(given.shape[0], rows, head).transpose(0, 1)
    if static.shape[0] != rows:
        raise AssertionError(f"expecting {name}.size(0) of {rows}, but got {static.shape[0]}")
    if static.shape[2] != head:
        raise AssertionError(f"expecting {name}.size(2) of {head}, but got {static.shape[2]}")
    return static


def _merged(mask: Any, padding: Any, batch: int, heads: int, source: int) -> Any:
    for axis, size in ((0, batch), (1, source)):
        if padding.shape[axis] != size:
            raise AssertionError(f"Expected key_padded_mask.shape[{axis}] to be {size}, but got {padding.shape[axis]}")
    spread = padding.view(batch, 1, 1, source).expand(-1, heads, -1, -1).reshape(batch * heads, 1, source)
    return spread if mask is None else mask + spread


def _check_shapes(query: Any, key: Any, value: Any, key_padding_mask: Any, attn_mask: Any, num_heads: int) -> bool:
    """Is there a batch dimension? AssertionError where the arguments disagree."""
    ndim = query.dim()
    if ndim not in (2, 3):
        raise AssertionError(f"query should be unbatched 2D or batched 3D tensor but received {ndim}-D query tensor")
    kind = f"{'batched' if ndim == 3 else 'unbatched'} ({ndim}-D)"
    if key.dim() != ndim or value.dim() != ndim:
        raise AssertionError(
            f"For {kind} `query`, expected `key` and `value` to be {ndim}-D "
            f"but found {key.dim()}-D and {value.dim()}-D tensors respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != ndim - 1:
        raise AssertionError(
            f"For {kind} `query`, expected `key_padding_mask` to be `None` or {ndim - 1}-D "
            f"but found {key_padding_mask.dim()}-D tensor instead"
        )
    if attn_mask is not None:
        if attn_mask.dim() not in (2, 3):
            raise AssertionError(
                f"For {kind} `query`, expected `attn_mask` to be `None`, 2-D or 3-D "
                f"but found {attn_mask.dim()}-D tensor instead"
            )
        if ndim == 2 and attn_mask.dim() == 3:
            expected = (num_heads, query.shape[0], key.shape[0])
            if tuple(attn_mask.shape) != expected:
                raise AssertionError(f"Expected `attn_mask` shape to be {expected} but got {attn_mask.shape}")
    return bool(ndim == 3)
