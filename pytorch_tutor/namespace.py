"""NumPy's names, spelled with our own operations: on tensors, a backward pass can be differentiated again."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dispatch import apply
from .functions import arithmetic, comparison, gathering, number, reduction, shape, unary
from .graph import mode
from .ops.base import Op
from .ops.shape import ToCopy
from .tensor_base import TensorBase, wrap


def _tensor(value: Any) -> Any:
    return value if isinstance(value, TensorBase) else wrap(np.asarray(value))


class TensorNamespace:
    """What ``ctx.xp`` is under ``create_graph=True``: the part of NumPy that backward bodies use."""

    __name__ = "tensor"

    def __init__(self, gradient: Any) -> None:
        self.gradient = gradient  # autograd.grad, for operations whose gradient is that of their composite

    # -- the same functions by the same names
    exp, exp2, log, sqrt, sin, cos = map(
        staticmethod, (unary.exp, unary.exp2, unary.log, unary.sqrt, unary.sin, unary.cos)
    )
    sinh, cosh, tanh, sign, floor, trunc = map(
        staticmethod, (unary.sinh, unary.cosh, unary.tanh, number.sgn, unary.floor, unary.trunc)
    )
    abs, square, log1p, expm1 = map(staticmethod, (unary.abs, unary.square, unary.log1p, unary.expm1))
    isnan, isfinite = map(staticmethod, (comparison.isnan, comparison.isfinite))

    @staticmethod
    def arctan(x: Any) -> Any:
        return unary.atan(x)

    @staticmethod
    def maximum(a: Any, b: Any) -> Any:
        return arithmetic.maximum(a, b) if isinstance(b, TensorBase) else unary.clamp(a, min=b)

    @staticmethod
    def minimum(a: Any, b: Any) -> Any:
        return arithmetic.minimum(a, b) if isinstance(b, TensorBase) else unary.clamp(a, max=b)

    @staticmethod
    def where(condition: Any, a: Any, b: Any) -> Any:
        return arithmetic.where(_tensor(condition), a, b)

    @staticmethod
    def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return reduction.sum(x, axis, keepdims)

    @staticmethod
    def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return reduction.mean(x, axis, keepdims)

    @staticmethod
    def cumsum(x: Any, axis: int) -> Any:
        return reduction.cumsum(x, axis)

    @staticmethod
    def broadcast_to(x: Any, to: Any) -> Any:
        return shape.expand(x, tuple(to))

    @staticmethod
    def reshape(x: Any, to: Any) -> Any:
        return shape.reshape(x, to)

    @staticmethod
    def transpose(x: Any, axes: Any) -> Any:
        return shape.permute(x, axes)

    @staticmethod
    def swapaxes(x: Any, a: int, b: int) -> Any:
        return shape.transpose(x, a, b)

    @staticmethod
    def moveaxis(x: Any, a: int, b: int) -> Any:
        return shape.movedim(x, a, b)

    @staticmethod
    def expand_dims(x: Any, axis: int) -> Any:
        return shape.unsqueeze(x, axis)

    @staticmethod
    def flip(x: Any, axis: Any) -> Any:
        return shape.flip(x, axis)

    @staticmethod
    def stack(tensors: Any, axis: int = 0) -> Any:
        return shape.stack(tensors, axis)

    @staticmethod
    def concatenate(tensors: Any, axis: int = 0) -> Any:
        return shape.cat(tensors, axis)

    @staticmethod
    def matmul(a: Any, b: Any) -> Any:
        return a @ b

    @staticmethod
    def take_along_axis(x: Any, index: Any, axis: int) -> Any:
        return gathering.gather(x, axis, _tensor(index))

    # -- constants: nothing to differentiate
    @staticmethod
    def asarray(x: Any, dtype: Any = None) -> Any:
        return x if isinstance(x, TensorBase) else wrap(np.asarray(x, dtype))

    @staticmethod
    def arange(*args: Any) -> Any:
        return wrap(np.arange(*args))

    @staticmethod
    def zeros(size: Any, dtype: Any = None) -> Any:
        return wrap(np.zeros(size, dtype))

    @staticmethod
    def zeros_like(x: Any) -> Any:
        return wrap(np.zeros_like(x._array))

    @staticmethod
    def ones_like(x: Any) -> Any:
        return wrap(np.ones_like(x._array))

    # -- what the engine asks for
    @staticmethod
    def is_tensor(value: Any) -> bool:
        return isinstance(value, TensorBase)

    @staticmethod
    def constant(array: Any) -> Any:
        return wrap(array)

    @staticmethod
    def apply(op_class: type[Op], *inputs: Any, **params: Any) -> Any:
        return apply(op_class, *[_tensor(x) if isinstance(x, np.ndarray) else x for x in inputs], **params)

    @staticmethod
    def restore(array: Any, edge: Any, op: Op, position: int) -> Any:
        """A kept array as the tensor it was: with the history that it had then."""
        if edge is None:
            return wrap(array)
        node, number = edge
        variable = getattr(node, "variable", None)
        if op.unpacking and variable is not None:
            variable = None  # hooks gave it back: their numbers count, and its gradient goes where it went
        if variable is not None and variable._array.dtype == array.dtype and variable._array.shape == array.shape:
            return variable
        tensor = wrap(array)
        tensor._grad_fn, tensor._output_nr = node, number
        return tensor

    @staticmethod
    def fit(gradient: Any, to: tuple[int, ...], dtype: Any) -> Any:
        """The gradient in the shape and type of its input."""
        if not isinstance(gradient, TensorBase):
            gradient = wrap(np.asarray(gradient, dtype))
        have = gradient._array.shape
        if have != to:
            extra = len(have) - len(to)
            axes = [*range(extra), *[i + extra for i, n in enumerate(to) if n == 1 and have[i + extra] != 1]]
            if axes:
                gradient = reduction.sum(gradient, axes, True)
            if extra or gradient._array.shape != to:
                gradient = shape.reshape(gradient, to)
        if gradient._array.dtype != dtype:
            if gradient._array.dtype.kind == "c" and dtype.kind != "c":
                gradient = gradient.real
            gradient = apply(ToCopy, gradient, array_type=dtype)
        return gradient

    def vector_jacobian_product(self, op: Op, grads: list[Any]) -> list[Any]:
        """The gradient of a fused operation, by way of its composite of simple ones."""
        inputs = []
        for position, name in enumerate(op.inputs):
            value = op.__dict__.get(name)
            edge = op.edges[position] if position < len(op.edges) else None
            if edge is not None:
                # a fresh tensor in the middle, so that differentiation stops here and can go on from here
                inputs.append(shape.clone(self.restore(value, edge, op, position)))
            else:
                inputs.append(wrap(value) if isinstance(value, np.ndarray) else value)
        before, mode.grad = mode.grad, True
        try:
            outputs = op.composite(*inputs)
        finally:
            mode.grad = before
        if not isinstance(outputs, tuple):
            outputs = (outputs,)
        wanted = [i for i, edge in enumerate(op.edges) if edge is not None]
        pairs = [(o, g) for o, g in zip(outputs, grads, strict=False) if o.edge() is not None]
        found = self.gradient(
            [o for o, _ in pairs],
            [inputs[i] for i in wanted],
            [g for _, g in pairs],
            create_graph=True,
            allow_unused=True,
        )
        sent: list[Any] = [None] * len(op.edges)
        for i, g in zip(wanted, found, strict=True):
            sent[i] = None if g is None else self.fit(g, op.input_shapes[i], op.input_dtypes[i])
        return sent
