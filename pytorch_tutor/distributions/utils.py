"""What distributions share: parameters brought to one shape, odds and probabilities, triangles as vectors."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import numpy as np

from ..autograd import enable_grad
from ..creation import as_tensor, empty
from ..dtypes import get_default_dtype
from ..functions.shape import broadcast_tensors
from ..tensor import Tensor

NUMBERS = (int, float, complex, np.generic)


def broadcast_all(*values: Any) -> tuple[Any, ...]:
    """Numbers and tensors as tensors of one shape; numbers take the type of the first tensor.

    >>> import pytorch_tutor as torch
    >>> torch.distributions.utils.broadcast_all(1.0, torch.zeros(2))
    (tensor([1., 1.]), tensor([0., 0.]))
    """
    if not all(isinstance(v, (Tensor, *NUMBERS)) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__."
        )
    known = next((v for v in values if isinstance(v, Tensor)), None)
    kind = get_default_dtype() if known is None else known.dtype
    return tuple(broadcast_tensors(*[v if isinstance(v, Tensor) else as_tensor(v, dtype=kind) for v in values]))


class lazy_property:  # noqa: N801 - PyTorch spells this class in lower case
    """A property that is computed when it is first asked for, and then kept."""

    def __init__(self, wrapped: Callable[[Any], Any]) -> None:
        self.wrapped = wrapped
        update_wrapper(self, wrapped)  # type: ignore[arg-type]

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        with enable_grad():
            value = self.wrapped(instance)
        instance.__dict__[self.wrapped.__name__] = value
        return value


def tiny_and_eps(x: Any) -> tuple[float, float]:
    """The smallest normal number of a tensor's type, and its distance from 1 to the next number."""
    limits = np.finfo(x._array.dtype)
    return float(limits.tiny), float(limits.eps)


def clamp_probs(probs: Any) -> Any:
    """Probabilities kept off 0 and 1, so that their logarithms are finite."""
    eps = tiny_and_eps(probs)[1]
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs: Any, is_binary: bool = False) -> Any:
    """Logarithms of probabilities; of a yes or no, the logarithm of its odds."""
    p = clamp_probs(probs)
    return p.log() - (-p).log1p() if is_binary else p.log()


def logits_to_probs(logits: Any, is_binary: bool = False) -> Any:
    """The way back."""
    return logits.sigmoid() if is_binary else logits.softmax(-1)


def softplus(x: Any) -> Any:
    """ln(1 + e^x), which does not overflow."""
    return x.clamp(min=0) + (-x.abs()).exp().log1p()


def one_of(probs: Any, logits: Any) -> None:
    """ValueError unless exactly one of the two ways to give probabilities was used."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


def sum_rightmost(value: Any, dim: int) -> Any:
    """The sum over so many of the last dimensions."""
    return value if dim == 0 else value.reshape((*value.shape[:-dim], -1)).sum(-1)


def standard_normal(shape: Any, like: Any) -> Any:
    """Normal numbers in the type of another tensor."""
    return empty(tuple(shape), dtype=like.dtype).normal_()


def tril_matrix_to_vec(mat: Any, diag: int = 0) -> Any:
    """The elements on and below a diagonal, row after row."""
    n = mat.shape[-1]
    if diag < -n or diag >= n:
        raise ValueError(f"diag ({diag}) provided is outside [{-n}, {n - 1}].")
    rows, columns = np.tril_indices(n, diag)
    return mat[..., as_tensor(rows), as_tensor(columns)]


def vec_to_tril_matrix(vec: Any, diag: int = 0) -> Any:
    """A lower triangle filled row after row, zeros above."""
    length = vec.shape[-1]
    n = 0
    while len(np.tril_indices(n, diag)[0]) < length:
        n += 1
    rows, columns = np.tril_indices(n, diag)
    if len(rows) != length:
        raise ValueError(
            f"The size of last dimension is {length} which cannot be expressed as the lower triangular part of a square D "
            "x D matrix."
        )
    mat = vec.new_zeros((*vec.shape[:-1], n, n))
    mat[..., as_tensor(rows), as_tensor(columns)] = vec
    return mat


def _standard_normal(shape: Any, dtype: Any = None, device: Any = None) -> Any:
    """Normal numbers, by PyTorch's private name, which programs use all the same."""
    return empty(tuple(shape), dtype=dtype).normal_()
