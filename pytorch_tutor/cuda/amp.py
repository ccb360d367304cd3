"""``torch.cuda.amp``: the older names of mixed precision on a GPU."""

from __future__ import annotations

import warnings
from typing import Any

from .. import amp as _amp
from ..dtypes import dtype, float16


def _deprecated(old: str, new: str) -> None:
    text = f"`torch.cuda.amp.{old}(args...)` is deprecated. Please use `torch.amp.{new}` instead."
    warnings.warn(text, FutureWarning, stacklevel=3)


class autocast(_amp.autocast):  # noqa: N801 - PyTorch spells this class in lower case
    """``torch.amp.autocast("cuda")`` by its older name."""

    def __init__(self, enabled: bool = True, dtype: dtype = float16, cache_enabled: bool = True) -> None:
        _deprecated("autocast", "autocast('cuda', args...)")
        super().__init__("cuda", dtype, enabled, cache_enabled)


class GradScaler(_amp.GradScaler):
    """``torch.amp.GradScaler("cuda")`` by its older name."""

    def __init__(
        self,
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        _deprecated("GradScaler", "GradScaler('cuda', args...)")
        super().__init__("cuda", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


def custom_fwd(fwd: Any = None, *, cast_inputs: dtype | None = None) -> Any:
    """``torch.amp.custom_fwd(device_type="cuda")`` by its older name."""
    _deprecated("custom_fwd", "custom_fwd(args..., device_type='cuda')")
    return _amp.custom_fwd(fwd, device_type="cuda", cast_inputs=cast_inputs)


def custom_bwd(bwd: Any) -> Any:
    """``torch.amp.custom_bwd(device_type="cuda")`` by its older name."""
    _deprecated("custom_bwd", "custom_bwd(args..., device_type='cuda')")
    return _amp.custom_bwd(bwd, device_type="cuda")


__all__ = ["GradScaler", "autocast", "custom_bwd", "custom_fwd"]
