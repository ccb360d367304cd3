"""Jacobians, Hessians and their products, against formulas; and batched gradients."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.autograd import functional as af


def vector(*values):
    return torch.tensor(values, dtype=torch.float64)


A = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], dtype=torch.float64)


def test_jacobian():
    x = vector(1.0, 2.0)
    assert torch.equal(af.jacobian(lambda x: A @ x, x), A)
    both = af.jacobian(lambda x, y: (x * y, x.sum()), (x, vector(3.0, 4.0)))
    assert [[b.tolist() for b in row] for row in both] == [
        [[[3, 0], [0, 4]], [[1, 0], [0, 2]]],
        [[1, 1], [0, 0]],
    ]
    assert af.jacobian(lambda x: x.outer(x), x).shape == (2, 2, 2)
    assert af.jacobian(lambda x: (x * x).sum(), x).tolist() == [2, 4]


def test_a_jacobian_can_be_differentiated():
    x = vector(1.0, 2.0).requires_grad_()
    af.jacobian(lambda x: x**3, x, create_graph=True).sum().backward()
    assert x.grad.tolist() == [6, 12]


def test_hessian():
    x, y = vector(1.0, 2.0), vector(3.0, 4.0)
    assert af.hessian(lambda x: (x**3).sum(), x).tolist() == [[6, 0], [0, 12]]
    blocks = af.hessian(lambda x, y: (x * y).sum(), (x, y))
    assert blocks[0][0].tolist() == [[0, 0], [0, 0]]
    assert blocks[0][1].tolist() == blocks[1][0].tolist() == [[1, 0], [0, 1]]
    with pytest.raises(RuntimeError, match="should contain a single element"):
        af.hessian(lambda x: x, x)


def test_products():
    x, v, u = vector(1.0, 2.0), vector(1.0, -1.0), vector(1.0, 0.0, 2.0)
    value, product = af.vjp(lambda x: A @ x, x, u)
    assert torch.equal(value, A @ x)
    assert torch.equal(product, A.T @ u)
    value, product = af.jvp(lambda x: A @ x, x, v)
    assert torch.equal(product, A @ v)
    for which in (af.hvp, af.vhp):
        value, product = which(lambda x: (x**3).sum(), x, v)
        assert value.item() == 9
        assert product.tolist() == [6, -12]


def test_the_input_is_left_alone():
    x = vector(1.0, 2.0)
    af.jacobian(lambda x: x * x, x)
    assert not x.requires_grad
    assert x.grad is None


def test_many_gradients_at_once():
    x = vector(1.0, 2.0).requires_grad_()
    (rows,) = torch.autograd.grad(A @ x, x, torch.eye(3, dtype=torch.float64), is_grads_batched=True)
    assert torch.equal(rows, A)


def test_gradcheck_needs_something_to_check():
    with pytest.raises(ValueError, match="at least one input tensor to require gradient"):
        torch.autograd.gradcheck(lambda x: x, (vector(1.0),))
