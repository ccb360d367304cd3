"""Datasets: things that know how many samples they have and give each by its number, or one after another."""

from __future__ import annotations

import bisect
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import randperm
from pytorch_tutor.generator import Generator, default_generator
from pytorch_tutor.tensor import Tensor

__all__ = [
    "ChainDataset",
    "ConcatDataset",
    "Dataset",
    "IterableDataset",
    "StackDataset",
    "Subset",
    "TensorDataset",
    "random_split",
]

T = TypeVar("T", covariant=True)


class Dataset(Generic[T]):
    """A dataset that gives a sample by its number: define ``__getitem__`` and ``__len__``.

    Optionally define ``__getitems__(indices)``, which returns the samples of a whole batch as a list.

    Example::

        >>> import pytorch_tutor as torch
        >>> class Squares(torch.utils.data.Dataset):
        ...     def __len__(self):
        ...         return 5
        ...     def __getitem__(self, index):
        ...         return index * index
        >>> list(torch.utils.data.DataLoader(Squares(), batch_size=3))
        [tensor([0, 1, 4]), tensor([ 9, 16])]
    """

    def __getitem__(self, index: Any) -> T:
        raise lesson(
            NotImplementedError("Subclasses of Dataset should implement __getitem__."),
            hint=f"define __getitem__(self, index) in {type(self).__name__}",
        )

    def __add__(self, other: Dataset[Any]) -> Dataset[Any]:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T], Iterable[T]):
    """A dataset that gives its samples one after another (a stream): define ``__iter__``.

    With ``num_workers > 0`` each worker has a copy of the whole dataset: let each give its own share of the samples
    with the help of :func:`get_worker_info`.

    Example::

        >>> import pytorch_tutor as torch
        >>> class Countdown(torch.utils.data.IterableDataset):
        ...     def __iter__(self):
        ...         return iter([3, 2, 1])
        >>> list(torch.utils.data.DataLoader(Countdown(), batch_size=2))
        [tensor([3, 2]), tensor([1])]
    """

    def __iter__(self) -> Iterator[T]:
        raise lesson(
            NotImplementedError("Subclasses of IterableDataset should implement __iter__."),
            hint=f"define __iter__(self) in {type(self).__name__}",
        )

    def __add__(self, other: Dataset[Any]) -> Dataset[Any]:
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Tensors whose first dimension counts the samples: ``dataset[i]`` is the i-th of each.

    Args:
        tensors: tensors with equal first dimension, for instance inputs and targets.

    Example::

        >>> import pytorch_tutor as torch
        >>> dataset = torch.utils.data.TensorDataset(torch.arange(3), torch.tensor([5.0, 6.0, 7.0]))
        >>> dataset[1]
        (tensor(1), tensor(6.))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor) -> None:
        if any(tensors[0].size(0) != tensor.size(0) for tensor in tensors):
            raise lesson(
                AssertionError("Size mismatch between tensors"),
                expected="equal first dimensions",
                got=", ".join(str(tensor.size(0)) for tensor in tensors),
            )
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        return int(self.tensors[0].size(0))


class Subset(Dataset[T]):
    """Some samples of a dataset, by their numbers.

    Args:
        dataset: the whole.
        indices: numbers of samples in it.

    Example::

        >>> import pytorch_tutor as torch
        >>> list(torch.utils.data.Subset(["a", "b", "c", "d"], [3, 1]))
        ['d', 'b']
    """

    dataset: Dataset[T]
    indices: Sequence[int]

    def __init__(self, dataset: Dataset[T], indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices
        kind = type(self)
        if kind.__getitem__ is not Subset.__getitem__ and kind.__getitems__ is Subset.__getitems__:
            raise NotImplementedError(
                f"{kind.__name__} overrides __getitem__ but not __getitems__. "
                "When subclassing Subset and overriding __getitem__, "
                "you must also override __getitems__ to ensure DataLoader works correctly with your custom logic. "
                "A simple implementation:\n\n"
                "def __getitems__(self, indices):\n"
                "    return [self.__getitem__(idx) for idx in indices]"
            )

    def __getitem__(self, idx: Any) -> T:
        if isinstance(idx, list):
            return self.dataset[[self.indices[i] for i in idx]]
        return self.dataset[self.indices[idx]]

    def __getitems__(self, indices: list[int]) -> list[T]:
        numbers = [self.indices[i] for i in indices]
        many = getattr(self.dataset, "__getitems__", None)
        return list(many(numbers)) if callable(many) else [self.dataset[number] for number in numbers]

    def __len__(self) -> int:
        return len(self.indices)


class ConcatDataset(Dataset[T]):
    """Several datasets as one, one behind the other (also written ``first + second``).

    Args:
        datasets: the parts.

    Example::

        >>> import pytorch_tutor as torch
        >>> both = torch.utils.data.ConcatDataset([["a", "b"], ["c"]])
        >>> len(both), both[2], both[-1]
        (3, 'c', 'c')
    """

    datasets: list[Dataset[T]]
    cumulative_sizes: list[int]

    @staticmethod
    def cumsum(sequence: Iterable[Any]) -> list[int]:
        """The number of samples up to and with each part."""
        return list(itertools.accumulate(len(part) for part in sequence))

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if len(self.datasets) == 0:
            raise lesson(AssertionError("datasets should not be an empty iterable"), expected="at least one dataset")
        if any(isinstance(part, IterableDataset) for part in self.datasets):
            raise lesson(AssertionError("ConcatDataset does not support IterableDataset"), hint="use ChainDataset")
        self.cumulative_sizes = self.cumsum(self.datasets)

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, idx: int) -> T:
        if idx < 0:
            if -idx > len(self):
                raise lesson(
                    ValueError("absolute value of index should not exceed dataset length"),
                    expected=f"at most {len(self)}",
                    got=str(-idx),
                )
            idx = len(self) + idx
        part = bisect.bisect_right(self.cumulative_sizes, idx)
        before = self.cumulative_sizes[part - 1] if part > 0 else 0
        return self.datasets[part][idx - before]


class ChainDataset(IterableDataset[T]):
    """Several streams as one, one after the other.

    Args:
        datasets: the parts, each an :class:`IterableDataset`.
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def _parts(self) -> Iterator[Any]:
        for part in self.datasets:
            if not isinstance(part, IterableDataset):
                raise lesson(
                    AssertionError("ChainDataset only supports IterableDataset"), got=f"a {type(part).__name__}"
                )
            yield part

    def __iter__(self) -> Iterator[T]:
        for part in self._parts():
            yield from part

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts())


class StackDataset(Dataset[Any]):
    """Several datasets side by side: a sample is a tuple (or, by keyword, a dict) of their samples.

    Args:
        args: datasets of equal length, for tuples.
        kwargs: datasets of equal length, for dicts.

    Example::

        >>> import pytorch_tutor as torch
        >>> pairs = torch.utils.data.StackDataset(image=["cat", "dog"], label=[0, 1])
        >>> pairs[1]
        {'image': 'dog', 'label': 1}
    """

    datasets: tuple[Any, ...] | dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and kwargs:
            raise lesson(
                ValueError(
                    "Supported either ``tuple``- (via ``args``) or"
                    "``dict``- (via ``kwargs``) like input/output, but both types are given."
                ),
                hint="name all of them, or none",
            )
        self.datasets = args or kwargs
        parts = self._parts()
        if not parts:
            raise lesson(ValueError("At least one dataset should be passed"), hint="StackDataset(images, labels)")
        self._length = len(parts[0])
        if any(len(part) != self._length for part in parts):
            raise lesson(ValueError("Size mismatch between datasets"), got=", ".join(str(len(part)) for part in parts))

    def _parts(self) -> list[Any]:
        return list(self.datasets.values() if isinstance(self.datasets, dict) else self.datasets)

    def _sample(self, values: Iterable[Any]) -> Any:
        return dict(zip(self.datasets, values, strict=True)) if isinstance(self.datasets, dict) else tuple(values)

    def __getitem__(self, index: Any) -> Any:
        return self._sample(part[index] for part in self._parts())

    def __getitems__(self, indices: list[int]) -> list[Any]:
        columns = []
        for part in self._parts():
            many = getattr(part, "__getitems__", None)
            items = many(indices) if callable(many) else [part[i] for i in indices]
            if len(items) != len(indices):
                raise lesson(
                    ValueError(f"Nested dataset's output size mismatch. Expected {len(indices)}, got {len(items)}"),
                    hint=f"{type(part).__name__}.__getitems__ returns one sample for each index",
                )
            columns.append(items)
        return [self._sample(row) for row in zip(*columns, strict=True)]

    def __len__(self) -> int:
        return self._length


def random_split(
    dataset: Dataset[Any], lengths: Sequence[int | float], generator: Generator | None = default_generator
) -> list[Subset[Any]]:
    """Divide a dataset into parts at random, for instance for training and validation.

    Args:
        dataset: the whole.
        lengths: the sizes of the parts, or their shares (which sum to 1; what rounding leaves over goes to the first).
        generator: source of random numbers.

    Example::

        >>> import pytorch_tutor as torch
        >>> parts = torch.utils.data.random_split(range(10), [0.7, 0.3], generator=torch.Generator().manual_seed(42))
        >>> [len(part) for part in parts]
        [7, 3]

    Raises:
        ValueError: a share is not between 0 and 1, or the sizes do not sum to the length.
    """
    total = len(dataset)  # type: ignore[arg-type]
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        sizes = []
        for i, share in enumerate(lengths):
            if share < 0 or share > 1:
                raise lesson(ValueError(f"Fraction at index {i} is not between 0 and 1"), got=str(share))
            sizes.append(math.floor(total * share))
        for i in range(total - sum(sizes)):
            sizes[i % len(sizes)] += 1
        for i, size in enumerate(sizes):
            if size == 0:
                warnings.warn(
                    f"Length of split at index {i} is 0. This might result in an empty dataset.", stacklevel=2
                )
        lengths = sizes
    if sum(lengths) != total:
        raise lesson(
            ValueError("Sum of input lengths does not equal the length of the input dataset!"),
            expected=f"a sum of {total}",
            got=f"{sum(lengths)}",
            hint=f"lengths=[0.8, 0.2], or sizes such as [{total - total // 5}, {total // 5}]",
        )
    indices = randperm(total, generator=generator).tolist()
    ends = itertools.accumulate(int(length) for length in lengths)
    return [Subset(dataset, indices[end - int(length) : end]) for end, length in zip(ends, lengths, strict=True)]
