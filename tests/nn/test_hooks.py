"""Hooks before and after forward, and around backward."""

import warnings

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.nn.modules.hooks import register_module_forward_hook


def test_forward_hooks_can_replace():
    layer = nn.Identity()
    layer.register_forward_pre_hook(lambda module, args: (args[0] + 1,))
    layer.register_forward_hook(lambda module, args, output: output * 10)
    assert layer(torch.ones(1)).item() == 20


def test_hooks_with_keyword_arguments():
    class Scaled(nn.Module):
        def forward(self, x, factor=1):
            return x * factor

    layer = Scaled()
    layer.register_forward_pre_hook(lambda module, args, kwargs: (args, {"factor": 5}), with_kwargs=True)
    seen = []
    layer.register_forward_hook(lambda module, args, kwargs, output: seen.append(kwargs), with_kwargs=True)
    assert layer(torch.ones(1), factor=2).item() == 5
    assert seen == [{"factor": 5}]


def test_a_handle_removes_its_hook():
    layer, seen = nn.Identity(), []
    handle = layer.register_forward_hook(lambda *args: seen.append(1))
    layer(torch.ones(1))
    handle.remove()
    handle.remove()
    layer(torch.ones(1))
    assert seen == [1]
    with layer.register_forward_hook(lambda *args: seen.append(2)):
        layer(torch.ones(1))
    layer(torch.ones(1))
    assert seen == [1, 2]


def test_prepend_runs_first():
    layer, seen = nn.Identity(), []
    layer.register_forward_hook(lambda *args: seen.append("second"))
    layer.register_forward_hook(lambda *args: seen.append("first"), prepend=True)
    layer(torch.ones(1))
    assert seen == ["first", "second"]


def test_always_call_runs_after_an_error():
    class Broken(nn.Module):
        def forward(self, x):
            raise RuntimeError("broken")

    layer, seen = Broken(), []
    layer.register_forward_hook(lambda *args: seen.append("always"), always_call=True)
    layer.register_forward_hook(lambda *args: seen.append("never"))
    with pytest.raises(RuntimeError, match="broken"):
        layer(torch.ones(1))
    assert seen == ["always"]


def test_full_backward_hooks_see_and_replace_gradients():
    layer = nn.Linear(2, 1, bias=False)
    seen = {}

    def hook(module, grad_input, grad_output):
        seen["input"], seen["output"] = grad_input[0].clone(), grad_output[0].clone()
        return (grad_input[0] * 100,)

    layer.register_full_backward_pre_hook(lambda module, grad_output: (grad_output[0] * 2,))
    layer.register_full_backward_hook(hook)
    x = torch.ones(3, 2, requires_grad=True)
    layer(x).sum().backward()
    assert torch.equal(seen["output"], torch.full((3, 1), 2.0))
    assert torch.allclose(seen["input"], 2 * layer.weight.detach().expand(3, 2))
    assert torch.allclose(x.grad, 200 * layer.weight.detach().expand(3, 2))


def test_a_backward_hook_without_input_gradient_warns():
    layer = nn.Linear(2, 1)
    layer.register_full_backward_hook(lambda module, grad_input, grad_output: None)
    with pytest.warns(UserWarning, match="no inputs require gradients"):
        layer(torch.ones(3, 2)).sum().backward()


def test_one_kind_of_backward_hook():
    layer = nn.Linear(1, 1)
    layer.register_full_backward_hook(lambda *args: None)
    with pytest.raises(RuntimeError, match="Cannot use both regular backward hooks and full backward hooks"):
        layer.register_backward_hook(lambda *args: None)


def test_hooks_for_every_module_are_taken_away_again():
    seen = []
    handle = register_module_forward_hook(lambda module, args, output: seen.append(type(module).__name__))
    model = nn.Sequential(nn.ReLU(), nn.Tanh())
    model(torch.ones(1))
    handle.remove()
    model(torch.ones(1))
    assert seen == ["ReLU", "Tanh", "Sequential"]


def test_no_hooks_no_detour():
    """Without hooks a call is forward and nothing else."""
    layer = nn.Identity()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer._call_impl = None
        assert layer(torch.ones(1)).item() == 1
