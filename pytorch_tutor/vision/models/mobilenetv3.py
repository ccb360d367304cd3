"""MobileNetV3: MobileNetV2's blocks with weighed channels and cheaper activations, arranged by a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ..ops.misc import Conv2dNormActivation, SqueezeExcitation
from .mobilenetv2 import round_channels
from .weights import offered

Norm = Callable[..., nn.Module]


@dataclass
class Row:
    """One block: channels in, kernel, channels between, channels out, weighed?, hard swish?, stride, dilation."""

    input_channels: int
    kernel: int
    expanded_channels: int
    out_channels: int
    use_se: bool
    use_hs: bool
    stride: int
    dilation: int = 1


class InvertedResidual(nn.Module):
    """Widen (1×1), filter each channel for itself, weigh channels, narrow (1×1)."""

    def __init__(self, cnf: Row, norm_layer: Norm) -> None:
        super().__init__()
        if not 1 <= cnf.stride <= 2:
            raise ValueError("illegal stride value")
        self.use_res_connect = cnf.stride == 1 and cnf.input_channels == cnf.out_channels
        activation = nn.Hardswish if cnf.use_hs else nn.ReLU
        layer = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=activation)
        wide = cnf.expanded_channels
        layers: list[nn.Module] = []
        if wide != cnf.input_channels:
            layers.append(layer(cnf.input_channels, wide, kernel_size=1))
        stride = 1 if cnf.dilation > 1 else cnf.stride
        layers.append(layer(wide, wide, kernel_size=cnf.kernel, stride=stride, dilation=cnf.dilation, groups=wide))
        if cnf.use_se:
            layers.append(SqueezeExcitation(wide, round_channels(wide // 4, 8), scale_activation=nn.Hardsigmoid))
        layers.append(layer(wide, cnf.out_channels, kernel_size=1, activation_layer=None))
        self.block = nn.Sequential(*layers)
        self.out_channels = cnf.out_channels

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.block(input)
        if self.use_res_connect:
            result += input
        return result


class MobileNetV3(nn.Module):
    """MobileNetV3 with torchvision's parameter names.

    Shapes: (N, 3, 224, 224) -> (N, num_classes). Source: A. Howard et al., Searching for MobileNetV3, 2019.
    """

    def __init__(
        self,
        inverted_residual_setting: Sequence[Row],
        last_channel: int,
        num_classes: int = 1000,
        norm_layer: Norm | None = None,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        if not inverted_residual_setting:
            raise ValueError("The inverted_residual_setting should not be empty")
        norm = norm_layer or partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
        layer = partial(Conv2dNormActivation, norm_layer=norm, activation_layer=nn.Hardswish)
        layers: list[nn.Module] = [layer(3, inverted_residual_setting[0].input_channels, kernel_size=3, stride=2)]
        layers += [InvertedResidual(row, norm) for row in inverted_residual_setting]
        width = inverted_residual_setting[-1].out_channels
        layers.append(layer(width, 6 * width, kernel_size=1))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * width, last_channel),
            nn.Hardswish(inplace=True),
            nn.Dropout(p=dropout, inplace=True),
            nn.Linear(last_channel, num_classes),
        )
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
        x = torch.flatten(self.avgpool(self.features(x)), 1)
        scores: torch.Tensor = self.classifier(x)
        return scores


_LARGE = [
    (16, 3, 16, 16, 0, 0, 1), (16, 3, 64, 24, 0, 0, 2), (24, 3, 72, 24, 0, 0, 1), (24, 5, 72, 40, 1, 0, 2),
    (40, 5, 120, 40, 1, 0, 1), (40, 5, 120, 40, 1, 0, 1), (40, 3, 240, 80, 0, 1, 2), (80, 3, 200, 80, 0, 1, 1),
    (80, 3, 184, 80, 0, 1, 1), (80, 3, 184, 80, 0, 1, 1), (80, 3, 480, 112, 1, 1, 1), (112, 3, 672, 112, 1, 1, 1),
    (112, 5, 672, 160, 1, 1, 2), (160, 5, 960, 160, 1, 1, 1), (160, 5, 960, 160, 1, 1, 1),
]  # fmt: skip
_SMALL = [
    (16, 3, 16, 16, 1, 0, 2), (16, 3, 72, 24, 0, 0, 2), (24, 3, 88, 24, 0, 0, 1), (24, 5, 96, 40, 1, 1, 2),
    (40, 5, 240, 40, 1, 1, 1), (40, 5, 240, 40, 1, 1, 1), (40, 5, 120, 48, 1, 1, 1), (48, 5, 144, 48, 1, 1, 1),
    (48, 5, 288, 96, 1, 1, 2), (96, 5, 576, 96, 1, 1, 1), (96, 5, 576, 96, 1, 1, 1),
]  # fmt: skip


def _make(table: list[Any], last: int, width_mult: float = 1.0, **kwargs: Any) -> MobileNetV3:
    def scaled(channels: int) -> int:
        return round_channels(channels * width_mult, 8)

    rows = [Row(scaled(i), k, scaled(e), scaled(o), bool(se), bool(hs), s) for i, k, e, o, se, hs, s in table]
    return MobileNetV3(rows, scaled(last), **kwargs)


@offered("MobileNet_V3_Large")
def mobilenet_v3_large(**kwargs: Any) -> MobileNetV3:
    """Returns a large MobileNetV3; ``kwargs`` go to :class:`MobileNetV3`."""
    return _make(_LARGE, 1280, **kwargs)


@offered("MobileNet_V3_Small")
def mobilenet_v3_small(**kwargs: Any) -> MobileNetV3:
    """Returns a small MobileNetV3; ``kwargs`` go to :class:`MobileNetV3`."""
    return _make(_SMALL, 1024, **kwargs)
