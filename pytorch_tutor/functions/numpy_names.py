"""NumPy's names of two arguments, which PyTorch takes too: ``axis`` for ``dim``, ``keepdims`` for ``keepdim``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
SPELLED = {"axis": "dim", "keepdims": "keepdim"}


def numpy_names(function: F) -> F:
    """The function, which lets NumPy's names in.

    >>> import pytorch_tutor as torch
    >>> torch.ones(2, 3).sum(axis=1, keepdims=True)
    tensor([[3.],
            [3.]])
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            for theirs, ours in SPELLED.items():
                if theirs in kwargs and ours not in kwargs:
                    kwargs[ours] = kwargs.pop(theirs)
        return function(*args, **kwargs)

    return call  # type: ignore[return-value]
