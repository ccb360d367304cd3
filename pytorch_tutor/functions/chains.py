"""Products of several matrices: the order of pairs decides how many multiplications they take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dispatch import write_out
from ..dtypes import C_NAMES
from ..errors import lesson
from .matrix import mm


def multi_dot(tensors: Sequence[Any], *, out: Any = None) -> Any:
    """A product of several matrices, in the order of pairs that takes the fewest multiplications.

    The first and the last may be vectors: a row, and a column.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.multi_dot([torch.ones(2, 3), torch.ones(3, 2), torch.ones(2)])
    tensor([6., 6.])
    """
    count = len(tensors)
    if count < 2:
        raise lesson(
            RuntimeError(f"multi_dot(): expected at least 2 tensors but got {count}"), expected="two or more", got=count
        )
    for place, which in ((0, "first"), (count - 1, "last")):
        if tensors[place].dim() not in (1, 2):
            raise RuntimeError(f"multi_dot(): the {which} tensor must be 1D or 2D but got {tensors[place].dim()}D")
    for i, t in enumerate(tensors):
        if 0 < i < count - 1 and t.dim() != 2:
            raise RuntimeError(f"multi_dot(): tensor {i} must be 2D but got {t.dim()}D")
        if t.dtype is not tensors[0].dtype:
            spelled = [C_NAMES[d].replace("long", "long int") for d in (tensors[0].dtype, t.dtype)]
            raise RuntimeError(
                f"multi_dot(): all tensors must have be the same dtype but tensor 0 is {spelled[0]} and tensor {i} "
                f"{spelled[1]}"
            )
    row, column = tensors[0].dim() == 1, tensors[-1].dim() == 1
    chain = list(tensors)
    chain[0] = chain[0].unsqueeze(0) if row else chain[0]
    chain[-1] = chain[-1].unsqueeze(-1) if column else chain[-1]
    for i, (a, b) in enumerate(zip(chain, chain[1:], strict=False)):
        if a.shape[1] != b.shape[0]:
            raise lesson(
                RuntimeError(
                    f"multi_dot(): tensors {i} and {i + 1} with shapes {list(a.shape)} and {list(b.shape)} cannot be "
                    "multiplied"
                ),
                expected=f"{a.shape[1]} rows",
                got=b.shape[0],
            )
    found = _product(chain)
    kept = [n for n, gone in zip(found.shape, (row, column), strict=True) if not gone]
    return write_out(found.view(kept), out, "linalg_multi_dot")


def chain_matmul(*matrices: Any, out: Any = None) -> Any:
    """``torch.linalg.multi_dot`` by its older name, for matrices one by one.

    >>> import pytorch_tutor as torch
    >>> torch.chain_matmul(torch.ones(2, 3), torch.ones(3, 4), torch.ones(4, 1))
    tensor([[12.],
            [12.]])
    """
    if not matrices:
        raise lesson(RuntimeError("chain_matmul(): Expected one or more matrices"), expected="matrices", got="nothing")
    for m in matrices:
        if m.dim() != 2:
            raise RuntimeError(f"Tensor dimension is {m.dim()}, expected 2 instead.")
    return write_out(matrices[0], out, "chain_matmul") if len(matrices) == 1 else multi_dot(matrices, out=out)


def _product(matrices: list[Any]) -> Any:
    """The product of a chain: ``best[i, j]`` is the cost of the matrices from i to j, and where to split them.

    (Source of the method: T. Cormen and others, "Introduction to Algorithms", chapter on dynamic programming.)
    """
    sizes = [m.shape[0] for m in matrices] + [matrices[-1].shape[1]]
    count = len(matrices)
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i): (0, i) for i in range(count)}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )

    def between(i: int, j: int) -> Any:
        split = best[i, j][1]
        return matrices[i] if i == j else mm(between(i, split), between(split + 1, j))

    return between(0, count - 1)
