"""Formulas: every one becomes MathML and text, numbers go into them correctly, and the table agrees with the engine."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor_widgets.observe.formulas import family, rule
from pytorch_tutor_widgets.observe.latex import formula
from pytorch_tutor_widgets.observe.plug import plug
from pytorch_tutor_widgets.observe.rules import RULES


@pytest.mark.parametrize("name", RULES)
def test_every_formula_is_drawn_and_spoken(name: str) -> None:
    for latex in (RULES[name].formula, *RULES[name].gradient.values()):
        found = formula(latex)
        assert found.mathml.startswith("<math")
        assert found.text
        assert not set(found.text) & set("\\{}"), found.text


@pytest.mark.parametrize(
    ("latex", "values", "result", "expected"),
    [
        (r"\bar a = g\, b", {"g": "2.0", "b": "-3.0"}, "-6.0", r"\bar a = 2.0 \cdot (-3.0) = -6.0"),
        (r"\bar b = -g", {"g": "-2.0"}, "2.0", r"\bar b = -(-2.0) = 2.0"),
        (r"\bar x = \frac{g}{n}", {"g": "1.0", "n": "4"}, "0.25", r"\bar x = \frac{1.0}{4} = 0.25"),
        (r"\bar x = g\, [x > 0]", {"g": "1.0", "x": "-2.0"}, "0.0", r"\bar x = 1.0 \cdot [-2.0 > 0] = 0.0"),
        (r"\bar x = 2 g\, x", {"g": "1.0", "x": "3.0"}, "6.0", r"\bar x = 2 \cdot 1.0 \cdot 3.0 = 6.0"),
    ],
)
def test_numbers_in_formulas(latex: str, values: dict[str, str], result: str, expected: str) -> None:
    found = plug(latex, values, result)
    assert found is not None
    assert " ".join(found.split()) == expected


def test_no_numbers_where_a_symbol_is_unknown_or_an_index_runs() -> None:
    assert plug(r"\bar x = g\, q", {"g": "1.0"}, "1.0") is None
    assert plug(r"\bar x = \sum_i g_i", {"g": "1.0"}, "1.0") is None


def test_the_formula_of_an_op_of_the_user_s_own() -> None:
    class Node:
        formula = r"y = x^{3}"
        gradient = {"x": r"\bar x = 3\, \bar y\, x^{2}"}

        def name(self) -> str:
            return "CubeBackward"

    found = rule(Node())
    assert found is not None
    assert (found.sign, found.formula) == ("cube", r"\mathrm{out} = x^{3}")
    assert found.gradient == {"x": r"\bar x = 3\, g\, x^{2}"}


def test_the_table_has_an_entry_for_each_input_of_the_engine_s_ops() -> None:
    a, b = torch.tensor(1.5, requires_grad=True), torch.tensor(2.5, requires_grad=True)
    m = torch.ones(2, 2, requires_grad=True)
    made = [
        a + b,
        a - b,
        a * b,
        a / b,
        a**2,
        a**b,
        a.exp(),
        a.log(),
        a.tanh(),
        a.sigmoid(),
        a.relu(),
        -a,
        a.abs(),
        a.sqrt(),
        m.sum(),
        m.mean(),
        m @ m,
        m.t(),
        m.reshape(4),
        m[0],
    ]
    for tensor in made:
        node = tensor.grad_fn
        found = rule(node)
        assert found is not None, node.name()
        assert len(found.gradient) >= sum(target is not None for target, _ in node.next_functions), node.name()
        assert family(node.name()) in RULES, node.name()
