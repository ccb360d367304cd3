"""Module: registration, traversal, modes, conversion, copying."""

import copy
import pickle

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 2)
        self.body = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("mean", torch.zeros(2))
        self.register_buffer("scratch", torch.zeros(2), persistent=False)

    def forward(self, x):
        return self.body(self.fc(x)) * self.scale + self.mean


def test_names_come_in_the_order_of_assignment():
    names = [name for name, _ in Net().named_parameters()]
    assert names == ["scale", "fc.weight", "fc.bias", "body.0.weight", "body.0.bias", "body.1.weight", "body.1.bias"]
    assert [name for name, _ in Net().named_modules()] == ["", "fc", "body", "body.0", "body.1"]
    assert [name for name, _ in Net().named_children()] == ["fc", "body"]


def test_a_non_persistent_buffer_is_not_saved():
    net = Net()
    assert "mean" in net.state_dict()
    assert "scratch" not in net.state_dict()
    assert "scratch" in dict(net.named_buffers())


def test_a_shared_parameter_is_listed_once():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    assert len(list(net.parameters())) == 3
    assert len(list(net.named_parameters(remove_duplicate=False))) == 4


def test_assignment_moves_a_name_between_registries():
    net = nn.Module()
    net.part = 3
    net.part = nn.Parameter(torch.ones(1))
    assert list(dict(net.named_parameters())) == ["part"]
    del net.part
    net.part = nn.Linear(1, 1)
    assert list(dict(net.named_children())) == ["part"]
    net.part = None
    assert net.part is None
    net.running = nn.Buffer(torch.ones(2), persistent=False)
    assert list(dict(net.named_buffers())) == ["running"]
    assert not net.state_dict()


def test_a_parameter_only_takes_a_parameter():
    layer = nn.Linear(2, 2)
    with pytest.raises(TypeError, match=r"cannot assign 'torch.FloatTensor' as parameter 'weight'") as caught:
        layer.weight = torch.ones(2, 2)
    assert any("nn.Parameter" in note for note in caught.value.__notes__)


def test_forgotten_super_init():
    class Forgetful(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(1, 1)

    with pytest.raises(AttributeError, match=r"cannot assign module before Module.__init__") as caught:
        Forgetful()
    assert any("super().__init__()" in note for note in caught.value.__notes__)


def test_train_and_eval_reach_every_child():
    net = Net()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    net.train()
    assert all(module.training for module in net.modules())
    with pytest.raises(ValueError, match="training mode is expected to be boolean"):
        net.train("yes")


def test_zero_grad_and_requires_grad():
    net = Net()
    net(torch.randn(4, 3)).sum().backward()
    assert all(p.grad is not None for p in net.parameters())
    net.zero_grad(set_to_none=False)
    assert all((p.grad == 0).all() for p in net.parameters())
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())
    net.requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())


def test_conversion_keeps_the_parameter_objects():
    net = Net()
    before = list(net.parameters())
    net(torch.randn(4, 3)).sum().backward()
    net.double()
    assert [id(p) for p in net.parameters()] == [id(p) for p in before]
    assert net.fc.weight.dtype is torch.float64
    assert net.fc.weight.grad.dtype is torch.float64
    assert net.body[1].num_batches_tracked.dtype is torch.int64
    assert net.to(torch.float32).mean.dtype is torch.float32
    with pytest.raises(TypeError, match="only accepts floating point or complex dtypes"):
        net.to(torch.int64)


def test_apply_visits_children_first():
    seen = []
    Net().apply(lambda module: seen.append(type(module).__name__))
    assert seen == ["Linear", "Linear", "BatchNorm1d", "Sequential", "Net"]


def test_deepcopy_is_independent():
    net = Net()
    twin = copy.deepcopy(net)
    with torch.no_grad():
        twin.fc.weight.fill_(7.0)
    assert not (net.fc.weight == 7).any()
    assert isinstance(twin.fc.weight, nn.Parameter)


def test_pickling():
    layer = nn.Linear(2, 2)
    layer.eval()
    twin = pickle.loads(pickle.dumps(layer))
    assert torch.equal(twin.weight, layer.weight)
    assert isinstance(twin.weight, nn.Parameter)
    assert not twin.training


def test_submodules_by_path():
    net = Net()
    assert net.get_submodule("body.1") is net.body[1]
    assert net.get_parameter("fc.weight") is net.fc.weight
    assert net.get_buffer("body.1.running_mean") is net.body[1].running_mean
    net.set_submodule("body.0", nn.Identity())
    assert isinstance(net.body[0], nn.Identity)
    with pytest.raises(AttributeError, match="Net has no attribute `nope`"):
        net.get_submodule("nope")


def test_names_with_markup_stay_text():
    net = nn.Module()
    net.add_module("<b>x</b>", nn.ReLU())
    assert "(<b>x</b>): ReLU()" in repr(net)


def test_missing_forward_names_the_class():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r'Module \[Empty\] is missing the required "forward" function'):
        Empty()(torch.ones(1))
