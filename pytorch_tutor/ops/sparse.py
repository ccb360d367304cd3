"""Operations on sparse arrays: places and numbers. Gradients go to the numbers; the places stay where they are."""

from __future__ import annotations

from typing import Any

from ..backends.coo import Coo, compressed
from .base import Op


def picked(grad: Any, places: Any, sparse_dim: int) -> Any:
    """The gradient's numbers at the given places, whether it came as a list or as an ordinary array."""
    if isinstance(grad, Coo):
        return grad.at(places)
    return grad[tuple(places)] if sparse_dim else grad[None]


def dense(grad: Any) -> Any:
    """The gradient as an ordinary array."""
    return grad.to_dense() if isinstance(grad, Coo) else grad


class SparseOp(Op):
    """An operation that takes sparse arrays as they are."""

    takes_sparse = True


# ---------------------------------------------------------------------- in and out
class SparseCooTensor(SparseOp):
    """Numbers put at the places of another list. ``made_by`` names the operation that this is the last part of."""

    formula = r"y_{p_k} = \sum_{j : p_j = p_k} v_j"
    gradient = {"v": r"\bar v_k = \bar y_{p_k}"}

    def forward(ctx, v: Any, places: Any, made_by: str = "") -> Any:
        ctx.places = places
        whole = "SparseCooTensorWithDimsAndTensors" if type(places) is Coo else "SparseCompressedTensor"
        ctx.node_name = f"{made_by or whole}Backward0"
        return places.with_values(v)

    def backward(ctx, grad: Any) -> Any:
        return picked(grad, ctx.places.indices, ctx.places.sparse_dim)


class Values(SparseOp):
    """The numbers of the list, without their places. Where a place is listed twice, its numbers share one gradient."""

    formula = r"v_k = y_{p_k}"
    gradient = {"y": r"\bar y_{p_k} = \bar v_k"}

    def forward(ctx, y: Any) -> Any:
        ctx.places = y
        return y.values

    def backward(ctx, grad: Any) -> Any:
        if ctx.places.coalesced:
            return ctx.places.with_values(grad)
        first = ctx.xp.unique(ctx.places.keys(), return_index=True)[1]
        return Coo(ctx.places.indices[:, first], grad[first], ctx.places.shape, True)


class LookUp(SparseOp):
    """The numbers of any array at the places of a list."""

    formula = r"v_k = x_{p_k}"
    gradient = {"x": r"\bar x_p = \sum_{k : p_k = p} \bar v_k"}

    def forward(ctx, x: Any, places: Any) -> Any:
        ctx.places, ctx.sparse = places, isinstance(x, Coo)
        return picked(x, places.indices, places.sparse_dim)

    def backward(ctx, grad: Any) -> Any:
        listed = Coo(ctx.places.indices, grad, ctx.places.shape)
        return listed.coalesce() if ctx.sparse else listed.to_dense()


class Coalesce(SparseOp):
    """Each place once."""

    formula = r"y = x"
    gradient = {"x": r"\bar x = \bar y"}

    def forward(ctx, x: Any) -> Any:
        return x.coalesce()

    def backward(ctx, grad: Any) -> Any:
        return grad


class ToDense(SparseOp):
    formula = r"y = x"
    gradient = {"x": r"\bar x_p = \bar y_p"}

    def forward(ctx, x: Any) -> Any:
        ctx.places = x
        return x.to_dense()

    def backward(ctx, grad: Any) -> Any:
        places = ctx.places.coalesce()
        return places.with_values(picked(grad, places.indices, places.sparse_dim))


class ToSparse(SparseOp):
    """The list of what is not zero. ``sparse_dim`` leading dimensions become places, the others stay dense."""

    formula = r"y = x"
    gradient = {"x": r"\bar x = \bar y"}

    def forward(ctx, x: Any, sparse_dim: int, variant: int = 1) -> Any:
        xp, ctx.variant = ctx.xp, variant
        rest = tuple(range(sparse_dim, x.ndim))
        if sparse_dim == 0:
            count = int(bool((x != 0).any()))
            return Coo(xp.zeros((0, count), xp.int64), x[None][:count].copy(), x.shape, True)
        indices = xp.stack(xp.nonzero((x != 0).any(axis=rest) if rest else x))
        return Coo(indices, x[tuple(indices)], x.shape, True)

    def backward(ctx, grad: Any) -> Any:
        return dense(grad)


class SparseMask(SparseOp):
    """The numbers of an ordinary array at the places of a sparse one."""

    formula = r"y_p = x_p \text{ at the places } p \text{ of the mask}"
    gradient = {"x": r"\bar x_p = \bar y_p"}

    def forward(ctx, x: Any, mask: Any) -> Any:
        ctx.shape = x.shape
        return mask.with_values(picked(x, mask.indices, mask.sparse_dim))

    def backward(ctx, grad: Any) -> Any:
        return dense(grad)


class SparseTranspose(SparseOp):
    formula = r"y = x^\top"
    gradient = {"x": r"\bar x = \bar y^\top"}

    def forward(ctx, x: Any, first: int = 0, second: int = 1, name: str = "T") -> Any:
        ctx.swapped = first, second
        ctx.node_name = f"{name}Backward0"
        return x.transpose(first, second)

    def backward(ctx, grad: Any) -> Any:
        return grad.transpose(*ctx.swapped) if isinstance(grad, Coo) else grad.swapaxes(*ctx.swapped)


# ---------------------------------------------------------------------- sums
class SparseAdd(SparseOp):
    """The sum of two sparse arrays, or of an ordinary and a sparse one."""

    formula = r"z = x + \alpha y"
    gradient = {"x": r"\bar x = \bar z", "y": r"\bar y = \alpha \bar z"}

    def forward(ctx, x: Any, y: Any, alpha: Any = 1, name: str = "Add") -> Any:
        ctx.alpha, ctx.node_name = alpha, f"{name}Backward0"
        return x + (y if alpha == 1 else y * y.dtype.type(alpha))

    def backward(ctx, grad: Any) -> Any:
        return grad, grad if ctx.alpha == 1 else grad * ctx.alpha


class SparseSum(SparseOp):
    """The sum along dimensions; what remains is sparse as long as a sparse dimension remains."""

    formula = r"y = \sum_d x"
    gradient = {"x": r"\bar x_p = \bar y_{p \setminus d}"}

    def forward(ctx, x: Any, dims: tuple[int, ...]) -> Any:
        ctx.places, ctx.dims = x.coalesce(), dims
        n = x.sparse_dim
        inner = tuple(d - n + 1 for d in dims if d >= n)
        values = x.values.sum(axis=inner) if inner else x.values
        ctx.kept = [d for d in range(n) if d not in dims]
        shape = tuple(size for d, size in enumerate(x.shape) if d not in dims)
        if not ctx.kept:
            return values.sum(axis=0)
        return Coo(x.indices[ctx.kept], values, shape).coalesce()

    def backward(ctx, grad: Any) -> Any:
        places, xp = ctx.places, ctx.xp
        n = places.sparse_dim
        here = grad.at(places.indices[ctx.kept]) if isinstance(grad, Coo) else None
        if here is None:
            here = grad[tuple(places.indices[ctx.kept])] if ctx.kept else xp.broadcast_to(
                grad, (places.nnz, *xp.shape(grad))
            )  # fmt: skip
        for d in sorted(d for d in ctx.dims if d >= n):
            here = xp.expand_dims(here, d - n + 1)
        return places.with_values(xp.broadcast_to(here, places.values.shape))


class SparseTotal(SparseOp):
    """The sum of all numbers."""

    formula = r"y = \sum x"
    gradient = {"x": r"\bar x_p = \bar y"}
    node_name = "SumBackward0"

    def forward(ctx, x: Any) -> Any:
        ctx.places = x
        return x.values.sum()

    def backward(ctx, grad: Any) -> Any:
        places = ctx.places.coalesce()
        return places.with_values(ctx.xp.broadcast_to(grad, places.values.shape))


# ---------------------------------------------------------------------- products
class SparseMm(SparseOp):
    r"""A sparse matrix times an ordinary one: one step of a graph network, each node adding up its neighbours."""

    formula = r"Z = X Y"
    gradient = {"x": r"\bar X = \bar Z\, Y^{\top}", "y": r"\bar Y = X^{\top} \bar Z"}
    keeps = ("x", "y")
    node_name = "MmBackward0"

    def forward(ctx, x: Any, y: Any) -> Any:
        return x.matmul(y)

    def backward(ctx, grad: Any) -> Any:
        x, y = ctx.x, ctx.y
        to_x = grad @ ctx.xp.conj(ctx.xp.swapaxes(y, 0, 1)) if ctx.needs[0] else None
        to_y = None
        if ctx.needs[1]:
            to_y = ctx.call(SparseMm, ctx.call(SparseTranspose, x), grad)
        return to_x, to_y


class SparseAddmm(SparseOp):
    """The same with something added; the gradient of the sparse matrix is computed at its places only."""

    formula = r"Z = \beta B + \alpha X Y"
    gradient = {
        "bias": r"\bar B = \beta \bar Z",
        "x": r"\bar X_{ij} = \alpha\, \bar Z_i \cdot Y_j",
        "y": r"\bar Y = \alpha X^{\top} \bar Z",
    }
    keeps = ("x", "y")

    def forward(ctx, bias: Any, x: Any, y: Any, beta: Any = 1, alpha: Any = 1, name: str = "SparseAddmm") -> Any:
        ctx.beta, ctx.alpha, ctx.node_name = beta, alpha, f"{name}Backward0"
        product = x.matmul(y)
        if alpha != 1:
            product *= product.dtype.type(alpha)
        return product if bias is None else product + (bias if beta == 1 else bias * bias.dtype.type(beta))

    def backward(ctx, grad: Any) -> Any:
        x, y, alpha = ctx.x, ctx.y, ctx.alpha
        to_x = to_y = None
        if ctx.needs[1]:
            places = x.coalesce()
            rows, columns = places.indices
            to_x = places.with_values((grad[rows] * y[columns]).sum(-1) * alpha)
        if ctx.needs[2]:
            to_y = x.transpose().matmul(grad) * alpha
        return grad * ctx.beta if ctx.needs[0] else None, to_x, to_y


class SparseSparseMatmul(SparseOp):
    formula = r"Z = X Y"
    gradient = {"x": r"\bar X = \bar Z\, Y^{\top}", "y": r"\bar Y = X^{\top} \bar Z"}
    keeps = ("x", "y")

    def forward(ctx, x: Any, y: Any) -> Any:
        return x.matmul_sparse(y)

    def backward(ctx, grad: Any) -> Any:
        x, y = ctx.x.coalesce(), ctx.y.coalesce()
        full = grad if isinstance(grad, Coo) else ctx.call(ToSparse, grad, sparse_dim=2)
        to_x = x.with_values(full.matmul_sparse(y.transpose()).at(x.indices))
        return to_x, y.with_values(x.transpose().matmul_sparse(full).at(y.indices))


# ---------------------------------------------------------------------- softmax over what is there
class SparseSoftmax(SparseOp):
    """Softmax along a dimension over the numbers that are there: a zero that is not listed counts as minus infinity."""

    formula = r"y_p = e^{x_p} / \sum_{q \sim p} e^{x_q}"
    gradient = {"x": r"\bar x_p = y_p \left(\bar y_p - \sum_{q \sim p} \bar y_q y_q\right)"}
    log = False

    def forward(ctx, x: Any, dim: int) -> Any:
        xp = ctx.xp
        x = x.coalesce()
        if dim >= x.sparse_dim:  # along a dense dimension: inside each number's own row
            ctx.group, ctx.axis, ctx.groups = None, dim - x.sparse_dim + 1, 0
        else:
            others = x.indices[[d for d in range(x.sparse_dim) if d != dim]]
            key = Coo(others, x.values, tuple(n for d, n in enumerate(x.shape) if d != dim)).keys()
            names, ctx.group = xp.unique(key, return_inverse=True)
            ctx.groups = len(names)
        shifted = x.values - ctx.spread(x.values, xp.maximum, -xp.inf)
        total = ctx.spread(xp.exp(shifted), xp.add, 0)
        ctx.y = shifted - xp.log(total) if ctx.log else xp.exp(shifted) / total
        ctx.places = x
        return x.with_values(ctx.y)

    def spread(ctx, values: Any, gather: Any, start: float) -> Any:
        """For each number, the sum or maximum over the group that it belongs to."""
        if ctx.group is None:
            return gather.reduce(values, axis=ctx.axis, keepdims=True)
        found = ctx.xp.full((ctx.groups, *values.shape[1:]), start, values.dtype)
        gather.at(found, ctx.group, values)
        return found[ctx.group]

    def backward(ctx, grad: Any) -> Any:
        xp, places = ctx.xp, ctx.places
        here = picked(grad, places.indices, places.sparse_dim)
        if ctx.log:
            return places.with_values(here - xp.exp(ctx.y) * ctx.spread(here, xp.add, 0))
        return places.with_values(ctx.y * (here - ctx.spread(here * ctx.y, xp.add, 0)))


class SparseLogSoftmax(SparseSoftmax):
    """The logarithm of SparseSoftmax."""

    formula = r"y_p = x_p - \log \sum_{q \sim p} e^{x_q}"
    gradient = {"x": r"\bar x_p = \bar y_p - e^{y_p} \sum_{q \sim p} \bar y_q"}
    log = True


class SparseConvert(SparseOp):
    """The same matrix with its list in another order: by rows, or any."""

    formula = r"y = x"
    gradient = {"x": r"\bar x = \bar y"}
    node_name = "ToSparseBackward0"

    def forward(ctx, x: Any, kind: Any) -> Any:
        if kind is Coo:
            return Coo(x.indices, x.values, x.shape, x.coalesced)
        return compressed(x)

    def backward(ctx, grad: Any) -> Any:
        return grad
