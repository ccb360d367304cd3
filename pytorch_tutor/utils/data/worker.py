"""What runs in a worker process: wait for numbers of samples, fetch them, send the batch back."""

from __future__ import annotations

import os
import pickle
import queue
import random
import sys
import traceback
from dataclasses import dataclass
from typing import Any

import numpy as np

from pytorch_tutor.backends import set_threads
from pytorch_tutor.random import manual_seed
from pytorch_tutor.utils.data.dataset import IterableDataset
from pytorch_tutor.utils.data.fetch import Fetcher, make_fetcher

__all__ = ["CHECK_INTERVAL", "CaughtError", "ResumeIteration", "StreamEnd", "WorkerInfo", "get_worker_info"]

CHECK_INTERVAL = 5.0  # seconds after which a waiting process looks whether the other one is still there


@dataclass(frozen=True)
class WorkerInfo:
    """Who a worker is.

    Attributes:
        id: its number, from 0.
        num_workers: how many there are.
        seed: what its random numbers are seeded with.
        dataset: its own copy of the dataset.
    """

    id: int
    num_workers: int
    seed: int
    dataset: Any


_worker_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """In a worker process of a :class:`DataLoader`: who it is. Elsewhere: None.

    Example::

        >>> import pytorch_tutor as torch
        >>> class Range(torch.utils.data.IterableDataset):
        ...     def __iter__(self):
        ...         info = torch.utils.data.get_worker_info()
        ...         first, step = (0, 1) if info is None else (info.id, info.num_workers)
        ...         return iter(range(first, 6, step))      # each worker gives its own share
        >>> sorted(int(x) for x in torch.utils.data.DataLoader(Range(), num_workers=2))
        [0, 1, 2, 3, 4, 5]
    """
    return _worker_info


@dataclass(frozen=True)
class StreamEnd:
    """Sent by a worker whose share of a stream is at its end."""

    worker_id: int


@dataclass(frozen=True)
class ResumeIteration:
    """Sent to a persistent worker at the start of an epoch, and back as its answer."""


class _KeyErrorMessage(str):
    """A KeyError shows the repr of its argument; this keeps the line breaks of a traceback readable."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class CaughtError:
    """An exception of a worker as text, to be raised again in the main process with the worker's traceback."""

    def __init__(self, where: str) -> None:
        kind, error, trace = sys.exc_info()
        assert kind is not None
        self.kind: type[BaseException] = kind
        # only text travels: the traceback itself cannot, and would keep the worker's variables alive
        self.text = "".join(traceback.format_exception(kind, error, trace))
        self.where = where

    def reraise(self) -> None:
        """Raise the same class of exception, with the traceback as its message."""
        message: str = f"Caught {self.kind.__name__} {self.where}.\nOriginal {self.text}"
        if self.kind is KeyError:
            message = _KeyErrorMessage(message)
        try:
            error = self.kind(message)
        except Exception:  # noqa: BLE001 - an exception class whose constructor wants other arguments
            raise RuntimeError(message) from None
        raise error


def numpy_seeds(base_seed: int, worker_id: int) -> list[int]:
    """Four 32-bit seeds for NumPy's generator, from a seed and the worker's number, as PyTorch computes them.

    NumPy's SeedSequence mixes the same way; it is used here so that no arithmetic has to be repeated.
    """
    entropy = [worker_id, base_seed & 0xFFFFFFFF, base_seed >> 32, 0]
    return [int(word) for word in np.random.SeedSequence(entropy, pool_size=4).generate_state(4)]


def _packed(data: Any, where: str) -> bytes:
    """The batch as bytes. Done here and not by the queue, whose thread would drop what it cannot pickle."""
    try:
        return pickle.dumps(data, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - whatever a user's object raises is the report
        return pickle.dumps(CaughtError(where), protocol=pickle.HIGHEST_PROTOCOL)


def worker_loop(
    dataset: Any,
    index_queue: Any,
    result_queue: Any,
    done_event: Any,
    auto_collation: bool,
    collate_fn: Any,
    drop_last: bool,
    base_seed: int,
    init_fn: Any,
    worker_id: int,
    num_workers: int,
) -> None:
    """Serve batches until None comes, the main process is gone, or Ctrl-C is pressed (which it reports itself)."""
    global _worker_info
    try:
        set_threads(1)  # the workers are the parallelism; a forked OpenMP could even wait for threads that are gone
        seed = base_seed + worker_id
        random.seed(seed)
        manual_seed(seed)
        np.random.seed(numpy_seeds(base_seed, worker_id))  # noqa: NPY002 - the generator that users' transforms draw from
        _worker_info = WorkerInfo(worker_id, num_workers, seed, dataset)
        where = f"in DataLoader worker process {worker_id}"
        fetcher: Fetcher | None = None
        failed: CaughtError | None = None
        try:
            if init_fn is not None:
                init_fn(worker_id)
            fetcher = make_fetcher(dataset, auto_collation, collate_fn, drop_last)
        except Exception:  # noqa: BLE001 - reported to the main process
            failed = CaughtError(where)
        parent = os.getppid()
        ended = False
        while os.getppid() == parent:
            try:
                task = index_queue.get(timeout=CHECK_INTERVAL)
            except queue.Empty:
                continue
            if task is None:
                break
            if isinstance(task, ResumeIteration):
                result_queue.put((task, _packed(None, where)))
                fetcher, ended = make_fetcher(dataset, auto_collation, collate_fn, drop_last), False
                continue
            if done_event.is_set() or ended:
                continue
            number, index = task
            data: Any
            if failed is not None:
                data, failed = failed, None
            else:
                try:
                    assert fetcher is not None
                    data = fetcher.fetch(index)
                except Exception as error:  # noqa: BLE001 - reported to the main process
                    if isinstance(error, StopIteration) and isinstance(dataset, IterableDataset):
                        data, ended = StreamEnd(worker_id), True
                    else:
                        data = CaughtError(where)
            result_queue.put((number, _packed(data, where)))
            del data, task, index  # nothing is kept alive while waiting
    except KeyboardInterrupt:
        pass
    if done_event.is_set():
        result_queue.cancel_join_thread()
        result_queue.close()
