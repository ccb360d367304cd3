"""Getting the samples of one batch from a dataset; the same code runs in the main process and in workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytorch_tutor.utils.data.collate import default_collate
from pytorch_tutor.utils.data.dataset import IterableDataset, Subset, TensorDataset

__all__ = ["Fetcher", "IterableFetcher", "MapFetcher", "make_fetcher"]


class MapFetcher:
    """Fetches by number."""

    def __init__(self, dataset: Any, auto_collation: bool, collate_fn: Callable[[Any], Any]) -> None:
        self.dataset = dataset
        self.auto_collation = auto_collation
        self.collate_fn = collate_fn

    def fetch(self, index: Any) -> Any:
        """One batch (or, without batching, one sample)."""
        if not self.auto_collation:
            return self.collate_fn(self.dataset[index])
        if self.collate_fn is default_collate:
            batch = _batch_of_tensors(self.dataset, index)
            if batch is not None:
                return batch
        many = getattr(self.dataset, "__getitems__", None)
        return self.collate_fn(many(index) if many else [self.dataset[i] for i in index])


class IterableFetcher:
    """Fetches the next samples of a stream."""

    def __init__(self, dataset: Any, auto_collation: bool, collate_fn: Callable[[Any], Any], drop_last: bool) -> None:
        self.iterator = iter(dataset)
        self.auto_collation = auto_collation
        self.collate_fn = collate_fn
        self.drop_last = drop_last
        self.ended = False

    def fetch(self, index: Any) -> Any:
        """The next batch (or sample); raises StopIteration at the end."""
        if self.ended:
            raise StopIteration
        if not self.auto_collation:
            return self.collate_fn(next(self.iterator))
        samples: list[Any] = []
        for _ in index:
            try:
                samples.append(next(self.iterator))
            except StopIteration:
                self.ended = True
                break
        if len(samples) == 0 or (self.drop_last and len(samples) < len(index)):
            raise StopIteration
        return self.collate_fn(samples)


Fetcher = MapFetcher | IterableFetcher


def make_fetcher(dataset: Any, auto_collation: bool, collate_fn: Callable[[Any], Any], drop_last: bool) -> Fetcher:
    """The fetcher that fits the dataset."""
    if isinstance(dataset, IterableDataset):
        return IterableFetcher(dataset, auto_collation, collate_fn, drop_last)
    return MapFetcher(dataset, auto_collation, collate_fn)


def _batch_of_tensors(dataset: Any, index: Any) -> list[Any] | None:
    """The batch of a TensorDataset by one indexing per tensor, many times faster than sample by sample.

    None where the result could differ: a subclass, or tensors that would record a graph.
    """
    while type(dataset) is Subset:
        index = [dataset.indices[i] for i in index]
        dataset = dataset.dataset
    if type(dataset) is not TensorDataset or len(index) == 0:
        return None
    if any(tensor.requires_grad for tensor in dataset.tensors):
        return None
    return [tensor[index] for tensor in dataset.tensors]
