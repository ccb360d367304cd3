"""See what your code does: the graph of any tensor, its backward pass step by step, and a training run as it happens.

- ``GraphInspector(tensor)``: the graph that led to a tensor; every op with its formula, shapes and source line.
- ``BackwardStepper(loss)``: a real backward pass, forwards and backwards, one node at a time.
- ``to_graphviz(tensor)``: the same graph as a ``graphviz.Digraph``.

All of them read graphs through PyTorch's own ``grad_fn`` protocol, so they accept tensors of ``pytorch_tutor`` and of PyTorch.
"""

from pytorch_tutor_widgets.graphviz import to_graphviz
from pytorch_tutor_widgets.inspector import GraphInspector
from pytorch_tutor_widgets.stepper import BackwardStepper

__all__ = ["BackwardStepper", "GraphInspector", "to_graphviz"]
