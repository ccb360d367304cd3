"""The graph frees itself by reference counting, however deep it is."""

import gc
import weakref

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.graph import descend
from pytorch_tutor.ops.unary import Neg


@pytest.fixture
def no_collector():
    """What is freed here was freed by reference counting alone."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def watched(tensor):
    """Weak references to a result, its node and the node's kept arrays."""
    node = tensor.grad_fn
    kept = [node.__dict__[name] for name in node.keeps if isinstance(node.__dict__.get(name), np.ndarray)]
    return [weakref.ref(tensor), weakref.ref(node), *map(weakref.ref, kept)]


MAKERS = {
    "exp": lambda x: x.exp(),
    "mul": lambda x: x * x,
    "softmax": lambda x: x.softmax(0),
    "max": lambda x: x.max(0)[0],
    "view": lambda x: (x * 2).view(-1)[1:],
    "in place": lambda x: (x * 2).add_(1).exp_(),
    "write to a view": lambda x: _write(x),
    "index": lambda x: x[[0, 0, 1]],
    "matrix": lambda x: x @ x,
    "layer": lambda x: torch.nn.functional.layer_norm(x, (3,)),
    "custom": lambda x: Doubled.apply(x),
}


def _write(x):
    result = x * 2
    result[0] = x[1] * 3
    return result


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        result = x * 2
        ctx.save_for_backward(x, result)
        return result

    @staticmethod
    def backward(ctx, grad):
        assert len(ctx.saved_tensors) == 2
        return grad * 2


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("how", ["dropped", "after backward", "twice differentiable", "after an error"])
def test_no_cycles(name, how):
    x = torch.ones(3, requires_grad=True) * 1
    y = MAKERS[name](x)
    references = watched(y)
    if how == "after backward":
        y.sum().backward()
    elif how == "twice differentiable":
        leaf = torch.ones(3, requires_grad=True)
        (g,) = torch.autograd.grad(MAKERS[name](leaf).sum(), leaf, create_graph=True)
        references += [weakref.ref(g)]
        del g
    elif how == "after an error":
        with pytest.raises(RuntimeError):
            y.sum().backward(torch.ones(7))
    del x, y
    assert [r() for r in references] == [None] * len(references)


@pytest.mark.usefixtures("no_collector")
def test_what_backward_keeps_is_gone_after_it():
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    loss = (y * y).sum()
    node = loss.grad_fn.next_functions[0][0]
    array = weakref.ref(node.x)
    loss.backward()
    del y
    assert array() is None
    assert node.freed


@pytest.mark.usefixtures("no_collector")
def test_a_hook_that_knows_its_tensor_is_let_go_when_removed():
    x = torch.ones(3, requires_grad=True)
    y = x * 2
    handle = y.register_hook(lambda grad: grad * y.detach())
    reference = weakref.ref(y)
    handle.remove()
    y = None
    assert reference() is None


def test_deep_graphs_need_no_recursion():
    x = torch.ones((), requires_grad=True)
    y = x
    for _ in range(40_000):
        y = y + 1
    y.backward()
    assert x.grad.item() == 1
    del y  # neither does deleting it recurse


def test_a_million_nodes():
    """Made by hand, because recording a million operations takes half a minute."""
    edge = torch.ones((), requires_grad=True).edge()
    for _ in range(1_000_000):
        node = Neg()
        node.edges, edge = (edge,), (node, 0)
    assert sum(1 for _ in descend([node])) == 1_000_001
    del node, edge


def test_one_node_runs_once_however_many_paths_lead_to_it():
    x = torch.ones((), requires_grad=True)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad.item() == 2.0**60
