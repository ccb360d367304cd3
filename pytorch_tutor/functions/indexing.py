"""Indexing: ``x[...]`` and its relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, apply_inplace, write_out
from ..dtypes import bool as boolean
from ..errors import lesson
from ..ops import indexing as ops
from ..ops import shape as shape_ops
from ..ops.reduction import Extreme, axis_of
from ..tensor_base import TensorBase, wrap

INVALID = (
    "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got {})"
)


def _is_number(index: Any) -> bool:
    return isinstance(index, (int, np.integer)) and not isinstance(index, (bool, np.bool_))


def _parse(index: Any, ndim: int) -> tuple[list[Any], bool]:
    """The index as one item per dimension, ``...`` spelled out; and whether it needs advanced indexing."""
    items = list(index) if isinstance(index, tuple) else [index]
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
    result, dim = input, 0
    for item in items:
        if item is None:
            result = apply(shape_ops.Unsqueeze, result, dim=dim)
            dim += 1
        elif isinstance(item, slice):
            start, stop, step = _bounds(item)
            if step <= 0:
                raise lesson(ValueError("step must be greater than zero"), got=step, hint="x.flip(0)")
            if not (start is None and stop is None and step == 1) or len(items) == 1:
                result = apply(ops.Slice, result, dim=dim, start=start, end=stop, step=step)
            dim += 1
        else:
            n = result._array.shape[dim]
            if not -n <= item < n:
                raise lesson(
                    IndexError(f"index {item} is out of bounds for dimension {dim} with size {n}"),
                    expected=f"an index from {-n} to {n - 1}",
                    got=item,
                    hint="counting starts at 0; -1 is the last element",
                )
            result = apply(ops.Select, result, dim=dim, index=int(item))
    return apply(shape_ops.Alias, input) if result is input else result


def _bounds(item: slice) -> tuple[Any, Any, int]:
    values = [v if v is None else v.__index__() for v in (item.start, item.stop, item.step)]
    return values[0], values[1], 1 if values[2] is None else values[2]


def _key(input: Any, items: list[Any]) -> tuple[Any, ...]:
    """The index in NumPy's terms, checked against PyTorch's rules."""
    key: list[Any] = []
    dim = 0
    for item in items:
        if isinstance(item, TensorBase):
            if item.dtype.rank > 2:
                raise lesson(
                    IndexError("tensors used as indices must be long, int, byte or bool tensors"),
                    expected="an integer or boolean tensor",
                    got=str(item.dtype),
                    hint="x[i.long()]",
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
                    IndexError(f"index {int(bad.flat[0])} is out of bounds for dimension {dim} with size {n}"),
                    expected=f"indices from {-n} to {n - 1}",
                    got=int(bad.flat[0]),
                )
        if isinstance(item, slice) and item.step is not None and item.step <= 0:
            raise lesson(ValueError("step must be greater than zero"), got=item.step, hint="x.flip(0)")
        if item is not None:
            dim += 1
        key.append(item)
    return tuple(key)


def _take(input: Any, items: list[Any]) -> Any:
    """Advanced indexing, which copies."""
    # Integers and slices are looked up first, as views; what stays is indexed by arrays.
    key = _key(input, items)
    try:
        return apply(ops.Index, input, key=key)
    except IndexError as error:
        if "shape mismatch" in str(error):
            shapes = ", ".join(str(list(k.shape)) for k in key if isinstance(k, np.ndarray))
            raise IndexError(
                f"shape mismatch: indexing tensors could not be broadcast together with shapes {shapes}"
            ) from None
        raise


def setitem(input: Any, index: Any, value: Any) -> None:
    """``x[index] = value``: writes into the memory of ``x``."""
    items, advanced = _parse(index, input._array.ndim)
    if not advanced:
        target = _look(input, items)
        if not isinstance(value, TensorBase):
            value = target.new_tensor(value) if not isinstance(value, (int, float, complex)) else value
        target.copy_(_fit(value, target))
        return
    key = _key(input, items)
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
    apply_inplace(ops.IndexPut, input, value, key=key)


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


def select(input: Any, dim: int, index: int) -> Any:
    """One slice along a dimension, as a view."""
    if input._array.ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    return apply(ops.Select, input, dim=dim, index=index)


def narrow(input: Any, dim: int, start: int, length: int) -> Any:
    """``length`` slices along a dimension from ``start`` on, as a view."""
    axis = axis_of(dim, input._array.ndim)
    n = input._array.shape[axis]
    start = int(start)
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -n <= start <= n:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-n}, {n}], but got {start})")
    start = start + n if start < 0 else start
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return apply(ops.Slice, input, dim=axis, start=start, end=start + length)


def _index_type(index: Any, function: str) -> None:
    if index.dtype.name not in ("int64", "int32") or function in ("gather", "scatter") and index.dtype.name != "int64":
        raise lesson(
            RuntimeError(f"{function}(): Expected dtype int64 for index"), expected="torch.int64", got=str(index.dtype)
        )


def gather(input: Any, dim: int, index: Any, *, sparse_grad: bool = False, out: Any = None) -> Any:
    """Picks elements along a dimension: ``out[i][j] = input[index[i][j]][j]`` for dim 0.

    >>> import pytorch_tutor as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])
    """
    _index_type(index, "gather")
    axis = axis_of(dim, input._array.ndim)
    if max(index._array.ndim, 1) != max(input._array.ndim, 1):
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for d, (k, n) in enumerate(zip(index._array.shape, input._array.shape, strict=False)):
        if d != axis and k > n:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index {list(index._array.shape)} to be no larger than "
                f"self {list(input._array.shape)} apart from dimension {axis}"
            )
    return write_out(apply(ops.Gather, input, index, dim=axis), out, "gather")


def take_along_dim(input: Any, indices: Any, dim: int | None = None, *, out: Any = None) -> Any:
    """Picks elements along a dimension, with broadcasting; without a dimension, from the flattened tensor."""
    if dim is None:
        return gather(input.reshape(-1), 0, indices.reshape(-1), out=out)
    axis = axis_of(dim, input._array.ndim)
    a, b = list(input._array.shape), list(indices._array.shape)
    for d in range(len(a)):
        if d != axis:
            a[d] = b[d] = max(a[d], b[d])
    return gather(input.expand(a), axis, indices.expand(b), out=out)


def scatter(input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None) -> Any:
    """A copy with values written along a dimension: ``out[index[i][j]][j] = src[i][j]`` for dim 0.

    >>> import pytorch_tutor as torch
    >>> torch.zeros(2, 3).scatter(1, torch.tensor([[0], [2]]), 1.0)
    tensor([[1., 0., 0.],
            [0., 0., 1.]])
    """
    _index_type(index, "scatter")
    source = value if src is None else src
    if reduce == "add":
        return scatter_add(input, dim, index, _full_source(source, index, input))
    if reduce == "multiply":
        result = scatter_reduce(input, dim, index, _full_source(source, index, input), "prod")
        return result
    if isinstance(source, TensorBase) and source.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    return apply(ops.Scatter, input, source, index=index._array, dim=dim)


def _full_source(source: Any, index: Any, input: Any) -> Any:
    return source if isinstance(source, TensorBase) else input.new_tensor(source).expand(index._array.shape)


def scatter_add(input: Any, dim: int, index: Any, src: Any) -> Any:
    """A copy with values added along a dimension: ``out[index[i][j]][j] += src[i][j]`` for dim 0."""
    _index_type(index, "scatter")
    if src.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    return apply(ops.ScatterAdd, input, src, index=index._array, dim=dim)


def scatter_reduce(input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True) -> Any:
    """A copy with values combined along a dimension by "sum", "prod", "mean", "amax" or "amin"."""
    kinds = {"sum": np.add, "prod": np.multiply, "mean": np.add, "amax": np.maximum, "amin": np.minimum}
    if reduce not in kinds:
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    if reduce == "sum" and include_self:
        return scatter_add(input, dim, index, src)
    axis = axis_of(dim, input._array.ndim)
    out = np.atleast_1d(input._array.copy())
    places = np.atleast_1d(index._array)
    key = ops.along(np, places, axis)
    part = np.atleast_1d(src._array)[tuple([slice(n) for n in places.shape])]
    start = {"sum": 0, "mean": 0, "prod": 1}
    if not include_self:
        out[key] = start.get(reduce, -np.inf if reduce == "amax" else np.inf)
    kinds[reduce].at(out, key, part)
    if reduce == "mean":
        count = np.full(out.shape, 1 if include_self else 0)
        np.add.at(count, key, 1)
        out = out / np.maximum(count, 1) if out.dtype.kind == "f" else out // np.maximum(count, 1)
    return wrap(out.astype(input._array.dtype).reshape(input._array.shape))


def index_select(input: Any, dim: int, index: Any, *, out: Any = None) -> Any:
    """Whole slices, chosen by a list of indices.

    >>> import pytorch_tutor as torch
    >>> torch.arange(6).reshape(2, 3).index_select(1, torch.tensor([2, 0]))
    tensor([[2, 0],
            [5, 3]])
    """
    return write_out(apply(ops.IndexSelect, input, index, dim=dim), out, "index_select")


def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """A copy with values written (or added) at indexed places."""
    return apply(ops.IndexPut, input, values, key=_key(input, list(indices)), accumulate=accumulate)


def _slices_key(input: Any, dim: int, index: Any) -> tuple[Any, ...]:
    axis = axis_of(dim, input._array.ndim)
    return (*((slice(None),) * axis), np.atleast_1d(index._array))


def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1) -> Any:
    """A copy with slices added at the indices."""
    if alpha != 1:
        source = source * alpha
    return apply(ops.IndexPut, input, source, key=_slices_key(input, dim, index), accumulate=True)


def index_copy(input: Any, dim: int, index: Any, source: Any) -> Any:
    """A copy with slices replaced at the indices."""
    return apply(ops.IndexPut, input, source, key=_slices_key(input, dim, index))


def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """A copy with slices filled with a number."""
    if not isinstance(value, TensorBase):
        value = input.new_tensor(value)
    return apply(ops.IndexPut, input, value, key=_slices_key(input, dim, index))


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """A copy with elements replaced where the mask is true.

    >>> import pytorch_tutor as torch
    >>> torch.ones(3).masked_fill(torch.tensor([True, False, True]), 0.0)
    tensor([0., 1., 0.])
    """
    if mask.dtype is not boolean:
        raise lesson(
            RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype.name}"),
            expected="torch.bool",
            got=str(mask.dtype),
            hint="mask.bool()",
        )
    if isinstance(value, TensorBase) and value._array.ndim:
        raise RuntimeError(
            f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value._array.ndim} "
            "dimension(s)."
        )
    return apply(ops.MaskedFill, input, value, mask=mask._array)


def masked_select(input: Any, mask: Any, *, out: Any = None) -> Any:
    """The elements where the mask is true, as a vector."""
    return write_out(apply(ops.MaskedSelect, input, mask=mask._array), out, "masked_select")


def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    """A copy in which the elements where the mask is true are taken from ``source``, in order."""
    key = np.nonzero(np.broadcast_to(mask._array, input._array.shape))
    return apply(ops.IndexPut, input, source.reshape(-1)[: len(key[0])], key=key)


def take(input: Any, index: Any) -> Any:
    """Elements by their place in the flattened tensor."""
    return getitem(input.reshape(-1), index)


def nonzero(input: Any, *, out: Any = None, as_tuple: bool = False) -> Any:
    """The places of all elements that are not zero.

    >>> import pytorch_tutor as torch
    >>> torch.nonzero(torch.tensor([0, 3, 5]))
    tensor([[1],
            [2]])
    """
    places = np.atleast_1d(input._array).nonzero() if as_tuple else input._array.nonzero() if input._array.ndim else ()
    if as_tuple:
        return tuple([wrap(p) for p in places])
    if not input._array.ndim:
        return write_out(wrap(np.empty((int(bool(input._array)), 0), dtype="i8")), out, "nonzero")
    return write_out(wrap(np.stack(places, axis=1)), out, "nonzero")


argwhere = nonzero


class sort_result(Extreme):  # noqa: N801 - the name that is printed
    __slots__ = ()


class topk_result(Extreme):  # noqa: N801 - the name that is printed
    __slots__ = ()


class kthvalue_result(Extreme):  # noqa: N801 - the name that is printed
    __slots__ = ()


sort_result.__name__, topk_result.__name__, kthvalue_result.__name__ = "sort", "topk", "kthvalue"


def sort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False, *, out: Any = None) -> Any:
    """Elements in order along a dimension, and where they came from.

    >>> import pytorch_tutor as torch
    >>> torch.sort(torch.tensor([3, 1, 2])).values
    tensor([1, 2, 3])
    """
    return write_out(sort_result(*apply(ops.Sort, input, dim=dim, descending=descending)), out, "sort")


def argsort(input: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """The indices that put a dimension in order."""
    return sort(input.detach(), dim, descending).indices


def topk(input: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True, *, out: Any = None) -> Any:
    """The k largest (or smallest) elements along a dimension, and their indices.

    >>> import pytorch_tutor as torch
    >>> torch.topk(torch.tensor([1, 5, 3]), 2).values
    tensor([5, 3])
    """
    return write_out(topk_result(*apply(ops.Topk, input, k=k, dim=dim, largest=largest)), out, "topk")


def kthvalue(input: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """The k-th smallest element along a dimension, and its index."""
    ordered = sort(input, dim)
    if not input._array.ndim:
        return kthvalue_result(*ordered)
    n = input._array.shape[dim]
    if not 1 <= k <= n:
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {axis_of(dim, input._array.ndim)}")
    values, indices = (select(part, dim, k - 1) for part in ordered)
    if keepdim:
        values, indices = values.unsqueeze(dim), indices.unsqueeze(dim)
    return kthvalue_result(values, indices)


def searchsorted(
    sorted_sequence: Any, input: Any, *, out_int32: bool = False, right: bool = False, side: str | None = None
) -> Any:
    """Where numbers would have to be inserted so that the order stays."""
    where = "right" if right or side == "right" else "left"
    kind = "i4" if out_int32 else "i8"
    values = np.asarray(input._array if isinstance(input, TensorBase) else input)
    rows = sorted_sequence._array
    if rows.ndim == 1:
        return wrap(np.asarray(np.searchsorted(rows, values, where)).astype(kind))
    flat = rows.reshape(-1, rows.shape[-1])
    wanted = values.reshape(-1, values.shape[-1])
    found = [np.searchsorted(r, v, where) for r, v in zip(flat, wanted, strict=True)]
    return wrap(np.stack(found).reshape(values.shape).astype(kind))


def bucketize(input: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    """In which of the intervals between boundaries each number lies."""
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def unique(
    input: Any, sorted: bool = True, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The distinct elements in order; on request where each came to lie, and how often it occurs.

    >>> import pytorch_tutor as torch
    >>> torch.unique(torch.tensor([3, 1, 3]))
    tensor([1, 3])
    """
    found = np.unique(input._array, return_inverse=True, return_counts=True, axis=dim)
    values, inverse, counts = wrap(found[0]), wrap(found[1].reshape(input._array.shape if dim is None else -1)), wrap(found[2])
    if return_inverse and return_counts:
        return values, inverse, counts
    if return_inverse:
        return values, inverse
    return (values, counts) if return_counts else values


def unique_consecutive(
    input: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """The elements without repetitions that follow one another."""
    array = input._array.reshape(-1) if dim is None else np.moveaxis(input._array, dim, 0)
    rows = array.reshape(len(array), -1)
    starts = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)]) if len(rows) else np.zeros(0, "?")
    values = array[starts] if dim is None else np.moveaxis(array[starts], 0, dim)
    inverse = (np.cumsum(starts) - 1).reshape(input._array.shape if dim is None else -1)
    counts = np.diff(np.append(np.flatnonzero(starts), len(array)))
    parts = [wrap(np.ascontiguousarray(values))]
    parts += [wrap(inverse)] if return_inverse else []
    parts += [wrap(counts)] if return_counts else []
    return parts[0] if len(parts) == 1 else tuple(parts)


def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False) -> Any:
    """Is each element among the given ones?"""
    values = [v._array if isinstance(v, TensorBase) else v for v in (elements, test_elements)]
    return wrap(np.asarray(np.isin(values[0], values[1], invert=invert)))
