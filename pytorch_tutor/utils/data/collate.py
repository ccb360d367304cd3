"""Making one batch of many samples: numbers and tensors are stacked, tuples and dicts are taken apart."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any

import numpy as np

from pytorch_tutor.dtypes import float64
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import as_tensor, stack, tensor
from pytorch_tutor.tensor import Tensor

__all__ = ["collate", "default_collate", "default_convert"]

_CANNOT = "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"
_OBJECT_KINDS = "SUO"  # NumPy's letters for bytes, text and Python objects: no numbers to compute with


def default_collate(batch: Any) -> Any:
    """Make one batch of a list of samples, the way :class:`DataLoader` does by default.

    ===========================  =============================================
    samples                      batch
    ===========================  =============================================
    tensors, NumPy arrays        one tensor with one dimension more, in front
    floats                       a float64 tensor
    ints                         an int64 tensor
    text, bytes                  the list as it is
    dicts                        a dict of batches
    tuples, lists                a list of batches (named tuples stay such)
    ===========================  =============================================

    Example::

        >>> import pytorch_tutor as torch
        >>> torch.utils.data.default_collate([(1, "a"), (2, "b")])
        [tensor([1, 2]), ('a', 'b')]
        >>> torch.utils.data.default_collate([{"x": 0.5}, {"x": 1.5}])
        {'x': tensor([0.5000, 1.5000], dtype=torch.float64)}

    Raises:
        RuntimeError: samples of different sizes.
        TypeError: samples of a kind not in the table.
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def collate(batch: Any, *, collate_fn_map: dict[Any, Callable[..., Any]] | None = None) -> Any:
    """:func:`default_collate` with a table of your own: ``{type: function(batch, collate_fn_map=...)}``."""
    sample = batch[0]
    kind = type(sample)
    if collate_fn_map is not None:
        if kind in collate_fn_map:
            return collate_fn_map[kind](batch, collate_fn_map=collate_fn_map)
        for known, function in collate_fn_map.items():
            if isinstance(sample, known):
                return function(batch, collate_fn_map=collate_fn_map)

    def again(samples: Any) -> Any:
        return collate(samples, collate_fn_map=collate_fn_map)

    if isinstance(sample, Mapping):
        return _like_mapping(sample, {key: again([s[key] for s in batch]) for key in sample})
    if isinstance(sample, tuple) and hasattr(sample, "_fields"):
        return kind(*(again(column) for column in zip(*batch, strict=False)))
    if isinstance(sample, Sequence):
        sizes = [len(s) for s in batch]
        if any(size != sizes[0] for size in sizes):
            raise lesson(
                RuntimeError("each element in list of batch should be of equal size"),
                got=f"samples of {min(sizes)} to {max(sizes)} elements",
                hint="pad them in a collate_fn of your own",
            )
        columns = [again(column) for column in zip(*batch, strict=False)]
        return columns if isinstance(sample, tuple) else _like_sequence(sample, columns)
    raise lesson(TypeError(_CANNOT.format(kind)), hint="convert the samples to tensors, or pass a collate_fn")


def default_convert(data: Any) -> Any:
    """Turn NumPy arrays and numbers within ``data`` into tensors, without making a batch (``batch_size=None``).

    Example::

        >>> import numpy as np
        >>> import pytorch_tutor as torch
        >>> torch.utils.data.default_convert([np.array([0, 1]), "text"])
        [tensor([0, 1]), 'text']
    """
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (np.ndarray, np.generic)) and not isinstance(data, np.str_):
        return data if data.dtype.kind in _OBJECT_KINDS else as_tensor(data)
    if isinstance(data, Mapping):
        return _like_mapping(data, {key: default_convert(data[key]) for key in data})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(default_convert(d) for d in data))
    if isinstance(data, tuple):
        return [default_convert(d) for d in data]
    if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        return _like_sequence(data, [default_convert(d) for d in data])
    return data


def _like_mapping(sample: Mapping[Any, Any], values: dict[Any, Any]) -> Any:
    """``values`` in a mapping of the sample's own kind, if that kind can be made so; a dict otherwise."""
    try:
        if isinstance(sample, MutableMapping):
            # a copy keeps what a subclass needs besides its items, such as a defaultdict's factory
            clone = copy.copy(sample)
            clone.update(values)
            return clone
        return type(sample)(values)  # type: ignore[call-arg]
    except TypeError:
        return values


def _like_sequence(sample: Sequence[Any], values: list[Any]) -> Any:
    """``values`` in a sequence of the sample's own kind, if that kind can be made so; a list otherwise."""
    try:
        if isinstance(sample, MutableSequence):
            clone = copy.copy(sample)
            for i, value in enumerate(values):
                clone[i] = value
            return clone
        return type(sample)(values)  # type: ignore[call-arg]
    except TypeError:
        return values


def _collate_tensors(batch: Any, *, collate_fn_map: Any = None) -> Tensor:
    return stack(batch, 0)


def _collate_arrays(batch: Any, *, collate_fn_map: Any = None) -> Any:
    if batch[0].dtype.kind in _OBJECT_KINDS:
        raise lesson(TypeError(_CANNOT.format(batch[0].dtype)), hint="turn text into numbers first")
    return collate([as_tensor(array) for array in batch], collate_fn_map=collate_fn_map)


def _collate_array_scalars(batch: Any, *, collate_fn_map: Any = None) -> Tensor:
    return as_tensor(np.array(batch))


def _collate_floats(batch: Any, *, collate_fn_map: Any = None) -> Tensor:
    return tensor(batch, dtype=float64)


def _collate_ints(batch: Any, *, collate_fn_map: Any = None) -> Tensor:
    return tensor(batch)


def _collate_texts(batch: Any, *, collate_fn_map: Any = None) -> Any:
    return batch


default_collate_fn_map: dict[Any, Callable[..., Any]] = {
    Tensor: _collate_tensors,
    np.ndarray: _collate_arrays,
    (np.bool_, np.number, np.object_): _collate_array_scalars,
    float: _collate_floats,
    int: _collate_ints,
    str: _collate_texts,
    bytes: _collate_texts,
}
