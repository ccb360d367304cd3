"""SqueezeNet: few parameters, by squeezing many channels into few before every wide convolution."""

from __future__ import annotations

from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from .weights import offered

# Per version: channels and kernel of the first convolution, then ("M" is a pooling) in, squeezed, and out (twice).
_FIRST = {"1_0": (96, 7), "1_1": (64, 3)}
_LAYERS: dict[str, list[Any]] = {
    "1_0": [
        "M", (96, 16, 64), (128, 16, 64), (128, 32, 128), "M", (256, 32, 128), (256, 48, 192), (384, 48, 192),
        (384, 64, 256), "M", (512, 64, 256),
    ],
    "1_1": [
        "M", (64, 16, 64), (128, 16, 64), "M", (128, 32, 128), (256, 32, 128), "M", (256, 48, 192), (384, 48, 192),
        (384, 64, 256), (512, 64, 256),
    ],
}  # fmt: skip


class Fire(nn.Module):
    """A 1×1 convolution to few channels, then a 1×1 and a 3×3 one side by side."""

    def __init__(self, inplanes: int, squeeze_planes: int, expand1x1_planes: int, expand3x3_planes: int) -> None:
        super().__init__()
        self.inplanes = inplanes
        self.squeeze = nn.Conv2d(inplanes, squeeze_planes, kernel_size=1)
        self.squeeze_activation = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze_planes, expand1x1_planes, kernel_size=1)
        self.expand1x1_activation = nn.ReLU(inplace=True)
        self.expand3x3 = nn.Conv2d(squeeze_planes, expand3x3_planes, kernel_size=3, padding=1)
        self.expand3x3_activation = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.squeeze_activation(self.squeeze(x))
        one, three = self.expand1x1_activation(self.expand1x1(x)), self.expand3x3_activation(self.expand3x3(x))
        return torch.cat([one, three], 1)


class SqueezeNet(nn.Module):
    """SqueezeNet with torchvision's parameter names. Shapes: (N, 3, 224, 224) -> (N, num_classes).

    Source: F. Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, 2016.
    """

    def __init__(self, version: str = "1_0", num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        if version not in _FIRST:
            raise ValueError(f"Unsupported SqueezeNet version {version}: 1_0 or 1_1 expected")
        self.num_classes = num_classes
        channels, kernel = _FIRST[version]
        layers: list[nn.Module] = [nn.Conv2d(3, channels, kernel_size=kernel, stride=2), nn.ReLU(inplace=True)]
        for entry in _LAYERS[version]:
            if entry == "M":
                layers.append(nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True))
            else:
                inplanes, squeezed, wide = entry
                layers.append(Fire(inplanes, squeezed, wide, wide))
        self.features = nn.Sequential(*layers)
        last = nn.Conv2d(512, num_classes, kernel_size=1)
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout), last, nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1))
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                if module is last:
                    nn.init.normal_(module.weight, mean=0.0, std=0.01)
                else:
                    nn.init.kaiming_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.constant_(module.bias, 0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.flatten(self.classifier(self.features(x)), 1)


@offered("SqueezeNet1_0")
def squeezenet1_0(**kwargs: Any) -> SqueezeNet:
    """Returns a SqueezeNet 1.0; ``kwargs`` go to :class:`SqueezeNet`."""
    return SqueezeNet("1_0", **kwargs)


@offered("SqueezeNet1_1")
def squeezenet1_1(**kwargs: Any) -> SqueezeNet:
    """Returns a SqueezeNet 1.1, with less than half the work; ``kwargs`` go to :class:`SqueezeNet`."""
    return SqueezeNet("1_1", **kwargs)
