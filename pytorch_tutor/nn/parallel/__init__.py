"""Data parallel training within one process: on the CPU, and on a single device, the module itself."""

from __future__ import annotations

from pytorch_tutor.nn.parallel.data_parallel import DataParallel, data_parallel

__all__ = ["DataParallel", "data_parallel"]
