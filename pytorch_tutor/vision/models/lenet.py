"""LeNet-5, the network that read handwritten digits: two convolutions, three linear layers. Read this model first."""

from __future__ import annotations

import pytorch_tutor as torch
from pytorch_tutor import nn


class LeNet(nn.Module):
    """LeNet-5 with ReLU and max pooling, for pictures of 32×32 pixels (MNIST's 28×28: ``transforms.Pad(2)`` first).

    Args:
        num_classes: how many numbers come out.
        in_channels: colours of a picture, 1 or 3.

    Shapes: (N, in_channels, 32, 32) -> (N, num_classes).

    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document recognition, 1998.
    """

    def __init__(self, num_classes: int = 10, in_channels: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 6, kernel_size=5)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(torch.relu(self.conv1(x)))  # 32 -> 28 -> 14
        x = self.pool(torch.relu(self.conv2(x)))  # 14 -> 10 -> 5
        x = torch.flatten(x, 1)
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        scores: torch.Tensor = self.fc3(x)
        return scores
