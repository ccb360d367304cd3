"""VGG: nothing but 3×3 convolutions and poolings, deeper and deeper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from .weights import offered

# A number is a convolution with so many output channels, "M" a pooling that halves the picture. Five blocks each.
_BLOCKS: dict[int, list[int | str]] = {
    11: [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    13: [64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    16: [64, 64, "M", 128, 128, "M", *[256] * 3, "M", *[512] * 3, "M", *[512] * 3, "M"],
    19: [64, 64, "M", 128, 128, "M", *[256] * 4, "M", *[512] * 4, "M", *[512] * 4, "M"],
}


class VGG(nn.Module):
    """VGG around the convolutional part ``features``, with torchvision's parameter names.

    Shapes: (N, 3, 224, 224), at least 32 pixels a side, -> (N, num_classes).

    Source: K. Simonyan, A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014.
    """

    def __init__(
        self, features: nn.Module, num_classes: int = 1000, init_weights: bool = True, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, num_classes),
        )
        if init_weights:
            self._initialise()

    def _initialise(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.constant_(module.bias, 0)
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.constant_(module.weight, 1)
                nn.init.constant_(module.bias, 0)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.constant_(module.bias, 0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        scores: torch.Tensor = self.classifier(torch.flatten(x, 1))
        return scores


def make_layers(blocks: Sequence[int | str], batch_norm: bool = False) -> nn.Sequential:
    """Returns the convolutional part: each convolution followed by ReLU, with batch normalisation between on demand."""
    layers: list[nn.Module] = []
    channels = 3
    for entry in blocks:
        if isinstance(entry, str):
            layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
            continue
        layers.append(nn.Conv2d(channels, entry, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(entry))
        layers.append(nn.ReLU(inplace=True))
        channels = entry
    return nn.Sequential(*layers)


@offered("VGG11")
def vgg11(**kwargs: Any) -> VGG:
    """Returns a VGG with 11 layers that learn; ``kwargs`` go to :class:`VGG`. ``weights`` names trained ones."""
    return VGG(make_layers(_BLOCKS[11]), **kwargs)


@offered("VGG11_BN")
def vgg11_bn(**kwargs: Any) -> VGG:
    """Returns :func:`vgg11` with batch normalisation."""
    return VGG(make_layers(_BLOCKS[11], batch_norm=True), **kwargs)


@offered("VGG13")
def vgg13(**kwargs: Any) -> VGG:
    """Returns a VGG with 13 layers that learn; ``kwargs`` go to :class:`VGG`. ``weights`` names trained ones."""
    return VGG(make_layers(_BLOCKS[13]), **kwargs)


@offered("VGG13_BN")
def vgg13_bn(**kwargs: Any) -> VGG:
    """Returns :func:`vgg13` with batch normalisation."""
    return VGG(make_layers(_BLOCKS[13], batch_norm=True), **kwargs)


@offered("VGG16")
def vgg16(**kwargs: Any) -> VGG:
    """Returns a VGG with 16 layers that learn; ``kwargs`` go to :class:`VGG`. ``weights`` names trained ones."""
    return VGG(make_layers(_BLOCKS[16]), **kwargs)


@offered("VGG16_BN")
def vgg16_bn(**kwargs: Any) -> VGG:
    """Returns :func:`vgg16` with batch normalisation."""
    return VGG(make_layers(_BLOCKS[16], batch_norm=True), **kwargs)


@offered("VGG19")
def vgg19(**kwargs: Any) -> VGG:
    """Returns a VGG with 19 layers that learn; ``kwargs`` go to :class:`VGG`. ``weights`` names trained ones."""
    return VGG(make_layers(_BLOCKS[19]), **kwargs)


@offered("VGG19_BN")
def vgg19_bn(**kwargs: Any) -> VGG:
    """Returns :func:`vgg19` with batch normalisation."""
    return VGG(make_layers(_BLOCKS[19], batch_norm=True), **kwargs)
