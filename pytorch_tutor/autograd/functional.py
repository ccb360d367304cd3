"""Derivatives of functions: products with Jacobians and Hessians, and these matrices themselves.

``torch.func`` says the same in functions of functions; these take the point along.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..creation import ones_like, zeros_like
from ..engine import grad
from ..errors import lesson
from ..functions.shape import stack
from ..sequences import eye
from .functional_checks import as_tuple, check_requires_grad, check_single, check_strategy, check_v, fill_in_zeros
from .pushforward import cotangents, pushed, recording, transposed


def _fresh(inputs: Sequence[Any], create_graph: bool) -> tuple[Any, ...]:
    """The inputs as tensors that gradients can be asked for."""
    if create_graph:
        return tuple([x.view_as(x) if x.requires_grad else x.detach().requires_grad_() for x in inputs])
    return tuple([x.detach().requires_grad_() for x in inputs])


def _gradients(outputs: Sequence[Any], inputs: Sequence[Any], starts: Sequence[Any] | None, keep: bool) -> list[Any]:
    """One backward pass from those outputs that require grad; None where nothing depends."""
    starts = [None] * len(outputs) if starts is None else starts
    pairs = [(o, g) for o, g in zip(outputs, starts, strict=True) if o is not None and o.requires_grad]
    if not pairs:
        return [None] * len(inputs)
    found = grad(
        [o for o, _ in pairs], inputs, [g for _, g in pairs], create_graph=keep, retain_graph=True, allow_unused=True
    )
    return list(found)


def _shown(tensors: Sequence[Any], create_graph: bool, several: bool) -> Any:
    found = tuple(tensors) if create_graph else tuple([t.detach() for t in tensors])
    return found if several else found[0]


def _called(func: Callable[..., Any], args: tuple[Any, ...], name: str, strict: bool) -> tuple[bool, tuple[Any, ...]]:
    several, outputs = as_tuple(func(*args), "outputs of the user-provided function", name)
    check_requires_grad(outputs, "outputs", strict)
    return several, outputs


def vjp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and the vector ``v`` times its Jacobian: one backward pass.

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.vjp(lambda x: x**2, torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    with recording():
        several, given = as_tuple(inputs, "inputs", "vjp")
        args = _fresh(given, create_graph)
        several_out, outputs = _called(func, args, "vjp", strict)
        starts = None
        if v is not None:
            starts = check_v(as_tuple(v, "v", "vjp")[1], outputs, several_out)
        elif len(outputs) != 1 or outputs[0].numel() != 1:
            raise lesson(
                RuntimeError(
                    "The vector v can only be None if the user-provided function returns a single Tensor with a single "
                    "element."
                ),
                hint="v=torch.ones_like(output)",
            )
        found = fill_in_zeros(_gradients(outputs, args, starts, create_graph), args, strict, create_graph, "back")
    return _shown(outputs, create_graph, several_out), _shown(found, create_graph, several)


def jvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and its Jacobian times the vector ``v``, by differentiating a vjp once more.

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.jvp(lambda x: x**2, torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    with recording():
        several, given = as_tuple(inputs, "inputs", "jvp")
        args = _fresh(given, create_graph)
        if v is not None:
            directions = check_v(as_tuple(v, "v", "jvp")[1], given, several)
        elif len(given) == 1 and given[0].numel() == 1:
            directions = (ones_like(given[0]),)
        else:
            raise lesson(
                RuntimeError(
                    "The vector v can only be None if the input to the user-provided function is a single Tensor with a "
                    "single element."
                ),
                hint="v=torch.ones_like(x)",
            )
        several_out, outputs = _called(func, args, "jvp", strict)
        dummies = cotangents(outputs)
        back = transposed(outputs, args, dummies)
        check_requires_grad(back, "grad_inputs", strict)
        products = pushed(back, dummies, directions)
        found = fill_in_zeros(products, outputs, strict, create_graph, "back_trick")
    return _shown(outputs, create_graph, several_out), _shown(found, create_graph, several_out)


def _slopes(func: Any, inputs: Any, v: Any, name: str, strict: bool, keep: bool) -> tuple[Any, ...]:
    """What both Hessian products begin with: the arguments, the value, its gradient, and the vector."""
    several, given = as_tuple(inputs, "inputs", name)
    args = _fresh(given, keep)
    if v is not None:
        directions = check_v(as_tuple(v, "v", name)[1], given, several)
    elif len(given) == 1 and given[0].numel() == 1:
        directions = (ones_like(given[0]),)
    else:
        raise lesson(
            RuntimeError(
                "The vector v can only be None if the input to the user-provided function is a single Tensor with a single "
                "element."
            ),
            hint="v=torch.ones_like(x)",
        )
    several_out, outputs = _called(func, args, name, strict)
    check_single(several_out, outputs, name)
    slopes = _gradients(outputs, args, None, True)
    check_requires_grad(slopes, "jacobian", strict)
    return several, args, outputs, slopes, directions


def vhp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and the vector ``v`` times its Hessian: a backward pass through a backward pass.

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.vhp(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]), torch.tensor([1.0, 1.0]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    with recording():
        several, args, outputs, slopes, directions = _slopes(func, inputs, v, "vhp", strict, create_graph)
        products = _gradients(slopes, args, directions, create_graph)
        found = fill_in_zeros(products, args, strict, create_graph, "double_back")
    return _shown(outputs, create_graph, False), _shown(found, create_graph, several)


def hvp(func: Callable[..., Any], inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """The function's value, and its Hessian times ``v``: by the trick that makes a jvp of vjps.

    The Hessian is symmetric, so :func:`vhp` gives the same numbers at a lower cost.

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.hvp(lambda x: (x**3).sum(), torch.tensor([1.0, 2.0]), torch.tensor([1.0, 1.0]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    with recording():
        several, args, outputs, slopes, directions = _slopes(func, inputs, v, "hvp", strict, create_graph)
        used = [g if g is not None else zeros_like(x) for g, x in zip(slopes, args, strict=True)]
        dummies = cotangents(used)
        back = transposed(used, args, dummies)
        check_requires_grad(back, "hessian", strict)
        products = pushed(back, dummies, directions)
        found = fill_in_zeros(products, args, strict, create_graph, "double_back_trick")
    return _shown(outputs, create_graph, False), _shown(found, create_graph, several)


def jacobian(
    func: Callable[..., Any], inputs: Any, create_graph: bool = False, strict: bool = False, vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:  # fmt: skip
    """All partial derivatives of all outputs: shape (*output, *input).

    ``vectorize`` is accepted: rows are computed one by one all the same. ``strategy="forward-mode"`` goes by columns.

    >>> import pytorch_tutor as torch
    >>> torch.autograd.functional.jacobian(lambda x: x**2, torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """
    check_strategy(strategy, vectorize, strict, create_graph, "jacobian")
    with recording():
        several_in, given = as_tuple(inputs, "inputs", "jacobian")
        args = _fresh(given, create_graph)
        several_out, outputs = _called(func, args, "jacobian", strict)
        if strategy == "forward-mode":
            table = _by_columns(outputs, args)
        else:
            table = [_by_rows(out, i, args, create_graph, strict) for i, out in enumerate(outputs)]
        shown = tuple([_shown(blocks, create_graph, several_in) for blocks in table])
    return shown if several_out else shown[0]


def _by_rows(out: Any, number: int, args: tuple[Any, ...], create_graph: bool, strict: bool) -> list[Any]:
    """For each input the derivatives of one output, by a backward pass for each of its elements."""
    rows: list[list[Any]] = [[] for _ in args]
    flat = out.reshape(-1)
    for i in range(flat.numel()):
        found = _gradients([flat[i]], args, None, create_graph)
        for which, (row, g, x) in enumerate(zip(rows, found, args, strict=True)):
            if g is None and strict:
                raise RuntimeError(
                    f"Output {number} of the user-provided function is independent of input {which}. This is not allowed in "
                    "strict mode."
                )
            if g is not None and strict and create_graph and not g.requires_grad:
                raise RuntimeError(
                    "The jacobian of the user-provided function is independent of input "
                    f"{which}. This is not allowed in strict mode when create_graph=True."
                )
            row.append(zeros_like(x).detach() if g is None else g)
    return [
        stack(row).reshape(*out.shape, *x.shape) if row else x.new_zeros((*out.shape, *x.shape))
        for row, x in zip(rows, args, strict=True)
    ]


def _by_columns(outputs: tuple[Any, ...], args: tuple[Any, ...]) -> list[list[Any]]:
    """The same for all outputs, by a derivative forwards for each element of the inputs."""
    dummies = cotangents(outputs)
    back = transposed(outputs, args, dummies)
    table: list[list[Any]] = [[] for _ in outputs]
    for which, x in enumerate(args):
        columns: list[list[Any]] = [[] for _ in outputs]
        for direction in eye(x.numel(), dtype=x.dtype):
            tangents = [direction.reshape(x.shape) if i == which else None for i in range(len(args))]
            for column, t, o in zip(columns, pushed(back, dummies, tangents), outputs, strict=True):
                column.append(zeros_like(o).detach() if t is None else t)
        for blocks, column, o in zip(table, columns, outputs, strict=True):
            blocks.append(
                stack(column, -1).reshape(*o.shape, *x.shape) if column else x.new_zeros((*o.shape, *x.shape))
            )
    return table


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
    several, _ = as_tuple(inputs, "inputs", "hessian")
    if outer_jacobian_strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')

    def value(*args: Any) -> Any:
        out = func(*args)
        several_out, outputs = as_tuple(out, "outputs of the user-provided function", "hessian")
        check_single(several_out, outputs, "hessian")
        return out.squeeze()

    def first(*args: Any) -> Any:
        found = as_tuple(jacobian(value, args if several else args[0], create_graph=True), "jacobian", "hessian")[1]
        check_requires_grad(found, "jacobian", strict)
        return found if several else found[0]

    return jacobian(
        first, inputs, create_graph=create_graph, strict=strict, vectorize=vectorize, strategy=outer_jacobian_strategy
    )


__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]
