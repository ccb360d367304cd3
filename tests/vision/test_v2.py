"""The second version of the transforms: whole samples, the roles of tensors, and the same draws for all parts."""

from __future__ import annotations

import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision import tv_tensors
from pytorch_tutor.vision.transforms import v2

PICTURE = (torch.arange(3 * 20 * 24) % 251).reshape(3, 20, 24).to(torch.uint8)
MASK = tv_tensors.Mask((torch.arange(480) % 3).reshape(20, 24))
BOXES = tv_tensors.BoundingBoxes(torch.tensor([[2, 3, 10, 12], [0, 0, 5, 5]]), format="XYXY", canvas_size=(20, 24))
# What torchvision 0.28 gives for picture (sum), mask (sum) and boxes, after torch.manual_seed(3).
GOLDEN = {
    "RandomHorizontalFlip(1)": [173895, 480, [[14, 3, 22, 12], [19, 0, 24, 5]], (20, 24)],
    "RandomVerticalFlip(1)": [173895, 480, [[2, 8, 10, 17], [0, 15, 5, 20]], (20, 24)],
    "CenterCrop(10)": [36636, 100, [[0, 0, 3, 7], [0, 0, 0, 0]], (10, 10)],
    "Pad(2)": [173895, 480, [[4, 5, 12, 14], [2, 2, 7, 7]], (24, 28)],
    "RandomCrop(12)": [51039, 144, [[0, 0, 4, 8], [0, 0, 0, 1]], (12, 12)],
}


@pytest.mark.parametrize("case", GOLDEN)
def test_mask_and_boxes_follow_the_picture(case: str) -> None:
    transform = eval(f"v2.{case}")
    torch.manual_seed(3)
    picture, mask, boxes, label = transform(tv_tensors.Image(PICTURE), MASK, BOXES, 5)
    kinds = [type(part).__name__ for part in (picture, mask, boxes)]
    assert kinds == ["Image", "Mask", "BoundingBoxes"]
    assert [int(picture.long().sum()), int(mask.sum()), boxes.tolist(), boxes.canvas_size] == GOLDEN[case]
    assert label == 5


def test_all_parts_are_cropped_at_the_same_place() -> None:
    rows = torch.arange(20).reshape(20, 1).expand(20, 24).contiguous()
    torch.manual_seed(0)
    picture, mask = v2.RandomCrop(7)(tv_tensors.Image(rows.expand(3, 20, 24).to(torch.uint8)), tv_tensors.Mask(rows))
    assert torch.equal(tv_tensors.plain(picture)[0].long(), tv_tensors.plain(mask))


def test_only_the_first_plain_tensor_is_a_picture() -> None:
    first, second = torch.ones(3, 4, 4), torch.ones(3, 4, 4)
    a, b = v2.Resize(2)(first, second)
    assert (a.shape, b.shape) == ((3, 2, 2), (3, 4, 4))
    sample = v2.Resize(2)({"picture": first, "label": 3, "more": (second,)})
    assert (sample["picture"].shape, sample["label"], sample["more"][0].shape) == ((3, 2, 2), 3, (3, 4, 4))


def test_kinds_of_pictures() -> None:
    chain = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.5] * 3)])
    picture, label = chain(PICTURE, 1)
    assert (type(picture).__name__, picture.dtype, label) == ("Image", torch.float32, 1)
    assert float(picture.min()) == -1.0
    assert type(v2.ToPureTensor()(picture)) is torch.Tensor
    assert v2.ToDtype({tv_tensors.Mask: torch.int64, "others": None})(MASK).dtype is torch.int64
    assert v2.RGB()(torch.ones(1, 2, 2)).shape == (3, 2, 2)
    assert type(picture + 1) is torch.Tensor


def test_representations() -> None:
    assert repr(v2.Resize(5)) == "Resize(size=[5], interpolation=bilinear, antialias=True)"
    assert repr(v2.ToDtype(torch.float32, scale=True)) == "ToDtype(scale=True)"
    assert repr(v2.Compose([v2.ToImage(), v2.RGB()])) == "Compose(\n      ToImage()\n      RGB()\n)"
    assert repr(BOXES).endswith("format=BoundingBoxFormat.XYXY, canvas_size=(20, 24), clamping_mode=soft)")


def test_a_turn_of_boxes_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="RandomRotation of boxes is not here"):
        v2.RandomRotation((30, 30))(tv_tensors.Image(PICTURE), BOXES)


def test_mixtures_mix_labels_too() -> None:
    torch.manual_seed(0)
    for mixture in (v2.MixUp(num_classes=4), v2.CutMix(num_classes=4)):
        pictures, labels = mixture(torch.rand(4, 3, 8, 8), torch.tensor([0, 1, 2, 3]))
        assert pictures.shape == (4, 3, 8, 8)
        assert labels.sum(1).tolist() == pytest.approx([1.0] * 4)
    with pytest.raises(ValueError, match="num_classes must be passed"):
        v2.MixUp()(torch.rand(2, 3, 4, 4), torch.tensor([0, 1]))
