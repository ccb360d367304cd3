"""torch.ops.aten: operations by the names of PyTorch's library, and those that autograd functions call."""

import pytest

import pytorch_tutor as torch


def test_names_and_overloads():
    aten = torch.ops.aten
    x = torch.tensor([-1.0, 2.0])
    assert aten.add.Tensor(x, x, alpha=2).tolist() == [-3.0, 6.0]
    assert aten.relu.default(x).tolist() == [0.0, 2.0]
    assert aten.softmax.int(x, 0).equal(x.softmax(0))
    assert aten.view.default(x, (2, 1)).shape == (2, 1)
    assert aten.add is aten.add
    assert aten.add.Tensor is aten.add.Tensor
    assert (repr(aten.add), repr(aten.add.Tensor), aten.add.Tensor.__name__) == (
        "aten.add",
        "aten.add.Tensor",
        "add.Tensor",
    )
    with pytest.raises(AttributeError, match="'_OpNamespace' 'aten' object has no attribute 'nope'"):
        aten.nope  # noqa: B018 - looking it up is the test


def test_slice_is_a_view():
    x = torch.arange(6).reshape(2, 3)
    part = torch.ops.aten.slice.Tensor(x, 1, 0, 3, 2)
    assert part.tolist() == [[0, 2], [3, 5]]
    part[0, 0] = 9
    assert x[0, 0] == 9


def test_gradients_from_results():
    x = torch.tensor([[0.0, 1.0, 2.0]], requires_grad=True)
    pull = torch.tensor([[1.0, 0.0, -1.0]])
    for function, backward in [
        (torch.softmax, torch._softmax_backward_data),
        (torch.log_softmax, torch._log_softmax_backward_data),
    ]:
        y = function(x, 1)
        (want,) = torch.autograd.grad(y, x, pull)
        assert backward(pull, y, -1, torch.float32).equal(want)
    kept = torch.tensor([True, False, True])
    assert torch.ops.aten.native_dropout_backward(pull, kept, 2.0).tolist() == [[2.0, 0.0, -2.0]]


def test_they_are_differentiable():
    pull = torch.tensor([[1.0, 0.5]], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([[0.25, 0.75]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda g, r: torch._softmax_backward_data(g, r, 1, torch.float64), (pull, y))
