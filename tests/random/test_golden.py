"""The same seed gives the numbers that PyTorch 2.13 gave: values and fingerprints in `tests/golden/random.json`."""

import numpy as np
import pytest

import pytorch_tutor as torch
from tests.golden.make_golden import answers, golden


def label(case: dict) -> str:
    return f"{case['expression']} seed {case['seed']}"


@pytest.mark.filterwarnings("ignore:to - 1 is out of bounds")
@pytest.mark.parametrize("case", golden("random"), ids=label)
def test_the_numbers_of_a_seed(case: dict) -> None:
    got = answers(torch, case["expression"], case["seed"])
    expected = case["answers"]
    if case["exact"]:
        assert got == expected
        return
    # A logarithm's last bit is the C library's affair; the stream and everything else must be right.
    assert [(a["dtype"], a["shape"]) for a in got] == [(a["dtype"], a["shape"]) for a in expected]
    for mine, theirs in zip(got, expected, strict=True):
        np.testing.assert_allclose(mine["values"], theirs["values"], rtol=1e-6, atol=1e-7)


def test_a_wrong_stream_would_be_noticed() -> None:
    case = golden("random")[0]
    assert answers(torch, case["expression"], case["seed"] + 1) != case["answers"]
