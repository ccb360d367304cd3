"""``torch.autograd.Function``: an operation of your own, forward and backward written in Python."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from ..backends import namespace
from ..dispatch import rebase
from ..errors import lesson
from ..graph import mode
from ..graph.anomaly import remember_call
from ..graph.mode import everywhere
from ..graph.node import next_birthday, users_line
from ..tensor_base import TensorBase
from .function_node import FunctionCtx, FunctionNode

NOTES = "For more details, please see https://pytorch.org/docs/main/notes/extending.func.html"


class FunctionMeta(type):
    """Gives each Function its own classes of nodes and contexts, named after it."""

    def __init__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> None:
        super().__init__(name, bases, space)
        called = {"__module__": "torch.autograd.function"}
        cls.node_class = type(f"{name}Backward", (FunctionNode,), {"function": cls, **called})
        cls.ctx_class = type(f"{name}Backward", (FunctionCtx,), called)


class Function(metaclass=FunctionMeta):
    """Subclass it with static methods ``forward(ctx, ...)`` and ``backward(ctx, *grads)``, and call ``apply``.

    With a static method ``setup_context(ctx, inputs, output)``, ``forward`` takes no ``ctx``; ``torch.func`` asks for
    that. ``jvp(ctx, *tangents)`` gives the derivative forwards, ``vmap(info, in_dims, *args)`` (or
    ``generate_vmap_rule = True``) the function for a batch.

    >>> import pytorch_tutor as torch
    >>> class Double(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         return x * 2
    ...
    ...     @staticmethod
    ...     def backward(ctx, grad):
    ...         return grad * 2
    >>> x = torch.ones(2, requires_grad=True)
    >>> Double.apply(x).sum().backward()
    >>> x.grad
    tensor([2., 2.])
    """

    node_class: type[FunctionNode]
    ctx_class: type[FunctionCtx]
    generate_vmap_rule = False
    batched: Any = None  # runs a function inside vmap; set by the layer that knows vmap

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warnings.warn(
            f"{self.__class__} should not be instantiated. Methods on autograd functions are all static, so you should "
            "invoke them on the class itself. Instantiating an autograd function will raise an error in a future version "
            "of PyTorch.",
            DeprecationWarning,
            stacklevel=2,
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd "
            "function with static forward method. (Example: https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """The result; the first argument is ``ctx`` unless ``setup_context`` is defined."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Fills ``ctx`` after a ``forward`` that does not take it."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """One gradient (or None) per argument of ``forward``."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    vjp = backward  # PyTorch's other name of backward

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """The change of each output for given changes of the inputs."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."
        )

    @staticmethod
    def vmap(info: Any, in_dims: Any, *args: Any) -> Any:
        """The results for a batch, and the dimension in which each counts the examples."""
        raise NotImplementedError("To use autograd.Function with vmap, you must either override the vmap staticmethod.")

    @classmethod
    def derivative(cls) -> Callable[..., Any]:
        """The user's ``backward``, or ``vjp``."""
        has_backward, has_vjp = cls.backward is not Function.backward, cls.vjp is not Function.vjp
        if has_backward and has_vjp:
            raise RuntimeError(
                "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only implement one "
                "of them."
            )
        return cls.vjp if has_vjp else cls.backward

    @classmethod
    def has_jvp(cls) -> bool:
        """Did the user define ``jvp``?"""
        return cls.jvp is not Function.jvp

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Runs ``forward`` and, where a gradient is wanted, records the call as a node."""
        own_context = cls.setup_context is not Function.setup_context
        if mode.transforms:
            if not own_context:
                raise lesson(
                    RuntimeError(
                        "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it "
                        f"must override the setup_context staticmethod. {NOTES}"
                    ),
                    expected="forward(*args) and setup_context(ctx, inputs, output)",
                    got="forward(ctx, *args)",
                )
            if mode.transforms[-1] == "vmap":
                return Function.batched(cls, args)
        return cls.apply_one(own_context, args, kwargs)

    @classmethod
    def apply_one(cls, own_context: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The same where no vmap is around."""
        node = cls.node_class()
        tensors = [a if isinstance(a, TensorBase) else None for a in args]
        edges = tuple([t.edge() if mode.grad else None for t in tensors if t is not None])
        node.arguments = len(args)
        node.places = tuple([place for place, t in enumerate(tensors) if t is not None])
        node.ctx.needs_input_grad = tuple([t is not None and t.requires_grad for t in tensors])
        before, mode.grad = mode.grad, False
        saving, mode.saving = mode.saving, ()
        try:
            if own_context:
                result = cls.forward(*args, **kwargs)
                cls.setup_context(node.ctx, args, result)
            else:
                result = cls.forward(node.ctx, *args, **kwargs)
        finally:
            mode.grad, mode.saving = before, saving
        outputs = result if isinstance(result, tuple) else (result,)
        cls._check_dirty(node, outputs)
        if not any(edges):
            return result
        return cls._record(node, edges, tensors, outputs, isinstance(result, tuple))

    @classmethod
    def _check_dirty(cls, node: FunctionNode, outputs: tuple[Any, ...]) -> None:
        """What ``mark_dirty`` named must be returned, and may be no leaf that requires grad."""
        for tensor in node.dirty:
            if not any(tensor is out for out in outputs):
                raise RuntimeError(
                    "Some elements marked as dirty during the forward method were not returned as output. The inputs that "
                    "are modified inplace must all be outputs of the Function."
                )
            if mode.grad and tensor._requires_grad and tensor._grad_fn is None:
                raise RuntimeError("a leaf Variable that requires grad has been used in an in-place operation.")
            tensor.version.n += 1

    @classmethod
    def _record(cls, node: Any, edges: Any, tensors: list[Any], outputs: tuple[Any, ...], several: bool) -> Any:
        from_inputs = {id(t) for t in tensors if t is not None}
        dirty, flat = {id(t) for t in node.dirty}, {id(t) for t in node.flat}
        finished = []
        for out in outputs:
            if isinstance(out, TensorBase) and id(out) in from_inputs and id(out) not in dirty:
                known = id(out) in flat
                out = out.view_as(out)  # an input returned as it is becomes a tensor of its own
                if known:
                    flat.add(id(out))
            finished.append(out)
        node.edges = edges
        node.age = next_birthday()
        node.line = users_line()
        if everywhere.anomaly:
            remember_call(node)
        if everywhere.duals:
            node.hidden = all([edge is None or edge[0].hidden for edge in edges])
        given = [t for t in tensors if t is not None]
        node.input_shapes = tuple([tuple(t._array.shape) for t in given])
        node.input_dtypes = tuple([t.dtype for t in given])
        node.outputs = len(finished)
        node.output_metas = tuple(
            [
                (o._array.shape, o._array.dtype, namespace(o._array)) if isinstance(o, TensorBase) else None
                for o in finished
            ]
        )
        for number, out in enumerate(finished):
            if not isinstance(out, TensorBase) or id(out) in flat or out._array.dtype.kind not in "fc":
                continue
            if id(out) in dirty:
                rebase(out, node, number)
            else:
                out._requires_grad = False
                out._grad_fn, out._output_nr = node, number
                out._seen_version, out._unrecorded_view = out.version.n, False
        node.keep(tuple(finished))
        return tuple(finished) if several else finished[0]


class InplaceFunction(Function):
    """A Function that may be told to work in place."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a backward that cannot be differentiated again."""

    @functools.wraps(backward)
    def wrapper(ctx: Any, *grads: Any) -> Any:
        before, mode.grad = mode.grad, False
        try:
            sent = backward(ctx, *grads)
        finally:
            mode.grad = before
        if not before or not any(isinstance(g, TensorBase) and g.requires_grad for g in grads):
            return sent
        several = sent if isinstance(sent, tuple) else (sent,)
        guarded = tuple([None if g is None else _Refuse.apply(g, *grads) for g in several])
        return guarded if isinstance(sent, tuple) else guarded[0]

    return wrapper


class _Refuse(Function):
    """Passes a gradient on, and refuses to be differentiated."""

    @staticmethod
    def forward(value: Any, *grads: Any) -> Any:
        return value.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Nothing is kept."""

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")


__all__ = ["Function", "FunctionCtx", "FunctionMeta", "FunctionNode", "InplaceFunction", "once_differentiable"]
