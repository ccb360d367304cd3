"""``torchvision.ops``: blocks of networks, boxes, and losses of detectors."""

from . import boxes, misc
from .boxes import (
    batched_nms, box_area, box_convert, box_iou, clip_boxes_to_image, complete_box_iou, distance_box_iou,
    generalized_box_iou, masks_to_boxes, nms, remove_small_boxes,
)  # fmt: skip
from .losses import distance_box_iou_loss, generalized_box_iou_loss, sigmoid_focal_loss
from .misc import (
    MLP, Conv2dNormActivation, Conv3dNormActivation, ConvNormActivation, FrozenBatchNorm2d, Permute, SqueezeExcitation,
)  # fmt: skip
from .roi import RoIAlign, RoIPool, roi_align, roi_pool
from .stochastic import DropBlock2d, StochasticDepth, drop_block2d, stochastic_depth

__all__ = [
    "MLP", "Conv2dNormActivation", "Conv3dNormActivation", "ConvNormActivation", "DropBlock2d", "FrozenBatchNorm2d",
    "Permute", "RoIAlign", "RoIPool", "SqueezeExcitation", "StochasticDepth", "batched_nms", "box_area", "box_convert",
    "box_iou", "clip_boxes_to_image", "complete_box_iou", "distance_box_iou", "distance_box_iou_loss", "drop_block2d",
    "generalized_box_iou", "generalized_box_iou_loss", "masks_to_boxes", "nms", "remove_small_boxes", "roi_align",
    "roi_pool", "sigmoid_focal_loss", "stochastic_depth",
]  # fmt: skip
