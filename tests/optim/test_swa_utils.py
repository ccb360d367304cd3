"""Averaged models."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.optim.swa_utils import AveragedModel, get_ema_avg_fn, get_ema_multi_avg_fn, update_bn


def fill(model, value):
    with torch.no_grad():
        for p in model.parameters():
            p.fill_(value)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 3.0),
        ({"avg_fn": get_ema_avg_fn(0.5)}, 3.75),
        ({"multi_avg_fn": get_ema_multi_avg_fn(0.5)}, 3.75),
        ({"avg_fn": lambda averaged, current, n: averaged + current}, 9.0),
    ],
)
def test_average(options, expected):
    model = torch.nn.Linear(2, 2)
    averaged = AveragedModel(model, **options)
    for value in (1.0, 2.0, 6.0):
        fill(model, value)
        averaged.update_parameters(model)
    assert averaged.module.weight[0, 0].item() == pytest.approx(expected)
    assert averaged.n_averaged.item() == 3
    assert "n_averaged" in averaged.state_dict()


def test_only_one_function():
    with pytest.raises(AssertionError, match="Only one of avg_fn and multi_avg_fn should be provided"):
        AveragedModel(torch.nn.Linear(1, 1), avg_fn=get_ema_avg_fn(), multi_avg_fn=get_ema_multi_avg_fn())


def test_update_bn_measures_the_mean_over_all_batches():
    model = torch.nn.Sequential(torch.nn.BatchNorm1d(1))
    model.eval()
    update_bn([torch.full((4, 1), 1.0), [torch.full((4, 1), 3.0), None]], model)
    assert model[0].running_mean.item() == pytest.approx(2.0)
    assert model[0].momentum == 0.1
    assert not model.training
