"""ChannelShuffle: deals the channels of several groups out in turn."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.nn import functional as F
from pytorch_tutor.nn.modules.module import Module


class ChannelShuffle(Module):
    """Mixes the groups of grouped convolutions. Source: X. Zhang et al., "ShuffleNet", 2017."""

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Any) -> Any:
        """Rearrange."""
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        """The number of groups."""
        return f"groups={self.groups}"
