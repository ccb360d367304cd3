"""Functions written by the user."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.autograd import Function
from pytorch_tutor.autograd.function import once_differentiable


class Cube(Function):
    @staticmethod
    def forward(ctx, x, scale=1.0):
        ctx.save_for_backward(x)
        ctx.scale = scale
        return x**3 * scale

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * 3 * x**2 * ctx.scale, None


def leaf(*values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def test_gradients_first_and_second():
    assert torch.autograd.gradcheck(lambda x: Cube.apply(x, 2.0), (leaf(1.0, -2.0),))
    assert torch.autograd.gradgradcheck(lambda x: Cube.apply(x, 2.0), (leaf(1.0, -2.0),))


def test_the_node():
    x = leaf(1.0)
    y = Cube.apply(x)
    assert y.grad_fn.name() == "CubeBackward"
    assert repr(y) == "tensor([1.], dtype=torch.float64, grad_fn=<CubeBackward>)"
    assert y.grad_fn.next_functions[0][0].variable is x
    assert y.grad_fn.saved_tensors[0] is x
    y.sum().backward()
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        y.sum().backward()


def test_forward_is_not_recorded_and_without_need_there_is_no_node():
    class Look(Function):
        @staticmethod
        def forward(ctx, x, y):
            assert not torch.is_grad_enabled()
            seen.append(ctx.needs_input_grad)
            return x * y

        @staticmethod
        def backward(ctx, grad):
            assert not torch.is_grad_enabled()
            return grad, None

    seen = []
    Look.apply(leaf(1.0), torch.ones(1)).sum().backward()
    assert Look.apply(torch.ones(1), torch.ones(1)).grad_fn is None
    with torch.no_grad():
        assert Look.apply(leaf(1.0), leaf(1.0)).grad_fn is None
    assert seen == [(True, False), (False, False), (True, True)]


def test_setup_context():
    class Square(Function):
        @staticmethod
        def forward(x):
            return x * x

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0], output)

        @staticmethod
        def backward(ctx, grad):
            x, y = ctx.saved_tensors
            return grad * 2 * y / x

    assert torch.autograd.gradcheck(Square.apply, (leaf(1.0, 3.0),))
    assert torch.autograd.gradgradcheck(Square.apply, (leaf(1.0, 3.0),))


def test_in_place_marked_dirty():
    class AddOne(Function):
        @staticmethod
        def forward(ctx, x):
            x.add_(1)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 5

    x = leaf(1.0)
    y = x * 2
    z = AddOne.apply(y)
    assert z is y
    assert y.grad_fn.name() == "AddOneBackward"
    z.sum().backward()
    assert x.grad.item() == 10


def test_several_outputs_not_all_differentiable():
    class Parts(Function):
        @staticmethod
        def forward(ctx, x, give):
            ctx.set_materialize_grads(give)
            place = x.argmax()
            ctx.mark_non_differentiable(place)
            return x * 2, x * 3, place

        @staticmethod
        def backward(ctx, a, b, place):
            seen.append((b is None, place is None))
            return a * 2, None

    seen = []
    for give in (True, False):
        x = leaf(1.0, 2.0)
        double, triple, place = Parts.apply(x, give)
        assert (double.requires_grad, triple.requires_grad, place.requires_grad) == (True, True, False)
        double.sum().backward()
        assert x.grad.tolist() == [2, 2]
    assert seen[1] == (True, True)
    assert seen[0][0] is False


def test_once_differentiable():
    class Once(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once_differentiable
        def backward(ctx, grad):
            return grad * 2 * ctx.saved_tensors[0]

    x = leaf(3.0)
    (g,) = torch.autograd.grad((Once.apply(x) ** 2).sum(), x, create_graph=True)
    assert g.item() == 108
    with pytest.raises(
        RuntimeError, match="trying to differentiate twice a function that was marked with @once_differentiable"
    ):
        g.sum().backward()


def returning(value):
    class Bad(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            return value

    return Bad.apply


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (
            (torch.ones(2), torch.ones(2)),
            RuntimeError,
            "function BadBackward returned an incorrect number of gradients",
        ),
        (torch.ones(3), RuntimeError, r"Function BadBackward returned an invalid gradient at index 0 - got \[3\] but"),
        (1.0, RuntimeError, r"expected Variable or None \(got float\)"),
    ],
)
def test_bad_gradients(value, kind, words):
    with pytest.raises(kind, match=words):
        returning(value)(leaf(1.0, 2.0)).sum().backward()


def test_what_was_saved_may_not_change():
    y = leaf(1.0) * 1
    z = Cube.apply(y)
    y.add_(1)
    with pytest.raises(RuntimeError, match=r"modified by an inplace operation: \[torch.DoubleTensor \[1\]\]"):
        z.sum().backward()


def test_called_like_a_function():
    with pytest.raises(RuntimeError, match="Legacy autograd function"):
        Cube()(leaf(1.0))


def test_an_input_returned_as_it_is():
    class Same(Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 7

    x = leaf(1.0)
    y = Same.apply(x)
    assert y is not x
    y.sum().backward()
    assert x.grad.item() == 7
