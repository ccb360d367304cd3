"""``torch.amp``: mixed precision. Products in bfloat16 or float16, losses in float32, and gradients kept from vanishing."""

from __future__ import annotations

from . import autocast_mode, grad_scaler
from .autocast_mode import (
    autocast, autocast_decorator, clear_autocast_cache, custom_bwd, custom_fwd, get_autocast_cpu_dtype,
    get_autocast_dtype, get_autocast_gpu_dtype, is_autocast_available, is_autocast_cache_enabled,
    is_autocast_cpu_enabled, is_autocast_enabled, set_autocast_cache_enabled, set_autocast_dtype, set_autocast_enabled,
)  # fmt: skip
from .grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast", "autocast_decorator", "custom_bwd", "custom_fwd", "is_autocast_available"]
