"""Regions of interest: a grid of values from each box of a picture's features, by mean or by maximum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn


def _rows(boxes: Any) -> torch.Tensor:
    """Boxes as rows (number of the picture, left, top, right, bottom), also from a list with a tensor per picture."""
    if isinstance(boxes, torch.Tensor):
        if boxes.size(1) != 5:
            raise AssertionError("The boxes tensor shape is not correct as Tensor[K, 5]")
        return boxes
    numbers = [torch.full_like(b[:, :1], i) for i, b in enumerate(boxes)]
    return torch.cat([torch.cat(numbers, 0), torch.cat(list(boxes), 0)], 1)


def _pair(size: int | Sequence[int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def roi_align(
    input: torch.Tensor,
    boxes: Any,
    output_size: int | Sequence[int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
    aligned: bool = False,
) -> torch.Tensor:
    """The mean of some points, found between pixels, in each cell of a grid over each box.

    Args:
        input: features (N, C, H, W).
        boxes: (K, 5), or a list with (L, 4) per picture.
        output_size: of the grid.
        spatial_scale: what to multiply boxes by, to be in the features' pixels.
        sampling_ratio: points per cell and axis; -1 for as many as there are pixels.
        aligned: half a pixel's shift, so that pixels' centres are where they are.

    Shapes: (K, C, height, width).

    Source: K. He et al., Mask R-CNN, 2017.
    """
    rows, (high, wide) = _rows(boxes), _pair(output_size)
    height, width = input.shape[-2:]
    results = []
    for row in rows.detach().tolist():
        picture = input[int(row[0])]
        shift = 0.5 if aligned else 0.0
        left, top, right, bottom = (value * spatial_scale - shift for value in row[1:])
        across, down = right - left, bottom - top
        if not aligned:
            across, down = max(across, 1.0), max(down, 1.0)
        ys = _points(top, down / high, high, sampling_ratio)
        xs = _points(left, across / wide, wide, sampling_ratio)
        values = _between(picture, ys, xs, height, width)
        cells = values.reshape(picture.shape[0], high, len(ys) // high, wide, len(xs) // wide)
        results.append(cells.mean((2, 4)))
    return torch.stack(results) if results else input.new_zeros((0, input.shape[1], high, wide))


def _points(start: float, cell: float, cells: int, ratio: int) -> torch.Tensor:
    """The places along one axis: so many in each cell, evenly spread."""
    count = ratio if ratio > 0 else max(1, -int(-cell // 1))
    return torch.tensor([start + cell * (i + (j + 0.5) / count) for i in range(cells) for j in range(count)])


def _between(picture: torch.Tensor, ys: torch.Tensor, xs: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Values at all pairs of places, from the four pixels around each; nothing from far outside."""
    axes = []
    for places, size in ((ys, height), (xs, width)):
        inside = ((places >= -1.0) & (places <= size)).to(picture.dtype)
        at = places.clamp(0, size - 1)
        low = at.floor().long()
        axes.append((low, (low + 1).clamp(max=size - 1), (at - low).to(picture.dtype), inside))
    (top, bottom, down, in_y), (left, right, across, in_x) = axes
    upper = picture[:, top][:, :, left] * (1 - across) + picture[:, top][:, :, right] * across
    lower = picture[:, bottom][:, :, left] * (1 - across) + picture[:, bottom][:, :, right] * across
    return (upper * (1 - down)[:, None] + lower * down[:, None]) * (in_y[:, None] * in_x)


def roi_pool(
    input: torch.Tensor, boxes: Any, output_size: int | Sequence[int], spatial_scale: float = 1.0
) -> torch.Tensor:
    """The largest value in each cell of a grid over each box, whose corners are rounded to pixels.

    Shapes: (K, C, height, width). Source: R. Girshick, Fast R-CNN, 2015.
    """
    rows, (high, wide) = _rows(boxes), _pair(output_size)
    height, width = input.shape[-2:]
    results = []
    for row in rows.detach().tolist():
        picture = input[int(row[0])]
        left, top, right, bottom = (_round(value * spatial_scale) for value in row[1:])
        across, down = max(right - left + 1, 1) / wide, max(bottom - top + 1, 1) / high
        cells = []
        for i in range(high):
            y0, y1 = _edges(i, down, top, height)
            for j in range(wide):
                x0, x1 = _edges(j, across, left, width)
                if y0 < y1 and x0 < x1:
                    cells.append(picture[:, y0:y1, x0:x1].amax((1, 2)))
                else:
                    cells.append(picture.new_zeros(picture.shape[0]))
        results.append(torch.stack(cells, 1).reshape(picture.shape[0], high, wide))
    return torch.stack(results) if results else input.new_zeros((0, input.shape[1], high, wide))


def _round(value: float) -> int:
    """Halves away from zero, as C rounds."""
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)


def _edges(i: int, cell: float, start: int, size: int) -> tuple[int, int]:
    first, last = int(i * cell // 1) + start, -int(-((i + 1) * cell) // 1) + start
    return min(max(first, 0), size), min(max(last, 0), size)


class RoIAlign(nn.Module):
    """:func:`roi_align` as a module."""

    def __init__(self, output_size: Any, spatial_scale: float, sampling_ratio: int, aligned: bool = False) -> None:
        super().__init__()
        self.output_size, self.spatial_scale = output_size, spatial_scale
        self.sampling_ratio, self.aligned = sampling_ratio, aligned

    def forward(self, input: torch.Tensor, rois: Any) -> torch.Tensor:
        return roi_align(input, rois, self.output_size, self.spatial_scale, self.sampling_ratio, self.aligned)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(output_size={self.output_size}, spatial_scale={self.spatial_scale}, "
            f"sampling_ratio={self.sampling_ratio}, aligned={self.aligned})"
        )


class RoIPool(nn.Module):
    """:func:`roi_pool` as a module."""

    def __init__(self, output_size: Any, spatial_scale: float) -> None:
        super().__init__()
        self.output_size, self.spatial_scale = output_size, spatial_scale

    def forward(self, input: torch.Tensor, rois: Any) -> torch.Tensor:
        return roi_pool(input, rois, self.output_size, self.spatial_scale)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(output_size={self.output_size}, spatial_scale={self.spatial_scale})"
