"""``torch.utils.benchmark``: how long a statement takes, measured often enough, and tables that compare."""

from __future__ import annotations

from .compare import Colorize, Compare
from .measurement import Measurement, TaskSpec, ordered_unique, select_unit, trim_sigfig, unit_to_english
from .timer import Language, Timer

__all__ = [
    "Colorize", "Compare", "Language", "Measurement", "TaskSpec", "Timer", "ordered_unique", "select_unit",
    "trim_sigfig", "unit_to_english",
]  # fmt: skip
