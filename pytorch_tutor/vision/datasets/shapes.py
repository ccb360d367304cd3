"""Draws pictures of ten shapes, 32×32 pixels in colour, with NumPy alone: what to learn from where no data is.

A shape is a function that says, for every point (x, y) of the plane, how far inside the shape the point lies (negative:
outside). Turning, moving and scaling the shape is turning, moving and scaling the points. Nothing but the shape tells
the class: colours, place, size, angle, background, clutter, light and noise are drawn anew for every picture. So a
linear model, which weighs single pixels, gets little further than guessing, and a convolutional network far.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray
CLASSES = ("disc", "ring", "square", "triangle", "star", "cross", "crescent", "arrow", "stripes", "checkers")
SIZE = 32
TURN = np.pi / 7  # a shape is turned by up to 26 degrees either way; as most things, it has an up and a down


def disc(x: Array, y: Array) -> Array:
    """A full circle."""
    return 0.9 - np.hypot(x, y)


def ring(x: Array, y: Array) -> Array:
    """A circle with a round hole."""
    return 0.2 - np.abs(np.hypot(x, y) - 0.7)


def square(x: Array, y: Array) -> Array:
    """Four equal sides."""
    return 0.75 - np.maximum(np.abs(x), np.abs(y))


def polygon(x: Array, y: Array, corners: int, inner: float) -> Array:
    """The inside of a regular polygon with ``corners`` corners at distance 1 and sides at distance ``inner``."""
    sector = 2 * np.pi / corners
    angle = np.abs(np.mod(np.arctan2(y, x), sector) - sector / 2)
    return inner - np.hypot(x, y) * np.cos(angle)


def triangle(x: Array, y: Array) -> Array:
    """Three equal sides, one corner up."""
    return polygon(-y, x, 3, 0.5)  # a corner points up: y grows downwards in a picture


def star(x: Array, y: Array) -> Array:
    """Five points: a side of the star runs from its outer corner, distance 1, to its inner one, distance 0.42."""
    sector = 2 * np.pi / 5
    angle = np.abs(np.mod(np.arctan2(x, -y) + sector / 2, sector) - sector / 2)
    radius = np.hypot(x, y)
    along, across = radius * np.cos(angle), radius * np.sin(angle)
    corner_x, corner_y = 0.42 * np.cos(sector / 2), 0.42 * np.sin(sector / 2)
    length = np.hypot(corner_y, 1 - corner_x)
    return (corner_y * (1 - along) - (1 - corner_x) * across) / float(length)


def cross(x: Array, y: Array) -> Array:
    """A plus sign."""
    x, y = np.abs(x), np.abs(y)
    return np.minimum(0.9 - np.maximum(x, y), 0.28 - np.minimum(x, y))


def crescent(x: Array, y: Array) -> Array:
    """A disc without another disc: the moon."""
    return np.minimum(0.9 - np.hypot(x, y), np.hypot(x - 0.45, y) - 0.72)


def arrow(x: Array, y: Array) -> Array:
    """A head and a shaft."""
    head = np.minimum(x - 0.05, (0.95 - x) * 0.66 - np.abs(y) * 0.75)
    shaft = np.minimum(np.minimum(x + 0.95, 0.2 - x), 0.2 - np.abs(y))
    return np.maximum(head, shaft)


def stripes(x: Array, y: Array) -> Array:
    """Three bars in a square field."""
    return np.minimum(square(x, y), 0.14 - np.abs(np.mod(x + 0.25, 0.5) - 0.25))


def checkers(x: Array, y: Array) -> Array:
    """A square field of three by three squares, every other one filled."""
    u, v = (np.abs(np.mod(z, 1.0) - 0.5) - 0.25 for z in (x, y))
    nearest = np.minimum(np.abs(u), np.abs(v))
    return np.minimum(square(x, y), np.where((u > 0) == (v > 0), nearest, -nearest))


SHAPES: tuple[Callable[[Array, Array], Array], ...] = (
    *(disc, ring, square, triangle, star, cross, crescent, arrow, stripes, checkers),
)


def draw(labels: Array, random: np.random.RandomState) -> Array:
    """Returns one picture per label (an index into ``CLASSES``): bytes of shape (N, 3, 32, 32).

    ``RandomState`` is NumPy's generator whose numbers are promised never to change: the same seed draws the same
    pictures (on another processor, whose sine differs in the last digit, to within one level of brightness).
    """
    out = np.empty((len(labels), 3, SIZE, SIZE), np.uint8)
    for start in range(0, len(labels), 500):  # in portions that fit a processor's cache
        part = slice(start, start + 500)
        out[part] = _draw_some(labels[part], random)
    return out


def _draw_some(labels: Array, random: np.random.RandomState) -> Array:
    count = len(labels)
    background, colour = _colours(count, random)
    picture = _background(background, random)
    picture = _clutter(picture, random)
    inside = _shapes(labels, random)
    shade = 1 + 0.25 * _waves(count, random)  # light falls on the shape from somewhere
    picture += inside[:, None] * (colour[:, :, None, None] * shade[:, None] - picture)
    light = _uniform(random, 0.75, 1.15, count, 1, 1, 1)
    picture *= 255 * light
    picture += _uniform(random, 3, 16, count, 1, 1, 1) * _noise(picture.shape, random)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _uniform(random: np.random.RandomState, low: float, high: float, *shape: int) -> Array:
    return random.uniform(low, high, shape).astype(np.float32)


def _noise(shape: tuple[int, ...], random: np.random.RandomState) -> Array:
    """Noise of mean 0 and variance 1: the sum of two dice of 256 faces is nearly normal, and quick."""
    dice = random.randint(0, 256, (2, *shape), dtype=np.uint8)
    total = dice[0].astype(np.float32)
    total += dice[1]
    total -= 255
    total /= 104.5
    return total


def _grid(
    count: int, random: np.random.RandomState, scale: tuple[float, float], reach: float, turn: float
) -> tuple[Array, ...]:
    """The picture's points as a turned, moved and scaled shape sees them, and the size of a pixel there."""
    steps = ((np.arange(SIZE) + 0.5) / SIZE * 2 - 1).astype(np.float32)
    size = _uniform(random, *scale, count, 1, 1)
    place = _uniform(random, -1, 1, 2, count, 1, 1) * np.maximum(reach - size, 0)
    x, y = (steps[None, None, :] - place[0]) / size, (steps[None, :, None] - place[1]) / size
    angle = _uniform(random, -turn, turn, count, 1, 1)
    stretch = _uniform(random, 0.9, 1.1, count, 1, 1)
    c, s = np.cos(angle), np.sin(angle)
    return (c * x + s * y) * stretch, (c * y - s * x) / stretch, 2 / SIZE / size


def _shapes(labels: Array, random: np.random.RandomState) -> Array:
    """How much of each pixel (N, 32, 32) the shape covers, 0 to 1: a soft edge one pixel wide."""
    x, y, pixel = _grid(len(labels), random, (0.5, 0.95), 1.05, TURN)
    depth = np.empty_like(x)
    for label, shape in enumerate(SHAPES):
        here = labels == label
        depth[here] = shape(x[here], y[here])
    return np.clip(depth / pixel + 0.5, 0, 1)


def _colours(count: int, random: np.random.RandomState) -> tuple[Array, Array]:
    """Two random colours per picture that differ enough to be told apart."""
    first = _uniform(random, 0.05, 0.95, count, 3)
    second = _uniform(random, 0.05, 0.95, count, 3)
    close = np.abs(first - second).max(axis=1) < 0.35
    second[close] = np.where(first[close] > 0.5, first[close] - 0.4, first[close] + 0.4)
    return first, second


def _waves(count: int, random: np.random.RandomState) -> Array:
    """A smooth surface (N, 32, 32) between -1 and 1: two slow waves in random directions."""
    steps = (np.arange(SIZE) / SIZE).astype(np.float32)
    total = np.zeros((count, SIZE, SIZE), np.float32)
    for _ in range(2):
        u, v = _uniform(random, -1.2, 1.2, 2, count, 1, 1)
        phase = _uniform(random, 0, 2 * np.pi, count, 1, 1)
        total += np.sin(2 * np.pi * (u * steps[None, None, :] + v * steps[None, :, None]) + phase)
    return total / 2


def _background(colour: Array, random: np.random.RandomState) -> Array:
    tint = _uniform(random, -0.18, 0.18, *colour.shape, 1, 1)
    return colour[:, :, None, None] + tint * _waves(len(colour), random)[:, None]


def _clutter(picture: Array, random: np.random.RandomState) -> Array:
    """Bits that belong to no class, small discs and thin bars, so that an edge alone tells nothing."""
    count = len(picture)
    for _ in range(2):
        x, y, pixel = _grid(count, random, (0.10, 0.18), 1.1, np.pi)
        bar = _uniform(random, 0, 1, count, 1, 1) < 0.5
        depth = np.where(bar, 0.35 - np.maximum(np.abs(x) * 0.3, np.abs(y)), disc(x, y))
        shown = _uniform(random, 0, 1, count, 1, 1) < 0.6
        cover = np.clip(depth / pixel + 0.5, 0, 1) * shown
        colour = _uniform(random, 0, 1, count, 3, 1, 1)
        picture += cover[:, None] * (colour - picture)
    return picture
