"""One epoch over a loader: what all iterators share, and the plain one that loads in this process."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pytorch_tutor.utils.data.dataset import IterableDataset
from pytorch_tutor.utils.data.fetch import make_fetcher
from pytorch_tutor.utils.data.sampler import draw_seed

if TYPE_CHECKING:
    from pytorch_tutor.utils.data.dataloader import DataLoader

__all__ = ["LoaderIterator", "SingleProcessIterator"]


class LoaderIterator:
    """Base of both iterators. Draws one seed for the workers, whether there are any or not, as PyTorch does."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        self._dataset = loader.dataset
        self._reported_length = loader._IterableDataset_len_called
        self._index_sampler = loader._index_sampler
        self._num_workers = loader.num_workers
        self._sampler_iter: Iterator[Any] = iter(self._index_sampler)
        self._base_seed = draw_seed(loader.generator)
        self._num_yielded = 0

    def __iter__(self) -> LoaderIterator:
        return self

    def __len__(self) -> int:
        return len(self._index_sampler)

    def _reset(self, loader: DataLoader[Any]) -> None:
        """Begin a new epoch."""
        self._sampler_iter = iter(self._index_sampler)
        self._num_yielded = 0
        self._reported_length = loader._IterableDataset_len_called

    def _next_data(self) -> Any:
        raise NotImplementedError

    def __next__(self) -> Any:
        data = self._next_data()
        self._num_yielded += 1
        length = self._reported_length
        if isinstance(self._dataset, IterableDataset) and length is not None and self._num_yielded > length:
            message = (
                f"Length of IterableDataset {self._dataset} was reported to be {length}"
                f"(when accessing len(dataloader)), but {self._num_yielded} samples have been fetched. "
            )
            if self._num_workers > 0:
                message += (
                    "For multiprocessing data-loading, this could be caused by not properly configuring the "
                    "IterableDataset replica at each worker. Please see "
                    "https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset for examples."
                )
            warnings.warn(message, stacklevel=2)
        return data

    def __getstate__(self) -> Any:
        raise NotImplementedError("{} cannot be pickled", type(self).__name__)


class SingleProcessIterator(LoaderIterator):
    """Loads each batch when it is asked for."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        super().__init__(loader)
        if loader.timeout != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        self._fetcher = make_fetcher(loader.dataset, loader._auto_collation, loader.collate_fn, loader.drop_last)

    def _next_data(self) -> Any:
        return self._fetcher.fetch(next(self._sampler_iter))
