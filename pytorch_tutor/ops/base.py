"""Op: one operation with its formula, its gradient, and what it keeps for the backward pass."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from ..backends import kernels, namespace
from ..backends.numpy_sum import summed
from ..dtypes import bfloat16, of_array, to_bfloat16
from ..errors import lesson
from ..graph import Node
from ..graph.mode import everywhere
from ..refusals import Refused, Words, expand, refuse
from .saved import FACE, SavedTensor, saved_attribute, saved_names

MODIFIED = (
    "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.{type} "
    "{shape}]{made_by} is at version {now}; expected version {then} instead. Hint: "
)
FIND_IT = (
    "enable anomaly detection to find the operation that failed to compute its gradient, with "
    "torch.autograd.set_detect_anomaly(True, check_nan=False)."
)
FOUND = (
    "the backtrace further above shows the operation that failed to compute its gradient. The variable in question was "
    "changed in there or anywhere later. Good luck!"
)
TYPE_NAMES = {
    "float32": "FloatTensor", "float64": "DoubleTensor", "float16": "HalfTensor", "int64": "LongTensor",
    "int32": "IntTensor", "int16": "ShortTensor", "int8": "CharTensor", "uint8": "ByteTensor", "bool": "BoolTensor",
    "complex64": "ComplexFloatTensor", "complex128": "ComplexDoubleTensor",
}  # fmt: skip


def short_name(node_name: str) -> str:
    """``ExpBackward0`` is called Exp in the sentence about a modified value."""
    return node_name.rstrip("0123456789").removesuffix("Backward")


class Version:
    """How often a tensor's memory has been written in place, and by what last; views share it."""

    __slots__ = ("n", "writer")

    def __init__(self) -> None:
        self.n = 0
        self.writer = ""  # the name of the node that is the history since


class Op(Node):
    """An operation on arrays. An instance is one call of it: the context of ``forward`` and the node of the graph.

    A subclass states five facts: ``formula`` and ``gradient`` (LaTeX, one entry per tensor input, in order),
    ``keeps`` (names of inputs, ``"result"``, or attributes that ``forward`` sets: all that backward may use),
    ``forward(ctx, *arrays, **params)`` and ``backward(ctx, *grads)``.

    ``backward`` is written with operators and ``ctx.xp``, so that one body serves twice: on raw arrays in an ordinary
    pass, on tensors under ``create_graph=True``, where the gradient can be differentiated again.
    """

    promotes: ClassVar[str] = ""  # "same": inputs meet in one type; "float": and integers become floats
    view: ClassVar[bool] = False  # the result shares memory with the first input
    node_name: str = ""  # where PyTorch's name differs from that of the class
    differentiable: ClassVar[bool] = True
    refuses: ClassVar[Words] = {}  # types that PyTorch has no kernel for, and the kernel's name
    refused: ClassVar[Refused] = {}  # the same by type
    takes_sparse: ClassVar[bool] = False  # sparse arrays come as they are
    wide: ClassVar[bool] = False  # float16 is computed in float32 and rounded once; so in all that promotes
    one_type: ClassVar[str] = ""  # what is said where the last two inputs differ in type
    kept_outputs: ClassVar[dict[str, int]] = {}  # of several results, those that are kept: name to number
    kept_for: ClassVar[dict[str, tuple[int, ...]]] = {}  # an input kept only if these inputs want a gradient
    # How PyTorch lays results out: by "rows" ("pictures" may stay channels-last), by "columns", as the "first" input.
    layout: ClassVar[str] = ""
    makes_channels_last: ClassVar[bool] = False  # results may be laid out channels-last, unseen by the caller
    public: ClassVar[str] = ""  # the name that error sentences use
    composite: ClassVar[Any] = None
    second_counts: ClassVar[bool] = (
        False  # PyTorch's name ends in 1 where the second input is a tensor, in 0 for a number
    )
    variant = 0
    written_variant: ClassVar[int] = 0  # the number in the name of an in-place operation's node, where it is another
    result: Any  # what forward gave, where `keeps` names it
    xp: Any = np
    needs: tuple[bool, ...] = ()
    inputs: tuple[str, ...] = ()
    input_dtypes: tuple[Any, ...] = ()
    result_meta: tuple[Any, ...] = ()  # (shape, dtype) of each result, kept where there are several
    kept_versions: tuple[tuple[str, Version, int, Any], ...] = ()
    half_inputs = False  # some input is bfloat16: gradients are rounded to it
    widened = False  # float16 that was computed in float32: so is its gradient
    unpacking = False  # what is kept comes from saved-tensor hooks just now
    lifted: Any = None  # the namespace of tensors while backward runs under create_graph
    wrap: ClassVar[Any] = None  # makes a tensor of an array; set by the layer that has tensors
    by_hand: ClassVar[Any] = None  # runs a node on tensors outside a backward pass; set by the engine

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.untitled is None:  # else it is a class of `titled`, and only its name is another
            cls.op_name = cls.__name__
        cls.inputs = tuple(cls.gradient)
        cls.kept_inputs = tuple((i, n) for i, n in enumerate(cls.inputs) if n in cls.keeps)
        cls.keeps_result = "result" in cls.keeps
        if "refuses" in cls.__dict__:
            cls.refused = expand(cls.refuses)
        if "wide" not in cls.__dict__ and cls.promotes:
            cls.wide = True
        if not cls.layout and cls.promotes and len(cls.inputs) > 1:
            cls.layout = "first"

    op_name: ClassVar[str] = ""
    kept_inputs: ClassVar[tuple[tuple[int, str], ...]] = ()
    keeps_result: ClassVar[bool] = False

    def name(self) -> str:
        if self.second_counts:
            return f"{self.op_name}Backward{int(self.input_shapes[1] is not None)}"
        return self.node_name or f"{self.op_name}Backward{self.variant}"

    # -- what a subclass writes
    def forward(self, *arrays: Any, **params: Any) -> Any:
        """The result on raw arrays."""
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def backward(self, *grads: Any) -> Any:
        """One gradient per tensor input."""
        raise RuntimeError(f"derivative for {self.name()} is not implemented")

    # -- what forward and backward may use
    def kernel(self, array: Any) -> Any:
        """The table of heavy kernels for the place where ``array`` lives."""
        return kernels(array)

    def conj(self, value: Any) -> Any:
        """The complex conjugate where there is one: gradients of complex functions need it."""
        if value.__class__ is np.ndarray:
            return value.conj() if value.dtype.kind == "c" else value
        return value.conj() if getattr(getattr(value, "dtype", None), "kind", "") == "c" else value

    def refuse(self, array: Any, words: str, said: str | Exception) -> None:
        """Raises where the words name the array's type: for what depends on more than the operation's class."""
        refuse(of_array(array.dtype), words, said)

    def call(self, op_class: type[Op], *inputs: Any, **params: Any) -> Any:
        """Another operation's result: on arrays, or recorded on tensors under ``create_graph``."""
        if self.lifted is not None:
            return self.lifted.apply(op_class, *inputs, **params)
        op = op_class()
        op.xp = self.xp
        op.needs = (False,) * len(inputs)
        return op.forward(*inputs, **params)

    # -- the engine's side
    def run(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        if self.freed:
            self.check_alive()
        for item in self.kept_versions:
            if item[1].n != item[2]:
                self.refuse_modified(*item)
        if self.packed:
            return self.run_unpacked(grads, lift, keep)
        if lift is not None:
            return self.run_on_tensors(grads, lift)
        if self.widened:
            grads = [g if g is None or g.dtype != np.float16 else g.astype(np.float32) for g in grads]
        if self.result_meta and any(g is None for g in grads):
            grads = [self.xp.zeros(*meta) if g is None else g for g, meta in zip(grads, self.result_meta, strict=True)]
        sent = self.backward(*grads)
        if sent.__class__ is not tuple:
            sent = (sent,)
        return self.fit(sent)

    def run_unpacked(self, grads: list[Any], lift: Any, keep: bool) -> tuple[Any, ...]:
        """The same with what saved-tensor hooks give back, which the node holds only while it runs."""
        packed = self.packed
        mine = self.__dict__
        mine.update({name: held.unpack()._array for name, held in packed.items()})
        self.packed, self.unpacking = {}, True
        try:
            return self.run(grads, lift, keep)
        finally:
            self.packed, self.unpacking = packed, False
            for name in packed:
                del mine[name]

    def fit(self, sent: tuple[Any, ...]) -> tuple[Any, ...]:
        """Gives each gradient the shape and type of its input: what broadcasting spread is summed up again."""
        for i, (g, shape, dtype) in enumerate(zip(sent, self.input_shapes, self.input_dtypes, strict=False)):
            if g is None or shape is None:
                continue
            if g.__class__ is np.ndarray and g.dtype is dtype and g.shape == shape and not self.half_inputs:
                continue
            if g.__class__ is not np.ndarray and not hasattr(g, "shape"):
                g = self.xp.asarray(g, dtype=dtype)
            elif g.shape == shape and g.dtype == dtype and not self.half_inputs:
                if isinstance(g, np.generic):
                    sent = (*sent[:i], np.asarray(g), *sent[i + 1 :])
                continue
            if g.shape != shape:
                g = sum_to(g, shape)
            if g.dtype != dtype:
                g = (g.real if g.dtype.kind == "c" and dtype.kind != "c" else g).astype(dtype)
            if self.half_inputs and g.dtype == np.float32:
                g = to_bfloat16(g)
            sent = (*sent[:i], self.xp.asarray(g), *sent[i + 1 :])
        return sent

    def run_on_tensors(self, grads: list[Any], lift: Any) -> tuple[Any, ...]:
        """The same ``backward`` on tensors: what was kept becomes tensors that remember where they came from."""
        if self.result_meta:
            grads = [lift.zeros(*m) if g is None else g for g, m in zip(grads, self.result_meta, strict=True)]
        if type(self).composite is not None:
            return tuple(lift.vector_jacobian_product(self, grads))
        context = type(self).__new__(type(self))
        context.__dict__.update(self.__dict__)
        context.xp = context.lifted = lift
        for position, name in self.kept_inputs:
            value = self.__dict__.get(name)
            if hasattr(value, "dtype"):
                context.__dict__[name] = lift.restore(value, self.edges[position], self, position)
        for name in self.keeps:
            value = context.__dict__.get(name)
            if name == "result":
                context.result = lift.restore(value, (self, 0), self, -1)
            elif name in self.kept_outputs:
                context.__dict__[name] = lift.restore(value, (self, self.kept_outputs[name]), self, -1)
            elif hasattr(value, "dtype") and not lift.is_tensor(value):
                context.__dict__[name] = lift.constant(value)
        sent = context.backward(*grads)
        if sent.__class__ is not tuple:
            sent = (sent,)
        return tuple(
            g if g is None or shape is None else lift.fit(g, shape, dtype)
            for g, shape, dtype in zip(sent, self.input_shapes, self.input_dtypes, strict=False)
        )

    def refuse_modified(self, name: str, version: Version, then: int, origin: tuple[Any, ...]) -> None:
        """RuntimeError: a value that backward needs has been overwritten since."""
        array_type, node, number = origin
        made_by = (self.name(), 0) if name == "result" else None if node is None else (node.name(), number)
        if made_by and getattr(node, "view", False) and name != "result":
            made_by = "AsStridedBackward0", 0  # as PyTorch makes a view anew after a write to its base
        elif made_by and version.writer and name != "result":
            made_by = version.writer, 0
        error = RuntimeError(
            MODIFIED.format(
                type=TYPE_NAMES.get(array_type.name, "FloatTensor"),
                shape=list(self.__dict__[name].shape),
                made_by="" if made_by is None else f", which is output {made_by[1]} of {short_name(made_by[0])},",
                now=version.n,
                then=then,
            )
            + (FOUND if everywhere.anomaly and "traceback_" in self.metadata else FIND_IT)
        )
        raise lesson(
            error,
            expected=f"the value of {name} that {self.name()} kept (version {then})",
            got=f"memory that was overwritten {version.n - then} time(s) since",
            hint="write  a = a * 2  instead of  a *= 2 , or clone() before changing it",
        )

    def spare_input(self, version: Version) -> None:
        """Before an in-place operation: what is kept of the tensor that it writes over becomes a copy."""
        for position, name in self.kept_inputs:
            if position == 0 and any(kept[0] == name and kept[1] is version for kept in self.kept_versions):
                self.__dict__[name] = self.__dict__[name].copy()
                self.kept_versions = tuple(kept for kept in self.kept_versions if kept[0] != name)

    def rebind(self, target: Any, version: Version) -> None:
        """After an in-place operation: the kept result is the memory that it was written to."""
        if self.written_variant and target._base is None:
            self.variant = self.written_variant
        if self.keeps_result and "result" in self.__dict__:
            self.__dict__["result"] = target._array
            self.kept_versions = tuple(
                (n, version, version.n, o) if n == "result" else (n, v, then, o) for n, v, then, o in self.kept_versions
            )

    def __call__(self, *grads: Any) -> Any:
        """Applies the node to gradient tensors by hand, as PyTorch's nodes can be."""
        if len(grads) != self.outputs:
            raise lesson(
                TypeError(f"expected {self.outputs} arguments, got {len(grads)} instead"),
                expected="one gradient for each result of the operation",
                got=len(grads),
            )
        wrapped = Op.by_hand(self, list(grads))
        return wrapped[0] if len(wrapped) == 1 else wrapped

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_saved_"):
            return saved_attribute(self, name)
        if name.startswith("_raw_saved_"):
            return SavedTensor(self, name)
        raise AttributeError(f"'{self.name()}' object has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        """PyTorch's names, with those of the values kept, and the facts that this engine's nodes have besides."""
        return [*FACE, *saved_names(self)]


def order_like(array: Any) -> Literal["C", "K"]:
    """NumPy's order for a copy that lies in memory like ``array``; what was expanded is written out in order."""
    return (
        "C"
        if 0 in array.strides and any(s == 0 and n > 1 for s, n in zip(array.strides, array.shape, strict=True))
        else "K"
    )


def sum_to(array: Any, shape: tuple[int, ...]) -> Any:
    """Sums ``array`` over the dimensions along which ``shape`` was broadcast to it: broadcasting, undone."""
    extra = array.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(i + extra for i, n in enumerate(shape) if n == 1 and array.shape[i + extra] != 1)
    if axes:
        array = summed(array, axes, True)
    return array.reshape(shape) if extra else array


__all__ = ["Op", "Version", "bfloat16", "namespace", "order_like", "sum_to"]
