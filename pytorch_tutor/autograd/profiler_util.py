"""What a profiler has seen: events, their sums by name, and the table that PyTorch prints of them."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

WIDTH = 12  # of a column of numbers


def format_time(microseconds: float) -> str:
    """Microseconds with the unit that suits them.

    >>> format_time(12.5), format_time(2_500), format_time(3_000_000)
    ('12.500us', '2.500ms', '3.000s')
    """
    if microseconds >= 1e6:
        return f"{microseconds / 1e6:.3f}s"
    return f"{microseconds / 1e3:.3f}ms" if microseconds >= 1e3 else f"{microseconds:.3f}us"


def format_memory(size: float) -> str:
    """Bytes with the unit that suits them.

    >>> format_memory(100), format_memory(-2048)
    ('100 B', '-2.00 KB')
    """
    for power, unit in ((3, "GB"), (2, "MB"), (1, "KB")):
        if abs(size) >= 1024**power:
            return f"{size / 1024**power:.2f} {unit}"
    return f"{int(size)} B"


def _time_text(name: str) -> property:
    return property(lambda self: format_time(getattr(self, name)), doc=f"``{name}`` with a unit.")


class Times:
    """The names that PyTorch gives to the times of an event and of a sum of events, in microseconds."""

    count: int
    cpu_time_total: Any
    self_cpu_time_total: Any
    device_time_total = self_device_time_total = cuda_time_total = self_cuda_time_total = 0.0
    device_memory_usage = self_device_memory_usage = cuda_memory_usage = self_cuda_memory_usage = 0

    @property
    def cpu_time(self) -> float:
        """The mean time of a call."""
        return 0.0 if not self.count else self.cpu_time_total / self.count

    device_time = cuda_time = 0.0
    cpu_time_str = _time_text("cpu_time")
    cpu_time_total_str = _time_text("cpu_time_total")
    self_cpu_time_total_str = _time_text("self_cpu_time_total")


class Interval:
    """From when to when, in microseconds since the profiler began."""

    def __init__(self, start: float, end: float) -> None:
        self.start, self.end = start, end

    def elapsed_us(self) -> float:
        """How long."""
        return self.end - self.start


class FunctionEvent(Times):
    """One call: an operation, a step of a backward pass, or a block with a name."""

    count = 1

    def __init__(self, id: int, name: str, thread: int, start: float, parent: FunctionEvent | None) -> None:
        self.id, self.name, self.thread = id, name, thread
        self.time_range = Interval(start, start)
        self.cpu_parent = parent
        self.cpu_children: list[FunctionEvent] = []
        self.input_shapes: list[Any] = []
        self.stack: list[str] = []
        self.self_cpu_memory_usage = self.flops = 0
        self.is_user_annotation = False
        self.is_async = self.is_remote = False
        if parent is not None:
            parent.cpu_children.append(self)

    @property
    def key(self) -> str:
        """The name under which calls are summed: steps of a schedule count as one."""
        return "ProfilerStep*" if self.name.startswith("ProfilerStep#") else self.name

    @property
    def cpu_time_total(self) -> float:
        """How long the call took."""
        return self.time_range.elapsed_us()

    @property
    def self_cpu_time_total(self) -> float:
        """How long it took without the calls inside."""
        return self.cpu_time_total - sum(child.cpu_time_total for child in self.cpu_children)

    @property
    def cpu_memory_usage(self) -> int:
        """Bytes of the results, with those of the calls inside."""
        return self.self_cpu_memory_usage + sum(child.cpu_memory_usage for child in self.cpu_children)

    def __repr__(self) -> str:
        return (
            f"<FunctionEvent id={self.id} name={self.name} device_type=DeviceType.CPU cpu_time={self.cpu_time_str} "
            f"start_us={self.time_range.start:.3f} end_us={self.time_range.end:.3f} "
            f"cpu_children={[child.id for child in self.cpu_children]} thread={self.thread} "
            f"input_shapes={self.input_shapes} cpu_memory_usage={self.cpu_memory_usage}>"
        )


class FunctionEventAvg(Times):
    """The sum of all calls of one name."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.count = 0
        self.cpu_time_total = self.self_cpu_time_total = 0.0
        self.cpu_memory_usage = self.self_cpu_memory_usage = self.flops = 0
        self.input_shapes: list[Any] = []
        self.stack: list[str] = []
        self.cpu_parent: FunctionEvent | None = None
        self.is_user_annotation = False

    def add(self, other: Any) -> FunctionEventAvg:
        """Adds a call, or another sum."""
        self.count += other.count
        for name in ("cpu_time_total", "self_cpu_time_total", "cpu_memory_usage", "self_cpu_memory_usage", "flops"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if self.count == other.count:  # the first one
            self.input_shapes, self.stack = other.input_shapes, other.stack
            self.cpu_parent, self.is_user_annotation = other.cpu_parent, other.is_user_annotation
        return self

    __iadd__ = add

    def __repr__(self) -> str:
        return (
            f"<FunctionEventAvg key={self.key} self_cpu_time={self.self_cpu_time_total_str} "
            f"cpu_time={self.cpu_time_str}  self_cuda_time=0.000us cuda_time=0.000us "
            f"input_shapes={self.input_shapes or ''} cpu_memory_usage={self.cpu_memory_usage} cuda_memory_usage=0>"
        )


class EventList(list[Any]):
    """Events, or sums of events."""

    def __init__(self, events: Iterable[Any] = (), profile_memory: bool = False, with_flops: bool = False) -> None:
        super().__init__(events)
        self._profile_memory, self._with_flops = profile_memory, with_flops

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all events, nothing counted twice."""
        return sum(event.self_cpu_time_total for event in self)

    def key_averages(
        self, group_by_input_shape: bool = False, group_by_stack_n: int = 0, group_by_overload_name: bool = False
    ) -> EventList:
        """One sum for each name; or for each name and shapes of inputs."""
        sums: dict[tuple[str, ...], FunctionEventAvg] = {}
        for event in self:
            key = (event.key, *([str(event.input_shapes)] if group_by_input_shape else []))
            key += tuple(event.stack[:group_by_stack_n])
            sums.setdefault(key, FunctionEventAvg(event.key)).add(event)
        for total in sums.values():
            total.stack = total.stack[:group_by_stack_n]
            total.input_shapes = total.input_shapes if group_by_input_shape else []
        return EventList(sums.values(), self._profile_memory, self._with_flops)

    def total_average(self) -> FunctionEventAvg:
        """The sum of everything."""
        total = FunctionEventAvg("Total")
        for event in self:
            total.add(event)
        total.key, total.input_shapes, total.stack = "Total", [], []
        return total

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_src_column_width: int = 75,
        max_name_column_width: int | None = 55,
        max_shapes_column_width: int | None = 80,
        header: str | None = None,
        top_level_events_only: bool = False,
        time_unit: str | None = None,
    ) -> str:
        """PyTorch's table: a row per event, the columns of time, and those that were asked for.

        ``sort_by`` names an attribute: "cpu_time_total", "self_cpu_time_total", "cpu_memory_usage", "count" ...
        """
        if not self:
            return ""
        events = list(self)
        if sort_by is not None:
            name = sort_by.replace("cuda", "device").replace("xpu", "device").replace("privateuse1", "device")
            events.sort(key=lambda event: getattr(event, name), reverse=True)
        total = sum(event.self_cpu_time_total for event in events)
        with_shapes = any(event.input_shapes for event in events)
        scale = _flop_scale([event.flops for event in events]) if self._with_flops else None
        stack_width = min(max((len(line) for e in events for line in e.stack), default=-4) + 4, max_src_column_width)

        def timed(microseconds: float) -> str:
            factor = {"s": 1e6, "ms": 1e3, "us": 1.0}.get(time_unit or "")
            return format_time(microseconds) if factor is None else f"{microseconds / factor:.3f}{time_unit}"

        def share(microseconds: float) -> str:
            return f"{microseconds * 100.0 / total:.2f}%" if total else "NaN"

        limit = max_name_column_width
        name_width = max(len(event.key) for event in events) + 4
        columns: list[tuple[str, int, Callable[[Any], Any]]] = [
            ("Name", name_width if limit is None else min(name_width, limit), lambda e: _cut(e.key, limit)),
            ("Self CPU %", WIDTH, lambda e: share(e.self_cpu_time_total)),
            ("Self CPU", WIDTH, lambda e: timed(e.self_cpu_time_total)),
            ("CPU total %", WIDTH, lambda e: share(e.cpu_time_total)),
            ("CPU total", WIDTH, lambda e: timed(e.cpu_time_total)),
            ("CPU time avg", WIDTH, lambda e: timed(e.cpu_time)),
        ]
        if self._profile_memory:
            columns.append(("CPU Mem", WIDTH, lambda e: format_memory(e.cpu_memory_usage)))
            columns.append(("Self CPU Mem", WIDTH, lambda e: format_memory(e.self_cpu_memory_usage)))
        columns.append(("# of Calls", WIDTH, lambda e: e.count))
        if with_shapes:
            width = max(len(str(event.input_shapes)) for event in events) + 4
            width = width if max_shapes_column_width is None else min(width, max_shapes_column_width)
            columns.append(("Input Shapes", width, lambda e: str(e.input_shapes)[:width]))
        if stack_width > 0:
            columns.append(("Source Location", stack_width, lambda e: _tail(e.stack, stack_width)))
        if scale is not None:
            factor, unit = scale
            columns.append((f"Total {unit}", WIDTH, lambda e: f"{e.flops * factor:8.3f}" if e.flops > 0 else "--"))
        return _laid_out(events, columns, header, top_level_events_only, row_limit, timed(total))

    def __str__(self) -> str:
        return self.table()

    def export_chrome_trace(self, path: Any) -> None:
        """Writes the events as JSON that chrome://tracing and Perfetto show."""
        process = os.getpid()
        entries: list[dict[str, Any]] = [
            {"ph": "M", "name": "process_name", "pid": process, "tid": 0, "ts": 0, "args": {"name": "python"}}
        ]
        for event in self:
            entries.append(
                {
                    "ph": "X",
                    "cat": "user_annotation" if event.is_user_annotation else "cpu_op",
                    "name": event.name,
                    "pid": process,
                    "tid": event.thread,
                    "ts": event.time_range.start,
                    "dur": event.time_range.elapsed_us(),
                    "args": {"External id": event.id, "Input Dims": event.input_shapes},
                }
            )
        trace = {"schemaVersion": 1, "displayTimeUnit": "ms", "traceEvents": entries}
        Path(path).write_text(json.dumps(trace), encoding="utf-8")

    def export_stacks(self, path: str, metric: str) -> None:
        """Writes lines of user code with the time spent there, as flame graph tools read them."""
        lines = [f"{';'.join(reversed(e.stack))} {int(getattr(e, metric))}\n" for e in self if e.stack]
        Path(path).write_text("".join(lines), encoding="utf-8")


def _cut(text: str, limit: int | None) -> str:
    return text if limit is None or len(text) < limit - 3 else text[: limit - 3] + "..."


def _tail(stack: list[str], width: int) -> str:
    text = stack[0] if stack else ""
    return text if len(text) <= width else "..." + text[len(text) - width + 3 :]


def _flop_scale(counts: list[int]) -> tuple[float, str] | None:
    """What to multiply by, and the unit: that of the smallest number."""
    counts = [count for count in counts if count > 0]
    if not counts:
        return None
    units = ["FLOPs", "KFLOPs", "MFLOPs", "GFLOPs", "TFLOPs", "PFLOPs"]
    power = int(max(0.0, min(math.log10(min(counts)) / 3, len(units) - 1)))
    return 10.0 ** (-3 * power), units[power]


def _laid_out(
    events: list[Any], columns: list[Any], header: str | None, top_only: bool, row_limit: int, total: str
) -> str:
    def row(values: Iterable[Any]) -> str:
        cells = []
        for (title, width, _), value in zip(columns, values, strict=True):
            cells.append(f"{value!s:<{width}}  " if title == "Source Location" else f"{value!s:>{width}}  ")
        return "".join(cells)

    rule = "".join("-" * width + "  " for _, width, _ in columns)
    lines = []
    if header is not None:
        lines += ["=" * (len(rule) - 2), header]
    if top_only:
        lines += ["=" * (len(rule) - 2), "This report only display top-level ops statistics"]
    lines += [rule, row(title for title, _, _ in columns), rule]
    shown = [event for event in events if not (top_only and event.cpu_parent is not None)]
    lines += [row(read(event) for _, _, read in columns) for event in shown[: None if row_limit < 0 else row_limit]]
    lines += [rule, f"Self CPU time total: {total}"]
    return "\n".join(lines) + "\n"
