"""Schedulers: warnings, resuming, tensors as learning rates, combinations."""

import warnings

import pytest

import pytorch_tutor as torch
from pytorch_tutor.optim import lr_scheduler


def make(lr=1.0):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr, momentum=0.9)


def test_order_of_the_two_steps_is_watched():
    optimizer = make()
    scheduler = lr_scheduler.StepLR(optimizer, 3)
    with pytest.warns(UserWarning, match=r"Detected call of `lr_scheduler.step\(\)` before `optimizer.step\(\)`"):
        scheduler.step()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scheduler.step()


def test_a_step_before_the_scheduler_existed_does_not_count():
    optimizer = make()
    optimizer.step()
    scheduler = lr_scheduler.StepLR(optimizer, 3)
    with pytest.warns(UserWarning, match="Detected call"):
        scheduler.step()


def test_right_order_is_silent():
    optimizer = make()
    scheduler = lr_scheduler.StepLR(optimizer, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(4):
            optimizer.step()
            scheduler.step()
    assert scheduler.get_last_lr() == [0.1]


def test_replaced_step_is_noticed():
    optimizer = make()
    scheduler = lr_scheduler.StepLR(optimizer, 3)
    optimizer.step = lambda: None
    with pytest.warns(UserWarning, match="has been overridden after learning rate scheduler initialization"):
        scheduler.step()


def test_get_lr_outside_of_a_step_warns():
    scheduler = lr_scheduler.ExponentialLR(make(), 0.5)
    with pytest.warns(UserWarning, match="To get the last learning rate computed by the scheduler"):
        scheduler.get_lr()


def test_epoch_argument_is_deprecated_and_uses_the_closed_form():
    optimizer = make()
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    with pytest.warns(UserWarning, match="The epoch parameter in `scheduler.step\\(\\)`"):
        scheduler.step(3)
    assert scheduler.get_last_lr() == [0.125]


def test_learning_rate_tensor_is_changed_in_place():
    lr = torch.tensor(1.0)
    optimizer = make(lr)
    scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] is lr
    assert lr.item() == 0.5
    assert scheduler.base_lrs[0].item() == 1.0


def test_plateau_counts_bad_epochs_only():
    optimizer = make()
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, patience=1, factor=0.5)
    seen = []
    for loss in (3.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0):
        scheduler.step(torch.tensor(loss))
        seen.append(optimizer.param_groups[0]["lr"])
    assert seen == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]


def test_plateau_with_a_group_added_later():
    optimizer = make()
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)
    optimizer.add_param_group({"params": [torch.zeros(1, requires_grad=True)]})
    scheduler.step(1.0)
    scheduler.step(1.0)
    assert [g["lr"] for g in optimizer.param_groups] == [0.1, 0.1]


def test_callable_objects_are_saved_by_their_attributes():
    class Decay:
        def __init__(self, rate):
            self.rate = rate

        def __call__(self, epoch):
            return self.rate**epoch

    first = lr_scheduler.LambdaLR(make(), Decay(0.5))
    second = lr_scheduler.LambdaLR(make(), Decay(0.1))
    second.load_state_dict(first.state_dict())
    assert second.lr_lambdas[0].rate == 0.5


def test_one_cycle_ends():
    optimizer = make()
    scheduler = lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=2)
    optimizer.step()
    scheduler.step()
    scheduler.step()
    with pytest.raises(ValueError, match=r"Tried to step 3 times\. The specified number of total steps is 2"):
        scheduler.step()


def test_cyclic_moves_beta1_of_adam():
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    lr_scheduler.CyclicLR(optimizer, 0.1, 0.2, base_momentum=0.7, max_momentum=0.95)
    assert optimizer.param_groups[0]["betas"] == (0.95, 0.999)
