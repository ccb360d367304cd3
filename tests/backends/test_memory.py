"""Freed memory is kept where the C library can."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from pytorch_tutor.backends.memory import keep_freed_memory

resource = pytest.importorskip("resource", reason="only on Unix")


def test_large_arrays_come_back_without_page_faults() -> None:
    if not keep_freed_memory():
        assert not sys.platform.startswith("linux") or sys.implementation.name != "cpython"
        pytest.skip("the C library is not glibc")

    def faults() -> int:
        before: int = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for _ in range(20):
            arrays = [np.empty(3 << 20, np.uint8) for _ in range(8)]
            for array in arrays:
                array[::4096] = 1
            del arrays, array
        after: int = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        return after - before

    faults()
    assert faults() < 20 * 8 * 3 * 256 / 4  # a fault for each page of 4 kB, each time, would be 122 880
