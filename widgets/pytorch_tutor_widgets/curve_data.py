"""The points of a curve: stores that grow, and a thinning that keeps every peak."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Series:
    """One named curve: pairs (x, y) that can only be appended.

    Appending is amortised: the store doubles when it is full, so that a hundred thousand points cost seventeen copies.

    >>> series = Series("loss")
    >>> series.append(0, 2.5)
    >>> series.append(1, 1.5)
    >>> len(series), series.y.tolist()
    (2, [2.5, 1.5])
    """

    def __init__(self, name: str, right: bool = False) -> None:
        self.name = name
        self.right = right
        self._store: Floats = np.empty((2, 64))
        self._count = 0

    def append(self, x: float, y: float) -> None:
        """Add one point; NaN and infinity are kept, because they are the news."""
        if self._count == self._store.shape[1]:
            grown = np.empty((2, 2 * self._count))
            grown[:, : self._count] = self._store
            self._store = grown
        self._store[0, self._count] = x
        self._store[1, self._count] = y
        self._count += 1

    def __len__(self) -> int:
        return self._count

    @property
    def x(self) -> Floats:
        """Where the points lie, as a view."""
        return self._store[0, : self._count]

    @property
    def y(self) -> Floats:
        """What was measured there, as a view."""
        return self._store[1, : self._count]

    def since(self, start: int) -> bytes:
        """The points from number `start` on, as float32: all x, then all y."""
        return self._store[:, start : self._count].astype("<f4").tobytes()

    def thinned(self, most: int) -> tuple[int, bytes]:
        """At most `most` points that look like all of them: how many, and their float32 bytes (all x, then all y)."""
        index = thin(self.y, most)
        return len(index), np.stack([self.x[index], self.y[index]]).astype("<f4").tobytes()


class SeriesTable:
    """All series of a plot, in order of first appearance.

    >>> table = SeriesTable()
    >>> table.add("loss", 0, 2.5)
    >>> [series.name for series in table]
    ['loss']
    """

    def __init__(self, right: tuple[str, ...] | None = None) -> None:
        self._right = right
        self._series: dict[str, Series] = {}

    def add(self, name: str, x: float, y: float) -> None:
        """Append a point to the series of that name, which begins here if it is new."""
        series = self._series.get(name)
        if series is None:
            series = self._series[name] = Series(name, self._belongs_right(name))
        series.append(x, y)

    def get(self, name: str) -> Series | None:
        """The series of that name, if there is one."""
        return self._series.get(name)

    def clear(self) -> None:
        """Forget every point."""
        self._series.clear()

    def __iter__(self) -> Iterator[Series]:
        return iter(self._series.values())

    def __len__(self) -> int:
        return len(self._series)

    def _belongs_right(self, name: str) -> bool:
        # A share between 0 and 1 beside a loss of 2.3 would be a flat line at the bottom: it gets an axis of its own.
        if self._right is not None:
            return name in self._right
        words = name.lower().replace("_", " ").split()
        return any(word in {"accuracy", "acc", "accuracies"} for word in words) or "准确率" in name or "正确率" in name


def thin(y: Floats, most: int) -> npt.NDArray[np.intp]:
    """The numbers of at most `most` points that draw the same picture.

    The row is cut into equal pieces, and each gives its lowest and its highest point: a single spike among a hundred
    thousand points stays visible, which an average or every k-th point would lose. Points that are not finite are kept
    too, as long as there is room, because a loss of NaN must not vanish.

    >>> spike = np.zeros(1000)
    >>> spike[123] = 9.0
    >>> 123 in thin(spike, 20), len(thin(spike, 20)) <= 20
    (True, True)
    """
    count = len(y)
    if count <= most:
        return np.arange(count)
    pieces = max(1, (most - 2) // 3)
    width = -(-count // pieces)
    padded = np.full(pieces * width, np.nan)
    padded[:count] = y
    rows = padded.reshape(pieces, width)
    finite = np.isfinite(rows)
    first = np.arange(pieces) * width
    low = first + np.where(finite, rows, np.inf).argmin(axis=1)
    high = first + np.where(finite, rows, -np.inf).argmax(axis=1)
    broken = np.flatnonzero(~np.isfinite(y))[:pieces]
    kept = np.concatenate([[0], low, high, broken, [count - 1]])
    return np.unique(kept[kept < count])
