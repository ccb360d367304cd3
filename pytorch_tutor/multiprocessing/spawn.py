"""spawn: the same function in several processes, and the first error of any of them in this one."""

from __future__ import annotations

import multiprocessing
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import Any


class ProcessException(Exception):
    """A process that ``spawn`` has started ended badly."""

    def __init__(self, msg: str, error_index: int, pid: int) -> None:
        super().__init__(msg)
        self.msg, self.error_index, self.pid = msg, error_index, pid

    def __reduce__(self) -> Any:
        return type(self), (self.msg, self.error_index, self.pid)


class ProcessRaisedException(ProcessException):
    """It raised an exception; the message holds its traceback."""


class ProcessExitedException(ProcessException):
    """It ended with an exit code, or by a signal."""

    def __init__(self, msg: str, error_index: int, error_pid: int, exit_code: int, signal_name: str | None = None):
        super().__init__(msg, error_index, error_pid)
        self.exit_code, self.signal_name = exit_code, signal_name


def _run(fn: Callable[..., Any], i: int, args: tuple[Any, ...], errors: Any) -> None:
    try:
        fn(i, *args)
    except KeyboardInterrupt:
        pass
    except Exception:  # noqa: BLE001 - whatever it is, the parent is to raise it
        errors.put(traceback.format_exc())
        sys.exit(1)


class ProcessContext:
    """The processes that were started."""

    def __init__(self, processes: list[Any], errors: list[Any]) -> None:
        self.processes = processes
        self.error_queues = errors
        self._running = {process.sentinel: i for i, process in enumerate(processes)}

    def pids(self) -> list[int]:
        """Their numbers in the system."""
        return [int(process.pid) for process in self.processes]

    def join(self, timeout: float | None = None, grace_period: float | None = None) -> bool:
        """Waits for one or more to end; True when all have. The first error ends the others and is raised here.

        Raises:
            ProcessRaisedException: a process raised.
            ProcessExitedException: a process ended with an exit code other than 0.
        """
        if not self._running:
            return True
        failed = None
        for sentinel in wait(list(self._running), timeout=timeout):
            i = self._running.pop(sentinel)
            self.processes[i].join()
            if self.processes[i].exitcode != 0:
                failed = i
                break
        if failed is None:
            return not self._running
        for process in self.processes:
            if process.is_alive():
                process.terminate()
        deadline = time.monotonic() + (30 if grace_period is None else grace_period)
        for process in self.processes:
            process.join(max(0.0, deadline - time.monotonic()))
        self._raise(failed)
        return False

    def _raise(self, i: int) -> None:
        process, errors = self.processes[i], self.error_queues[i]
        if errors.empty():
            code = process.exitcode
            if code < 0:
                message = f"process {i} terminated with signal {-code}"
                raise ProcessExitedException(message, i, process.pid, code, str(-code))
            raise ProcessExitedException(f"process {i} terminated with exit code {code}", i, process.pid, code)
        text = f"\n\n-- Process {i} terminated with the following error:\n{errors.get()}"
        raise ProcessRaisedException(text, i, process.pid)


def start_processes(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Runs ``fn(i, *args)`` in ``nprocs`` processes, i from 0 on; waits for them unless ``join`` is False."""
    context: Any = multiprocessing.get_context(start_method)
    processes, errors = [], []
    for i in range(nprocs):
        queue = context.SimpleQueue()
        process = context.Process(target=_run, args=(fn, i, args, queue), daemon=daemon)
        process.start()
        errors.append(queue)
        processes.append(process)
    started = ProcessContext(processes, errors)
    if not join:
        return started
    while not started.join():
        pass
    return None


def spawn(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Runs ``fn(i, *args)`` in ``nprocs`` fresh processes. ``fn`` must be importable: defined at the top of a module."""
    return start_processes(fn, args, nprocs, join, daemon, start_method)
