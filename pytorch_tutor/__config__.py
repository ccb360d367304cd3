"""``torch.__config__``: what the engine is made of on this computer."""

from __future__ import annotations

import platform

import numpy as np

from .backends import cuda_available, get_threads, onednn_version


def show() -> str:
    """A few lines that say which libraries compute.

    >>> import pytorch_tutor as torch
    >>> torch.__config__.show().splitlines()[0]
    'pytorch_tutor runs on:'
    """
    version = onednn_version()
    lines = [
        "pytorch_tutor runs on:",
        f"  - Python {platform.python_version()}, {platform.machine() or 'an unknown processor'}",
        f"  - NumPy {np.__version__}",
        "  - " + ("no oneDNN" if version is None else f"oneDNN {'.'.join(map(str, version))}"),
        f"  - CUDA: {'by CuPy' if cuda_available() else 'no'}",
    ]
    return "\n".join(lines) + "\n"


def parallel_info() -> str:
    """How many threads an operation may use."""
    return f"pytorch_tutor/Parallel:\n\tget_num_threads() : {get_threads()}\n"
