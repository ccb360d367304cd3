"""``torch.cpu.amp.autocast``."""

from __future__ import annotations

import warnings

from ... import amp as _amp
from ...dtypes import bfloat16, dtype


class autocast(_amp.autocast):  # noqa: N801 - PyTorch spells this class in lower case
    """``torch.amp.autocast("cpu")`` by its older name."""

    def __init__(self, enabled: bool = True, dtype: dtype = bfloat16, cache_enabled: bool = True) -> None:
        warnings.warn(
            "`torch.cpu.amp.autocast(args...)` is deprecated. Please use `torch.amp.autocast('cpu', args...)` instead.",
            FutureWarning,
            stacklevel=2,
        )
        super().__init__("cpu", dtype, enabled, cache_enabled)


__all__ = ["autocast"]
