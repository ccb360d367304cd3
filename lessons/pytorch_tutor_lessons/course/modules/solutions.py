"""Solutions of the lesson on modules, written as a learner would write them."""

import pytorch_tutor as torch
from pytorch_tutor import nn


def count_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


class Skip(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, size)

    def forward(self, x):
        return x + torch.relu(self.linear(x))


def freeze(net):
    for piece in net[:-1]:
        for parameter in piece.parameters():
            parameter.requires_grad = False
    return net
