"""``torch.cuda.amp.autocast`` and the decorators of functions that are run under it."""

from __future__ import annotations

from typing import Any

from ... import amp as _amp
from ...dtypes import dtype, float16
from .common import deprecated


class autocast(_amp.autocast):  # noqa: N801 - PyTorch spells this class in lower case
    """``torch.amp.autocast("cuda")`` by its older name."""

    def __init__(self, enabled: bool = True, dtype: dtype = float16, cache_enabled: bool = True) -> None:
        deprecated("autocast", "autocast('cuda', args...)")
        super().__init__("cuda", dtype, enabled, cache_enabled)


def custom_fwd(fwd: Any = None, *, cast_inputs: dtype | None = None) -> Any:
    """``torch.amp.custom_fwd(device_type="cuda")`` by its older name."""
    deprecated("custom_fwd", "custom_fwd(args..., device_type='cuda')")
    return _amp.custom_fwd(fwd, device_type="cuda", cast_inputs=cast_inputs)


def custom_bwd(bwd: Any) -> Any:
    """``torch.amp.custom_bwd(device_type="cuda")`` by its older name."""
    deprecated("custom_bwd", "custom_bwd(args..., device_type='cuda')")
    return _amp.custom_bwd(bwd, device_type="cuda")


__all__ = ["autocast", "custom_bwd", "custom_fwd"]
