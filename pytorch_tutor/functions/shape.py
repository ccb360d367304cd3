"""Shapes: the same elements, seen or arranged differently."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..arguments import is_index, refuse_call
from ..dispatch import apply, not_a_tensor, unbroadcastable, write_out
from ..errors import lesson
from ..ops import indexing
from ..ops import shape as ops
from ..ops.reduction import axis_of
from ..ops.slices import Trace
from ..ops.strided import AsStrided
from ..precision import in_full
from ..promotion import result_type
from ..refusals import refuse
from ..size import Size
from ..tensor_base import TensorBase
from .memory import check_reach
from .numpy_names import numpy_names
from .reinterpretation import view_bytes


def sizes(args: tuple[Any, ...], function: str = "size") -> tuple[int, ...]:
    """A shape given as numbers or as one sequence of numbers."""
    if len(args) == 1 and isinstance(args[0], (tuple, list)):
        args = tuple(args[0])
    for place, n in enumerate(args):
        if not isinstance(n, int):
            if hasattr(n, "__index__"):
                continue
            raise TypeError(
                f"{function}(): argument 'size' (position 1) must be tuple of ints, but found element of type "
                f"{type(n).__name__} at pos {place}"
            )
    return tuple([n.__index__() for n in args])


def reshape(input: Any, *shape: Any) -> Any:
    """Another shape for the same elements: a view where memory allows, otherwise a copy. One size may be -1.

    >>> import pytorch_tutor as torch
    >>> torch.arange(6).reshape(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    if not isinstance(input, TensorBase):
        raise not_a_tensor("reshape", "input", 1, input)
    array = input.settle()
    target = ops.infer_size(sizes(shape, "reshape"), array.size)
    if array.flags.c_contiguous or fits_view(array, target):
        result = apply(ops.View, input, shape=target)
        if not array.flags.c_contiguous and result._grad_fn is not None:
            result._grad_fn.node_name = (
                "ReshapeAliasBackward0"  # PyTorch's name where the strides had to be thought about
            )
        return result
    copied = apply(ops.Clone, input, order="C") if input.requires_grad else None
    if copied is None:
        return apply(ops.UnsafeView, input, shape=target)
    return apply(ops.UnsafeView, copied, shape=target)


def fits_view(array: Any, shape: tuple[int, ...]) -> bool:
    """Can this memory be seen in another shape without a copy?"""
    probe = array.view()
    try:
        probe.shape = shape
    except AttributeError:
        return False
    return True


def view(input: Any, *shape: Any, size: Any = None, dtype: Any = None) -> Any:
    """Another shape for the same memory, never a copy; with a dtype, the same bytes as another type.

    >>> import pytorch_tutor as torch
    >>> x = torch.zeros(4)
    >>> x.view(2, 2)[0, 0] = 1
    >>> x
    tensor([1., 0., 0., 0.])
    """
    if size is not None or dtype is not None:
        shape = (dtype if size is None else size,)
    if len(shape) == 1 and hasattr(shape[0], "array"):
        return view_bytes(input, shape[0])
    array = input.settle()
    return apply(ops.View, input, shape=ops.infer_size(sizes(shape, "view"), array.size))


def view_as(input: Any, other: Any) -> Any:
    """A view in the shape of another tensor."""
    return view(input, other.shape)


def reshape_as(input: Any, other: Any) -> Any:
    """The same elements in the shape of another tensor."""
    return reshape(input, other.shape)


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Makes one dimension of several.

    >>> import pytorch_tutor as torch
    >>> torch.flatten(torch.ones(2, 3, 4), start_dim=1).shape
    torch.Size([2, 12])
    """
    if not isinstance(input, TensorBase):
        raise not_a_tensor("flatten", "input", 1, input)
    array = input._array
    start, end = axis_of(start_dim, array.ndim), axis_of(end_dim, array.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if array.ndim == 0:
        return reshape(input, (1,))
    if start == end:
        return input
    shape = array.shape
    return reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


def ravel(input: Any) -> Any:
    """All elements in one dimension."""
    return reshape(input, (-1,)) if input._array.size else reshape(input, (0,))


def unflatten(input: Any, dim: int, sizes: Sequence[int]) -> Any:
    """Makes several dimensions of one."""
    axis = axis_of(dim, input._array.ndim)
    shape = input._array.shape
    try:
        parts = ops.infer_size(tuple(sizes), shape[axis])
    except RuntimeError:
        raise RuntimeError(
            f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {axis} ({shape[axis]}) in "
            "the input tensor"
        ) from None
    return view(input, (*shape[:axis], *parts, *shape[axis + 1 :]))


def permute(input: Any, *dims: Any) -> Any:
    """The dimensions in another order.

    >>> import pytorch_tutor as torch
    >>> torch.ones(2, 3, 4).permute(2, 0, 1).shape
    torch.Size([4, 2, 3])
    """
    return apply(ops.Permute, input, dims=sizes(dims, "permute"))


def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """Two dimensions swapped."""
    return apply(ops.Transpose, input, dim0=dim0, dim1=dim1)


def t(input: Any) -> Any:
    """The transpose of a matrix."""
    return apply(ops.T, input)


def adjoint(input: Any) -> Any:
    """The conjugate transpose of the last two dimensions."""
    return transpose(input, -2, -1).conj()


def movedim(input: Any, source: Any, destination: Any) -> Any:
    """Dimensions moved to other places; the others keep their order."""
    n = input._array.ndim
    sources = [source] if isinstance(source, int) else list(source)
    targets = [destination] if isinstance(destination, int) else list(destination)
    if len(sources) != len(targets):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({sources} dims) should contain the same number of "
            f"dims as destination ({targets} dims)"
        )
    froms, tos = [axis_of(d, n) for d in sources], [axis_of(d, n) for d in targets]
    for name, dims, given in (("source", froms, sources), ("destination", tos, targets)):
        if len(set(dims)) < len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({given})")
    rest = iter([d for d in range(n) if d not in froms])
    order = [froms[tos.index(place)] if place in tos else next(rest) for place in range(n)]
    return permute(input, order) if n else apply(ops.Alias, input)


def expand(input: Any, *shape: Any) -> Any:
    """Repeats along dimensions of size 1 without copying; -1 leaves a dimension as it is.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([[1], [2]]).expand(2, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    return apply(ops.Expand, input, shape=sizes(shape, "expand"))


def expand_as(input: Any, other: Any) -> Any:
    """Expanded to the shape of another tensor."""
    return apply(ops.Expand, input, shape=other._array.shape)


def broadcast_to(input: Any, size: Sequence[int]) -> Any:
    """Expanded to a shape."""
    return apply(ops.Expand, input, shape=tuple(size))


@numpy_names
def squeeze(input: Any, *dims: Any, dim: Any = None) -> Any:
    """Without dimensions of size 1: all, or those named.

    >>> import pytorch_tutor as torch
    >>> torch.ones(1, 3, 1).squeeze(dim=0).shape
    torch.Size([3, 1])
    """
    if not dims:
        if dim is None:
            return apply(ops.Squeeze, input)
        dims = (dim,)
    if len(dims) == 1 and isinstance(dims[0], (tuple, list)):
        return apply(ops.Squeeze, input, dims=tuple(dims[0]), variant=2)
    return apply(ops.Squeeze, input, dims=dims, variant=1)


@numpy_names
def unsqueeze(input: Any, dim: int) -> Any:
    """With a new dimension of size 1.

    >>> import pytorch_tutor as torch
    >>> torch.ones(3).unsqueeze(1).shape
    torch.Size([3, 1])
    """
    return apply(ops.Unsqueeze, input, dim=dim)


def clone(input: Any, *, memory_format: Any = None) -> Any:
    """A copy with memory of its own; gradients pass through."""
    orders = {"torch.contiguous_format": "C", "torch.channels_last": "channels last"}
    return apply(ops.Clone, input, order=orders.get(str(memory_format), "K"))


def contiguous(input: Any, memory_format: Any = None) -> Any:
    """The tensor itself if its elements lie in memory in order, otherwise a copy in which they do."""
    array = input.settle()
    if str(memory_format) == "torch.channels_last" and array.ndim == 4:
        if array.transpose(0, 2, 3, 1).flags.c_contiguous:
            return input
        return input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
    return input if array.flags.c_contiguous else apply(ops.Clone, input, order="C")


def cat(tensors: Any, dim: Any = 0, *, out: Any = None, axis: Any = None) -> Any:
    """Tensors one after another along a dimension.

    >>> import pytorch_tutor as torch
    >>> torch.cat([torch.zeros(1, 2), torch.ones(1, 2)])
    tensor([[0., 0.],
            [1., 1.]])
    """
    if isinstance(tensors, (list, tuple)) and not tensors:
        raise lesson(
            ValueError("torch.cat(): expected a non-empty list of Tensors"), expected="at least one tensor", got="[]"
        )
    tensors, dim = _together(tensors, "cat"), dim if axis is None else axis
    shaped = [x for x in tensors if x._array.shape != (0,)] or tensors  # old programs begin with torch.Tensor()
    first = shaped[0]._array
    if first.ndim == 0:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated")
    where = axis_of(dim, first.ndim)
    for i, x in enumerate(tensors):
        if x._array.shape == (0,):
            continue
        if x._array.ndim != first.ndim:
            if x._array.ndim == 0:
                raise RuntimeError(f"zero-dimensional tensor (at position {i}) cannot be concatenated")
            raise RuntimeError(f"Tensors must have same number of dimensions: got {first.ndim} and {x._array.ndim}")
        for d, (a, b) in enumerate(zip(first.shape, x._array.shape, strict=True)):
            if d != where and a != b:
                raise lesson(
                    RuntimeError(
                        f"Sizes of tensors must match except in dimension {where}. Expected size {a} but got size {b} "
                        f"for tensor number {i} in the list."
                    ),
                    expected=f"size {a} in dimension {d}",
                    got=b,
                )
    return write_out(apply(ops.Cat, *_same_types(tensors), dim=where), out, "cat", *tensors)


def _together(tensors: Any, function: str) -> list[Any]:
    if isinstance(tensors, TensorBase) or not isinstance(tensors, (list, tuple)):
        raise TypeError(
            f"{function}(): argument 'tensors' (position 1) must be tuple of Tensors, not {type(tensors).__name__}"
        )
    if not tensors:
        raise RuntimeError(
            "torch.cat(): expected a non-empty list of Tensors"
            if function == "cat"
            else f"{function} expects a non-empty TensorList"
        )
    for i, x in enumerate(tensors):
        if not isinstance(x, TensorBase):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type(x).__name__}")
    return list(tensors)


def _same_types(tensors: list[Any]) -> list[Any]:
    if len({x.dtype for x in tensors}) == 1:
        return tensors
    target = result_type(*tensors)
    return [x.to(target) for x in tensors]


@numpy_names
def stack(tensors: Any, dim: int = 0, *, out: Any = None) -> Any:
    """Tensors beside one another along a new dimension.

    >>> import pytorch_tutor as torch
    >>> torch.stack([torch.tensor([1, 2]), torch.tensor([3, 4])], dim=1)
    tensor([[1, 3],
            [2, 4]])
    """
    tensors = _together(tensors, "stack")
    first = tensors[0]._array.shape
    for i, x in enumerate(tensors):
        if x._array.shape != first:
            raise lesson(
                RuntimeError(
                    f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                    f"{list(x._array.shape)} at entry {i}"
                ),
                expected=list(first),
                got=list(x._array.shape),
            )
    where = axis_of(dim, len(first) + 1)
    return write_out(apply(ops.Stack, *_same_types(tensors), dim=where), out, "stack", *tensors)


def split(tensor: Any, split_size_or_sections: Any, dim: int = 0) -> tuple[Any, ...]:
    """Pieces of one size (the last may be smaller), or of given sizes; each is a view.

    >>> import pytorch_tutor as torch
    >>> torch.split(torch.arange(5), 2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    """
    axis = axis_of(dim, tensor._array.ndim)
    if tensor._array.ndim == 0:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    n = tensor._array.shape[axis]
    if isinstance(split_size_or_sections, int):
        size = split_size_or_sections
        if size < 0:
            raise RuntimeError(f"split expects split_size be non-negative, but got split_size={size}")
        if size == 0 and n:
            raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}")
        count = max(1, -(-n // size)) if size else 1
        parts = [min(size, n - i * size) if size else 0 for i in range(count)]
        return tuple(apply(indexing.Split, tensor, sizes=tuple(parts), dim=axis))
    if isinstance(split_size_or_sections, TensorBase) and not split_size_or_sections._array.ndim:
        return split(tensor, int(split_size_or_sections), dim)
    refuse_call("torch.split_with_sizes", (tensor, split_size_or_sections), {})
    parts = [int(size) for size in split_size_or_sections]
    if sum(parts) != n:
        raise lesson(
            RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at dimension {axis}), "
                f"but got split_sizes={parts}"
            ),
            expected=f"sizes that add up to {n}",
            got=f"{' + '.join(map(str, parts))} = {sum(parts)}",
        )
    return tuple(apply(indexing.Split, tensor, sizes=tuple(parts), dim=axis, exact=True))


@numpy_names
def chunk(input: Any, chunks: int, dim: int = 0) -> tuple[Any, ...]:
    """At most ``chunks`` pieces of equal size (the last may be smaller)."""
    if input._array.ndim == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    n = input._array.shape[axis_of(dim, input._array.ndim)]
    return split(input, max(1, -(-n // chunks)), dim) if n else split(input, [0] * chunks, dim)


@numpy_names
def tensor_split(input: Any, indices_or_sections: Any, dim: int = 0) -> tuple[Any, ...]:
    """Pieces cut at the given places, or a given number of them as equal as possible."""
    axis = axis_of(dim, input._array.ndim)
    n = input._array.shape[axis]
    if isinstance(indices_or_sections, TensorBase):
        indices_or_sections = indices_or_sections.tolist()
    if isinstance(indices_or_sections, int):
        k = indices_or_sections
        if k <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {k}")
        cuts = [i * (n // k) + min(i, n % k) for i in range(1, k)]
    else:
        cuts = list(indices_or_sections)
    edges = [0, *cuts, n]
    pieces = zip(edges[:-1], edges[1:], strict=True)
    return tuple([apply(indexing.Slice, input, dim=axis, start=a, end=b) for a, b in pieces])


@numpy_names
def unbind(input: Any, dim: int = 0) -> tuple[Any, ...]:
    """All slices along a dimension.

    >>> import pytorch_tutor as torch
    >>> torch.unbind(torch.tensor([[1, 2], [3, 4]]))
    (tensor([1, 2]), tensor([3, 4]))
    """
    if input._array.ndim == 0:
        raise lesson(
            IndexError("Dimension specified as 0 but tensor has no dimensions"), expected="at least one dimension"
        )
    return tuple(apply(indexing.Unbind, input, dim=axis_of(dim, input._array.ndim)))


def repeat(input: Any, *repeats: Any) -> Any:
    """Copies laid side by side, so many along each dimension.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    counts = sizes(repeats, "repeat")
    if len(counts) < input._array.ndim:
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    return apply(ops.Repeat, input, repeats=counts)


def tile(input: Any, *dims: Any) -> Any:
    """Like ``repeat``, with missing dimensions counted as 1."""
    counts = sizes(dims, "tile")
    return repeat(input, (1,) * (input._array.ndim - len(counts)) + counts)


def flip(input: Any, *args: Any, dims: Any = None) -> Any:
    """The order reversed along dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.flip(torch.tensor([[1, 2], [3, 4]]), dims=(0,))
    tensor([[3, 4],
            [1, 2]])
    """
    dims = args if dims is None else (dims,)
    return apply(ops.Flip, input, dims=sizes(dims, "flip"))


def fliplr(input: Any) -> Any:
    """The order of the columns reversed."""
    if input.dim() < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, 1)


def flipud(input: Any) -> Any:
    """The order of the rows reversed."""
    if input.dim() < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, 0)


def roll(input: Any, shifts: Any, dims: Any = ()) -> Any:
    """Elements shifted around in a circle."""
    steps = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    if not all(is_index(step) for step in steps):
        raise TypeError("roll(): argument 'shifts' must be tuple of ints")
    axes = (dims,) if isinstance(dims, int) else tuple(dims)
    if not steps:
        raise lesson(RuntimeError("`shifts` required"), expected="how far to shift", got=steps, hint="x.roll(1)")
    if not axes and len(steps) != 1 or axes and len(steps) != len(axes):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(steps)}, dims:{len(axes)}")
    if axes and not input.dim():
        raise IndexError(f"Dimension specified as {axes[0]} but tensor has no dimensions")
    if input.numel():
        axes = tuple(axis_of(axis, input.dim()) for axis in axes)
        return apply(ops.Roll, input, shifts=steps, dims=axes)
    return clone(input)


def copied(view: Any, name: str = "") -> Any:
    """A view in memory of its own. The node stays the view's: what the gradient is does not depend on the memory."""
    found = clone(view.detach())
    node = view.grad_fn
    if node is not None:
        node.node_name = name or f"{node.name().removesuffix('_copy')}_copy"  # several results may be of one node
        found._grad_fn, found._output_nr = node, view._output_nr
    return found


def rot90(input: Any, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    """A quarter turn, k times."""
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if input._array.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input._array.ndim}")
    a, b = dims
    if a == b or abs(a - b) == input._array.ndim:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {a} and dim1 = {b}")
    a, b = axis_of(a, input._array.ndim), axis_of(b, input._array.ndim)
    return apply(ops.Rot90, input, k=k % 4, dims=(a, b))


def tril(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """The part of a matrix on and below a diagonal; zero elsewhere."""
    return write_out(apply(ops.Triangle, input, which="tril", diagonal=diagonal), out, "tril")


def triu(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """The part of a matrix on and above a diagonal; zero elsewhere."""
    return write_out(apply(ops.Triangle, input, which="triu", diagonal=diagonal), out, "triu")


def diagonal(input: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The diagonal of two dimensions, as a view."""
    return apply(ops.Diagonal, input, offset=offset, dim1=dim1, dim2=dim2)


def diag(input: Any, diagonal: int = 0, *, out: Any = None) -> Any:
    """A vector as a diagonal matrix, or the diagonal of a matrix.

    >>> import pytorch_tutor as torch
    >>> torch.diag(torch.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    """
    n = input._array.ndim
    if n == 1:
        return write_out(diag_embed(input, diagonal), out, "diag")
    if n != 2:
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {n}D")
    return write_out(copied(apply(ops.Diagonal, input, offset=diagonal)), out, "diag")


def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Vectors as diagonals of matrices."""
    n = input._array.ndim + 1
    a, b = axis_of(dim1, n), axis_of(dim2, n)
    if a == b:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    size = input._array.shape[-1] + abs(offset)
    lead = list(input._array.shape[:-1])
    shape = [size if d in (a, b) else lead.pop(0) for d in range(n)]
    made = apply(ops.DiagonalScatter, input, shape=tuple(shape), offset=offset, dim1=a, dim2=b)
    if made._grad_fn is not None:
        made._grad_fn.node_name = "DiagEmbedBackward0"
    return made


def diagflat(input: Any, offset: int = 0) -> Any:
    """All elements as a diagonal matrix."""
    return diag_embed(ravel(input), offset)


@in_full
def trace(input: Any) -> Any:
    """The sum of the diagonal of a matrix."""
    refuse(input.dtype, "bool", "trace")
    if input.dim() != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.dim()}")
    return apply(Trace, input)


def unfold(input: Any, dimension: int, size: int, step: int) -> Any:
    """Overlapping windows along a dimension, as a view."""
    return apply(ops.Unfold, input, dimension=dimension, size=size, step=step)


def as_strided(input: Any, size: Sequence[int], stride: Sequence[int], storage_offset: int | None = None) -> Any:
    """Any view of the memory: sizes, strides, offset, counted in elements.

    >>> import pytorch_tutor as torch
    >>> torch.as_strided(torch.arange(4), (2, 2), (1, 2))
    tensor([[0, 2],
            [1, 3]])

    Raises RuntimeError for places outside the memory.
    """
    input.settle()
    own = input.storage_offset()
    check_reach(input, size, stride, own if storage_offset is None else storage_offset)
    offset = 0 if storage_offset is None else storage_offset - own
    return apply(AsStrided, input, size=tuple(size), stride=tuple(stride), offset=offset)


def broadcast_tensors(*tensors: Any) -> tuple[Any, ...]:
    """Tensors expanded to the shape in which they meet."""
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    shape = _met(tensors)
    return tuple([expand(x, shape) for x in tensors])


def _met(tensors: Sequence[Any]) -> Any:
    try:
        return broadcast_shapes(*[x._array.shape for x in tensors])
    except RuntimeError:
        raise unbroadcastable(tuple(tensors)) from None


def broadcast_shapes(*shapes: Any) -> Any:
    """The shape in which shapes meet: from the right, sizes equal or 1.

    >>> import pytorch_tutor as torch
    >>> torch.broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """
    wanted = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    found = [1] * max([len(shape) for shape in wanted], default=0)
    for place, shape in enumerate(wanted):
        for i in range(-1, -1 - len(shape), -1):
            if shape[i] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if shape[i] in (1, found[i]):
                continue
            if found[i] != 1:
                raise lesson(
                    RuntimeError(
                        f"Attempting to broadcast a dimension of length {shape[i]} at {i}! Mismatching argument at index "
                        f"{place} had {shape}; but expected shape should be broadcastable to {found}"
                    ),
                    expected=f"1 or {found[i]} at dimension {i}",
                    got=shape[i],
                )
            found[i] = shape[i]
    return Size(found)


# Other names that PyTorch has for the same functions.
concat = concatenate = cat
swapaxes = swapdims = transpose
moveaxis = movedim
