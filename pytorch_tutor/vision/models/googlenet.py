"""GoogLeNet: each block looks with kernels of several sizes at once; two more heads help while training."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.nn import functional as F

from .weights import offered


class GoogLeNetOutputs(NamedTuple):
    """What comes out while training: the scores, and those of the two other heads."""

    logits: Any
    aux_logits2: Any
    aux_logits1: Any


class BasicConv2d(nn.Module):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, in_channels: int, out_channels: int, **kwargs: Any) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    """Kernels of 1, 3 and (in name) 5 pixels and a pooling, side by side."""

    def __init__(
        self, in_channels: int, ch1x1: int, ch3x3red: int, ch3x3: int, ch5x5red: int, ch5x5: int, pool_proj: int
    ) -> None:
        super().__init__()
        self.branch1 = BasicConv2d(in_channels, ch1x1, kernel_size=1)
        self.branch2 = nn.Sequential(
            BasicConv2d(in_channels, ch3x3red, kernel_size=1), BasicConv2d(ch3x3red, ch3x3, kernel_size=3, padding=1)
        )
        # 3 and not 5 pixels: so it was trained, and so it has stayed
        self.branch3 = nn.Sequential(
            BasicConv2d(in_channels, ch5x5red, kernel_size=1), BasicConv2d(ch5x5red, ch5x5, kernel_size=3, padding=1)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True),
            BasicConv2d(in_channels, pool_proj, kernel_size=1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class InceptionAux(nn.Module):
    """A head in the middle of the network, used while training."""

    def __init__(self, in_channels: int, num_classes: int, dropout: float = 0.7) -> None:
        super().__init__()
        self.conv = BasicConv2d(in_channels, 128, kernel_size=1)
        self.fc1 = nn.Linear(2048, 1024)
        self.fc2 = nn.Linear(1024, num_classes)
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = torch.flatten(self.conv(F.adaptive_avg_pool2d(x, (4, 4))), 1)
        scores: torch.Tensor = self.fc2(self.dropout(F.relu(self.fc1(x), inplace=True)))
        return scores


def changed_colours(x: torch.Tensor) -> torch.Tensor:
    """From ImageNet's mean and deviation to 0.5 and 0.5, as this network was trained."""
    pairs = zip((0.229, 0.224, 0.225), (0.485, 0.456, 0.406), strict=True)
    return torch.stack([x[:, i] * (s / 0.5) + (m - 0.5) / 0.5 for i, (s, m) in enumerate(pairs)], 1)


def init_long_ago(model: nn.Module, default: float) -> None:
    """Normal numbers cut off at two: the way that these networks have always started."""
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.trunc_normal_(module.weight, mean=0.0, std=float(getattr(module, "stddev", default)), a=-2, b=2)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.constant_(module.weight, 1)
            nn.init.constant_(module.bias, 0)


def warn_of_init(name: str) -> None:
    """torchvision's warning for whoever does not say how to start."""
    warnings.warn(
        f"The default weight initialization of {name} will be changed in future releases of torchvision. If you wish to "
        "keep the old behavior (which leads to long initialization times due to scipy/scipy#11299), please set "
        "init_weights=True.",
        FutureWarning,
        stacklevel=4,
    )


class GoogLeNet(nn.Module):
    """GoogLeNet with torchvision's parameter names; while training it returns a :class:`GoogLeNetOutputs`.

    Shapes: (N, 3, 224, 224) -> (N, num_classes). Source: C. Szegedy et al., Going Deeper with Convolutions, 2014.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        aux_logits: bool = True,
        transform_input: bool = False,
        init_weights: bool | None = None,
        dropout: float = 0.2,
        dropout_aux: float = 0.7,
    ) -> None:
        super().__init__()
        if init_weights is None:
            warn_of_init("GoogleNet")
            init_weights = True
        self.aux_logits = aux_logits
        self.transform_input = transform_input
        self.conv1 = BasicConv2d(3, 64, kernel_size=7, stride=2, padding=3)
        self.maxpool1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.conv2 = BasicConv2d(64, 64, kernel_size=1)
        self.conv3 = BasicConv2d(64, 192, kernel_size=3, padding=1)
        self.maxpool2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception3a = Inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = Inception(256, 128, 128, 192, 32, 96, 64)
        self.maxpool3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception4a = Inception(480, 192, 96, 208, 16, 48, 64)
        self.inception4b = Inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = Inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = Inception(512, 112, 144, 288, 32, 64, 64)
        self.inception4e = Inception(528, 256, 160, 320, 32, 128, 128)
        self.maxpool4 = nn.MaxPool2d(2, stride=2, ceil_mode=True)
        self.inception5a = Inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = Inception(832, 384, 192, 384, 48, 128, 128)
        self.aux1 = InceptionAux(512, num_classes, dropout_aux) if aux_logits else None
        self.aux2 = InceptionAux(528, num_classes, dropout_aux) if aux_logits else None
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.dropout = nn.Dropout(p=dropout)
        self.fc = nn.Linear(1024, num_classes)
        if init_weights:
            init_long_ago(self, 0.01)

    def drop_auxiliary(self) -> None:
        """Takes the two other heads away."""
        self.aux_logits = False
        self.aux1 = self.aux2 = None

    def forward(self, x: torch.Tensor) -> Any:
        if self.transform_input:
            x = changed_colours(x)
        x = self.maxpool2(self.conv3(self.conv2(self.maxpool1(self.conv1(x)))))
        x = self.inception4a(self.maxpool3(self.inception3b(self.inception3a(x))))
        first = self.aux1(x) if self.aux1 is not None and self.training else None
        x = self.inception4d(self.inception4c(self.inception4b(x)))
        second = self.aux2(x) if self.aux2 is not None and self.training else None
        x = self.inception5b(self.inception5a(self.maxpool4(self.inception4e(x))))
        scores = self.fc(self.dropout(torch.flatten(self.avgpool(x), 1)))
        return GoogLeNetOutputs(scores, second, first) if self.training and self.aux_logits else scores


def fit(kwargs: dict[str, Any], weights: Any) -> None:
    """Trained weights have all heads and their own colours."""
    kwargs.setdefault("transform_input", True)
    kwargs["aux_logits"] = True
    kwargs.setdefault("init_weights", False)


@offered("GoogLeNet", fit)
def googlenet(**kwargs: Any) -> GoogLeNet:
    """Returns a GoogLeNet; ``kwargs`` go to :class:`GoogLeNet`."""
    return GoogLeNet(**kwargs)
