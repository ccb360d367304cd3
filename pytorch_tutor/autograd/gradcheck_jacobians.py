"""Jacobians for checking: by finite differences, by backward passes, by derivatives forwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..dispatch import apply
from ..engine import grad
from ..graph import mode
from ..ops.shape import Clone
from ..tensor_base import TensorBase, wrap
from .forward_ad import dual_level, make_dual, unpack_dual

Function = Callable[..., Any]


def outputs_of(result: Any) -> list[Any]:
    """The results that have derivatives."""
    several = result if isinstance(result, (tuple, list)) else (result,)
    return [o for o in several if isinstance(o, TensorBase) and o._array.dtype.kind in "fc"]


def wanted(inputs: tuple[Any, ...]) -> list[int]:
    """The places of inputs that require grad."""
    return [i for i, t in enumerate(inputs) if isinstance(t, TensorBase) and t.requires_grad]


def elements(array: Any) -> Iterator[tuple[int, ...]]:
    """The index of every element, in order."""
    return iter(np.ndindex(*array.shape))


def _values(function: Function, inputs: tuple[Any, ...]) -> list[Any]:
    before, mode.grad = mode.grad, False
    try:
        return [o._array.reshape(-1).copy() for o in outputs_of(function(*inputs))]
    finally:
        mode.grad = before


def numerical(function: Function, inputs: tuple[Any, ...], which: int, eps: float) -> list[Any]:
    r"""For one input, the matrix of (f(x + εe_j) - f(x - εe_j)) / 2ε for every output: shape (inputs, outputs).

    A complex element is moved along both axes; with real outputs :math:`\partial/\partial x + i\,\partial/\partial y` is
    what PyTorch calls the gradient.
    """
    array = inputs[which]._array
    columns = [_difference(function, inputs, array, index, eps) for index in elements(array)]
    count = len(_values(function, inputs)) if not columns else len(columns[0])
    empty = np.zeros((0, 0))
    return [np.stack([c[k] for c in columns]) if columns else empty for k in range(count)]


def _difference(
    function: Function, inputs: tuple[Any, ...], array: Any, index: tuple[int, ...], eps: float
) -> list[Any]:
    def slope(step: complex) -> list[Any]:
        old = array[index].item() if isinstance(array[index], np.ndarray) else array[index]
        array[index] = old + step
        above = _values(function, inputs)
        array[index] = old - step
        below = _values(function, inputs)
        array[index] = old
        return [(a - b) / (2 * eps) for a, b in zip(above, below, strict=True)]

    along = slope(eps)
    if array.dtype.kind != "c":
        return along
    return [x + 1j * y for x, y in zip(along, slope(eps * 1j), strict=True)]


def analytical(output: Any, inputs: list[Any]) -> list[Any]:
    """The same matrices by backward passes: one per element of the output."""
    found = [np.zeros((x.numel(), output.numel()), x._array.dtype) for x in inputs]
    for column, index in enumerate(elements(output._array)):
        start = np.zeros(output._array.shape, output._array.dtype)
        start[index] = 1
        gradients = grad(output, inputs, wrap(start), retain_graph=True, allow_unused=True)
        for matrix, g in zip(found, gradients, strict=True):
            if g is not None:
                matrix[:, column] = g._array.reshape(-1)
    return found


def forward(function: Function, inputs: tuple[Any, ...], which: int) -> list[Any]:
    """The same for one input, by a derivative forwards for each of its elements."""
    x = inputs[which]
    rows: list[list[Any]] = []
    for index in elements(x._array):
        direction = np.zeros(x._array.shape, x._array.dtype)
        direction[index] = 1
        with dual_level():
            others = [t.detach() if isinstance(t, TensorBase) else t for t in inputs]
            others[which] = make_dual(x.detach(), wrap(direction))
            row = []
            for o in outputs_of(function(*others)):
                tangent = unpack_dual(o).tangent
                row.append(np.zeros(o.numel()) if tangent is None else tangent._array.reshape(-1).copy())
            rows.append(row)
    return [np.stack([row[k] for row in rows]) for k in range(len(rows[0]))] if rows else []


def copied(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs with memory of their own, which is moved about while differences are taken."""
    found = []
    for t in inputs:
        if isinstance(t, TensorBase) and t._grad_fn is not None:
            t = apply(Clone, t.detach(), order="K").requires_grad_()
        found.append(t)
    return tuple(found)
