"""``torch.autograd.profiler``: how long each operation takes, measured by the engine's observers while the block runs."""

from __future__ import annotations

import contextlib
import math
import re
import threading
import time
from typing import Any

from ..errors import lesson
from ..graph.observers import observe
from ..tensor_base import TensorBase
from .profiler_util import EventList, FunctionEvent, FunctionEventAvg

# Operations whose name in PyTorch's tables is not that of their class.
NAMES = {
    "Softmax": "_softmax", "LogSoftmax": "_log_softmax", "NllLoss": "nll_loss_forward", "NllLoss2D": "nll_loss2d_forward",
    "ToCopy": "_to_copy", "ToDevice": "_to_copy", "UnsafeView": "_unsafe_view", "ViewOp": "view", "Compare": "comparison",
    "ScaledDotProductFlashAttentionForCpu": "_scaled_dot_product_flash_attention_for_cpu",
}  # fmt: skip


_shown: dict[type[Any], str] = {}


def shown_name(op_class: type[Any]) -> str:
    """PyTorch's name of an operation: ``aten::max_pool2d_with_indices`` for ``MaxPool2DWithIndices``."""
    if op_class in _shown:
        return _shown[op_class]
    name = op_class.__name__
    if name not in NAMES:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
        name = re.sub(r"_?(\d)_?d\b|_?(\d)_?d(?=_)", lambda m: f"{m[1] or m[2]}d", name)
    shown = _shown[op_class] = "aten::" + NAMES.get(name, name)
    return shown


class Recorder:
    """Collects events between ``start`` and ``stop``. What runs inside something else becomes its child."""

    def __init__(self, shapes: bool = False, memory: bool = False, flops: bool = False, stack: bool = False) -> None:
        self.shapes, self.memory, self.flops, self.stack = shapes, memory, flops, stack
        self.events: list[FunctionEvent] = []
        self._open = threading.local()
        self._watching: Any = None
        self._zero = 0

    def start(self) -> None:
        """Listens from now on."""
        self._zero = time.perf_counter_ns()
        self._watching = contextlib.ExitStack()
        self._watching.enter_context(
            observe(
                op_entered=self._op_entered,
                op_called=self._op_called,
                step_entered=self._step_entered,
                step_taken=self._step_taken,
            )
        )
        _recorders.append(self)

    def stop(self) -> None:
        """Listens no more; what is still open ends here."""
        _recorders.remove(self)
        self._watching.close()
        while self._stack():
            self.end(self._stack()[-1])

    def _stack(self) -> list[FunctionEvent]:
        found: list[FunctionEvent] | None = getattr(self._open, "events", None)
        if found is None:
            found = self._open.events = []
        return found

    def _now(self) -> float:
        return (time.perf_counter_ns() - self._zero) / 1000.0

    def begin(self, name: str, annotation: bool = False) -> FunctionEvent:
        """Opens an event inside the one that is open."""
        stack = self._stack()
        event = FunctionEvent(len(self.events) + 1, name, threading.get_native_id(), 0.0, stack[-1] if stack else None)
        event.is_user_annotation = annotation
        self.events.append(event)
        stack.append(event)
        event.time_range.start = event.time_range.end = self._now()
        return event

    def end(self, event: FunctionEvent) -> None:
        """Closes an event, and what was left open inside by an error."""
        now = self._now()
        stack = self._stack()
        while event in stack:
            stack.pop().time_range.end = now

    def _op_entered(self, op_class: type[Any], inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        self.begin(shown_name(op_class))
        return inputs

    def _op_called(self, node: Any, inputs: tuple[Any, ...], result: Any) -> None:
        event = self._last(shown_name(type(node)))
        if event is None:
            return
        self.end(event)
        if self.shapes:
            event.input_shapes = [list(t.shape) if isinstance(t, TensorBase) else [] for t in inputs]
        if self.memory and not type(node).view:
            results = result if isinstance(result, tuple) else (result,)
            event.self_cpu_memory_usage = sum(t._array.nbytes for t in results if isinstance(t, TensorBase))
        if self.flops:
            event.flops = count_flops(type(node).__name__, inputs, result)
        if self.stack and node.where is not None:
            file, line, function = node.where
            event.stack = [f"{file}({line}): {function}"]

    def _last(self, name: str) -> FunctionEvent | None:
        return next((event for event in reversed(self._stack()) if event.name == name), None)

    def _step_entered(self, node: Any) -> None:
        self.begin(f"autograd::engine::evaluate_function: {node.name()}")

    def _step_taken(self, step: Any) -> None:
        event = self._last(f"autograd::engine::evaluate_function: {step.node.name()}")
        if event is None:
            return
        self.end(event)
        if self.memory:
            event.self_cpu_memory_usage = sum(getattr(g, "nbytes", 0) for g in step.grads_out if g is not None)


_recorders: list[Recorder] = []


def count_flops(name: str, inputs: tuple[Any, ...], result: Any) -> int:
    """Multiplications and additions of products and convolutions, and those of sums and products by element."""
    if name in ("Mm", "Addmm", "Bmm"):
        left, right = [t for t in inputs if isinstance(t, TensorBase)][-2:]
        return 2 * math.prod(left._array.shape) * right._array.shape[-1]
    if name == "Convolution":
        return 2 * result._array.size * math.prod(inputs[1]._array.shape[1:])
    return int(result._array.size) if name in ("Add", "Mul") else 0


class record_function(contextlib.ContextDecorator):  # noqa: N801 - PyTorch spells this class in lower case
    """A block, or by ``@`` a function, that shows in profiles under its own name; outside of them it costs nothing.

    >>> import pytorch_tutor as torch
    >>> with torch.autograd.profiler.profile() as prof:
    ...     with torch.autograd.profiler.record_function("the product"):
    ...         _ = torch.ones(2, 2) @ torch.ones(2, 2)
    >>> [event.key for event in prof.key_averages()]
    ['the product', 'aten::mm']
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self.args = args
        self._events: list[list[tuple[Recorder, FunctionEvent]]] = []

    def _recreate_cm(self) -> record_function:
        return type(self)(self.name, self.args)

    def __enter__(self) -> record_function:
        self._events.append([(recorder, recorder.begin(self.name, annotation=True)) for recorder in _recorders])
        return self

    def __exit__(self, *exc: object) -> None:
        for recorder, event in self._events.pop():
            recorder.end(event)


class profile:  # noqa: N801 - PyTorch spells this class in lower case
    """A block in which every operation and every step of a backward pass is timed.

    Args:
        enabled: False for a block that measures nothing.
        record_shapes: keep the shapes of the inputs.
        profile_memory: count the bytes of the results (PyTorch counts what is allocated less what is freed).
        with_flops: count multiplications and additions.
        with_stack: keep the line of your program.
        use_cuda, use_cpu, use_device, use_kineto, with_modules, experimental_config, acc_events: as in PyTorch.

    The table has rows for the engine's own operations: what is one operation here can be several in PyTorch.

    >>> import pytorch_tutor as torch
    >>> with torch.autograd.profiler.profile(record_shapes=True) as prof:
    ...     _ = torch.ones(2, 3).exp().sum()
    >>> [(e.key, e.count) for e in prof.key_averages()]
    [('aten::exp', 1), ('aten::sum', 1)]
    """

    def __init__(
        self,
        enabled: bool = True,
        *,
        use_cuda: bool = False,
        use_device: str | None = None,
        record_shapes: bool = False,
        with_flops: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_modules: bool = False,
        use_kineto: bool = False,
        use_cpu: bool = True,
        **options: Any,
    ) -> None:
        self.enabled = enabled
        self.record_shapes, self.profile_memory = record_shapes, profile_memory
        self.with_flops, self.with_stack = with_flops, with_stack
        self.function_events: EventList | None = None
        self._recorder: Recorder | None = None

    def __enter__(self) -> profile:
        if self.enabled:
            if self._recorder is not None:
                raise RuntimeError("Profiler context manager is not reentrant")
            self._recorder = Recorder(self.record_shapes, self.profile_memory, self.with_flops, self.with_stack)
            self._recorder.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._recorder is not None:
            self._recorder.stop()
            self.function_events = EventList(self._recorder.events, self.profile_memory, self.with_flops)

    def _events(self) -> EventList:
        if self.function_events is None:
            raise lesson(
                RuntimeError("Profiler didn't finish running"),
                expected="a block that has ended",
                hint="with torch.autograd.profiler.profile() as prof: ...   and then prof.key_averages()",
            )
        return self.function_events

    def key_averages(self, *args: Any, **kwargs: Any) -> EventList:
        """One sum for each name (see :class:`EventList`)."""
        return self._events().key_averages(*args, **kwargs)

    def total_average(self) -> FunctionEventAvg:
        """The sum of everything."""
        return self._events().total_average()

    def table(self, *args: Any, **kwargs: Any) -> str:
        """All events as a table."""
        return self._events().table(*args, **kwargs)

    def export_chrome_trace(self, path: Any) -> None:
        """Writes the events as JSON that chrome://tracing and Perfetto show."""
        self._events().export_chrome_trace(path)

    def export_stacks(self, path: str, metric: str = "self_cpu_time_total") -> None:
        """Writes lines of user code with the time spent there."""
        self._events().export_stacks(path, metric)

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all events, in microseconds."""
        return self._events().self_cpu_time_total

    def __str__(self) -> str:
        return "<unfinished torch.autograd.profile>" if self.function_events is None else str(self.function_events)

    __repr__ = __str__


class emit_nvtx(contextlib.AbstractContextManager[Any]):  # noqa: N801 - PyTorch spells this class in lower case
    """Accepted: NVIDIA's profiler is not told of operations."""

    def __init__(self, enabled: bool = True, record_shapes: bool = False) -> None:
        self.enabled = enabled

    def __exit__(self, *exc: object) -> None:
        """Nothing to end."""


__all__ = ["EventList", "FunctionEvent", "FunctionEventAvg", "emit_nvtx", "profile", "record_function"]
