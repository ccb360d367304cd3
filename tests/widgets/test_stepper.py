"""BackwardStepper: `.grad` follows the position, and at the end it is what backward() leaves, bit for bit."""

from typing import Any

import numpy as np
import pytest

from pytorch_tutor_widgets import BackwardStepper
from tests.widgets.conftest import nn


def bits(tensor: Any) -> bytes | None:
    return None if tensor is None else tensor.detach().numpy().tobytes()


def a_network(lib: Any) -> tuple[Any, Any]:
    lib.manual_seed(0)
    layers = nn(lib)
    net = layers.Sequential(layers.Linear(3, 4), layers.Tanh(), layers.Linear(4, 2))
    return net, (net(lib.rand(5, 3)) ** 2).mean()


def test_the_end_is_backward_bit_for_bit(lib: Any) -> None:
    net, loss = a_network(lib)
    stepper = BackwardStepper(loss)
    assert all(parameter.grad is None for parameter in net.parameters())
    stepper.finish()
    stepped = [bits(parameter.grad) for parameter in net.parameters()]
    net.zero_grad()
    loss.backward()
    assert stepped == [bits(parameter.grad) for parameter in net.parameters()]


def test_the_end_is_backward_where_grad_existed(lib: Any) -> None:
    net, loss = a_network(lib)
    loss.backward(retain_graph=True)
    first = [parameter.grad for parameter in net.parameters()]
    before = [bits(parameter.grad) for parameter in net.parameters()]
    stepper = BackwardStepper(loss)
    stepper.finish()
    assert all(parameter.grad is held for parameter, held in zip(net.parameters(), first, strict=True))
    stepped = [bits(parameter.grad) for parameter in net.parameters()]
    stepper.goto(0)
    assert [bits(parameter.grad) for parameter in net.parameters()] == before
    loss.backward()
    assert [bits(parameter.grad) for parameter in net.parameters()] == stepped


def test_each_position_leaves_what_a_stopped_pass_leaves(lib: Any) -> None:
    w, b = lib.tensor(2.0, requires_grad=True), lib.tensor(1.0, requires_grad=True)
    stepper = BackwardStepper((w * 3.0 + b) ** 2)
    seen = []
    for position in range(len(stepper) + 1):
        stepper.goto(position)
        seen.append((None if w.grad is None else w.grad.item(), None if b.grad is None else b.grad.item()))
    assert seen == [(None, None), (None, None), (None, None), (None, 14.0), (None, 14.0), (42.0, 14.0)]
    stepper.previous()
    assert w.grad is None
    stepper.next()
    stepper.next()
    assert (stepper.position, w.grad.item()) == (5, 42.0)


def test_two_steppers_accumulate_like_two_passes(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    BackwardStepper(w * 3.0).finish()
    BackwardStepper(w * 4.0).finish()
    assert w.grad.item() == 7.0


def test_a_training_run_is_not_overwritten(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    stepper = BackwardStepper(w * 3.0)
    stepper.finish()
    assert stepper.attached
    w.grad = None
    (w * 5.0).backward()
    stepper.goto(0)
    assert w.grad.item() == 5.0
    assert not stepper.attached
    stepper.finish()
    assert w.grad.item() == 5.0


def test_positions_outside_are_refused(lib: Any) -> None:
    stepper = BackwardStepper(lib.tensor(2.0, requires_grad=True) * 2.0)
    with pytest.raises(IndexError, match="position must be between 0 and 2, got 3"):
        stepper.goto(3)


def test_errors_are_those_of_backward(lib: Any) -> None:
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
        BackwardStepper(lib.ones(2, requires_grad=True) * 2.0)
    with pytest.raises(RuntimeError, match="does not require grad and does not have a grad_fn"):
        BackwardStepper(lib.ones(()))
    stepper = BackwardStepper(lib.ones(2, requires_grad=True) * 2.0, gradient=lib.tensor([1.0, 10.0]))
    assert len(stepper) == 2


def test_names_come_from_the_calling_code(lib: Any) -> None:
    weight = lib.tensor(2.0, requires_grad=True)
    stepper = BackwardStepper(weight * 3.0)
    assert "weight receives 3.0; weight.grad is now 3.0" in stepper.text()
    named = BackwardStepper(weight * 3.0, names={"<b>": weight})
    assert "<b>.grad is now 3.0" in named.text()
    with pytest.raises(TypeError, match="names must map a name to a tensor"):
        BackwardStepper(weight * 3.0, names={"w": 1})


def test_parameters_of_modules_are_named(lib: Any) -> None:
    net, loss = a_network(lib)
    assert "net.0.weight.grad is now a tensor of shape (4, 3)" in BackwardStepper(loss).text()
    assert "2.bias receives" in BackwardStepper(loss, params=net).text()


def test_a_convolutional_network(lib: Any) -> None:
    layers = nn(lib)
    parts = layers.Conv2d(3, 4, 3), layers.BatchNorm2d(4), layers.ReLU(), layers.MaxPool2d(2), layers.Dropout(0.5)
    net = layers.Sequential(*parts, layers.Flatten(), layers.Linear(36, 10))
    loss = layers.functional.cross_entropy(net(lib.rand(2, 3, 8, 8)), lib.tensor([1, 2]))
    stepper = BackwardStepper(loss)
    stepper.finish()
    stepped = [bits(parameter.grad) for parameter in net.parameters()]
    net.zero_grad()
    loss.backward()
    assert stepped == [bits(parameter.grad) for parameter in net.parameters()]
    ops = {node.title for node in stepper.view.nodes}
    assert {"conv", "batch norm", "relu", "max pool", "linear", "log softmax", "nll loss"} <= ops
    assert all(node.rule is not None for node in stepper.view.nodes if node.kind == "op")


def test_the_saved_notebook_has_a_text(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    bundle = BackwardStepper(w * 3.0, lang="en")._repr_mimebundle_()
    assert bundle is not None
    assert "Step 1 of 2: MulBackward0 receives 1.0 and sends 3.0 to w" in bundle[0]["text/plain"]
    assert "第 1 步，共 2 步：MulBackward0 收到 1.0，把 3.0 发给 w。" in BackwardStepper(w * 3.0, lang="zh").text()
    assert "application/vnd.jupyter.widget-view+json" in bundle[0]


def test_half_precision_and_other_shapes(lib: Any) -> None:
    x = lib.rand(2, 3, 4, requires_grad=True)
    stepper = BackwardStepper((x.permute(2, 0, 1).reshape(4, 6) * 2.0).sum())
    stepper.finish()
    np.testing.assert_array_equal(x.grad.numpy(), np.full((2, 3, 4), 2.0, np.float32))


def test_language(monkeypatch: pytest.MonkeyPatch, lib: Any) -> None:
    loss = lib.tensor(2.0, requires_grad=True) * 3.0
    monkeypatch.setenv("PYTORCH_TUTOR_LANG", "zh_CN")
    assert BackwardStepper(loss).lang == "zh"
    assert BackwardStepper(loss, lang="en").lang == "en"
    with pytest.raises(ValueError, match="lang must be one of 'en', 'zh', got 'fr'"):
        BackwardStepper(loss, lang="fr")
