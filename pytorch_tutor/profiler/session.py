"""``torch.profiler.profile``: a block that is profiled as a schedule says, step by step."""

from __future__ import annotations

import enum
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from ..autograd.profiler import Recorder, record_function
from ..autograd.profiler_util import EventList
from ..backends import cuda_available
from ..errors import lesson
from .schedules import ProfilerAction, always


class ProfilerActivity(enum.Enum):
    """What to measure. The engine measures the time that operations take in Python: CPU."""

    CPU = 0
    XPU = 1
    MTIA = 2
    CUDA = 3
    HPU = 4
    PrivateUse1 = 5


def supported_activities() -> set[ProfilerActivity]:
    """What can be measured."""
    return {ProfilerActivity.CPU}


RECORDING = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


class profile:  # noqa: N801 - PyTorch spells this class in lower case
    """A block in which operations are timed; with a ``schedule``, only in the steps that it names.

    Args:
        activities: accepted; times are those of the CPU.
        schedule: a function of the step's number, see :func:`torch.profiler.schedule`.
        on_trace_ready: called with the profiler when a cycle of the schedule, or the block, has ended.
        record_shapes, profile_memory, with_stack, with_flops: see :class:`torch.autograd.profiler.profile`.

    >>> import pytorch_tutor as torch
    >>> with torch.profiler.profile(record_shapes=True) as prof:
    ...     with torch.profiler.record_function("forward"):
    ...         _ = torch.ones(2, 3).exp()
    >>> [(e.key, e.count) for e in prof.key_averages()]
    [('forward', 1), ('aten::exp', 1)]
    """

    def __init__(
        self,
        *,
        activities: Iterable[ProfilerActivity] | None = None,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[..., Any] | None = None,
        record_shapes: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_flops: bool = False,
        with_modules: bool = False,
        acc_events: bool = False,
        **options: Any,
    ) -> None:
        self.activities = set(activities) if activities else supported_activities()
        if ProfilerActivity.CUDA in self.activities and not cuda_available():
            warnings.warn("CUDA is not available, disabling CUDA profiling", stacklevel=2)
        self.schedule = schedule or always
        self.record_steps = schedule is not None
        self.on_trace_ready = on_trace_ready
        self.record_shapes, self.profile_memory = record_shapes, profile_memory
        self.with_stack, self.with_flops = with_stack, with_flops
        self.step_num = 0
        self.current_action = self.schedule(0)
        self._recorder: Recorder | None = None
        self._found: EventList | None = None
        self._step: record_function | None = None
        self._metadata: dict[str, str] = {}

    # -- running
    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begins with the first step."""
        self._apply(ProfilerAction.NONE, self.current_action)
        self._name_step()

    def stop(self) -> None:
        """Ends; what has been recorded since the last cycle is handed over."""
        self._end_step()
        before, self.current_action = self.current_action, ProfilerAction.NONE
        if before in RECORDING:
            self._finish()
            self._hand_over()

    def step(self) -> None:
        """Says that a step of the training has ended."""
        self._end_step()
        before = self.current_action
        self.step_num += 1
        self.current_action = self.schedule(self.step_num)
        self._apply(before, self.current_action)
        self._name_step()

    def _apply(self, before: ProfilerAction, now: ProfilerAction) -> None:
        if before is ProfilerAction.RECORD_AND_SAVE or (before in RECORDING and now not in RECORDING):
            self._finish()
            self._hand_over()
            before = ProfilerAction.NONE
        if now in RECORDING and before not in RECORDING:
            self._recorder = Recorder(self.record_shapes, self.profile_memory, self.with_flops, self.with_stack)
            self._recorder.start()

    def _finish(self) -> None:
        if self._recorder is not None:
            self._recorder.stop()
            self._found = EventList(self._recorder.events, self.profile_memory, self.with_flops)
            self._recorder = None

    def _hand_over(self) -> None:
        if self.on_trace_ready is not None:
            self.on_trace_ready(self)

    def _name_step(self) -> None:
        if self.record_steps:
            self._step = record_function(f"ProfilerStep#{self.step_num}")
            self._step.__enter__()

    def _end_step(self) -> None:
        if self._step is not None:
            self._step.__exit__()
            self._step = None

    # -- what was found
    def events(self) -> EventList:
        """All events of the last cycle."""
        if self._found is None:
            raise lesson(
                AssertionError("Profiler must be initialized before getting key averages"),
                expected="a block, or a cycle of the schedule, that has ended",
                got="nothing recorded yet",
                hint="with torch.profiler.profile() as prof: ...   and then prof.key_averages()",
            )
        return self._found

    def key_averages(self, *args: Any, **kwargs: Any) -> EventList:
        """One sum for each name: ``print(prof.key_averages().table(sort_by="cpu_time_total", row_limit=10))``."""
        return self.events().key_averages(*args, **kwargs)

    def export_chrome_trace(self, path: Any) -> None:
        """Writes the events as JSON that chrome://tracing and Perfetto show."""
        self.events().export_chrome_trace(path)

    def export_stacks(self, path: str, metric: str = "self_cpu_time_total") -> None:
        """Writes lines of user code with the time spent there; needs ``with_stack=True``."""
        if not self.with_stack:
            raise AssertionError("export_stacks() requires with_stack=True")
        self.events().export_stacks(path, metric)

    def add_metadata(self, key: str, value: str) -> None:
        """Keeps a text with the profile."""
        self._metadata[key] = value

    add_metadata_json = add_metadata
