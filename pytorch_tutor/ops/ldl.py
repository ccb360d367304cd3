"""Symmetric matrices that need not be positive definite: A = L D Lᵀ with blocks of one or two rows in D."""

from __future__ import annotations

import math
from typing import Any

from .base import Op
from .triangular import batch

# How much smaller than its neighbours a diagonal entry may be and still serve as a pivot: the number that keeps the
# growth of entries by one block of two as small as that by two blocks of one.
THRESHOLD = (1 + math.sqrt(17)) / 8


def size_of(x: Any) -> Any:
    """The magnitude as LAPACK measures it in a search: cheap, without a root."""
    return abs(x.real) + abs(x.imag) if x.dtype.kind == "c" else abs(x)


def exchange(a: Any, i: int, j: int, hermitian: bool) -> None:
    """Swaps rows and columns i < j of a symmetric matrix of which only the lower triangle is kept."""

    def turned(x: Any) -> Any:
        return x.conj() if hermitian else x

    a[j + 1 :, i], a[j + 1 :, j] = a[j + 1 :, j].copy(), a[j + 1 :, i].copy()
    a[i + 1 : j, i], a[j, i + 1 : j] = turned(a[j, i + 1 : j].copy()), turned(a[i + 1 : j, i].copy())
    a[i, i], a[j, j] = a[j, j].copy(), a[i, i].copy()
    if hermitian:
        a[j, i] = a[j, i].conj()


def factor_one(xp: Any, a: Any, pivots: Any, hermitian: bool) -> int:
    """Overwrites the lower triangle of ``a`` by L (below) and D; gives the number of the first zero column, or 0.

    A pivot k that changed places with row p is noted as p + 1; a block of two rows k, k + 1, of which the second changed
    places with p, as two times -(p + 1). (Source of the method: J. Bunch and L. Kaufman, "Some stable methods for
    calculating inertia and solving symmetric linear systems", 1977; the form is that of LAPACK's ``sytrf``.)
    """
    n = a.shape[0]
    info = k = 0
    if hermitian:
        a[xp.arange(n), xp.arange(n)] = a.diagonal().real
    while k < n:
        here, steps, other = size_of(a[k, k]), 1, k
        column = size_of(a[k + 1 :, k])
        largest = column.max() if column.size else here * 0
        if max(here, largest) == 0:
            info = info or k + 1
        elif here < THRESHOLD * largest:
            far = k + 1 + int(column.argmax())
            row = xp.concatenate([size_of(a[far, k:far]), size_of(a[far + 1 :, far])])
            if here < THRESHOLD * largest * (largest / row.max()):
                other = far
                steps = 1 if size_of(a[far, far]) >= THRESHOLD * row.max() else 2
        last = k + steps - 1
        if other != last:
            exchange(a, last, other, hermitian)
            if steps == 2:
                a[last, k], a[other, k] = a[other, k].copy(), a[last, k].copy()
        pivots[k : k + steps] = other + 1 if steps == 1 else -(other + 1)
        if max(here, largest) != 0:
            eliminate(xp, a, k, steps, hermitian)
        k += steps
    return info


def eliminate(xp: Any, a: Any, k: int, steps: int, hermitian: bool) -> None:
    """Divides the columns below a pivot block by it and takes their product from what remains."""
    block = a[k : k + steps, k : k + steps]
    full = block.copy()
    if steps == 2:
        full[0, 1] = block[1, 0].conj() if hermitian else block[1, 0]
    below = a[k + steps :, k : k + steps]
    multiples = below / full if steps == 1 else xp.linalg.solve(full.T, below.T).T
    a[k + steps :, k + steps :] -= (
        multiples @ (below.conj() if hermitian else below).T
    )  # above the diagonal, too: unread
    a[k + steps :, k : k + steps] = multiples


class LdlFactor(Op):
    """L and D in one matrix, with the exchanges of rows and the number of the first zero pivot."""

    formula = r"A = L D L^{\top}"
    gradient = {"a": r"\text{PyTorch has no rule for it}"}
    node_name = "NotImplemented"
    public = "linalg.ldl_factor"

    def forward(ctx, a: Any, hermitian: bool = False) -> Any:
        xp, n = ctx.xp, a.shape[-1]
        ld = batch(xp.tril(a)).copy()
        pivots = xp.zeros((ld.shape[0], n), "i4")
        symmetric = not (hermitian and a.dtype.kind == "c")
        info = [factor_one(xp, m, p, not symmetric) for m, p in zip(ld, pivots, strict=True)]
        lead = a.shape[:-2]
        return xp.tril(ld).reshape(a.shape), pivots.reshape(*lead, n), xp.asarray(info, "i4").reshape(lead)

    def backward(ctx, *_: Any) -> Any:
        raise RuntimeError("derivative for aten::linalg_ldl_factor_ex is not implemented")


class LdlSolve(Op):
    """A system whose symmetric matrix has been factored: down through L, through D, and up through Lᵀ."""

    formula = r"X = L^{-\top} D^{-1} L^{-1} B"
    gradient = {"ld": r"\text{PyTorch has no rule for it}", "b": r"\text{PyTorch has no rule for it}"}
    node_name = "NotImplemented"
    public = "linalg.ldl_solve"

    def forward(ctx, ld: Any, b: Any, pivots: Any, hermitian: bool = False) -> Any:
        xp, n = ctx.xp, ld.shape[-1]
        lead = xp.broadcast_shapes(ld.shape[:-2], b.shape[:-2])
        found = xp.broadcast_to(b, (*lead, *b.shape[-2:])).copy()
        many = batch(xp.broadcast_to(ld, (*lead, n, n)))
        places = batch(xp.broadcast_to(pivots, (*lead, n)), 1)
        turn = hermitian and ld.dtype.kind == "c"
        for a, p, x in zip(many, places, batch(found), strict=True):
            solve_one(xp, a, [int(q) for q in p], x, turn)
        return found

    def backward(ctx, *_: Any) -> Any:
        raise RuntimeError("derivative for aten::linalg_ldl_solve is not implemented")


def solve_one(xp: Any, a: Any, pivots: list[int], x: Any, hermitian: bool) -> None:
    """Overwrites ``x``, the right sides, by the solution."""
    starts, k = [], 0
    while k < len(pivots):
        starts.append(k)
        k += 1 if pivots[k] > 0 else 2
    for k in starts:
        steps, other = (1, pivots[k] - 1) if pivots[k] > 0 else (2, -pivots[k] - 1)
        last, end = k + steps - 1, k + steps
        x[[last, other]] = x[[other, last]]
        x[end:] -= a[end:, k:end] @ x[k:end]
        block = a[k:end, k:end].copy()
        if steps == 2:
            block[0, 1] = block[1, 0].conj() if hermitian else block[1, 0]
        x[k:end] = xp.linalg.solve(block, x[k:end]) if steps == 2 else x[k:end] / block
    for k in reversed(starts):
        steps, other = (1, pivots[k] - 1) if pivots[k] > 0 else (2, -pivots[k] - 1)
        last, end = k + steps - 1, k + steps
        turned = a[end:, k:end].T
        x[k:end] -= (turned.conj() if hermitian else turned) @ x[end:]
        x[[last, other]] = x[[other, last]]
