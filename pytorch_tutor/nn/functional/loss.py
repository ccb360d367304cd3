"""Losses that compare numbers with numbers. Classes are in classification_loss.py, distances in margin_loss.py."""

from __future__ import annotations

import math
import warnings
from typing import Any

from pytorch_tutor.autograd import no_grad
from pytorch_tutor.dispatch import apply
from pytorch_tutor.dtypes import promote_types
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions.shape import broadcast_tensors
from pytorch_tutor.nn.functional._arguments import (
    check_broadcast,
    legacy_reduction,
    reduced,
    reduction_name,
    require_float,
    scalar_name,
    warn_sizes,
)
from pytorch_tutor.ops import loss as ops
from pytorch_tutor.precision import in_full
from pytorch_tutor.refusals import refuse


def mse_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Any:
    r"""Mean squared error, $\frac1n \sum_i (x_i - y_i)^2$.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.mse_loss(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 4.0]))
    tensor(2.)
    """
    if target.size() != input.size():
        warn_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    input, target = _together(input, target)
    if weight is not None:
        return _weighted((input - target).pow(2), weight, reduction)
    reduction = reduction_name(reduction)
    require_float(input, "mse_cpu")
    return apply(ops.MseLoss, input, target, reduction=reduction)


def _together(input: Any, target: Any) -> tuple[Any, Any]:
    """Two tensors of one shape and one dtype."""
    if input._array.shape != target._array.shape:
        input, target = _same_shape(input, target)
    if input.dtype is not target.dtype:
        common = promote_types(input.dtype, target.dtype)
        input, target = input.to(common), target.to(common)
    return input, target


def _same_shape(input: Any, target: Any) -> Any:
    """Both broadcast; RuntimeError with PyTorch's sentence where that is impossible."""
    check_broadcast(input, target)
    return broadcast_tensors(input, target)


def _weighted(losses: Any, weight: Any, reduction: str, over_weight: bool = True) -> Any:
    if weight.size() != losses.size():
        raise ValueError("Weights and input must have the same size.")
    weighted = losses * weight
    if reduction == "none":
        return weighted
    if reduction == "sum":
        return weighted.sum()
    if reduction == "mean":
        return weighted.sum() / weight.sum() if over_weight else weighted.mean()
    raise ValueError(f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'.")


@in_full
def l1_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Any:
    r"""Mean absolute error, $\frac1n \sum_i |x_i - y_i|$."""
    if target.size() != input.size():
        warn_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if input._array.shape != target._array.shape:
        input, target = _same_shape(input, target)
    if weight is not None:
        return _weighted((input - target).abs(), weight, reduction)
    return reduced((input - target).abs(), reduction_name(reduction))


def smooth_l1_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Any:
    r"""$d^2 / 2\beta$ where $|d| < \beta$, $|d| - \beta / 2$ elsewhere, $d = x - y$: outliers pull less than in MSE."""
    if target.size() != input.size():
        warn_sizes(input, target)
    reduction = reduction_name(reduction, size_average, reduce)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0.0:
        if input._array.shape != target._array.shape:
            input, target = _same_shape(input, target)
        return reduced((input - target).abs(), reduction)
    input, target = _together(input, target)
    require_float(input, "smooth_l1_cpu")
    return apply(ops.SmoothL1Loss, input, target, reduction=reduction, beta=beta)


def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Any:
    r"""$d^2 / 2$ where $|d| \le \delta$, $\delta (|d| - \delta / 2)$ elsewhere, $d = x - y$."""
    if target.size() != input.size():
        warn_sizes(input, target)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    input, target = _together(input, target)
    require_float(input, "huber_cpu")
    if weight is None:
        return apply(ops.HuberLoss, input, target, reduction=reduction_name(reduction), delta=delta)
    losses = apply(ops.HuberLoss, input, target, reduction="none", delta=delta)
    return _weighted(losses, weight, reduction, over_weight=False)


# ---------------------------------------------------------------------- likelihoods
def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-06, reduction: str = "mean"
) -> Any:
    r"""$\frac12 (\log \sigma^2 + (x - y)^2 / \sigma^2)$: a prediction with its own uncertainty.

    `full` adds the constant $\frac12 \log 2\pi$; `var` is kept above `eps`. Source: D. Nix, A. Weigend, 1994.
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = input.detach() * 0 + var
    elif (var < 0).any():
        raise lesson(
            ValueError("var has negative entry/entries"),
            expected="variances, 0 or above",
            got="a negative one",
            hint="F.softplus(raw_variance)",
        )
    if var.size() != input.size():
        if input.size()[:-1] == var.size():
            var = var.unsqueeze(-1)
        elif input.dim() != var.dim() or sum(b for a, b in zip(input.size(), var.size(), strict=True) if a != b) != 1:
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    var = var.clone()
    with no_grad():
        var.clamp_(min=eps)
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return reduced(loss, reduction)


@in_full
def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-08,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    r"""$e^x - y x$ (or $x - y \log(x + \epsilon)$ without `log_input`): counts with a predicted rate.

    `full` adds Stirling's approximation of $\log y!$.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    loss = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return reduced(loss, reduction)


@in_full
def kl_div(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Any:
    r"""$y (\log y - x)$ with the input already a log probability; use `reduction="batchmean"` for the divergence.

    Source: S. Kullback, R. Leibler, 1951.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    elif reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size."
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
            "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
            stacklevel=2,
        )
    kind = reduction_name("sum" if reduction == "batchmean" else reduction)
    if input.dtype.rank != 3 or target.dtype.rank != 3:
        what = "Complex" if 4 in (input.dtype.rank, target.dtype.rank) else "Integral"
        raise RuntimeError(f"kl_div: {what} inputs not supported.")
    losses = target.exp() * (target - input) if log_target else target.xlogy(target) - target * input
    total = reduced(losses, kind)
    return total / input.size()[0] if reduction == "batchmean" and input.dim() else total


# ---------------------------------------------------------------------- yes or no
def binary_cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    r"""$-(y \log x + (1 - y) \log(1 - x))$ for probabilities x; logarithms are kept at -100 or above.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1.0]))
    tensor(0.6931)
    """
    reduction = reduction_name(reduction, size_average, reduce)
    if target.size() != input.size():
        raise lesson(
            ValueError(
                f"Using a target size ({target.size()}) that is different to the input size ({input.size()}) "
                "is deprecated. Please ensure they have the same size."
            ),
            expected=tuple(input.size()),
            got=tuple(target.size()),
            hint="target.view_as(input), or input.squeeze(1)",
        )
    if weight is not None:
        weight = weight.expand(input.shape)
    require_float(input, "binary_cross_entropy")
    if target.dtype is not input.dtype:
        raise lesson(
            RuntimeError(f"Found dtype {scalar_name(target)} but expected {scalar_name(input)}"),
            expected=str(input.dtype),
            got=str(target.dtype),
            hint="target.float()",
        )
    if target._array.size and not ((target._array >= 0) & (target._array <= 1)).all():
        raise RuntimeError("all elements of target should be between 0 and 1")
    return apply(ops.BinaryCrossEntropy, input, target, weight, reduction=reduction)


def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Any:
    r"""`binary_cross_entropy` of `sigmoid(input)`, in one formula that cannot overflow.

    `pos_weight` multiplies the cost of missing a positive.
    """
    reduction = reduction_name(reduction, size_average, reduce)
    if target.size() != input.size():
        raise lesson(
            ValueError(f"Target size ({target.size()}) must be the same as input size ({input.size()})"),
            expected=tuple(input.size()),
            got=tuple(target.size()),
            hint="target.view_as(input), or input.squeeze(1)",
        )
    require_float(input, "log_sigmoid_cpu")
    if target._array.dtype.kind not in "fc":
        raise lesson(
            RuntimeError(
                f"result type {scalar_name(input)} can't be cast to the desired output type {scalar_name(target)}"
            ),
            expected="a floating point target",
            got=str(target.dtype),
            hint="target.float()",
        )
    input, target = _together(input, target)
    return apply(ops.BinaryCrossEntropyWithLogits, input, target, weight, pos_weight, reduction=reduction)


def soft_margin_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    r"""$\log(1 + e^{-y x})$ for labels of 1 and -1."""
    refuse(input.dtype, "bool int", RuntimeError("result type Float can't be cast to the desired output type {type}"))
    reduction = reduction_name(reduction, size_average, reduce)
    input, target = _together(input, target)
    return apply(ops.SoftMarginLoss, input, target, reduction=reduction)
