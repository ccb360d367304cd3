"""Small programs about gradients print, warn and fail as PyTorch 2.13 does: `tests/golden/autograd_cases.txt`."""

import importlib
import json

import pytest

import pytorch_tutor as torch
from tests.golden.make_autograd import ANSWERS, answer, cases

for _name in ("autograd.forward_ad", "autograd.function", "autograd.functional", "autograd.graph", "func"):
    importlib.import_module(f"pytorch_tutor.{_name}")  # as `import torch` has them at hand

CASES = cases()
EXPECTED = json.loads(ANSWERS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("title", CASES)
def test_answer(title):
    assert answer(torch, CASES[title]) == EXPECTED[title]


def test_the_answers_are_those_of_these_programs():
    assert list(CASES) == list(EXPECTED)
    assert sum("Error: " in text for text in EXPECTED.values()) > 100
