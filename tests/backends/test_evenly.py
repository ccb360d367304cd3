"""Evenly spaced numbers have PyTorch's last digits, also where start and step cancel (values printed by PyTorch 2.13)."""

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.backends.evenly import fused


@pytest.mark.parametrize(
    ("args", "place", "value"),
    [
        ((-8.0, 8.0, 0.1), 80, 4.440892098500626e-16),
        ((-5.0, 5.0, 0.1), 50, -2.9802322387695312e-09),
        ((-5.0, 5.0, 0.1), 51, 0.09999999403953552),
        ((-2.0, 5.0, 0.01), 200, 4.163336342344337e-17),
    ],
)
def test_arange_near_zero(args, place, value):
    assert torch.arange(*args)[place].item() == pytest.approx(value, rel=1e-6, abs=0)


def test_arange_in_double_precision():
    x = torch.arange(-1.0, 1.0, 0.1, dtype=torch.float64)
    assert x[10].item() == pytest.approx(5.551115123125783e-17, rel=1e-6, abs=0)
    assert x[7].item() == -0.29999999999999993


def test_linspace_has_exact_ends_and_mirrored_halves():
    x = torch.linspace(-1, 1, 50)
    assert x[0] == -x[-1] == -1
    assert torch.equal(x, -x.flip(0))


def test_fused_rounds_once():
    i = np.arange(1000)
    exact = np.asarray(-2.0, np.longdouble) + np.asarray(0.01, np.longdouble) * i
    if np.finfo(np.longdouble).nmant > 60:  # where the machine has longer floats to compare with
        assert (fused(-2.0, 0.01, i) == exact.astype("f8")).all()
    assert fused(-2.0, 0.01, 200) != -2.0 + 0.01 * 200
