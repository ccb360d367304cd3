"""Derivatives of functions: Jacobians, Hessians, and products with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..creation import ones_like, zeros_like
from ..engine import grad
from ..functions.shape import stack
from ..graph import mode
from ..tensor_base import TensorBase


def _as_tuple(value: Any) -> tuple[bool, tuple[Any, ...]]:
    return (True, tuple(value)) if isinstance(value, (tuple, list)) else (False, (value,))


def _fresh(inputs: tuple[Any, ...], create_graph: bool) -> tuple[Any, ...]:
    """The inputs as tensors that gradients can be asked for."""
    if create_graph:
        return tuple([x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in inputs])
    return tuple([x.detach().requires_grad_() for x in inputs])


class _Recording:
    """Grad mode on inside the block."""

    def __enter__(self) -> None:
        self.before, mode.grad = mode.grad, True

    def __exit__(self, *exc: object) -> None:
        mode.grad = self.before


def jacobian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """All partial derivatives of all outputs: shape (*output, *input).

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.jacobian(lambda x: x**2, torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    several_in, given = _as_tuple(inputs)
    with _Recording():
        args = _fresh(given, create_graph)
        several_out, outputs = _as_tuple(func(*args))
        table = []
        for out in outputs:
            rows: list[list[Any]] = [[] for _ in args]
            flat = out.reshape(-1)
            for i in range(flat.numel()):
                if flat.requires_grad:
                    found = grad(flat[i], args, retain_graph=True, create_graph=create_graph, allow_unused=True)
                else:
                    found = (None,) * len(args)
                for row, g, x in zip(rows, found, args, strict=True):
                    if g is None and strict:
                        raise RuntimeError(
                            "Output 0 of the user-provided function is independent of input 0. This is not allowed in "
                            "strict mode."
                        )
                    row.append(zeros_like(x).detach() if g is None else g)
            blocks = [
                stack(row).reshape(*out.shape, *x.shape) if row else x.new_zeros((*out.shape, *x.shape))
                for row, x in zip(rows, args, strict=True)
            ]
            table.append(tuple(blocks) if several_in else blocks[0])
    return tuple(table) if several_out else table[0]


def hessian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """All second derivatives of a function with one number as result.

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.hessian(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    several, _ = _as_tuple(inputs)

    def first(*args: Any) -> Any:
        out = func(*args)
        if not isinstance(out, TensorBase) or out._array.size != 1:
            raise RuntimeError("The Tensor returned by the function given to hessian should contain a single element")
        found = jacobian(func, args, create_graph=True)
        shaped = tuple([g.reshape(x.shape) for g, x in zip(found, args, strict=True)])
        return shaped if several else shaped[0]

    return jacobian(first, inputs, create_graph, strict)


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and the vector ``v`` times its Jacobian: one backward pass."""
    several, given = _as_tuple(inputs)
    with _Recording():
        args = _fresh(given, create_graph)
        several_out, outputs = _as_tuple(func(*args))
        starts = _as_tuple(v)[1] if v is not None else None
        found = grad(outputs, args, starts, create_graph=create_graph, allow_unused=True)
        products = tuple([zeros_like(x).detach() if g is None else g for g, x in zip(found, args, strict=True)])
    shown = outputs if create_graph else tuple([o.detach() for o in outputs])
    return shown if several_out else shown[0], products if several else products[0]


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and its Jacobian times the vector ``v``, by differentiating a vjp once more."""
    _, given = _as_tuple(inputs)
    with _Recording():
        args = _fresh(given, create_graph)
        directions = _as_tuple(v)[1] if v is not None else tuple([ones_like(x) for x in args])
        several_out, outputs = _as_tuple(func(*args))
        dummies = tuple([zeros_like(o).detach().requires_grad_() for o in outputs])
        back = grad(outputs, args, dummies, create_graph=True, allow_unused=True)
        pairs = [(g, d) for g, d in zip(back, directions, strict=True) if g is not None]
        found = grad(
            [g for g, _ in pairs], dummies, [d for _, d in pairs], create_graph=create_graph, allow_unused=True
        )
        products = tuple([zeros_like(o).detach() if g is None else g for g, o in zip(found, outputs, strict=True)])
    shown = outputs if create_graph else tuple([o.detach() for o in outputs])
    return (shown, products) if several_out else (shown[0], products[0])


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and its Hessian times ``v``."""
    several, given = _as_tuple(inputs)
    with _Recording():
        args = _fresh(given, create_graph)
        value = func(*args)
        slopes = grad(value, args, create_graph=True, allow_unused=True)
        directions = _as_tuple(v)[1] if v is not None else tuple([ones_like(x) for x in args])
        pairs = [(g, d) for g, d in zip(slopes, directions, strict=True) if g is not None and g.requires_grad]
        found = grad([g for g, _ in pairs], args, [d for _, d in pairs], create_graph=create_graph, allow_unused=True)
        products = tuple([zeros_like(x).detach() if g is None else g for g, x in zip(found, args, strict=True)])
    return value if create_graph else value.detach(), products if several else products[0]


vhp = hvp  # the Hessian is symmetric: from the left or from the right is the same
