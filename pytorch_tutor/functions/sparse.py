"""Sparse tensors: a list of places and the numbers there. Made from a list or from an ordinary tensor, and back."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import numpy as np

from ..backends.coo import Coo, Csr
from ..creation import tensor, zeros
from ..dispatch import apply
from ..dtypes import int64
from ..errors import lesson
from ..layouts import layout, sparse_coo, sparse_csr, strided
from ..ops import sparse as ops
from ..tensor_base import TensorBase, wrap

LAYOUT_NAMES = {strided: "Strided", sparse_coo: "Sparse", sparse_csr: "SparseCsr"}


def is_sparse(value: Any) -> bool:
    """Is it a tensor held as places and numbers?"""
    return isinstance(value, TensorBase) and isinstance(value._array, Coo)


def unsupported(name: str, backend: str = "SparseCPU") -> NotImplementedError:
    """PyTorch's sentence for a function that sparse tensors do not have."""
    return lesson(
        NotImplementedError(
            f"Could not run 'aten::{name}' with arguments from the '{backend}' backend. This could be because the operator "
            "doesn't exist for this backend, or was omitted during the selective/custom build process (if using custom "
            "build). If you are a Facebook employee using PyTorch on mobile, please visit https://fburl.com/ptmfixes for "
            "possible resolutions."
        ),
        expected="an ordinary tensor" if backend == "SparseCPU" else "a sparse tensor",
        got="a sparse tensor" if backend == "SparseCPU" else "an ordinary tensor",
        hint="x.to_dense()" if backend == "SparseCPU" else "x.to_sparse()",
    )


# ---------------------------------------------------------------------- checks
class check_sparse_tensor_invariants:  # noqa: N801 - PyTorch spells this class in lower case
    """Whether lists of places are checked when a sparse tensor is made: a switch, a ``with`` block or a decorator.

    >>> import pytorch_tutor as torch
    >>> with torch.sparse.check_sparse_tensor_invariants():
    ...     torch.sparse.check_sparse_tensor_invariants.is_enabled()
    True
    """

    _enabled = False

    @staticmethod
    def is_enabled() -> bool:
        """Are lists checked?"""
        return check_sparse_tensor_invariants._enabled

    @staticmethod
    def enable() -> None:
        """Check from now on."""
        check_sparse_tensor_invariants._enabled = True

    @staticmethod
    def disable() -> None:
        """Check no more."""
        check_sparse_tensor_invariants._enabled = False

    def __init__(self, enable: bool = True) -> None:
        self.state = enable
        self._before: bool | None = None

    def __enter__(self) -> None:
        if self._before is not None:
            raise RuntimeError(
                "This context manager instance is already activated. Use a different context manager instance for context "
                "nesting."
            )
        self._before = check_sparse_tensor_invariants._enabled
        check_sparse_tensor_invariants._enabled = self.state

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._before is not None
        check_sparse_tensor_invariants._enabled = self._before
        self._before = None

    def __call__(self, function: Any) -> Any:
        def checked(*args: Any, **kwargs: Any) -> Any:
            with type(self)(self.state):
                return function(*args, **kwargs)

        return checked


def _check_places(indices: Any, shape: tuple[int, ...], values: Any) -> None:
    if not indices.size:
        return
    for dim, (place, size) in enumerate(zip(indices, shape, strict=False)):
        low, high = int(place.min()), int(place.max())
        if low < 0:
            raise lesson(
                RuntimeError(f"found negative index {low} for dim {dim}"), expected=f"0 to {size - 1}", got=low
            )
        if high >= size:
            raise lesson(
                RuntimeError(
                    f"size is inconsistent with indices: for dim {dim}, size is {size} but found index {high}"
                ),
                expected=f"0 to {size - 1}",
                got=high,
                hint=f"a size of at least {high + 1}",
            )
    expected = [values.shape[0], *shape[len(indices) :]]
    if list(values.shape) != expected:
        raise RuntimeError(f"values has incorrect size, expected {expected}, got {list(values.shape)}")


# ---------------------------------------------------------------------- making them
def sparse_coo_tensor(
    indices: Any = None, values: Any = None, size: Any = None, *, dtype: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False, check_invariants: bool | None = None,
    is_coalesced: bool | None = None,
) -> Any:  # fmt: skip
    """A sparse tensor: ``values[k]`` at the place ``indices[:, k]``; what is named twice is added.

    Shapes: indices (sparse dimensions, n), values (n, dense dimensions...). The size is the smallest that fits unless
    it is given. Only with ``check_invariants=True`` are the places compared with it.

    >>> import pytorch_tutor as torch
    >>> torch.sparse_coo_tensor([[0, 1], [2, 0]], [3.0, 4.0], (2, 3)).to_dense()
    tensor([[0., 0., 3.],
            [4., 0., 0.]])
    """
    if values is None:
        return _empty(indices if size is None else size, dtype, requires_grad)
    numbers = values if isinstance(values, TensorBase) else tensor(values)
    if dtype is not None:
        numbers = numbers.to(dtype)
    places = (indices if isinstance(indices, TensorBase) else tensor(indices)).to(int64)._array
    if places.ndim != 2:
        raise lesson(
            RuntimeError(f"indices must be sparse_dim x nnz, but got: {list(places.shape)}"),
            expected="a matrix: one row per dimension, one column per number",
            got=f"shape {tuple(places.shape)}",
            hint="torch.stack([rows, columns])",
        )
    array = numbers._array
    if not array.ndim:
        numbers = numbers.expand(1)
        array = numbers._array
    if places.shape[1] != array.shape[0]:
        raise lesson(
            RuntimeError(
                f"indices and values must have same nnz, but got nnz from indices: {places.shape[1]}, nnz from values: "
                f"{array.shape[0]}"
            ),
            expected="as many columns of indices as values",
        )
    if size is None:
        _check_places(places, (1 << 62,) * len(places) + array.shape[1:], array)
        shape = tuple([int(p.max()) + 1 if p.size else 0 for p in places]) + array.shape[1:]
    else:
        shape = tuple(int(n) for n in size)
        if len(shape) != len(places) + array.ndim - 1:
            raise RuntimeError(
                f"'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = {len(shape)}, sparse_dim = "
                f"{len(places)}, dense_dim = {array.ndim - 1}"
            )
        if check_invariants or (check_invariants is None and check_sparse_tensor_invariants.is_enabled()):
            _check_places(places, shape, array)
    template = Coo(places, array, shape)
    template.coalesced = array.shape[0] < 2 and not array.shape[0] or bool(is_coalesced)
    if is_coalesced and check_invariants and not (np.diff(template.keys()) > 0).all():
        raise RuntimeError("cannot set is_coalesced to true if indices correspond to uncoalesced COO tensor")
    return _made(numbers, template, requires_grad)


def _made(numbers: Any, template: Coo, requires_grad: bool) -> Any:
    """The numbers at their places; with ``requires_grad`` a leaf of its own, which knows nothing of the numbers' history."""
    made = apply(ops.SparseCooTensor, numbers.detach() if requires_grad else numbers, places=template)
    return made.requires_grad_() if requires_grad else made


def _empty(size: Any, dtype: Any, requires_grad: bool) -> Any:
    """A sparse tensor of zeros: nothing is listed."""
    if isinstance(size, str) or not hasattr(size, "__iter__"):
        raise TypeError(
            f"sparse_coo_tensor(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}"
        )
    shape = tuple(int(n) for n in size)
    numbers = zeros(0, dtype=dtype)
    return _made(numbers, Coo(np.zeros((len(shape), 0), np.int64), numbers._array, shape, True), requires_grad)


def sparse_csr_tensor(
    crow_indices: Any, col_indices: Any, values: Any, size: Any = None, *, dtype: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False, check_invariants: bool | None = None,
) -> Any:  # fmt: skip
    """A sparse matrix by rows: row i holds ``values[crow[i]:crow[i+1]]`` in the columns ``col_indices`` of the same range.

    >>> import pytorch_tutor as torch
    >>> torch.sparse_csr_tensor([0, 1, 3], [1, 0, 1], [1.0, 2.0, 3.0]).to_dense()
    tensor([[0., 1.],
            [2., 3.]])
    """
    starts, columns = (
        (part if isinstance(part, TensorBase) else tensor(part)).to(int64)._array
        for part in (crow_indices, col_indices)
    )
    numbers = values if isinstance(values, TensorBase) else tensor(values)
    if dtype is not None:
        numbers = numbers.to(dtype)
    if check_invariants or (check_invariants is None and check_sparse_tensor_invariants.is_enabled()):
        if starts.size and int(starts[0]) != 0:
            raise RuntimeError("`crow_indices[..., 0] == 0` is not satisfied.")
    if starts.size and int(starts[-1]) != len(columns):
        raise RuntimeError("`crow_indices[..., -1] == nnz` is not satisfied.")
    width = int(columns.max()) + 1 if columns.size else 0
    shape = (len(starts) - 1, width) if size is None else tuple(int(n) for n in size)
    return _made(numbers, Csr.from_starts(starts, columns, numbers._array, shape), requires_grad)


# ---------------------------------------------------------------------- from an ordinary tensor, and back
def to_sparse(self: Any, sparse_dim: Any = None, *, layout: layout | None = None, **_: Any) -> Any:
    """The list of what is not zero; ``sparse_dim`` leading dimensions become places, the others stay dense.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([[0.0, 5.0]]).to_sparse()
    tensor(indices=tensor([[0],
                           [1]]),
           values=tensor([5.]),
           size=(1, 2), nnz=1, layout=torch.sparse_coo)
    """
    if layout is sparse_csr:
        return to_sparse_csr(self)
    array = self._array
    if isinstance(array, Csr):
        return apply(ops.SparseConvert, self, kind=Coo)
    if isinstance(array, Coo):
        if sparse_dim is not None and sparse_dim != array.sparse_dim:
            raise RuntimeError(
                "to_sparse: conversion from Sparse to Sparse with sparse_dim argument !=self.sparse_dim() is not supported"
            )
        return self
    wanted = array.ndim if sparse_dim is None else sparse_dim
    if not 0 <= wanted <= array.ndim or (array.ndim and not wanted):
        raise RuntimeError(
            f"dense_to_sparse: sparse_dim argument must be in [0,{array.ndim}] range, but {wanted} is given"
        )
    return apply(ops.ToSparse, self, sparse_dim=wanted, variant=int(sparse_dim is None))


def to_sparse_csr(self: Any, dense_dim: int | None = None) -> Any:
    """The matrix as rows of what is not zero."""
    if self._array.ndim != 2:
        raise RuntimeError(f"to_sparse_csr: Expected a 2-dimensional tensor, but got {self._array.ndim} dimensions")
    return apply(ops.SparseConvert, self if is_sparse(self) else to_sparse(self), kind=Csr)


def to_dense(self: Any, dtype: Any = None, *, masked_grad: bool | None = None) -> Any:
    """The tensor with all its zeros; an ordinary one as it is."""
    if not is_sparse(self):
        return self if dtype is None else self.to(dtype)
    if dtype is not None:
        raise RuntimeError("dtype argument is not supported by sparse_to_dense")
    return apply(ops.ToDense, self)


# ---------------------------------------------------------------------- what it holds
def _need(self: Any, name: str, expected: str, kinds: Any = Coo, but: Any = ()) -> Any:
    array = self._array
    if not isinstance(array, kinds) or isinstance(array, but):
        raise lesson(
            RuntimeError(f"{name} expected {expected} tensor layout but got {LAYOUT_NAMES[self.layout]}"),
            hint="x.to_sparse()",
        )
    return array


def _need_coalesced(self: Any, name: str) -> None:
    if not self._array.coalesced and not isinstance(self._array, Csr):
        raise lesson(
            RuntimeError(f"Cannot get {name} on an uncoalesced tensor, please call .coalesce() first"),
            hint=f"x.coalesce().{name}()",
        )


def coalesce(self: Any) -> Any:
    """Each place once, in order, with the sum of its numbers."""
    array = _need(self, "coalesce", "sparse coordinate", but=Csr)
    return self if array.coalesced else apply(ops.Coalesce, self)


def is_coalesced(self: Any) -> bool:
    """Is every place listed once, in order?"""
    return bool(_need(self, "is_coalesced", "sparse coordinate", but=Csr).coalesced)


def indices(self: Any) -> Any:
    """The places (sparse dimensions, n) of a coalesced tensor."""
    _need(self, "indices", "sparse coordinate", but=Csr)
    _need_coalesced(self, "indices")
    return wrap(self._array.indices)


def values(self: Any) -> Any:
    """The numbers (n, dense dimensions...) of a coalesced tensor."""
    _need(self, "values", "sparse")
    _need_coalesced(self, "values")
    return apply(ops.Values, self)


def raw_indices(self: Any) -> Any:
    """The places as they are listed."""
    if not is_sparse(self):
        raise unsupported("_indices", "CPU")
    return wrap(self._array.indices)


def raw_values(self: Any) -> Any:
    """The numbers as they are listed, without history."""
    if not is_sparse(self):
        raise unsupported("_values", "CPU")
    return wrap(self._array.values)


def nnz(self: Any) -> int:
    """How many places are listed."""
    if not is_sparse(self):
        raise unsupported("_nnz", "CPU")
    return int(self._array.nnz)


def crow_indices(self: Any) -> Any:
    """Where each row begins in the list of a matrix by rows."""
    return wrap(_need(self, "crow_indices", "sparse row compressed", Csr).starts)


def col_indices(self: Any) -> Any:
    """The column of each number of a matrix by rows."""
    return wrap(_need(self, "col_indices", "sparse row compressed", Csr).indices[1])


def sparse_dim(self: Any) -> int:
    """How many dimensions the places have: 0 for an ordinary tensor."""
    return int(self._array.sparse_dim) if is_sparse(self) else 0


def dense_dim(self: Any) -> int:
    """How many dimensions each listed number has."""
    return int(self._array.ndim) - sparse_dim(self)


def sparse_mask(self: Any, mask: Any) -> Any:
    """The tensor's numbers at the places of a sparse one.

    >>> import pytorch_tutor as torch
    >>> torch.tensor([[1.0, 2.0]]).sparse_mask(torch.tensor([[0.0, 1.0]]).to_sparse()).to_dense()
    tensor([[0., 2.]])
    """
    if not is_sparse(mask):
        raise unsupported("sparse_mask", "CPU")
    if self._array.shape != mask._array.shape:
        raise RuntimeError(
            f"sparse_mask(): operands have incompatible sizes; self has size {list(self._array.shape)} but mask has size "
            f"{list(mask._array.shape)}"
        )
    return apply(ops.SparseMask, self, mask=mask._array)
