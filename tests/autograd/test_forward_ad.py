"""Derivatives forwards: dual tensors, and their agreement with derivatives backwards and finite differences."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.autograd import forward_ad
from pytorch_tutor.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vmap

POINT = torch.tensor([0.3, 0.7, 1.2], dtype=torch.float64)
FUNCTIONS = {
    "elementwise": lambda x: x.exp() * x.sin() + x**3,
    "matrix": lambda x: torch.outer(x, x) @ x.cos(),
    "reduction": lambda x: torch.logsumexp(x, 0) * x.prod(),
    "softmax": lambda x: torch.softmax(x, 0),
    "indexing": lambda x: x[[2, 0, 0]] * x[1:].sum(),
    "in place": lambda x: x.clone().mul_(x).add_(1).sqrt_(),
    "layer norm": lambda x: torch.nn.functional.layer_norm(x, (3,)),
    "sorting": lambda x: torch.cumsum(x.sort(descending=True)[0] ** 2, 0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_forwards_and_backwards_agree(name):
    function = FUNCTIONS[name]
    assert torch.allclose(jacfwd(function)(POINT), jacrev(function)(POINT))
    direction = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    with forward_ad.dual_level():
        tangent = forward_ad.unpack_dual(function(forward_ad.make_dual(POINT, direction))).tangent
    assert torch.allclose(tangent, jacrev(function)(POINT) @ direction)
    assert torch.allclose(tangent, jvp(function, (POINT,), (direction,))[1])
    leaf = POINT.clone().requires_grad_()
    assert torch.autograd.gradcheck(function, (leaf,), check_forward_ad=True)


@pytest.mark.parametrize("first", [jacfwd, jacrev])
@pytest.mark.parametrize("second", [jacfwd, jacrev])
def test_nesting(first, second):
    def function(x):
        return (x.sin() * x.prod()).sum()

    assert torch.allclose(first(second(function))(POINT), hessian(function)(POINT))
    expected = torch.autograd.functional.hessian(function, POINT)
    assert torch.allclose(hessian(function)(POINT), expected)


def test_derivatives_of_derivatives_of_derivatives():
    x = torch.tensor(0.5, dtype=torch.float64)
    third = jacfwd(grad(jacfwd(torch.sin)))(x)
    assert third.item() == pytest.approx(-torch.cos(x).item())
    batch = vmap(jacfwd(grad(lambda x: (x**3).sum())))(torch.arange(4.0).reshape(2, 2))
    assert batch.tolist() == [[[0.0, 0.0], [0.0, 6.0]], [[12.0, 0.0], [0.0, 18.0]]]


def test_a_level_leaves_nothing_behind():
    x = torch.ones(2)
    with forward_ad.dual_level(), torch.no_grad():
        y = forward_ad.make_dual(x, torch.ones(2)) * 3
        assert forward_ad.unpack_dual(y).tangent.tolist() == [3.0, 3.0]
        assert not y.requires_grad
    assert torch.is_grad_enabled()
    assert not (y * 2).requires_grad
    assert str(y) == "tensor([3., 3.])"


def test_a_derivative_through_a_model_by_its_parameters():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1)).double()
    values = {name: p.detach() for name, p in model.named_parameters()}
    x = torch.ones(4, 2, dtype=torch.float64)
    ones = {name: torch.ones_like(p) for name, p in values.items()}
    _, change = jvp(lambda p: functional_call(model, p, (x,)), (values,), (ones,))
    rows = jacrev(lambda p: functional_call(model, p, (x,)))(values)
    expected = sum(rows[name].flatten(2).sum(2) for name in values)
    assert torch.allclose(change, expected)


def test_a_jvp_may_delete_what_it_kept():
    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.result = x.exp()
            return ctx.result

        @staticmethod
        def jvp(ctx, tangent):
            found = tangent * ctx.result
            del ctx.result
            return found

    x = POINT.clone().requires_grad_()
    with forward_ad.dual_level():
        y = Exp.apply(forward_ad.make_dual(x, torch.ones_like(x)))
        for _ in range(2):  # a tangent is found each time it is asked for
            assert torch.allclose(forward_ad.unpack_dual(y).tangent, POINT.exp())
    assert torch.autograd.gradcheck(Exp.apply, (x,), check_forward_ad=True, check_backward_ad=False)


def test_a_dual_tensor_is_a_view_of_its_primal():
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(POINT.clone().requires_grad_(), torch.ones(3, dtype=torch.float64))
        assert dual.grad_fn.name() == "ViewBackward0"


def test_a_tangent_has_no_tangent_of_its_own():
    x = POINT.clone().requires_grad_()
    with forward_ad.dual_level():
        tangent = forward_ad.unpack_dual(forward_ad.make_dual(x, torch.ones_like(x)).sin()).tangent
        assert tangent.grad_fn.name() == "MulBackward0"
        assert forward_ad.unpack_dual(tangent[0] * 2).tangent is None
        assert "tangent" not in repr(tangent[:2])
    (slope,) = torch.autograd.grad(tangent.sum(), x)
    assert torch.allclose(slope, -POINT.sin())
