"""Looking up rows of a table: the gradient of a lookup is adding into the rows that were looked up."""

from __future__ import annotations

from typing import Any

from ..backends.coo import Coo
from .base import Op


def rows_listed(index: Any, rows: Any, shape: tuple[int, ...], padding: int, scaled: bool) -> Coo:
    """The gradient of a table as a list of the rows that were looked up, one entry for each lookup."""
    if scaled:
        raise RuntimeError("embedding_backward: scale_grad_by_freq not supported with sparse gradients")
    if padding >= 0:
        counted = index != padding
        index, rows = index[counted], rows[counted]
    return Coo(index[None].astype("i8"), rows, shape)


class Embedding(Op):
    formula = r"y_i = w_{k_i}"
    gradient = {"w": r"\bar w_k = \sum_{i : k_i = k} \bar y_i"}
    public = "embedding"

    def forward(
        ctx, w: Any, index: Any, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
    ) -> Any:
        ctx.index, ctx.rows, ctx.padding, ctx.scaled = index, w.shape[0], padding_idx, scale_grad_by_freq
        ctx.sparse = sparse
        return w[index]

    def backward(ctx, grad: Any) -> Any:
        if ctx.sparse and ctx.lifted is None:
            index, rows = ctx.index.reshape(-1), grad.reshape(-1, grad.shape[-1])
            return rows_listed(index, rows, (ctx.rows, rows.shape[1]), ctx.padding, ctx.scaled)
        return ctx.call(
            EmbeddingDense, grad, index=ctx.index, rows=ctx.rows, padding_idx=ctx.padding, scaled=ctx.scaled
        )


class EmbeddingDense(Op):
    """The gradient of the whole table; the row of `padding_idx` stays zero, so that padding is never trained."""

    formula = r"\bar w_k = \sum_{i : k_i = k} \bar y_i"
    gradient = {"grad": r"\bar{\bar y}_i = \bar{\bar w}_{k_i}"}
    node_name = "EmbeddingDenseBackwardBackward0"

    def forward(ctx, grad: Any, index: Any, rows: int, padding_idx: int, scaled: bool) -> Any:
        xp = ctx.xp
        ctx.index, ctx.factor = index, None
        if padding_idx >= 0 or scaled:
            ctx.factor = factor = (index != padding_idx).astype(grad.dtype)[..., None]
            if scaled:
                count = xp.bincount(index.reshape(-1), minlength=rows)
                factor /= count[index][..., None].astype(grad.dtype)
            grad = grad * factor
        return ctx.kernel(grad).embedding_gradient(grad, index, rows)

    def backward(ctx, grad: Any) -> Any:
        picked = ctx.call(Embedding, grad, index=ctx.index)
        if ctx.factor is None:
            return picked
        return picked * (ctx.factor if ctx.lifted is None else ctx.lifted.constant(ctx.factor))


class EmbeddingBag(Op):
    """Sum, mean or maximum over bags of rows, without keeping the rows."""

    formula = r"y_b = \sum_{i \in b} s_i w_{k_i}"
    gradient = {
        "w": r"\bar w_k = \sum_{b} \sum_{i \in b : k_i = k} s_i \bar y_b",
        "s": r"\bar s_i = w_{k_i} \cdot \bar y_b",
    }
    keeps = ("w", "s")
    public = "embedding_bag"

    def forward(
        ctx, w: Any, s: Any, index: Any, bag: Any, bags: int, mode: str, padding_idx: int, scaled: bool = False,
        sparse: bool = False,
    ) -> Any:  # fmt: skip
        """`index` (M) lists rows, `bag` (M) says which of the `bags` bags each belongs to."""
        xp = ctx.xp
        ctx.sparse = sparse
        counted = index != padding_idx
        index, bag = index[counted], bag[counted]
        ctx.index, ctx.bag, ctx.bags, ctx.mode, ctx.counted, ctx.scaled = index, bag, bags, mode, counted, scaled
        rows = w[index]
        if mode == "max":
            y = xp.full((bags, w.shape[1]), -xp.inf, w.dtype)
            xp.maximum.at(y, bag, rows)
            filled = xp.bincount(bag, minlength=bags) > 0
            y[~filled] = 0
            winner = xp.full(y.shape, index.size, xp.int64)
            place = xp.where(rows == y[bag], xp.arange(index.size)[:, None], index.size)
            xp.minimum.at(winner, bag, place)
            ctx.winner = winner
            return y
        if s is not None:
            rows = rows * s[counted][:, None]
        y = xp.zeros((bags, w.shape[1]), w.dtype)
        xp.add.at(y, bag, rows)
        if mode == "mean":
            ctx.share = (1 / xp.maximum(xp.bincount(bag, minlength=bags), 1)).astype(w.dtype)
            y *= ctx.share[:, None]
        return y

    def backward(ctx, grad: Any) -> Any:
        xp = ctx.xp
        rows = ctx.w.shape[0]
        if ctx.mode == "max":
            dw = xp.zeros(ctx.w.shape, grad.dtype)
            bag, column = xp.nonzero(ctx.winner < ctx.index.size)
            xp.add.at(dw, (ctx.index[ctx.winner[bag, column]], column), grad[bag, column])
            return dw, None
        if ctx.mode == "mean":
            grad = grad * ctx.share[:, None]
        spread = grad[ctx.bag]
        ds = None
        if ctx.s is not None and ctx.needs[1]:
            ds = xp.zeros(ctx.counted.shape, grad.dtype)
            ds[ctx.counted] = (spread * ctx.w[ctx.index]).sum(-1)
        if ctx.s is not None:
            spread = spread * ctx.s[ctx.counted][:, None]
        if ctx.sparse and ctx.needs[0]:
            return rows_listed(ctx.index, spread, ctx.w.shape, -1, ctx.scaled), ds
        if ctx.scaled:
            spread = spread / xp.bincount(ctx.index, minlength=rows)[ctx.index][:, None].astype(grad.dtype)
        return (ctx.kernel(grad).embedding_gradient(spread, ctx.index, rows) if ctx.needs[0] else None), ds

    def composite(ctx, w: Any, s: Any) -> Any:
        if ctx.mode == "max" or ctx.scaled:
            raise NotImplementedError("embedding_bag: the gradient of the gradient exists for modes sum and mean")
        rows = w[Op.wrap(ctx.index)]
        if s is not None:
            rows = rows * s[Op.wrap(ctx.counted)].unsqueeze(1)
        y = w.new_zeros(ctx.bags, w.shape[1]).index_add(0, Op.wrap(ctx.bag), rows)
        return y * Op.wrap(ctx.share).unsqueeze(1) if ctx.mode == "mean" else y
