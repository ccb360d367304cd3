"""The layers of a model are called in torchvision's order: hooks, and tables made with them, show it."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.vision import models


def called(model, x):
    names = []
    for name, module in model.named_modules():
        module.register_forward_hook(lambda module, inputs, result, name=name: names.append(name))
    with torch.no_grad():
        model.eval()(x)
    return names


@pytest.mark.parametrize("make", [models.resnet18, models.resnet50])
def test_a_shortcut_comes_after_the_way_round(make):
    names = called(make(), torch.zeros(1, 3, 32, 32))
    last = "bn2" if make is models.resnet18 else "bn3"
    assert names.index(f"layer2.0.{last}") < names.index("layer2.0.downsample")


def test_the_branches_of_inception_come_one_after_another():
    names = called(models.inception_v3(init_weights=False), torch.zeros(1, 3, 75, 75))
    branches = [name for name in names if name.startswith("Mixed") and name.count(".") == 1 and "aux" not in name]
    model = models.inception_v3(init_weights=False)
    declared = [name for name, _ in model.named_modules() if name.startswith("Mixed") and name.count(".") == 1]
    assert branches == declared
