"""Numbers for samples: spread evenly, none twice, the same wherever they are made."""

from typing import NamedTuple

import numpy as np

GOLDEN = 0.6180339887498949


class Sample(NamedTuple):
    """An argument of a row: its shape, the range of its numbers, and their type."""

    shape: tuple[int, ...]
    low: float
    high: float
    kind: str = "float64"
    gradient: bool = True  # False: a constant, such as a target

    def array(self, number: int) -> np.ndarray:
        """The numbers; `number` is the argument's place, so that two arguments differ."""
        count = int(np.prod(self.shape, dtype=int))
        part = ((np.arange(count) + 1) * GOLDEN + 0.37 * number) % 1
        values = self.low + (self.high - self.low) * part
        if self.kind == "bool":
            return (values > 0.5).reshape(self.shape)
        return (np.floor(values) if self.kind == "int64" else values).astype(self.kind).reshape(self.shape)


def real(*shape: int) -> Sample:
    return Sample(shape, -2.0, 2.0)


def positive(*shape: int) -> Sample:
    return Sample(shape, 0.3, 3.0)


def unit(*shape: int) -> Sample:
    return Sample(shape, 0.1, 0.9)


def whole(*shape: int, below: int = 3) -> Sample:
    return Sample(shape, 0, below, "int64")


def mask(*shape: int) -> Sample:
    return Sample(shape, 0, 1, "bool")


def between(low: float, high: float, *shape: int) -> Sample:
    return Sample(shape, low, high)


def fixed(*shape: int) -> Sample:
    return Sample(shape, 0.3, 3.0, gradient=False)
