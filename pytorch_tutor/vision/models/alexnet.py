"""AlexNet, the network that began the age of deep learning: five convolutions, three linear layers, dropout."""

from __future__ import annotations

from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from .weights import offered


class AlexNet(nn.Module):
    """AlexNet in the form of Krizhevsky's "One weird trick", with torchvision's parameter names.

    Shapes: (N, 3, 224, 224), at least 63 pixels a side, -> (N, num_classes).

    Source: A. Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014.
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(192, 384, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.avgpool(self.features(x))
        scores: torch.Tensor = self.classifier(torch.flatten(x, 1))
        return scores


@offered("AlexNet")
def alexnet(**kwargs: Any) -> AlexNet:
    """Returns an AlexNet; ``kwargs`` go to :class:`AlexNet`. ``weights`` names trained ones."""
    return AlexNet(**kwargs)
