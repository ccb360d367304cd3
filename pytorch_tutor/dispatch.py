"""Dispatch: from tensors to arrays and back. Every operation of the engine passes through ``apply``."""

from __future__ import annotations

from typing import Any

import numpy as np

from .backends import namespace
from .device import device
from .dtypes import SCALAR_NAMES, bfloat16, can_cast, dtype, float16, to_bfloat16
from .errors import lesson
from .graph import mode, observers
from .graph.node import next_birthday, users_line
from .ops.base import Op, short_name
from .promotion import cast, promote
from .tensor_base import TensorBase, wrap

NUMBERS = (int, float, complex, np.generic)
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
    edges: list[Any] = []
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
            if wanted:  # what t.edge() says, without the call for all that is no view
                edge: Any = None
                if t._base is not None:
                    edge = t.edge()
                elif t._grad_fn is not None:
                    edge = t._grad_fn, t._output_nr
                elif t._requires_grad:
                    edge = t.accumulator(), 0
                if edge is not None:
                    record = True
                edges.append(edge)
        else:
            plain = True
            arrays.append(t)
            edges.append(None)
    tag: dtype | None = None
    if plain or halves or (op_class.promotes == "float" and first.kind not in "fc"):
        arrays, tag = _prepare(op_class, inputs, arrays, first, plain, halves)
    if op_class.view:
        arrays[0] = inputs[0].settle()
    op.xp = xp = namespace(arrays[0])
    op.needs = tuple([edge is not None for edge in edges]) if record else (False,) * len(inputs)
    try:
        result = op.forward(*arrays, **params)
    except RuntimeWarning:  # the user turned NumPy's warnings about inf and nan into errors; PyTorch has none
        with np.errstate(all="ignore"):
            result = op.forward(*arrays, **params)
    except ValueError as error:
        if not op_class.promotes or "broadcast" not in str(error):
            raise
        raise unbroadcastable(inputs) from None
    if result.__class__ is tuple:
        tensors: Any = tuple([_finish(op_class, inputs, xp, r, tag) for r in result])
        op.outputs = len(tensors)
        if record:
            op.result_meta = tuple([(t._array.shape, t._array.dtype) for t in tensors])
            _record(op, op_class, inputs, arrays, tensors, edges)
        if hasattr(op, "fields"):
            tensors = op.fields(*tensors)
    else:
        tensors = _finish(op_class, inputs, xp, result, tag)
        if record:
            _record(op, op_class, inputs, arrays, (tensors,), edges)
    if observers.op_called:
        for watch in observers.op_called:
            watch(op, inputs, tensors)
    return tensors


def _prepare(
    op_class: type[Op], inputs: tuple[Any, ...], arrays: list[Any], first: Any, plain: bool, halves: bool
) -> tuple[list[Any], dtype | None]:
    """Checks what is not a tensor, and brings types together where the operation promotes."""
    kind = op_class.promotes
    if plain:
        for i, value in enumerate(inputs):
            if value is not None and not isinstance(value, TensorBase):
                check_argument(op_class, inputs, i, value)
    if kind:
        if halves or first is None or kind == "float" and first.kind not in "fc":
            arrays, target = promote(kind, inputs, arrays)
            return arrays, target if target is bfloat16 else None
        if plain:
            # A Python number next to a tensor of the same or a higher category needs no conversion.
            for value in inputs:
                if value.__class__ is float and first.kind == "f" or value.__class__ is int and first.kind == "f":
                    continue
                if isinstance(value, TensorBase) and value._array.dtype is first:
                    continue
                return promote(kind, inputs, arrays)[0], None
        return arrays, None
    if halves and inputs[0] is not None:
        lead = next((t for t in inputs if isinstance(t, TensorBase)), None)
        return arrays, None if lead is None else lead._dtype
    return arrays, None


def check_argument(op_class: type[Op], inputs: tuple[Any, ...], i: int, value: Any) -> None:
    """TypeError with PyTorch's sentence where something else than a tensor came."""
    if isinstance(value, NUMBERS) and op_class.promotes and i > 0 or isinstance(value, NUMBERS) and len(inputs) > 1:
        return
    name = op_class.__dict__.get("public") or op_class.__name__.lower()
    argument = "input" if i == 0 else op_class.inputs[i] if i < len(op_class.inputs) else "tensors"
    argument = {"y": "other"}.get(argument, argument)
    raise not_a_tensor(name, argument, i + 1, value)


def not_a_tensor(function: str, argument: str, position: int, value: Any) -> TypeError:
    """PyTorch's sentence for an argument that should have been a tensor, with what to try."""
    kind = type(value).__name__
    hint = f"torch.tensor({value!r})" if isinstance(value, (int, float, list)) else None
    if type(value).__module__ == "numpy":
        kind = f"numpy.{kind}"
        hint = "torch.from_numpy(array)"
    if callable(value) and hasattr(value, "forward"):
        hint = f"call the module on a tensor first: {kind}(...)(x), not {kind}(...)"
    return lesson(
        TypeError(f"{function}(): argument '{argument}' (position {position}) must be Tensor, not {kind}"),
        expected="a Tensor",
        got=f"{kind}",
        hint=hint,
    )


def unbroadcastable(inputs: tuple[Any, ...]) -> RuntimeError:
    """PyTorch's sentence for two shapes that do not broadcast, naming the first dimension that differs."""
    shapes = [tuple(t._array.shape) for t in inputs if isinstance(t, TensorBase)]
    n = max(map(len, shapes))
    padded = [(1,) * (n - len(s)) + s for s in shapes]
    for i in reversed(range(n)):
        sizes = list(dict.fromkeys(s[i] for s in padded if s[i] != 1))
        if len(sizes) > 1:
            return lesson(
                RuntimeError(
                    f"The size of tensor a ({sizes[0]}) must match the size of tensor b ({sizes[1]}) at non-singleton "
                    f"dimension {i}"
                ),
                expected="from the right, sizes that are equal or 1",
                got=" and ".join(map(str, shapes)),
                hint="unsqueeze, reshape or t() one of them",
            )
    return RuntimeError("The tensors cannot be broadcast together")


def _finish(op_class: type[Op], inputs: tuple[Any, ...], xp: Any, array: Any, tag: dtype | None) -> Any:
    """A tensor around one result; a view shares its base's memory and version."""
    if array.__class__ is not np.ndarray:
        array = xp.asarray(array)
    cls = TensorBase.concrete
    tensor = object.__new__(cls)
    if tag is not None and array.dtype == np.float32:
        tensor._dtype = tag
        if not op_class.view:
            array = to_bfloat16(array)
    tensor._array = array
    if op_class.view:
        source = inputs[0]
        tensor._base = source if source._base is None else source._base
        tensor._version_counter = counter = source.version
        tensor._seen_version = counter.n
        if not mode.grad:
            tensor._unrecorded_view = True
    elif array.ndim == 4 and not array.flags.c_contiguous:
        tensor._hidden_layout = op_class.makes_channels_last or any(
            [isinstance(t, TensorBase) and t._hidden_layout for t in inputs]
        )
    if mode.inference:
        tensor._inference = True
    return tensor


def _record(
    op: Op, op_class: type[Op], inputs: tuple[Any, ...], arrays: list[Any], tensors: tuple[Any, ...], edges: list[Any]
) -> None:
    """Makes ``op`` a node of the graph: where gradients go, and what is kept for them."""
    recorded = False
    for number, tensor in enumerate(tensors):
        if tensor._array.dtype.kind in "fc":
            recorded = True
            tensor._grad_fn = op
            if number:
                tensor._output_nr = number
    if not recorded:
        return
    op.age = next_birthday()
    op.line = users_line()
    op.edges = tuple(edges)
    shapes: list[Any] = []
    dtypes: list[Any] = []
    for t in inputs:
        if isinstance(t, TensorBase):
            shapes.append(t._array.shape)
            dtypes.append(t._array.dtype)
            if t._dtype is not None:
                op.half_inputs = True
            if t._inference and op_class.keeps:
                raise RuntimeError(INFERENCE_SAVED)
        else:
            shapes.append(None)
            dtypes.append(None)
    op.input_shapes, op.input_dtypes = tuple(shapes), tuple(dtypes)
    if op_class.keeps:
        _keep(op, op_class, inputs, arrays, tensors[0])


def _keep(op: Op, op_class: type[Op], inputs: tuple[Any, ...], arrays: list[Any], result: Any) -> None:
    """Keeps inputs and result for backward, with their versions, so that a later in-place write is noticed."""
    versions = []
    kept = op.__dict__
    for i, name in op_class.kept_inputs:
        wanted = op_class.kept_for.get(name)
        if wanted is not None and not any([op.needs[j] for j in wanted]):
            continue
        source = inputs[i]
        kept[name] = arrays[i]
        if isinstance(source, TensorBase):
            counter = source.version
            # the node that made it is already held by our edge: this keeps nothing else alive
            versions.append((name, counter, counter.n, (source._array.dtype, source._grad_fn, source._output_nr)))
    if op_class.keeps_result:
        kept["result"] = result._array
        counter = result.version
        versions.append(("result", counter, counter.n, (result._array.dtype, None, 0)))
    op.kept_versions = tuple(versions)


# -- in place
def apply_inplace(op_class: type[Op], target: Any, *inputs: Any, **params: Any) -> Any:
    """Runs an operation and writes its result over ``target``, whose history then includes it."""
    check_writable(target)
    result = apply(op_class, target, *inputs, **params)
    return write_over(target, result)


def check_writable(target: Any, overlap: bool = False) -> None:
    """RuntimeError where writing in place would break the graph or touch one memory cell twice."""
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
                RuntimeError(UNRECORDED_VIEW),
                expected="the view and the write both inside torch.no_grad(), or both outside",
                got="a view made inside, written outside",
            )
        node = target._grad_fn
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
    np.copyto(target._array, result._array, casting="unsafe") if target._array.__class__ is np.ndarray else (
        target._array.__setitem__(..., result._array)
    )
    if target._dtype is bfloat16 and result._dtype is not bfloat16:
        target._array[...] = to_bfloat16(target._array)
    version = target.version
    version.n += 1
    node = result._grad_fn
    if node is not None:
        node.rebind(target, version)
    if mode.grad or node is not None:  # under no_grad the write changes numbers, not history
        rebase(target, node, result._output_nr)
        base = target if target._base is None else target._base
        version.writer = "" if base._grad_fn is None else base._grad_fn.name()
    return target


def check_castable(source: dtype, target: dtype) -> None:
    """RuntimeError where a result's category is above that of the tensor it is to be written into."""
    if not can_cast(source, target):
        raise lesson(
            RuntimeError(
                f"result type {SCALAR_NAMES[source]} can't be cast to the desired output type {SCALAR_NAMES[target]}"
            ),
            expected=f"a result that fits {target}",
            got=str(source),
            hint="a = a + b  instead of  a += b",
        )


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


def write_out(result: Any, out: Any, function: str = "") -> Any:
    """``out=``: the result written into a tensor that the caller gave."""
    if out is None:
        return result
    if isinstance(result, tuple):
        pairs = zip(result, out, strict=True)
        return (
            type(result)(*written)
            if hasattr(result, "_fields") and (written := [write_out(r, o, function) for r, o in pairs])
            else tuple(write_out(r, o, function) for r, o in zip(result, out, strict=True))
        )
    if not isinstance(out, TensorBase):
        raise TypeError(f"{function}(): argument 'out' must be Tensor, not {type(out).__name__}")
    if mode.grad and (out.requires_grad or result.requires_grad):
        raise RuntimeError(
            f"{function}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    check_castable(result.dtype, out.dtype)
    if out._array.shape != result._array.shape:
        out._array = namespace(out._array).empty(result._array.shape, dtype=out._array.dtype)
    out._array[...] = result._array
    out.version.n += 1
    return out


__all__ = [
    "apply", "apply_inplace", "bfloat16", "cast", "check_castable", "check_writable", "device", "float16",
    "not_a_tensor", "rebase", "wrap", "write_out", "write_over",
]  # fmt: skip
