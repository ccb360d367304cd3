"""Indexing: taking elements out, and putting gradients back in the same places."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..backends.selection import SHORT, first_places, loose_places, sorted_places
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
                IndexError(
                    f"select(): index {index} out of range for tensor of size {list(x.shape)} at dimension {ctx.dim}"
                ),
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
        taken = x[key]
        rows = x.flags.c_contiguous or isinstance(key[0], slice)
        return taken.copy(order="C") if rows and not taken.flags.c_contiguous else taken

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

    layout = "rows"
    formula = r"y_{ij} = x_{k_{ij}\,j}"
    gradient = {"x": r"\bar x_{k_{ij}\,j} \mathrel{+}= \bar y_{ij}"}

    def forward(ctx, x: Any, index: Any, dim: int) -> Any:
        axis = axis_of(dim, x.ndim)
        ctx.shape = x.shape
        full, places = ctx.xp.atleast_1d(x), ctx.xp.atleast_1d(index)
        if not places.size:  # nothing is asked for, in whatever shape
            ctx.key, ctx.full = (slice(0),), full.shape
            return ctx.xp.empty(index.shape, dtype=x.dtype)
        check_index(places, full.shape[axis], axis)
        ctx.key, ctx.full = along(ctx.xp, places, axis), full.shape
        return full[ctx.key].reshape(index.shape)

    key: Any = ()
    full: Any = ()

    def backward(ctx, grad: Any) -> Any:
        flat = grad if grad.ndim else grad.reshape((1,))
        if 0 in flat.shape:
            flat = flat.reshape((0,) * len(ctx.full))
        return ctx.call(AddAt, flat, shape=ctx.full, key=ctx.key).reshape(ctx.shape), None


class Scatter(Op):
    """Writes values to places given by an index along a dimension."""

    formula = r"y_{k_{ij}\,j} = s_{ij}"
    gradient = {"x": r"\bar x = \bar y \text{ where nothing was written}", "src": r"\bar s_{ij} = \bar y_{k_{ij}\,j}"}

    def forward(ctx, x: Any, src: Any, index: Any, dim: int) -> Any:
        xp = ctx.xp
        ctx.variant = 0 if hasattr(src, "dtype") else 1
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


class ScatterReduce(Op):
    """Combines values at places given by an index along a dimension: sum, product, mean, largest or smallest."""

    formula = r"y_{i} = x_{i} \circ s_{j} \circ \dots \text{ over all } j \text{ with } k_j = i"
    gradient = {
        "x": r"\bar x = \bar y \, \partial y / \partial x",
        "src": r"\bar s_j = \bar y_{k_j} \, \partial y_{k_j} / \partial s_j",
    }
    keeps = ("x", "src", "result")
    public = "scatter_reduce"
    node_name = "ScatterReduceBackward0"
    UFUNCS = {"sum": "add", "mean": "add", "prod": "multiply", "amax": "maximum", "amin": "minimum"}

    def forward(ctx, x: Any, src: Any, index: Any, dim: int, reduce: str, include_self: bool) -> Any:
        xp = ctx.xp
        ctx.reduce, ctx.include_self = reduce, include_self
        out = xp.atleast_1d(x.copy())
        places = xp.atleast_1d(index)
        axis = axis_of(dim, x.ndim)
        check_index(places, out.shape[axis], axis)
        ctx.key, ctx.shape = along(xp, places, axis), out.shape
        ctx.key_index, ctx.key_axis = places, axis
        ctx.part = tuple([slice(n) for n in places.shape])
        part = xp.atleast_1d(src)[ctx.part]
        if not include_self:
            out[ctx.key] = ctx.neutral(out.dtype)
        getattr(xp, ctx.UFUNCS[reduce]).at(out, ctx.key, part)
        if reduce == "mean":
            ctx.counts = xp.full(out.shape, 1 if include_self else 0, dtype="i8")
            xp.add.at(ctx.counts, ctx.key, 1)
            ctx.counts = xp.maximum(ctx.counts, 1)
            out = (out / ctx.counts if out.dtype.kind == "f" else out // ctx.counts).astype(x.dtype)
        return out.reshape(x.shape)

    def neutral(ctx, kind: Any) -> Any:
        """What changes nothing: 0 in a sum, 1 in a product, the smallest number under "largest"."""
        if ctx.reduce in ("sum", "mean", "prod"):
            return 1 if ctx.reduce == "prod" else 0
        if kind.kind == "f":
            return -math.inf if ctx.reduce == "amax" else math.inf
        if kind.kind == "b":
            return ctx.reduce == "amin"
        info = ctx.xp.iinfo(kind)
        return info.min if ctx.reduce == "amax" else info.max

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        flat = grad.reshape(ctx.shape)
        x, result = ctx.x.reshape(ctx.shape), ctx.result.reshape(ctx.shape)
        src = (ctx.src if ctx.src.ndim else ctx.src.reshape((1,)))[ctx.part]
        picked = ctx.call(Index, flat, key=ctx.key)
        if ctx.reduce == "sum":
            dx, ds = flat, picked
        elif ctx.reduce == "mean":
            dx, ds = flat / xp.asarray(ctx.counts), picked / xp.asarray(ctx.counts[ctx.key])
        elif ctx.reduce == "prod":
            dx, ds = ctx.of_product(flat, x, src)
        else:  # those that reach the extreme share its gradient evenly
            reached = xp.where(src == ctx.call(Index, result, key=ctx.key), 1.0, 0.0)
            mine = xp.where(x == result, 1.0, 0.0)
            shares = mine + ctx.call(AddAt, reached, shape=ctx.shape, key=ctx.key)
            even = flat / xp.where(shares == 0, 1.0, shares)
            dx, ds = even * mine, ctx.call(Index, even, key=ctx.key) * reached
        if not ctx.include_self:
            dx = ctx.call(ZeroAt, dx, key=ctx.key)
        return dx.reshape(grad.shape), _pad_to(ctx, ds) if ctx.needs[1] else None

    def of_product(ctx, grad: Any, x: Any, src: Any) -> Any:
        """Each factor gets the product of the others; of several zeros in one place, none gets any."""
        xp = ctx.xp
        mine, theirs = xp.where(x == 0, 1.0, 0.0), xp.where(src == 0, 1.0, 0.0)
        zeros = ctx.call(AddAt, theirs, shape=ctx.shape, key=ctx.key) + (mine if ctx.include_self else 0.0)
        how = {"index": ctx.key_index, "dim": ctx.key_axis, "reduce": "prod", "include_self": ctx.include_self}
        others = ctx.call(ScatterReduce, xp.where(x == 0, 1.0, x), xp.where(src == 0, 1.0, src), **how)
        dx = xp.where(zeros - mine == 0, grad * others / xp.where(x == 0, 1.0, x), 0.0)
        at = ctx.call(Index, grad * others, key=ctx.key)
        lone = ctx.call(Index, zeros, key=ctx.key) - theirs
        return dx, xp.where(lone == 0, at / xp.where(src == 0, 1.0, src), 0.0)


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

    layout = "rows"
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
            error: Exception = IndexError("index out of range in self")
            if x.ndim and not n:
                error = RuntimeError("index_select(): self indexing axis dim should be positive")
            elif axis:
                error = RuntimeError(f"INDICES element is out of DATA bounds, id={int(bad.flat[0])} axis_dim={n}")
            raise lesson(error, expected=f"indices from 0 to {n - 1}", got=int(bad.flat[0]))
        ctx.shape = x.shape
        ctx.key = (*((slice(None),) * axis), ctx.xp.atleast_1d(index))
        return x[ctx.key] if x.ndim else x.copy()

    def backward(ctx, grad: Any) -> Any:
        if not ctx.shape:
            return grad, None
        return ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key), None


class Fill(Op):
    """One number everywhere: nothing of the input is left, and the number gets the sum of all gradients."""

    formula = r"y_i = v"
    gradient = {"x": r"\bar x = 0", "value": r"\bar v = \sum_i \bar y_i"}
    public = "fill"

    def forward(ctx, x: Any, value: Any, in_place: bool = True) -> Any:
        ctx.variant = 2 * in_place + hasattr(value, "dtype")  # PyTorch counts: fill 0 and 1, fill_ 2 and 3
        return ctx.xp.full_like(x, value)

    def backward(ctx, grad: Any) -> Any:
        return ctx.xp.zeros_like(grad), ctx.xp.sum(grad) if ctx.needs[1] else None


class MaskedFill(Op):
    """Replaces elements where a mask is true; only the others keep their gradient."""

    formula = r"y = \begin{cases} v & m \\ x & \text{otherwise}\end{cases}"
    gradient = {"x": r"\bar x = \bar y\,[\lnot m]", "value": r"\bar v = \sum_{m} \bar y"}
    keeps = ("mask",)
    public = "masked_fill"

    def forward(ctx, x: Any, value: Any, mask: Any) -> Any:
        ctx.mask = mask
        ctx.variant = int(hasattr(value, "dtype"))
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
        full = ctx.xp.broadcast_shapes(x.shape, mask.shape) or (1,)
        key = ctx.xp.nonzero(ctx.xp.broadcast_to(mask, full))
        ctx.full, ctx.key = full, key
        return ctx.xp.broadcast_to(x, full)[key]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(AddAt, grad, shape=ctx.full, key=ctx.key)


class Sort(Op):
    """Elements in order and where they came from; the gradient goes back where each came from."""

    layout = "first"
    formula = r"y_k = x_{\pi(k)}"
    gradient = {"x": r"\bar x_{\pi(k)} = \bar y_k"}

    def forward(ctx, x: Any, dim: int = -1, descending: bool = False, stable: bool = True) -> Any:
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
        if xp is np and not stable and x.shape[axis] > SHORT and x.size <= UNSTABLE:
            settle_ties(x, order, axis, x.shape[axis], descending, sorted_places)
        ctx.key = along(xp, order, axis)
        return x[ctx.key], order

    def backward(ctx, grad: Any, _: Any) -> Any:
        return grad if ctx.key is None else ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key)


UNSTABLE = 1 << 17  # up to here equal elements come in the order of PyTorch's sort, above in that of the input


def settle_ties(x: Any, order: Any, axis: int, k: int, largest: bool, choose: Any) -> None:
    """Writes PyTorch's places into `order` where equal elements stand for choice, or where none is to be in order."""
    found = np.moveaxis(np.take_along_axis(x, order, axis), axis, -1)
    loose = choose is loose_places
    same = (found[..., 1:] == found[..., :-1]) | ((found != found)[..., 1:] & (found != found)[..., :-1])
    unsure = np.ones(found.shape[:-1], bool) if loose else same.any(axis=-1)
    rows, places = np.moveaxis(x, axis, -1), np.moveaxis(order, axis, -1)
    for at in np.argwhere(unsure):
        where = tuple(at)
        places[where][:k] = choose(rows[where], k, largest)


class Topk(Op):
    """The k largest (or smallest) elements along a dimension, and their places."""

    layout = "rows"
    formula = r"y_k = x_{\pi(k)}"
    gradient = {"x": r"\bar x_{\pi(k)} = \bar y_k"}

    def forward(ctx, x: Any, k: int, dim: int = -1, largest: bool = True, in_order: bool = True) -> Any:
        xp = ctx.xp
        axis = axis_of(dim, x.ndim)
        n = x.shape[axis] if x.ndim else 1
        if not 0 <= k <= n:
            raise lesson(RuntimeError("selected index k out of range"), expected=f"k from 0 to {n}", got=k)
        ctx.shape = x.shape
        if not x.ndim:
            ctx.key = None
            return x.copy(), xp.asarray(0)
        order = xp.argsort(-x if largest and x.dtype.kind in "if" else x, axis=axis, kind="stable")
        if largest and x.dtype.kind == "f" and xp.isnan(x).any():  # nan counts as larger than any number
            order = xp.take_along_axis(
                order, xp.argsort(~xp.isnan(xp.take_along_axis(x, order, axis)), axis=axis, kind="stable"), axis
            )
        if largest and x.dtype.kind not in "if":
            order = xp.flip(order, axis)
        order = order[(*((slice(None),) * axis), slice(k + 1))]
        if xp is np:
            settle_ties(x, order, axis, k, largest, first_places if in_order else loose_places)
        order = order[(*((slice(None),) * axis), slice(k))]
        ctx.key = along(xp, order, axis)
        return x[ctx.key], order

    def backward(ctx, grad: Any, _: Any) -> Any:
        return grad if ctx.key is None else ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key)
