"""Grad mode: whether operations are recorded, a switch that each thread has for itself."""

from __future__ import annotations

import threading


class Mode(threading.local):
    """The thread's switches.

    ``grad``: record operations; ``inference``: results can never be recorded later; ``anomaly``: stop at NaN.
    """

    grad: bool = True
    inference: bool = False
    anomaly: bool = False


mode = Mode()


def is_grad_enabled() -> bool:
    """True where operations on tensors that require grad are recorded.

    >>> import pytorch_tutor as torch
    >>> with torch.no_grad():
    ...     torch.is_grad_enabled()
    False
    """
    return mode.grad


def is_inference_mode_enabled() -> bool:
    """True inside ``torch.inference_mode()``."""
    return mode.inference
