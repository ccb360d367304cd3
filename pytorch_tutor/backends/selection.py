"""The first k of a sequence, in the order in which PyTorch finds them when some are equal.

PyTorch leaves the choice among equal elements to the C++ library: heap selection for few of many, else quickselect
and then introsort. These are deterministic, so the same steps give the same places.

Source: D. Musser, "Introspective sorting and selection algorithms", 1997.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Items = list[tuple[int, int]]  # (rank, place): a smaller rank comes first; places are never compared
FEW = 64  # heap selection where k is at most the 64th part of n
SHORT = 16  # pieces that insertion sort finishes


Row = npt.NDArray[np.generic]
Places = npt.NDArray[np.int64]


def ranked(row: Row, largest: bool) -> Items:
    """The elements of a row as ranks and places; nan counts as larger than any number."""
    ranks = np.unique(row, return_inverse=True)[1].reshape(-1)
    return list(zip((-ranks if largest else ranks).tolist(), range(len(ranks)), strict=True))


def places_of(items: Items) -> Places:
    """The places alone."""
    return np.array([place for _, place in items], dtype="i8")


def first_places(row: Row, k: int, largest: bool) -> Places:
    """The places of the k largest (or smallest) elements of a row, in order, as `topk` finds them.

    >>> first_places(np.array([5, 7, 7, 7]), 2, True).tolist()  # 7 and 7, but not the first ones
    [2, 3]
    """
    items = ranked(row, largest)
    if k * FEW <= len(items):
        partial_sort(items, 0, k, len(items))
    elif k:
        quickselect(items, k - 1)
        introsort(items, k - 1)
    return places_of(items[:k])


def loose_places(row: Row, k: int, largest: bool) -> Places:
    """The same for `topk(sorted=False)`: the elements before the k-th stay as the selection left them.

    >>> loose_places(np.array([1, 2, 3, 4]), 3, True).tolist()
    [2, 3, 1]
    """
    items = ranked(row, largest)
    if k * FEW <= len(items):
        partial_sort(items, 0, k, len(items))
    elif k:
        quickselect(items, k - 1)
    return places_of(items[:k])


def sorted_places(row: Row, k: int, largest: bool) -> Places:
    """The places of all elements in order, as an unstable `sort` finds them.

    >>> sorted_places(np.zeros(17), 17, False)[:3].tolist()
    [8, 16, 15]
    """
    items = ranked(row, largest)
    introsort(items, len(items))
    return places_of(items[:k])


def partial_sort(items: Items, first: int, middle: int, last: int) -> None:
    """The smallest elements go, in order, to the front: a heap of candidates takes every smaller one."""
    heap_select(items, first, middle, last)
    while middle - first > 1:
        middle -= 1
        value, items[middle] = items[middle], items[first]
        sift(items, first, 0, middle - first, value)


def heap_select(items: Items, first: int, middle: int, last: int) -> None:
    """The smallest elements go to the front, as a heap with the largest of them on top."""
    count = middle - first
    for parent in range((count - 2) // 2, -1, -1):
        sift(items, first, parent, count, items[first + parent])
    for i in range(middle, last):
        if count and items[i][0] < items[first][0]:
            value, items[i] = items[i], items[first]
            sift(items, first, 0, count, value)


def sift(items: Items, first: int, hole: int, count: int, value: tuple[int, int]) -> None:
    """Moves a hole down to the bottom of the heap along the larger children, then the value up from there."""
    top = child = hole
    while child < (count - 1) // 2:
        child = 2 * (child + 1)
        if items[first + child][0] < items[first + child - 1][0]:
            child -= 1
        items[first + hole] = items[first + child]
        hole = child
    if count % 2 == 0 and child == (count - 2) // 2:
        child = 2 * child + 1
        items[first + hole] = items[first + child]
        hole = child
    parent = (hole - 1) // 2
    while hole > top and items[first + parent][0] < value[0]:
        items[first + hole] = items[first + parent]
        hole, parent = parent, (parent - 1) // 2
    items[first + hole] = value


def quickselect(items: Items, nth: int) -> None:
    """Puts the element in its place that belongs at `nth`: no larger ones before it, no smaller ones after it."""
    first, last = 0, len(items)
    depth = 2 * (last.bit_length() - 1)
    while last - first > 3:
        if depth == 0:
            heap_select(items, first, nth + 1, last)
            items[first], items[nth] = items[nth], items[first]
            return
        depth -= 1
        cut = partition(items, first, last)
        if cut <= nth:
            first = cut
        else:
            last = cut
    insertion_sort(items, first, last)


def partition(items: Items, first: int, last: int) -> int:
    """Splits around the median of three; the first place of the upper part."""
    a, b, c = first + 1, first + (last - first) // 2, last - 1
    x, y, z = items[a][0], items[b][0], items[c][0]
    if x < y:
        median = b if y < z else c if x < z else a
    else:
        median = a if x < z else c if y < z else b
    items[first], items[median] = items[median], items[first]
    pivot = items[first][0]
    left, right = first + 1, last
    while True:
        while items[left][0] < pivot:
            left += 1
        right -= 1
        while pivot < items[right][0]:
            right -= 1
        if left >= right:
            return left
        items[left], items[right] = items[right], items[left]
        left += 1


def introsort(items: Items, last: int) -> None:
    """Sorts the first `last` elements: quicksort down to short pieces, one insertion sort over all."""
    pieces = [(0, last, 2 * (max(last, 1).bit_length() - 1))]
    while pieces:
        first, end, depth = pieces.pop()
        while end - first > SHORT:
            if depth == 0:
                partial_sort(items, first, end, end)
                break
            depth -= 1
            cut = partition(items, first, end)
            pieces.append((cut, end, depth))
            end = cut
    insertion_sort(items, 0, last)


def insertion_sort(items: Items, first: int, last: int) -> None:
    """Each element moves forward past all that are larger."""
    for i in range(first + 1, last):
        value, j = items[i], i
        while j > first and value[0] < items[j - 1][0]:
            items[j] = items[j - 1]
            j -= 1
        items[j] = value


def equal_places(rows: Row, places: Places, nth: Places) -> None:
    """Writes into `places` where each row's nth smallest element is, in PyTorch's choice among equal ones."""
    values = np.take_along_axis(rows, places[..., None], -1)
    for at in np.argwhere((rows == values).sum(axis=-1) > 1):
        where = tuple(at)
        items = ranked(rows[where], False)
        hoare_select(items, int(nth[where]))
        places[where] = items[int(nth[where])][1]


def hoare_select(items: Items, nth: int) -> None:
    """PyTorch's own quickselect, which `kthvalue` uses: the median of three becomes the pivot at the left end."""

    def swap(i: int, j: int) -> None:
        items[i], items[j] = items[j], items[i]

    left, right = 0, len(items) - 1
    while right > left:
        if right == left + 1:
            if items[left][0] > items[right][0]:
                swap(left, right)
            return
        swap(left + (right - left) // 2, left + 1)
        for low, high in ((left + 1, right), (left, right), (left + 1, left)):
            if items[low][0] > items[high][0]:
                swap(low, high)
        i, j, pivot = left + 1, right, items[left][0]
        while True:
            i, j = i + 1, j - 1
            while pivot > items[i][0]:
                i += 1
            while items[j][0] > pivot:
                j -= 1
            if j < i:
                break
            swap(i, j)
        swap(left, j)
        if j <= nth:
            left = i
        if j >= nth:
            right = j - 1
