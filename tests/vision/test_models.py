"""The classic models: torchvision's layers, parameter names, initial numbers and outputs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.vision import models
from tests.vision.cases import LARGE, MODELS

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


@pytest.mark.parametrize("name", MODELS)
def test_as_torchvision(name: str) -> None:
    golden = GOLDEN["models"][name]
    torch.manual_seed(1)
    model = getattr(models, name)(**MODELS[name])
    assert md5(repr(model)) == golden["repr"]
    lines = [f"{key} {tuple(value.shape)}" for key, value in model.state_dict().items()]
    assert md5("\n".join(lines)) == golden["keys"]
    assert sum(value.numel() for value in model.parameters()) == golden["numbers"]
    model.eval()
    with torch.no_grad():
        output = model(torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64))
    assert output.flatten().tolist() == pytest.approx(golden["output"], abs=2e-3, rel=2e-3)


@pytest.mark.parametrize("name", LARGE)
def test_layers_as_torchvision(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for start in ("kaiming_uniform_", "uniform_", "kaiming_normal_", "normal_"):  # their numbers would take seconds
        monkeypatch.setattr(nn.init, start, lambda tensor, *_, **__: tensor)
    assert md5(repr(getattr(models, name)())) == GOLDEN["layers"][name]


def test_lenet_learns_shapes() -> None:
    model = models.LeNet(num_classes=7, in_channels=3)
    out = model(torch.rand(2, 3, 32, 32))
    assert out.shape == (2, 7)
    out.sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert list(model.state_dict())[:2] == ["conv1.weight", "conv1.bias"]


@pytest.mark.parametrize("asked", [{"weights": "DEFAULT"}, {"pretrained": True}])
def test_trained_weights_are_refused_with_what_to_do(asked: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="resnet18: no trained weights come with") as caught:
        models.resnet18(**asked)
    assert "load_state_dict" in "\n".join(caught.value.__notes__)


def test_blocks_refuse_what_they_cannot() -> None:
    with pytest.raises(ValueError, match="BasicBlock only supports groups=1 and base_width=64"):
        models.resnet18(groups=2)
    with pytest.raises(ValueError, match="replace_stride_with_dilation should be None or a 3-element tuple"):
        models.resnet50(replace_stride_with_dilation=[True])
    with pytest.raises(ValueError, match="inverted_residual_setting should be non-empty"):
        models.mobilenet_v2(inverted_residual_setting=[])
