"""Calls right and wrong give what PyTorch 2.13 gives, error sentences included: `tests/golden/sentences.json`."""

import pytest

import pytorch_tutor as torch
from tests.golden.make_golden import golden, outcome

CASES = golden("sentences")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=[case["expression"] for case in CASES])
def test_outcome(case: dict) -> None:
    assert outcome(torch, case["expression"]) == case["outcome"]


def test_most_cases_are_mistakes() -> None:
    mistakes = [case for case in CASES if "Error: " in case["outcome"].partition("\n")[0]]
    assert len(mistakes) > 150
