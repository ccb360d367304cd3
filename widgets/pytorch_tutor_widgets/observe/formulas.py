"""The formula of a node: the table's by PyTorch's name, the same wherever the op comes from; else the node's own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pytorch_tutor_widgets.observe.latex import formula
from pytorch_tutor_widgets.observe.rules import RULES, Rule
from pytorch_tutor_widgets.observe.views import RuleView

_SUFFIX = re.compile(r"(?:Backward\d*|Backward)$")


def family(op: str) -> str:
    """The op without PyTorch's suffix.

    >>> family("MulBackward0"), family("NllLossBackward0")
    ('Mul', 'NllLoss')
    """
    return _SUFFIX.sub("", op) or op


def title(op: str) -> str:
    """What the box in the picture says.

    >>> title("MulBackward0"), title("MyOwnThingBackward")
    ('× mul', 'my own thing')
    """
    known = RULES.get(family(op))
    return known.sign if known else re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", family(op)).lower()


def rule(node: Any) -> Rule | None:
    """The rule of a graph node, or None for an op that nobody described."""
    name = node.name()
    known = RULES.get(family(name))
    own, gradient = getattr(node, "formula", None), getattr(node, "gradient", None)
    if not isinstance(own, str) or not own or not isinstance(gradient, dict):
        return known
    if known is not None and len(known.gradient) >= len(gradient):
        kept = dict(zip(known.gradient, map(str, gradient), strict=False))  # our letter -> the op's own
        return replace(known, saved={**known.saved, **kept})
    output = _output(own)
    spelled = {str(key): restyle(str(value), output) for key, value in gradient.items()}
    return Rule(
        title(name), restyle(own, output), spelled, known.elementwise if known else False, {key: key for key in spelled}
    )


_TOKEN = re.compile(
    r"\\(?:mathrm|text|operatorname|mathbf)\s*\{[^{}]*\}"
    r"|\\bar\s*(?:\{\s*(?P<braced>\w|\\ell)\s*\}|(?P<bare>\w|\\ell))|\\ell|\\[A-Za-z]+|\\.|."
)


def restyle(latex: str, output: str) -> str:
    """A formula of an op's own in the table's words: the result ``output`` is ``out``, what arrives is ``g``.

    >>> restyle(r"\\bar x = \\bar y\\, y", "y")
    '\\\\bar x = g\\\\, \\\\mathrm{out}'
    """

    def word(found: re.Match[str]) -> str:
        if output in {found["braced"], found["bare"]}:
            return "g"
        return r"\mathrm{out}" if found[0] == output else found[0]

    return _TOKEN.sub(word, latex)


def _output(latex: str) -> str:
    """What a formula calls its result."""
    found = re.match(r"\s*(\\ell|[A-Za-z])", latex)
    return found[1] if found else ""


def view(found: Rule) -> RuleView:
    """The rule as the browser gets it."""
    return RuleView(
        formula(found.formula),
        tuple(found.gradient),
        tuple(formula(gradient) for gradient in found.gradient.values()),
    )
