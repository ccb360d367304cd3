"""An epoch with worker processes, which load the next batches while this one is being used.

Each worker has a queue of tasks (number of the batch, numbers of its samples) and a queue of results. Tasks go round;
at most ``prefetch_factor`` per worker are under way. Results may come in any order and are given out in theirs.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import pickle
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NoReturn

from pytorch_tutor.errors import lesson
from pytorch_tutor.utils.data.iterators import LoaderIterator
from pytorch_tutor.utils.data.worker import CHECK_INTERVAL, CaughtError, ResumeIteration, StreamEnd, worker_loop

if TYPE_CHECKING:
    from pytorch_tutor.utils.data.dataloader import DataLoader

__all__ = ["MultiProcessIterator"]


class MultiProcessIterator(LoaderIterator):
    """Starts the workers, hands out tasks, collects batches, and ends the workers again."""

    def __init__(self, loader: DataLoader[Any]) -> None:
        super().__init__(loader)
        self._owner = os.getpid()  # a forked copy of this object must not end its parent's workers
        self._closed = False
        self._workers: list[Any] = []
        self._task_queues: list[Any] = []
        self._result_queues: list[Any] = []
        self._limit = (loader.prefetch_factor or 2) * loader.num_workers
        self._in_order = loader.in_order
        self._timeout = loader.timeout
        self._persistent = loader.persistent_workers
        context = loader.multiprocessing_context or multiprocessing
        self._done = context.Event()
        try:
            for i in range(loader.num_workers):
                self._start_worker(context, loader, i)
        except BaseException:
            self._shut_down()
            raise
        self._begin_epoch()

    def _start_worker(self, context: Any, loader: DataLoader[Any], i: int) -> None:
        tasks, results = context.Queue(), context.Queue()
        tasks.cancel_join_thread()  # unsent tasks are no reason to wait at the end
        worker = context.Process(
            target=worker_loop,
            args=(
                loader.dataset,
                tasks,
                results,
                self._done,
                loader._auto_collation,
                loader.collate_fn,
                loader.drop_last,
                self._base_seed,
                loader.worker_init_fn,
                i,
                loader.num_workers,
            ),
            daemon=True,
        )
        try:
            worker.start()
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            raise lesson(
                error,
                got=f"a {type(loader.dataset).__name__} that cannot be sent to a worker process",
                hint="define the dataset and collate_fn at the top level of a module, or use num_workers=0",
            ) from None
        # only the worker writes results: with this end closed here, its death is the end of the stream, and a batch
        # that was cut off by it does not leave this process waiting for the rest
        results._writer.close()
        self._workers.append(worker)
        self._task_queues.append(tasks)
        self._result_queues.append(results)

    # ---------------------------------------------------------------- an epoch

    def _begin_epoch(self) -> None:
        self._sent = self._given = 0  # numbers of the next batch to ask for, and of the next to give out
        self._asked_of: dict[int, int] = {}  # batch -> worker
        self._arrived: dict[int, Any] = {}  # batch -> data, come before its turn
        self._alive = [True] * len(self._workers)  # a worker whose stream has ended is asked no more
        self._tasks_of = [0] * len(self._workers)
        self._turn = itertools.cycle(range(len(self._workers)))
        for _ in range(self._limit):
            self._ask()

    def _reset(self, loader: DataLoader[Any]) -> None:
        super()._reset(loader)
        for tasks in self._task_queues:
            tasks.put(ResumeIteration())
        waiting = set(range(len(self._workers)))
        self._alive = [True] * len(self._workers)
        while waiting:  # results of an epoch that was left early are thrown away
            worker, number, _ = self._receive()
            if isinstance(number, ResumeIteration):
                waiting.discard(worker)
        self._begin_epoch()

    def _ask(self) -> None:
        """Send the next task, to the worker whose turn it is."""
        try:
            index = next(self._sampler_iter)
        except StopIteration:
            return
        share = self._limit // max(1, sum(self._alive))
        for _ in range(len(self._workers)):
            worker = next(self._turn)
            if self._alive[worker] and (self._in_order or self._tasks_of[worker] < share):
                break
        else:
            return
        self._task_queues[worker].put((self._sent, index))
        self._asked_of[self._sent] = worker
        self._tasks_of[worker] += 1
        self._sent += 1

    def _next_data(self) -> Any:
        try:
            return self._next_batch()
        except StopIteration:
            if not self._persistent:
                self._shut_down()
            raise
        except KeyboardInterrupt:
            # whoever interrupts an epoch is not going to finish it; idle processes would only take memory
            self._shut_down()
            raise

    def _next_batch(self) -> Any:
        while True:
            if self._closed:
                raise StopIteration
            while self._given < self._sent:  # tasks given to a worker whose stream had ended get no answer
                worker = self._asked_of.get(self._given)
                if worker is not None and (self._given in self._arrived or self._alive[worker]):
                    break
                self._asked_of.pop(self._given, None)
                self._given += 1
            else:
                raise StopIteration
            if self._given in self._arrived:
                number, data = self._given, self._arrived.pop(self._given)
                self._given += 1
                return self._hand_over(number, data)
            worker, number, data = self._receive()
            if isinstance(data, StreamEnd):
                self._alive[worker] = False
                self._asked_of.pop(number, None)
                self._ask()
            elif number == self._given:
                self._given += 1
                return self._hand_over(number, data)
            elif self._in_order:
                self._arrived[number] = data
            else:
                return self._hand_over(number, data)

    def _hand_over(self, number: int, data: Any) -> Any:
        self._tasks_of[self._asked_of.pop(number)] -= 1
        self._ask()
        if isinstance(data, CaughtError):
            data.reraise()
        return data

    def _receive(self) -> tuple[int, Any, Any]:
        """The next result of any worker: its number, the batch's number, the batch."""
        # the read end of a queue and the process itself can be waited for together: a death is noticed at once
        sources: dict[Any, int] = {q._reader: i for i, q in enumerate(self._result_queues)}
        sentinels = {w.sentinel: i for i, w in enumerate(self._workers)}
        deadline = time.monotonic() + self._timeout if self._timeout > 0 else None
        while True:
            patience = CHECK_INTERVAL if deadline is None else max(0.0, deadline - time.monotonic())
            ready = wait([*sources, *sentinels], timeout=patience)
            for source in ready:
                if source in sources:
                    worker = sources[source]
                    try:
                        number, packed = self._result_queues[worker].get()
                    except (EOFError, OSError):
                        self._report_death([self._workers[worker]])
                    return worker, number, pickle.loads(packed)
            if dead := [self._workers[sentinels[s]] for s in ready if s in sentinels]:
                self._report_death(dead)
            if deadline is not None and time.monotonic() >= deadline:
                self._shut_down()
                raise lesson(
                    RuntimeError(f"DataLoader timed out after {self._timeout} seconds"),
                    hint="a larger timeout, or num_workers=0 to see where it hangs",
                )

    def _report_death(self, dead: list[Any]) -> NoReturn:
        for worker in dead:
            worker.join(timeout=CHECK_INTERVAL)
        pids = ", ".join(str(worker.pid) for worker in dead)
        codes = ", ".join(str(worker.exitcode) for worker in dead)
        self._shut_down()
        raise lesson(
            RuntimeError(f"DataLoader worker (pid(s) {pids}) exited unexpectedly"),
            got=f"exit code {codes} (-9: killed, often for want of memory)",
            hint="num_workers=0 shows the error in this process",
        )

    # ---------------------------------------------------------------- the end

    def _shut_down(self) -> None:
        """End the workers: first by asking, then by terminating. May be called twice."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        self._done.set()
        for tasks in self._task_queues:
            tasks.put(None)
        deadline = time.monotonic() + 2.0
        for worker in self._workers:  # one in the middle of a batch finishes it first, if it is quick
            worker.join(timeout=max(0.0, deadline - time.monotonic()))
        for worker in self._workers:
            if worker.is_alive():
                worker.terminate()
            worker.join(timeout=CHECK_INTERVAL)
        for q in (*self._task_queues, *self._result_queues):
            q.cancel_join_thread()
            q.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):
            # at the end of the interpreter what is needed may already be gone; the workers are daemons
            with contextlib.suppress(AttributeError, TypeError, ValueError):
                self._shut_down()
