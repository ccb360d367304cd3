"""``torch.norm``, the older of the two, and the distance of two tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dispatch import apply, not_a_tensor
from ..dtypes import SCALAR_NAMES, promote_types
from ..errors import lesson
from ..ops.distance import Dist
from ..tensor_base import TensorBase
from .norms import matrix_norm, vector_norm
from .numpy_names import numpy_names


@numpy_names
def norm(input: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, out: Any = None, dtype: Any = None) -> Any:
    """The p-norm of all elements, or along dimensions (2, the Euclidean length, unless told).

    "fro" is 2, and "nuc" the sum of the singular values of matrices in two dimensions. Of a matrix, a number is the norm
    of all its elements in a row; the norms of matrices are in ``torch.linalg.matrix_norm``.

    >>> import pytorch_tutor as torch
    >>> torch.norm(torch.tensor([3.0, 4.0]))
    tensor(5.)
    >>> torch.norm(torch.eye(3), "nuc")
    tensor(3.)
    """
    if not isinstance(input, TensorBase):
        raise not_a_tensor("norm", "input", 1, input)
    if isinstance(p, str) and not (p == "fro" and (dim is None or isinstance(dim, int) or len(dim) <= 2)):
        dims = range(input._array.ndim) if dim is None else (dim,) if isinstance(dim, int) else dim
        return matrix_norm(input, p, tuple(dims), keepdim, dtype=dtype, out=out)
    order = 2.0 if p is None or isinstance(p, str) else p
    dims = None if isinstance(dim, Sequence) and not dim else dim
    return vector_norm(input, order, dims, keepdim, dtype=dtype, out=out)


def dist(input: Any, other: Any, p: float = 2) -> Any:
    """The p-norm of the difference of two tensors, which broadcast.

    >>> import pytorch_tutor as torch
    >>> torch.dist(torch.tensor([3.0, 4.0]), torch.zeros(2))
    tensor(5.)
    """
    for place, (name, t) in enumerate((("input", input), ("other", other)), start=1):
        if not isinstance(t, TensorBase):
            raise not_a_tensor("dist", name, place, t)
    meeting = promote_types(input.dtype, other.dtype)
    if meeting.rank < 3:
        raise lesson(
            RuntimeError(
                f"norm(): input dtype should be either floating point or complex. Got {SCALAR_NAMES[meeting]} instead."
            ),
            expected="floats",
            got=str(meeting),
            hint="x.float()",
        )
    return apply(Dist, input, other, p=float(p))
