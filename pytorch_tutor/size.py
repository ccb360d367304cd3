"""``torch.Size``: the shape of a tensor, a tuple that knows how many elements it spans."""

from __future__ import annotations

import math
from typing import Any, SupportsIndex, overload

from .naming import Named


class Size(tuple[int, ...], metaclass=Named):
    """A tuple of dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.ones(2, 3).shape
    torch.Size([2, 3])
    >>> torch.ones(2, 3).shape.numel()
    6
    """

    torch_name = "torch.Size"
    __slots__ = ()

    def numel(self) -> int:
        """The number of elements, ``prod(self)``; 1 for a scalar."""
        return math.prod(self)

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Size: ...
    def __getitem__(self, index: Any) -> Any:
        item = tuple.__getitem__(self, index)
        return Size(item) if isinstance(index, slice) else item

    def __radd__(self, other: Any) -> Any:
        return Size(tuple(other) + tuple(self)) if isinstance(other, tuple) else NotImplemented

    def __add__(self, other: Any) -> Any:
        return Size(tuple.__add__(self, tuple(other)))

    def __mul__(self, count: SupportsIndex) -> Size:
        return Size(tuple.__mul__(self, count))

    __rmul__ = __mul__
