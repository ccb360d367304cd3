"""Small programs that must show what they show in PyTorch: values, strides, versions, histories, errors word for word."""

import json

import pytest

import pytorch_tutor as torch
from tests.conftest import ROOT
from tests.functions.running import outcome, programs

GOLDEN = json.loads((ROOT / "tests/golden/programs.json").read_text(encoding="utf-8"))
CASES = [(family, text) for family in GOLDEN for text in programs(family)]


@pytest.mark.parametrize(("family", "text"), CASES, ids=lambda value: value.replace("\n", "; ")[-60:])
def test_answers_as_pytorch_does(family, text):
    assert outcome(torch, text) == GOLDEN[family][text]
