"""GraphInspector and to_graphviz: the graph of any tensor, with names, formulas, source lines."""

import shutil
from typing import Any

import graphviz
import pytest

import pytorch_tutor
from pytorch_tutor_widgets import GraphInspector, to_graphviz
from tests.widgets.conftest import nn


def test_ops_formulas_and_names(lib: Any) -> None:
    w, x = lib.tensor(2.0, requires_grad=True), lib.tensor(3.0)
    loss = (w * x).exp()
    text = GraphInspector(loss).text()
    assert text.splitlines()[0].startswith("loss ExpBackward0 = 403.4    out = e^a")
    assert "w (leaf) = 2.0" in text
    assert "x (constant) = 3.0" in text


def test_the_engine_s_nodes_know_their_source_line() -> None:
    w = pytorch_tutor.tensor(2.0, requires_grad=True)
    loss = w * 3.0  # the line
    source = GraphInspector(loss).view.nodes[0].source
    assert source is not None
    assert source.code == "loss = w * 3.0  # the line"
    assert source.file == "test_inspector.py"


def test_a_tensor_without_a_graph_is_shown_alone(lib: Any) -> None:
    assert GraphInspector(lib.ones(2)).text() == "(constant) = [1.0, 1.0]"


def test_shapes_of_a_network(lib: Any) -> None:
    layers = nn(lib)
    net = layers.Sequential(layers.Linear(3, 4), layers.ReLU(), layers.Linear(4, 2))
    view = GraphInspector(net(lib.rand(5, 3))).view
    assert {"net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"} <= {node.name for node in view.nodes}
    assert all(node.shape is not None for node in view.nodes if node.kind != "constant")
    relu = next(node for node in view.nodes if node.op == "ReluBackward0")
    assert relu.shape == (5, 4)


def test_what_is_no_tensor_is_refused() -> None:
    with pytest.raises(TypeError, match="expected a tensor"):
        GraphInspector(3.0)


def test_graphviz_text_needs_no_program(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    loss = w * w
    digraph = to_graphviz(loss)
    assert isinstance(digraph, graphviz.Digraph)
    assert "MulBackward0" in digraph.source
    assert digraph.source.count("->") == 2


def test_graphviz_names_are_text_whatever_they_hold(lib: Any) -> None:
    w = lib.tensor(2.0, requires_grad=True)
    source = to_graphviz(w * 3.0, names={'<b>"\\N': w}).source
    assert r"<b>\"\\N" in source
    assert "=<" not in source  # an HTML label would begin so


@pytest.mark.skipif(shutil.which("dot") is not None, reason="dot is installed: the picture is drawn")
def test_graphviz_without_dot_says_what_to_do(lib: Any) -> None:
    digraph = to_graphviz(lib.tensor(2.0, requires_grad=True) * 2.0)
    shown = digraph._repr_mimebundle_()["text/plain"]
    assert shown.startswith("The picture needs the program `dot`")
    assert "MulBackward0" in shown
    with pytest.raises(graphviz.ExecutableNotFound) as error:
        digraph.pipe(format="svg")
    assert "apt install graphviz" in error.value.__notes__[0]


@pytest.mark.skipif(shutil.which("dot") is None, reason="dot is not installed")
def test_graphviz_with_dot_draws(lib: Any) -> None:
    assert b"<svg" in to_graphviz(lib.tensor(2.0, requires_grad=True) * 2.0).pipe(format="svg")
