"""Indexing: ``x[...]`` and its relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, apply_inplace, write_out
from ..dtypes import bool as boolean
from ..errors import lesson
from ..ops import indexing as ops
from ..ops import shape as shape_ops
from ..ops.reduction import axis_of
from ..tensor_base import TensorBase, wrap
from .arguments import no_such_call, type_name
from .numpy_names import numpy_names

INVALID = "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got {})"


def _is_number(index: Any) -> bool:
    return isinstance(index, (int, np.integer)) and not isinstance(index, (bool, np.bool_))


def _is_like_a_tuple(index: Any) -> bool:
    """A short list of lists, slices or tensors counts as a tuple, as it did in old NumPy."""
    parts = (list, tuple, range, np.ndarray, slice, TensorBase, type(None), type(Ellipsis))
    return isinstance(index, list) and len(index) < 32 and any([isinstance(item, parts) for item in index])


def _parse(index: Any, ndim: int) -> tuple[list[Any], bool]:
    """The index as one item per dimension, ``...`` spelled out; and whether it needs advanced indexing."""
    items = list(index) if isinstance(index, tuple) or _is_like_a_tuple(index) else [index]
    advanced = False
    used = 0
    for place, item in enumerate(items):
        if isinstance(item, TensorBase):
            if item._array.ndim == 0 and item.dtype.rank == 2 and item.dtype.name != "uint8":
                items[place] = int(item._array)
                used += 1
                continue
            advanced = True
            used += item._array.ndim if item.dtype is boolean or item.dtype.name == "uint8" else 1
        elif isinstance(item, (list, np.ndarray, range)):
            advanced = True
            array = np.asarray(item)
            if array.dtype.kind == "f" and array.size:
                raise lesson(
                    IndexError("tensors used as indices must be long, int, byte or bool tensors"), got=str(array.dtype)
                )
            items[place] = array.astype("i8") if array.dtype.kind == "f" else array
            used += array.ndim if array.dtype.kind == "b" else 1
        elif item is True or item is False:
            advanced = True
        elif isinstance(item, slice) or _is_number(item):
            used += 1
        elif item is not None and item is not Ellipsis:
            if hasattr(item, "__index__"):
                items[place] = item.__index__()
                used += 1
                continue
            if isinstance(item, (str, bytes)) and used < ndim:  # taken for a sequence of numbers
                raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
            if isinstance(item, (str, bytes)):
                raise lesson(IndexError(f"too many indices for tensor of dimension {ndim}"), got=repr(item))
            raise lesson(
                IndexError(INVALID.format(type(item).__name__)),
                expected="integers, slices, ..., None, or tensors of integers or booleans",
                got=type(item).__name__,
                hint="x[int(i)]",
            )
    if used > ndim:
        if ndim == 0 and all(_is_number(i) for i in items):
            raise lesson(
                IndexError(
                    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to "
                    "convert a 0-dim tensor to a number"
                ),
                hint="x.item()",
            )
        raise lesson(
            IndexError(f"too many indices for tensor of dimension {ndim}"),
            expected=f"at most {ndim} indices",
            got=used,
        )
    for place, item in enumerate(items):
        if item is Ellipsis:
            items[place : place + 1] = [slice(None)] * (ndim - used)
            break
    return items, advanced


def getitem(input: Any, index: Any) -> Any:
    """``x[index]``: integers and slices give views, tensors and lists of indices give copies."""
    array = input._array
    items, advanced = _parse(index, array.ndim)
    if advanced:
        return _take(input, items)
    return _look(input, items)


def _look(input: Any, items: list[Any]) -> Any:
    """Basic indexing, one view after another, as PyTorch records it."""
    result, _ = _views(input, items)
    return apply(shape_ops.Alias, input) if result is input else result


def _views(input: Any, items: list[Any]) -> tuple[Any, list[Any]]:
    """Looks up integers, slices and None, each as a view; what is left to index the result by arrays."""
    result, dim, at = input, 0, 0  # at: the dimension of the input, which an integer makes disappear from the result
    rest: list[Any] = []
    for item in items:
        if item is None:
            result = apply(shape_ops.Unsqueeze, result, dim=dim)
            dim += 1
            rest.append(slice(None))
        elif isinstance(item, slice):
            start, stop, step = _bounds(item)
            if step <= 0:
                raise lesson(
                    ValueError("step must be greater than zero" if step else "slice step cannot be zero"),
                    got=step,
                    hint="x.flip(0)",
                )
            if not (start is None and stop is None and step == 1) or len(items) == 1:
                result = apply(ops.Slice, result, dim=dim, start=start, end=stop, step=step)
            dim, at = dim + 1, at + 1
            rest.append(slice(None))
        elif _is_number(item):
            n = result._array.shape[dim]
            if not -n <= item < n:
                raise lesson(
                    IndexError(f"index {item} is out of bounds for dimension {at} with size {n}"),
                    expected=f"an index from {-n} to {n - 1}",
                    got=item,
                    hint="counting starts at 0; -1 is the last element",
                )
            result = apply(ops.Select, result, dim=dim, index=int(item))
            at += 1
        else:
            rest.append(item)
            if item is not True and item is not False:
                kind = item.dtype if isinstance(item, TensorBase) else None
                masks = (
                    kind is boolean
                    or (kind is not None and kind.name == "uint8")
                    or (isinstance(item, np.ndarray) and item.dtype.kind == "b")
                )
                taken = item.ndim if masks else 1
                dim, at = dim + taken, at + taken
    return result, rest


def _bounds(item: slice) -> tuple[Any, Any, int]:
    values = [v if v is None else v.__index__() for v in (item.start, item.stop, item.step)]
    return values[0], values[1], 1 if values[2] is None else values[2]


def _key(input: Any, items: list[Any]) -> tuple[Any, ...]:
    """The index in NumPy's terms, checked against PyTorch's rules."""
    key: list[Any] = []
    dim = counted = 0  # a place that does not exist is told by the number of the index, not of the dimension
    for item in items:
        if isinstance(item, TensorBase):
            if item.dtype.rank > 2:
                raise lesson(
                    IndexError("tensors used as indices must be long, int, byte or bool tensors"),
                    expected="an integer or boolean tensor",
                    got=str(item.dtype),
                    hint="x[i.long()]",
                )
            if item._mapped and item.dtype is boolean:
                raise RuntimeError(
                    "vmap: We do not support batching operators that can support dynamic shape. Attempting to batch over "
                    "indexing with a boolean mask."
                )
            item = item._array.astype("?") if item.dtype.name == "uint8" else item._array
        if isinstance(item, np.ndarray) and item.dtype.kind == "b":
            for offset, n in enumerate(item.shape):
                have = input._array.shape[dim + offset]
                if n != have:
                    raise lesson(
                        IndexError(
                            f"The shape of the mask {list(item.shape)} at index {offset} does not match the shape of "
                            f"the indexed tensor {list(input._array.shape)} at index {dim + offset}"
                        ),
                        expected=list(input._array.shape[dim : dim + item.ndim]),
                        got=list(item.shape),
                    )
            key.extend(item.nonzero() if item.ndim else (item,))
            dim += item.ndim
            continue
        if isinstance(item, np.ndarray):
            n = input._array.shape[dim]
            bad = item[(item < -n) | (item >= n)] if item.size else item
            if bad.size:
                raise lesson(
                    IndexError(f"index {int(bad.flat[0])} is out of bounds for dimension {counted} with size {n}"),
                    expected=f"indices from {-n} to {n - 1}",
                    got=int(bad.flat[0]),
                )
            counted += 1
        if isinstance(item, slice) and item.step is not None and item.step <= 0:
            raise lesson(ValueError("step must be greater than zero"), got=item.step, hint="x.flip(0)")
        if item is not None:
            dim += 1
        key.append(item)
    return tuple(key)


def _take(input: Any, items: list[Any]) -> Any:
    """Advanced indexing, which copies."""
    # Integers and slices are looked up first, as views; what stays is indexed by arrays.
    looked, rest = _views(input, items)
    key = _key(looked, rest)
    try:
        return apply(ops.Index, looked, key=key)
    except IndexError as error:
        if "shape mismatch" in str(error):
            shapes = ", ".join(str(list(k.shape)) for k in key if isinstance(k, np.ndarray))
            raise IndexError(
                f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
            ) from None
        raise


def setitem(input: Any, index: Any, value: Any) -> None:
    """``x[index] = value``: writes into the memory of ``x``."""
    if not isinstance(value, (TensorBase, int, float, complex, np.integer, np.bool_)):
        kind = type(value)
        name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
        raise lesson(
            TypeError(f"can't assign a {name} to a {input.type()}"),
            expected="a tensor or a number",
            got=name,
            hint="x[...] = torch.tensor(value)",
        )
    items, advanced = _parse(index, input._array.ndim)
    if not advanced:
        target = _look(input, items)
        if not isinstance(value, TensorBase):
            value = target.new_tensor(value) if not isinstance(value, (int, float, complex)) else value
        target.copy_(_fit(value, target))
        return
    looked, rest = _views(input, items)
    key = _key(looked, rest)
    if not isinstance(value, TensorBase):
        value = input.new_tensor(value)
    elif value.dtype is not input.dtype:
        if value._array.ndim:
            raise lesson(
                RuntimeError(
                    f"Index put requires the source and destination dtypes match, got {_spelled(input)} for the "
                    f"destination and {_spelled(value)} for the source."
                ),
                expected=str(input.dtype),
                got=str(value.dtype),
                hint="value.to(x.dtype)",
            )
        value = value.to(input.dtype)
    apply_inplace(ops.IndexPut, looked, value, key=key)


def _fit(value: Any, target: Any) -> Any:
    """Drops leading dimensions of size 1 that the target does not have."""
    if isinstance(value, TensorBase):
        array = value._array
        while value._array.ndim > target._array.ndim and value._array.shape[0] == 1:
            value = value.squeeze(0)
        if value._array.ndim > target._array.ndim:
            raise shape_ops.broadcast_error(target._array.shape, array.shape)
    return value


def _spelled(tensor: Any) -> str:
    return {"float32": "Float", "float64": "Double", "int64": "Long", "int32": "Int", "bool": "Bool"}.get(
        tensor.dtype.name, tensor.dtype.name
    )


@numpy_names
def select(input: Any, dim: int, index: int) -> Any:
    """One slice along a dimension, as a view."""
    if input._array.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    return apply(ops.Select, input, dim=dim, index=index)


@numpy_names
def _start(start: Any) -> int:
    """Where to begin: a whole number, or a tensor of one."""
    if isinstance(start, TensorBase) and (start._array.ndim or start.dtype.rank not in (1, 2)):
        raise lesson(
            RuntimeError("start must be an 0-dim integral Tensor."), expected="one whole number", got=str(start)
        )
    return int(start)


def narrow(input: Any, dim: int, start: int, length: int) -> Any:
    """``length`` slices along a dimension from ``start`` on, as a view."""
    if not input._array.ndim:
        raise lesson(RuntimeError("narrow() cannot be applied to a 0-dim tensor."), expected="a dimension")
    axis = axis_of(dim, input._array.ndim)
    n = input._array.shape[axis]
    if not isinstance(start, TensorBase) and not hasattr(start, "__index__"):
        kinds = f"Tensor, int, !{type_name(start)}!, {type_name(length)}"
        why = f")\n      didn't match because some of the arguments have invalid types: ({kinds}"
        ways = (
            f"Tensor input, int dim, Tensor start, int length{why}",
            f"Tensor input, int dim, int start, int length{why}",
        )
        raise no_such_call("narrow", (input, dim, start, length), ways)
    start = _start(start)
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -n <= start <= n:
        raise IndexError(f"start out of range (expected to be in range of [{-n}, {n}], but got {start})")
    start = start + n if start < 0 else start
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return apply(ops.Slice, input, dim=axis, start=start, end=start + length)


def nonzero(input: Any, *, out: Any = None, as_tuple: bool = False) -> Any:
    """The places of all elements that are not zero.

    >>> import pytorch_tutor as torch
    >>> torch.nonzero(torch.tensor([0, 3, 5]))
    tensor([[1],
            [2]])
    """
    if input._mapped:
        raise RuntimeError(
            "vmap: We do not support batching operators that can output dynamic shape. Attempted to vmap over aten::nonzero. "
            "Please file an issue at https://github.com/pytorch/pytorch/issues if you need this feature."
        )
    places = np.atleast_1d(input._array).nonzero() if as_tuple else input._array.nonzero() if input._array.ndim else ()
    if as_tuple:
        return tuple([wrap(np.ascontiguousarray(p)) for p in places])
    if not input._array.ndim:
        return write_out(wrap(np.empty((int(bool(input._array)), 0), dtype="i8")), out, "nonzero", input)
    return write_out(wrap(np.stack(places).T), out, "nonzero", input)  # column by column, as PyTorch has them


def nonzero_static(input: Any, *, size: int, fill_value: int = -1, out: Any = None) -> Any:
    """:func:`nonzero` in ``size`` rows, whatever there is: too many are cut off, missing ones are ``fill_value``.

    >>> import pytorch_tutor as torch
    >>> torch.nonzero_static(torch.tensor([0, 3, 5]), size=3)
    tensor([[ 1],
            [ 2],
            [-1]])

    Raises RuntimeError for a negative size.
    """
    if size < 0:
        raise lesson(RuntimeError("nonzero_static: 'size' must be an non-negative integer"), expected=">= 0", got=size)
    places = np.stack(input._array.nonzero(), axis=1) if input._array.ndim else np.empty((0, 0), "i8")
    found = np.full((size, input._array.ndim), fill_value, dtype="i8")
    found[: len(places)] = places[:size]
    return write_out(wrap(found), out, "nonzero_static")


def argwhere(input: Any) -> Any:
    """The places of all elements that are not zero: :func:`nonzero` by NumPy's name."""
    return nonzero(input)


def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """A copy with values written (or added) at indexed places."""
    return apply(ops.IndexPut, input, values, key=_key(input, list(indices)), accumulate=accumulate)
