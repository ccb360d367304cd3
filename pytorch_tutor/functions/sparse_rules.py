"""What operations do on sparse tensors: ``dispatch`` comes here when an operand is a list of places and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..backends.coo import Coo, Csr
from ..dispatch import apply
from ..dtypes import SCALAR_NAMES
from ..errors import lesson
from ..ops import activation as activation_ops
from ..ops import arithmetic, matrix, reduction, shape, unary
from ..ops import indexing as indexing_ops
from ..ops import sparse as ops
from ..ops.shape import axis_of
from ..promotion import result_type
from ..tensor_base import TensorBase
from .sparse import is_sparse, unsupported


def rebuilt(template: Coo, numbers: Any, made_by: str) -> Any:
    """Other numbers at the places of a sparse array."""
    return apply(ops.SparseCooTensor, numbers, places=template, made_by=made_by)


def numbers_of(x: Any) -> Any:
    """The listed numbers of a sparse tensor, with their history."""
    return apply(ops.Values, x)


def no_add() -> RuntimeError:
    """The sum of a sparse and an ordinary tensor is an ordinary one: PyTorch wants that one named first."""
    return lesson(
        RuntimeError("add(sparse, dense) is not supported. Use add(dense, sparse) instead."), hint="dense + sparse"
    )


# ---------------------------------------------------------------------- arithmetic
def add(x: Any, y: Any, alpha: Any = 1, name: str = "Add") -> Any:
    """Sparse with sparse gives sparse; ordinary with sparse gives ordinary."""
    if not is_sparse(y):
        raise no_add()
    shapes = [list(t._array.shape) if isinstance(t, TensorBase) else [] for t in (x, y)]
    if not is_sparse(x):
        if shapes[0] != shapes[1]:
            raise RuntimeError(
                f"add: expected 'self' and 'other' to have same size, but self has size {shapes[0]} while other has size "
                f"{shapes[1]} (FYI: dense-sparse addition does not currently support broadcasting)"
            )
        kind = result_type(x, y)
        return apply(ops.SparseAdd, x.to(kind), y.to(kind), alpha=alpha, name=name)
    if shapes[0] != shapes[1]:
        raise RuntimeError(f"add: expected sizes of 'self' and 'other' to match, but {shapes[0]} != {shapes[1]}")
    kind = result_type(x, y)
    return like_first(x, apply(ops.SparseAdd, x.to(kind), y.to(kind), alpha=alpha, name=name))


def like_first(x: Any, result: Any) -> Any:
    """By rows, if the first operand was."""
    if isinstance(x._array, Csr) and type(result._array) is Coo:
        return apply(ops.SparseConvert, result, kind=Csr)
    return result


def sub(x: Any, y: Any, alpha: Any = 1) -> Any:
    """As add, with the second operand turned over."""
    return add(x, y, -alpha, "Sub")


def rsub(x: Any, y: Any, alpha: Any = 1) -> Any:
    """``number - sparse``, which PyTorch refuses."""
    return add(y, x, -alpha, "Rsub")


def mul(x: Any, y: Any) -> Any:
    """By a number: all listed numbers. By a tensor: only places that are listed can be other than zero."""
    if not is_sparse(x):
        x, y = y, x
    array = x._array
    if not isinstance(y, TensorBase) or not y._array.ndim:
        return rebuilt(array, numbers_of(x) * y, "Mul")
    if is_sparse(y):
        other = y._array
        if array.shape != other.shape or array.sparse_dim != other.sparse_dim:
            raise RuntimeError(
                "sparse_binary_op_intersection_cpu(): expects sparse inputs with equal dimensionality, number of sparse "
                "dimensions, and shape of sparse dimensions"
            )
        if not other.coalesced and not np.array_equal(array.keys(), other.keys()):
            x, y, array = y, x, other
        product = rebuilt(array, numbers_of(x) * apply(ops.LookUp, y, places=array), "Mul")
        return meeting(product, y._array) if array.coalesced and y._array.coalesced else product
    if y._array.ndim > array.ndim:
        raise unsupported("mul.Tensor")
    spread = y.expand(array.shape) if y._array.shape != array.shape else y
    return rebuilt(array, numbers_of(x) * apply(ops.LookUp, spread, places=array), "Mul")


def meeting(product: Any, other: Coo) -> Any:
    """Only the places that the other list has too."""
    array = product._array
    keep = np.isin(array.keys(), other.keys())
    if keep.all():
        return product
    kept = Coo(array.indices[:, keep], array.values[keep], array.shape, array.coalesced)
    return rebuilt(kept, numbers_of(product)[np.flatnonzero(keep)], "Mul")


def div(x: Any, y: Any) -> Any:
    """By a number only."""
    if is_sparse(y) or isinstance(y, TensorBase) and y._array.ndim:
        raise RuntimeError(
            "Sparse division requires a scalar or zero-dim dense tensor divisor (got shape "
            f"{list(y._array.shape)} for divisor)"
        )
    return rebuilt(x._array, numbers_of(x) / y, "Div")


def pow(x: Any, exponent: Any) -> Any:
    """Each listed number to a power."""
    x = apply(ops.Coalesce, x)
    return rebuilt(x._array, numbers_of(x) ** exponent, "Pow")


def elementwise(op_class: Any) -> Callable[..., Any]:
    """A function that leaves zero zero: it need only look at the listed numbers."""

    def rule(x: Any, **params: Any) -> Any:
        if op_class is not unary.Neg and type(x._array) is Coo:
            x = apply(ops.Coalesce, x)
        return rebuilt(x._array, apply(op_class, numbers_of(x), **params), op_class.__name__)

    return rule


# ---------------------------------------------------------------------- products
def mm(x: Any, y: Any) -> Any:
    """Matrix products in which one factor or both are sparse."""
    check_product(x, y)
    if is_sparse(x) and is_sparse(y):
        return apply(ops.SparseSparseMatmul, x, y)
    if is_sparse(x):
        return apply(ops.SparseMm, x, y)
    return apply(ops.SparseMm, apply(ops.SparseTranspose, y), x.t()).t()


def check_product(x: Any, y: Any) -> None:
    """Do shapes and types of two factors fit?"""
    a, b = x._array, y._array
    if b.ndim < 2:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-b.ndim}, {b.ndim - 1}], but got 1)")
    if a.shape[1] != b.shape[0]:
        if type(a) is Coo and not is_sparse(y):
            said = f"addmm: Argument #3 (dense): Expected dim 0 size {a.shape[1]}, got {b.shape[0]}"
        else:
            said = (
                f"mat1 and mat2 shapes cannot be multiplied ({a.shape[0]}x{a.shape[1]} and {b.shape[0]}x{b.shape[1]})"
            )
        raise lesson(RuntimeError(said), expected=f"{a.shape[1]} rows", got=b.shape[0])
    if x.dtype is not y.dtype:
        one, two = SCALAR_NAMES[x.dtype], SCALAR_NAMES[y.dtype]
        if is_sparse(x) and is_sparse(y):
            raise RuntimeError(f"mat1 dtype {one} does not match mat2 dtype {two}")
        raise RuntimeError(f"expected scalar type {one} but found {two}")


def mv(x: Any, y: Any) -> Any:
    """A sparse matrix times a vector."""
    if x._array.shape[-1] != y._array.shape[0]:
        raise RuntimeError("mv: expected self.size(-1) == vec.size(-1)")
    return mm(x, y.unsqueeze(1)).squeeze(1)


def addmm(bias: Any, x: Any, y: Any, beta: Any = 1, alpha: Any = 1, name: str = "Addmm") -> Any:
    """A product with something added."""
    check_product(x, y)
    if not is_sparse(x):
        return bias * beta + mm(x, y) * alpha
    shape = (x._array.shape[0], y._array.shape[1])
    spread = bias if bias._array.shape == shape else bias.expand(shape)
    return apply(ops.SparseAddmm, spread, x, y, beta=beta, alpha=alpha, name=name)


def bmm(x: Any, y: Any) -> Any:
    """A batch of sparse matrices, each times an ordinary one."""
    return stack_dense([mm(select(x, 0, i), y[i]) for i in range(x._array.shape[0])])


def stack_dense(tensors: list[Any]) -> Any:
    """Ordinary tensors on top of each other."""
    return apply(shape.Stack, *tensors, dim=0)


# ---------------------------------------------------------------------- shapes
def transpose(x: Any, dim0: int = 0, dim1: int = 1) -> Any:
    """Two sparse dimensions exchanged."""
    array = x._array
    first, second = axis_of(dim0, array.ndim), axis_of(dim1, array.ndim)
    if max(first, second) >= array.sparse_dim:
        raise RuntimeError("transpose(): dimensions of a sparse tensor must both be sparse")
    return apply(ops.SparseTranspose, x, first=first, second=second, name="Transpose")


def t(x: Any) -> Any:
    """The transpose of a sparse matrix."""
    array = x._array
    if array.sparse_dim > 2 or array.ndim > array.sparse_dim:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 sparse and 0 dense dimensions, but got {array.sparse_dim} sparse and "
            f"{array.ndim - array.sparse_dim} dense dimensions"
        )
    return apply(ops.SparseTranspose, x) if array.ndim == 2 else x


def permute(x: Any, dims: Any) -> Any:
    """Sparse dimensions in another order."""
    array = x._array
    order = [axis_of(d, array.ndim) for d in dims]
    if array.ndim == 2:
        return apply(ops.SparseTranspose, x, name="Permute") if order == [1, 0] else x
    template = Coo(array.indices[order], array.values, tuple(array.shape[d] for d in order))
    return rebuilt(template, numbers_of(x), "Permute")


def unsqueeze(x: Any, dim: int) -> Any:
    """A new dimension of size 1: one more row of places, all 0."""
    array = x._array
    where = axis_of(dim, array.ndim + 1)
    if where > array.sparse_dim:
        template = Coo(array.indices, array.values, (*array.shape[:where], 1, *array.shape[where:]), array.coalesced)
        return rebuilt(template, numbers_of(x).unsqueeze(where - array.sparse_dim + 1), "Unsqueeze")
    places = np.insert(array.indices, where, 0, axis=0)
    shape_ = (*array.shape[:where], 1, *array.shape[where:])
    return rebuilt(Coo(places, array.values, shape_, array.coalesced), numbers_of(x), "Unsqueeze")


def cat(*tensors: Any, dim: int, name: str = "Cat") -> Any:
    """Lists one after another, the places moved along."""
    arrays = [x._array for x in tensors]
    first = arrays[0]
    if dim >= first.sparse_dim:
        raise unsupported("cat")
    starts = np.cumsum([0, *(a.shape[dim] for a in arrays)])
    moved = []
    for array, start in zip(arrays, starts, strict=False):
        places = array.indices.copy()
        places[dim] += start
        moved.append(places)
    size = list(first.shape)
    size[dim] = int(starts[-1])
    numbers = apply(shape.Cat, *[numbers_of(x) for x in tensors], dim=0)
    return rebuilt(Coo(np.concatenate(moved, 1), numbers._array, tuple(size)), numbers, name)


def stack(*tensors: Any, dim: int) -> Any:
    """Sparse tensors on top of each other."""
    return cat(*[unsqueeze(x, dim) for x in tensors], dim=dim, name="Stack")


def select(x: Any, dim: int, index: int) -> Any:
    """One slice: the numbers whose place lies in it."""
    array = x._array
    dim = axis_of(dim, array.ndim)
    index = index + array.shape[dim] if index < 0 else index
    if dim >= array.sparse_dim:
        inner = numbers_of(x).select(dim - array.sparse_dim + 1, index)
        size = array.shape[:dim] + array.shape[dim + 1 :]
        return rebuilt(Coo(array.indices, inner._array, size, array.coalesced), inner, "Select")
    keep = np.flatnonzero(array.indices[dim] == index)
    numbers = numbers_of(x)[keep]
    if array.sparse_dim == 1:
        return numbers.sum(0)
    size = array.shape[:dim] + array.shape[dim + 1 :]
    places = np.delete(array.indices[:, keep], dim, axis=0)
    return rebuilt(Coo(places, numbers._array, size, len(keep) < 2), numbers, "Select")


def unbind(x: Any, dim: int = 0) -> Any:
    """All slices."""
    return tuple(select(x, dim, i) for i in range(x._array.shape[dim]))


def index_select(x: Any, index: Any, dim: int) -> Any:
    """Slices chosen by a list: a slice named twice comes twice."""
    array = x._array
    wanted = np.atleast_1d(index._array if isinstance(index, TensorBase) else index)
    order = np.argsort(array.indices[dim], kind="stable")
    ordered = array.indices[dim][order]
    low, high = np.searchsorted(ordered, wanted), np.searchsorted(ordered, wanted, side="right")
    count = high - low
    target = np.repeat(np.arange(len(wanted)), count)
    within = np.arange(len(target)) - np.repeat(np.cumsum(count) - count, count)
    source = order[low[target] + within]
    places = array.indices[:, source].copy()
    places[dim] = target
    size = list(array.shape)
    size[dim] = len(wanted)
    numbers = numbers_of(x)[source]
    return rebuilt(Coo(places, numbers._array, tuple(size)), numbers, "IndexSelect")


# ---------------------------------------------------------------------- sums and copies
def sum(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Of everything: a number. Along dimensions: a sparse tensor, as long as a sparse dimension remains."""
    array = x._array
    if dim is None or dim == ():
        return apply(ops.SparseTotal, x)
    dims = tuple(sorted({axis_of(d, array.ndim) for d in ((dim,) if isinstance(dim, int) else dim)}))
    result = apply(ops.SparseSum, x, dims=dims)
    if keepdim:
        for d in dims:
            result = result.unsqueeze(d)
    return result


def clone(x: Any, order: str = "K") -> Any:
    """Lists of its own."""
    return rebuilt(x._array.copy(), apply(shape.Clone, numbers_of(x)), "Clone")


def to_copy(x: Any, array_type: Any) -> Any:
    """The numbers in another type."""
    return rebuilt(x._array, apply(shape.ToCopy, numbers_of(x), array_type=array_type), "ToCopy")


def norm(x: Any, **params: Any) -> Any:
    """The norm of all numbers: zeros add nothing to it."""
    if params.get("dim") is not None:
        raise unsupported("linalg_vector_norm")
    return apply(reduction.Norm, numbers_of(apply(ops.Coalesce, x)), **params)


def truth(x: Any, which: str, dim: Any = None, keepdim: bool = False) -> Any:
    """Is any listed number not zero?"""
    if which != "any" or dim is not None:
        raise unsupported(which)
    return apply(reduction.Truth, numbers_of(apply(ops.Coalesce, x)), which=which)


RULES: dict[Any, Callable[..., Any]] = {
    arithmetic.Add: add, arithmetic.Sub: sub, arithmetic.Rsub: rsub, arithmetic.Mul: mul, arithmetic.Div: div,
    arithmetic.Pow: pow, matrix.Mm: mm, matrix.Mv: mv, matrix.Addmm: addmm, matrix.Bmm: bmm,
    shape.Transpose: transpose, shape.T: t, shape.Permute: permute, shape.Unsqueeze: unsqueeze, shape.Cat: cat,
    shape.Stack: stack, shape.Clone: clone, shape.ToCopy: to_copy, reduction.Sum: sum, reduction.Truth: truth,
    reduction.Norm: norm,
    indexing_ops.Select: select, indexing_ops.Unbind: unbind, indexing_ops.IndexSelect: index_select,
}  # fmt: skip
ZERO_STAYS = (
    unary.Neg, unary.Expm1, unary.Log1p, unary.Sqrt, unary.Sin, unary.Tan, unary.Asin, unary.Atan, unary.Sinh,
    unary.Tanh, unary.Asinh, unary.Atanh, unary.Erf, unary.Abs, unary.Sign, unary.Floor, unary.Ceil, unary.Trunc,
    unary.Frac, unary.Round, activation_ops.Relu,
)  # fmt: skip
RULES.update({op_class: elementwise(op_class) for op_class in ZERO_STAYS})


def apply_sparse(op_class: Any, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """The operation as it is done on lists; NotImplementedError with PyTorch's sentence where it is not."""
    rule = RULES.get(op_class)
    if rule is None:
        raise unsupported(op_class.public or op_class.__name__.lower())
    return rule(*inputs, **params)


__all__ = ["apply_sparse"]
