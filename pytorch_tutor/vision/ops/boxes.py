"""Boxes: rectangles as rows (left, top, right, bottom), how much they overlap, and which of many to keep."""

from __future__ import annotations

from typing import Any

import numpy as np

import pytorch_tutor as torch


def box_area(boxes: torch.Tensor) -> torch.Tensor:
    """Width times height of each box (N, 4).

    >>> import pytorch_tutor as torch
    >>> box_area(torch.tensor([[0.0, 0.0, 2.0, 3.0]]))
    tensor([6.])
    """
    boxes = _up(boxes)
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def _up(t: torch.Tensor) -> torch.Tensor:
    """A type in which products of sides do not overflow."""
    if t.is_floating_point():
        return t if t.dtype in (torch.float32, torch.float64) else t.float()
    return t if t.dtype in (torch.int64, torch.int32) else t.int()


def _overlap(boxes1: torch.Tensor, boxes2: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Areas of intersection and of union, for each pair."""
    top_left = torch.max(boxes1[..., None, :2], boxes2[..., None, :, :2])
    bottom_right = torch.min(boxes1[..., None, 2:], boxes2[..., None, :, 2:])
    sides = _up(bottom_right - top_left).clamp(min=0)
    inter = sides[..., 0] * sides[..., 1]
    return inter, box_area(boxes1)[..., None] + box_area(boxes2)[..., None, :] - inter


def box_iou(boxes1: torch.Tensor, boxes2: torch.Tensor, fmt: str = "xyxy") -> torch.Tensor:
    """Intersection over union of each of N boxes with each of M: (N, M).

    >>> import pytorch_tutor as torch
    >>> box_iou(torch.tensor([[0.0, 0.0, 2.0, 2.0]]), torch.tensor([[1.0, 0.0, 3.0, 2.0]]))
    tensor([[0.3333]])
    """
    if fmt != "xyxy":
        boxes1, boxes2 = box_convert(boxes1, fmt, "xyxy"), box_convert(boxes2, fmt, "xyxy")
    inter, union = _overlap(boxes1, boxes2)
    return inter / union


def _hull(boxes1: torch.Tensor, boxes2: torch.Tensor) -> torch.Tensor:
    """Width and height of the smallest box around each pair."""
    top_left = torch.min(boxes1[..., None, :2], boxes2[..., None, :, :2])
    bottom_right = torch.max(boxes1[..., None, 2:], boxes2[..., None, :, 2:])
    return _up(bottom_right - top_left).clamp(min=0)


def generalized_box_iou(boxes1: torch.Tensor, boxes2: torch.Tensor) -> torch.Tensor:
    """IoU less the part of the smallest box around both that neither covers. Source: H. Rezatofighi et al., 2019."""
    inter, union = _overlap(boxes1, boxes2)
    sides = _hull(boxes1, boxes2)
    area = sides[..., 0] * sides[..., 1]
    return inter / union - (area - union) / area


def distance_box_iou(boxes1: torch.Tensor, boxes2: torch.Tensor, eps: float = 1e-7) -> torch.Tensor:
    """IoU less the squared distance of the centres over that of the corners around both. Source: Z. Zheng et al., 2019."""
    boxes1, boxes2 = _up(boxes1), _up(boxes2)
    sides = _hull(boxes1, boxes2)
    diagonal = sides[..., 0] ** 2 + sides[..., 1] ** 2 + eps
    centres = [(b[..., :2] + b[..., 2:]) / 2 for b in (boxes1, boxes2)]
    between = _up(centres[0][..., None, :] - centres[1][..., None, :, :])
    return box_iou(boxes1, boxes2) - (between**2).sum(-1) / diagonal


def complete_box_iou(boxes1: torch.Tensor, boxes2: torch.Tensor, eps: float = 1e-7) -> torch.Tensor:
    """:func:`distance_box_iou` less a term for different proportions."""
    boxes1, boxes2 = _up(boxes1), _up(boxes2)
    iou, diou = box_iou(boxes1, boxes2), distance_box_iou(boxes1, boxes2, eps)
    angles = []
    for boxes in (boxes1, boxes2):
        angles.append(torch.atan((boxes[..., 2] - boxes[..., 0]) / (boxes[..., 3] - boxes[..., 1])))
    v = 4 / torch.pi**2 * (angles[0][..., None] - angles[1][..., None, :]) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + eps)
    return diou - alpha * v


def box_convert(boxes: torch.Tensor, in_fmt: str, out_fmt: str) -> torch.Tensor:
    """Other numbers for the same boxes: "xyxy" corners, "xywh" corner and size, "cxcywh" centre and size.

    >>> import pytorch_tutor as torch
    >>> box_convert(torch.tensor([[1.0, 1.0, 3.0, 5.0]]), "xyxy", "cxcywh")
    tensor([[2., 3., 2., 4.]])
    """
    allowed = ("xyxy", "xywh", "cxcywh")
    if in_fmt not in allowed or out_fmt not in allowed:
        raise ValueError(f"Unsupported Bounding Box Conversions for given in_fmt {in_fmt} and out_fmt {out_fmt}")
    if in_fmt == out_fmt:
        return boxes.clone()
    a, b, c, d = boxes.unbind(-1)
    if in_fmt == "xywh":
        c, d = a + c, b + d
    elif in_fmt == "cxcywh":
        a, b, c, d = a - 0.5 * c, b - 0.5 * d, a + 0.5 * c, b + 0.5 * d
    if out_fmt == "xywh":
        c, d = c - a, d - b
    elif out_fmt == "cxcywh":
        a, b, c, d = (a + c) / 2, (b + d) / 2, c - a, d - b
    return torch.stack((a, b, c, d), dim=-1)


def clip_boxes_to_image(boxes: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Boxes cut at the border of a picture of ``size`` (height, width)."""
    height, width = size
    xs, ys = boxes[..., 0::2].clamp(min=0, max=width), boxes[..., 1::2].clamp(min=0, max=height)
    return torch.stack((xs, ys), dim=boxes.dim()).reshape(boxes.shape)


def remove_small_boxes(boxes: torch.Tensor, min_size: float) -> torch.Tensor:
    """The numbers of the boxes whose sides are at least ``min_size``."""
    keep = (boxes[:, 2] - boxes[:, 0] >= min_size) & (boxes[:, 3] - boxes[:, 1] >= min_size)
    return torch.where(keep)[0]


def masks_to_boxes(masks: torch.Tensor) -> torch.Tensor:
    """The smallest box around the pixels that are not zero, for each mask (N, H, W); (N, 4)."""
    if masks.numel() == 0:
        return torch.zeros((masks.shape[0], 4), device=masks.device, dtype=torch.float)
    boxes = torch.zeros((masks.shape[0], 4), device=masks.device, dtype=torch.float)
    for i, mask in enumerate(masks):
        y, x = torch.where(mask != 0)
        boxes[i] = torch.stack([torch.min(x), torch.min(y), torch.max(x), torch.max(y)]).float()
    return boxes


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Keeps the best box and drops those that overlap it by more than ``iou_threshold``, and so on: their numbers.

    >>> import pytorch_tutor as torch
    >>> boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 2.1], [5.0, 5.0, 6.0, 6.0]])
    >>> nms(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.5)
    tensor([1, 2])
    """
    if boxes.dim() != 2:
        raise RuntimeError(f"boxes should be a 2d tensor, got {boxes.dim()}D")
    if boxes.size(1) != 4:
        raise RuntimeError(f"boxes should have 4 elements in dimension 1, got {boxes.size(1)}")
    if scores.dim() != 1:
        raise RuntimeError(f"scores should be a 1d tensor, got {scores.dim()}D")
    if boxes.size(0) != scores.size(0):
        raise RuntimeError(
            "boxes and scores should have same number of elements in dimension 0, got "
            f"{boxes.size(0)} and {scores.size(0)}"
        )
    corners = boxes.detach().cpu().numpy()
    order = np.argsort(-scores.detach().cpu().numpy(), kind="stable")
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    kept: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        sides = np.minimum(corners[best, 2:], corners[rest, 2:]) - np.maximum(corners[best, :2], corners[rest, :2])
        inter = np.clip(sides, 0, None).prod(1)
        order = rest[inter / (areas[best] + areas[rest] - inter) <= iou_threshold]
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)


def batched_nms(boxes: torch.Tensor, scores: torch.Tensor, idxs: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """:func:`nms` for each class of ``idxs`` by itself: boxes of different classes are moved far apart."""
    if boxes.numel() == 0:
        return torch.empty((0,), dtype=torch.int64, device=boxes.device)
    apart: Any = idxs.to(boxes) * (boxes.max() + torch.tensor(1).to(boxes))
    return nms(boxes + apart[:, None], scores, iou_threshold)
