"""``torch.autograd.graph``: nodes of the graph, for whoever wants to look or to hook in."""

from __future__ import annotations

from typing import Any

from ..engine import steps
from ..graph import Node, RemovableHandle


def get_gradient_edge(tensor: Any) -> Any:
    """(node, output number): where a gradient of this tensor would go."""
    edge = tensor.edge()
    if edge is None:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return edge


__all__ = ["Node", "RemovableHandle", "get_gradient_edge", "steps"]
