"""Both CPU tables, so that every test of a kernel runs on each."""

from __future__ import annotations

import numpy as np
import pytest

from pytorch_tutor.backends.onednn import ONEDNN
from pytorch_tutor.backends.onednn_library import library
from pytorch_tutor.backends.reference import NUMPY
from pytorch_tutor.backends.table import Kernels


@pytest.fixture(params=["numpy", "onednn"])
def table(request: pytest.FixtureRequest) -> Kernels:
    if request.param == "onednn" and library() is None:
        pytest.skip("oneDNN's library is not installed (pip install onednn-cpu-gomp)")
    return ONEDNN if request.param == "onednn" else NUMPY


@pytest.fixture
def onednn() -> Kernels:
    if library() is None:
        pytest.skip("oneDNN's library is not installed (pip install onednn-cpu-gomp)")
    return ONEDNN


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(20)
