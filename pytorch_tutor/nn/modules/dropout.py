"""Dropout layers: active in training, nothing after `eval()`."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.nn import functional as F
from pytorch_tutor.nn.modules.module import Module


class _DropoutNd(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise lesson(
                ValueError(f"dropout probability has to be between 0 and 1, but got {p}"),
                expected="0 <= p <= 1, the share that is dropped",
                got=p,
                hint="nn.Dropout(0.5)",
            )
        self.p, self.inplace = p, inplace

    def extra_repr(self) -> str:
        """The options."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    r"""Each element becomes 0 with probability p; the others are multiplied by $1 / (1 - p)$."""

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """Drops whole channels of (N, C, L)."""

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """Drops whole channels of (N, C, H, W)."""

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """Drops whole channels of (N, C, D, H, W)."""

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """Dropout that keeps mean and variance, for SELU nets."""

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return F.alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(_DropoutNd):
    """AlphaDropout of whole channels."""

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return F.feature_alpha_dropout(input, self.p, self.training)
