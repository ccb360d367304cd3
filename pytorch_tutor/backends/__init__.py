"""The only place that knows which library computes: NumPy, oneDNN beside it, or CuPy on a GPU.

`namespace(array)` gives the module for ordinary expressions, `kernels(array)` the table of the few heavy operations.
Read `table.py` for what the table holds, then `numpy_convolution.py` and its neighbours for what each entry means.
"""

from __future__ import annotations

from pytorch_tutor.backends.arrays import namespace
from pytorch_tutor.backends.devices import cuda_available, to_device
from pytorch_tutor.backends.select import kernels, onednn_available, onednn_version
from pytorch_tutor.backends.table import Kernels
from pytorch_tutor.backends.threads import get_threads, set_threads

__all__ = [
    "Kernels", "cuda_available", "get_threads", "kernels", "namespace", "onednn_available", "onednn_version",
    "set_threads", "to_device",
]  # fmt: skip
