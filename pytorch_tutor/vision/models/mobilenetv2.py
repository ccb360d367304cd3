"""MobileNetV2: convolutions split into "each channel for itself" and "each pixel for itself", for small machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ..ops.misc import Conv2dNormActivation
from .weights import offered

Norm = Callable[[int], nn.Module]


def round_channels(channels: float, divisor: int) -> int:
    """Rounds to a multiple of ``divisor``, but not down by more than a tenth.

    >>> round_channels(32 * 0.75, 8), round_channels(10, 8)
    (24, 16)
    """
    rounded = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * channels else rounded


class InvertedResidual(nn.Module):
    """Widen (1×1), filter each channel for itself (3×3), narrow (1×1); added to its input where the shapes agree."""

    def __init__(self, inp: int, oup: int, stride: int, expand_ratio: int, norm_layer: Norm | None = None) -> None:
        super().__init__()
        if stride not in (1, 2):
            raise ValueError(f"stride should be 1 or 2 instead of {stride}")
        norm = norm_layer or nn.BatchNorm2d
        wide = round(inp * expand_ratio)
        layers: list[nn.Module] = []
        if expand_ratio != 1:
            layers.append(Conv2dNormActivation(inp, wide, kernel_size=1, norm_layer=norm, activation_layer=nn.ReLU6))
        layers += [
            Conv2dNormActivation(wide, wide, stride=stride, groups=wide, norm_layer=norm, activation_layer=nn.ReLU6),
            nn.Conv2d(wide, oup, 1, 1, 0, bias=False),
            norm(oup),
        ]
        self.conv = nn.Sequential(*layers)
        self.stride = stride
        self.use_res_connect = stride == 1 and inp == oup
        self.out_channels = oup

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.conv(x)
        return x + result if self.use_res_connect else result


# Factor of widening, channels, how many blocks, stride of the first of them.
_STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


class MobileNetV2(nn.Module):
    """MobileNetV2 with torchvision's parameter names.

    Args:
        num_classes: how many numbers come out.
        width_mult: a factor for the channels of every layer.
        inverted_residual_setting: the stages, four numbers each: widening, channels, blocks, stride.
        round_nearest: channels are multiples of this.
        block: the block, by default :class:`InvertedResidual`.
        norm_layer: what normalises, by default ``BatchNorm2d``.
        dropout: before the last layer.

    Shapes: (N, 3, 224, 224) -> (N, num_classes).

    Source: M. Sandler et al., MobileNetV2: Inverted Residuals and Linear Bottlenecks, 2018.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        width_mult: float = 1.0,
        inverted_residual_setting: Sequence[Sequence[int]] | None = None,
        round_nearest: int = 8,
        block: Callable[..., nn.Module] | None = None,
        norm_layer: Norm | None = None,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        stages = _STAGES if inverted_residual_setting is None else inverted_residual_setting
        if len(stages) == 0 or len(stages[0]) != 4:
            raise ValueError(f"inverted_residual_setting should be non-empty or a 4-element list, got {stages}")
        make_block = block or InvertedResidual
        norm = norm_layer or nn.BatchNorm2d
        channels = round_channels(32 * width_mult, round_nearest)
        self.last_channel = round_channels(1280 * max(1.0, width_mult), round_nearest)
        features: list[nn.Module] = [
            Conv2dNormActivation(3, channels, stride=2, norm_layer=norm, activation_layer=nn.ReLU6)
        ]
        for widening, wanted, count, stride in stages:
            output = round_channels(wanted * width_mult, round_nearest)
            for number in range(count):
                step = stride if number == 0 else 1
                features.append(make_block(channels, output, step, expand_ratio=widening, norm_layer=norm))
                channels = output
        features.append(
            Conv2dNormActivation(channels, self.last_channel, kernel_size=1, norm_layer=norm, activation_layer=nn.ReLU6)
        )
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(p=dropout), nn.Linear(self.last_channel, num_classes))
        self._initialise()

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)
        x = torch.flatten(nn.functional.adaptive_avg_pool2d(x, (1, 1)), 1)
        scores: torch.Tensor = self.classifier(x)
        return scores


@offered("MobileNet_V2")
def mobilenet_v2(**kwargs: Any) -> MobileNetV2:
    """Returns a MobileNetV2; ``kwargs`` go to :class:`MobileNetV2`. ``weights`` names trained ones."""
    return MobileNetV2(**kwargs)
