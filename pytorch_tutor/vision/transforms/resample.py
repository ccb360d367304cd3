"""Scaling and turning tensors: scaling is two matrix products, turning is looking up where a pixel came from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import pytorch_tutor as torch

Matrix = Sequence[float]  # a, b, c, d, e, f: (x, y) came from (a x + b y + c, d x + e y + f)


def resize_tensor(image: torch.Tensor, size: Sequence[int], mode: str, antialias: bool) -> torch.Tensor:
    r"""Scales (..., H, W) to (..., h, w): :math:`Y = R\,X\,C^\top`, one matrix for the rows and one for the columns.

    Each row of R and C holds the weights with which old pixels make one new pixel. With ``antialias`` a new pixel that
    covers many old ones is the weighted mean of all of them, as Pillow does; without, only of its neighbours.
    """
    height, width = image.shape[-2:]
    if mode in ("nearest", "nearest-exact"):
        rows, columns = (
            torch.from_numpy(_nearest(old, new, mode)) for old, new in zip((height, width), size, strict=True)
        )
        return image[..., rows[:, None], columns]
    floating = image if image.dtype in (torch.float32, torch.float64) else image.to(torch.float32)
    rows, columns = (
        torch.from_numpy(_weights(old, new, mode, antialias)).to(floating.dtype)
        for old, new in zip((height, width), size, strict=True)
    )
    scaled = torch.matmul(torch.matmul(rows, floating), columns.t())
    if mode == "bicubic" and image.dtype == torch.uint8:
        scaled = scaled.clamp(0, 255)
    return back_to(scaled, image.dtype)


def back_to(image: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Returns ``image`` in ``dtype``, rounded where that is an integer dtype."""
    if image.dtype == dtype:
        return image
    return (image if dtype.is_floating_point else image.round()).to(dtype)


def _nearest(old: int, new: int, mode: str) -> np.ndarray:
    middle = 0.5 if mode == "nearest-exact" else 0.0
    # In float32, as PyTorch: 0.99999994 and 1.0 are different pixels.
    positions = np.floor((np.arange(new, dtype=np.float32) + np.float32(middle)) * np.float32(old / new)).astype(
        np.int64
    )
    return np.minimum(positions, old - 1)


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(0.0, 1.0 - np.abs(x))


def _cubic(x: np.ndarray, a: float) -> np.ndarray:
    """Keys' cubic kernel: R. Keys, Cubic convolution interpolation for digital image processing, 1981."""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def _weights(old: int, new: int, mode: str, antialias: bool) -> np.ndarray:
    """The matrix (new, old) of weights along one side of the picture."""
    scale = old / new
    centres = (np.arange(new) + 0.5) * scale  # of the new pixels, in old pixels
    stretch = max(scale, 1.0) if antialias else 1.0
    if not antialias:
        return _weights_of_neighbours(centres - 0.5, old, mode)
    support = (1.0 if mode == "bilinear" else 2.0) * stretch
    first = np.maximum((centres - support + 0.5).astype(np.int64), 0)
    last = np.minimum((centres + support + 0.5).astype(np.int64), old)
    pixels = np.arange(old)
    distance = (pixels + 0.5 - centres[:, None]) / stretch
    weights = _triangle(distance) if mode == "bilinear" else _cubic(distance, -0.5)
    weights *= (pixels >= first[:, None]) & (pixels < last[:, None])
    return weights / weights.sum(axis=1, keepdims=True)


def _weights_of_neighbours(position: np.ndarray, old: int, mode: str) -> np.ndarray:
    """Two neighbours (bilinear) or four (bicubic); beyond the edge, the pixel at the edge counts again."""
    if mode == "bilinear":
        position = np.maximum(position, 0)
    below = np.floor(position).astype(np.int64)
    weights = np.zeros((len(position), old))
    for offset in (0, 1) if mode == "bilinear" else (-1, 0, 1, 2):
        distance = position - (below + offset)
        weight = _triangle(distance) if mode == "bilinear" else _cubic(distance, -0.75)
        np.add.at(weights, (np.arange(len(position)), np.clip(below + offset, 0, old - 1)), weight)
    return weights


def inverse_affine_matrix(
    center: Sequence[float],
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Sequence[float],
) -> list[float]:
    r"""Returns the matrix that leads from a place in the new picture back to where its colour comes from.

    Forward, a picture is moved by :math:`T`, turned, sheared and scaled by :math:`A` about the centre :math:`C`:
    :math:`M = T\,C\,A\,C^{-1}`; this returns the first two rows of :math:`M^{-1}`. Angles are in degrees, clockwise.
    """
    turn, sx, sy = (math.radians(value) for value in (angle, *shear))
    a = math.cos(turn - sy) / math.cos(sy)
    b = -math.cos(turn - sy) * math.tan(sx) / math.cos(sy) - math.sin(turn)
    c = math.sin(turn - sy) / math.cos(sy)
    d = -math.sin(turn - sy) * math.tan(sx) / math.cos(sy) + math.cos(turn)
    # A = scale [[a, b], [c, d]] has determinant scale², so its inverse is [[d, -b], [-c, a]] / scale.
    inverse = [d / scale, -b / scale, 0.0, -c / scale, a / scale, 0.0]
    (cx, cy), (tx, ty) = center, translate
    inverse[2] = inverse[0] * (-cx - tx) + inverse[1] * (-cy - ty) + cx
    inverse[5] = inverse[3] * (-cx - tx) + inverse[4] * (-cy - ty) + cy
    return inverse


def expanded_size(matrix: Matrix, width: int, height: int) -> tuple[int, int]:
    """Returns width and height of the smallest upright frame around the turned picture."""
    corners = np.array([[x * width / 2, y * height / 2, 1] for x in (-1, 1) for y in (-1, 1)], np.float32)
    moved = corners @ np.array(matrix, np.float32).reshape(2, 3).T
    offset = np.array([width / 2, height / 2], np.float32)
    # Cut to four digits: 15.99999 and 16.00001 are both 16.
    low, high = (np.trunc((edge + offset) / 1e-4) * 1e-4 for edge in (moved.min(axis=0), moved.max(axis=0)))
    size = np.ceil(high) - np.floor(low)
    return int(size[0]), int(size[1])


def transform_tensor(
    image: torch.Tensor, matrix: Matrix, mode: str, fill: Sequence[float] | float | None, size: tuple[int, int]
) -> torch.Tensor:
    """Turns (..., C, H, W) by the inverse ``matrix`` about its centre, into ``size`` (width, height).

    What comes from outside of the picture gets ``fill``, one number or one per colour.
    """
    height, width = image.shape[-2:]
    new_width, new_height = size
    # The centres of the new pixels, seen from the middle of the picture.
    xs = np.arange(new_width, dtype=np.float32) - np.float32((new_width - 1) / 2)
    ys = np.arange(new_height, dtype=np.float32) - np.float32((new_height - 1) / 2)
    a, b, c, d, e, f = (np.float32(value) for value in matrix)
    # Divided by half the width and back again: that is the order in which PyTorch rounds.
    x = (a * xs + b * ys[:, None] + c) / np.float32(0.5 * width)
    y = (d * xs + e * ys[:, None] + f) / np.float32(0.5 * height)
    x = ((x + 1) * np.float32(width) - 1) / 2
    y = ((y + 1) * np.float32(height) - 1) / 2
    floating = image if image.is_floating_point() else image.to(torch.float32)
    if mode == "nearest":
        total, cover = _look_up(floating, np.rint(y), np.rint(x), 1.0)
        cover = (cover >= 0.5).astype(np.float32)
    else:
        left, top = np.floor(x), np.floor(y)
        total, cover = None, np.zeros_like(x)
        for dy in (0, 1):
            for dx in (0, 1):
                weight = np.abs(1 - dx - (x - left)) * np.abs(1 - dy - (y - top))
                part, covered = _look_up(floating, top + dy, left + dx, weight)
                total, cover = part if total is None else total + part, cover + covered
    if fill is not None:
        colour = torch.tensor([fill] if isinstance(fill, (int, float)) else list(fill), dtype=floating.dtype)
        share = torch.from_numpy(np.ascontiguousarray(cover, np.float32)).to(floating.dtype)
        if mode != "nearest":
            total = total * share
        total = total + (1.0 - share) * colour[:, None, None]
    return back_to(total, image.dtype)


def _look_up(image: torch.Tensor, y: np.ndarray, x: np.ndarray, weight: Any) -> tuple[Any, np.ndarray]:
    """Takes pixels by row and column, times ``weight``; those outside of the picture count nothing."""
    height, width = image.shape[-2:]
    inside = ((y >= 0) & (y < height) & (x >= 0) & (x < width)) * np.asarray(weight, np.float32)
    rows = torch.from_numpy(np.clip(y, 0, height - 1).astype(np.int64))
    columns = torch.from_numpy(np.clip(x, 0, width - 1).astype(np.int64))
    share = torch.from_numpy(np.ascontiguousarray(inside, np.float32)).to(image.dtype)
    return image[..., rows, columns] * share, inside
