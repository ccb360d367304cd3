"""ShuffleNetV2: half of the channels pass untouched, and channels are shuffled so that all meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from .weights import offered


def channel_shuffle(x: torch.Tensor, groups: int) -> torch.Tensor:
    """Deals the channels out like cards: the first of each group, then the second of each."""
    n, c, h, w = x.size()
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).contiguous().view(n, c, h, w)


class InvertedResidual(nn.Module):
    """Half of the channels through three convolutions; with a stride, all of them through two branches."""

    def __init__(self, inp: int, oup: int, stride: int) -> None:
        super().__init__()
        if not 1 <= stride <= 3:
            raise ValueError("illegal stride value")
        self.stride = stride
        half = oup // 2
        if stride == 1 and inp != half << 1:
            raise ValueError(
                f"Invalid combination of stride {stride}, inp {inp} and oup {oup} values. If stride == 1 then inp should "
                "be equal to oup // 2 << 1."
            )
        self.branch1 = nn.Sequential()
        if stride > 1:
            self.branch1 = nn.Sequential(
                nn.Conv2d(inp, inp, 3, stride, 1, bias=False, groups=inp),
                nn.BatchNorm2d(inp),
                nn.Conv2d(inp, half, kernel_size=1, stride=1, padding=0, bias=False),
                nn.BatchNorm2d(half),
                nn.ReLU(inplace=True),
            )
        self.branch2 = nn.Sequential(
            nn.Conv2d(inp if stride > 1 else half, half, kernel_size=1, stride=1, padding=0, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
            nn.Conv2d(half, half, 3, stride, 1, bias=False, groups=half),
            nn.BatchNorm2d(half),
            nn.Conv2d(half, half, kernel_size=1, stride=1, padding=0, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.stride == 1:
            left, right = x.chunk(2, dim=1)
            out = torch.cat((left, self.branch2(right)), dim=1)
        else:
            out = torch.cat((self.branch1(x), self.branch2(x)), dim=1)
        return channel_shuffle(out, 2)


class ShuffleNetV2(nn.Module):
    """ShuffleNetV2 with torchvision's parameter names.

    Shapes: (N, 3, 224, 224) -> (N, num_classes). Source: N. Ma et al., ShuffleNet V2, 2018.
    """

    def __init__(
        self, stages_repeats: Sequence[int], stages_out_channels: Sequence[int], num_classes: int = 1000
    ) -> None:
        super().__init__()
        if len(stages_repeats) != 3:
            raise ValueError("expected stages_repeats as list of 3 positive ints")
        if len(stages_out_channels) != 5:
            raise ValueError("expected stages_out_channels as list of 5 positive ints")
        first, *middle, last = stages_out_channels
        self.conv1 = nn.Sequential(
            nn.Conv2d(3, first, 3, 2, 1, bias=False), nn.BatchNorm2d(first), nn.ReLU(inplace=True)
        )
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        channels = first
        for number, repeats, wanted in zip((2, 3, 4), stages_repeats, middle, strict=True):
            blocks = [InvertedResidual(channels, wanted, 2)]
            blocks += [InvertedResidual(wanted, wanted, 1) for _ in range(repeats - 1)]
            setattr(self, f"stage{number}", nn.Sequential(*blocks))
            channels = wanted
        self.conv5 = nn.Sequential(
            nn.Conv2d(channels, last, 1, 1, 0, bias=False), nn.BatchNorm2d(last), nn.ReLU(inplace=True)
        )
        self.fc = nn.Linear(last, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.conv1(x))
        x = self.conv5(self.stage4(self.stage3(self.stage2(x))))
        scores: torch.Tensor = self.fc(x.mean([2, 3]))
        return scores


def _make(first: int, last: int, **kwargs: Any) -> ShuffleNetV2:
    return ShuffleNetV2([4, 8, 4], [24, first, 2 * first, 4 * first, last], **kwargs)


@offered("ShuffleNet_V2_X0_5")
def shufflenet_v2_x0_5(**kwargs: Any) -> ShuffleNetV2:
    """Returns the smallest ShuffleNetV2; ``kwargs`` go to :class:`ShuffleNetV2`."""
    return _make(48, 1024, **kwargs)


@offered("ShuffleNet_V2_X1_0")
def shufflenet_v2_x1_0(**kwargs: Any) -> ShuffleNetV2:
    """Returns a ShuffleNetV2; ``kwargs`` go to :class:`ShuffleNetV2`."""
    return _make(116, 1024, **kwargs)


@offered("ShuffleNet_V2_X1_5")
def shufflenet_v2_x1_5(**kwargs: Any) -> ShuffleNetV2:
    """Returns a ShuffleNetV2 half as wide again; ``kwargs`` go to :class:`ShuffleNetV2`."""
    return _make(176, 1024, **kwargs)


@offered("ShuffleNet_V2_X2_0")
def shufflenet_v2_x2_0(**kwargs: Any) -> ShuffleNetV2:
    """Returns a ShuffleNetV2 twice as wide; ``kwargs`` go to :class:`ShuffleNetV2`."""
    return _make(244, 2048, **kwargs)
