"""``torch.cuda.amp.GradScaler``."""

from __future__ import annotations

from ... import amp as _amp
from ...amp.grad_scaler import OptState
from .common import deprecated


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
        deprecated("GradScaler", "GradScaler('cuda', args...)")
        super().__init__("cuda", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


__all__ = ["GradScaler", "OptState"]
