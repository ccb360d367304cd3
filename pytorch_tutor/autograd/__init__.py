"""``torch.autograd``: backward passes, gradients, modes, custom functions, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine import backward, grad
from ..graph import is_grad_enabled
from ..later import Later as _Later
from . import forward_ad
from .anomaly import detect_anomaly, is_anomaly_check_nan_enabled, is_anomaly_enabled, set_detect_anomaly
from .function import Function
from .grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled, set_multithreading_enabled
from .gradcheck import GradcheckError, gradcheck, gradgradcheck
from .variable import Variable

if TYPE_CHECKING:  # loaded when first asked for
    from . import functional, graph, profiler, profiler_util

_later = _Later(__name__, ["functional", "graph", "profiler", "profiler_util"])
__getattr__, __dir__ = _later, _later.dir


__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "detect_anomaly", "enable_grad", "forward_ad", "functional", "grad",
    "gradcheck", "gradgradcheck", "graph", "inference_mode", "is_anomaly_check_nan_enabled", "is_anomaly_enabled",
    "is_grad_enabled", "no_grad", "set_detect_anomaly",
    "set_grad_enabled", "set_multithreading_enabled",
]  # fmt: skip
