"""The names of nodes where a function is made of other operations: the last of them bears PyTorch's name."""

from __future__ import annotations

from typing import Any


def titled(result: Any, name: str) -> Any:
    """The result, whose node is named after the function that the caller called.

    >>> import pytorch_tutor as torch
    >>> torch.cummax(torch.ones(2, requires_grad=True), 0).values.grad_fn.name()  # it is a gather
    'CummaxBackward0'
    """
    if result._grad_fn is not None:
        result._grad_fn.node_name = name
    return result
