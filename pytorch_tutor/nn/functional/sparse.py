"""Embeddings: rows of a table looked up by number, and one-hot vectors."""

from __future__ import annotations

import warnings
from typing import Any

from pytorch_tutor.backends import namespace
from pytorch_tutor.creation import zeros
from pytorch_tutor.dispatch import apply
from pytorch_tutor.dtypes import int64
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.functional._arguments import require_tensor, scalar_name
from pytorch_tutor.ops import embedding as ops


def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """A 1 at the place of each class number, 0 elsewhere; `num_classes` is the largest number + 1 unless given.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.one_hot(torch.tensor([0, 2]), num_classes=3)
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    require_tensor(tensor, "one_hot")
    if tensor.dtype is not int64:
        raise lesson(
            RuntimeError("one_hot is only applicable to index tensor of type LongTensor."),
            expected="torch.int64",
            got=str(tensor.dtype),
            hint="x.long()",
        )
    if not tensor.numel():
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return zeros(*tensor.shape, num_classes, dtype=int64)
    if tensor.min().item() < 0:
        raise RuntimeError("Class values must be non-negative.")
    largest = int(tensor.max().item())
    if num_classes == -1:
        num_classes = largest + 1
    elif num_classes <= largest:
        raise lesson(
            RuntimeError("Class values must be smaller than num_classes."),
            expected=f"numbers from 0 to {num_classes - 1}",
            got=largest,
            hint=f"num_classes={largest + 1}",
        )
    return zeros(*tensor.shape, num_classes, dtype=int64).scatter_(-1, tensor.unsqueeze(-1), 1)


def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    """The rows of `weight` that `input` numbers. Shapes: input (*) of integers, weight (rows, width); result (*, width).

    The row `padding_idx` gets no gradient. With `max_norm`, rows that are longer are first shortened in place.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.embedding(torch.tensor([1, 0]), torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([[3., 4.],
            [1., 2.]])

    Raises IndexError for a number outside the table.
    """
    if padding_idx is not None:
        padding_idx = _padding_row(padding_idx, weight.size(0))
    else:
        padding_idx = -1
    require_tensor(weight, "embedding", "weight", 1)
    require_tensor(input, "embedding", "indices", 2)
    index = input._array
    if weight._array.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if index.dtype.name not in ("int64", "int32"):
        raise lesson(
            RuntimeError(
                "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; "
                f"but got {_type_name(input)} instead (while checking arguments for embedding)"
            ),
            expected="torch.int64",
            got=str(input.dtype),
            hint="x.long()",
        )
    _check_rows(index, weight._array.shape[0])
    if max_norm is not None:
        _renormalize(weight, index, max_norm, norm_type)
    return apply(
        ops.Embedding,
        weight,
        index=index,
        padding_idx=padding_idx,
        scale_grad_by_freq=scale_grad_by_freq,
        sparse=sparse,
    )


def _padding_row(padding_idx: int, rows: int) -> int:
    if not -rows <= padding_idx < rows:
        raise AssertionError("Padding_idx must be within num_embeddings")
    return padding_idx % rows


def _type_name(tensor: Any) -> str:
    if tensor.dtype.kind in "bc" or tensor.dtype.name == "bfloat16":
        return f"CPU{scalar_name(tensor)}Type"
    return str(tensor.type())


def _check_rows(index: Any, rows: int) -> None:
    if index.size and (index.min() < 0 or index.max() >= rows):
        wrong = int(index[(index < 0) | (index >= rows)].reshape(-1)[0])
        raise lesson(
            IndexError("index out of range in self"),
            expected=f"numbers from 0 to {rows - 1} (Embedding.num_embeddings is {rows})",
            got=wrong,
            hint=f"Embedding(num_embeddings={wrong + 1}, ...)" if wrong > 0 else "count from 0",
        )


def _renormalize(weight: Any, index: Any, max_norm: float, norm_type: float) -> None:
    """Shortens the rows that are used to at most `max_norm`, in place and outside the graph."""
    table = weight._array
    xp = namespace(table)
    rows = xp.unique(index)
    length = xp.linalg.norm(table[rows].astype(xp.float64), ord=norm_type, axis=1)
    long = length > max_norm
    table[rows[long]] *= (max_norm / (length[long] + 1e-7)).astype(table.dtype)[:, None]
    weight.version.n += 1


def embedding_bag(
    input: Any,
    weight: Any,
    offsets: Any = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Any = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Any:
    """The sum, mean or maximum of the rows in each bag.

    Shapes: input (B, n), bags of equal size; or (M) with `offsets` (B), where each bag begins. Result (B, width).
    """
    if weight.dtype is int64 and input.is_floating_point():
        warnings.warn(
            "Argument order of nn.functional.embedding_bag was changed. "
            "Usage `embedding_bag(weight, input, ...)` is deprecated, "
            "and should now be `embedding_bag(input, weight, ...)`.",
            stacklevel=2,
        )
        weight, input = input, weight
    if per_sample_weights is not None and input.size() != per_sample_weights.size():
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, "
            f"then it must have the same shape as the input ({input.shape})"
        )
    if weight.dim() != 2:
        raise ValueError(f"weight has to be a 2D Tensor, but got Tensor of dimension {weight.dim()}")
    index = input._array
    xp = namespace(weight._array)
    if input.dim() == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type {type(offsets)}"
            )
        bags, size = index.shape
        index = index.reshape(-1)
        bag = xp.repeat(xp.arange(bags), size)
        if per_sample_weights is not None:
            per_sample_weights = per_sample_weights.reshape(-1)
    elif input.dim() == 1:
        if offsets is None:
            raise ValueError("offsets has to be a 1D Tensor but got None")
        if offsets.dim() != 1:
            raise ValueError("offsets has to be a 1D Tensor")
        starts = offsets._array
        _check_offsets(starts, index.size, include_last_offset)
        if include_last_offset:  # what follows the last offset is in no bag
            starts, end = starts[:-1], int(starts[-1])
            index = index[:end]
            per_sample_weights = None if per_sample_weights is None else per_sample_weights[:end]
        bags = len(starts)
        bag = xp.searchsorted(starts, xp.arange(index.size), side="right") - 1
    else:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}")
    _check_mode(mode, scale_grad_by_freq, sparse)
    if weight.dtype.rank != 3:
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, BFloat16, Float, "
            f"Double; but got {_type_name(weight)} instead (while checking arguments for embedding_bag)"
        )
    if padding_idx is not None:
        padding_idx = _bag_padding(padding_idx, weight.size(0))
    _check_rows(index, weight.shape[0])
    if max_norm is not None:
        _renormalize(weight, index, max_norm, norm_type)
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. "
            "per_sample_weights is only supported for mode='sum' "
            f"(got mode='{mode}'). Please open a feature request on GitHub."
        )
    return apply(
        ops.EmbeddingBag,
        weight,
        per_sample_weights,
        index=index,
        bag=bag,
        bags=bags,
        mode=mode,
        padding_idx=-1 if padding_idx is None else padding_idx,
        scaled=scale_grad_by_freq,
        sparse=sparse,
    )


def _check_offsets(starts: Any, count: int, include_last_offset: bool) -> None:
    if include_last_offset and starts.size < 1:
        raise RuntimeError("include_last_offset: number of offset should be at least 1")
    if starts.size:
        if starts[0] != 0:
            raise RuntimeError(
                "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. "
                f"However, got {int(starts[0])}"
            )
        if starts[-1] > count:
            raise RuntimeError(
                f"offsets[-1] can not be greater than input's length {count} but got offsets[-1] of {int(starts[-1])}"
            )


def _check_mode(mode: str, scale_grad_by_freq: bool, sparse: bool) -> None:
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if mode == "max" and sparse:
        raise ValueError("max mode does not support sparse weights")


def _bag_padding(padding_idx: int, rows: int) -> int:
    if not -rows <= padding_idx < rows:
        raise RuntimeError(
            f"padding_idx must be within the number of embeddings, -{rows} through {rows - 1}, but got {padding_idx}"
        )
    return padding_idx % rows
