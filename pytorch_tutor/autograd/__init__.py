"""``torch.autograd``: backward passes, gradients, modes, custom functions, checks."""

from __future__ import annotations

from ..engine import backward, grad
from ..graph import is_grad_enabled
from .anomaly import detect_anomaly, set_detect_anomaly
from .grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled

__all__ = [
    "backward", "detect_anomaly", "enable_grad", "grad", "inference_mode", "is_grad_enabled", "no_grad",
    "set_detect_anomaly", "set_grad_enabled",
]  # fmt: skip
