"""vmap: chunks, nesting, empty batches, what a function may not do, and models."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.func import functional_call, grad, stack_module_state, vmap
from pytorch_tutor.graph import mode


@pytest.mark.parametrize("chunk_size", [None, 1, 2, 5, 100])
def test_chunks_change_nothing(chunk_size):
    x = torch.arange(10.0).reshape(5, 2)
    assert torch.equal(vmap(lambda row: row * row.sum(), chunk_size=chunk_size)(x), x * x.sum(1, keepdim=True))


def test_three_levels():
    x, y, z = torch.rand(2, 3), torch.rand(4), torch.rand(5)
    found = vmap(vmap(vmap(lambda a, b, c: a.sum() * b + c, (None, None, 0)), (None, 0, None)), (0, None, None))(
        x, y, z
    )
    assert torch.allclose(found, x.sum(1)[:, None, None] * y[:, None] + z)


def test_an_empty_batch_has_a_shape():
    assert vmap(lambda x: x @ x.T)(torch.ones(0, 2, 3)).shape == (0, 2, 2)


def test_what_it_prints_is_printed_once(capsys):
    vmap(lambda x: print(x.shape) or x)(torch.ones(3, 2))
    assert capsys.readouterr().out == "torch.Size([2])\n"


def test_an_error_inside_leaves_no_state():
    with pytest.raises(RuntimeError, match="data-dependent control flow"):
        vmap(lambda x: x if x > 0 else -x)(torch.ones(2))
    assert mode.transforms == ()
    assert mode.refuse_random is None
    assert torch.rand(1).shape == (1,)
    assert bool(torch.ones(1) > 0)


def test_results_can_be_looked_at_afterwards():
    y = vmap(lambda x: x * 2)(torch.arange(3.0))
    assert y[1].item() == 2.0
    assert bool(y.sum() > 0)


def test_the_graph_goes_on_outside():
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    vmap(lambda x: (w * x).sum())(torch.ones(4, 2)).sum().backward()
    assert w.grad.tolist() == [4.0, 4.0]


@pytest.mark.parametrize(("randomness", "equal"), [("same", True), ("different", False)])
def test_random_numbers(randomness, equal):
    rows = vmap(lambda x: x + torch.rand(3), randomness=randomness)(torch.zeros(2, 3))
    assert torch.equal(rows[0], rows[1]) == equal


def test_gradients_for_each_example():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    x, target = torch.randn(5, 3), torch.tensor([0, 1, 0, 1, 1])
    values = {name: p.detach() for name, p in model.named_parameters()}

    def loss(p, x, t):
        return torch.nn.functional.cross_entropy(functional_call(model, p, (x[None],)), t[None])

    together = vmap(grad(loss), in_dims=(None, 0, 0))(values, x, target)
    for i in range(5):
        single = grad(loss)(values, x[i], target[i])
        assert all(torch.allclose(together[name][i], single[name]) for name in values)


def test_an_ensemble_trains():
    models = [torch.nn.Linear(2, 1) for _ in range(3)]
    parameters, buffers = stack_module_state(models)
    x = torch.ones(4, 2)
    out = vmap(lambda p, b: functional_call(models[0], (p, b), (x,)))(parameters, buffers)
    out.sum().backward()
    assert parameters["weight"].grad.tolist() == [[[4.0, 4.0]]] * 3
