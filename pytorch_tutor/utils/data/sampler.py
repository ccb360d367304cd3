"""Samplers: in which order the samples of a dataset are visited, and how they are put into batches."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

from pytorch_tutor.dtypes import double, int64
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import as_tensor, empty, multinomial, randint, randperm
from pytorch_tutor.generator import Generator
from pytorch_tutor.tensor import Tensor

__all__ = [
    "BatchSampler",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "SubsetRandomSampler",
    "WeightedRandomSampler",
]

T = TypeVar("T", covariant=True)


def draw_seed(generator: Generator | None = None) -> int:
    """A seed for another generator: one whole number drawn as PyTorch draws it."""
    return int(empty((), dtype=int64).random_(generator=generator).item())


class Sampler(Generic[T]):
    """Base class: iterating gives numbers of samples (or lists of them). Define ``__iter__``, usually ``__len__``."""

    def __iter__(self) -> Iterator[T]:
        raise NotImplementedError


class SequentialSampler(Sampler[int]):
    """0, 1, 2, ...: the samples in their own order.

    Example::

        >>> import pytorch_tutor as torch
        >>> list(torch.utils.data.SequentialSampler(["a", "b", "c"]))
        [0, 1, 2]
    """

    data_source: Sized

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """The samples in a random order, new in every epoch.

    Args:
        data_source: the dataset.
        replacement: whether a sample may come twice before all have come.
        num_samples: how many are drawn, all by default.
        generator: source of random numbers; by default one seeded anew for each epoch from the global generator.

    Example::

        >>> import pytorch_tutor as torch
        >>> _ = torch.manual_seed(0)
        >>> sorted(torch.utils.data.RandomSampler(range(4)))
        [0, 1, 2, 3]
    """

    data_source: Sized
    replacement: bool

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        _check_flag("replacement", replacement, TypeError)
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            raise lesson(
                ValueError(f"num_samples should be a positive integer value, but got num_samples={self.num_samples}"),
                hint="a dataset without samples cannot be shuffled" if self.num_samples == 0 else None,
            )

    @property
    def num_samples(self) -> int:
        """How many samples an epoch draws (the dataset may have grown since)."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        n = len(self.data_source)
        generator = self.generator
        if generator is None:
            seed = draw_seed()
            generator = Generator()
            generator.manual_seed(seed)
        if self.replacement:
            for _ in range(self.num_samples // 32):
                yield from randint(high=n, size=(32,), dtype=int64, generator=generator).tolist()
            rest = self.num_samples % 32
            yield from randint(high=n, size=(rest,), dtype=int64, generator=generator).tolist()
        else:
            for _ in range(self.num_samples // n):
                yield from randperm(n, generator=generator).tolist()
            yield from randperm(n, generator=generator).tolist()[: self.num_samples % n]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """Given numbers of samples, in random order.

    Args:
        indices: the numbers.
        generator: source of random numbers.
    """

    indices: Sequence[int]

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Samples drawn with probabilities proportional to weights, for instance to balance rare classes.

    Args:
        weights: one for each sample, not necessarily summing to 1.
        num_samples: how many are drawn.
        replacement: whether a sample may be drawn again.
        generator: source of random numbers.

    Example::

        >>> import pytorch_tutor as torch
        >>> list(torch.utils.data.WeightedRandomSampler([0.0, 1.0], 3))
        [1, 1, 1]
    """

    weights: Tensor
    num_samples: int
    replacement: bool

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:
        _check_positive("num_samples", num_samples)
        _check_flag("replacement", replacement, ValueError)
        tensor = as_tensor(weights, dtype=double)
        if len(tensor.shape) != 1:
            raise lesson(
                ValueError(f"weights should be a 1d sequence but given weights have shape {tuple(tensor.shape)}"),
                expected="one weight for each sample",
            )
        self.weights = tensor
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        drawn = multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator)
        yield from drawn.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Puts what another sampler gives into lists of ``batch_size``.

    Args:
        sampler: gives the numbers.
        batch_size: length of a list.
        drop_last: leave the last list out if it is shorter.

    Example::

        >>> import pytorch_tutor as torch
        >>> list(torch.utils.data.BatchSampler(range(5), batch_size=2, drop_last=False))
        [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Sampler[int] | Iterable[int], batch_size: int, drop_last: bool) -> None:
        _check_positive("batch_size", batch_size)
        _check_flag("drop_last", drop_last, ValueError)
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        numbers = iter(self.sampler)
        while batch := list(itertools.islice(numbers, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        count = len(self.sampler)  # type: ignore[arg-type]
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)


def _check_positive(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise lesson(
            ValueError(f"{name} should be a positive integer value, but got {name}={value}"), hint=f"{name}=32"
        )


def _check_flag(name: str, value: Any, error: type[Exception]) -> None:
    if not isinstance(value, bool):
        raise lesson(error(f"{name} should be a boolean value, but got {name}={value}"), expected="True or False")
