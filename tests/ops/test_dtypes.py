"""Every operation on every type: the result's type and numbers, or the refusal, as PyTorch has them."""

import json
from pathlib import Path

import pytest

import pytorch_tutor
from tests.ops.dtypes import CALLS, answers

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "dtypes.json").read_text())


def test_the_calls_are_those_recorded():
    assert list(GOLDEN) == CALLS


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", CALLS)
def test_as_recorded(call):
    assert answers(pytorch_tutor, call) == GOLDEN[call]


@pytest.mark.filterwarnings("ignore")
def test_as_recorded_is_as_it_is():
    torch = pytest.importorskip("torch", reason="compares with real PyTorch, which is not installed here")
    assert {call: answers(torch, call) for call in CALLS} == GOLDEN


def test_an_answer_that_differs_is_seen():
    assert answers(pytorch_tutor, "x + 1") != answers(pytorch_tutor, "x + 1.5")
