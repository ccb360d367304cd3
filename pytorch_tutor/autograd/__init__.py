"""``torch.autograd``: backward passes, gradients, modes, custom functions, checks."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from ..engine import backward, grad
from ..graph import is_grad_enabled
from ..later import Later as _Later
from ..tensor import Tensor
from . import forward_ad
from .anomaly import detect_anomaly, is_anomaly_check_nan_enabled, is_anomaly_enabled, set_detect_anomaly
from .function import Function
from .grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled, set_multithreading_enabled
from .gradcheck import GradcheckError, gradcheck, gradgradcheck

if TYPE_CHECKING:  # loaded when first asked for
    from . import functional, graph, profiler, profiler_util

_later = _Later(__name__, ["functional", "graph", "profiler", "profiler_util"])
__getattr__, __dir__ = _later, _later.dir


class _AnyTensor(type(Tensor)):  # type: ignore[misc]  # a metaclass that mypy can only know at run time
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, Tensor)


class Variable(Tensor, metaclass=_AnyTensor):
    """PyTorch's old wrapper: ``Variable(x)`` is today simply ``x``, and every tensor is an instance of it."""

    torch_name = "torch.autograd.variable.Variable"

    def __new__(cls, data: Tensor, requires_grad: bool = False, volatile: bool = False) -> Tensor:  # type: ignore[misc]
        if volatile:
            warnings.warn(
                "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
                UserWarning,
                stacklevel=2,
            )
        found: Tensor = data.detach()
        found.requires_grad = requires_grad
        return found


__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "detect_anomaly", "enable_grad", "forward_ad", "functional", "grad",
    "gradcheck", "gradgradcheck", "graph", "inference_mode", "is_anomaly_check_nan_enabled", "is_anomaly_enabled",
    "is_grad_enabled", "no_grad", "set_detect_anomaly",
    "set_grad_enabled", "set_multithreading_enabled",
]  # fmt: skip
