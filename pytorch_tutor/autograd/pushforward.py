r"""Derivatives forwards, out of derivatives backwards.

A backward pass maps a vector u, one number per output, to :math:`J^\top u`, one per input. That map is linear in u, so its
own derivative by u is the matrix J: asked for in the direction t of the inputs, a second backward pass gives :math:`J t`,
the change of the outputs for the change t of the inputs. The value of u does not matter, so it is zero.

Source: J. Townsend, *A new trick for calculating Jacobian vector products* (2017),
https://j-towns.github.io/2017/06/12/A-new-trick.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..creation import zeros_like
from ..engine import grad
from ..graph import descend, mode
from ..tensor_base import TensorBase


@contextmanager
def recording() -> Iterator[None]:
    """Grad mode on inside the block."""
    before, mode.grad = mode.grad, True
    try:
        yield
    finally:
        mode.grad = before


def cotangents(outputs: Sequence[Any]) -> list[Any]:
    """A u for each output."""
    return [zeros_like(o).detach().requires_grad_() for o in outputs]


def transposed(outputs: Sequence[Any], inputs: Sequence[Any], dummies: Sequence[Any]) -> list[Any]:
    """The vjp of ``outputs`` by ``inputs`` as a linear function of ``dummies``: its results, None where nothing depends."""
    pairs = [(o, u) for o, u in zip(outputs, dummies, strict=True) if o.edge() is not None]
    if not pairs:
        return [None] * len(inputs)
    before, mode.pushing = mode.pushing, True
    try:
        with recording():
            return list(
                grad([o for o, _ in pairs], inputs, [u for _, u in pairs], create_graph=True, allow_unused=True)
            )
    finally:
        mode.pushing = before


def pushed(back: Sequence[Any], dummies: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
    """The derivative of ``back`` by ``dummies`` in the direction ``tangents``: the jvp, None where it is zero."""
    pairs = [
        (b, t) for b, t in zip(back, tangents, strict=True) if b is not None and t is not None and b.edge() is not None
    ]
    if not pairs:
        return [None] * len(dummies)
    with recording():
        return list(grad([b for b, _ in pairs], dummies, [t for _, t in pairs], create_graph=True, allow_unused=True))


def settle(result: Any, own: set[int]) -> Any:
    """A result without history, unless a leaf other than ``own`` (by id) still wants its gradient."""
    if not isinstance(result, TensorBase) or result.edge() is None:
        return result
    if result._grad_fn is None:
        return result if id(result) not in own else result.detach()
    for node in descend([result._grad_fn]):
        variable = getattr(node, "variable", None)
        if variable is not None and id(variable) not in own:
            return result
    return result.detach()
