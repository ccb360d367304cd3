"""Take elements or slices by a tensor of indices, and write them back: gather, scatter, index_*, masked_*."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, cast, write_out
from ..dtypes import SCALAR_NAMES, TYPE_INFO_NAMES
from ..dtypes import bool as boolean
from ..errors import lesson
from ..operands import unbroadcastable
from ..ops import indexing as ops
from ..ops import slices
from ..ops.reduction import axis_of
from ..ops.shape import broadcast_error, np_cannot
from ..precision import full
from ..python_data import check_fits
from ..tensor_base import TensorBase, wrap
from .numpy_names import numpy_names
from .titles import titled

# -- one index per element --------------------------------------------------------------------------------------------


def _check_places(input: Any, index: Any, dim: int, function: str, src: Any = None) -> int:
    """The dimension, if ``index`` is a tensor of integers whose shape fits."""
    if index.dtype.name not in ("int64", "int32") and index._array.size:
        raise lesson(
            RuntimeError(f"{function}(): Expected dtype int32/int64 for index"),
            expected="torch.int64",
            got=str(index.dtype),
            hint="index.long()",
        )
    axis = axis_of(dim, input._array.ndim)
    if not index._array.size:
        return axis
    shape, have = index._array.shape or (1,), input._array.shape or (1,)
    owner = "input" if function == "gather" else "self"
    if len(shape) != len(have):
        raise lesson(
            RuntimeError(f"Index tensor must have the same number of dimensions as {owner} tensor"),
            expected=f"{len(have)} dimensions",
            got=f"{len(shape)} dimensions",
        )
    source = None if src is None else src._array.shape or (1,)
    if source is not None and len(source) != len(shape):
        raise RuntimeError("Index tensor must have the same number of dimensions as src tensor")
    for d, k in enumerate(shape):
        if d != axis and k > have[d] and source is None:
            text = f"Expected index {list(shape)} to be no larger than self {list(have)} apart from dimension {axis}"
            if function == "gather":
                text = f"Size does not match at dimension {d} e{text[1:]}"
            raise lesson(RuntimeError(text), expected=f"at most {have[d]} at dimension {d}", got=k)
        if source is not None and ((d != axis and k > have[d]) or k > source[d]):
            raise lesson(
                RuntimeError(
                    f"Expected index {list(shape)} to be no larger than self {list(have)} apart from dimension {axis} "
                    f"and to be no larger size than src {list(source)}"
                ),
                expected="an index that is covered by src",
                got=list(shape),
            )
    return axis


@numpy_names
def gather(input: Any, dim: int, index: Any, *, sparse_grad: bool = False, out: Any = None) -> Any:
    """Picks elements along a dimension: ``out[i][j] = input[index[i][j]][j]`` for dim 0.

    >>> import pytorch_tutor as torch
    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])
    """
    axis = _check_places(input, index, dim, "gather")
    return write_out(apply(ops.Gather, input, index, dim=axis), out, "gather", input, index)


@numpy_names
def take_along_dim(input: Any, indices: Any, dim: int | None = None, *, out: Any = None) -> Any:
    """Picks elements along a dimension, with broadcasting; without a dimension, from the flattened tensor."""
    if indices.dtype.name != "int64":
        raise lesson(
            RuntimeError(
                f"torch.take_along_dim(): dtype of indices should be Long but got {SCALAR_NAMES[indices.dtype]}"
            ),
            expected="torch.int64",
            got=str(indices.dtype),
            hint="indices.long()",
        )
    if dim is None:
        return gather(input.reshape(-1), 0, _wrapped(indices.reshape(-1), input._array.size), out=out)
    a, b = list(input._array.shape), list(indices._array.shape)
    if len(a) != len(b):
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{len(a)} dimensions for input, and {len(b)} dimensions for indices"
        )
    axis = axis_of(dim, len(a))
    for d in range(len(a)):
        if d != axis:
            a[d] = b[d] = a[d] if b[d] == 1 else b[d]
    wrapped = _wrapped(indices, a[axis] if a else 1)
    return gather(input.expand(a), axis, wrapped.expand(b), out=out)


def _wrapped(indices: Any, size: int) -> Any:
    """Indices counted from the end, counted from the front."""
    return indices.remainder(size) if size else indices


@numpy_names
def scatter(
    input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None, out: Any = None
) -> Any:
    """A copy with values written along a dimension: ``out[index[i][j]][j] = src[i][j]`` for dim 0.

    >>> import pytorch_tutor as torch
    >>> torch.zeros(2, 3).scatter(1, torch.tensor([[0], [2]]), 1.0)
    tensor([[1., 0., 0.],
            [0., 0., 1.]])
    """
    source = value if src is None else src
    if not isinstance(source, TensorBase):
        check_fits(source, input.dtype)
        source = cast(source, input.dtype).item()
    is_tensor = isinstance(source, TensorBase)
    axis = _check_places(input, index, dim, "scatter", source if is_tensor else None)
    if is_tensor and source.dtype is not input.dtype:
        raise lesson(
            RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype"),
            expected=str(input.dtype),
            got=str(source.dtype),
            hint="src.to(x.dtype)",
        )
    if reduce is not None:
        if reduce not in ("add", "multiply"):
            raise RuntimeError("reduce argument must be either add or multiply.")
        full = source if is_tensor else input.new_tensor(source).expand(index._array.shape)
        how = "sum" if reduce == "add" else "prod"
        return write_out(scatter_reduce(input, dim, index, full, how), out, "scatter")
    return write_out(apply(ops.Scatter, input, source, index=index._array, dim=axis), out, "scatter", index, source)


@numpy_names
def scatter_add(input: Any, dim: int, index: Any, src: Any, *, out: Any = None) -> Any:
    """A copy with values added along a dimension: ``out[index[i][j]][j] += src[i][j]`` for dim 0."""
    axis = _check_places(input, index, dim, "scatter", src)
    if src.dtype is not input.dtype:
        raise lesson(
            RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype"),
            expected=str(input.dtype),
            got=str(src.dtype),
            hint="src.to(x.dtype)",
        )
    return write_out(apply(ops.ScatterAdd, input, src, index=index._array, dim=axis), out, "scatter_add", index, src)


def scatter_reduce(
    input: Any, dim: int, index: Any, src: Any, reduce: str, *, include_self: bool = True, out: Any = None
) -> Any:
    """A copy with values combined along a dimension by "sum", "prod", "mean", "amax" or "amin".

    >>> import pytorch_tutor as torch
    >>> torch.ones(3).scatter_reduce(0, torch.tensor([0, 0, 2]), torch.tensor([5.0, 7.0, 9.0]), "amax")
    tensor([7., 1., 9.])
    """
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise lesson(
            RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"),
            expected="sum, prod, mean, amax or amin",
            got=reduce,
        )
    axis = _check_places(input, index, dim, "scatter", src)
    if src.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    result = apply(
        ops.ScatterReduce, input, src, index=index._array, dim=axis, reduce=reduce, include_self=include_self
    )
    return write_out(result, out, "scatter_reduce", index, src)


# -- one index per slice ----------------------------------------------------------------------------------------------


@numpy_names
def index_select(input: Any, dim: int, index: Any, *, out: Any = None) -> Any:
    """Whole slices, chosen by a list of indices.

    >>> import pytorch_tutor as torch
    >>> torch.arange(6).reshape(2, 3).index_select(1, torch.tensor([2, 0]))
    tensor([[2, 0],
            [5, 3]])
    """
    if index.dtype.name not in ("int64", "int32"):
        raise lesson(
            RuntimeError("index_select(): Expected dtype int32 or int64 for index"),
            expected="torch.int64",
            got=str(index.dtype),
            hint="index.long()",
        )
    if not input._array.ndim and index._array.size != 1:
        raise RuntimeError(f"index_select(): Index to scalar can have only 1 value, got {index._array.size} value(s)")
    return write_out(apply(ops.IndexSelect, input, index, dim=dim), out, "index_select", input, index)


def _slices(input: Any, dim: int, index: Any) -> tuple[Any, int, tuple[Any, ...]]:
    """The tensor with at least one dimension, the dimension, and the key of the slices."""
    axis = axis_of(dim, input._array.ndim)
    full = input if input._array.ndim else input.reshape(1)
    return full, axis, (*((slice(None),) * axis), np.atleast_1d(index._array))


def _put_slices(op: type[Any], input: Any, dim: int, index: Any, values: Any, accumulate: bool = False) -> Any:
    full, _, key = _slices(input, dim, index)
    if isinstance(values, TensorBase) and not values._array.ndim and not input._array.ndim:
        values = values.reshape(1)
    result = apply(op, full, values, key=key, accumulate=accumulate)
    return result if input._array.ndim else result.reshape(())


def _check_range(input: Any, axis: int, index: Any, message: str, negative: bool = False) -> None:
    n = input._array.shape[axis] if input._array.ndim else 1
    places = index._array.reshape(-1)
    bad = places[(places < (-n if negative else 0)) | (places >= n)]
    if bad.size:
        raise lesson(
            IndexError(message.format(index=int(bad[0]), dim=axis, size=n)),
            expected=f"indices from 0 to {n - 1}",
            got=int(bad[0]),
        )


@numpy_names
def index_add(input: Any, dim: int, index: Any, source: Any, *, alpha: Any = 1, out: Any = None) -> Any:
    """A copy with slices added at the indices."""
    axis = axis_of(dim, input._array.ndim)
    if index.dtype.name not in ("int64", "int32"):
        raise RuntimeError(f"index_add_(): Expected dtype int32/int64 for index but got: {SCALAR_NAMES[index.dtype]}")
    if source.dtype is not input.dtype:
        raise RuntimeError(
            f"index_add_(): self ({SCALAR_NAMES[input.dtype]}) and source ({SCALAR_NAMES[source.dtype]}) must have the "
            "same scalar type"
        )
    if index._array.ndim > 1:
        raise IndexError(f"index_add_(): Index is supposed to be a vector, but got dim: {index._array.ndim}")
    length = source._array.shape[axis] if source._array.ndim else 1
    if index._array.size != length:
        raise RuntimeError(
            f"index_add_(): Number of indices ({index._array.size}) should be equal to source.size(dim): ({length}), "
            f"for dim: {axis}"
        )
    mine, theirs = list(input._array.shape), list(source._array.shape)
    if mine[:axis] + mine[axis + 1 :] != theirs[:axis] + theirs[axis + 1 :]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{mine} source.shape = {theirs}"
        )
    _check_range(input, axis, index, "index out of range in self")
    if alpha != 1:
        source = source * alpha
    return write_out(_put_slices(slices.IndexAdd, input, dim, index, source, accumulate=True), out, "index_add")


@numpy_names
def index_copy(input: Any, dim: int, index: Any, source: Any, *, out: Any = None) -> Any:
    """A copy with slices replaced at the indices."""
    if input.dtype is not source.dtype:
        input, source = full(input, source)  # under autocast they meet in float32
    axis = axis_of(dim, input._array.ndim)
    if index.dtype.name != "int64":
        raise RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {SCALAR_NAMES[index.dtype]}")
    if source.dtype is not input.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{SCALAR_NAMES[input.dtype]} and (source) {SCALAR_NAMES[source.dtype]}"
        )
    length = source._array.shape[axis] if source._array.ndim else 1
    if index._array.size != length and source._array.ndim:
        raise IndexError(
            f"index_copy_(): Number of indices ({index._array.size}) should be equal to source.size(dim) ({length})"
        )
    _check_range(
        input, axis, index, "index_copy_(): index {index} is out of bounds for dimension {dim} with size {size}"
    )
    return write_out(_put_slices(slices.IndexCopy, input, dim, index, source), out, "index_copy")


@numpy_names
def index_fill(input: Any, dim: int, index: Any, value: Any) -> Any:
    """A copy with slices filled with a number."""
    given_tensor = isinstance(value, TensorBase)
    if given_tensor:
        if value._array.ndim:
            raise RuntimeError(
                "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                f"{value._array.ndim} dimension(s)."
            )
        value = value.to(input.dtype)
    else:
        if isinstance(value, complex) and not input.dtype.is_complex:
            raise RuntimeError("index_fill_(): Converting complex Scalar to non-complex type is not supported")
        check_fits(value, input.dtype)
        value = input.new_tensor(value)
    if index.dtype.name != "int64":
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if index._array.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    axis = axis_of(dim, input._array.ndim)
    _check_range(input, axis, index, "index {index} is out of bounds for dimension {dim} with size {size}", True)
    n = input._array.shape[axis] if input._array.ndim else 1
    once = wrap(np.unique(index._array % n if n else index._array))  # a slice named twice is filled once
    filled = _put_slices(slices.IndexFill, input, dim, once, value)
    if given_tensor and filled._grad_fn is not None and input._array.ndim:
        filled._grad_fn.variant = 1  # PyTorch counts: 0 with a number, 1 with a tensor
    return filled


# -- a mask -----------------------------------------------------------------------------------------------------------


def _check_mask(*inputs: Any) -> None:
    """RuntimeError where mask and input do not broadcast; it names them in the order given."""
    try:
        np.broadcast_shapes(*[t._array.shape for t in inputs])
    except ValueError:
        raise unbroadcastable(inputs) from None


def masked_fill_written(input: Any, mask: Any, value: Any) -> Any:
    """What ``masked_fill_`` writes: :func:`masked_fill`, whose sentence then names the input first."""
    _check_mask(input, mask)
    return masked_fill(input, mask, value)


masked_fill_written.__name__ = "masked_fill"


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    """A copy with elements replaced where the mask is true.

    >>> import pytorch_tutor as torch
    >>> torch.ones(3).masked_fill(torch.tensor([True, False, True]), 0.0)
    tensor([0., 1., 0.])

    Raises RuntimeError where mask and input do not broadcast, or where the mask is not one of booleans.
    """
    _check_mask(mask, input)
    if mask.dtype is not boolean:
        raise lesson(
            RuntimeError(
                f"masked_fill_ only supports boolean masks, but got mask with dtype {TYPE_INFO_NAMES[mask.dtype]}"
            ),
            expected="torch.bool",
            got=str(mask.dtype),
            hint="mask.bool()",
        )
    if isinstance(value, TensorBase) and value._array.ndim:
        raise RuntimeError(
            f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value._array.ndim} "
            "dimension(s)."
        )
    if isinstance(value, TensorBase):
        if value.dtype.is_complex and not input.dtype.is_complex:
            check_fits(1j, input.dtype)
    else:
        check_fits(value, input.dtype)
    return apply(ops.MaskedFill, input, value, mask=mask._array)


def masked_select(input: Any, mask: Any, *, out: Any = None) -> Any:
    """The elements where the mask is true, as a vector."""
    if mask.dtype is not boolean:
        raise lesson(
            RuntimeError("masked_select: expected BoolTensor for mask"), expected="torch.bool", got=str(mask.dtype)
        )
    if out is not None and out.dtype is not input.dtype:
        raise RuntimeError("masked_select(): self and result must have the same scalar type")
    return write_out(apply(ops.MaskedSelect, input, mask=mask._array), out, "masked_select", input, mask)


def masked_scatter(input: Any, mask: Any, source: Any) -> Any:
    """A copy in which the elements where the mask is true are taken from ``source``, in order."""
    if source.dtype is not input.dtype:
        raise RuntimeError(
            f"masked_scatter: expected self and source to have same dtypes but got{SCALAR_NAMES[input.dtype]} and "
            f"{SCALAR_NAMES[source.dtype]}"
        )
    if mask.dtype is not boolean:
        raise RuntimeError(
            f"masked_scatter_ only supports boolean masks, but got mask with dtype {SCALAR_NAMES[mask.dtype]}"
        )
    shape = input._array.shape
    if np_cannot(shape, mask._array.shape) and np_cannot(mask._array.shape, shape):
        raise broadcast_error(shape, mask._array.shape)
    full = np.broadcast_shapes(shape, mask._array.shape)
    if full != shape:
        input = input.expand(full).clone()
    where = np.broadcast_to(mask._array, full)
    count = int(where.sum())
    if source._array.size < count:
        raise lesson(
            RuntimeError("Number of elements of source < number of ones in mask"),
            expected=f"at least {count} elements",
            got=source._array.size,
        )
    if not full:
        return source.reshape(-1)[0].clone() if count else input.clone()
    found = apply(ops.IndexPut, input, source.reshape(-1)[:count], key=where.nonzero())
    return titled(found, "MaskedScatterBackward0")


# -- the flattened tensor ---------------------------------------------------------------------------------------------


def _check_flat(function: str, input: Any, index: Any) -> None:
    if index.dtype.name != "int64":
        raise RuntimeError(f"{function}(): Expected a long tensor for index, but got {SCALAR_NAMES[index.dtype]}")
    n = input._array.size
    if index._array.size and not n:
        raise IndexError(f"{function}(): tried to take from an empty tensor")
    bad = index._array[(index._array < -n) | (index._array >= n)] if index._array.size else index._array
    if bad.size:
        raise lesson(
            IndexError(f"out of range: tried to access index {int(bad.flat[0])} on a tensor of {n} elements."),
            expected=f"indices from {-n} to {n - 1}",
            got=int(bad.flat[0]),
        )


def take(input: Any, index: Any, *, out: Any = None) -> Any:
    """Elements by their place in the flattened tensor.

    >>> import pytorch_tutor as torch
    >>> torch.take(torch.tensor([[1, 2], [3, 4]]), torch.tensor([3, 0]))
    tensor([4, 1])
    """
    _check_flat("take", input, index)
    return write_out(apply(slices.Take, input.reshape(-1), key=(index._array,)), out, "take", input, index)


def put(input: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    """A copy with elements written (or added) by their place in the flattened tensor."""
    _check_flat("put_", input, index)
    if index._array.size != source._array.size:
        raise RuntimeError(
            f"put_(): Expected source and index to have the same number of elements, but got source.numel() = "
            f"{source._array.size}, index.numel() = {index._array.size}"
        )
    key = (index._array.reshape(-1),)
    flat = apply(ops.IndexPut, input.reshape(-1), source.reshape(-1), key=key, accumulate=accumulate)
    return titled(flat.reshape(input._array.shape), "PutBackward0")
