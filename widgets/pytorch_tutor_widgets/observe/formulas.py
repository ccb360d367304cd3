"""The formula of a node: the table's by PyTorch's name, the same wherever the op comes from; else the node's own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pytorch_tutor_widgets.observe.latex import formula, text
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
    spelled = {str(key): str(value) for key, value in gradient.items()}
    return Rule(title(name), own, spelled, known.elementwise if known else False, {key: key for key in spelled})


def output_letter(formula: str) -> str:
    """What a formula calls its result.

    >>> output_letter(r"Y = A\\, B"), output_letter(r"\\ell = \\sum_i x_i")
    ('Y', '\\\\ell')
    """
    found = re.match(r"\s*(\\ell|[A-Za-z])", formula)
    return found[1] if found else "y"


def view(found: Rule) -> RuleView:
    """The rule as the browser gets it."""
    return RuleView(
        formula(found.formula),
        text(output_letter(found.formula)),
        tuple(found.gradient),
        tuple(formula(gradient) for gradient in found.gradient.values()),
    )
