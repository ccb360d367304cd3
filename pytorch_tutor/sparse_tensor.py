"""SparseTensor: a tensor whose memory is a list of places and numbers, and what is therefore different about it."""

from __future__ import annotations

from typing import Any

from .backends.coo import Coo, Csr
from .device import CPU, device
from .dispatch import check_writable, write_over
from .dtypes import SCALAR_NAMES, dtype, of_array
from .errors import lesson
from .functions import sparse
from .functions.conversion import type_of
from .layouts import layout, sparse_coo, sparse_csr
from .overriding import disabled
from .printing_sparse import sparse_repr
from .tensor import Tensor
from .tensor_base import TensorBase, wrap

NO_MEMORY = "Cannot access data pointer of Tensor that doesn't have storage"


def rebuild(kind: str, places: Any, numbers: Any, shape: tuple[int, ...], coalesced: bool, requires_grad: bool) -> Any:
    """A sparse tensor from what pickle stored."""
    made = wrap((Csr if kind == "sparse_csr" else Coo)(places, numbers, shape, coalesced))
    made._requires_grad = requires_grad
    return made


class SparseTensor(Tensor):
    """A tensor that is nearly all zeros. What works on it is what makes sense on lists; ``to_dense`` for the rest.

    >>> import pytorch_tutor as torch
    >>> x = torch.eye(3).to_sparse()
    >>> x @ torch.ones(3, 1)
    tensor([[1.],
            [1.],
            [1.]])
    """

    __torch_function__ = disabled  # type: ignore[assignment] # a name of the engine's, not a subclass of the user's

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Made by `torch.sparse_coo_tensor` and `Tensor.to_sparse` only."""
        raise TypeError("use torch.sparse_coo_tensor(indices, values, size)")

    # -- what it is
    @property
    def _dtype(self) -> dtype:
        return of_array(self._array.dtype)

    @_dtype.setter
    def _dtype(self, kind: Any) -> None:
        """The list itself tells the type."""

    @property
    def device(self) -> device:
        """Lists are kept in the computer's own memory."""
        return CPU

    @property
    def layout(self) -> layout:
        """``torch.sparse_coo``, or ``torch.sparse_csr`` for a matrix by rows."""
        return sparse_csr if isinstance(self._array, Csr) else sparse_coo

    is_sparse = property(lambda self: not isinstance(self._array, Csr))
    is_sparse_csr = property(lambda self: isinstance(self._array, Csr))

    def settle(self) -> Any:
        """The list."""
        return self._array

    # mypy forgets the names of a special method's arguments, and then takes two equal signatures for different ones.
    def __repr__(self, *, tensor_contents: str | None = None) -> str:  # type: ignore[override]
        return sparse_repr(self)

    __str__ = __repr__  # type: ignore[assignment]

    # -- what it does not have
    def _no_memory(self, *args: Any, **kwargs: Any) -> Any:
        """RuntimeError: the elements do not lie in memory one after another."""
        raise lesson(RuntimeError(NO_MEMORY), hint="x.to_dense()")

    data_ptr = _no_memory

    def tolist(self) -> Any:
        """RuntimeError, as ``data_ptr``."""
        raise lesson(RuntimeError(NO_MEMORY), hint="x.to_dense().tolist()")

    def numpy(self, *, force: bool = False) -> Any:
        """TypeError: NumPy has no sparse arrays."""
        name = "SparseCsr" if self.is_sparse_csr else "Sparse"
        raise lesson(
            TypeError(f"can't convert {name} layout tensor to numpy. Use Tensor.to_dense() first."),
            hint="x.to_dense().numpy()",
        )

    def storage(self) -> Any:
        """NotImplementedError: there is no memory of all elements."""
        raise NotImplementedError("Cannot access storage of SparseTensorImpl")

    untyped_storage = storage

    def stride(self, dim: int | None = None) -> Any:
        """Zeros: there is no way from one element to the next."""
        return (0,) * self._array.ndim if dim is None else 0

    def is_contiguous(self, memory_format: Any = None) -> bool:
        """Never."""
        return False

    def contiguous(self, memory_format: Any = None) -> Any:
        """RuntimeError: there is no order to bring it to."""
        raise RuntimeError("unsupported memory format option Contiguous")

    def reshape(self, *shape: Any) -> Any:
        """RuntimeError: places would have to change."""
        raise lesson(RuntimeError("reshape is not implemented for sparse tensors"), hint="x.to_dense().reshape(...)")

    flatten = reshape  # type: ignore[assignment]

    def view(self, *shape: Any, size: Any = None, dtype: Any = None) -> Any:
        """NotImplementedError: there is no memory to view."""
        raise sparse.unsupported("view")

    def expand(self, *sizes: Any) -> Any:
        """RuntimeError: what is repeated would have to be listed."""
        raise RuntimeError("expand is unsupported for Sparse tensors")

    @property
    def nbytes(self) -> int:
        """RuntimeError: which bytes would be meant?"""
        raise RuntimeError(
            "nbytes is not defined for sparse tensors.  If you want the size of the constituent tensors, add the nbytes "
            "of the indices and values.  If you want the size of the  equivalent dense tensor, multiply numel() by "
            "element_size()"
        )

    def type(self, dtype: Any = None, non_blocking: bool = False) -> Any:
        """The name of the type, or the tensor as another type."""
        if dtype is None:
            return f"torch.sparse.{SCALAR_NAMES[self.dtype]}Tensor"
        return type_of(self, dtype)

    def norm(self, p: Any = "fro", *_: Any, **__: Any) -> Any:
        """The norm of all numbers: zeros add nothing."""
        return sparse.values(sparse.coalesce(self)).norm(p)

    # -- in place: the list is exchanged
    def zero_(self) -> Any:
        """An empty list."""
        check_writable(self)
        array = self._array
        self._array[...] = Coo(array.indices[:, :0], array.values[:0], array.shape, True)
        self.version.n += 1
        return self

    def copy_(self, src: Any, non_blocking: bool = False) -> Any:
        """Takes over the other's list."""
        if not sparse.is_sparse(src):
            raise RuntimeError(
                "copy_() between dense and sparse Tensors is not implemented! Found self type = "
                f"{self.type()} and src type = {src.type()}"
            )
        check_writable(self)
        return write_over(self, src.to(self.dtype).clone())

    def _accumulate(self, gradient: Any, shared: bool) -> None:
        """Adds an arriving gradient, which may be a list or an ordinary array."""
        array = gradient._array if isinstance(gradient, TensorBase) else gradient
        self._grad = wrap(array if self._grad is None else self._grad._array + array)

    # -- copies
    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = self.detach().clone().requires_grad_(self.requires_grad)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        a = self._array
        return rebuild, (a.layout, a.indices, a.values, a.shape, a.coalesced, self.requires_grad)


SparseTensor.__name__ = SparseTensor.__qualname__ = "Tensor"  # the class has a name in PyTorch's sentences too
TensorBase.sparse = SparseTensor
