"""See what your code does: the graph of any tensor, its backward pass step by step, and a training run as it happens.

- ``GraphInspector(tensor)``: the graph that led to a tensor; every op with its formula, shapes and source line.
- ``BackwardStepper(loss)``: a real backward pass, forwards and backwards, one node at a time.
- ``to_graphviz(tensor)``: the same graph as a ``graphviz.Digraph``.
- ``LossCurve()``: a training run while its cell runs, with Pause and Stop.
- ``ParameterHistogram(module)``: its weights and gradients meanwhile, all in one view.

The first three read graphs through PyTorch's own ``grad_fn`` protocol, so they accept tensors of ``pytorch_tutor`` and
of PyTorch.
"""

from pytorch_tutor_widgets.curve import LossCurve
from pytorch_tutor_widgets.graphviz import to_graphviz
from pytorch_tutor_widgets.histogram import ParameterHistogram
from pytorch_tutor_widgets.inspector import GraphInspector
from pytorch_tutor_widgets.stepper import BackwardStepper

__all__ = ["GraphInspector", "BackwardStepper", "to_graphviz", "LossCurve", "ParameterHistogram"]
