"""DenseNet: every layer sees what all layers before it in its block have found."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.nn import functional as F
from pytorch_tutor.utils.checkpoint import checkpoint

from .weights import offered


class _DenseLayer(nn.Module):
    """Norm, ReLU, 1×1 convolution; norm, ReLU, 3×3 convolution to ``growth_rate`` channels."""

    def __init__(
        self, num_input_features: int, growth_rate: int, bn_size: int, drop_rate: float, memory_efficient: bool = False
    ) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(num_input_features)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(num_input_features, bn_size * growth_rate, kernel_size=1, stride=1, bias=False)
        self.norm2 = nn.BatchNorm2d(bn_size * growth_rate)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(bn_size * growth_rate, growth_rate, kernel_size=3, stride=1, padding=1, bias=False)
        self.drop_rate = float(drop_rate)
        self.memory_efficient = memory_efficient

    def _narrow(self, *inputs: torch.Tensor) -> torch.Tensor:
        narrow: torch.Tensor = self.conv1(self.relu1(self.norm1(torch.cat(list(inputs), 1))))
        return narrow

    def forward(self, input: Any) -> torch.Tensor:
        inputs = [input] if isinstance(input, torch.Tensor) else input
        if self.memory_efficient and any(t.requires_grad for t in inputs):
            narrow = checkpoint(self._narrow, *inputs, use_reentrant=False)
        else:
            narrow = self._narrow(*inputs)
        new = self.conv2(self.relu2(self.norm2(narrow)))
        return F.dropout(new, p=self.drop_rate, training=self.training) if self.drop_rate > 0 else new


class _DenseBlock(nn.ModuleDict):
    """Layers, each of which gets what came in and all that the ones before have made."""

    def __init__(
        self,
        num_layers: int,
        num_input_features: int,
        bn_size: int,
        growth_rate: int,
        drop_rate: float,
        memory_efficient: bool = False,
    ) -> None:
        super().__init__()
        for i in range(num_layers):
            width = num_input_features + i * growth_rate
            layer = _DenseLayer(width, growth_rate, bn_size, drop_rate, memory_efficient)
            self.add_module(f"denselayer{i + 1}", layer)

    def forward(self, init_features: torch.Tensor) -> torch.Tensor:
        features = [init_features]
        for layer in self.values():
            features.append(layer(features))
        return torch.cat(features, 1)


class _Transition(nn.Sequential):
    """Between two blocks: half the channels, half the size."""

    def __init__(self, num_input_features: int, num_output_features: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(num_input_features)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(num_input_features, num_output_features, kernel_size=1, stride=1, bias=False)
        self.pool = nn.AvgPool2d(kernel_size=2, stride=2)


class DenseNet(nn.Module):
    """DenseNet-BC with torchvision's parameter names.

    Args:
        growth_rate: how many channels each layer adds.
        block_config: how many layers each block has.
        num_init_features: channels of the first convolution.
        bn_size: the 1×1 convolutions have so many times ``growth_rate`` channels.
        drop_rate: dropout after each layer.
        num_classes: how many numbers come out.
        memory_efficient: compute parts anew in the backward pass instead of keeping them.

    Shapes: (N, 3, 224, 224) -> (N, num_classes). Source: G. Huang et al., Densely Connected Convolutional Networks, 2016.
    """

    def __init__(
        self,
        growth_rate: int = 32,
        block_config: Sequence[int] = (6, 12, 24, 16),
        num_init_features: int = 64,
        bn_size: int = 4,
        drop_rate: float = 0,
        num_classes: int = 1000,
        memory_efficient: bool = False,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(
            OrderedDict(
                [
                    ("conv0", nn.Conv2d(3, num_init_features, kernel_size=7, stride=2, padding=3, bias=False)),
                    ("norm0", nn.BatchNorm2d(num_init_features)),
                    ("relu0", nn.ReLU(inplace=True)),
                    ("pool0", nn.MaxPool2d(kernel_size=3, stride=2, padding=1)),
                ]
            )
        )
        width = num_init_features
        for i, count in enumerate(block_config, 1):
            block = _DenseBlock(count, width, bn_size, growth_rate, drop_rate, memory_efficient)
            self.features.add_module(f"denseblock{i}", block)
            width += count * growth_rate
            if i != len(block_config):
                self.features.add_module(f"transition{i}", _Transition(width, width // 2))
                width //= 2
        self.features.add_module("norm5", nn.BatchNorm2d(width))
        self.classifier = nn.Linear(width, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.constant_(module.weight, 1)
                nn.init.constant_(module.bias, 0)
            elif isinstance(module, nn.Linear):
                nn.init.constant_(module.bias, 0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = F.relu(self.features(x), inplace=True)
        out = torch.flatten(F.adaptive_avg_pool2d(out, (1, 1)), 1)
        scores: torch.Tensor = self.classifier(out)
        return scores


@offered("DenseNet121")
def densenet121(**kwargs: Any) -> DenseNet:
    """Returns a DenseNet-121; ``kwargs`` go to :class:`DenseNet`."""
    return DenseNet(32, (6, 12, 24, 16), 64, **kwargs)


@offered("DenseNet161")
def densenet161(**kwargs: Any) -> DenseNet:
    """Returns a DenseNet-161; ``kwargs`` go to :class:`DenseNet`."""
    return DenseNet(48, (6, 12, 36, 24), 96, **kwargs)


@offered("DenseNet169")
def densenet169(**kwargs: Any) -> DenseNet:
    """Returns a DenseNet-169; ``kwargs`` go to :class:`DenseNet`."""
    return DenseNet(32, (6, 12, 32, 32), 64, **kwargs)


@offered("DenseNet201")
def densenet201(**kwargs: Any) -> DenseNet:
    """Returns a DenseNet-201; ``kwargs`` go to :class:`DenseNet`."""
    return DenseNet(32, (6, 12, 48, 32), 64, **kwargs)
