"""Checkpointing changes memory, not numbers."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.utils.checkpoint import checkpoint, checkpoint_sequential


def model():
    torch.manual_seed(0)
    nn = torch.nn
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Dropout(0.5), nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 1))


def gradients(run, input_grad):
    net = model()
    x = torch.arange(6.0).reshape(2, 3).requires_grad_(input_grad)
    torch.manual_seed(1)
    out = run(net, x)
    out.sum().backward()
    return [out.tolist(), *(p.grad.tolist() for p in net.parameters()), x.grad.tolist() if input_grad else None]


@pytest.mark.parametrize("input_grad", [True, False])
def test_same_gradients_dropout_included(input_grad):
    plain = gradients(lambda net, x: net(x), input_grad)
    assert gradients(lambda net, x: checkpoint(net, x, use_reentrant=False), input_grad) == plain
    assert gradients(lambda net, x: checkpoint_sequential(net, 3, x, use_reentrant=False), input_grad) == plain


def test_runs_twice_and_keeps_only_the_inputs():
    calls = []

    def part(x):
        calls.append(torch.is_grad_enabled())
        return x.exp().sin()

    x = torch.ones(2, requires_grad=True)
    out = checkpoint(part, x, use_reentrant=True)
    assert type(out.grad_fn).__name__.startswith("CheckpointFunction")
    out.sum().backward()
    assert calls == [False, True]


def test_arguments():
    x = torch.ones(1, requires_grad=True)
    with pytest.warns(UserWarning, match="the use_reentrant parameter should be passed explicitly"):
        checkpoint(torch.exp, x)
    with pytest.raises(ValueError, match="Unexpected keyword arguments: scale"):
        checkpoint(torch.exp, x, use_reentrant=True, scale=2)
    out = checkpoint(lambda x, n, scale: (x * n * scale, n), x, 3, use_reentrant=False, scale=2)
    out[0].backward()
    assert x.grad.item() == 6
    assert out[1] == 3
