"""EfficientNet: depth, width and size of the picture grow together; version 2 with plain convolutions in early stages."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ..ops.misc import Conv2dNormActivation, SqueezeExcitation
from ..ops.stochastic import StochasticDepth
from .mobilenetv2 import round_channels
from .weights import offered

Norm = Callable[..., nn.Module]


@dataclass
class Stage:
    """One stage: factor of widening, kernel, stride, channels in and out, how many blocks, and their kind."""

    expand_ratio: float
    kernel: int
    stride: int
    input_channels: int
    out_channels: int
    num_layers: int
    fused: bool = False

    @property
    def wide(self) -> int:
        """Channels between the first and the last convolution of a block."""
        return round_channels(self.input_channels * self.expand_ratio, 8)


class _Block(nn.Module):
    """What both kinds of block share: layers, and the shortcut, which by chance is all that is left."""

    def __init__(self, cnf: Stage, stochastic_depth_prob: float, layers: list[nn.Module]) -> None:
        super().__init__()
        if not 1 <= cnf.stride <= 2:
            raise ValueError("illegal stride value")
        self.use_res_connect = cnf.stride == 1 and cnf.input_channels == cnf.out_channels
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, "row")
        self.out_channels = cnf.out_channels

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.block(input)
        if self.use_res_connect:
            result = self.stochastic_depth(result)
            result += input
        return result


class MBConv(_Block):
    """Widen (1×1), filter each channel for itself, weigh channels, narrow (1×1)."""

    def __init__(self, cnf: Stage, stochastic_depth_prob: float, norm_layer: Norm) -> None:
        layer = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.SiLU)
        layers: list[nn.Module] = []
        if cnf.wide != cnf.input_channels:
            layers.append(layer(cnf.input_channels, cnf.wide, kernel_size=1))
        layers.append(layer(cnf.wide, cnf.wide, kernel_size=cnf.kernel, stride=cnf.stride, groups=cnf.wide))
        squeezed = max(1, cnf.input_channels // 4)
        layers.append(SqueezeExcitation(cnf.wide, squeezed, activation=partial(nn.SiLU, inplace=True)))
        layers.append(layer(cnf.wide, cnf.out_channels, kernel_size=1, activation_layer=None))
        super().__init__(cnf, stochastic_depth_prob, layers)


class FusedMBConv(_Block):
    """Widening and filtering in one plain convolution, then narrow."""

    def __init__(self, cnf: Stage, stochastic_depth_prob: float, norm_layer: Norm) -> None:
        layer = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.SiLU)
        wide = cnf.wide != cnf.input_channels
        first = cnf.wide if wide else cnf.out_channels
        layers: list[nn.Module] = [layer(cnf.input_channels, first, kernel_size=cnf.kernel, stride=cnf.stride)]
        if wide:
            layers.append(layer(cnf.wide, cnf.out_channels, kernel_size=1, activation_layer=None))
        super().__init__(cnf, stochastic_depth_prob, layers)


class EfficientNet(nn.Module):
    """EfficientNet (both versions) with torchvision's parameter names.

    Args:
        inverted_residual_setting: the stages.
        dropout: before the last layer.
        stochastic_depth_prob: how often the last block is left out; earlier ones less.
        num_classes: how many numbers come out.
        norm_layer: what normalises, by default ``BatchNorm2d``.
        last_channel: channels before the last layer, by default four times those of the last stage.

    Shapes: (N, 3, H, W) -> (N, num_classes). Source: M. Tan, Q. Le, EfficientNet, 2019, and EfficientNetV2, 2021.
    """

    def __init__(
        self,
        inverted_residual_setting: Sequence[Stage],
        dropout: float,
        stochastic_depth_prob: float = 0.2,
        num_classes: int = 1000,
        norm_layer: Norm | None = None,
        last_channel: int | None = None,
    ) -> None:
        super().__init__()
        if not inverted_residual_setting:
            raise ValueError("The inverted_residual_setting should not be empty")
        norm = norm_layer or nn.BatchNorm2d
        layer = partial(Conv2dNormActivation, norm_layer=norm, activation_layer=nn.SiLU)
        layers: list[nn.Module] = [layer(3, inverted_residual_setting[0].input_channels, kernel_size=3, stride=2)]
        total = sum(stage.num_layers for stage in inverted_residual_setting)
        number = 0
        for stage in inverted_residual_setting:
            blocks: list[nn.Module] = []
            for _ in range(stage.num_layers):
                cnf = copy.copy(stage)
                if blocks:
                    cnf.input_channels, cnf.stride = cnf.out_channels, 1
                make = FusedMBConv if cnf.fused else MBConv
                blocks.append(make(cnf, stochastic_depth_prob * float(number) / total, norm))
                number += 1
            layers.append(nn.Sequential(*blocks))
        width = inverted_residual_setting[-1].out_channels
        last = 4 * width if last_channel is None else last_channel
        layers.append(layer(width, last, kernel_size=1))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(p=dropout, inplace=True), nn.Linear(last, num_classes))
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
                limit = 1.0 / math.sqrt(module.out_features)
                nn.init.uniform_(module.weight, -limit, limit)
                nn.init.zeros_(module.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.flatten(self.avgpool(self.features(x)), 1)
        scores: torch.Tensor = self.classifier(x)
        return scores


# The stages of B0; the others multiply channels and numbers of blocks.
_B0 = [(1, 3, 1, 32, 16, 1), (6, 3, 2, 16, 24, 2), (6, 5, 2, 24, 40, 2), (6, 3, 2, 40, 80, 3), (6, 5, 1, 80, 112, 3),
       (6, 5, 2, 112, 192, 4), (6, 3, 1, 192, 320, 1)]  # fmt: skip
# Version 2; the last number of each says whether convolutions are fused.
_V2 = {
    "s": [(1, 3, 1, 24, 24, 2, 1), (4, 3, 2, 24, 48, 4, 1), (4, 3, 2, 48, 64, 4, 1), (4, 3, 2, 64, 128, 6, 0),
          (6, 3, 1, 128, 160, 9, 0), (6, 3, 2, 160, 256, 15, 0)],
    "m": [(1, 3, 1, 24, 24, 3, 1), (4, 3, 2, 24, 48, 5, 1), (4, 3, 2, 48, 80, 5, 1), (4, 3, 2, 80, 160, 7, 0),
          (6, 3, 1, 160, 176, 14, 0), (6, 3, 2, 176, 304, 18, 0), (6, 3, 1, 304, 512, 5, 0)],
    "l": [(1, 3, 1, 32, 32, 4, 1), (4, 3, 2, 32, 64, 7, 1), (4, 3, 2, 64, 96, 7, 1), (4, 3, 2, 96, 192, 10, 0),
          (6, 3, 1, 192, 224, 19, 0), (6, 3, 2, 224, 384, 25, 0), (6, 3, 1, 384, 640, 7, 0)],
}  # fmt: skip


def _b(width: float, depth: float, dropout: float, kwargs: dict[str, Any], exact: bool = False) -> EfficientNet:
    stages = [
        Stage(e, k, s, round_channels(i * width, 8), round_channels(o * width, 8), math.ceil(n * depth))
        for e, k, s, i, o, n in _B0
    ]
    if exact:  # B5 to B7 were trained elsewhere, with another norm
        kwargs.setdefault("norm_layer", partial(nn.BatchNorm2d, eps=0.001, momentum=0.01))
    return EfficientNet(stages, kwargs.pop("dropout", dropout), **kwargs)


def _v2(size: str, dropout: float, kwargs: dict[str, Any]) -> EfficientNet:
    stages = [Stage(*numbers[:6], fused=bool(numbers[6])) for numbers in _V2[size]]
    kwargs.setdefault("norm_layer", partial(nn.BatchNorm2d, eps=1e-3))
    return EfficientNet(stages, kwargs.pop("dropout", dropout), last_channel=1280, **kwargs)


@offered("EfficientNet_B0")
def efficientnet_b0(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B0; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.0, 1.0, 0.2, kwargs)


@offered("EfficientNet_B1")
def efficientnet_b1(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B1; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.0, 1.1, 0.2, kwargs)


@offered("EfficientNet_B2")
def efficientnet_b2(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B2; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.1, 1.2, 0.3, kwargs)


@offered("EfficientNet_B3")
def efficientnet_b3(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B3; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.2, 1.4, 0.3, kwargs)


@offered("EfficientNet_B4")
def efficientnet_b4(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B4; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.4, 1.8, 0.4, kwargs)


@offered("EfficientNet_B5")
def efficientnet_b5(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B5; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.6, 2.2, 0.4, kwargs, exact=True)


@offered("EfficientNet_B6")
def efficientnet_b6(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B6; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(1.8, 2.6, 0.5, kwargs, exact=True)


@offered("EfficientNet_B7")
def efficientnet_b7(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNet B7; ``kwargs`` go to :class:`EfficientNet`."""
    return _b(2.0, 3.1, 0.5, kwargs, exact=True)


@offered("EfficientNet_V2_S")
def efficientnet_v2_s(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNetV2-S; ``kwargs`` go to :class:`EfficientNet`."""
    return _v2("s", 0.2, kwargs)


@offered("EfficientNet_V2_M")
def efficientnet_v2_m(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNetV2-M; ``kwargs`` go to :class:`EfficientNet`."""
    return _v2("m", 0.3, kwargs)


@offered("EfficientNet_V2_L")
def efficientnet_v2_l(**kwargs: Any) -> EfficientNet:
    """Returns an EfficientNetV2-L; ``kwargs`` go to :class:`EfficientNet`."""
    return _v2("l", 0.4, kwargs)
