"""Dispatch: from tensors to arrays and back. Every operation of the engine passes through ``apply``."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import outputs
from .backends import meta as meta_device
from .backends import namespace
from .backends.coo import Coo
from .backends.meta import MetaArray, seen
from .device import device
from .dtypes import bfloat16, dtype, float16, narrowed, to_bfloat16
from .errors import lesson, no_memory
from .graph import mode, observers
from .graph.anomaly import remember_call
from .graph.mode import everywhere
from .graph.node import next_birthday, users_line
from .operands import check_argument, check_one_type, not_a_tensor, unbroadcastable
from .ops.base import Op, short_name
from .ops.saved import pack_kept
from .outputs import check_castable
from .overloads import numbers_in
from .placing import lay_out, place
from .promotion import cast, promote
from .refusals import refusal
from .tensor_base import TensorBase, wrap

FLOAT32 = np.dtype("f4")
FLOAT16 = np.dtype("f2")
ALWAYS = (None,)  # an input that is kept whichever gradients are wanted
INFERENCE_SAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in "
    "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in "
    "autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
)
UNRECORDED_VIEW = (
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is "
    "ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either "
    "both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace "
    "to be tracked)."
)
IN_INFERENCE = (
    UNRECORDED_VIEW.replace("in no_grad mode", "in inference mode")
    .replace("with grad mode enabled", "in normal mode")
    .replace("the no_grad block", "the inference_mode block")
)
INFERENCE_WRITTEN = (
    "Inplace update to inference tensor outside InferenceMode is not allowed."
    "You can make a clone to get a normal tensor before doing inplace update."
    "See https://github.com/pytorch/rfcs/pull/17 for more details."
)


def apply(op_class: type[Op], *inputs: Any, **params: Any) -> Any:
    """Runs an operation on tensors and records it where a gradient is wanted.

    Four steps: arrays out of tensors, types brought together, ``forward``, a tensor around the result.
    """
    if observers.op_entered:
        for enter in observers.op_entered:
            inputs = enter(op_class, inputs)
    op = op_class()
    wanted = mode.grad and op_class.differentiable
    arrays: list[Any] = []
    record = halves = plain = False
    first: Any = None
    for t in inputs:
        if isinstance(t, TensorBase):
            a = t._array
            arrays.append(a)
            if t._dtype is not None:
                halves = True
            if first is None:
                first = a.dtype
            elif a.dtype is not first:
                plain = True
            if wanted and (t._grad_fn is not None or t._requires_grad or t._base is not None):
                record = True  # perhaps: of a view, `_note_inputs` finds out
        else:
            plain = True
            arrays.append(t)
    tag: dtype | None = None
    if plain or halves or first is not FLOAT32:
        if halves and any([isinstance(a, Coo) for a in arrays]):
            if not op_class.takes_sparse:
                return TensorBase.concrete.apply_sparse(op_class, inputs, params)
        else:
            arrays, tag = _prepare(op_class, inputs, arrays, first, plain, halves)
    if op_class.view:
        arrays[0] = inputs[0].settle()
    meta = seen.any
    if meta:
        arrays, meta = meta_device.plain(arrays)
        if meta and "stream" in params:  # what is drawn for shapes alone costs the generator no number
            params = {**params, "stream": params["stream"].copy()}
    xp: Any = np
    if arrays[0].__class__ is not np.ndarray:
        op.xp = xp = namespace(arrays[0])
    if record:
        record = _note_inputs(op, inputs)
    else:
        op.needs = (False,) * len(inputs)
    try:
        result = op.forward(*arrays, **params)
    except RuntimeWarning:  # the user turned NumPy's warnings about inf and nan into errors; PyTorch has none
        with np.errstate(all="ignore"):
            result = op.forward(*arrays, **params)
    except TypeError as error:
        result = op.forward(*arrays, **numbers_in(params, error))
    except MemoryError as error:
        raise no_memory(error) from None
    except ValueError as error:
        if not op_class.promotes or "broadcast" not in str(error):
            raise
        raise unbroadcastable(inputs) from None
    if tag is float16:
        op.widened = True
    if meta:
        result = meta_device.meta_results(result)
    if result.__class__ is tuple:
        tensors: Any = tuple([_finish(op_class, inputs, xp, r, tag) for r in result])
        op.outputs = len(tensors)
        if record:
            op.result_meta = tuple([(t._array.shape, t._array.dtype) for t in tensors])
            _record(op, op_class, inputs, arrays, tensors)
    else:
        tensors = _finish(op_class, inputs, xp, result, tag)
        if record:
            _record(op, op_class, inputs, arrays, (tensors,))
    if observers.op_called:
        for watch in observers.op_called:
            watch(op, inputs, tensors)
    return tensors


def _prepare(
    op_class: type[Op], inputs: tuple[Any, ...], arrays: list[Any], first: Any, plain: bool, halves: bool
) -> tuple[list[Any], dtype | None]:
    """Checks what is not a tensor, and brings types together where the operation promotes."""
    kind = op_class.promotes
    meet = halves or first is None or kind == "float" and first.kind not in "fc"
    if plain:
        floats = first is not None and first.kind == "f" and len(inputs) > 1
        for i, value in enumerate(inputs):
            if isinstance(value, TensorBase):
                if value._array.dtype is not first:
                    meet = True
            elif not floats or value.__class__ is not float and value.__class__ is not int:
                # a Python number next to a tensor of the same or a higher category needs nothing
                meet = True
                if value is not None:
                    check_argument(op_class, inputs, i, value)
    target: dtype | None = None
    if kind and meet:
        arrays, target = promote(kind, inputs, arrays)
    elif first is FLOAT32 and not halves:  # the common case: nothing to bring together, and nothing refuses float32
        return arrays, None
    if op_class.refused or target is None and halves or op_class.wide and (first is FLOAT16 or target is float16):
        if target is None:
            lead = next((t for t in inputs if isinstance(t, TensorBase)), None)
            target = None if lead is None or halves and inputs[0] is None else lead.dtype
        if op_class.one_type:
            check_one_type(op_class.one_type, inputs, halves or first is FLOAT16)
        if target in op_class.refused:
            raise refusal(target, op_class.refused[target])
        if target is float16 and op_class.wide:  # as PyTorch's kernels do: compute in float32, round once
            return [a.astype(FLOAT32) if getattr(a, "dtype", None) is FLOAT16 else a for a in arrays], target
    return arrays, target if target is bfloat16 else None


def _finish(op_class: type[Op], inputs: tuple[Any, ...], xp: Any, array: Any, tag: dtype | None) -> Any:
    """A tensor around one result; a view shares its base's memory and version."""
    kind = array.__class__
    if kind is not np.ndarray and kind is not MetaArray:
        if isinstance(array, Coo):
            return wrap(array)
        array = xp.asarray(array)
    cls = TensorBase.concrete
    tensor = object.__new__(cls)
    if tag is not None and array.dtype == FLOAT32:
        if tag is float16:
            with np.errstate(over="ignore"):
                array = array.astype(FLOAT16)
        else:
            tensor._dtype = tag
            if not op_class.view:
                array = to_bfloat16(array)
    tensor._array = array
    if op_class.view:
        source = inputs[0]
        tensor._base = source if source._base is None else source._base
        tensor._version_counter = counter = source.version
        tensor._seen_version = counter.n
        tensor._inference = source._inference
        if not mode.grad:
            tensor._unrecorded_view = True
            tensor._inference_view = mode.inference
    else:
        if op_class.layout and array.ndim > 1 and kind is np.ndarray:
            place(tensor, op_class.layout, inputs)
        if 3 <= array.ndim <= 5 and (op_class.makes_channels_last or not array.flags.c_contiguous):
            lay_out(tensor, op_class, inputs)
    if everywhere.rare and mode.inference and not op_class.view:
        tensor._inference = True
    return tensor


def _note_inputs(op: Op, inputs: tuple[Any, ...]) -> bool:
    """Notes where the gradient of each input goes, and what it has to look like. False if none is wanted."""
    edges: list[Any] = []
    needs: list[bool] = []
    shapes: list[Any] = []
    dtypes: list[Any] = []
    for t in inputs:
        edge: Any = None
        if isinstance(t, TensorBase):
            a = t._array
            shapes.append(a.shape)
            dtypes.append(a.dtype)
            if t._base is not None:
                edge = t.edge()
            elif t._grad_fn is not None:  # what t.edge() says of all that is no view
                edge = t._grad_fn, t._output_nr
            elif t._requires_grad:
                edge = t.accumulator(), 0
            if t._dtype is bfloat16:
                op.half_inputs = True
        else:
            shapes.append(None)
            dtypes.append(None)
        edges.append(edge)
        needs.append(edge is not None)
    op.needs = tuple(needs)
    if True not in needs:
        return False
    op.edges = tuple(edges)
    op.input_shapes, op.input_dtypes = tuple(shapes), tuple(dtypes)
    return True


def _record(op: Op, op_class: type[Op], inputs: tuple[Any, ...], arrays: list[Any], tensors: tuple[Any, ...]) -> None:
    """Makes ``op`` the node of the graph that its results come from, and keeps what backward needs."""
    rare = everywhere.rare
    if rare and mode.inference:  # enable_grad inside inference_mode records nothing all the same
        op.edges = ()
        return
    recorded = False
    for number, tensor in enumerate(tensors):
        if tensor._array.dtype.kind in "fc":
            recorded = True
            tensor._grad_fn = op
            if number:
                tensor._output_nr = number
    if not recorded:
        op.edges = ()
        return
    op.age = next_birthday()
    op.line = users_line(3)
    if rare:
        if op_class.keeps and any([isinstance(t, TensorBase) and t._inference for t in inputs]):
            raise RuntimeError(INFERENCE_SAVED)
        if everywhere.anomaly:
            remember_call(op)
        if everywhere.duals:
            op.hidden = all([edge is None or edge[0].hidden for edge in op.edges])
    if op_class.keeps:
        _keep(op, op_class, inputs, arrays, tensors[0])


def _keep(op: Op, op_class: type[Op], inputs: tuple[Any, ...], arrays: list[Any], result: Any) -> None:
    """Keeps inputs and result for backward, with their versions, so that a later in-place write is noticed."""
    versions = []
    needs = op.needs
    for i, name in op_class.kept_inputs:
        for j in op_class.kept_for.get(name, ALWAYS):
            if j is None or needs[j]:
                break
        else:
            continue
        source = inputs[i]
        setattr(op, name, arrays[i])
        if isinstance(source, TensorBase):
            if op.widened and source._array.dtype is FLOAT16:
                setattr(op, name, source._array)
            counter = source._version_counter or source.version
            # the node that made it is already held by our edge: this keeps nothing else alive
            versions.append((name, counter, counter.n, (source._array.dtype, source._grad_fn, source._output_nr)))
    if op_class.keeps_result:
        op.result = result._array
        counter = result._version_counter or result.version
        versions.append(("result", counter, counter.n, (result._array.dtype, None, 0)))
    op.kept_versions = tuple(versions)
    if everywhere.rare and mode.saving:
        pack_kept(op, None, *mode.saving[-1])


# -- in place
def apply_inplace(op_class: type[Op], target: Any, *inputs: Any, **params: Any) -> Any:
    """Runs an operation and writes its result over ``target``, whose history then includes it."""
    check_writable(target)
    result = apply(op_class, target, *inputs, **params)
    return write_over(target, result)


def check_writable(target: Any, overlap: bool = False) -> None:
    """RuntimeError where writing in place would break the graph or touch one memory cell twice."""
    if mode.guard is not None:
        mode.guard(target)
    if mode.grad:
        base = target._base
        if target._requires_grad and target._grad_fn is None:
            raise lesson(
                RuntimeError("a leaf Variable that requires grad is being used in an in-place operation."),
                expected="a result, or a leaf inside torch.no_grad()",
                got="a leaf that requires grad",
                hint="with torch.no_grad(): ...",
            )
        if base is not None and base._requires_grad and base._grad_fn is None and target.requires_grad:
            raise lesson(
                RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation."),
                expected="a view of a result, or torch.no_grad()",
                got="a view of a leaf that requires grad",
                hint="with torch.no_grad(): ...",
            )
        if target._unrecorded_view and base is not None and base.requires_grad:
            raise lesson(
                RuntimeError(IN_INFERENCE if target._inference_view else UNRECORDED_VIEW),
                expected="the view and the write both inside the block, or both outside",
                got="a view made inside, written outside",
            )
        node = target._grad_fn
        if base is not None and getattr(node, "function", None) is not None:
            raise lesson(
                RuntimeError(
                    f"Output {target._output_nr} of {short_name(node.name())} is a view and is being modified inplace. This "
                    "view was created inside a custom Function (or because an input was returned as-is) and the autograd "
                    "logic to handle view+inplace would override the custom backward associated with the custom Function, "
                    "leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of "
                    "the custom Function."
                ),
                expected="an output with memory of its own",
                got="a view of an input",
                hint="return x.clone()",
            )
        if base is not None and node is not None and node.outputs > 1:
            raise lesson(
                RuntimeError(
                    f"Output {target._output_nr} of {short_name(node.name())} is a view and is being modified inplace. This "
                    "view is the output of a function that returns multiple views. Such functions do not allow the output "
                    "views to be modified inplace. You should replace the inplace operation by an out-of-place one."
                ),
                expected="a view that came alone, such as x[0]",
                got="one of the views that split, chunk or unbind gave together",
                hint="a = a + b  instead of  a += b",
            )
    if target._inference and not mode.inference:
        raise RuntimeError(INFERENCE_WRITTEN)
    array = target._array
    if (
        not overlap
        and array.size
        and 0 in array.strides
        and any(s == 0 and n > 1 for s, n in zip(array.strides, array.shape, strict=True))
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory "
            "location. Please clone() the tensor before performing the operation."
        )


def write_over(target: Any, result: Any) -> Any:
    """Copies ``result`` into ``target``'s memory and gives ``target`` its history."""
    if result._array.shape != target._array.shape:
        raise lesson(
            RuntimeError(
                f"output with shape {list(target._array.shape)} doesn't match the broadcast shape "
                f"{list(result._array.shape)}"
            ),
            expected=list(target._array.shape),
            got=list(result._array.shape),
            hint="a = a + b  makes a new tensor of the larger shape",
        )
    check_castable(result.dtype, target.dtype)
    version = target.version
    if result._grad_fn is not None:
        result._grad_fn.spare_input(version)
    if target._array.dtype is FLOAT16 and result._array.dtype is not FLOAT16:
        result._array = narrowed(result._array, FLOAT16)
    np.copyto(target._array, result._array, casting="unsafe") if target._array.__class__ is np.ndarray else (
        target._array.__setitem__(..., result._array)
    )
    if target._dtype is bfloat16 and result._dtype is not bfloat16:
        target._array[...] = to_bfloat16(target._array)
    version.n += 1
    node = result._grad_fn
    if node is not None:
        node.rebind(target, version)
    if mode.grad or node is not None:  # under no_grad the write changes numbers, not history
        rebase(target, node, result._output_nr)
        base = target if target._base is None else target._base
        version.writer = "" if base._grad_fn is None else base._grad_fn.name()
    return target


def rebase(target: Any, node: Any, number: int) -> None:
    """Makes ``node`` the history of ``target``; a view's base learns that a part of it was written."""
    base = target._base
    if base is None:
        target._grad_fn, target._output_nr = node, number
        return
    target._seen_version = target.version.n
    if node is None and base.edge() is None:
        return
    target.concrete.write_history(base, target, node)


def write_out(result: Any, out: Any, function: str = "", *inputs: Any) -> Any:
    """``out=``: the result written into a tensor that the caller gave, which may not lie across the ``inputs``."""
    if out is None:
        return result
    if isinstance(result, tuple):
        if len(out) != len(result):
            raise TypeError(f"expected tuple of {len(result)} elements but got {len(out)}")
        written = [write_out(r, o, function, *inputs) for r, o in zip(result, out, strict=True)]
        return outputs.named(type(result))(*written) if hasattr(result, "_fields") else tuple(written)
    if not isinstance(out, TensorBase):
        raise TypeError(f"{function}(): argument 'out' must be Tensor, not {type(out).__name__}")
    if mode.grad and (out.requires_grad or result.requires_grad):
        raise RuntimeError(
            f"{function}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    outputs.check_type(result.dtype, out.dtype, function)
    outputs.fit(out, result._array.shape)
    outputs.check_memory(out, function, inputs)
    out._array[...] = result._array
    out.version.n += 1
    return out


__all__ = [
    "apply", "apply_inplace", "bfloat16", "cast", "check_castable", "check_writable", "device", "float16",
    "not_a_tensor", "rebase", "wrap", "write_out", "write_over",
]  # fmt: skip
