"""Streams and events: in which order a GPU works, and how long it takes."""

from __future__ import annotations

from typing import Any

from ..backends import devices
from ..errors import lesson
from .devices import cupy


def _refuse(sentence: str) -> RuntimeError:
    return lesson(
        RuntimeError(sentence),
        expected="a GPU",
        got="none that CuPy can use on this computer",
        hint="if torch.cuda.is_available(): ...   on a CPU measure with time.perf_counter()",
    )


class Stream:
    """A queue of work for a GPU: what is in one queue runs in order, two queues run beside each other."""

    def __init__(self, device: Any = None, priority: int = 0, **options: Any) -> None:
        found = devices.cupy_or_none()
        if found is None:
            raise _refuse("torch.cuda.Stream requires CUDA support")
        self.inner = options.get("inner") or found.cuda.Stream(non_blocking=True, priority=priority or None)

    def synchronize(self) -> None:
        """Waits until the queue is empty."""
        self.inner.synchronize()

    def query(self) -> bool:
        """Is the queue empty?"""
        return bool(self.inner.done)

    def wait_event(self, event: Event) -> None:
        """What is queued from now on waits for the event."""
        self.inner.wait_event(event.inner)

    def wait_stream(self, stream: Stream) -> None:
        """What is queued from now on waits for what is in the other queue now."""
        self.inner.wait_event(stream.inner.record())

    def record_event(self, event: Event | None = None) -> Event:
        """Marks this moment in the queue."""
        event = Event() if event is None else event
        event.record(self)
        return event

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and bool(self.inner.ptr == other.inner.ptr)

    def __hash__(self) -> int:
        return hash(self.inner.ptr)


def current_stream(device: Any = None) -> Stream:
    """The queue that operations go to."""
    return Stream(inner=cupy().cuda.get_current_stream())


def default_stream(device: Any = None) -> Stream:
    """The queue that operations go to unless told otherwise."""
    return Stream(inner=cupy().cuda.Stream.null)


def set_stream(stream: Stream | None) -> None:
    """Operations go to this queue from now on."""
    if stream is not None:
        stream.inner.use()


class StreamContext:
    """A block whose operations go to ``stream``; with None, or without a GPU, nothing changes."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        if self.stream is not None:
            self.stream.inner.__enter__()

    def __exit__(self, *exc: object) -> None:
        if self.stream is not None:
            self.stream.inner.__exit__(*exc)


def stream(stream: Stream | None) -> StreamContext:
    """A block whose operations go to ``stream``."""
    return StreamContext(stream)


class Event:
    """A moment in a GPU's queue, to measure the time between two, or to wait for."""

    def __init__(self, enable_timing: bool = False, blocking: bool = False, interprocess: bool = False) -> None:
        found = devices.cupy_or_none()
        if found is None:
            raise _refuse("Tried to instantiate dummy base class Event")
        self.inner = found.cuda.Event(block=blocking, disable_timing=not enable_timing)

    def record(self, stream: Stream | None = None) -> None:
        """Marks now, after what was given to the GPU so far."""
        self.inner.record(None if stream is None else stream.inner)

    def wait(self, stream: Stream | None = None) -> None:
        """What is queued from now on waits for this moment."""
        (current_stream() if stream is None else stream).wait_event(self)

    def query(self) -> bool:
        """Has the moment come?"""
        return bool(self.inner.done)

    def synchronize(self) -> None:
        """Waits until the moment has come."""
        self.inner.synchronize()

    def elapsed_time(self, end_event: Event) -> float:
        """Milliseconds between two events."""
        return float(cupy().cuda.get_elapsed_time(self.inner, end_event.inner))
