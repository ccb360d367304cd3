"""Products of vectors, matrices and batches of them."""

from __future__ import annotations

import math
import string
from typing import Any

from ..dispatch import apply, not_a_tensor, write_out
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..graph.observers import observers
from ..ops import matrix as ops
from ..ops import shape as shapes
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


def vdot(input: Any, other: Any, *, out: Any = None) -> Any:
    """The dot product with the first vector conjugated."""
    return write_out(apply(ops.Vdot, input, other), out, "vdot")


def _one_type(a: Any, b: Any) -> None:
    if a.dtype is not b.dtype:
        raise lesson(
            RuntimeError("both inputs should have same dtype"),
            expected="two tensors of one dtype",
            got=f"{a.dtype} and {b.dtype}",
            hint="b.to(a.dtype)",
        )


def inner(input: Any, other: Any, *, out: Any = None) -> Any:
    """Products summed over the last dimension of both."""
    refuse(input.dtype, "bool", "dot")
    _one_type(input, other)
    if not input.dim() or not other.dim():
        return write_out(input * other, out, "inner")
    if input.size(-1) != other.size(-1):
        raise RuntimeError(
            f"inner() the last dimension must match on both input tensors but got shapes {list(input.shape)} and "
            f"{list(other.shape)}"
        )
    return tensordot(input, other, ([-1], [-1]), out)


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
        return write_out(apply(ops.Mm, input, other), out, "mm")
    if observers.op_entered and (a == 1 or b == 1):  # mv and dot alone keep their type under autocast, matmul does not
        input, other = lowered(input, other)
    if a == 1 and b == 1:
        return write_out(apply(ops.Dot, input, other), out, "matmul")
    if a == 2 and b == 1:
        return write_out(apply(ops.Mv, input, other), out, "matmul")
    if a == 1 and b == 2:
        row = mm(input.unsqueeze(0), other)
        return write_out(apply(shapes.Squeeze, row, dims=(0,), variant=4), out, "matmul")
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
        shape = (*input._array.shape[:-1], *product._array.shape[1:])
        return apply(shapes.UnsafeView, product, shape=shape)
    if a <= 2 and input.requires_grad and input._array.shape[-1] == other._array.shape[-2]:
        # the mirrored product: one matrix with a gradient is better multiplied once than copied for every batch
        mirrored = other.mT
        tall = mirrored.reshape(math.prod(mirrored._array.shape[:-1]), mirrored._array.shape[-1])
        product = matmul(tall, input.t())
        shape = (*mirrored._array.shape[:-1], *product._array.shape[1:])
        product = apply(shapes.UnsafeView, product, shape=shape)
        return product.mT.contiguous() if a == 2 else product
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
    shape = (*lead, *(() if a == 1 else (n,)), *(() if b == 1 else (p,)))
    return apply(shapes.UnsafeView, bmm(x, y), shape=shape)


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


def tensordot(a: Any, b: Any, dims: Any = 2, out: Any = None) -> Any:
    """Products summed over several dimensions: the last ``dims`` of a with the first of b, or those named."""
    _one_type(a, b)
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
    found = mm(left, right).reshape([a.size(d) for d in free_a] + [b.size(d) for d in free_b])
    return write_out(found, out, "tensordot")


def einsum(*args: Any) -> Any:
    """Sums of products, written with letters for dimensions: a letter missing on the right is summed over.

    Instead of letters, each tensor may be followed by a list of numbers: ``einsum(a, [0, 1], b, [1, 2], [0, 2])``.

    >>> import pytorch_tutor as torch
    >>> torch.einsum("ij,jk->ik", torch.ones(2, 3), torch.ones(3, 2))
    tensor([[3., 3.],
            [3., 3.]])
    """
    if len(args) < 2:
        raise lesson(
            ValueError(
                "einsum(): must specify the equation string and at least one operand, or at least one operand and its "
                "subscripts list"
            ),
            hint='torch.einsum("ij,jk->ik", a, b)',
        )
    equation, operands = (args[0], tuple(args[1:])) if isinstance(args[0], str) else _numbered(args)
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    for place, t in enumerate(operands):
        if not isinstance(t, TensorBase):
            raise TypeError(f"expected Tensor as element {place} in argument 1, but got {type(t).__name__}")
        if t.dtype is not operands[0].dtype:
            a, b = SCALAR_NAMES[operands[0].dtype], SCALAR_NAMES[t.dtype]
            raise lesson(RuntimeError(f"expected scalar type {a} but found {b}"), expected=a, got=b)
    inputs, output = _parse(equation, operands)
    letters = list(dict.fromkeys("".join(inputs)))
    sizes: dict[str, int] = {}
    for place, (labels, x) in enumerate(zip(inputs, operands, strict=True)):
        own: dict[str, int] = {}
        for letter, n in zip(labels, x._array.shape, strict=True):
            if own.setdefault(letter, n) != n:
                raise lesson(
                    RuntimeError(
                        f"einsum(): subscript {letter} is repeated for operand {place} but the sizes don't match, {n} != "
                        f"{own[letter]}"
                    ),
                    expected="a diagonal: dimensions of one size",
                    got=list(x._array.shape),
                )
        for letter, n in own.items():
            if sizes.get(letter, 1) != n and n != 1 and sizes.get(letter, 1) != 1:
                raise lesson(
                    RuntimeError(
                        f"einsum(): subscript {letter} has size {n} for operand {place} which does not broadcast with "
                        f"previously seen size {sizes[letter]}"
                    ),
                    expected=f"size {sizes[letter]} for {letter}, as before",
                    got=n,
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


def _numbered(args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Tensors and lists of numbers in turn, as an equation with letters; what stands alone at the end is the output."""

    def spelled(numbers: Any) -> str:
        for n in numbers:
            if n is not Ellipsis and not 0 <= n < 52:
                raise ValueError("einsum(): subscript in subscript list is not within the valid range [0, 52)")
        return "".join(
            "..." if n is Ellipsis else (string.ascii_uppercase + string.ascii_lowercase)[n] for n in numbers
        )

    pairs = len(args) // 2
    equation = ",".join(spelled(args[2 * i + 1]) for i in range(pairs))
    return equation + (f"->{spelled(args[-1])}" if len(args) % 2 else ""), tuple(args[2 * i] for i in range(pairs))


def _parse(equation: str, operands: tuple[Any, ...]) -> tuple[list[str], str]:
    """Labels per operand and of the output, with ``...`` written out in capital letters that are free."""
    left, arrow, right = equation.partition("->")
    for part, offset in ((left, 0), (right, len(left) + 2)):
        for i, c in enumerate(part.replace("...", "   ")):
            if c == ".":
                where = "the output" if offset else f"operand {part[:i].count(',')}"
                raise RuntimeError(f"einsum(): found '.' for {where} that is not part of any ellipsis")
            if c != " " and c not in string.ascii_letters and (offset or c != ","):
                raise lesson(
                    RuntimeError(
                        f"einsum(): invalid subscript given at index {i + offset} in the equation string, subscripts must "
                        "be in [a-zA-Z]"
                    ),
                    expected="letters",
                    got=repr(c),
                )
    left, right = left.replace(" ", ""), right.replace(" ", "")
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
            if right.count(c) > 1:
                raise RuntimeError(f"einsum(): output subscript {c} appears more than once in the output")
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
