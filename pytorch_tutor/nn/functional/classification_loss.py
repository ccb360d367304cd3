"""Losses for choosing one class of many: negative log likelihood and cross entropy; and CTC for sequences."""

from __future__ import annotations

from math import nan, prod
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.dtypes import int64, uint8
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.functional._arguments import (
    legacy_reduction,
    reduction_name,
    require_float,
    require_tensor,
    scalar_name,
    shape_text,
)
from pytorch_tutor.nn.functional.linear import linear
from pytorch_tutor.ops.arithmetic import Div
from pytorch_tutor.ops.ctc import CtcLoss
from pytorch_tutor.ops.loss import NllLoss, NllLoss2D
from pytorch_tutor.precision import in_full
from pytorch_tutor.refusals import refuse


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    r"""$-\sum_n w_{t_n} x_{n, t_n} / \sum_n w_{t_n}$ for log probabilities x.

    Shapes: input (N, C), (C) or (N, C, *), target the same without C, of class numbers. Targets equal to
    `ignore_index` do not count.
    """
    require_tensor(input, "nll_loss_nd")
    require_tensor(target, "nll_loss_nd", "target", 2)
    return _nll(input, target, weight, reduction_name(reduction, size_average, reduce), ignore_index)


def _nll(input: Any, target: Any, weight: Any, reduction: str, ignore_index: int) -> Any:
    ndim = input.dim()
    if ndim < 1:
        raise ValueError(f"Expected 1 or more dimensions (got {ndim})")
    if ndim != 1 and target.dim() and input.shape[0] != target.shape[0]:
        raise lesson(
            ValueError(f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({target.shape[0]})."),
            expected=f"{input.shape[0]} labels, one for each row of the input",
            got=target.shape[0],
            hint="check the last reshape or flatten of the model: it may have changed the batch",
        )
    if ndim == 1 and target.dim() == 1 and target.shape[0] != 1:
        raise lesson(
            ValueError(f"For 1D input, 1D target must have size 1, but got target size: {target.shape[0]}"),
            expected="one class number for the scores of one sample",
            got=f"{target.shape[0]} class numbers, and scores of shape {shape_text(input.shape)}",
            hint="give the scores the shape (samples, classes)",
        )
    if ndim <= 2 and target.dim() > 1:
        raise lesson(
            RuntimeError("0D or 1D target tensor expected, multi-target not supported"),
            expected="class numbers, one for each sample",
            got=f"a target of shape {shape_text(target.shape)}",
            hint="target.squeeze(1), or target.argmax(1) for one-hot rows; probabilities must be floats",
        )
    if target.dtype is not int64 and target.dtype is not uint8:
        raise lesson(
            RuntimeError(f"expected target dtype to be Long or Byte, but got {scalar_name(target)}"),
            expected="class numbers of torch.int64",
            got=str(target.dtype),
            hint="target.long()",
        )
    if weight is not None:
        classes = input.shape[0] if ndim == 1 else input.shape[1]
        if weight.dim() != 1 or weight.numel() != classes:
            raise RuntimeError(
                f"weight tensor should be defined either for all {classes} classes or no classes "
                f"but got weight tensor of shape: {shape_text(weight.shape)}"
            )
        if weight.dtype is not input.dtype:
            raise RuntimeError(f"expected scalar type {scalar_name(input)} but found {scalar_name(weight)}")
    require_float(input, "nll_loss_out_frame")
    options = {
        "weight": None if weight is None else weight._array,
        "reduction": reduction,
        "ignore_index": ignore_index,
    }
    labels = target._array if target.dtype is int64 else target.long()._array
    if ndim == 1:
        one = apply(NllLoss, input.unsqueeze(0), target=labels.reshape(1), **options)
        return one.squeeze(0) if reduction == "none" and not target.dim() else one
    if ndim == 2:
        return apply(NllLoss, input, target=labels, **options)
    if ndim == 4:
        if input.shape[2:] != target.shape[1:]:
            raise RuntimeError(
                f"size mismatch (got input: {shape_text(input.shape)} , target: {shape_text(target.shape)}"
            )
        return apply(NllLoss2D, input, target=labels, **options)
    if input.shape[2:] != target.shape[1:]:
        expected = shape_text((input.shape[0], *input.shape[2:]))
        raise RuntimeError(f"Expected target size {expected}, got {shape_text(target.shape)}")
    n, c = input.shape[:2]
    rest = prod(input.shape[2:])
    loss = apply(NllLoss2D, input.reshape(n, c, 1, rest), target=labels.reshape(n, 1, rest), **options)
    return loss.reshape(target.shape) if reduction == "none" else loss


@in_full
def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    r"""`nll_loss(log_softmax(input), target)`: scores of any size become probabilities, and the right one is to be 1.

    Shapes: input (N, C), (C) or (N, C, *); target class numbers of the same shape without C, or probabilities of the
    same shape. With `label_smoothing` $\epsilon$ every class gets $\epsilon / C$ of the target.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.cross_entropy(torch.zeros(1, 2), torch.tensor([0]))
    tensor(0.6931)

    Raises IndexError for a label that is not a class, ValueError where the numbers of samples differ.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    reduction = reduction_name(reduction)
    require_tensor(input, "cross_entropy_loss")
    require_tensor(target, "cross_entropy_loss", "target", 2)
    if input._array.shape == target._array.shape:
        return _soft_cross_entropy(input, target, weight, reduction, ignore_index, label_smoothing)
    last = input._array.ndim <= 2
    refuse(input.dtype, "bool int complex", f"log_softmax_{'lastdim_' if last else ''}kernel_impl")
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")
    log_probability = input.log_softmax(0 if input.dim() == 1 else 1)
    if label_smoothing > 0:
        return _smoothed(log_probability, target, weight, reduction, ignore_index, label_smoothing)
    return _nll(log_probability, target, weight, reduction, ignore_index)


def linear_cross_entropy(
    input: Any,
    linear_weight: Any,
    target: Any,
    *,
    linear_bias: Any = None,
    weight: Any = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: Any = None,
) -> Any:
    """`cross_entropy(linear(input, linear_weight, linear_bias), target)`.

    Shapes: input (N, in) or (in), linear_weight (C, in) or (C, d1, ..., in). `options` concern PyTorch's memory only.
    """
    if input.dim() not in (1, 2):
        raise RuntimeError(f"expected input with dimensionality 1 or 2, got {input.dim()}")
    if linear_weight.dim() < 2:
        raise RuntimeError(f"expected linear_weight with dimensionality at least 2, got {linear_weight.dim()}")
    batch, features = input.shape[:-1], input.shape[-1]
    if features != linear_weight.shape[-1]:
        raise RuntimeError(
            "expected equal input and linear_weight last dimensions (in_features), "
            f"got {features} and {linear_weight.shape[-1]}, respectively"
        )
    outputs = tuple(linear_weight.shape[:-1])
    if linear_bias is not None and tuple(linear_bias.shape) != outputs:
        raise RuntimeError(f"expected linear_bias shape {outputs}, got {tuple(linear_bias.shape)}")
    if len(outputs) > 1 and not batch:
        raise RuntimeError(
            f"K-dimensional loss defined by linear_weight shape {tuple(linear_weight.shape)} requires batched input, "
            f"(N, {features}), got unbatched input with shape {tuple(input.shape)}"
        )
    logits_shape = (*batch, *outputs)
    if tuple(target.shape) == logits_shape and ignore_index is not None:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    rows = linear_weight.reshape(-1, features)
    logits = linear(input, rows, None if linear_bias is None else linear_bias.reshape(-1)).reshape(logits_shape)
    return cross_entropy(
        logits,
        target,
        weight=weight,
        reduction=reduction,
        ignore_index=-100 if ignore_index is None else ignore_index,
        label_smoothing=label_smoothing,
    )


def _soft_cross_entropy(
    input: Any, target: Any, weight: Any, reduction: str, ignore_index: int, smoothing: float
) -> Any:
    """Targets are probabilities."""
    if target._array.dtype.kind not in "fc":
        raise lesson(
            RuntimeError(
                f"Expected floating point type for target with class probabilities, got {scalar_name(target)}"
            ),
            expected="class numbers of shape (N), or probabilities of the input's shape",
            got=f"{target.dtype} of shape {shape_text(target.shape)}",
            hint="target.argmax(1) if the rows are one-hot",
        )
    if ignore_index >= 0:
        raise RuntimeError("ignore_index is not supported for floating point target")
    axis = 0 if input.dim() == 1 else 1
    classes = input.shape[axis] if input.dim() else 1
    if weight is not None and (weight.dim() != 1 or weight.numel() != classes):
        raise RuntimeError(
            "cross_entropy: weight tensor should be defined either for all "
            f"{classes} classes or no classes but got weight tensor of shape: {shape_text(weight.shape)}"
        )
    log_probability = input.log_softmax(axis)
    if smoothing > 0:
        target = target * (1 - smoothing) + smoothing / classes
    product = log_probability * target
    if weight is not None:
        product = product * weight.reshape([-1 if i == axis else 1 for i in range(input.dim())])
    if reduction == "none":
        return -product.sum(axis)
    total = -product.sum()
    if reduction == "sum":
        return total
    return apply(Div, total, input.numel() / classes if input.numel() else nan, variant=1)


def _smoothed(
    log_probability: Any, target: Any, weight: Any, reduction: str, ignore_index: int, smoothing: float
) -> Any:
    """The usual loss, mixed with the average loss over all classes."""
    nll = _nll(log_probability, target, weight, reduction, ignore_index)
    axis = 0 if log_probability.dim() == 1 else 1
    classes = log_probability.shape[axis]
    if weight is None:
        smooth = -log_probability.sum(axis)
    else:
        shape = [-1 if i == axis else 1 for i in range(log_probability.dim())]
        smooth = -(log_probability * weight.reshape(shape)).sum(axis)
    ignored = target == ignore_index
    smooth = smooth.masked_fill(ignored.reshape(smooth.shape), 0.0)
    if reduction == "mean":
        if weight is None:
            count = (~ignored).sum()
            smooth = smooth.sum() / count
        else:
            safe = target.masked_fill(ignored, 0).long()
            total = weight[safe].masked_fill(ignored, 0.0).sum()
            smooth = smooth.sum() / total
    elif reduction == "sum":
        smooth = smooth.sum()
    return nll * (1 - smoothing) + smooth * (smoothing / classes)


def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Any:
    """Minus the log probability of a label sequence, summed over all ways to stretch it in time.

    Shapes: log_probs (T, N, C) or (T, C), targets (N, S) or their concatenation, lengths (N). Source: A. Graves et al.,
    "Connectionist temporal classification", 2006.
    """
    reduction = reduction_name(reduction)
    require_tensor(log_probs, "ctc_loss", "log_probs", 1)
    single = log_probs.dim() == 2
    lp = log_probs.unsqueeze(1) if single else log_probs
    steps = _lengths(input_lengths)
    labels = _lengths(target_lengths)
    classes = lp.shape[2]
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    if len(steps) != lp.shape[1]:
        raise RuntimeError("input_lengths must be of size batch_size")
    if len(labels) != lp.shape[1]:
        raise RuntimeError("target_lengths must be of size batch_size")
    flat = targets._array.reshape(-1) if single else targets._array
    rows = []
    start = 0
    for n, count in enumerate(labels):
        if flat.ndim == 1:
            rows.append(flat[start : start + count])
            start += count
        else:
            rows.append(flat[n, :count])
    if max(steps, default=0) > lp.shape[0]:
        raise RuntimeError(
            f"Expected input_lengths to have value at most {lp.shape[0]}, but got value {max(steps)} "
            "(while checking arguments for ctc_loss_cpu)"
        )
    losses = apply(CtcLoss, lp, targets=rows, steps=steps, blank=blank, zero_infinity=zero_infinity)
    if zero_infinity:
        losses = losses.masked_fill(losses == float("inf"), 0.0)
    if reduction == "mean":
        return (losses / losses.new_tensor([max(count, 1) for count in labels])).mean()
    return losses.sum() if reduction == "sum" else losses.squeeze(0) if single else losses


def _lengths(lengths: Any) -> list[int]:
    if isinstance(lengths, (tuple, list)):
        return [int(n) for n in lengths]
    if isinstance(lengths, int):
        return [lengths]
    return [int(n) for n in lengths._array.reshape(-1)]
