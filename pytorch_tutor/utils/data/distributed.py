"""A sampler for training by several processes: each gets its own share of every epoch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import randperm
from pytorch_tutor.generator import Generator
from pytorch_tutor.utils.data.sampler import Sampler

__all__ = ["DistributedSampler"]


class DistributedSampler(Sampler[int]):
    """Gives process ``rank`` of ``num_replicas`` every ``num_replicas``-th sample of a common order.

    Call :meth:`set_epoch` at the start of each epoch: all processes shuffle with ``seed + epoch``, so that they
    agree on the order without talking to each other.

    Args:
        dataset: the dataset.
        num_replicas: number of processes.
        rank: number of this process.
        shuffle: a random order, or the dataset's own.
        seed: the same in every process.
        drop_last: leave samples out so that all shares are equal, instead of repeating some.

    Example::

        >>> import pytorch_tutor as torch
        >>> sampler = torch.utils.data.DistributedSampler(range(5), num_replicas=2, rank=1, shuffle=False)
        >>> list(sampler)
        [1, 3, 0]
    """

    def __init__(
        self,
        dataset: Any,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        if num_replicas is None or rank is None:
            raise lesson(
                RuntimeError("Requires distributed package to be available"),
                hint="give num_replicas and rank yourself",
            )
        if rank >= num_replicas or rank < 0:
            raise lesson(
                ValueError(f"Invalid rank {rank}, rank should be in the interval [0, {num_replicas - 1}]"),
                hint="rank=0",
            )
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.epoch = 0
        self.drop_last = drop_last
        if drop_last and len(dataset) % num_replicas != 0:
            self.num_samples = math.ceil((len(dataset) - num_replicas) / num_replicas)
        else:
            self.num_samples = math.ceil(len(dataset) / num_replicas)
        self.total_size = self.num_samples * num_replicas
        self.shuffle = shuffle
        self.seed = seed

    def __iter__(self) -> Iterator[int]:
        if self.shuffle:
            generator = Generator()
            generator.manual_seed(self.seed + self.epoch)
            indices = randperm(len(self.dataset), generator=generator).tolist()
        else:
            indices = list(range(len(self.dataset)))
        if self.drop_last:
            indices = indices[: self.total_size]
        else:
            missing = self.total_size - len(indices)
            indices += (indices * math.ceil(missing / max(1, len(indices))))[:missing]
        return iter(indices[self.rank : self.total_size : self.num_replicas])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of an epoch; without it all epochs have the same."""
        self.epoch = epoch
