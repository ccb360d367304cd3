"""to_graphviz: any graph as a graphviz.Digraph, whose text needs nothing and whose picture needs the program dot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphviz

from pytorch_tutor_widgets.observe.names import callers_variables
from pytorch_tutor_widgets.observe.text import brief
from pytorch_tutor_widgets.observe.trace import Builder
from pytorch_tutor_widgets.observe.views import NodeView, Trace

NO_DOT = (
    "The picture needs the program `dot`, which is not on this machine. Install Graphviz (Debian and Ubuntu: "
    "`apt install graphviz`; macOS: `brew install graphviz`; Windows: `winget install graphviz`), or use "
    "GraphInspector(tensor), which needs no program; the graph as text is in `.source`."
)


class GraphDigraph(graphviz.Digraph):  # type: ignore[misc]
    """A ``graphviz.Digraph`` that says clearly what to do where ``dot`` is missing."""

    def pipe(self, *args: Any, **kwargs: Any) -> Any:
        """The picture as bytes or text."""
        return _explained(super().pipe, *args, **kwargs)

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """The picture in a file."""
        return _explained(super().render, *args, **kwargs)

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> dict[str, str]:
        try:
            bundle: dict[str, str] = super()._repr_mimebundle_(*args, **kwargs)
        except graphviz.ExecutableNotFound:
            bundle = {"text/plain": f"{NO_DOT}\n\n{self.source}"}
        return bundle


def to_graphviz(tensor: Any, names: Mapping[str, Any] | None = None, params: Any = None) -> GraphDigraph:
    """The graph behind ``tensor``, inputs left and the result right, as a ``graphviz.Digraph``.

    ``.source`` is its text in the DOT language; ``.render("graph", format="svg")`` draws it where ``dot`` is installed.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor_widgets import to_graphviz
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> print("MulBackward0" in to_graphviz(w * w).source)
    True
    """
    trace = Builder(tensor, names, params, callers_variables(1)).trace()
    digraph = GraphDigraph(graph_attr={"rankdir": "LR", "ranksep": "0.4", "nodesep": "0.25"})
    digraph.attr("node", fontname="Helvetica", fontsize="11", shape="box", margin="0.12,0.06", color="#8b94a3")
    digraph.attr("edge", fontname="Helvetica", fontsize="9", color="#8b94a3", fontcolor="#566072", arrowsize="0.7")
    for index, node in enumerate(trace.nodes):
        style = {"op": "rounded", "leaf": "filled", "constant": "dashed"}[node.kind]
        digraph.node(f"n{index}", graphviz.escape(_label(trace, node)), style=style, fillcolor="#efe7fd")
    for edge in trace.edges:
        digraph.edge(
            f"n{edge.producer}", f"n{edge.consumer}", "" if edge.shape is None else graphviz.escape(str(edge.shape))
        )
    return digraph


def _label(trace: Trace, node: NodeView) -> str:
    lines = [node.name, node.op if node.kind == "op" else "" if node.name else node.title or node.kind]
    if node.value is not None:
        lines.append(brief(trace.tensors[node.value]).removeprefix("tensor of shape "))
    elif node.shape is not None:
        lines.append(str(node.shape))
    return "\n".join(line for line in lines if line)


def _explained(draw: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return draw(*args, **kwargs)
    except graphviz.ExecutableNotFound as error:
        error.add_note(NO_DOT)
        raise
