"""Typical wrong answers of the lesson on modules, each with what its author has in mind."""

import pytorch_tutor as torch
from pytorch_tutor import nn


def count_tensors(module):
    return len(list(module.parameters()))


def count_weights(module):
    return sum(p.numel() for name, p in module.named_parameters() if name.endswith("weight"))


def count_rows(module):
    return sum(len(p) for p in module.parameters())


class SkipWithoutShortcut(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, size)

    def forward(self, x):
        return torch.relu(self.linear(x))


class SkipReluOfSum(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, size)

    def forward(self, x):
        return torch.relu(x + self.linear(x))


class SkipWithoutRelu(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear = nn.Linear(size, size)

    def forward(self, x):
        return x + self.linear(x)


class SkipWithoutSuper(nn.Module):
    def __init__(self, size):
        self.linear = nn.Linear(size, size)

    def forward(self, x):
        return x + torch.relu(self.linear(x))


def freeze_everything(net):
    for parameter in net.parameters():
        parameter.requires_grad = False
    return net


def freeze_last(net):
    for parameter in net[-1].parameters():
        parameter.requires_grad = False
    return net


def freeze_eval(net):
    net.eval()
    return net
