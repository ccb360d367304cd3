"""All partial derivatives at once: Jacobians by rows or by columns, and the Hessian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..autograd.pushforward import cotangents, pushed, transposed
from ..creation import zeros, zeros_like
from ..errors import lesson
from ..functions.shape import stack
from ..sequences import eye
from ..tensor_base import TensorBase
from .derivatives import Numbers, apart, back_from, check_tensors, named_after, settled, split, transform
from .trees import leaves, rebuilt


def _refuse_complex(function: str, tensors: list[Any], what: str) -> None:
    for i, x in enumerate(tensors):
        if isinstance(x, TensorBase) and x.is_complex():
            raise lesson(
                RuntimeError(
                    f"{function}: Expected all {what} to be real but received complex tensor at flattened input idx: {i}"
                ),
                expected="real tensors",
                got=str(x.dtype),
            )


def jacrev(
    func: Callable[..., Any], argnums: Numbers = 0, *, has_aux: bool = False, chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Callable[..., Any]:  # fmt: skip
    """All partial derivatives, row by row with one backward pass for each output: shape (*output, *input).

    Good where there are fewer outputs than inputs. ``chunk_size`` is accepted: here a pass computes one row anyway.

    >>> import pytorch_tutor as torch
    >>> torch.func.jacrev(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @named_after(func)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        _refuse_complex("jacrev", leaves(args), "inputs")
        with transform("vjp"):
            new, chosen, inputs = split(args, argnums)
            outputs, aux = apart(func(*new, **kwargs), has_aux, "vjp(f, *primals)")
            check_tensors(leaves(outputs), "vjp(f, *primals)")
            _refuse_complex("jacrev", leaves(outputs), "outputs")
            blocks = [rebuilt(chosen, iter(_rows(out, inputs))) for out in leaves(outputs)]
        found = settled(rebuilt(outputs, iter(blocks)), inputs)
        return (found, settled(aux, inputs)) if has_aux else found

    return differentiated


def _rows(output: Any, inputs: list[Any]) -> list[Any]:
    """For each input the derivatives of all elements of one output."""
    flat = output.reshape(-1)
    rows = [back_from([flat[i]], inputs, None) for i in range(flat.numel())]
    return [
        stack([row[k] for row in rows]).reshape((*output.shape, *x.shape)) if rows else zeros(*output.shape, *x.shape)
        for k, x in enumerate(inputs)
    ]


def jacfwd(
    func: Callable[..., Any], argnums: Numbers = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """All partial derivatives, column by column with one derivative forwards for each element of the input.

    Good where there are fewer inputs than outputs.

    >>> import pytorch_tutor as torch
    >>> torch.func.jacfwd(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    @named_after(func)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        _refuse_complex("jacfwd", leaves(args), "inputs")
        with transform("jvp"):
            new, chosen, inputs = split(args, argnums)
            outputs, aux = apart(func(*new, **kwargs), has_aux, "jvp(f, primals, tangents)")
            flat = leaves(outputs)
            check_tensors(flat, "jvp(f, primals, tangents)")
            _refuse_complex("jacfwd", flat, "outputs")
            dummies = cotangents(flat)
            back = transposed(flat, inputs, dummies)
            columns = [_columns(back, dummies, flat, inputs, which) for which in range(len(inputs))]
            blocks = [rebuilt(chosen, iter([column[k] for column in columns])) for k in range(len(flat))]
        ours = [*inputs, *dummies]
        found = settled(rebuilt(outputs, iter(blocks)), ours)
        return (found, settled(aux, ours)) if has_aux else found

    return differentiated


def _columns(back: list[Any], dummies: list[Any], outputs: list[Any], inputs: list[Any], which: int) -> list[Any]:
    """For each output the derivatives by all elements of one input, stacked along the last dimensions."""
    x = inputs[which]
    found: list[list[Any]] = [[] for _ in outputs]
    for direction in eye(x.numel(), dtype=x.dtype):
        tangents = [direction.reshape(x.shape) if i == which else None for i in range(len(inputs))]
        for column, t, o in zip(found, pushed(back, dummies, tangents), outputs, strict=True):
            column.append(zeros_like(o).detach() if t is None else t)
    return [
        stack(column, -1).reshape((*o.shape, *x.shape)) if column else zeros(*o.shape, *x.shape)
        for column, o in zip(found, outputs, strict=True)
    ]


def hessian(func: Callable[..., Any], argnums: Numbers = 0) -> Callable[..., Any]:
    """All second derivatives: the Jacobian forwards of the Jacobian backwards.

    >>> import pytorch_tutor as torch
    >>> torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
