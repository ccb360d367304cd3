"""The forms that these functions have directly under `torch`, where the order of some arguments differs."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.nn import functional as F
from pytorch_tutor.ops.activation import LogSoftmaxGradient, SoftmaxGradient


def batch_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool = True,
) -> Any:
    """`nn.functional.batch_norm` with the parameters before the statistics."""
    return F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def instance_norm(
    input: Any,
    weight: Any,
    bias: Any,
    running_mean: Any,
    running_var: Any,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool = True,
) -> Any:
    """`nn.functional.instance_norm` with the parameters before the statistics."""
    return F.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


def layer_norm(
    input: Any,
    normalized_shape: Any,
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Any:
    """`nn.functional.layer_norm`."""
    return F.layer_norm(input, normalized_shape, weight, bias, eps)


def group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5, cudnn_enabled: bool = True
) -> Any:
    """`nn.functional.group_norm`."""
    return F.group_norm(input, num_groups, weight, bias, eps)


def _statistics(rows: Any, dims: Any, eps: float, keepdim: bool) -> tuple[Any, Any]:
    """Mean and reciprocal deviation."""
    return rows.mean(dims, keepdim), (rows.var(dims, correction=0, keepdim=keepdim) + eps).rsqrt()


def native_layer_norm(input: Any, normalized_shape: Any, weight: Any, bias: Any, eps: float) -> tuple[Any, Any, Any]:
    """`layer_norm` with the mean and the reciprocal deviation of each sample, which take no part in the graph.

    >>> import pytorch_tutor as torch
    >>> torch.native_layer_norm(torch.tensor([[1.0, 3.0]]), (2,), None, None, 0.0)
    (tensor([[-1.,  1.]]), tensor([[2.]]), tensor([[1.]]))
    """
    dims = tuple(range(-len(normalized_shape), 0))
    return F.layer_norm(input, normalized_shape, weight, bias, eps), *_statistics(input.detach(), dims, eps, True)


def native_group_norm(
    input: Any, weight: Any, bias: Any, N: int, C: int, HxW: int, group: int, eps: float
) -> tuple[Any, Any, Any]:
    """`group_norm` with the mean and the reciprocal deviation of each group, through which gradients flow."""
    rows = input.reshape(N, group, C * HxW // group)
    return F.group_norm(input, group, weight, bias, eps), *_statistics(rows, 2, eps, False)


def native_batch_norm(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool, momentum: float, eps: float
) -> tuple[Any, Any, Any]:
    """`batch_norm` with the mean and the reciprocal deviation of each channel; at inference these are empty."""
    dims = (0, *range(2, input.dim()))
    known = _statistics(input.detach(), dims, eps, False) if training else (input.new_empty(0), input.new_empty(0))
    return F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps), *known


def grid_sampler(input: Any, grid: Any, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Any:
    """`nn.functional.grid_sample` with numbered modes: bilinear, nearest, bicubic; zeros, border, reflection."""
    mode = ("bilinear", "nearest", "bicubic")[interpolation_mode]
    return F.grid_sample(input, grid, mode, ("zeros", "border", "reflection")[padding_mode], align_corners)


grid_sampler_2d = grid_sampler_3d = grid_sampler


def dropout(input: Any, p: float, train: bool) -> Any:
    """`nn.functional.dropout`."""
    return F.dropout(input, p, train)


def alpha_dropout(input: Any, p: float, train: bool) -> Any:
    """`nn.functional.alpha_dropout`."""
    return F.alpha_dropout(input, p, train)


def feature_alpha_dropout(input: Any, p: float, train: bool) -> Any:
    """`nn.functional.feature_alpha_dropout`."""
    return F.feature_alpha_dropout(input, p, train)


def embedding(
    weight: Any, indices: Any, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Any:
    """`nn.functional.embedding` with the table first."""
    row = None if padding_idx < 0 else padding_idx
    return F.embedding(indices, weight, row, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, pos_weight: Any = None, reduction: int = 1
) -> Any:
    """`nn.functional.binary_cross_entropy_with_logits` with numbered reductions: 0 none, 1 mean, 2 sum."""
    return F.binary_cross_entropy_with_logits(
        input,
        target,
        weight,
        pos_weight=pos_weight,
        reduction=reduction,  # type: ignore[arg-type]
    )


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 0,
) -> Any:
    """`nn.functional.triplet_margin_loss` with numbered reductions; this one does not reduce unless asked."""
    return F.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction=reduction)  # type: ignore[arg-type]


def margin_ranking_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: int = 1) -> Any:
    """`nn.functional.margin_ranking_loss` with numbered reductions."""
    return F.margin_ranking_loss(input1, input2, target, margin, reduction=reduction)  # type: ignore[arg-type]


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, reduction: int = 1) -> Any:
    """`nn.functional.hinge_embedding_loss` with numbered reductions."""
    return F.hinge_embedding_loss(input, target, margin, reduction=reduction)  # type: ignore[arg-type]


def cosine_embedding_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, reduction: int = 1) -> Any:
    """`nn.functional.cosine_embedding_loss` with numbered reductions."""
    return F.cosine_embedding_loss(input1, input2, target, margin, reduction=reduction)  # type: ignore[arg-type]


def kl_div(input: Any, target: Any, reduction: int = 1, log_target: bool = False) -> Any:
    """`nn.functional.kl_div` with numbered reductions."""
    name = ("none", "mean", "sum")[reduction]
    total = F.kl_div(input, target, reduction="none" if name == "mean" else name, log_target=log_target)
    return total.mean() if name == "mean" else total


def poisson_nll_loss(input: Any, target: Any, log_input: bool, full: bool, eps: float, reduction: int) -> Any:
    """`nn.functional.poisson_nll_loss` with numbered reductions."""
    return F.poisson_nll_loss(input, target, log_input, full, eps=eps, reduction=("none", "mean", "sum")[reduction])


def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: int = 1,
    zero_infinity: bool = False,
) -> Any:
    """`nn.functional.ctc_loss` with numbered reductions."""
    return F.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity)  # type: ignore[arg-type]


def softmax_backward_data(grad_output: Any, output: Any, dim: int, input_dtype: Any) -> Any:
    """The gradient of `softmax` from its result: for autograd functions of one's own.

    >>> import pytorch_tutor as torch
    >>> y = torch.tensor([0.25, 0.75])
    >>> torch._softmax_backward_data(torch.tensor([1.0, 0.0]), y, 0, torch.float32)
    tensor([ 0.1875, -0.1875])
    """
    return apply(SoftmaxGradient, grad_output, output, dim=dim % max(output.dim(), 1)).to(input_dtype)


def log_softmax_backward_data(grad_output: Any, output: Any, dim: int, input_dtype: Any) -> Any:
    """The gradient of `log_softmax` from its result."""
    return apply(LogSoftmaxGradient, grad_output, output, dim=dim % max(output.dim(), 1)).to(input_dtype)
