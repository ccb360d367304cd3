"""Boxes that follow their picture: mirrored, cropped, resized, padded."""

from __future__ import annotations

from typing import Any

import pytorch_tutor as torch

from ....errors import lesson
from ...ops.boxes import box_convert, clip_boxes_to_image
from ...tv_tensors import BoundingBoxes, plain, wrap


def moved(inner: Any, boxes: BoundingBoxes) -> BoundingBoxes:
    """The boxes after ``inner``, found by what it does to two pictures of coordinates.

    Each pixel of these pictures holds its own column, or row; after the transform they tell where pixels came from, and
    a straight line through them says the rest. That holds for mirrors, crops, sizes and borders, not for turns.
    """
    height, width = boxes.canvas_size
    state = torch.get_rng_state()
    found = []
    for axis, size in ((-1, width), (-2, height)):
        torch.set_rng_state(state)
        line = torch.arange(size, dtype=torch.float64) + 0.5
        picture = (line if axis == -1 else line.unsqueeze(-1)).expand(1, height, width).contiguous()
        result = inner(picture)
        if not isinstance(result, torch.Tensor):
            raise _refusal(inner)
        found.append(_slope(result, axis, inner))
    new_size = tuple(result.shape[-2:])
    corners = box_convert(plain(boxes).to(torch.float64), boxes.format.value.lower(), "xyxy")
    (ax, bx), (ay, by) = found
    xs, ys = (corners[:, 0::2] - bx) / ax, (corners[:, 1::2] - by) / ay
    both = torch.stack([xs.amin(1), ys.amin(1), xs.amax(1), ys.amax(1)], 1)
    clipped = clip_boxes_to_image(both, (int(new_size[0]), int(new_size[1])))
    answer = box_convert(clipped, "xyxy", boxes.format.value.lower())
    if not plain(boxes).is_floating_point():
        answer = (answer + 1e-6).trunc()
    made: BoundingBoxes = wrap(answer.to(boxes.dtype), like=boxes, canvas_size=new_size)
    return made


def _slope(picture: torch.Tensor, axis: int, inner: Any) -> tuple[float, float]:
    """``old = a * new + b`` along one axis, from pixels well inside the old picture."""
    line = picture[0].amax(0 if axis == -1 else 1)
    inside = torch.where(line > 0)[0]
    if len(inside) < 3:
        raise _refusal(inner)
    first, last = int(inside[0]) + 1, int(inside[-1]) - 1
    if last <= first:
        first, last = int(inside[0]), int(inside[-1])
    across = picture[0][:, first] if axis == -1 else picture[0][first]
    present = across[across > 0]
    if float(present.amax() - present.amin()) > 1e-6:  # it changes along the other axis too: a turn or a tilt
        raise _refusal(inner)
    a = float(line[last] - line[first]) / (last - first)
    return a, float(line[first]) - a * (first + 0.5)


def _refusal(inner: Any) -> Exception:
    return lesson(
        NotImplementedError(f"{type(inner).__name__} of boxes is not here"),
        expected="boxes with flips, crops, Resize or Pad",
        got=type(inner).__name__,
        hint="turn corners by hand, or leave the boxes out",
    )
