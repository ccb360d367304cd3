"""Python functions of one element, applied to each: slow, and without gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops.shape import broadcast_error, np_cannot


def apply_(input: Any, callable: Callable[[Any], Any]) -> Any:
    """Replaces each element by what a Python function makes of it.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([1.0, 2.0]).apply_(lambda x: x * x + 1)
    tensor([2., 5.])

    Raises RuntimeError for a tensor that requires gradients: there is no derivative of a Python function.
    """
    return _write("apply_", input, (), callable)


def map_(input: Any, other: Any, callable: Callable[[Any, Any], Any]) -> Any:
    """Replaces each element by what a function makes of it and of the other tensor's element.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([1.0, 2.0]).map_(torch.tensor([3.0, 4.0]), lambda a, b: a * b)
    tensor([3., 8.])
    """
    return _write("map_", input, (other,), callable)


def map2_(input: Any, x: Any, y: Any, callable: Callable[[Any, Any, Any], Any]) -> Any:
    """The same with two other tensors.

    >>> import pytorch_tutor as torch
    >>> torch.zeros(2).map2_(torch.ones(2), torch.ones(2), lambda a, b, c: a + b + c)
    tensor([2., 2.])
    """
    return _write("map2_", input, (x, y), callable)


def _write(name: str, input: Any, others: tuple[Any, ...], function: Callable[..., Any]) -> Any:
    if any([t.requires_grad for t in (input, *others)]):
        raise lesson(
            RuntimeError(f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() instead."),
            hint=f"x.detach().{name}(...)",
        )
    own = input._array
    rows = [own]
    for other in others:
        if other.dtype is not input.dtype:
            wanted, got = (f"torch.{SCALAR_NAMES[t.dtype]}Tensor" for t in (input, other))
            raise TypeError(f"{name}: expected {wanted} for 'other' (got {got})")
        if np_cannot(other._array.shape, own.shape):
            raise broadcast_error(own.shape, other._array.shape)
        rows.append(np.broadcast_to(other._array, own.shape))
    made = [function(*items) for items in zip(*[row.reshape(-1).tolist() for row in rows], strict=True)]
    whole = own.dtype.kind in "iu"
    own[...] = np.array([int(v) if whole else v for v in made], own.dtype).reshape(own.shape)
    return input
