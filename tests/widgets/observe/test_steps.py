"""A recorded pass is the real one: its steps, its contributions, its sums, and the graph untouched."""

from typing import Any

import numpy as np
import pytest

from pytorch_tutor_widgets.observe.trace import Builder
from pytorch_tutor_widgets.observe.views import StepView, Trace


def recorded(tensor: Any, gradient: Any = None, **variables: Any) -> Trace:
    builder = Builder(tensor, spaces=[variables])
    builder.record(gradient)
    return builder.trace()


def values(trace: Trace, index: int | None) -> tuple[str, ...] | None:
    return None if index is None else trace.tensors[index].values


def step_of(trace: Trace, name: str) -> StepView:
    return next(step for step in trace.steps if name in {trace.nodes[step.node].name, trace.nodes[step.node].op})


def test_each_step_has_what_it_received_and_sent(lib: Any) -> None:
    w, b = lib.tensor(2.0, requires_grad=True), lib.tensor(1.0, requires_grad=True)
    x, y = lib.tensor(3.0), lib.tensor(9.0)
    loss = (w * x + b - y) ** 2
    trace = recorded(loss, w=w, b=b, x=x, y=y, loss=loss)

    order = [trace.nodes[step.node].name or trace.nodes[step.node].op for step in trace.steps]
    assert order == ["loss", "SubBackward0", "AddBackward0", "b", "MulBackward0", "w"]
    multiply = step_of(trace, "MulBackward0")
    assert values(trace, multiply.incoming[0]) == ("-4.0",)
    (send,) = multiply.sends
    assert values(trace, send.gradient) == ("-12.0",)
    assert values(trace, send.local) == ("3.0",)
    assert send.numbers is not None
    assert send.numbers.text == "ā = -4.0 · 3.0 = -12.0"
    assert values(trace, step_of(trace, "w").after) == ("-12.0",)


def test_names_of_variables_constants_and_values_are_found(lib: Any) -> None:
    w, x, y = lib.tensor(2.0, requires_grad=True), lib.tensor(3.0), lib.tensor(9.0)
    loss = w * x - y  # neither the result of w * x nor y is kept by anybody
    trace = recorded(loss, w=w, x=x, y=y, loss=loss)
    shown = {(node.kind, node.name, values(trace, node.value)) for node in trace.nodes}
    assert {("leaf", "w", ("2.0",)), ("constant", "x", ("3.0",)), ("constant", "y", ("9.0",))} <= shown
    assert ("op", "", ("6.0",)) in shown


def test_contributions_are_counted_and_summed(lib: Any) -> None:
    a = lib.tensor(3.0, requires_grad=True)
    z = a * a + a
    trace = recorded(z, a=a)
    sends = [
        send for step in trace.steps for send in step.sends if trace.nodes[trace.edges[send.edge].producer].name == "a"
    ]
    assert [(send.k, send.n) for send in sends] == [(1, 3), (2, 3), (3, 3)]
    assert [values(trace, send.running) for send in sends] == [("1.0",), ("4.0",), ("7.0",)]
    leaf = step_of(trace, "a")
    assert leaf.arrivals == 3
    assert values(trace, leaf.after) == ("7.0",)


def test_a_node_used_twice_runs_once_after_both_contributions(lib: Any) -> None:
    a = lib.tensor(2.0, requires_grad=True)
    z = a * 3.0
    loss = z * z
    trace = recorded(loss, a=a, z=z)
    names = [trace.nodes[step.node].name for step in trace.steps]
    assert names.count("z") == 1
    assert step_of(trace, "z").arrivals == 2
    assert values(trace, step_of(trace, "z").incoming[0]) == ("12.0",)


def test_recording_touches_neither_grad_nor_graph(lib: Any) -> None:
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    loss = (w * w).sum()
    recorded(loss)
    assert w.grad is None
    loss.backward()
    assert w.grad.tolist() == [2.0, 4.0]


def test_no_hook_stays_behind(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    loss = w * w
    builder = Builder(loss)
    builder.record()
    steps = len(builder.recording.steps)
    loss.backward(retain_graph=True)
    assert len(builder.recording.steps) == steps


def test_a_failing_pass_leaves_no_hook_and_raises_the_library_s_error(lib: Any) -> None:
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    product = w * w
    builder = Builder(product)
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
        builder.record()
    builder.record(lib.ones_like(product))
    assert [step.arrivals for step in builder.recording.steps] == [1, 2]


def test_broadcasting_is_undone_and_said(lib: Any) -> None:
    b = lib.tensor([1.0, 2.0, 3.0], requires_grad=True)
    out = (lib.ones(2, 3) + b).sum()
    trace = recorded(out, b=b)
    send = next(send for send in step_of(trace, "AddBackward0").sends)
    assert send.note == "summed"
    assert values(trace, send.gradient) == ("2.0", "2.0", "2.0")


def test_gradient_is_incoming_times_local(lib: Any) -> None:
    x = lib.tensor([0.5, -1.0, 2.0], requires_grad=True)
    trace = recorded((x.tanh() * lib.tensor([1.0, 2.0, 3.0])).sum(), x=x)
    step = step_of(trace, "TanhBackward0")
    incoming, local, sent = (
        np.array([float(text) for text in values(trace, index) or ()])
        for index in (step.incoming[0], step.sends[0].local, step.sends[0].gradient)
    )
    np.testing.assert_allclose(incoming * local, sent, rtol=1e-3)
    np.testing.assert_allclose(local, 1 - np.tanh([0.5, -1.0, 2.0]) ** 2, rtol=1e-3)


def test_a_hook_of_the_user_shows(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    w.register_hook(lambda gradient: gradient * 10)
    trace = recorded(w * 3.0, w=w)
    leaf = step_of(trace, "w")
    assert leaf.hooked
    assert values(trace, leaf.after) == ("30.0",)


def test_a_leaf_alone_is_a_graph_of_one(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    trace = recorded(w, w=w)
    assert [node.name for node in trace.nodes] == ["w"]
    assert values(trace, trace.steps[0].after) == ("1.0",)


def test_a_deep_graph_is_walked_by_a_loop(lib: Any) -> None:
    x = lib.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(1500):
        y = -y
    trace = Builder(y).trace()
    assert len(trace.nodes) == 1501


def test_nan_and_infinity_survive_the_way_to_the_browser(lib: Any) -> None:
    x = lib.tensor([0.0, 1.0], requires_grad=True)
    trace = recorded((x.log() * lib.tensor([0.0, 1.0])).sum(), x=x)
    sent = step_of(trace, "LogBackward0").sends[0].gradient
    assert sent is not None
    assert values(trace, sent) == ("nan", "1.0")
    assert trace.tensors[sent].stats is not None
    assert trace.tensors[sent].stats.nan == 1
