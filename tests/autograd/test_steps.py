"""The backward pass as steps: it can be paused, looked at, changed; and observers see it."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.engine import steps
from pytorch_tutor.graph import descend, observe


def test_steps_are_the_backward_pass():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum()
    seen = [(s.node.name(), [g.tolist() for g in s.grads_in]) for s in steps(y)]
    assert seen == [
        ("SumBackward0", [1.0]),
        ("MulBackward0", [[1.0, 1.0]]),
        ("torch::autograd::AccumulateGrad", [[2.0, 4.0]]),
    ]
    assert x.grad.tolist() == [2, 4]


def test_a_paused_pass_can_be_changed():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    for step in steps((x * 3).sum()):
        if step.node.name() == "MulBackward0":
            step.grads_out = [step.grads_out[0] * 10, None]
    assert x.grad.tolist() == [30, 30]


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_paused_pass_leaks_no_mode(create_graph):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    walk = steps((x.exp() * x).sum(), create_graph=create_graph)
    next(walk)
    assert torch.is_grad_enabled()
    with torch.no_grad():
        next(walk)
        assert not torch.is_grad_enabled()
    for _ in walk:
        assert torch.is_grad_enabled()
    assert x.grad.requires_grad is create_graph


def test_a_pass_that_is_given_up_leaves_leaves_alone():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    walk = steps((x * x).sum())
    next(walk)
    walk.close()
    assert x.grad is None


def test_an_error_in_a_hook_leaves_the_mode_as_it_was():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * x

    def fail(grad):
        raise ZeroDivisionError

    y.register_hook(fail)
    with pytest.raises(ZeroDivisionError):
        y.sum().backward(create_graph=True)
    assert torch.is_grad_enabled()


def test_observers_see_operations_and_steps_and_then_nothing():
    called, taken = [], []
    x = torch.ones(2, requires_grad=True)
    with observe(op_called=lambda node, inputs, result: called.append((node.name(), inputs[0] is x, result.shape))):
        y = x.exp()
        with observe(step_taken=lambda step: taken.append(step.node.name())):
            y.sum().backward()
        y.sum()
    x.exp().sum().backward()
    assert called[0] == ("ExpBackward0", True, (2,))
    assert [name for name, *_ in called] == ["ExpBackward0", "SumBackward0", "SumBackward0"]
    assert taken == ["SumBackward0", "ExpBackward0", "torch::autograd::AccumulateGrad"]


def test_the_face_of_a_node():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x.exp()
    z = y * 3
    node = z.grad_fn
    assert node.next_functions == ((y.grad_fn, 0), (None, 0))
    assert y.grad_fn.next_functions[0][0].variable is x
    assert y.grad_fn.next_functions[0][0] is x.exp().grad_fn.next_functions[0][0]  # one for each leaf
    file, line, function = node.where
    assert (file, function) == (__file__, "test_the_face_of_a_node")
    assert line == test_the_face_of_a_node.__code__.co_firstlineno + 3
    assert y.grad_fn._saved_result.tolist() == y.tolist()
    assert y.grad_fn._saved_result.grad_fn is y.grad_fn
    assert (x * x).grad_fn._saved_self is x
    with pytest.raises(AttributeError, match="'ExpBackward0' object has no attribute '_saved_other'"):
        _ = y.grad_fn._saved_other
    assert node(torch.ones(2))[0].tolist() == [3, 3]
    assert node.metadata == {}
    assert repr(node).startswith("<MulBackward0 object at 0x")
    assert [n.name() for n in descend([node])] == ["MulBackward0", "ExpBackward0", "torch::autograd::AccumulateGrad"]


def test_anomaly_detection_names_the_line():
    x = torch.zeros(1, requires_grad=True)
    with torch.autograd.set_detect_anomaly(True):
        y = torch.sqrt(x) * 0  # this line
        with pytest.raises(RuntimeError, match="'SqrtBackward0' returned nan values in its 0th output") as caught:
            y.sum().backward()
    line = test_anomaly_detection_names_the_line.__code__.co_firstlineno + 3
    assert f"line {line} of {__file__}" in caught.value.__notes__[0]
