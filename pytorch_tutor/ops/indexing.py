"""Indexing: taking elements out, and putting gradients back in the same places."""

from __future__ import annotations

from typing import Any

from ..errors import lesson
from .base import Op
from .reduction import axis_of


class Select(Op):
    """One slice along a dimension, which disappears: ``x[i]``, a view."""

    formula = r"y = x_{i}"
    gradient = {"x": r"\bar x_{i} = \bar y"}
    view = True

    def forward(ctx, x: Any, dim: int, index: int) -> Any:
        ctx.dim, ctx.index, ctx.shape = axis_of(dim, x.ndim), index, x.shape
        if x.ndim == 0:
            raise IndexError("select() cannot be applied to a 0-dim tensor.")
        n = x.shape[ctx.dim]
        if not -n <= index < n:
            raise lesson(
                IndexError(f"select(): index {index} out of range for tensor of size {list(x.shape)} at dimension {ctx.dim}"),
                expected=f"an index from {-n} to {n - 1}",
                got=index,
            )
        return x[(*((slice(None),) * ctx.dim), index, ...)]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Place, grad, shape=ctx.shape, key=(*((slice(None),) * ctx.dim), ctx.index))


class Slice(Op):
    """A range along a dimension: ``x[a:b:s]``, a view."""

    formula = r"y = x_{a:b:s}"
    gradient = {"x": r"\bar x_{a:b:s} = \bar y"}
    view = True

    def forward(ctx, x: Any, dim: int, start: int | None, end: int | None, step: int = 1) -> Any:
        ctx.key = (*((slice(None),) * axis_of(dim, x.ndim)), slice(start, end, step))
        ctx.shape = x.shape
        return x[ctx.key]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Place, grad, shape=ctx.shape, key=ctx.key)


class Place(Op):
    """Zeros with the given values at one place: the gradient of taking a part."""

    formula = r"y_{i} = x"
    gradient = {"x": r"\bar x = \bar y_{i}"}
    node_name = "SliceBackward0"

    def forward(ctx, x: Any, shape: tuple[int, ...], key: tuple[Any, ...]) -> Any:
        ctx.key = key
        out = ctx.xp.zeros(shape, dtype=x.dtype)
        out[key] = x
        return out

    def backward(ctx, grad: Any) -> Any:
        return grad[ctx.key]


class Split(Op):
    """All pieces of a tensor at once, each a view; a piece that was not used gets zeros."""

    formula = r"y_k = x_{a_k:b_k}"
    gradient = {"x": r"\bar x = [\bar y_1, \bar y_2, \dots]"}
    view = True

    def forward(ctx, x: Any, sizes: tuple[int, ...], dim: int, exact: bool = False) -> Any:
        ctx.dim = dim
        if exact:
            ctx.node_name = "SplitWithSizesBackward0"
        lead, pieces, start = (slice(None),) * dim, [], 0
        for n in sizes:
            pieces.append(x[(*lead, slice(start, start + n))])
            start += n
        return tuple(pieces)

    def name(self) -> str:
        return self.node_name or "SplitBackward0"

    def backward(ctx, *grads: Any) -> Any:
        return ctx.xp.concatenate(list(grads), axis=ctx.dim)


class Unbind(Op):
    """All slices along a dimension, which disappears; each is a view."""

    formula = r"y_k = x_k"
    gradient = {"x": r"\bar x_k = \bar y_k"}
    view = True

    def forward(ctx, x: Any, dim: int) -> Any:
        ctx.dim = dim
        lead = (slice(None),) * dim
        return tuple([x[(*lead, k, ...)] for k in range(x.shape[dim])])

    def backward(ctx, *grads: Any) -> Any:
        return ctx.xp.stack(list(grads), axis=ctx.dim)


class Index(Op):
    """Advanced indexing by arrays: elements may be taken twice, and then both gradients are added."""

    formula = r"y_k = x_{i_k}"
    gradient = {"x": r"\bar x_{i} = \sum_{k : i_k = i} \bar y_k"}

    def forward(ctx, x: Any, key: tuple[Any, ...]) -> Any:
        ctx.key, ctx.shape = key, x.shape
        return x[key]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key)


class AddAt(Op):
    """Zeros to which values are added at indexed places: the gradient of taking them."""

    formula = r"y_{i} = \sum_{k : i_k = i} x_k"
    gradient = {"x": r"\bar x_k = \bar y_{i_k}"}
    node_name = "IndexPutBackward0"

    def forward(ctx, x: Any, shape: tuple[int, ...], key: tuple[Any, ...]) -> Any:
        ctx.key = key
        out = ctx.xp.zeros(shape, dtype=x.dtype)
        ctx.xp.add.at(out, key, x)
        return out

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(Index, grad, key=ctx.key)


class IndexPut(Op):
    """Writes values at indexed places; with ``accumulate`` adds them."""

    formula = r"y_{i_k} = v_k"
    gradient = {"x": r"\bar x = \bar y\,[i \notin \{i_k\}]", "values": r"\bar v_k = \bar y_{i_k}"}

    def forward(ctx, x: Any, values: Any, key: tuple[Any, ...], accumulate: bool = False) -> Any:
        ctx.key, ctx.accumulate = key, accumulate
        out = x.copy()
        try:
            if accumulate:
                ctx.xp.add.at(out, key, values)
            else:
                out[key] = values
        except ValueError:
            raise RuntimeError(
                f"shape mismatch: value tensor of shape {list(getattr(values, 'shape', ()))} cannot be broadcast to "
                f"indexing result of shape {list(out[key].shape)}"
            ) from None
        return out

    def backward(ctx, grad: Any) -> Any:
        dx = grad
        if not ctx.accumulate and ctx.needs[0]:
            dx = ctx.call(ZeroAt, grad, key=ctx.key)
        return dx, (ctx.call(Index, grad, key=ctx.key) if ctx.needs[1] else None)


class ZeroAt(Op):
    """Zeros at indexed places, the rest unchanged."""

    formula = r"y = x\,[i \notin \{i_k\}]"
    gradient = {"x": r"\bar x = \bar y\,[i \notin \{i_k\}]"}

    def forward(ctx, x: Any, key: tuple[Any, ...]) -> Any:
        ctx.key = key
        out = x.copy()
        out[key] = 0
        return out

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(ZeroAt, grad, key=ctx.key)


def along(xp: Any, index: Any, axis: int) -> tuple[Any, ...]:
    """The key that picks ``index`` along one axis and the same place along all others."""
    grid = []
    for d, n in enumerate(index.shape):
        grid.append(index if d == axis else xp.arange(n).reshape([-1 if i == d else 1 for i in range(index.ndim)]))
    return tuple(grid)


def check_index(index: Any, size: int, axis: int) -> None:
    """RuntimeError with PyTorch's sentence for a place that does not exist."""
    bad = index[(index < 0) | (index >= size)] if index.size else index
    if bad.size:
        raise lesson(
            RuntimeError(f"index {int(bad.flat[0])} is out of bounds for dimension {axis} with size {size}"),
            expected=f"indices from 0 to {size - 1}",
            got=int(bad.flat[0]),
        )


class Gather(Op):
    """Picks one element per place along a dimension."""

    formula = r"y_{ij} = x_{k_{ij}\,j}"
    gradient = {"x": r"\bar x_{k_{ij}\,j} \mathrel{+}= \bar y_{ij}"}

    def forward(ctx, x: Any, index: Any, dim: int) -> Any:
        axis = axis_of(dim, x.ndim)
        if not x.ndim:
            x, ctx.shape = x.reshape(1), ()
            return x[index]
        check_index(index, x.shape[axis], axis)
        ctx.key, ctx.shape = along(ctx.xp, index, axis), x.shape
        return x[ctx.key]

    key: Any = ()

    def backward(ctx, grad: Any) -> Any:
        if not ctx.shape:
            return ctx.xp.sum(grad), None
        return ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key), None


class Scatter(Op):
    """Writes values to places given by an index along a dimension."""

    formula = r"y_{k_{ij}\,j} = s_{ij}"
    gradient = {"x": r"\bar x = \bar y \text{ where nothing was written}", "src": r"\bar s_{ij} = \bar y_{k_{ij}\,j}"}

    def forward(ctx, x: Any, src: Any, index: Any, dim: int) -> Any:
        xp = ctx.xp
        axis = axis_of(dim, x.ndim)
        out = xp.atleast_1d(x.copy())
        index = xp.atleast_1d(index)
        check_index(index, out.shape[axis], axis)
        ctx.key = along(xp, index, axis)
        if hasattr(src, "shape") and src.ndim:
            src = src[tuple([slice(n) for n in index.shape])]
        ctx.src_shape = getattr(src, "shape", None)
        out[ctx.key] = src
        return out.reshape(x.shape)

    def backward(ctx, grad: Any) -> Any:
        flat = grad if grad.ndim else grad.reshape((1,))
        dx = ctx.call(ZeroAt, flat, key=ctx.key).reshape(grad.shape) if ctx.needs[0] else None
        return dx, (_pad_to(ctx, ctx.call(Index, flat, key=ctx.key)) if ctx.needs[1] else None)


class ScatterAdd(Op):
    """Adds values to places given by an index along a dimension."""

    formula = r"y_{k_{ij}\,j} = x_{k_{ij}\,j} + \sum s_{ij}"
    gradient = {"x": r"\bar x = \bar y", "src": r"\bar s_{ij} = \bar y_{k_{ij}\,j}"}
    public = "scatter_add"

    def forward(ctx, x: Any, src: Any, index: Any, dim: int) -> Any:
        xp = ctx.xp
        axis = axis_of(dim, x.ndim)
        out = xp.atleast_1d(x.copy())
        index = xp.atleast_1d(index)
        check_index(index, out.shape[axis], axis)
        ctx.key = along(xp, index, axis)
        if hasattr(src, "shape") and src.ndim:
            src = src[tuple([slice(n) for n in index.shape])]
        xp.add.at(out, ctx.key, src)
        return out.reshape(x.shape)

    def backward(ctx, grad: Any) -> Any:
        flat = grad if grad.ndim else grad.reshape((1,))
        return grad, (_pad_to(ctx, ctx.call(Index, flat, key=ctx.key)) if ctx.needs[1] else None)


def _pad_to(ctx: Any, part: Any) -> Any:
    """The gradient of a source of which only the leading part was used: zeros for the rest."""
    shape = ctx.input_shapes[1]
    if shape is None or part.shape == shape:
        return part
    if not shape:
        return part.reshape(())
    return ctx.call(Place, part, shape=shape, key=tuple([slice(n) for n in part.shape]))


class IndexSelect(Op):
    """Whole slices, chosen by a list of indices along a dimension."""

    formula = r"y_k = x_{i_k}"
    gradient = {"x": r"\bar x_{i} = \sum_{k : i_k = i} \bar y_k"}
    public = "index_select"

    def forward(ctx, x: Any, index: Any, dim: int) -> Any:
        if index.ndim > 1:
            raise IndexError("index_select(): Index is supposed to be a vector")
        axis = axis_of(dim, x.ndim)
        n = x.shape[axis] if x.ndim else 1
        bad = index[(index < 0) | (index >= n)] if index.size else index
        if bad.size:
            raise lesson(
                IndexError("index out of range in self"), expected=f"indices from 0 to {n - 1}", got=int(bad.flat[0])
            )
        ctx.shape = x.shape
        ctx.key = (*((slice(None),) * axis), ctx.xp.atleast_1d(index))
        return x[ctx.key] if x.ndim else x.copy()

    def backward(ctx, grad: Any) -> Any:
        if not ctx.shape:
            return grad, None
        return ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key), None


class MaskedFill(Op):
    """Replaces elements where a mask is true; only the others keep their gradient."""

    formula = r"y = \begin{cases} v & m \\ x & \text{otherwise}\end{cases}"
    gradient = {"x": r"\bar x = \bar y\,[\lnot m]", "value": r"\bar v = \sum_{m} \bar y"}
    keeps = ("mask",)
    public = "masked_fill"

    def forward(ctx, x: Any, value: Any, mask: Any) -> Any:
        ctx.mask = mask
        xp = ctx.xp
        return xp.where(mask, xp.asarray(value).astype(x.dtype), x)

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        return (
            xp.where(ctx.mask, 0.0, grad),
            xp.sum(xp.where(ctx.mask, grad, 0.0)) if ctx.needs[1] else None,
        )


class MaskedSelect(Op):
    """The elements where a mask is true, as a vector."""

    formula = r"y = [x_i : m_i]"
    gradient = {"x": r"\bar x_i = \bar y_{k(i)}\,[m_i]"}
    public = "masked_select"

    def forward(ctx, x: Any, mask: Any) -> Any:
        full = ctx.xp.broadcast_shapes(x.shape, mask.shape)
        key = ctx.xp.nonzero(ctx.xp.broadcast_to(mask, full))
        ctx.full, ctx.key = full, key
        return ctx.xp.broadcast_to(x, full)[key]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AddAt, grad, shape=ctx.full, key=ctx.key)


class Sort(Op):
    """Elements in order and where they came from; the gradient goes back where each came from."""

    formula = r"y_k = x_{\pi(k)}"
    gradient = {"x": r"\bar x_{\pi(k)} = \bar y_k"}

    def forward(ctx, x: Any, dim: int = -1, descending: bool = False) -> Any:
        xp = ctx.xp
        axis = axis_of(dim, x.ndim)
        ctx.shape = x.shape
        if not x.ndim:
            ctx.key = None
            return x.copy(), xp.asarray(0)
        if descending:  # stable: reversed twice, equal elements stay in order
            flipped = xp.flip(x, axis)
            order = x.shape[axis] - 1 - xp.flip(xp.argsort(flipped, axis=axis, kind="stable"), axis)
        else:
            order = xp.argsort(x, axis=axis, kind="stable")
        ctx.key = along(xp, order, axis)
        return x[ctx.key], order

    def backward(ctx, grad: Any, _: Any) -> Any:
        return grad if ctx.key is None else ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key)


class Topk(Op):
    """The k largest (or smallest) elements along a dimension, and their places."""

    formula = r"y_k = x_{\pi(k)}"
    gradient = {"x": r"\bar x_{\pi(k)} = \bar y_k"}

    def forward(ctx, x: Any, k: int, dim: int = -1, largest: bool = True) -> Any:
        xp = ctx.xp
        axis = axis_of(dim, x.ndim)
        n = x.shape[axis] if x.ndim else 1
        if not 0 <= k <= n:
            raise lesson(
                RuntimeError("selected index k out of range"), expected=f"k from 0 to {n}", got=k
            )
        ctx.shape = x.shape
        if not x.ndim:
            ctx.key = None
            return x.copy(), xp.asarray(0)
        order = xp.argsort(-x if largest and x.dtype.kind in "if" else x, axis=axis, kind="stable")
        if largest and x.dtype.kind not in "if":
            order = xp.flip(order, axis)
        order = order[(*((slice(None),) * axis), slice(k))]
        ctx.key = along(xp, order, axis)
        return x[ctx.key], order

    def backward(ctx, grad: Any, _: Any) -> Any:
        return grad if ctx.key is None else ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key)
