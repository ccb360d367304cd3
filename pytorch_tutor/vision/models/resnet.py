"""ResNet: each block learns only what to add to its input, and so networks can be a hundred layers deep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from .weights import offered

Norm = Callable[[int], nn.Module]


def conv3x3(in_planes: int, out_planes: int, stride: int = 1, groups: int = 1, dilation: int = 1) -> nn.Conv2d:
    """Returns a 3×3 convolution that keeps the size (or divides it by ``stride``); the norm after it has the bias."""
    return nn.Conv2d(
        in_planes,
        out_planes,
        kernel_size=3,
        stride=stride,
        padding=dilation,
        groups=groups,
        bias=False,
        dilation=dilation,
    )


def conv1x1(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    """Returns a 1×1 convolution without bias: it mixes channels, pixel by pixel."""
    return nn.Conv2d(in_planes, out_planes, kernel_size=1, stride=stride, bias=False)


class BasicBlock(nn.Module):
    r"""Two 3×3 convolutions beside a shortcut: :math:`y = \mathrm{relu}(x + f(x))`."""

    expansion = 1

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        dilation: int = 1,
        norm_layer: Norm | None = None,
    ) -> None:
        super().__init__()
        if groups != 1 or base_width != 64:
            raise ValueError("BasicBlock only supports groups=1 and base_width=64")
        if dilation > 1:
            raise NotImplementedError("Dilation > 1 not supported in BasicBlock")
        norm = norm_layer or nn.BatchNorm2d
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = norm(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = norm(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += x if self.downsample is None else self.downsample(x)
        result: torch.Tensor = self.relu(out)
        return result


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions beside a shortcut; the middle one works on a quarter of the channels.

    The stride is at the 3×3 convolution ("ResNet v1.5"), as in torchvision.
    """

    expansion = 4

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        dilation: int = 1,
        norm_layer: Norm | None = None,
    ) -> None:
        super().__init__()
        norm = norm_layer or nn.BatchNorm2d
        width = int(planes * (base_width / 64.0)) * groups
        self.conv1 = conv1x1(inplanes, width)
        self.bn1 = norm(width)
        self.conv2 = conv3x3(width, width, stride, groups, dilation)
        self.bn2 = norm(width)
        self.conv3 = conv1x1(width, planes * self.expansion)
        self.bn3 = norm(planes * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += x if self.downsample is None else self.downsample(x)
        result: torch.Tensor = self.relu(out)
        return result


class ResNet(nn.Module):
    """A stem, four stages of blocks, each half the size and twice the channels of the last, a mean, a linear layer.

    Args:
        block: :class:`BasicBlock` or :class:`Bottleneck`.
        layers: how many blocks each stage has.
        num_classes: how many numbers come out.
        zero_init_residual: start every block as the identity.
        groups, width_per_group: groups of the 3×3 convolutions (ResNeXt) and their width.
        replace_stride_with_dilation: for stages 2 to 4, spread the kernel instead of shrinking the picture.
        norm_layer: what normalises, by default ``BatchNorm2d``.

    Shapes: (N, 3, 224, 224) -> (N, num_classes).

    Source: K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, 2015.
    """

    def __init__(
        self,
        block: type[BasicBlock] | type[Bottleneck],
        layers: Sequence[int],
        num_classes: int = 1000,
        zero_init_residual: bool = False,
        groups: int = 1,
        width_per_group: int = 64,
        replace_stride_with_dilation: Sequence[bool] | None = None,
        norm_layer: Norm | None = None,
    ) -> None:
        super().__init__()
        dilate = replace_stride_with_dilation or [False, False, False]
        if len(dilate) != 3:
            raise ValueError(f"replace_stride_with_dilation should be None or a 3-element tuple, got {dilate}")
        self._norm_layer: Norm = norm_layer or nn.BatchNorm2d
        self.inplanes, self.dilation = 64, 1
        self.groups, self.base_width = groups, width_per_group
        self.conv1 = nn.Conv2d(3, self.inplanes, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = self._norm_layer(self.inplanes)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = self._make_layer(block, 64, layers[0])
        self.layer2 = self._make_layer(block, 128, layers[1], stride=2, dilate=dilate[0])
        self.layer3 = self._make_layer(block, 256, layers[2], stride=2, dilate=dilate[1])
        self.layer4 = self._make_layer(block, 512, layers[3], stride=2, dilate=dilate[2])
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        self._initialise(zero_init_residual)

    def _initialise(self, zero_init_residual: bool) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.constant_(module.weight, 1)
                nn.init.constant_(module.bias, 0)
        if zero_init_residual:
            for module in self.modules():
                if isinstance(module, (BasicBlock, Bottleneck)):
                    last = module.bn3 if isinstance(module, Bottleneck) else module.bn2
                    nn.init.constant_(last.weight, 0)

    def _make_layer(
        self,
        block: type[BasicBlock] | type[Bottleneck],
        planes: int,
        blocks: int,
        stride: int = 1,
        dilate: bool = False,
    ) -> nn.Sequential:
        first_dilation = self.dilation
        if dilate:
            self.dilation *= stride
            stride = 1
        width = planes * block.expansion
        downsample = None
        if stride != 1 or self.inplanes != width:  # the shortcut has to change its shape too
            downsample = nn.Sequential(conv1x1(self.inplanes, width, stride), self._norm_layer(width))
        settings = (self.groups, self.base_width)
        stage = [block(self.inplanes, planes, stride, downsample, *settings, first_dilation, self._norm_layer)]
        self.inplanes = width
        for _ in range(1, blocks):
            stage.append(block(width, planes, 1, None, *settings, self.dilation, self._norm_layer))
        return nn.Sequential(*stage)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        x = torch.flatten(self.avgpool(x), 1)
        scores: torch.Tensor = self.fc(x)
        return scores


@offered("ResNet18")
def resnet18(**kwargs: Any) -> ResNet:
    """Returns a ResNet-18; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(BasicBlock, [2, 2, 2, 2], **kwargs)


@offered("ResNet34")
def resnet34(**kwargs: Any) -> ResNet:
    """Returns a ResNet-34; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(BasicBlock, [3, 4, 6, 3], **kwargs)


@offered("ResNet50")
def resnet50(**kwargs: Any) -> ResNet:
    """Returns a ResNet-50; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 6, 3], **kwargs)


@offered("ResNet101")
def resnet101(**kwargs: Any) -> ResNet:
    """Returns a ResNet-101; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 23, 3], **kwargs)


@offered("ResNet152")
def resnet152(**kwargs: Any) -> ResNet:
    """Returns a ResNet-152; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 8, 36, 3], **kwargs)


@offered("ResNeXt50_32X4D")
def resnext50_32x4d(**kwargs: Any) -> ResNet:
    """Returns a ResNeXt-50: 32 groups of 4 channels; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 6, 3], **{"groups": 32, "width_per_group": 4, **kwargs})


@offered("ResNeXt101_32X8D")
def resnext101_32x8d(**kwargs: Any) -> ResNet:
    """Returns a ResNeXt-101: 32 groups of 8 channels; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 23, 3], **{"groups": 32, "width_per_group": 8, **kwargs})


@offered("ResNeXt101_64X4D")
def resnext101_64x4d(**kwargs: Any) -> ResNet:
    """Returns a ResNeXt-101: 64 groups of 4 channels; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 23, 3], **{"groups": 64, "width_per_group": 4, **kwargs})


@offered("Wide_ResNet50_2")
def wide_resnet50_2(**kwargs: Any) -> ResNet:
    """Returns a ResNet-50 whose blocks are twice as wide inside; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 6, 3], **{"width_per_group": 128, **kwargs})


@offered("Wide_ResNet101_2")
def wide_resnet101_2(**kwargs: Any) -> ResNet:
    """Returns a ResNet-101 whose blocks are twice as wide inside; ``kwargs`` go to :class:`ResNet`."""
    return ResNet(Bottleneck, [3, 4, 23, 3], **{"width_per_group": 128, **kwargs})
