"""Data parallel training within one process: on the CPU, and on a single device, the module itself."""

from __future__ import annotations

from pytorch_tutor.nn.parallel import distributed
from pytorch_tutor.nn.parallel.data_parallel import DataParallel, data_parallel
from pytorch_tutor.nn.parallel.distributed import DistributedDataParallel
from pytorch_tutor.nn.parallel.pieces import gather, parallel_apply, replicate, scatter

__all__ = [
    "DataParallel",
    "DistributedDataParallel",
    "data_parallel",
    "distributed",
    "gather",
    "parallel_apply",
    "replicate",
    "scatter",
]
