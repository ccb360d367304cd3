"""The loader: goes over a dataset in batches, in a chosen order, with or without worker processes."""

from __future__ import annotations

import math
import multiprocessing
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.context import BaseContext
from typing import Any, Generic, TypeVar

from pytorch_tutor.backends import cuda_available
from pytorch_tutor.errors import lesson
from pytorch_tutor.generator import Generator
from pytorch_tutor.utils.data.collate import default_collate, default_convert
from pytorch_tutor.utils.data.dataset import Dataset, IterableDataset
from pytorch_tutor.utils.data.iterators import LoaderIterator, SingleProcessIterator
from pytorch_tutor.utils.data.multiprocess import MultiProcessIterator
from pytorch_tutor.utils.data.sampler import BatchSampler, RandomSampler, Sampler, SequentialSampler

__all__ = ["DataLoader"]

T = TypeVar("T", covariant=True)
_FIXED = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")


class _Endless(Sampler[None]):
    """The sampler of a stream: there are no numbers, the stream itself says when it ends."""

    def __iter__(self) -> Iterator[None]:
        while True:
            yield None


class DataLoader(Generic[T]):
    """Iterates over a dataset in batches.

    Args:
        dataset: where the samples come from.
        batch_size: samples in a batch; None gives single samples.
        shuffle: a new random order in every epoch.
        sampler: an order of your own, instead of ``shuffle``.
        batch_sampler: gives whole lists of numbers, instead of all four options about batches.
        num_workers: how many processes load ahead; 0 loads in this one.
        collate_fn: makes a batch of a list of samples; :func:`default_collate` by default.
        pin_memory: accepted as in PyTorch.
        drop_last: leave out the last batch if it is smaller.
        timeout: seconds to wait for a worker; 0 waits as long as it lives.
        worker_init_fn: called in each worker with its number.
        multiprocessing_context: how processes start: ``"fork"``, ``"spawn"``, ``"forkserver"``.
        generator: source of random numbers for the order.
        prefetch_factor: batches each worker loads ahead, 2 by default.
        persistent_workers: keep the workers from epoch to epoch.
        pin_memory_device: accepted as in PyTorch.
        in_order: give batches in their order even when a later one is ready first.

    Example::

        >>> import pytorch_tutor as torch
        >>> dataset = torch.utils.data.TensorDataset(torch.arange(5.0), torch.arange(5))
        >>> for x, y in torch.utils.data.DataLoader(dataset, batch_size=2):
        ...     print(x, y)
        tensor([0., 1.]) tensor([0, 1])
        tensor([2., 3.]) tensor([2, 3])
        tensor([4.]) tensor([4])

    Raises:
        ValueError: options that exclude each other.
    """

    dataset: Dataset[T]
    batch_size: int | None
    _initialized = False

    def __init__(
        self,
        dataset: Dataset[T],
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Sampler[Any] | Iterable[Any] | None = None,
        batch_sampler: Sampler[list[Any]] | Iterable[list[Any]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], None] | None = None,
        multiprocessing_context: str | BaseContext | None = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        prefetch_factor = _check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        self.dataset = dataset
        self.num_workers = num_workers
        self.prefetch_factor = prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order
        stream = isinstance(dataset, IterableDataset)
        if stream:
            for name, value in (("shuffle", shuffle), ("sampler", sampler), ("batch_sampler", batch_sampler)):
                if value is not None and not (name == "shuffle" and value is False):
                    raise lesson(
                        ValueError(
                            f"DataLoader with IterableDataset: expected unspecified {name} option, "
                            f"but got {name}={value}"
                        ),
                        hint="a stream has an order of its own: shuffle in its __iter__",
                    )
        if sampler is not None and shuffle:
            raise lesson(ValueError("sampler option is mutually exclusive with shuffle"), hint="leave shuffle out")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise lesson(
                    ValueError(
                        "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last"
                    ),
                    hint="leave the other four out",
                )
            batch_size = None
        elif batch_size is None and drop_last:
            raise lesson(
                ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last"),
                hint="leave drop_last out",
            )
        chosen: Any = sampler
        if sampler is None:
            samples: Any = dataset
            if stream:
                chosen = _Endless()
            else:
                chosen = RandomSampler(samples, generator=generator) if shuffle else SequentialSampler(samples)
        if batch_size is not None and batch_sampler is None:
            batch_sampler = BatchSampler(chosen, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = chosen
        self.batch_sampler = batch_sampler
        self.generator = generator
        if collate_fn is None:
            collate_fn = default_collate if self._auto_collation else default_convert
        self.collate_fn = collate_fn
        self.persistent_workers = persistent_workers
        self._initialized = True
        self._IterableDataset_len_called: int | None = None
        self._iterator: LoaderIterator | None = None
        self.check_worker_number_rationality()

    @property
    def multiprocessing_context(self) -> BaseContext | None:
        """How worker processes start; None for Python's default."""
        return self._context

    @multiprocessing_context.setter
    def multiprocessing_context(self, context: str | BaseContext | None) -> None:
        if context is not None:
            if self.num_workers == 0:
                raise lesson(
                    ValueError(
                        "multiprocessing_context can only be used with multi-process loading (num_workers > 0), "
                        f"but got num_workers={self.num_workers}"
                    ),
                    hint="num_workers=2",
                )
            methods = multiprocessing.get_all_start_methods()
            if isinstance(context, str):
                if context not in methods:
                    raise lesson(
                        ValueError(
                            "multiprocessing_context option should specify a valid start method in "
                            f"{methods!r}, but got multiprocessing_context={context!r}"
                        ),
                        expected=f"one of {methods}",
                    )
                context = multiprocessing.get_context(context)
            if not isinstance(context, BaseContext):
                raise lesson(
                    TypeError(
                        "multiprocessing_context option should be a valid context object or a string specifying "
                        f"the start method, but got multiprocessing_context={context}"
                    ),
                    expected=f"one of {methods}",
                )
        self._context = context

    def __setattr__(self, attr: str, value: Any) -> None:
        if self._initialized and attr in _FIXED:
            raise lesson(
                ValueError(f"{attr} attribute should not be set after {type(self).__name__} is initialized"),
                hint="make a new DataLoader",
            )
        super().__setattr__(attr, value)

    @property
    def _auto_collation(self) -> bool:
        return self.batch_sampler is not None

    @property
    def _index_sampler(self) -> Any:
        return self.batch_sampler if self._auto_collation else self.sampler

    def __iter__(self) -> LoaderIterator:
        if self.pin_memory and not cuda_available():
            warnings.warn(
                "'pin_memory' argument is set as true but no accelerator is found, "
                "then device pinned memory won't be used.",
                stacklevel=2,
            )
        if self.num_workers == 0:
            return SingleProcessIterator(self)
        kept = self._iterator
        if self.persistent_workers and isinstance(kept, MultiProcessIterator) and not kept._closed:
            kept._reset(self)
            return kept
        iterator = MultiProcessIterator(self)
        if self.persistent_workers:
            self._iterator = iterator
        return iterator

    def __len__(self) -> int:
        """The number of batches (of single samples, if there are no batches)."""
        if not isinstance(self.dataset, IterableDataset):
            return len(self._index_sampler)
        length = self._IterableDataset_len_called = len(self.dataset)  # type: ignore[arg-type]
        if self.batch_size is None:
            return length
        return length // self.batch_size if self.drop_last else math.ceil(length / self.batch_size)

    def check_worker_number_rationality(self) -> None:
        """Warn if more workers are wanted than this process has processors."""
        if self.num_workers == 0:
            return
        if hasattr(os, "sched_getaffinity"):
            processors, note = len(os.sched_getaffinity(0)), ""
        else:
            processors, note = os.cpu_count() or 1, " (`cpuset` is not taken into account)"
        if self.num_workers > processors:
            warnings.warn(
                f"This DataLoader will create {self.num_workers} worker processes in total. Our suggested max number "
                f"of worker in current system is {processors}{note}, which is smaller than what this DataLoader is "
                "going to create. Please be aware that excessive worker creation might get DataLoader running slow "
                "or even freeze, lower the worker number to avoid potential slowness/freeze if necessary.",
                stacklevel=3,
            )


def _check_workers(
    num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool
) -> int | None:
    """Refuse options about workers that make no sense; the number of batches to load ahead."""
    if num_workers < 0:
        raise lesson(
            ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing."),
            got=str(num_workers),
        )
    if timeout < 0:
        raise lesson(ValueError("timeout option should be non-negative"), got=str(timeout))
    if num_workers == 0 and prefetch_factor is not None:
        raise lesson(
            ValueError(
                "prefetch_factor option could only be specified in multiprocessing."
                "let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None."
            ),
            hint="leave prefetch_factor out",
        )
    if prefetch_factor is not None and prefetch_factor < 0:
        raise lesson(ValueError("prefetch_factor option should be non-negative"), got=str(prefetch_factor))
    if persistent_workers and num_workers == 0:
        raise lesson(ValueError("persistent_workers option needs num_workers > 0"), hint="num_workers=2")
    return 2 if num_workers > 0 and prefetch_factor is None else prefetch_factor
