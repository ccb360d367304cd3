"""Optimizers, schedulers and their errors give what real PyTorch gave: see `tests/golden/make_optim.py`."""

import json
from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch
from tests.golden import optim_cases as cases

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "optim.json").read_text())


def flat(value):
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("name", "options"), [(name, options) for name, variants in cases.OPTIMIZERS.items() for options in variants]
)
def test_trajectory(name, options, dtype):
    expected = GOLDEN["trajectories"][f"{name} {options} {dtype}"]
    got = cases.trajectory(torch, name, options, getattr(torch, dtype))
    # LBFGS divides by small differences of gradients, which magnifies the last digits
    rtol = {"float64": 1e-11, "float32": 3e-6}[dtype] * (100 if name == "LBFGS" else 1)
    np.testing.assert_allclose(flat(got), flat(expected), rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name", cases.OPTIMIZERS)
def test_form(name):
    assert cases.form(torch, name, cases.OPTIMIZERS[name][0]) == GOLDEN["forms"][name]


@pytest.mark.parametrize("code", cases.SCHEDULERS)
def test_schedule(code):
    expected, got = GOLDEN["schedules"][code], cases.schedule(torch, code)
    np.testing.assert_allclose(flat(got[:-1]), flat(expected[:-1]), rtol=1e-12)
    assert got[-1] == expected[-1]


@pytest.mark.parametrize("code", [code for code in cases.ERRORS if "D." not in code])
def test_mistake(code):
    assert cases.mistake(torch, code) == GOLDEN["mistakes"][code]
