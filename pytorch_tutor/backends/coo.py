"""Coo: an array that is nearly all zeros, held as a list of places and the numbers there (coordinate format)."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np

BLOCK = 1 << 22
"""How many products `Coo.matmul` holds at a time."""


class Coo:
    """Places ``indices`` (sparse dimensions, n) and the numbers there, ``values`` (n, dense dimensions...).

    The same place may occur more than once: its numbers add up. A coalesced list names each place once, in order.
    NumPy leaves operators to this class, so that gradients of both kinds add up.

    >>> import numpy as np
    >>> Coo(np.array([[0, 0], [1, 1]]), np.array([1.0, 2.0]), (2, 2)).to_dense()
    array([[0., 3.],
           [0., 0.]])
    """

    __slots__ = ("coalesced", "indices", "shape", "values")
    __array_ufunc__ = None
    base = None  # what the engine asks of a gradient: it is a view of nothing, and lies whole in memory
    flags = SimpleNamespace(c_contiguous=True)
    strides = ()
    layout = "sparse_coo"

    def __init__(self, indices: Any, values: Any, shape: tuple[int, ...], coalesced: bool = False) -> None:
        self.indices, self.values, self.shape = indices, values, tuple(shape)
        self.coalesced = coalesced

    @property
    def dtype(self) -> Any:
        """The type of the numbers."""
        return self.values.dtype

    @property
    def ndim(self) -> int:
        """Sparse and dense dimensions together."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements, zeros included."""
        return math.prod(self.shape)

    @property
    def sparse_dim(self) -> int:
        """How many dimensions the places have."""
        return int(self.indices.shape[0])

    @property
    def nnz(self) -> int:
        """How many places are listed."""
        return int(self.values.shape[0])

    @property
    def itemsize(self) -> int:
        """Bytes per number."""
        return int(self.values.itemsize)

    def __len__(self) -> int:
        return self.shape[0]

    def __setitem__(self, everything: Any, other: Coo) -> None:
        """``x[...] = y``: takes over the other's list. What is written in place is the list, not its numbers."""
        self.indices, self.values, self.coalesced = other.indices, other.values, other.coalesced

    # -- places
    def keys(self) -> Any:
        """Each place as one number: its position if the sparse dimensions were laid out in order."""
        key = np.zeros(self.nnz, np.int64)
        for place, size in zip(self.indices, self.shape, strict=False):
            key = key * size + place
        return key

    def coalesce(self) -> Coo:
        """Each place once, in order, with the sum of its numbers."""
        if self.coalesced:
            return self
        if self.nnz < 2:
            return Coo(self.indices, self.values, self.shape, True)
        keys = self.keys()
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        values = self.values[order]
        if len(starts) < len(keys):
            values = np.add.reduceat(values, starts, axis=0, dtype=values.dtype)
        return Coo(self.indices[:, order[starts]], values, self.shape, True)

    def at(self, places: Any) -> Any:
        """The numbers at other places (sparse dimensions, m), 0 where this list has none."""
        mine = self.coalesce()
        keys, wanted = mine.keys(), Coo(places, places[0] if len(places) else places, self.shape).keys()
        if not len(places):
            wanted = np.zeros(places.shape[1], np.int64)
        found = np.zeros((len(wanted), *mine.values.shape[1:]), mine.dtype)
        if len(keys):
            where = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            hit = keys[where] == wanted
            found[hit] = mine.values[where[hit]]
        return found

    # -- other forms
    def to_dense(self) -> Any:
        """The array with all its zeros."""
        dense = np.zeros(self.shape, self.dtype)
        np.add.at(dense, tuple(self.indices), self.values)
        return dense

    def with_values(self, values: Any, coalesced: bool | None = None) -> Coo:
        """The same places with other numbers."""
        return type(self)(self.indices, values, self.shape, self.coalesced if coalesced is None else coalesced)

    def astype(self, dtype: Any, **_: Any) -> Coo:
        """The same places, the numbers in another type."""
        return self.with_values(self.values.astype(dtype))

    def copy(self, order: str = "C") -> Coo:
        """Lists of its own."""
        return type(self)(self.indices.copy(), self.values.copy(), self.shape, self.coalesced)

    def transpose(self, first: int = 0, second: int = 1) -> Coo:
        """Two sparse dimensions exchanged: two rows of the places."""
        order = list(range(self.sparse_dim))
        order[first], order[second] = order[second], order[first]
        shape = [self.shape[i] for i in order]
        return Coo(self.indices[order], self.values, (*shape, *self.shape[self.sparse_dim :]))

    # -- arithmetic
    def __add__(self, other: Any) -> Any:
        """Two lists become one; with an ordinary array, the numbers are added in at their places."""
        if isinstance(other, Coo):
            return self._merge(other)
        dense = np.array(other, dtype=np.result_type(other, self.values))
        np.add.at(dense, tuple(self.indices), self.values)
        return dense

    __radd__ = __add__

    def _merge(self, other: Coo) -> Coo:
        """One list after the other; where both lie in order in memory, equal heads are joined on the way, as PyTorch does."""
        if not self.nnz or not other.nnz:
            return (self if self.nnz else other).copy()
        both = self.coalesced and other.coalesced
        if not both and not (self.values.flags.c_contiguous and other.values.flags.c_contiguous):
            return Coo(
                np.concatenate((self.indices, other.indices), 1),
                np.concatenate((self.values, other.values)),
                self.shape,
            )
        if both:
            joined = Coo(
                np.concatenate((self.indices, other.indices), 1),
                np.concatenate((self.values, other.values)),
                self.shape,
            )
            return joined.coalesce()
        a, b = self.keys(), other.keys()
        if np.array_equal(a, b):
            return self.with_values(self.values + other.values)
        picks: list[tuple[int, int]] = []  # (place in the first list, place in the second), -1 for none
        i = j = 0
        while i < len(a) or j < len(b):
            if j == len(b) or (i < len(a) and a[i] < b[j]):
                picks.append((i, -1))
                i += 1
            elif i == len(a) or b[j] < a[i]:
                picks.append((-1, j))
                j += 1
            else:
                picks.append((i, j))
                i, j = i + 1, j + 1
        left, right = np.array(picks, np.int64).T
        values = np.zeros((len(picks), *self.values.shape[1:]), np.result_type(self.values, other.values))
        values[left >= 0] += self.values[left[left >= 0]]
        values[right >= 0] += other.values[right[right >= 0]]
        indices = np.where(left >= 0, self.indices[:, left], other.indices[:, right])
        return Coo(indices, values, self.shape)

    def __mul__(self, factor: Any) -> Coo:
        return self.with_values(self.values * factor)

    __rmul__ = __mul__

    def __neg__(self) -> Coo:
        return self.with_values(-self.values)

    def matmul(self, dense: Any) -> Any:
        """A sparse matrix times an ordinary one: every number sends its multiple of a row to a row of the result."""
        order = self.indices[0] if self.coalesced else None
        mine = self if order is not None else self.by_rows()
        rows, columns = mine.indices
        out = np.zeros((self.shape[0], dense.shape[1]), np.result_type(self.dtype, dense.dtype))
        if not mine.nnz or not dense.shape[1]:
            return out
        starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
        step = max(1, BLOCK // mine.nnz)
        for first in range(0, dense.shape[1], step):
            part = slice(first, first + step)
            out[rows[starts], part] = np.add.reduceat(
                mine.values[:, None] * dense[columns, part], starts, axis=0, dtype=out.dtype
            )
        return out

    def by_rows(self) -> Coo:
        """The list in order of the first dimension; the numbers of a row stay in the order in which they came."""
        order = np.argsort(self.indices[0], kind="stable")
        return Coo(self.indices[:, order], self.values[order], self.shape)

    def matmul_sparse(self, other: Coo) -> Coo:
        """The product of two sparse matrices: each number of column k meets all of the other's row k."""
        right = other.coalesce()
        ends = np.searchsorted(right.indices[0], np.arange(other.shape[0] + 1))
        mine = self.coalesce()
        rows, columns = mine.indices
        count = ends[columns + 1] - ends[columns]
        source = np.repeat(np.arange(mine.nnz), count)
        within = np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count)
        partner = ends[columns[source]] + within
        values = mine.values[source] * right.values[partner]
        indices = np.stack((rows[source], right.indices[1][partner]))
        return Coo(indices, values, (self.shape[0], other.shape[1])).coalesce()


class Csr(Coo):
    """A sparse matrix whose list is in order of the rows, so that of the rows only their starts need to be told."""

    __slots__ = ()
    layout = "sparse_csr"

    @property
    def starts(self) -> Any:
        """Where in the list each row begins, and last where the list ends (rows + 1)."""
        return np.searchsorted(self.indices[0], np.arange(self.shape[0] + 1))

    @classmethod
    def from_starts(cls, starts: Any, columns: Any, values: Any, shape: tuple[int, ...]) -> Csr:
        """From the starts of the rows and each number's column."""
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        made = cls(np.stack((rows, columns)), values, shape)
        made.coalesced = bool((np.diff(made.keys()) > 0).all())
        return made


def compressed(matrix: Coo) -> Csr:
    """A list in any order as rows."""
    ordered = matrix.coalesce()
    return Csr(ordered.indices, ordered.values, ordered.shape, True)
