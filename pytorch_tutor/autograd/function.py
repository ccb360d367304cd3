"""``torch.autograd.Function``: an operation of your own, forward and backward written in Python."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Any

from ..backends import namespace
from ..errors import lesson
from ..graph import Node, mode
from ..graph.node import FREED, next_birthday, users_line
from ..tensor_base import TensorBase, wrap


class FunctionCtx:
    """What ``forward`` hands to ``backward``: whatever you set on it, and the tensors that you save.

    In PyTorch it is the node itself. Here it lies beside the node, so that a name which you choose (``ctx.run``,
    ``ctx.line``) cannot hide one that the backward pass needs; the node's public face is found on it all the same.
    """

    needs_input_grad: tuple[bool, ...] = ()

    def __init__(self, node: FunctionNode) -> None:
        self._node_reference = weakref.ref(node)  # weak: the node holds this object, and a cycle would keep both alive

    def __getattr__(self, name: str) -> Any:
        node = self.__dict__["_node_reference"]()
        if node is not None and name in _FACE:
            return getattr(node, name)
        title = "FunctionCtx" if node is None else type(node).__name__
        raise AttributeError(f"'{title}' object has no attribute '{name}'")

    def __repr__(self) -> str:
        return repr(self._node_reference())

    def save_for_backward(self, *tensors: Any) -> None:
        """Keeps inputs or outputs for backward, where they come back as ``ctx.saved_tensors``."""
        for place, t in enumerate(tensors):
            if t is not None and not isinstance(t, TensorBase):
                raise lesson(
                    TypeError(
                        f"save_for_backward can only save variables, but argument {place} is of type {type(t).__name__}"
                    ),
                    expected="tensors",
                    got=f"{t!r}, a {type(t).__name__}",
                    hint="keep what is no tensor as an attribute: ctx.factor = factor",
                )
        _alive(self).to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Accepted for ``jvp``, which keeps its own."""

    def mark_dirty(self, *tensors: Any) -> None:
        """Says which inputs ``forward`` changed in place."""
        _alive(self).dirty = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Says which outputs no gradient comes back from."""
        _alive(self).flat = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether a missing gradient comes to backward as zeros (the default) or as None."""
        _alive(self).materialize = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What ``save_for_backward`` kept."""
        return _alive(self).saved_tensors


# PyTorch's public names of a node, which are found on ctx too.
_FACE = ("name", "next_functions", "metadata", "register_hook", "register_prehook")


def _alive(ctx: FunctionCtx) -> FunctionNode:
    node = ctx._node_reference()
    if node is None:
        raise RuntimeError(FREED)
    return node


class FunctionNode(Node):
    """The node of the graph for a function written by the user: runs its ``backward`` with its ``ctx``."""

    saved: tuple[Any, ...] = ()
    materialize = True
    dirty: tuple[Any, ...] = ()
    flat: tuple[Any, ...] = ()
    output_metas: tuple[Any, ...] = ()
    function: Any = None
    arguments = 0  # of forward: backward returns a gradient or None for each
    places: tuple[int, ...] = ()  # which of them are tensors: only these have an edge

    def __init__(self) -> None:
        self.to_save: tuple[Any, ...] = ()
        self.ctx = FunctionCtx(self)

    def name(self) -> str:
        return f"{self.function.__name__}Backward"

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"

    def __getattr__(self, name: str) -> Any:
        """What the user set on ``ctx`` is an attribute of the node too."""
        found = self.__dict__["ctx"].__dict__
        if name in found:
            return found[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What ``save_for_backward`` kept."""
        self.check_alive()
        found = []
        for tensor, version in self.saved:
            if tensor is not None and tensor.version.n != version:
                raise lesson(
                    RuntimeError(
                        "one of the variables needed for gradient computation has been modified by an inplace "
                        f"operation: [{tensor.type()} {list(tensor.shape)}] is at version {tensor.version.n}; expected "
                        f"version {version} instead. Hint: enable anomaly detection to find the operation that failed to "
                        "compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
                    ),
                    hint="clone() what you save, or do not change it in place",
                )
            found.append(tensor)
        return tuple(found)

    def keep(self, outputs: tuple[Any, ...]) -> None:
        """Takes over what ``save_for_backward`` was given; an own output is kept without its history (no cycle)."""
        own = {id(o): i for i, o in enumerate(outputs)}
        self.saved_outputs = {place: own[id(t)] for place, t in enumerate(self.to_save) if id(t) in own}
        self.saved = tuple(
            (None, 0) if t is None else ((_bare(t) if id(t) in own else t), t.version.n) for t in self.to_save
        )
        self.to_save = ()

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        self.check_alive()
        given = []
        for g, (shape, dtype, xp) in zip(grads, self.output_metas, strict=True):
            if g is None and self.materialize:
                given.append(wrap(xp.zeros(shape, dtype)))
            else:
                given.append(g if g is None or isinstance(g, TensorBase) else wrap(g))
        before, mode.grad = mode.grad, lift is not None
        saved = self.saved
        if lift is not None:
            # under create_graph an output that was saved remembers that this node made it
            self.saved = tuple(
                (self._with_history(t, place), v) if t is not None else (t, v) for place, (t, v) in enumerate(saved)
            )
        try:
            sent = self.function.backward(self.ctx, *given)
        finally:
            mode.grad, self.saved = before, saved
        return self._checked(sent, lift)

    def _with_history(self, tensor: Any, place: int) -> Any:
        number = self.saved_outputs.get(place)
        if number is None:
            return tensor
        seen = _bare(tensor)
        seen._grad_fn, seen._output_nr = self, number
        return seen

    def _checked(self, sent: Any, lift: Any) -> tuple[Any, ...]:
        sent = sent if isinstance(sent, tuple) else (sent,)
        wanted = self.arguments
        while len(sent) > wanted and sent[-1] is None:
            sent = sent[:-1]
        if len(sent) != wanted:
            raise lesson(
                RuntimeError(
                    f"function {self.name()} returned an incorrect number of gradients (expected {wanted}, got {len(sent)})"
                ),
                expected=f"one gradient (or None) for each of the {wanted} arguments of forward",
                got=len(sent),
            )
        found: list[Any] = []
        for place, shape, edge in zip(self.places, self.input_shapes, self.edges, strict=True):
            g = sent[place]
            if g is None or edge is None:
                found.append(None)
                continue
            if not isinstance(g, TensorBase):
                raise lesson(
                    RuntimeError(f"expected Variable or None (got {type(g).__name__})"),
                    expected=f"a tensor as gradient number {place} of {self.name()}",
                    got=f"{g!r}, a {type(g).__name__}",
                    hint="return a tensor, or None where the argument of forward needs no gradient",
                )
            if tuple(g._array.shape) != shape:
                if g._array.size == 1 or _expandable(g._array.shape, shape):
                    g = g.sum_to_size(shape) if hasattr(g, "sum_to_size") else g.expand(shape)
                else:
                    raise lesson(
                        RuntimeError(
                            f"Function {self.name()} returned an invalid gradient at index {place} - got {list(g.shape)} "
                            f"but expected shape compatible with {list(shape)}"
                        ),
                        expected=list(shape),
                        got=list(g.shape),
                    )
            found.append(g if lift is not None else g.settle())
        return tuple(found)

    def release(self) -> None:
        self.freed = True
        self.saved = ()


def _expandable(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    extra = len(have) - len(want)
    return extra >= 0 and all(n in (1, m) or m == 1 for n, m in zip(have[extra:], want, strict=True))


def _bare(tensor: Any) -> Any:
    """The same memory and version counter, without history."""
    found = wrap(tensor._array, tensor._dtype)
    found._version_counter = tensor.version
    return found


class _Meta(type):
    """Gives each Function its own class of nodes, named after it."""

    def __init__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any]) -> None:
        super().__init__(name, bases, space)
        cls.node_class = type(f"{name}Backward", (FunctionNode,), {"function": cls})


class Function(metaclass=_Meta):
    """Subclass it with static methods ``forward(ctx, ...)`` and ``backward(ctx, *grads)``, and call ``apply``.

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

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Runs ``forward`` and, where a gradient is wanted, records the call as a node."""
        node = cls.node_class()
        tensors = [a if isinstance(a, TensorBase) else None for a in args]
        edges = tuple([t.edge() if mode.grad else None for t in tensors if t is not None])
        node.arguments = len(args)
        node.places = tuple([place for place, t in enumerate(tensors) if t is not None])
        node.ctx.needs_input_grad = tuple([t is not None and t.requires_grad for t in tensors])
        before, mode.grad = mode.grad, False
        try:
            if cls.setup_context is not Function.setup_context:
                result = cls.forward(*args, **kwargs)
                cls.setup_context(node.ctx, args, result)
            else:
                result = cls.forward(node.ctx, *args, **kwargs)
        finally:
            mode.grad = before
        outputs = result if isinstance(result, tuple) else (result,)
        if not any(edges):
            return result
        return cls._record(node, edges, tensors, outputs, isinstance(result, tuple))

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
        node.input_shapes = tuple([tuple(t._array.shape) for t in tensors if t is not None])
        node.outputs = len(finished)
        node.output_metas = tuple(
            [
                ((), "f4", namespace(None)) if not isinstance(o, TensorBase) else (
                    o._array.shape, o._array.dtype, namespace(o._array)
                )
                for o in finished
            ]
        )  # fmt: skip
        node.keep(tuple(finished))
        for number, out in enumerate(finished):
            if isinstance(out, TensorBase) and id(out) not in flat and out._array.dtype.kind in "fc":
                out._requires_grad = False
                out._base = None
                out._grad_fn, out._output_nr = node, number
        return tuple(finished) if several else finished[0]


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
    def forward(ctx: Any, value: Any, *grads: Any) -> Any:
        return value.clone()

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")
