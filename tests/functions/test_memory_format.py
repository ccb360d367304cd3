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


def test_bytes_of_bfloat16_are_read_and_told():
    """1.0 and 2.0, whose bytes are 0x3f80 and 0x4000; the engine itself holds them in four bytes each."""
    made = torch.frombuffer(bytearray(b"\x80\x3f\x00\x40"), dtype=torch.bfloat16)
    assert (made.dtype, made.tolist()) == (torch.bfloat16, [1.0, 2.0])
    assert made.view(torch.int16).tolist() == [0x3F80, 0x4000]
    assert made.view(torch.uint8).tolist() == [0x80, 0x3F, 0x00, 0x40]
    back = torch.tensor([0x3F80, 0x4000], dtype=torch.int16).view(torch.bfloat16)
    assert (back.dtype, back.tolist()) == (torch.bfloat16, [1.0, 2.0])
    assert made.view(torch.float32).view(torch.int32).tolist() == [0x40003F80]


def test_no_memory_before_its_own():
    with pytest.raises(
        RuntimeError, match=r"Storage size calculation overflowed with sizes=\[3, 2\] and strides=\[-1, 5\]"
    ):
        torch.empty_strided((3, 2), (-1, 5))


def test_bfloat16_lies_in_memory_as_what_it_came_from():
    x = torch.arange(24.0).reshape(2, 3, 4)
    for turned in (x.permute(2, 0, 1), x.transpose(0, 1), x[:, ::2].transpose(1, 2)):
        rounded = turned.to(torch.bfloat16)
        assert rounded.stride() == (turned + 0).stride()
        assert (rounded + 1).stride() == rounded.clone().stride() == rounded.stride()
        assert torch.equal(rounded.float(), turned)
