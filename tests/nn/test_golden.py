"""Modules and functions beside real PyTorch: reprs, first parameters, values, gradients, graphs, error sentences."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch

GOLDEN = Path(__file__).parents[1] / "golden"
sys.path.insert(0, str(GOLDEN))
import nn_answers  # noqa: E402 - beside the golden file, shared with the script that makes it
import nn_cases  # noqa: E402 - likewise

sys.path.remove(str(GOLDEN))
# Where the engine's graph begins with another node than PyTorch's, whose C++ divides by a number or views unsafely.
OTHER_NODE = {
    "(4, 6) F.cross_entropy(x, F.softmax(w(4, 6), 1))",
    "(2, 5, 4) F.scaled_dot_product_attention(x, x, w(2, 5, 4))",
}
WANTED = json.loads((GOLDEN / "nn.json").read_text())


def near(got, want, tolerance):
    """Shapes equal, elements and weighted sum near."""
    assert got[0] == want[0]
    scale = 1 + max(map(abs, want[1]), default=0)
    np.testing.assert_allclose(got[1], want[1], rtol=tolerance, atol=tolerance * scale)
    count = int(np.prod(want[0]))
    np.testing.assert_allclose(got[2], want[2], rtol=tolerance, atol=tolerance * scale * max(count, 1) ** 0.5)


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("case", nn_answers.lines(nn_cases.REPR))
def test_repr(case):
    assert repr(eval(case, nn_answers.space(torch))) == WANTED[f"repr {case}"]


@pytest.mark.parametrize("case", nn_answers.lines(nn_cases.INIT))
def test_a_seed_gives_the_same_parameters_and_keys(case):
    got, want = nn_answers.ask_init(torch, case), WANTED[f"init {case}"]
    assert list(got) == list(want)
    for key in want:
        near(got[key], want[key], 2e-6)


@pytest.mark.parametrize("case", nn_answers.lines(nn_cases.DRAWS))
def test_a_seed_gives_the_same_draws(case):
    near(nn_answers.ask_draws(torch, case), WANTED[f"draws {case}"], 3e-6)


@pytest.mark.parametrize("case", nn_answers.lines(nn_cases.FUNCTIONS))
def test_values_gradients_and_graph(case):
    got, want = nn_answers.ask_function(torch, case), WANTED[f"function {case}"]
    near(got["value"], want["value"], 5e-6)
    near(got["grad"], want["grad"], 2e-5)
    if case not in OTHER_NODE:
        assert got["names"][0].split("::")[-1] == want["names"][0].split("::")[-1]


@pytest.mark.parametrize("case", nn_answers.lines(nn_cases.MODULES))
def test_modules(case):
    got, want = nn_answers.ask_module(torch, case), WANTED[f"module {case}"]
    assert list(got) == list(want)
    for key in want:
        near(got[key], want[key], 5e-5)


@pytest.mark.parametrize("case", nn_answers.lines(nn_cases.ERRORS))
def test_error_sentences(case):
    assert nn_answers.ask_error(torch, case) == WANTED[f"error {case}"]


def test_the_comparison_notices_a_wrong_digit():
    want = WANTED["function (4, 6) F.gelu(x)"]["value"]
    wrong = [want[0], [value * 1.001 for value in want[1]], want[2]]
    with pytest.raises(AssertionError):
        near(wrong, want, 5e-6)
