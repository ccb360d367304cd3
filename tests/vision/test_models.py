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


def test_heads_for_training() -> None:
    model = models.googlenet(num_classes=3, init_weights=False)
    outputs = model(torch.rand(2, 3, 64, 64))
    assert [tuple(scores.shape) for scores in outputs] == [(2, 3)] * 3
    assert outputs.logits is outputs[0]
    deep = models.inception_v3(num_classes=3, init_weights=False).eval()
    assert deep(torch.rand(1, 3, 96, 96)).shape == (1, 3)
    with pytest.warns(FutureWarning, match="please set init_weights=True"):
        models.googlenet(num_classes=1, aux_logits=False)


def test_trained_weights_have_facts_and_preparation() -> None:
    weights = models.ResNet50_Weights.DEFAULT
    assert str(weights) == "ResNet50_Weights.IMAGENET1K_V2"
    assert weights is models.get_weight("ResNet50_Weights.IMAGENET1K_V2") is models.ResNet50_Weights.verify("DEFAULT")
    assert weights.url == "https://download.pytorch.org/models/resnet50-11ad3fa6.pth"
    assert len(weights.meta["categories"]) == 1000
    assert weights.meta["categories"][207] == "golden retriever"
    prepare = weights.transforms()
    assert "resize_size=[232]" in repr(prepare)
    assert prepare(torch.zeros(3, 300, 260, dtype=torch.uint8)).shape == (3, 224, 224)
    with pytest.raises(TypeError, match="expected ResNet18_Weights but received ResNet50_Weights"):
        models.resnet18(weights=weights)
    with pytest.raises(ValueError, match="'num_classes' expected value 1000 but got 10 instead"):
        models.resnet50(weights=weights, num_classes=10)


def test_trained_weights_are_loaded_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(OSError, match="the file of weights is not here") as caught:  # PYTORCH_TUTOR_OFFLINE
        models.squeezenet1_1(weights="DEFAULT")
    assert "squeezenet1_1-b8a52dc0.pth" in "\n".join(caught.value.__notes__)
    torch.manual_seed(0)
    trained = models.squeezenet1_1()
    (tmp_path / "checkpoints").mkdir()
    torch.save(trained.state_dict(), tmp_path / "checkpoints" / "squeezenet1_1-b8a52dc0.pth")
    loaded = models.squeezenet1_1(weights=models.SqueezeNet1_1_Weights.DEFAULT)
    assert all(torch.equal(a, b) for a, b in zip(loaded.parameters(), trained.parameters(), strict=True))


def test_the_older_arguments_warn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.warns(UserWarning, match="deprecated since") as caught:
        models.squeezenet1_1(pretrained=False)
    assert "The parameter 'pretrained' is deprecated since 0.13" in str(caught[0].message)
    assert str(caught[1].message).endswith("equivalent to passing `weights=None`.")
    with pytest.warns(UserWarning, match="deprecated since") as caught, pytest.raises(OSError, match="weights"):
        models.squeezenet1_1(pretrained=True)
    assert "`weights=SqueezeNet1_1_Weights.IMAGENET1K_V1`. You can also use" in str(caught[1].message)


def test_models_by_name() -> None:
    assert {"resnet18", "vit_b_16", "efficientnet_b7"} <= set(models.list_models())
    assert isinstance(models.get_model("squeezenet1_1", num_classes=2), models.SqueezeNet)
    with pytest.raises(ValueError, match="Unknown model resnet19"):
        models.get_model("resnet19")


def test_what_is_missing_names_the_nearest_thing() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'detection'") as caught:
        models.detection  # noqa: B018 - looking it up is the test
    assert any("backbone" in note for note in caught.value.__notes__)
