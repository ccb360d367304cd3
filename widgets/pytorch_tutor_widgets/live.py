"""Hear the browser while a cell runs.

A kernel runs one cell at a time, and messages from the page wait in a queue until it ends: a click on Stop would be
obeyed when there is nothing left to stop. The message itself has long arrived, though, and can be read while it waits:

- ipykernel 7.4 and newer receives messages on a thread of its own, and asks the comm that a message is meant for which
  subshell shall handle it. Our comm answers as before, and reads the message while it is asked: a few milliseconds.
- ipykernel 7.0 to 7.3 hands a message from JupyterLab to a subshell, another thread: the ordinary way is enough.
- ipykernel 6 has one thread. The training loop takes a look at the queue between two batches (`look`).

Nothing is taken out of a queue and nothing is answered here, so every message is still handled in its turn; each
carries an id, and what was heard early is not obeyed a second time. On other kernels (and in a browser's own Python) no
message can be heard during a cell; there an async cell helps, and the widget says so when a click gets no answer.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

Hear = Callable[[dict[str, Any]], None]


class Ear:
    """Passes on what the browser sends to one widget, once each, as early as this kernel allows.

    Args:
        hear: called with each message's content, perhaps on another thread: it must only note what is asked.
    """

    def __init__(self, hear: Hear) -> None:
        self._hear = hear
        self._heard: deque[str] = deque(maxlen=256)
        self._comm: Any = None
        self._queue: KernelQueue | None = None
        self._next_look = 0.0

    def attach(self, comm: Any) -> None:
        """Listen to this comm: the channel between a widget and its twin in the browser."""
        self._comm = comm
        route = getattr(comm, "_reply_subshell_for", None)
        if route is not None:

            def read_and_route(data: Any, default: Any) -> Any:
                if isinstance(data, dict) and data.get("method") == "custom":
                    self.receive(data.get("content"))
                return route(data, default)

            comm._reply_subshell_for = read_and_route
        else:
            self._queue = KernelQueue.of(getattr(comm, "kernel", None))

    def receive(self, content: Any) -> None:
        """Take one message, unless it was heard before. Never raises: this may be the kernel's own thread."""
        if not isinstance(content, dict) or not isinstance(content.get("id"), str) or content["id"] in self._heard:
            return
        self._heard.append(content["id"])
        self._hear(content)

    def look(self) -> None:
        """Called by the training loop: on a kernel with one thread, look for messages, twenty times a second."""
        if self._queue is None or time.monotonic() < self._next_look:
            return
        for content in self._queue.waiting(self._comm.comm_id):
            self.receive(content)
        self._next_look = time.monotonic() + 0.05


class KernelQueue:
    """The queue of an ipykernel 6, read without taking anything out."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel

    @classmethod
    def of(cls, kernel: Any) -> KernelQueue | None:
        """The queue of this kernel, if it has one of the kind that we know."""
        if kernel is None:
            kernel = running_kernel()
        known = all(hasattr(kernel, name) for name in ("msg_queue", "shell_stream", "session"))
        return cls(kernel) if known and hasattr(kernel.msg_queue, "_queue") else None

    def waiting(self, comm_id: str) -> list[dict[str, Any]]:
        """The contents of the messages that wait for this comm."""
        stream, session = self._kernel.shell_stream, self._kernel.session
        stream.flush(1)  # 1 is zmq.POLLIN: what has arrived at the socket moves into the queue, in its order
        found: list[dict[str, Any]] = []
        for _, _, arguments in list(self._kernel.msg_queue._queue):
            frames = [bytes(getattr(frame, "bytes", frame)) for frame in (arguments[0] if arguments else [])]
            if b"<IDS|MSG>" not in frames:
                continue
            signature, *parts = frames[frames.index(b"<IDS|MSG>") + 1 :][:5]
            if len(parts) != 4 or session.sign(parts) != signature:
                continue
            content = json.loads(parts[3])
            data = content.get("data") if content.get("comm_id") == comm_id else None
            if isinstance(data, dict) and data.get("method") == "custom" and isinstance(data.get("content"), dict):
                found.append(data["content"])
        return found


def running_kernel() -> Any:
    """The kernel that runs this process, or None."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return getattr(get_ipython(), "kernel", None)
