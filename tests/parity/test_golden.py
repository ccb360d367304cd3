"""PyTorch's recorded answers to its own samples of every public operation, given again by the engine."""

import json
import lzma
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import pytorch_tutor
from tests.parity.encoding import Store
from tests.parity.known import KNOWN, REASONS
from tests.parity.running import difference

PLACE = Path(__file__).parents[1] / "golden"


def unpacked(name: str) -> bytes:
    return lzma.decompress((PLACE / name).read_bytes())


@cache
def recorded() -> tuple[dict[str, list[dict[str, Any]]], Store]:
    by_operation = defaultdict(list)
    for case in json.loads(unpacked("parity.json.xz"))["cases"]:
        by_operation[case["op"]].append(case)
    return by_operation, Store(unpacked("parity.bin.xz"))


def failures(operation: str) -> list[str]:
    cases, store = recorded()
    tolerance = REASONS[KNOWN[operation]].tolerance if operation in KNOWN else None
    found = ((case, difference(pytorch_tutor, case, store, tolerance)) for case in cases[operation])
    return [f"{case['kind']} {case['path']}: {told}" for case, told in found if told]


@pytest.mark.parametrize("operation", sorted(recorded()[0]))
def test_the_engine_gives_pytorchs_recorded_answers(operation):
    wrong = failures(operation)
    if operation in KNOWN and REASONS[KNOWN[operation]].tolerance is None:
        assert wrong, f"{operation} answers as PyTorch now: take it off the list in known.py"
    else:
        assert not wrong, "\n".join(wrong)


def test_nothing_is_excused_that_was_not_asked():
    assert set(KNOWN) <= set(recorded()[0])
    assert all(reason.en and reason.zh and reason.operations for reason in REASONS)


def test_the_record_is_large_enough_to_mean_something():
    cases, store = recorded()
    assert len(cases) > 500
    assert sum(map(len, cases.values())) > 3000
    assert len(store.data) > 100_000


@pytest.mark.parametrize("operation", ["exp", "cumsum", "nn.functional.conv2d", "linalg.solve"])
def test_a_falsified_answer_is_noticed(operation, monkeypatch):
    """The comparison compares: with every number a little off, each case that has numbers fails."""
    right = pytorch_tutor.Tensor.numpy
    monkeypatch.setattr(pytorch_tutor.Tensor, "numpy", lambda self, **k: right(self, **k) * 1.01 + 1)
    cases, _ = recorded()
    asked = [case for case in cases[operation] if case["kind"] in ("function", "grad") and numbers_in(case["outcome"])]
    assert asked
    assert len(failures(operation)) >= len(asked)


def numbers_in(outcome: Any) -> bool:
    """Does the outcome hold an element?"""
    if isinstance(outcome, dict) and "tensor" in outcome:
        return 0 not in outcome["tensor"][1]
    if isinstance(outcome, dict):
        return any(numbers_in(value) for value in outcome.values())
    return isinstance(outcome, list) and any(numbers_in(value) for value in outcome)
