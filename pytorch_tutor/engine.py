"""From a loss to gradients: ``backward`` and ``grad``, both by the steps of ``graph.backward_steps``."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from .backends import namespace
from .errors import lesson
from .graph import Captures, Node, Step, Tools, backward_steps, mode
from .namespace import TensorNamespace
from .ops.base import Op
from .tensor_base import TensorBase, wrap


def _has_nan(value: Any) -> bool:
    array = value._array if isinstance(value, TensorBase) else value
    return bool(namespace(array).isnan(array).any())


def _wrap(value: Any) -> Any:
    """A tensor; the sum of 0-dim arrays comes as a NumPy number and becomes an array again."""
    return wrap(np.asarray(value) if isinstance(value, np.generic) else value)


def _own(value: Any) -> Any:
    """A tensor of its own: what was broadcast shows one number many times, and cannot be written to."""
    return _wrap(value if getattr(getattr(value, "flags", None), "writeable", True) else value.copy())


def _unwrap(value: Any) -> Any:
    return value._array


def _same(value: Any) -> Any:
    return value


class GradientEdge(NamedTuple):
    """A place of the graph: a node, and which of its results; stands for a tensor in ``grad`` and ``backward``."""

    node: Node
    output_nr: int
    ownership_token: Node | None = None


def _tuple(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, (TensorBase, GradientEdge)) else tuple(value)


def _edge(place: Any) -> tuple[Node, int] | None:
    """The node and result number behind a tensor or a GradientEdge."""
    return (place.node, place.output_nr) if isinstance(place, GradientEdge) else place.edge()


def _example(place: Any) -> Any:
    """What the gradient at a GradientEdge looks like: its node's result, as far as the node knows it."""
    if isinstance(place, TensorBase):
        return place._array
    node = place.node
    if hasattr(node, "variable"):
        return node.variable._array
    shape, dtype = node.result_shapes[place.output_nr]  # `get_gradient_edge` has left them there
    return np.empty(shape, dtype)


def _starts(tensors: tuple[Any, ...], gradients: tuple[Any, ...], batched: bool = False) -> list[Any]:
    """The gradient that each output starts with: given, or 1 for a scalar."""
    found = []
    for i, tensor in enumerate(tensors[: len(gradients)] if gradients else tensors):
        if isinstance(tensor, GradientEdge):
            gradient = gradients[i] if i < len(gradients) else None
            found.append(wrap(np.ones_like(_example(tensor))) if gradient is None else gradient)
            continue
        if tensor.edge() is None:
            raise lesson(
                RuntimeError(f"element {i} of tensors does not require grad and does not have a grad_fn"),
                expected="a result of operations on tensors that require grad",
                got="a tensor without history"
                + (f" of {tensor.dtype}, which cannot have one" if tensor.dtype.rank < 3 else ""),
                hint="torch.tensor(..., requires_grad=True)  before computing with it",
            )
        gradient = gradients[i] if i < len(gradients) else None
        if gradient is not None and not isinstance(gradient, TensorBase):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
        complexes = [t for t in (tensor, gradient) if t is not None and t._array.dtype.kind == "c"]
        if gradient is None:
            if tensor._array.size == 1 and complexes:
                raise lesson(
                    RuntimeError(f"grad can be implicitly created only for real scalar outputs but got {tensor.dtype}"),
                    expected="a real number",
                    got=f"a tensor of {tensor.dtype}",
                    hint="z.abs().backward()  or  give a gradient",
                )
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
        elif complexes and gradient._array.dtype != tensor._array.dtype:
            raise RuntimeError(
                "For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in dtype: "
                f"grad_output[{i}] has a dtype of {gradient.dtype} and output[{i}] has a dtype of {tensor.dtype}."
            )
        found.append(gradient)
    if gradients and len(gradients) != len(tensors):
        raise lesson(
            RuntimeError(f"got {len(tensors)} tensors and {len(gradients)} gradients"),
            expected="a gradient (or None) for each output",
            got=len(gradients),
        )
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
    roots: Any = [_edge(t) for t in outputs]
    if create_graph:
        tools = Tools(_same, _same, _has_nan, TensorNamespace(grad))
        return _recorded(backward_steps(roots, starts, keep=keep, tools=tools, captures=captures))
    tools = Tools(_wrap, _unwrap, _has_nan, own=_own)
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


LEAKS = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter and its gradient which "
    "can cause a memory leak. We recommend using autograd.grad when creating the graph to avoid this. If you have to use "
    "this function, make sure to reset the .grad fields of your parameters to None after use to break the cycle and avoid "
    "the leak."
)


def _backward_to(tensors: Any, wanted: tuple[Any, ...], starts: Any, retain_graph: Any, create_graph: bool) -> None:
    """Adds gradients to the ``.grad`` of the given tensors only; results keep theirs as after ``retain_grad``."""
    if not wanted:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    for tensor in wanted:
        if isinstance(tensor, TensorBase) and (tensor._grad_fn is not None or not tensor.requires_grad):
            tensor.retain_grad()  # keeps a result's gradient, and refuses what requires none
    found = grad(tensors, wanted, starts, retain_graph, create_graph, allow_unused=True)
    for tensor, g in zip(wanted, found, strict=True):
        if isinstance(tensor, GradientEdge):
            tensor = getattr(tensor.node, "variable", None)
        if g is not None and tensor is not None and tensor._grad_fn is None:
            tensor._accumulate(g if create_graph else g._array, True)
            hooks = tensor._post_accumulate_hooks
            for hook in tuple(hooks.values()) if hooks else ():
                hook(tensor)


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
    if grad_variables is not None:
        warnings.warn("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning, stacklevel=2)
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only use "
                "`grad_tensors`."
            )
        grad_tensors = grad_variables
    if create_graph:
        warnings.warn(LEAKS, UserWarning, stacklevel=2)
    if inputs is not None:
        _backward_to(tensors, _tuple(inputs), grad_tensors, retain_graph, create_graph)
        return
    before, mode.capturing = mode.capturing, False
    try:
        for _ in steps(tensors, grad_tensors, retain_graph=retain_graph, create_graph=create_graph):
            pass
    finally:
        mode.capturing = before


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
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for other "
            "parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    if not wanted:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    for place in wanted:
        if not isinstance(place, (TensorBase, GradientEdge)):
            raise lesson(
                RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(place).__name__}"),
                expected="the tensors to differentiate by",
                got=f"{place!r}",
            )
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    if is_grads_batched:
        for i, (o, g) in enumerate(zip(outs, _tuple(grad_outputs), strict=False)):
            if g is not None and tuple(g.shape[1:]) != tuple(o.shape):
                raise RuntimeError(
                    "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch "
                    "dimension. The sizes of the remaining dimensions are expected to match the shape of corresponding "
                    f"output, but a mismatch was detected: grad_output[{i}] has a shape of {g.shape} and output[{i}] has a "
                    f"shape of {o.shape}. If you only want some tensors in `grad_output` to be considered batched, "
                    "consider using vmap."
                )
        rows = [
            grad(outs, wanted, [g[i] for g in _tuple(grad_outputs)], True, create_graph, True, allow_unused)
            for i in range(_tuple(grad_outputs)[0].size(0))
        ]
        stack = type(outs[0]).stack_rows
        return tuple([stack([row[k] for row in rows]) for k in range(len(wanted))])
    starts = _starts(outs, _tuple(grad_outputs))
    edges = []
    for tensor in wanted:
        edge = _edge(tensor)
        if edge is None:
            raise lesson(
                RuntimeError("One of the differentiated Tensors does not require grad"),
                expected="inputs with requires_grad=True",
                got="an input without",
                hint="x.requires_grad_()  before computing with it",
            )
        edges.append(edge)
    roots: Any = [_edge(t) for t in outs]
    captures = Captures(edges, roots)
    before, mode.capturing = mode.capturing, True
    try:
        for _ in steps(outs, starts, retain_graph=retain_graph, create_graph=create_graph, captures=captures):
            pass
    finally:
        mode.capturing = before
    results = []
    for i, (tensor, value) in enumerate(zip(wanted, captures.values, strict=True)):
        if value is None:
            if materialize_grads:
                example = _example(tensor)
                results.append(wrap(namespace(example).zeros_like(example)))
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
            results.append(wrap(owned, tensor._dtype if isinstance(tensor, TensorBase) else None))
    return tuple(results)


def by_hand(node: Op, grads: list[Any]) -> tuple[Any, ...]:
    """Runs one node on tensors: recorded where grad mode is on, as PyTorch does."""
    if mode.grad:
        return tuple(node.run(grads, TensorNamespace(grad), True))
    sent = node.run([None if g is None else g._array for g in grads], None, True)
    return tuple([None if g is None else wrap(g) for g in sent])


Op.by_hand = staticmethod(by_hand)
