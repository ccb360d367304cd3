"""``torch.profiler``: times of operations, also of chosen steps of a training only. Read autograd/profiler.py first."""

from __future__ import annotations

from ..autograd.profiler import record_function
from .schedules import ProfilerAction, schedule, tensorboard_trace_handler
from .session import ProfilerActivity, profile, supported_activities

__all__ = [
    "ProfilerAction", "ProfilerActivity", "profile", "record_function", "schedule", "supported_activities",
    "tensorboard_trace_handler",
]  # fmt: skip
