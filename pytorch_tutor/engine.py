"""From a loss to gradients: ``backward`` and ``grad``, both by the steps of ``graph.backward_steps``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .backends import namespace
from .errors import lesson
from .graph import Captures, Step, Tools, backward_steps, mode
from .namespace import TensorNamespace
from .tensor_base import TensorBase, wrap


def _has_nan(value: Any) -> bool:
    array = value._array if isinstance(value, TensorBase) else value
    return bool(namespace(array).isnan(array).any())


def _wrap(value: Any) -> Any:
    """A tensor; the sum of 0-dim arrays comes as a NumPy number and becomes an array again."""
    return wrap(np.asarray(value) if isinstance(value, np.generic) else value)


def _unwrap(value: Any) -> Any:
    return value._array


def _same(value: Any) -> Any:
    return value


def _tuple(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, TensorBase) else tuple(value)


def _starts(tensors: tuple[Any, ...], gradients: tuple[Any, ...], batched: bool = False) -> list[Any]:
    """The gradient that each output starts with: given, or 1 for a scalar."""
    found = []
    for i, tensor in enumerate(tensors):
        if tensor.edge() is None:
            raise lesson(
                RuntimeError(f"element {i} of tensors does not require grad and does not have a grad_fn"),
                expected="a result of operations on tensors that require grad",
                got="a tensor without history"
                + (f" of {tensor.dtype}, which cannot have one" if tensor.dtype.rank < 3 else ""),
                hint="torch.tensor(..., requires_grad=True)  before computing with it",
            )
        gradient = gradients[i] if i < len(gradients) else None
        if gradient is None:
            if tensor._array.size != 1:
                raise lesson(
                    RuntimeError("grad can be implicitly created only for scalar outputs"),
                    expected="a tensor with one element",
                    got=f"shape {tuple(tensor._array.shape)}",
                    hint="y.sum().backward()  or  y.backward(torch.ones_like(y))",
                )
            gradient = wrap(namespace(tensor._array).ones_like(tensor._array))
        elif gradient._array.shape != tensor._array.shape:
            raise lesson(
                RuntimeError(
                    f"Mismatch in shape: grad_output[{i}] has a shape of {gradient.shape} and output[{i}] has a shape of "
                    f"{tensor.shape}."
                ),
                expected=tuple(tensor._array.shape),
                got=tuple(gradient._array.shape),
                hint="torch.ones_like(y)",
            )
        found.append(gradient)
    return found


def steps(
    tensors: Any,
    gradients: Any = None,
    *,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    captures: Captures | None = None,
) -> Iterator[Step]:
    """The backward pass as a generator: each ``next()`` runs one node. ``backward`` is this, run to its end.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.engine import steps
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> [step.node.name() for step in steps(x * x)]
    ['MulBackward0', 'torch::autograd::AccumulateGrad']
    >>> x.grad
    tensor(6.)
    """
    outputs = _tuple(tensors)
    starts = _starts(outputs, _tuple(gradients))
    keep = create_graph if retain_graph is None else retain_graph
    roots = [t.edge() for t in outputs]
    if create_graph:
        tools = Tools(_same, _same, _has_nan, TensorNamespace(grad))
        return _recorded(backward_steps(roots, starts, keep=keep, tools=tools, captures=captures))
    tools = Tools(_wrap, _unwrap, _has_nan)
    return backward_steps(roots, [s._array for s in starts], keep=keep, tools=tools, captures=captures)


def _recorded(inner: Iterator[Step]) -> Iterator[Step]:
    """Grad mode is on while a step runs, not while the pass is paused: nothing leaks into the notebook."""
    while True:
        before, mode.grad = mode.grad, True
        try:
            step = next(inner, None)
        finally:
            mode.grad = before
        if step is None:
            return
        yield step


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Adds the gradient of ``tensors`` with respect to every leaf to the leaf's ``.grad``.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> torch.autograd.backward(x**3)
    >>> x.grad
    tensor(12.)
    """
    if inputs is not None:
        wanted = _tuple(inputs)
        if not wanted:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
        found = grad(tensors, wanted, grad_tensors, retain_graph, create_graph, allow_unused=True)
        for tensor, g in zip(wanted, found, strict=True):
            if g is not None:
                tensor._accumulate(g if create_graph else g._array, True)
        return
    for _ in steps(tensors, grad_tensors, retain_graph=retain_graph, create_graph=create_graph):
        pass


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of ``outputs`` with respect to ``inputs``, without touching any ``.grad``.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> (g,) = torch.autograd.grad(x**3, x, create_graph=True)
    >>> torch.autograd.grad(g, x)
    (tensor(12.),)
    """
    outs, wanted = _tuple(outputs), _tuple(inputs)
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    if is_grads_batched:
        rows = [
            grad(outs, wanted, [g[i] for g in _tuple(grad_outputs)], True, create_graph, True, allow_unused)
            for i in range(_tuple(grad_outputs)[0].size(0))
        ]
        stack = type(outs[0]).stack_rows
        return tuple([stack([row[k] for row in rows]) for k in range(len(wanted))])
    starts = _starts(outs, _tuple(grad_outputs))
    edges = []
    for tensor in wanted:
        edge = tensor.edge() if isinstance(tensor, TensorBase) else None
        if edge is None:
            raise lesson(
                RuntimeError("One of the differentiated Tensors does not require grad"),
                expected="inputs with requires_grad=True",
                got="an input without" if isinstance(tensor, TensorBase) else type(tensor).__name__,
                hint="x.requires_grad_()  before computing with it",
            )
        edges.append(edge)
    captures = Captures(edges, [t.edge() for t in outs])
    for _ in steps(outs, starts, retain_graph=retain_graph, create_graph=create_graph, captures=captures):
        pass
    results = []
    for i, (tensor, value) in enumerate(zip(wanted, captures.values, strict=True)):
        if value is None:
            if materialize_grads:
                results.append(wrap(namespace(tensor._array).zeros_like(tensor._array)))
                continue
            if not allow_unused:
                raise lesson(
                    RuntimeError(
                        f"The differentiated Tensor at index {i} appears to not have been used in the graph. Set "
                        "allow_unused=True if this is the desired behavior."
                    ),
                    expected="inputs that the outputs depend on",
                    got=f"input {i}, which no path from the outputs reaches",
                    hint="allow_unused=True  gives None for it",
                )
            results.append(None)
        elif isinstance(value, TensorBase):
            results.append(value)
        else:
            owned = np.asarray(value) if isinstance(value, np.generic) else value
            if owned.base is not None or any(owned is s._array for s in starts) or not owned.flags.c_contiguous:
                owned = owned.copy()
            results.append(wrap(owned, tensor._dtype))
    return tuple(results)
