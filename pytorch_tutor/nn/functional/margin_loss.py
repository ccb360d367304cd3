"""Losses that ask for a margin: the right answer is to be better than the wrong ones by some distance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.functions.arithmetic import minimum, where
from pytorch_tutor.nn.functional._arguments import (
    check_broadcast,
    legacy_reduction,
    reduced,
    reduction_name,
    scalar_name,
    shape_text,
)
from pytorch_tutor.nn.functional.activation import logsigmoid
from pytorch_tutor.nn.functional.distance import pairwise_distance
from pytorch_tutor.ops.loss import MultilabelMarginLoss, MultiMarginLoss
from pytorch_tutor.precision import in_full
from pytorch_tutor.refusals import refuse

Flag = bool | None


@in_full
def hinge_embedding_loss(
    input: Any,
    target: Any,
    margin: float = 1.0,
    size_average: Flag = None,
    reduce: Flag = None,
    reduction: str = "mean",
) -> Any:
    r"""$x$ where the target is 1, $\max(0, \text{margin} - x)$ where it is -1."""
    reduction = reduction_name(reduction, size_average, reduce)
    if input.dtype.rank < 3:  # PyTorch keeps to whole numbers
        two = "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator"
        refuse(input.dtype, "bool", RuntimeError(f"{two} instead."))
        margin = int(margin)
    apart = where(target != 1, (margin - input).clamp_min(0), input.new_zeros(()))
    together = where(target != -1, input, input.new_zeros(()))
    return reduced(apart + together, reduction)


@in_full
def margin_ranking_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0,
    size_average: Flag = None,
    reduce: Flag = None,
    reduction: str = "mean",
) -> Any:
    r"""$\max(0, -y (x_1 - x_2) + \text{margin})$: with y = 1 the first is to be larger."""
    reduction = reduction_name(reduction, size_average, reduce)
    if input1.dim() != input2.dim() or input1.dim() != target.dim():
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"input1: {input1.size()}, input2: {input2.size()}, target: {target.size()} "
        )
    return reduced((-target * (input1 - input2) + margin).clamp_min(0), reduction)


@in_full
def cosine_embedding_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0,
    size_average: Flag = None,
    reduce: Flag = None,
    reduction: str = "mean",
) -> Any:
    r"""$1 - \cos(x_1, x_2)$ where the target is 1, $\max(0, \cos(x_1, x_2) - \text{margin})$ where it is -1."""
    reduction = reduction_name(reduction, size_average, reduce)
    if target.dim() not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if target.dim() == 1 and (input1.dim() != 2 or input2.dim() != 2):
        raise RuntimeError(
            "1D target tensor expects 2D input tensors, but found inputs with sizes "
            f"{shape_text(input1.shape)} and {shape_text(input2.shape)}."
        )
    if target.dim() == 0 and (input1.dim() != 1 or input2.dim() != 1):
        raise RuntimeError(
            "0D target tensor expects 1D input tensors, but found inputs with sizes "
            f"{shape_text(input1.shape)} and {shape_text(input2.shape)}."
        )
    axis = target.dim()
    product = (input1 * input2).sum(axis)
    first = (input1 * input1).sum(axis) + 1e-12
    second = (input2 * input2).sum(axis) + 1e-12
    cosine = product / (first * second).sqrt()
    check_broadcast(target, cosine)
    zero = cosine.new_zeros(())
    similar = where(target == 1, 1 - cosine, zero)
    different = where(target == -1, (cosine - margin).clamp_min(0), zero)
    return reduced(similar + different, reduction)


@in_full
def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: Flag = None,
    reduce: Flag = None,
    reduction: str = "mean",
) -> Any:
    r"""$\max(0, d(a, p) - d(a, n) + \text{margin})$. Source: V. Balntas et al., "Learning local feature descriptors", 2016."""
    reduction = reduction_name(reduction, size_average, reduce)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    dims = (anchor.dim(), positive.dim(), negative.dim())
    if len(set(dims)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, "
            f"but got: anchor {dims[0]}D, positive {dims[1]}D, and negative {dims[2]}D inputs"
        )
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced((margin + near - far).clamp_min(0), reduction)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[[Any, Any], Any] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """`triplet_margin_loss` with a distance of your own."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    dims = (anchor.dim(), positive.dim(), negative.dim())
    if len(set(dims)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, "
            f"but got: anchor {dims[0]}D, positive {dims[1]}D, and negative {dims[2]}D inputs"
        )
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduced((margin + near - far).clamp_min(0), reduction)


def multi_margin_loss(
    input: Any,
    target: Any,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    size_average: Flag = None,
    reduce: Flag = None,
    reduction: str = "mean",
) -> Any:
    r"""$\frac1C \sum_{i \ne t} \max(0, \text{margin} - x_t + x_i)^p$. Shapes: input (N, C), target (N) of classes."""
    reduction = reduction_name(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.dim() != 1:
        raise ValueError("weight must be one-dimensional")
    count = input.shape[0] if input.dim() == 2 else 1
    if input.dim() > 2 or input.dim() and input.shape[-1] == 0:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {shape_text(input.shape)}"
        )
    if target.dim() > 1 or target.numel() != count:
        if count == 1 and input.dim() < 2:
            raise RuntimeError(f"inconsistent target size, expected {count} but got {shape_text(target.shape)}")
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples "
            f"(batch size). Expected target size [{count}], but got {shape_text(target.shape)}. "
            f"Input has shape {shape_text(input.shape)}."
        )
    return apply(
        MultiMarginLoss,
        input,
        target=target._array,
        weight=None if weight is None else weight._array,
        p=p,
        margin=margin,
        reduction=reduction,
    )


def multilabel_margin_loss(
    input: Any, target: Any, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean"
) -> Any:
    r"""$\frac1C \sum_{t \in T} \sum_{i \notin T} \max(0, 1 - x_t + x_i)$; a row of `target` lists labels up to the first -1."""
    reduction = reduction_name(reduction, size_average, reduce)
    if input.dim() > 2 or input.dim() and input.shape[-1] == 0:
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {shape_text(input.shape)}"
        )
    if target.shape != input.shape:
        raise RuntimeError(
            f"inconsistent target size: {shape_text(target.shape)} for input of size: {shape_text(input.shape)}"
        )
    if target._array.dtype != "int64":
        raise RuntimeError(f"expected scalar type Long but found {scalar_name(target)}")
    return apply(MultilabelMarginLoss, input, target=target._array, reduction=reduction)


def multilabel_soft_margin_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: Flag = None,
    reduce: Flag = None,
    reduction: str = "mean",
) -> Any:
    """Binary cross entropy of each label, averaged over the classes."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    loss = loss.sum(dim=input.dim() - 1) / input.size(input.dim() - 1)
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    return reduced(loss, reduction)
