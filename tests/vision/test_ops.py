"""Boxes, regions and losses: numbers worked out by hand, or by a slower way."""

from __future__ import annotations

import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision import io, ops, utils

BOXES = torch.tensor([[0.0, 0.0, 2.0, 2.0], [1.0, 0.0, 3.0, 2.0], [10.0, 10.0, 11.0, 12.0]])


def test_overlaps() -> None:
    assert ops.box_area(BOXES).tolist() == [4.0, 4.0, 2.0]
    iou = ops.box_iou(BOXES, BOXES)
    assert iou.diagonal().tolist() == [1.0] * 3
    assert iou[0, 1].item() == pytest.approx(1 / 3)
    assert iou[0, 2] == 0
    assert ops.generalized_box_iou(BOXES[:1], BOXES[2:]).item() == pytest.approx(-(132 - 6) / 132)
    assert ops.distance_box_iou(BOXES[:1], BOXES[1:2]).item() == pytest.approx(1 / 3 - 1 / 13)
    assert ops.complete_box_iou(BOXES[:1], BOXES[1:2]).item() == pytest.approx(1 / 3 - 1 / 13)  # same proportions


@pytest.mark.parametrize("kind", ["xywh", "cxcywh"])
def test_conversion_and_back(kind: str) -> None:
    there = ops.box_convert(BOXES, "xyxy", kind)
    assert torch.equal(ops.box_convert(there, kind, "xyxy"), BOXES)
    with pytest.raises(ValueError, match="Unsupported Bounding Box Conversions for given in_fmt xyxy and out_fmt q"):
        ops.box_convert(BOXES, "xyxy", "q")


def test_the_best_box_suppresses_those_it_overlaps() -> None:
    scores = torch.tensor([0.3, 0.9, 0.5])
    assert ops.nms(BOXES, scores, 0.3).tolist() == [1, 2]
    assert ops.nms(BOXES, scores, 0.5).tolist() == [1, 2, 0]
    assert ops.batched_nms(BOXES, scores, torch.tensor([0, 1, 0]), 0.3).tolist() == [1, 2, 0]
    with pytest.raises(RuntimeError, match="boxes should be a 2d tensor, got 1D"):
        ops.nms(BOXES[0], scores, 0.5)


def test_small_helpers() -> None:
    assert ops.remove_small_boxes(BOXES, 2.0).tolist() == [0, 1]
    assert ops.clip_boxes_to_image(BOXES, (11, 2))[2].tolist() == [2.0, 10.0, 2.0, 11.0]
    mask = torch.zeros(1, 5, 6)
    mask[0, 1:3, 2:5] = 1
    assert ops.masks_to_boxes(mask).tolist() == [[2.0, 1.0, 4.0, 2.0]]


def test_regions_of_a_slope_are_means_and_maxima() -> None:
    picture = torch.arange(64.0).reshape(1, 1, 8, 8)
    boxes = torch.tensor([[0.0, 0.0, 0.0, 4.0, 4.0]])
    assert ops.roi_pool(picture, boxes, 1).item() == 36.0  # pixels 0 to 4: both ends count
    aligned = ops.roi_align(picture, boxes, 2, sampling_ratio=2, aligned=True)
    # pixel centres lie at .5: a cell of two by two pixels has the mean of its four values
    assert aligned.flatten().tolist() == pytest.approx([4.5, 6.5, 20.5, 22.5])
    picture.requires_grad_()
    ops.RoIAlign(2, 1.0, 2)(picture, [boxes[:, 1:]]).sum().backward()
    assert picture.grad.sum().item() == pytest.approx(4.0)


def test_focal_loss_is_cross_entropy_without_focus() -> None:
    scores, targets = torch.randn(5), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0])
    plain = torch.nn.functional.binary_cross_entropy_with_logits(scores, targets)
    assert torch.allclose(ops.sigmoid_focal_loss(scores, targets, alpha=-1, gamma=0, reduction="mean"), plain)
    assert ops.sigmoid_focal_loss(scores, targets, reduction="sum") < plain * 5
    with pytest.raises(ValueError, match="Invalid Value for arg 'reduction': 'x "):
        ops.sigmoid_focal_loss(scores, targets, reduction="x")
    assert ops.generalized_box_iou_loss(BOXES, BOXES).tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    assert ops.distance_box_iou_loss(BOXES[:1], BOXES[1:2]).item() == pytest.approx(1 - (1 / 3 - 1 / 13), abs=1e-5)


def test_branches_are_left_out_while_training() -> None:
    torch.manual_seed(0)
    layer = ops.StochasticDepth(0.5, "row")
    rows = layer(torch.ones(200, 2))
    assert set(rows.flatten().tolist()) == {0.0, 2.0}
    assert torch.equal(layer.eval()(rows), rows)
    assert repr(layer) == "StochasticDepth(p=0.5, mode=row)"
    blocks = ops.DropBlock2d(0.3, 3)(torch.ones(2, 3, 12, 12))
    assert (blocks == 0).any()
    assert blocks.mean().item() == pytest.approx(1.0, abs=1e-4)


def test_blocks() -> None:
    assert ops.SqueezeExcitation(8, 2)(torch.rand(2, 8, 4, 4)).shape == (2, 8, 4, 4)
    assert ops.MLP(4, [8, 2])(torch.rand(3, 4)).shape == (3, 2)
    assert ops.Permute([1, 0])(torch.rand(2, 3)).shape == (3, 2)
    frozen = ops.FrozenBatchNorm2d(2)
    assert list(frozen.parameters()) == []
    assert torch.allclose(frozen(torch.ones(1, 2, 1, 1)), torch.ones(1, 2, 1, 1), atol=1e-4)


def test_painted_boxes_and_masks() -> None:
    picture = torch.zeros(3, 20, 24, dtype=torch.uint8)
    boxes = torch.tensor([[2, 3, 10, 12]])
    red = utils.draw_bounding_boxes(picture, boxes, colors="red", labels=["cat"])
    assert red[:, 3, 2].tolist() == [255, 0, 0]
    assert red[:, 0, 0].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="Number of boxes \\(1\\) and labels \\(2\\) mismatch"):
        utils.draw_bounding_boxes(picture, boxes, labels=["a", "b"])
    mask = torch.zeros(20, 24, dtype=torch.bool)
    mask[:5] = True
    half = utils.draw_segmentation_masks(picture, mask, alpha=0.5, colors=[(200, 100, 0)])
    assert (half[:, 0, 0].tolist(), half[:, 6, 0].tolist()) == ([100, 50, 0], [0, 0, 0])


def test_pictures_go_to_files_and_back(tmp_path) -> None:  # type: ignore[no-untyped-def]
    picture = (torch.arange(3 * 6 * 5) % 251).reshape(3, 6, 5).to(torch.uint8)
    io.write_png(picture, str(tmp_path / "a.png"))
    assert torch.equal(io.read_image(str(tmp_path / "a.png")), picture)
    assert io.read_image(tmp_path / "a.png", io.ImageReadMode.GRAY).shape == (1, 6, 5)
    assert io.decode_image(io.encode_jpeg(picture, 90), mode="RGB").shape == (3, 6, 5)
    with pytest.raises(RuntimeError, match="No such file or directory"):
        io.read_image(str(tmp_path / "none.png"))
    with pytest.raises(RuntimeError, match="Unsupported image file"):
        io.decode_image(torch.zeros(9, dtype=torch.uint8))
