"""Products of vectors, matrices and batches of them."""

from __future__ import annotations

import math
import string
from typing import Any

from ..dispatch import apply, not_a_tensor, write_out
from ..dtypes import bool as boolean
from ..errors import lesson
from ..graph.observers import observers
from ..ops import matrix as ops
from ..precision import lowered
from ..refusals import refuse
from ..tensor_base import TensorBase


def mm(input: Any, mat2: Any, *, out: Any = None) -> Any:
    """The product of two matrices, Z = X Y.

    >>> import pytorch_tutor as torch
    >>> torch.mm(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]))
    tensor([[11.]])
    """
    return write_out(apply(ops.Mm, input, mat2), out, "mm")


def mv(input: Any, vec: Any, *, out: Any = None) -> Any:
    """A matrix times a vector."""
    return write_out(apply(ops.Mv, input, vec), out, "mv")


def dot(input: Any, tensor: Any, *, out: Any = None) -> Any:
    """The sum of products of two vectors."""
    return write_out(apply(ops.Dot, input, tensor), out, "dot")


def vdot(input: Any, other: Any) -> Any:
    """The dot product with the first vector conjugated."""
    return dot(input.conj(), other)


def inner(input: Any, other: Any) -> Any:
    """Products summed over the last dimension of both."""
    refuse(input.dtype, "bool", "dot")
    if not input.dim() or not other.dim():
        return input * other
    if input.size(-1) != other.size(-1):
        raise RuntimeError(
            f"inner() the last dimension must match on both input tensors but got shapes {list(input.shape)} and "
            f"{list(other.shape)}"
        )
    return tensordot(input, other, ([-1], [-1]))


def bmm(input: Any, mat2: Any, *, out: Any = None) -> Any:
    """A product for each pair of matrices of two batches."""
    return write_out(apply(ops.Bmm, input, mat2), out, "bmm")


def outer(input: Any, vec2: Any, *, out: Any = None) -> Any:
    """All products of an element of one vector with one of the other.

    >>> import pytorch_tutor as torch
    >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    for name, v in (("self", input), ("vec2", vec2)):
        if v.dim() != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {v.dim()}-D")
    return write_out(input.unsqueeze(1) * vec2, out, "outer")


def matmul(input: Any, other: Any, *, out: Any = None) -> Any:
    """The matrix product ``input @ other``: dot, matrix-vector, matrix-matrix or batched, by the dimensions.

    >>> import pytorch_tutor as torch
    >>> torch.matmul(torch.ones(2, 3), torch.ones(3))
    tensor([3., 3.])
    """
    if not isinstance(input, TensorBase):
        raise not_a_tensor("matmul", "input", 1, input)
    if not isinstance(other, TensorBase):
        raise not_a_tensor("matmul", "other", 2, other)
    a, b = input._array.ndim, other._array.ndim
    if a == 2 and b == 2:
        return write_out(apply(ops.Mm, input, other), out, "matmul")
    if observers.op_entered and (a == 1 or b == 1):  # mv and dot alone keep their type under autocast, matmul does not
        input, other = lowered(input, other)
    if a == 1 and b == 1:
        return write_out(apply(ops.Dot, input, other), out, "matmul")
    if a == 2 and b == 1:
        return write_out(apply(ops.Mv, input, other), out, "matmul")
    if a == 1 and b == 2:
        return write_out(mm(input.unsqueeze(0), other).squeeze(0), out, "matmul")
    if not a or not b:
        raise lesson(
            RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {a}D and {b}D"),
            expected="vectors or matrices",
            got="a scalar",
            hint="a * b",
        )
    return write_out(_batched(input, other, a, b), out, "matmul")


def _batched(input: Any, other: Any, a: int, b: int) -> Any:
    """Batches of matrices; a batch times one matrix becomes one tall product."""
    if a >= 3 and b <= 2:
        tall = input.reshape(math.prod(input._array.shape[:-1]), input._array.shape[-1])
        product = matmul(tall, other)
        return product.reshape((*input._array.shape[:-1], *product._array.shape[1:]))
    left = input.unsqueeze(0) if a == 1 else input
    right = other.unsqueeze(-1) if b == 1 else other
    n, m = left._array.shape[-2:]
    k, p = right._array.shape[-2:]
    lead = _meet(left._array.shape[:-2], right._array.shape[:-2])
    if m != k:
        raise lesson(
            RuntimeError(
                f"Expected size for first two dimensions of batch2 tensor to be: [{_count(lead)}, {m}] but got: "
                f"[{_count(lead)}, {k}]."
            ),
            expected=f"{m} rows in each right matrix",
            got=k,
        )
    x = left.expand(*lead, n, m).reshape(_count(lead), n, m)
    y = right.expand(*lead, k, p).reshape(_count(lead), k, p)
    product = bmm(x, y).view(*lead, n, p)
    if a == 1:
        product = product.squeeze(-2)
    return product.squeeze(-1) if b == 1 else product


def _count(lead: tuple[int, ...]) -> int:
    total = 1
    for n in lead:
        total *= n
    return total


def _meet(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The batch dimensions of both, broadcast."""
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b
    for i, (p, q) in enumerate(zip(a, b, strict=True)):
        if p != q and 1 not in (p, q):
            raise RuntimeError(
                f"The size of tensor a ({p}) must match the size of tensor b ({q}) at non-singleton dimension {i}"
            )
    return tuple([q if p == 1 else p for p, q in zip(a, b, strict=True)])


def addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * mat1 @ mat2`` in one step."""
    return write_out(apply(ops.Addmm, input, mat1, mat2, beta=beta, alpha=alpha), out, "addmm")


def _weighted(input: Any, beta: Any, product: Any, alpha: Any) -> Any:
    """``beta * input + alpha * product``; integers are weighted by integers, and 0 times NaN is 0."""
    if product.dtype.rank < 3:
        alpha, beta = int(alpha), int(beta)
    if product.dtype is boolean:
        scaled = product & bool(alpha)
        return scaled | (input & bool(beta))
    scaled = product if alpha == 1 else product * alpha
    if beta == 0:
        return scaled
    return (input if beta == 1 else input * beta) + scaled


def addmv(input: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * mat @ vec``."""
    return write_out(_weighted(input, beta, mv(mat, vec), alpha), out, "addmv")


def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input`` plus ``alpha`` times the sum of all products of two batches."""
    return write_out(_weighted(input, beta, bmm(batch1, batch2).sum(0), alpha), out, "addbmm")


def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * batch1 @ batch2`` for each pair of a batch."""
    refuse(input.dtype, "bool", "baddbmm")
    if observers.op_entered:
        (input,) = lowered(input)
    return write_out(_weighted(input, beta, bmm(batch1, batch2), alpha), out, "baddbmm")


def addr(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1, out: Any = None) -> Any:
    """``beta * input + alpha * outer(vec1, vec2)``."""
    return write_out(_weighted(input, beta, outer(vec1, vec2), alpha), out, "addr")


def tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    """Products summed over several dimensions: the last ``dims`` of a with the first of b, or those named."""
    if isinstance(dims, int):
        first, second = list(range(a.dim() - dims, a.dim())), list(range(dims))
    else:
        first, second = ([d] if isinstance(d, int) else list(d) for d in dims)
    first, second = [d % a.dim() for d in first], [d % b.dim() for d in second]
    free_a = [d for d in range(a.dim()) if d not in first]
    free_b = [d for d in range(b.dim()) if d not in second]
    for i, j in zip(first, second, strict=True):
        if a.size(i) == b.size(j):
            continue
        if a.size(i) == 1:  # a dimension of size 1 stands for as many as the other has
            b = b.sum(j, keepdim=True)
        elif b.size(j) == 1:
            a = a.sum(i, keepdim=True)
        else:
            raise RuntimeError(
                f"contracted dimensions need to match, but first has size {a.size(i)} in dim {i} and second has size "
                f"{b.size(j)} in dim {j}"
            )
    n = _count(tuple(a.size(d) for d in first))
    left = a.permute(free_a + first).reshape(-1, n)
    right = b.permute(second + free_b).reshape(n, -1)
    return mm(left, right).reshape([a.size(d) for d in free_a] + [b.size(d) for d in free_b])


def einsum(equation: str, *operands: Any) -> Any:
    """Sums of products, written with letters for dimensions: a letter missing on the right is summed over.

    >>> import pytorch_tutor as torch
    >>> torch.einsum("ij,jk->ik", torch.ones(2, 3), torch.ones(3, 2))
    tensor([[3., 3.],
            [3., 3.]])
    """
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    inputs, output = _parse(equation.replace(" ", ""), operands)
    letters = list(dict.fromkeys("".join(inputs)))
    sizes: dict[str, int] = {}
    for labels, x in zip(inputs, operands, strict=True):
        for letter, n in zip(labels, x._array.shape, strict=True):
            if sizes.get(letter, 1) != n and n != 1 and sizes.get(letter, 1) != 1:
                raise RuntimeError(
                    f"einsum(): subscript {letter} has size {n} for operand {operands.index(x) if len(operands) < 2 else 1} "
                    f"which does not broadcast with previously seen size {sizes[letter]}"
                )
            sizes[letter] = max(sizes.get(letter, 1), n)
    last = {letter: max(i for i, labels in enumerate(inputs) if letter in labels) for letter in letters}
    labels, result = _single(inputs[0], operands[0])
    for i in range(1, len(operands)):
        other_labels, other = _single(inputs[i], operands[i])
        keep = [c for c in letters if c in output or last[c] > i]
        labels, result = _pair(labels, result, other_labels, other, keep)
    extra = [d for d, c in enumerate(labels) if c not in output]
    if extra:
        result = result.sum(extra)
        labels = "".join(c for c in labels if c in output)
    order = [labels.index(c) for c in output]
    return result if order == list(range(len(order))) and operands[0] is not result else result.permute(order)


def _parse(equation: str, operands: tuple[Any, ...]) -> tuple[list[str], str]:
    """Labels per operand and of the output, with ``...`` written out in capital letters that are free."""
    left, arrow, right = equation.partition("->")
    inputs = left.split(",")
    if len(inputs) != len(operands):
        raise RuntimeError(
            "einsum(): more operands were provided than specified in the equation"
            if len(operands) > len(inputs)
            else "einsum(): fewer operands were provided than specified in the equation"
        )
    spare = [c for c in reversed(string.ascii_letters) if c not in equation]
    width = 0
    for labels, x in zip(inputs, operands, strict=True):
        named = len(labels.replace("...", ""))
        if "..." in labels:
            width = max(width, x.dim() - named)
        elif named != x.dim():
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({named}) does not match the number of dimensions "
                f"({x.dim()}) for operand {inputs.index(labels)} and no ellipsis was given"
            )
    dots = "".join(spare[:width])
    filled = []
    for labels, x in zip(inputs, operands, strict=True):
        n = x.dim() - len(labels.replace("...", ""))
        filled.append(labels.replace("...", dots[width - n :]))
    if not arrow:
        counts = {c: "".join(filled).count(c) for c in sorted(set("".join(filled)) - set(dots))}
        right = dots + "".join(c for c, n in counts.items() if n == 1)
    else:
        right = right.replace("...", dots)
        for c in right:
            if c not in "".join(filled):
                raise RuntimeError(
                    f"einsum(): output subscript {c} does not appear in the equation for any input operand"
                )
    return filled, right


def _single(labels: str, x: Any) -> tuple[str, Any]:
    """Takes the diagonal where a letter stands twice."""
    for c in dict.fromkeys(labels):
        while labels.count(c) > 1:
            i = labels.index(c)
            j = labels.index(c, i + 1)
            x = x.diagonal(0, i, j)
            labels = labels[:i] + labels[i + 1 : j] + labels[j + 1 :] + c
    return labels, x


def _pair(a: str, x: Any, b: str, y: Any, keep: list[str]) -> tuple[str, Any]:
    """The product of two operands, summed over the letters that nobody needs any more: one batched product."""
    for labels, other, which in ((a, b, 0), (b, a, 1)):
        alone = [d for d, c in enumerate(labels) if c not in other and c not in keep]
        if alone:
            summed = (x if which == 0 else y).sum(alone)
            rest = "".join(c for c in labels if c in other or c in keep)
            if which == 0:
                a, x = rest, summed
            else:
                b, y = rest, summed
    batch = [c for c in a if c in b and c in keep]
    contracted = [c for c in a if c in b and c not in keep]
    free_a, free_b = [c for c in a if c not in b], [c for c in b if c not in a]
    size = {c: max(x.size(a.index(c)) if c in a else 1, y.size(b.index(c)) if c in b else 1) for c in a + b}
    both = batch + contracted
    x = x.permute([a.index(c) for c in batch + free_a + contracted])
    y = y.permute([b.index(c) for c in batch + contracted + free_b])
    if both:
        x = x.expand([size[c] for c in batch + free_a + contracted])
        y = y.expand([size[c] for c in batch + contracted + free_b])
    count = [_count(tuple(size[c] for c in group)) for group in (batch, free_a, contracted, free_b)]
    left = x.reshape(count[0], count[1], count[2])
    right = y.reshape(count[0], count[2], count[3])
    product = bmm(left, right)
    labels = "".join(batch + free_a + free_b)
    return labels, product.reshape([size[c] for c in labels])


# Another name that PyTorch has for the same function.
ger = outer
