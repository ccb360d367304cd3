"""A Function's ctx: names that the user chooses stay apart from those that the backward pass needs."""

from __future__ import annotations

import pytest

import pytorch_tutor as torch

CHOSEN = [
    "age", "dirty", "edges", "flat", "formula", "freed", "function", "gradient", "hooks", "input_shapes", "keep", "keeps",
    "line", "materialize", "output_metas", "outputs", "places", "prehooks", "release", "retained", "run", "saved",
    "saved_outputs", "shape", "tensor_hooks", "to_save", "variable", "where",
]  # fmt: skip


class Chosen(torch.autograd.Function):
    """Sets every name that the engine itself uses on a node."""

    @staticmethod
    def forward(ctx, x, factor):
        for number, name in enumerate(CHOSEN):
            setattr(ctx, name, number)
        ctx.factor = factor
        ctx.save_for_backward(x)
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        assert [getattr(ctx, name) for name in CHOSEN] == list(range(len(CHOSEN)))
        assert ctx.needs_input_grad == (True, False)
        (x,) = ctx.saved_tensors
        assert x.tolist() == [1.0, 2.0]
        return grad * ctx.factor, None


def test_any_name_may_be_set_on_ctx():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = Chosen.apply(x, 3)
    seen = []
    y.grad_fn.register_hook(lambda sent, came: seen.append((len(sent), came[0].tolist())))
    assert y.grad_fn.factor == 3
    assert y.grad_fn.saved_tensors[0] is x
    (y**2).sum().backward()
    assert x.grad.tolist() == [18.0, 36.0]
    assert seen == [(1, [6.0, 12.0])]  # as in PyTorch, only tensors among the arguments have an edge
    assert len(y.grad_fn.next_functions) == 1
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        _ = y.grad_fn.saved_tensors


def test_what_was_not_set_is_named():
    class Forgets(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, grad):
            assert ctx.name() == "ForgetsBackward"
            return grad * ctx.factor

    y = Forgets.apply(torch.ones(1, requires_grad=True))
    with pytest.raises(AttributeError) as caught:
        y.backward()
    assert str(caught.value) == "'ForgetsBackward' object has no attribute 'factor'"


def test_an_input_returned_as_not_differentiable():
    class Both(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.mark_non_differentiable(b)
            return a.exp(), b

        @staticmethod
        def backward(ctx, grad, nothing):
            assert nothing.tolist() == [0.0]
            return grad, None

    a = torch.zeros(1, requires_grad=True)
    first, second = Both.apply(a, torch.ones(1))
    assert (first.requires_grad, second.requires_grad) == (True, False)
    first.backward()
    assert a.grad.tolist() == [1.0]


def test_every_tensor_is_a_variable():
    assert isinstance(torch.ones(1), torch.autograd.Variable)
    assert not isinstance(1, torch.autograd.Variable)
