"""The node of the graph for an operation written by the user, and the ``ctx`` that its forward hands to its backward."""

from __future__ import annotations

import warnings
import weakref
from typing import Any

import numpy as np

from ..dtypes import bfloat16
from ..errors import lesson
from ..graph import Node, mode
from ..graph.node import FREED, next_birthday
from ..ops.base import FIND_IT, MODIFIED, short_name
from ..ops.saved import Packed
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
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

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
        """Keeps tensors for ``jvp``, where they come back as ``ctx.saved_tensors``."""
        for t in tensors:
            if t is not None and not isinstance(t, TensorBase):
                raise AssertionError(
                    "save_for_forward expects all arguments to be tensors; you should save non-tensors as attributes on ctx."
                )
        _alive(self).for_forward = tensors

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

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """The old name of ``saved_tensors``."""
        warnings.warn("'saved_variables' is deprecated; use 'saved_tensors'", DeprecationWarning, stacklevel=2)
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
    for_forward: tuple[Any, ...] | None = None
    saved_outputs: dict[int, int] = {}
    materialize = True
    dirty: tuple[Any, ...] = ()
    flat: tuple[Any, ...] = ()
    output_metas: tuple[Any, ...] = ()
    input_dtypes: tuple[Any, ...] = ()
    function: Any = None
    arguments = 0  # of forward: backward returns a gradient or None for each
    places: tuple[int, ...] = ()  # which of them are tensors: only these have an edge

    def __init__(self) -> None:
        self.to_save: tuple[Any, ...] = ()
        self.ctx: FunctionCtx = self.function.ctx_class(self)

    def name(self) -> str:
        return f"{self.function.__name__}Backward"

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"

    def __call__(self, *grads: Any) -> Any:
        raise TypeError(f"'{self.name()}' object is not callable")

    def __getattr__(self, name: str) -> Any:
        """What the user set on ``ctx`` is an attribute of the node too."""
        found = self.__dict__["ctx"].__dict__ if "ctx" in self.__dict__ else {}
        if name in found:
            return found[name]
        raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What ``save_for_backward`` kept."""
        self.check_alive()
        found = []
        for place, (kept, version) in enumerate(self.saved):
            tensor = kept.unpack() if isinstance(kept, Packed) else kept
            if not isinstance(kept, Packed) and tensor is not None and tensor.version.n != version:
                raise self._modified(tensor, place, version)
            found.append(self._with_history(tensor, place))
        return tuple(found)

    def _modified(self, tensor: Any, place: int, version: int) -> Exception:
        maker = self if place in self.saved_outputs else tensor._grad_fn
        number = self.saved_outputs.get(place, tensor._output_nr)
        made_by = "" if maker is None else f", which is output {number} of {short_name(maker.name())},"
        sentence = MODIFIED.format(
            type=tensor.type().removeprefix("torch."),
            shape=list(tensor.shape),
            made_by=made_by,
            now=tensor.version.n,
            then=version,
        )
        return lesson(RuntimeError(sentence + FIND_IT), hint="clone() what you save, or do not change it in place")

    def keep(self, outputs: tuple[Any, ...]) -> None:
        """Takes over what ``save_for_backward`` was given; an own output is kept without its history (no cycle)."""
        own = {id(o): i for i, o in enumerate(outputs)}
        self.saved_outputs = {place: own[id(t)] for place, t in enumerate(self.to_save) if id(t) in own}
        self.saved = tuple(
            (None, 0) if t is None else ((bare(t) if id(t) in own else t), t.version.n) for t in self.to_save
        )
        if mode.saving:
            hooks = mode.saving[-1]
            self.saved = tuple((t if t is None else Packed(t, *hooks), version) for t, version in self.saved)
        self.to_save = ()

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        self.check_alive()
        if mode.pushing and lift is not None:
            return pushed(self, grads)
        given = []
        for g, meta in zip(grads, self.output_metas, strict=True):
            if g is None and self.materialize and meta is not None:
                shape, dtype, xp = meta
                given.append(wrap(xp.zeros(shape, dtype)))
            else:
                given.append(g if g is None or isinstance(g, TensorBase) else wrap(g))
        before, mode.grad = mode.grad, lift is not None
        try:
            sent = self.function.derivative()(self.ctx, *given)
        finally:
            mode.grad = before
        return self._checked(sent, lift)

    def _with_history(self, tensor: Any, place: int) -> Any:
        """An output that was saved remembers that this node made it."""
        number = self.saved_outputs.get(place)
        if number is None or tensor is None:
            return tensor
        seen = bare(tensor)
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
        for place, g in enumerate(sent):
            if g is not None and place not in self.places:
                raise lesson(
                    RuntimeError(
                        f"function {self.name()} returned a gradient different than None at position {place + 1}, but the "
                        "corresponding forward input was not a Variable"
                    ),
                    expected="None for an argument that is no tensor",
                    got=f"{type(g).__name__}",
                )
        found: list[Any] = []
        for place, shape, dtype, edge in zip(
            self.places, self.input_shapes, self.input_dtypes, self.edges, strict=True
        ):
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
            g = self._fitted(g, place, shape)
            if g.dtype is not dtype:
                g = g.to(dtype)
            found.append(g if lift is not None else g.settle())
        return tuple(found)

    def _fitted(self, g: Any, place: int, shape: tuple[int, ...]) -> Any:
        """The gradient in its input's shape; RuntimeError where it cannot be summed to it."""
        if tuple(g._array.shape) == shape:
            return g
        if g._array.size == 1 or _expandable(g._array.shape, shape):
            return g.expand(shape) if g._array.size == 1 else g.sum_to_size(shape)
        raise lesson(
            RuntimeError(
                f"Function {self.name()} returned an invalid gradient at index {place} - got {list(g.shape)} but expected "
                f"shape compatible with {list(shape)}"
            ),
            expected=list(shape),
            got=list(g.shape),
        )

    def release(self) -> None:
        self.freed = self.freed or bool(self.saved)
        self.saved = ()


def _expandable(have: tuple[int, ...], want: tuple[int, ...]) -> bool:
    extra = len(have) - len(want)
    return extra >= 0 and all(n in (1, m) or m == 1 for n, m in zip(have[extra:], want, strict=True))


def bare(tensor: Any) -> Any:
    """The same memory and version counter, without history."""
    found = wrap(tensor._array, tensor._dtype)
    found._version_counter = tensor.version
    return found


# -- jvp
def pushed(node: FunctionNode, grads: list[Any]) -> tuple[Any, ...]:
    """For a derivative forwards: gradients whose own derivative, by ``grads``, is the user's ``jvp``.

    A jvp is found as the derivative of a vjp by the vector that it is given. Only that derivative counts, so the
    numbers here are zeros.
    """
    if not node.function.has_jvp():
        raise lesson(
            NotImplementedError(
                "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."
            ),
            expected=f"a staticmethod jvp(ctx, *tangents) of {node.function.__name__}",
            got="backward alone",
        )
    push = PushedNode(node, tuple([None if g is None else g.edge() for g in grads]))
    sent: list[Any] = []
    for number, (shape, dtype, edge) in enumerate(zip(node.input_shapes, node.input_dtypes, node.edges, strict=True)):
        if edge is None:
            sent.append(None)
            continue
        zero = wrap(np.zeros(shape, dtype.array), dtype if dtype is bfloat16 else None)
        zero._grad_fn, zero._output_nr = push, number
        sent.append(zero)
    return tuple(sent)


class PushedNode(Node):
    """The transpose of a function's ``jvp``: run backwards, it is the jvp."""

    formula = r"\bar x = J^{\top} \bar y"
    gradient = {"y": r"\dot y = J\,\dot x"}

    def __init__(self, pushes: FunctionNode, edges: tuple[Any, ...]) -> None:
        self.pushes, self.edges = pushes, edges
        self.age = next_birthday()
        self.outputs = len(pushes.places)

    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        node = self.pushes
        tangents: list[Any] = [None] * node.arguments
        for place, shape, dtype, g in zip(node.places, node.input_shapes, node.input_dtypes, grads, strict=True):
            if g is None and node.materialize and dtype.rank > 2:
                g = np.zeros(shape, dtype.array)
            tangents[place] = g if g is None or isinstance(g, TensorBase) else wrap(g)
        saved = node.saved
        if node.for_forward is not None:
            node.saved = tuple([(t, 0 if t is None else t.version.n) for t in node.for_forward])
        before, mode.grad = mode.grad, lift is not None
        pushing, mode.pushing = mode.pushing, False
        kept = dict(node.ctx.__dict__)  # a jvp may delete what it needs no more, and is asked again for each tangent
        try:
            found = node.function.jvp(node.ctx, *tangents)
        finally:
            mode.grad, mode.pushing, node.saved = before, pushing, saved
            node.ctx.__dict__.update(kept)
        several = found if isinstance(found, tuple) else (found,)
        return tuple([t if t is None or lift is not None else t._array for t in several])

    def release(self) -> None:
        """The function's own node keeps what there is."""
