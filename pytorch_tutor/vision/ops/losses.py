"""Losses for detectors: one that looks away from what is easy, and three on overlapping boxes."""

from __future__ import annotations

import pytorch_tutor as torch
from pytorch_tutor.nn import functional as F


def _reduced(loss: torch.Tensor, reduction: str) -> torch.Tensor:
    if reduction == "mean":
        return loss.mean() if loss.numel() > 0 else 0.0 * loss.sum()
    if reduction == "sum":
        return loss.sum()
    if reduction == "none":
        return loss
    raise ValueError(
        f"Invalid Value for arg 'reduction': '{reduction} \n Supported reduction modes: 'none', 'mean', 'sum'"
    )


def sigmoid_focal_loss(
    inputs: torch.Tensor, targets: torch.Tensor, alpha: float = 0.25, gamma: float = 2, reduction: str = "none"
) -> torch.Tensor:
    r"""Cross entropy of scores with targets 0 and 1, less where the answer is right anyway.

    .. math:: -\alpha_t (1 - p_t)^\gamma \log p_t

    Source: T.-Y. Lin et al., Focal Loss for Dense Object Detection, 2017.
    """
    if not 0 <= alpha <= 1 and alpha != -1:
        raise ValueError(f"Invalid alpha value: {alpha}. alpha must be in the range [0,1] or -1 for ignore.")
    p = torch.sigmoid(inputs)
    loss = F.binary_cross_entropy_with_logits(inputs, targets, reduction="none")
    loss = loss * (1 - (p * targets + (1 - p) * (1 - targets))) ** gamma
    if alpha >= 0:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    return _reduced(loss, reduction)


def _parts(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Intersection and union of corresponding boxes."""
    left, top = torch.max(a[..., 0], b[..., 0]), torch.max(a[..., 1], b[..., 1])
    right, bottom = torch.min(a[..., 2], b[..., 2]), torch.min(a[..., 3], b[..., 3])
    inter = torch.where((bottom > top) & (right > left), (right - left) * (bottom - top), torch.zeros_like(left))
    area = (a[..., 2] - a[..., 0]) * (a[..., 3] - a[..., 1]) + (b[..., 2] - b[..., 0]) * (b[..., 3] - b[..., 1])
    return inter, area - inter


def _around(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    width = torch.max(a[..., 2], b[..., 2]) - torch.min(a[..., 0], b[..., 0])
    return width, torch.max(a[..., 3], b[..., 3]) - torch.min(a[..., 1], b[..., 1])


def generalized_box_iou_loss(
    boxes1: torch.Tensor, boxes2: torch.Tensor, reduction: str = "none", eps: float = 1e-7
) -> torch.Tensor:
    """1 less the generalised IoU of corresponding boxes."""
    inter, union = _parts(boxes1, boxes2)
    width, height = _around(boxes1, boxes2)
    area = width * height
    return _reduced(1 - (inter / (union + eps) - (area - union) / (area + eps)), reduction)


def distance_box_iou_loss(
    boxes1: torch.Tensor, boxes2: torch.Tensor, reduction: str = "none", eps: float = 1e-7
) -> torch.Tensor:
    """1 less the IoU, plus the squared distance of the centres over that of the corners around both."""
    inter, union = _parts(boxes1, boxes2)
    width, height = _around(boxes1, boxes2)
    centres = [(b[..., :2] + b[..., 2:]) / 2 for b in (boxes1, boxes2)]
    distance = ((centres[0] - centres[1]) ** 2).sum(-1)
    return _reduced(1 - inter / (union + eps) + distance / (width**2 + height**2 + eps), reduction)
