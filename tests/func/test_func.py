"""torch.func: derivatives of derivatives, batches by vmap, modules as functions of their parameters."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, stack_module_state, vjp, vmap


def cube(x):
    return (x**3).sum()


def test_gradients_of_gradients():
    x = torch.tensor([1.0, 2.0])
    found = grad(cube)(x)
    assert found.tolist() == [3.0, 12.0]
    assert not found.requires_grad
    assert not x.requires_grad
    assert grad(grad(lambda x: x.sin()))(torch.tensor(1.0)).item() == pytest.approx(-torch.tensor(1.0).sin().item())
    assert grad(lambda x: grad(cube)(x).sum())(x).tolist() == [6.0, 12.0]


def test_several_arguments():
    a, b = torch.tensor(2.0), torch.tensor(5.0)
    assert [g.item() for g in grad(lambda a, b: a * a * b, argnums=(0, 1))(a, b)] == [20.0, 4.0]
    assert grad(lambda p: p["w"] * p["b"][0])({"w": a, "b": [b]}) == {"w": b, "b": [a]}
    slope, extra = grad(lambda a: (a * a, "more"), has_aux=True)(a)
    assert (slope.item(), extra) == (4.0, "more")
    assert grad(lambda a, b: b * b)(a, b).item() == 0.0


def test_what_is_outside_keeps_its_history():
    w = torch.tensor(3.0, requires_grad=True)
    slope = grad(lambda x: w * x**2)(torch.tensor(2.0))
    slope.backward()
    assert w.grad.item() == 4.0
    x = torch.tensor(2.0, requires_grad=True)
    grad(lambda x: x**3)(x).backward()
    assert x.grad.item() == 12.0


def test_products_with_jacobians():
    x = torch.tensor([1.0, 2.0])
    matrix = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    value, back = vjp(lambda x: matrix @ x, x)
    assert value.tolist() == [5.0, 11.0, 17.0]
    assert back(torch.tensor([1.0, 0.0, 1.0]))[0].tolist() == [6.0, 8.0]
    assert jvp(lambda x: matrix @ x, (x,), (torch.tensor([1.0, 1.0]),))[1].tolist() == [3.0, 7.0, 11.0]
    assert torch.equal(jacrev(lambda x: matrix @ x)(x), matrix)
    assert torch.equal(jacfwd(lambda x: matrix @ x)(x), matrix)
    assert hessian(cube)(x).tolist() == [[6.0, 0.0], [0.0, 12.0]]


def test_vmap():
    x, y = torch.arange(6.0).reshape(2, 3), torch.arange(6.0).reshape(3, 2)
    assert vmap(torch.dot, in_dims=(0, 1))(x, y).tolist() == [10.0, 40.0]
    assert torch.equal(vmap(lambda a: a * 2, in_dims=1, out_dims=1)(x), x * 2)
    assert torch.equal(vmap(lambda a, s: a * s, in_dims=(0, None))(x, 3.0), x * 3)
    assert vmap(grad(cube))(x).tolist() == (3 * x**2).tolist()
    with pytest.raises(ValueError, match="same size in the mapped dimension"):
        vmap(torch.add)(x, y)


def test_modules():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    x = torch.randn(5, 2)
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    doubled = {name: 2 * p for name, p in before.items()}
    assert not torch.equal(functional_call(model, doubled, (x,)), model(x))
    assert all(torch.equal(p, before[name]) for name, p in model.named_parameters())
    slopes = grad(lambda p: functional_call(model, p, (x,)).sum())(before)
    model(x).sum().backward()
    assert all(torch.allclose(slopes[name], p.grad) for name, p in model.named_parameters())
    parameters, _ = stack_module_state([model, model])
    both = vmap(lambda p: functional_call(model, p, (x,)))(parameters)
    assert both.shape == (2, 5, 1)
    assert torch.allclose(both[1], model(x))
