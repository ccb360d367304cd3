"""Shapes: the same elements, seen or arranged differently. The gradient is arranged back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..dtypes import narrowed
from ..errors import lesson
from .base import Op, order_like
from .reduction import axis_of


def infer_size(shape: Sequence[int], count: int) -> tuple[int, ...]:
    """Replaces the one -1 by what is left; RuntimeError with PyTorch's sentence where it does not fit."""
    shape = tuple(shape)
    free = [i for i, n in enumerate(shape) if n == -1]
    for i, n in enumerate(shape):
        if n < -1:
            raise RuntimeError(f"invalid shape dimension {n} at index {i} of shape {list(shape)}")
    if len(free) > 1:
        raise lesson(
            RuntimeError("only one dimension can be inferred"), expected="at most one -1", got=f"{len(free)} of them"
        )
    known = math.prod([n for n in shape if n != -1])
    if free and known and count % known == 0:
        return tuple([count // known if n == -1 else n for n in shape])
    if free and not known and count == 0:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(shape)} because the unspecified dimension size -1 "
            "can be any value and is ambiguous"
        )
    if free or known != count:
        raise lesson(
            RuntimeError(f"shape '{list(shape)}' is invalid for input of size {count}"),
            expected=f"a shape whose dimensions multiply to {count}",
            got=" · ".join(map(str, shape)) + ("" if free else f" = {known}"),
            hint="give one dimension as -1 and it is worked out",
        )
    return shape


class View(Op):
    """Another shape for the same memory, without a copy."""

    formula = r"y = \operatorname{reshape}(x)"
    gradient = {"x": r"\bar x = \operatorname{reshape}(\bar y)"}
    view = True

    def forward(ctx, x: Any, shape: tuple[int, ...]) -> Any:
        ctx.shape = x.shape
        out = x.view()
        try:
            out.shape = shape  # unlike reshape this never copies
        except AttributeError:
            out = None
        if out is None:
            raise lesson(
                RuntimeError(
                    "view size is not compatible with input tensor's size and stride (at least one dimension spans "
                    "across two contiguous subspaces). Use .reshape(...) instead."
                ),
                expected="elements that lie in memory in the order of the new shape",
                got=f"strides {tuple([s // x.itemsize for s in x.strides])} for shape {tuple(x.shape)}",
                hint="x.reshape(...)  or  x.contiguous().view(...)",
            )
        return out

    def backward(ctx, grad: Any) -> Any:
        return grad.reshape(ctx.shape)


class UnsafeView(Op):
    """Another shape of memory that nobody else holds: the fresh result of a product or a copy."""

    formula = r"y = \operatorname{reshape}(x)"
    gradient = {"x": r"\bar x = \operatorname{reshape}(\bar y)"}
    public = "reshape"

    def forward(ctx, x: Any, shape: tuple[int, ...]) -> Any:
        ctx.shape = x.shape
        return x.reshape(shape)

    def backward(ctx, grad: Any) -> Any:
        return grad.reshape(ctx.shape)


class Permute(Op):
    """Reorders the dimensions; the gradient goes back by the inverse order."""

    formula = r"y = \operatorname{permute}(x)"
    gradient = {"x": r"\bar x = \operatorname{permute}^{-1}(\bar y)"}
    view = True

    def forward(ctx, x: Any, dims: tuple[int, ...]) -> Any:
        if len(dims) != x.ndim:
            raise lesson(
                RuntimeError(
                    "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the "
                    f"desired ordering of dimensions i.e. input.dim() = {x.ndim} is not equal to len(dims) = {len(dims)}"
                ),
                expected=f"{x.ndim} dimensions",
                got=f"{len(dims)}",
            )
        dims = tuple([axis_of(d, x.ndim) for d in dims])
        if len(set(dims)) != len(dims):
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        ctx.dims = dims
        return x.transpose(dims)

    def backward(ctx, grad: Any) -> Any:
        inverse = [0] * len(ctx.dims)
        for place, axis in enumerate(ctx.dims):
            inverse[axis] = place
        return ctx.xp.transpose(grad, tuple(inverse))


class Transpose(Op):
    """Swaps two dimensions; swapping again is the way back."""

    formula = r"y = x^{\top}"
    gradient = {"x": r"\bar x = \bar y^{\top}"}
    view = True

    def forward(ctx, x: Any, dim0: int, dim1: int, variant: int = 0) -> Any:
        ctx.variant = variant
        ctx.dims = axis_of(dim0, x.ndim), axis_of(dim1, x.ndim)
        return x.swapaxes(*ctx.dims) if x.ndim else x.view()

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.swapaxes(grad, *ctx.dims) if grad.ndim else grad


class T(Op):
    """``t()``: the transpose of a matrix; vectors and scalars stay as they are."""

    formula = r"y = x^{\top}"
    gradient = {"x": r"\bar x = \bar y^{\top}"}
    view = True

    def forward(ctx, x: Any) -> Any:
        if x.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {x.ndim}D")
        return x.transpose()

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.swapaxes(grad, 0, 1) if grad.ndim == 2 else grad


class Expand(Op):
    """Repeats along dimensions of size 1 without copying (stride 0): the gradient is summed over the repetitions."""

    formula = r"y_{ij} = x_{j}"
    gradient = {"x": r"\bar x_j = \sum_i \bar y_{ij}"}
    view = True

    def forward(ctx, x: Any, shape: tuple[int, ...]) -> Any:
        ctx.shape = x.shape
        extra = len(shape) - x.ndim
        if extra < 0:
            raise RuntimeError(
                f"expand(torch.FloatTensor{{{list(x.shape)}}}, size={list(shape)}): the number of sizes provided "
                f"({len(shape)}) must be greater or equal to the number of dimensions in the tensor ({x.ndim})"
            )
        full: list[Any] = []
        for i, n in reversed(list(enumerate(shape))):  # the last one that does not fit is told
            have = x.shape[i - extra] if i >= extra else None
            if n == -1 and have is None:
                raise RuntimeError(
                    f"The expanded size of the tensor ({n}) isn't allowed in a leading, non-existing dimension {i}"
                )
            if have not in (None, 1, n) and n != -1:
                raise lesson(
                    RuntimeError(
                        f"The expanded size of the tensor ({n}) must match the existing size ({have}) at non-singleton "
                        f"dimension {i}.  Target sizes: {list(shape)}.  Tensor sizes: {list(x.shape)}"
                    ),
                    expected=f"size 1 or {n} at dimension {i}",
                    got=have,
                    hint="x.unsqueeze(...)  adds a dimension of size 1",
                )
            full.insert(0, have if n == -1 else n)
        # Not NumPy's broadcast_to: that view cannot be written, PyTorch's can.
        strides = (0,) * extra + tuple(
            [0 if n == 1 and m != 1 else s for n, m, s in zip(x.shape, full[extra:], x.strides, strict=True)]
        )
        return ctx.xp.lib.stride_tricks.as_strided(x, tuple(full), strides)

    def backward(ctx, grad: Any) -> Any:
        return grad  # summed down to the input's shape by the base, as for every broadcast


class Squeeze(Op):
    """Drops dimensions of size 1."""

    formula = r"y = x \text{ without size-1 dimensions}"
    gradient = {"x": r"\bar x = \operatorname{reshape}(\bar y)"}
    view = True

    def forward(ctx, x: Any, dims: tuple[int, ...] | None = None, variant: int = 0) -> Any:
        ctx.shape, ctx.variant = x.shape, variant
        wanted = range(x.ndim) if dims is None else [axis_of(d, x.ndim) for d in dims]
        return x.squeeze(tuple([d for d in wanted if d < x.ndim and x.shape[d] == 1]))

    def backward(ctx, grad: Any) -> Any:
        return grad.reshape(ctx.shape)


class Unsqueeze(Op):
    """Adds a dimension of size 1."""

    formula = r"y = x \text{ with a size-1 dimension}"
    gradient = {"x": r"\bar x = \operatorname{reshape}(\bar y)"}
    view = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.shape = x.shape
        return ctx.xp.expand_dims(x, axis_of(dim, x.ndim + 1))

    def backward(ctx, grad: Any) -> Any:
        return grad.reshape(ctx.shape)


class Alias(Op):
    """The same memory, as a new tensor."""

    formula = r"y = x"
    gradient = {"x": r"\bar x = \bar y"}
    view = True

    def forward(ctx, x: Any) -> Any:
        return x.view()

    def backward(ctx, grad: Any) -> Any:
        return grad


class Clone(Op):
    """A copy in memory of its own."""

    formula = r"y = x"
    gradient = {"x": r"\bar x = \bar y"}

    def forward(ctx, x: Any, order: str = "K") -> Any:
        if order == "channels last" and x.ndim == 4:
            return x.transpose(0, 2, 3, 1).copy(order="C").transpose(0, 3, 1, 2)
        return x.copy(order="C" if order == "C" else order_like(x))

    def backward(ctx, grad: Any) -> Any:
        return grad


class ToCopy(Op):
    """Another element type; the gradient is brought back to the type of the input."""

    formula = r"y = x \text{ as another type}"
    gradient = {"x": r"\bar x = \bar y"}

    def forward(ctx, x: Any, array_type: Any) -> Any:
        with ctx.xp.errstate(invalid="ignore", over="ignore"):
            if x.dtype.kind == "c" and array_type.kind != "c":
                x = x.real if array_type.kind != "b" else x
            if x.dtype.kind == "f" and array_type.kind == "u":
                return x.astype("i8").astype(array_type)
            return narrowed(x, array_type, order=order_like(x))

    def backward(ctx, grad: Any) -> Any:
        return grad


class Cat(Op):
    """Puts tensors one after another; each gets its own part of the gradient."""

    layout = "pictures"
    formula = r"y = [x_1, x_2, \dots]"
    gradient = {"tensors": r"\bar x_k = \text{part } k \text{ of } \bar y"}

    def forward(ctx, *arrays: Any, dim: int) -> Any:
        ctx.dim = dim
        shown = [a for a in arrays if a.shape != (0,)] or arrays  # an empty vector goes with any shape
        ctx.sizes = [None if a.shape == (0,) else a.shape[dim] for a in arrays]
        return ctx.xp.concatenate(shown, axis=dim)

    def backward(ctx, grad: Any) -> Any:
        parts, start = [], 0
        lead = (slice(None),) * ctx.dim
        for size, needed in zip(ctx.sizes, ctx.needs, strict=True):
            if size is None:
                parts.append(ctx.xp.zeros((0,), dtype=grad.dtype) if needed else None)
                continue
            parts.append(grad[(*lead, slice(start, start + size))] if needed else None)
            start += size
        return tuple(parts)


class Stack(Op):
    """Puts tensors beside one another along a new dimension."""

    layout = "rows"
    formula = r"y_k = x_k"
    gradient = {"tensors": r"\bar x_k = \bar y_k"}

    def forward(ctx, *arrays: Any, dim: int) -> Any:
        ctx.dim = dim
        return ctx.xp.stack(arrays, axis=dim)

    def backward(ctx, grad: Any) -> Any:
        lead = (slice(None),) * ctx.dim
        return tuple([grad[(*lead, k)] if needed else None for k, needed in enumerate(ctx.needs)])


class Repeat(Op):
    """Lays copies side by side; the gradient is the sum over the copies."""

    formula = r"y = [x, x, \dots]"
    gradient = {"x": r"\bar x = \sum_{\text{copies}} \bar y"}

    def forward(ctx, x: Any, repeats: tuple[int, ...]) -> Any:
        ctx.shape, ctx.repeats = (1,) * (len(repeats) - x.ndim) + x.shape, repeats
        return ctx.xp.tile(x, repeats)

    def backward(ctx, grad: Any) -> Any:
        split = [n for pair in zip(ctx.repeats, ctx.shape, strict=True) for n in pair]
        total = grad.reshape(split)
        total = ctx.xp.sum(total, axis=tuple(range(0, len(split), 2)))
        return total.reshape(ctx.input_shapes[0])


class Flip(Op):
    formula = r"y_i = x_{n-1-i}"
    gradient = {"x": r"\bar x_i = \bar y_{n-1-i}"}

    def forward(ctx, x: Any, dims: tuple[int, ...]) -> Any:
        ctx.dims = tuple([axis_of(d, x.ndim) for d in dims]) if x.ndim else ()
        if len(set(ctx.dims)) < len(ctx.dims):
            twice = next(d for d in ctx.dims if ctx.dims.count(d) > 1)
            raise RuntimeError(f"dim {twice} appears multiple times in the list of dims")
        return ctx.xp.flip(x, ctx.dims).copy(order=order_like(x))

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.flip(grad, ctx.dims)


class Rot90(Op):
    """Quarter turns in the plane of two dimensions."""

    formula = r"y = x \text{ turned by } k \cdot 90^{\circ}"
    gradient = {"x": r"\bar x = \bar y \text{ turned back}"}

    def forward(ctx, x: Any, k: int, dims: tuple[int, int]) -> Any:
        ctx.k, ctx.dims = k, dims
        xp, (a, b) = ctx.xp, dims
        if k == 1:
            return xp.swapaxes(xp.flip(x, b).copy(order=order_like(x)), a, b)
        turned = x if k == 0 else xp.flip(x, dims) if k == 2 else xp.flip(xp.swapaxes(x, a, b), b)
        return turned.copy(order="K" if k else "C")

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Rot90, grad, k=-ctx.k % 4, dims=ctx.dims)


class Roll(Op):
    """Shifts around in a circle; the gradient is shifted back."""

    layout = "pictures"
    formula = r"y_{i+s} = x_i"
    gradient = {"x": r"\bar x_i = \bar y_{i+s}"}

    def forward(ctx, x: Any, shifts: tuple[int, ...], dims: tuple[int, ...]) -> Any:
        ctx.shifts, ctx.dims = shifts, tuple([axis_of(d, x.ndim) for d in dims])
        return ctx.xp.roll(x, shifts, ctx.dims) if dims else ctx.xp.roll(x, shifts[0])

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Roll, grad, shifts=tuple([-s for s in ctx.shifts]), dims=ctx.dims)


class Triangle(Op):
    """The part of a matrix below (tril) or above (triu) a diagonal; the rest is zero, and so is its gradient."""

    layout = "rows"
    formula = r"y_{ij} = x_{ij}\,[j - i \lessgtr k]"
    gradient = {"x": r"\bar x_{ij} = \bar y_{ij}\,[j - i \lessgtr k]"}

    def forward(ctx, x: Any, which: str, diagonal: int = 0) -> Any:
        if x.ndim < 2:
            raise RuntimeError(f"{which}: input tensor must have at least 2 dimensions")
        ctx.which, ctx.diagonal = which, diagonal
        return getattr(ctx.xp, which)(x, diagonal)

    def name(self) -> str:
        return f"{self.which.title()}Backward0"

    which = "tril"

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Triangle, grad, which=ctx.which, diagonal=ctx.diagonal)


class Diagonal(Op):
    """The diagonal of two dimensions, as a view."""

    formula = r"y_i = x_{i,i+k}"
    gradient = {"x": r"\bar x_{i,i+k} = \bar y_i"}
    view = True

    def forward(ctx, x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
        ctx.shape = x.shape
        ctx.offset, ctx.dim1, ctx.dim2 = offset, axis_of(dim1, x.ndim), axis_of(dim2, x.ndim)
        if ctx.dim1 == ctx.dim2:
            raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
        out = x.diagonal(offset, ctx.dim1, ctx.dim2)
        out.flags.writeable = x.flags.writeable
        return out

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(DiagonalScatter, grad, shape=ctx.shape, offset=ctx.offset, dim1=ctx.dim1, dim2=ctx.dim2)


class DiagonalScatter(Op):
    """Zeros with the given values on a diagonal: the gradient of taking a diagonal."""

    formula = r"y_{i,i+k} = x_i"
    gradient = {"x": r"\bar x_i = \bar y_{i,i+k}"}

    def forward(ctx, x: Any, shape: tuple[int, ...], offset: int, dim1: int, dim2: int) -> Any:
        ctx.where_to = {"offset": offset, "dim1": dim1, "dim2": dim2}
        out = ctx.xp.zeros(shape, dtype=x.dtype)
        diagonal = out.diagonal(offset, dim1, dim2)
        diagonal.flags.writeable = True
        diagonal[...] = x
        return out

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Diagonal, grad, **ctx.where_to)


class Unfold(Op):
    """Overlapping windows along a dimension, as a view; an element gets the gradients of all its windows."""

    formula = r"y_{k,j} = x_{k s + j}"
    gradient = {"x": r"\bar x_i = \sum_{k s + j = i} \bar y_{k,j}"}
    view = True

    def forward(ctx, x: Any, dimension: int, size: int, step: int) -> Any:
        axis = axis_of(dimension, x.ndim)
        length = x.shape[axis] if x.ndim else 1
        if size > length:
            raise RuntimeError(f"maximum size for tensor at dimension {axis} is {length} but size is {size}")
        if step <= 0:
            raise RuntimeError(f"step is {step} but must be > 0")
        ctx.axis, ctx.size, ctx.step, ctx.shape = axis, size, step, x.shape
        if not x.ndim:
            return x.reshape(1)[:size]
        count = (length - size) // step + 1
        shape = (*x.shape[:axis], count, *x.shape[axis + 1 :], size)
        strides = (*x.strides[:axis], x.strides[axis] * step, *x.strides[axis + 1 :], x.strides[axis])
        return ctx.xp.lib.stride_tricks.as_strided(x, shape, strides)

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(UnfoldBackward, grad, shape=ctx.shape, axis=ctx.axis, size=ctx.size, step=ctx.step)


class UnfoldBackward(Op):
    """Adds windows up where they overlap: the gradient of ``Unfold``."""

    formula = r"x_i = \sum_{k s + j = i} y_{k,j}"
    gradient = {"y": r"\bar y_{k,j} = \bar x_{k s + j}"}

    def forward(ctx, y: Any, shape: tuple[int, ...], axis: int, size: int, step: int) -> Any:
        ctx.how = {"dimension": axis, "size": size, "step": step}
        out = ctx.xp.zeros(shape, dtype=y.dtype)
        if not shape:
            return out + y.sum()
        moved = ctx.xp.moveaxis(out, axis, -1)
        windows = ctx.xp.moveaxis(y, axis, -2)
        for k in range(windows.shape[-2]):
            moved[..., k * step : k * step + size] += windows[..., k, :]
        return out

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Unfold, grad, **ctx.how)


class Copy(Op):
    """``x.copy_(source)``: what was in x is gone, so the gradient goes to the source alone."""

    formula = r"x \leftarrow s"
    gradient = {"x": r"\bar x = 0", "source": r"\bar s = \bar y"}
    node_name = "torch::autograd::CopyBackwards"
    public = "copy_"

    def forward(ctx, x: Any, source: Any) -> Any:
        xp = ctx.xp
        out = xp.empty(x.shape, dtype=x.dtype)
        source = xp.asarray(source)
        if source.dtype.kind == "c" and out.dtype.kind != "c":
            source = source.real
        try:
            xp.copyto(out, narrowed(source, x.dtype), casting="unsafe")
        except ValueError:
            raise broadcast_error(x.shape, source.shape) from None
        return out

    def backward(ctx, grad: Any) -> Any:
        return grad * 0 if ctx.needs[0] else None, grad


def broadcast_error(target: Sequence[int], source: Sequence[int]) -> RuntimeError:
    """The sentence for writing a tensor where it does not fit."""
    extra = len(target) - len(source)
    if extra < 0:
        return RuntimeError(f"output with shape {list(target)} doesn't match the broadcast shape {list(source)}")
    for i in reversed(range(len(target))):
        have = source[i - extra] if i >= extra else 1
        if have not in (1, target[i]):
            return lesson(
                RuntimeError(
                    f"The expanded size of the tensor ({target[i]}) must match the existing size ({have}) at "
                    f"non-singleton dimension {i}.  Target sizes: {list(target)}.  Tensor sizes: {list(source)}"
                ),
                expected=list(target),
                got=list(source),
            )
    return RuntimeError("The tensors cannot be broadcast together")


def np_cannot(source: Sequence[int], target: Sequence[int]) -> bool:
    """Can ``source`` not be broadcast to ``target``?"""
    extra = len(target) - len(source)
    if extra < 0:
        return any(n != 1 for n in source[:-extra]) or np_cannot(source[-extra:], target)
    return any(n not in (1, m) for n, m in zip(source, target[extra:], strict=True))


class ToDevice(Op):
    """A copy on another device; the gradient travels back."""

    formula = r"y = x \text{ on another device}"
    gradient = {"x": r"\bar x = \bar y \text{ back again}"}
    node_name = "ToCopyBackward0"

    def forward(ctx, x: Any, target: Any, move: Any) -> Any:
        ctx.move, ctx.origin = move, x
        return move(x, target)

    def backward(ctx, grad: Any) -> Any:
        return ctx.move(grad, None)
