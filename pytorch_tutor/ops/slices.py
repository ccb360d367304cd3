"""Whole slices written at indices along a dimension, elements by their place in the flattened tensor, the trace."""

from __future__ import annotations

from typing import Any

from .base import Op
from .indexing import AddAt, Index, IndexPut, along


class IndexAdd(IndexPut):
    """Adds slices at the indices: both inputs get the gradient as it comes."""

    formula = r"y_{i_k} = x_{i_k} + s_k"
    gradient = {"x": r"\bar x = \bar y", "values": r"\bar s_k = \bar y_{i_k}"}


class IndexCopy(IndexPut):
    """Replaces slices at the indices: what was there has no influence any more."""

    formula = r"y_{i_k} = s_k"
    gradient = {"x": r"\bar x = \bar y\,[i \notin \{i_k\}]", "values": r"\bar s_k = \bar y_{i_k}"}


class IndexFill(IndexPut):
    """One number in all slices at the indices: it gets the sum of their gradients."""

    formula = r"y_{i_k} = v"
    gradient = {"x": r"\bar x = \bar y\,[i \notin \{i_k\}]", "values": r"\bar v = \sum_k \bar y_{i_k}"}


class Take(Index):
    """Elements by their place in the flattened tensor; one that is taken twice gets both gradients."""

    formula = r"y_k = x_{i_k}"
    gradient = {"x": r"\bar x_{i} = \sum_{k : i_k = i} \bar y_k"}


class Trace(Op):
    """The sum of the diagonal: each of its elements gets the whole gradient, all others none."""

    formula = r"y = \sum_i x_{ii}"
    gradient = {"x": r"\bar x_{ij} = \bar y\,[i = j]"}

    def forward(ctx, x: Any) -> Any:
        ctx.shape = x.shape
        places = ctx.xp.arange(min(x.shape))
        ctx.key = (places, places)
        return x.trace(dtype="i8" if x.dtype.kind in "iu" else x.dtype)

    def backward(ctx, grad: Any) -> Any:
        each = ctx.xp.broadcast_to(grad, ctx.key[0].shape)
        return ctx.call(AddAt, each, shape=ctx.shape, key=ctx.key)


class Median(Op):
    """One element of each row, the one in the middle: it alone gets the gradient."""

    formula = r"y = x_{m},\ m \text{ the place of the middle element}"
    gradient = {"x": r"\bar x_i = \bar y\,[i = m]"}

    def forward(ctx, x: Any, index: Any, dim: int, keepdim: bool = False, variant: int = 1) -> Any:
        ctx.shape, ctx.variant = x.shape, variant
        ctx.axis = None if keepdim else dim
        ctx.key = along(ctx.xp, index, dim)
        found = x[ctx.key]
        return found if keepdim else found.squeeze(dim)

    def backward(ctx, grad: Any) -> Any:
        if ctx.axis is not None:
            grad = ctx.xp.expand_dims(grad, ctx.axis)
        return ctx.call(AddAt, grad, shape=ctx.shape, key=ctx.key)


class Nanmedian(Median):
    """The same, where elements that are no number do not count."""


class Kthvalue(Median):
    """The same with the k-th element in order."""

    formula = r"y = x_{m},\ m \text{ the place of the } k\text{-th element}"
