"""LaTeX into MathML for browsers, and into a line of text for terminals and screen readers."""

from __future__ import annotations

import re
from functools import cache

from pytorch_tutor_widgets.observe.views import Formula

_SIGNS = {
    r"\,": " ", r"\;": " ", r"\ ": " ", r"\quad": "  ", r"\!": "",
    r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\sum": "Σ", r"\prod": "Π", r"\max": "max", r"\min": "min",
    r"\exp": "exp", r"\log": "log", r"\ln": "ln", r"\tanh": "tanh", r"\sin": "sin", r"\cos": "cos", r"\tan": "tan",
    r"\sigma": "σ", r"\mu": "μ", r"\Phi": "Φ", r"\varphi": "φ", r"\phi": "φ", r"\beta": "β", r"\alpha": "α", r"\gamma": "γ",
    r"\lambda": "λ", r"\epsilon": "ε", r"\varepsilon": "ε", r"\delta": "δ", r"\pi": "π", r"\infty": "∞", r"\partial": "∂",
    r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\ne": "≠", r"\neq": "≠", r"\in": "∈", r"\top": "ᵀ", r"\pm": "±",
    r"\ell": "ℓ", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lnot": "¬", r"\theta": "θ", r"\star": "⋆", r"\ast": "∗", r"\to": "→",
    r"\left": "", r"\right": "", r"\big": "", r"\lvert": "|", r"\rvert": "|",
    r"\lVert": "‖", r"\rVert": "‖", r"\dots": "…", r"\ldots": "…", r"\cdots": "⋯", r"\displaystyle": "", r"\{": "{", r"\}": "}",
}  # fmt: skip
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")
_UPPER = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")


@cache
def formula(latex: str) -> Formula:
    """The formula for all its readers.

    >>> formula(r"\\bar a = \\bar y\\, b").text
    'ā = ȳ b'
    """
    return Formula(mathml(latex), text(latex))


def mathml(latex: str) -> str:
    """MathML, or ``""`` where the converter is missing or does not know the formula: then the text stands in."""
    try:
        from latex2mathml.converter import convert  # loaded late: half of what importing this package would cost
    except ImportError:
        return ""
    try:
        found = convert(latex)
    except Exception:  # noqa: BLE001 - a user's own op may carry anything as its formula; without it there is a picture
        return ""
    return found.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "", 1).replace(
        'stretchy="true">&#x000AF;', ">&#x000AF;"
    )


def text(latex: str) -> str:
    """One line of Unicode.

    >>> text(r"\\bar a = \\bar y\\, b"), text(r"y = \\frac{1}{n} \\sum_i x_i^{2}")
    ('ā = ȳ b', 'y = 1/n Σ_i x_i²')
    """
    line = latex
    for command in ("mathrm", "mathbf", "mathit", "mathbb", "text", "operatorname", "mathcal", "mathrel"):
        line = re.sub(rf"\\{command}\s*\{{([^{{}}]*)\}}", r"\1", line)
        line = re.sub(rf"\\{command}\s+(\w)", r"\1", line)
    for command, mark in (("bar", "\u0304"), ("hat", "\u0302"), ("tilde", "\u0303")):
        line = re.sub(rf"\\{command}\s*(?:\{{\s*(\w)\s*\}}|(\w)|(\\[a-z]+))", rf"\1\2\3{mark}", line)
    line = _groups(line)
    line = _COMMAND.sub(lambda found: _SIGNS.get(found[0], found[0][1:]), line)
    line = re.sub(r"\^([0-9n])", lambda found: found[1].translate(_UPPER), line)
    line = line.replace("^ᵀ", "ᵀ")
    for base, joined in (("y\u0304", "ȳ"), ("a\u0304", "ā"), ("x\u0304", "x̄")):
        line = line.replace(base, joined)
    return re.sub(r"\s+", " ", line).strip()


def _groups(line: str) -> str:
    """Fractions, roots and braces, innermost first."""

    def bracket(part: str) -> str:
        return part if re.fullmatch(r"[\w\u0304\u0302.]+|\\[A-Za-z]+", part.strip()) else f"({part})"

    patterns = (
        (r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", lambda m: f"{bracket(m[1])}/{bracket(m[2])}"),
        (r"\\sqrt\s*\{([^{}]*)\}", lambda m: f"√{bracket(m[1])}"),
        (r"([\^_])\{([^{}]*)\}", lambda m: m[1] + bracket(m[2])),
        (r"\{([^{}]*)\}", lambda m: m[1]),
    )
    for _ in range(40):
        for pattern, replace in patterns:
            changed = re.sub(pattern, replace, line, count=1)
            if changed != line:
                line = changed
                break
        else:
            return line
    return line
