"""nn.utils: clipping, vectors, packed sequences, parametrizations, pruning."""

import copy

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn

U = nn.utils


def with_grad(*values):
    p = nn.Parameter(torch.zeros(len(values)))
    p.grad = torch.tensor(values)
    return p


def test_clip_grad_norm_scales_all_together():
    a, b = with_grad(3.0, 0.0), with_grad(0.0, 4.0)
    assert U.clip_grad_norm_([a, b], 1.0).item() == 5.0
    assert torch.allclose(a.grad, torch.tensor([0.6, 0.0]), atol=1e-5)
    assert torch.allclose(b.grad, torch.tensor([0.0, 0.8]), atol=1e-5)
    small = with_grad(0.1)
    U.clip_grad_norm_(small, 1.0)
    assert small.grad.item() == pytest.approx(0.1)


def test_a_gradient_that_is_not_finite_can_be_an_error():
    with pytest.raises(RuntimeError, match="non-finite"):
        U.clip_grad_norm_([with_grad(float("inf"))], 1.0, error_if_nonfinite=True)


def test_the_old_name_of_clip_grad_norm_warns():
    w = torch.nn.Parameter(torch.zeros(2))
    w.grad = torch.tensor([3.0, 4.0])
    with pytest.warns(FutureWarning, match="`torch.nn.utils.clip_grad_norm` is now deprecated in favor of"):
        assert torch.nn.utils.clip_grad_norm([w], 1.0) == 5.0
    assert w.grad.norm().item() == pytest.approx(1.0)


def test_clip_grad_value():
    p = with_grad(-3.0, 0.2)
    U.clip_grad_value_([p], 1.0)
    assert p.grad.tolist() == pytest.approx([-1.0, 0.2])


def test_parameters_as_a_vector_and_back():
    layer = nn.Linear(2, 2)
    vector = U.parameters_to_vector(layer.parameters())
    U.vector_to_parameters(torch.arange(6.0), layer.parameters())
    assert vector.shape == (6,)
    assert layer.bias.tolist() == [4.0, 5.0]


def test_packing_and_padding_are_inverse():
    sequences = [torch.arange(3.0), torch.arange(1.0), torch.arange(5.0)]
    packed = U.rnn.pack_sequence(sequences, enforce_sorted=False)
    assert packed.batch_sizes.tolist() == [3, 2, 2, 1, 1]
    for got, want in zip(U.rnn.unpack_sequence(packed), sequences, strict=True):
        assert torch.equal(got, want)
    with pytest.raises(RuntimeError, match="must be sorted in decreasing order"):
        U.rnn.pack_sequence(sequences)


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_a_packed_batch_gives_what_each_sequence_alone_gives(kind):
    torch.manual_seed(0)
    layer = kind(2, 3, num_layers=2, bidirectional=True)
    sequences = [torch.randn(n, 2) for n in (2, 4, 1)]
    packed, _ = layer(U.rnn.pack_sequence(sequences, enforce_sorted=False))
    for got, sequence in zip(U.rnn.unpack_sequence(packed), sequences, strict=True):
        assert torch.allclose(got, layer(sequence)[0], atol=1e-6)


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).t()


def test_a_parametrization_and_its_removal():
    layer = nn.Linear(3, 3)
    U.parametrize.register_parametrization(layer, "weight", Symmetric())
    assert torch.equal(layer.weight, layer.weight.t())
    assert "parametrizations.weight.original" in layer.state_dict()
    assert type(layer).__name__ == "ParametrizedLinear"
    twin = copy.deepcopy(layer)
    assert torch.equal(twin.weight, layer.weight)
    layer(torch.ones(1, 3)).sum().backward()
    assert layer.parametrizations.weight.original.grad is not None
    U.parametrize.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear
    assert torch.equal(layer.weight, layer.weight.t())


def test_spectral_norm_makes_the_largest_singular_value_one():
    layer = U.parametrizations.spectral_norm(nn.Linear(6, 4), n_power_iterations=30)
    layer(torch.ones(1, 6))
    weight = layer.weight.detach()
    eigenvalue = torch.ones(6)
    for _ in range(100):
        eigenvalue = weight.t().mv(weight.mv(eigenvalue))
        eigenvalue = eigenvalue / eigenvalue.norm()
    assert weight.mv(eigenvalue).norm().item() == pytest.approx(1.0, abs=1e-3)


def test_weight_norm_as_a_hook():
    layer = U.weight_norm(nn.Linear(3, 2))
    assert list(layer.state_dict()) == ["bias", "weight_g", "weight_v"]
    before = layer(torch.ones(1, 3))
    U.remove_weight_norm(layer)
    assert list(layer.state_dict()) == ["bias", "weight"]
    assert torch.allclose(layer(torch.ones(1, 3)), before)


def test_pruning_twice_and_for_good():
    torch.manual_seed(0)
    layer = nn.Linear(4, 5)
    U.prune.l1_unstructured(layer, "weight", amount=0.5)
    U.prune.random_unstructured(layer, "weight", amount=2)
    assert int((layer.weight == 0).sum()) == 12
    assert sorted(layer.state_dict()) == ["bias", "weight_mask", "weight_orig"]
    U.prune.remove(layer, "weight")
    assert int((layer.weight == 0).sum()) == 12
    assert not U.prune.is_pruned(layer)
    U.prune.ln_structured(layer, "weight", amount=1, n=2, dim=0)
    assert int((layer.weight.detach() == 0).all(1).sum()) >= 1


def test_global_pruning():
    model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    pairs = [(model[0], "weight"), (model[1], "weight")]
    U.prune.global_unstructured(pairs, U.prune.L1Unstructured, amount=9)
    assert sum(int((module.weight == 0).sum()) for module, _ in pairs) == 9


def test_lazy_modules_become_ordinary_ones():
    model = nn.Sequential(nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(2))
    with pytest.raises(RuntimeError, match="Can't access the shape of an uninitialized parameter"):
        _ = model[0].weight.shape
    model(torch.ones(2, 3, 5, 5))
    assert [type(module).__name__ for module in model] == ["Conv2d", "BatchNorm2d", "Flatten", "Linear"]
    assert model[3].weight.shape == (2, 36)
