"""functorch: what programs of 2022 import, and what PyTorch still answers."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor import functorch, nn

pytestmark = pytest.mark.filterwarnings("ignore:We've integrated functorch:FutureWarning")


def test_every_function_says_its_name_of_today():
    for name, today in {"grad": "torch.func.grad", "vmap": "torch.vmap", "jacrev": "torch.func.jacrev"}.items():
        with pytest.warns(FutureWarning, match=rf"`functorch\.{name}` is deprecated .* use `{today}` instead"):
            getattr(functorch, name)(torch.sum)(torch.ones(2))
    with pytest.warns(FutureWarning, match=r"Please use `torch\.func\.functional_call` instead"):
        functorch.make_functional(nn.Linear(1, 1))


def test_a_module_as_a_function_of_its_parameters():
    model, x = nn.Linear(2, 1), torch.ones(3, 2)
    function, params = functorch.make_functional(model)
    assert [type(p) for p in params] == [nn.Parameter] * 2
    assert params[0] is not model.weight
    assert torch.equal(function(params, x), model(x))
    rows = functorch.vmap(functorch.grad(lambda p, x: function(p, x).sum()), (None, 0))(params, x)
    assert torch.equal(rows[0], x.unsqueeze(1))
    assert not functorch.make_functional(model, disable_autograd_tracking=True)[1][0].requires_grad
    with pytest.raises(RuntimeError, match=r"^make_functional\(model\): `model` has buffers\."):
        functorch.make_functional(nn.BatchNorm1d(2))


def test_buffers_are_written():
    function, params, buffers = functorch.make_functional_with_buffers(nn.BatchNorm1d(2, momentum=1.0))
    function(params, buffers, torch.tensor([[1.0, 2.0], [3.0, 6.0]]))
    assert buffers[0].tolist() == [2.0, 4.0]
    assert buffers[2].item() == 1


def test_an_ensemble():
    models = [nn.Linear(2, 1) for _ in range(3)]
    function, params, buffers = functorch.combine_state_for_ensemble(models)
    assert [tuple(p.shape) for p in params] == [(3, 1, 2), (3, 1)]
    assert not params[0].requires_grad
    x = torch.ones(4, 2)
    together = functorch.vmap(function, (0, 0, None))(params, buffers, x)
    assert torch.allclose(together, torch.stack([model(x) for model in models]))
    for wrong, sentence in (
        ([], "Expected at least one model, got 0"),
        ([nn.Linear(2, 1), nn.ReLU()], "Expected all models to be of the same class"),
        ([nn.Linear(2, 1), nn.Linear(2, 1).eval()], "Expected all models to have the same training/eval mode"),
    ):
        with pytest.raises(RuntimeError, match=f"^combine_state_for_ensemble: {sentence}"):
            functorch.combine_state_for_ensemble(wrong)
