"""GraphInspector: the graph of everything that a tensor was computed from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytorch_tutor_widgets.observe.names import callers_variables
from pytorch_tutor_widgets.observe.text import graph_text
from pytorch_tutor_widgets.observe.trace import Builder
from pytorch_tutor_widgets.shared import script, style
from pytorch_tutor_widgets.widget import TraceWidget


class GraphInspector(TraceWidget):
    r"""The dynamic graph behind ``tensor``: each op with its formula, shapes and source line, each leaf with its name.

    Names are those of the variables in the calling code and of the parameters of modules found there; ``names`` (a mapping from
    name to tensor) and ``params`` (a module, or what ``named_parameters()`` gives) come first. ``lang`` is ``"en"`` or ``"zh"``.
    Tensors of ``pytorch_tutor`` and of PyTorch are shown alike.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor_widgets import GraphInspector
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> loss = w * 3.0
    >>> print(GraphInspector(loss, names={"loss": loss, "w": w}).text().splitlines()[0].split("    ")[0])
    loss MulBackward0 = 6.0
    """

    _esm = script("inspector.js")
    _css = style("shared/picture.css", "inspector.css")

    def __init__(
        self, tensor: Any, names: Mapping[str, Any] | None = None, params: Any = None, lang: str | None = None
    ) -> None:
        super().__init__(Builder(tensor, names, params, callers_variables(1)), lang)

    def text(self) -> str:
        return graph_text(self.view)
