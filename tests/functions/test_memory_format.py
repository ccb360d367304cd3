"""Channels-last: asked for, it shows in strides, and layers hand it on."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn


def is_last(x):
    return x.is_contiguous(memory_format=torch.channels_last) and not x.is_contiguous()


def test_there_and_back():
    x = torch.empty(2, 3, 4, 5)
    last = x.to(memory_format=torch.channels_last)
    assert (x.stride(), last.stride()) == ((60, 20, 5, 1), (60, 1, 15, 3))
    assert last.to(memory_format=torch.contiguous_format).stride() == x.stride()
    assert torch.empty(2, 3, 4, 5, memory_format=torch.channels_last).stride() == last.stride()


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(3), nn.MaxPool2d(2), nn.AvgPool2d(2), nn.ReLU(), nn.Dropout(),
        nn.Upsample(scale_factor=2), nn.ConstantPad2d(1, 0.0), nn.AdaptiveAvgPool2d(2),
    ],
    ids=lambda layer: type(layer).__name__,
)  # fmt: skip
def test_layers_hand_it_on(layer):
    x = torch.rand(2, 3, 6, 6)
    assert layer(x).is_contiguous()
    assert is_last(layer(x.to(memory_format=torch.channels_last)))


def test_a_gradient_lies_as_its_parameter():
    layer = nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
    y = layer(torch.rand(2, 3, 6, 6))
    assert is_last(y)  # the weight decides, too
    y.sum().backward()
    assert layer.weight.grad.stride() == layer.weight.stride() == (27, 1, 9, 3)
