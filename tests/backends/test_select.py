"""Which table serves, and that what is kept for later use is bounded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends import (
    get_threads,
    kernels,
    namespace,
    onednn_available,
    onednn_convolution,
    onednn_elementwise,
    onednn_library,
    onednn_version,
    set_threads,
)
from pytorch_tutor.backends.onednn_primitive import CACHED

ROOT = Path(__file__).parents[2]


def run(code: str, **variables: str) -> str:
    environment = {**os.environ, **variables, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return done.stdout.strip()


def test_namespace_of_numpy() -> None:
    assert namespace(np.zeros(2)) is np
    assert namespace(np.float32(2)) is np


def test_the_table_says_what_it_is() -> None:
    name = kernels(np.zeros(2)).name
    assert name == ("onednn" if onednn_available() else "numpy")
    assert (onednn_version() is not None) == onednn_available()


def test_the_reference_can_be_forced() -> None:
    code = "import numpy; from pytorch_tutor.backends import *; print(kernels(numpy.zeros(1)).name, onednn_version())"
    assert run(code, PYTORCH_TUTOR_KERNELS="numpy") == "numpy None"


def test_importing_loads_no_library() -> None:
    code = (
        "from pytorch_tutor.backends.onednn_library import library; import pytorch_tutor.backends;"
        "print(library.cache_info().currsize)"
    )
    assert run(code) == "0"


def test_a_missing_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onednn_library, "WHEELS", ("no-such-wheel",))
    assert onednn_library.find_library() is None


def test_a_broken_library_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "libdnnl.so.3"
    broken.write_bytes(b"not a library")
    monkeypatch.setattr(onednn_library, "find_library", lambda: broken)
    assert onednn_library.library.__wrapped__() is None


def test_prepared_operations_are_bounded(onednn: Any) -> None:
    """More shapes than the cache holds: old ones are let go, and come back when needed."""
    cache = onednn_elementwise._relu_plan
    cache.cache_clear()
    first = onednn_elementwise.LARGE
    for size in range(first, first + CACHED + 20):
        cache(size)
    assert cache.cache_info().currsize == CACHED
    assert cache.cache_info().maxsize == CACHED
    x = np.linspace(-1, 1, first, dtype=np.float32)
    np.testing.assert_array_equal(onednn.relu(x), np.maximum(x, 0))
    cache.cache_clear()


def test_every_cache_is_bounded() -> None:
    for name, module in sys.modules.items():
        if name.startswith("pytorch_tutor.backends."):
            for value in vars(module).values():
                if hasattr(value, "cache_info") and value.__module__ == name:
                    assert value.cache_info().maxsize is not None, f"{name}.{value.__name__}"


def test_an_unsupported_case_is_remembered_as_such(onednn: Any) -> None:
    """oneDNN describes no convolution of nothing; asking twice asks it once."""
    onednn_convolution._plan.cache_clear()
    w = np.ones((4, 3, 3, 3), np.float32)
    for _ in range(2):
        onednn.convolution(np.zeros((0, 3, 8, 8), np.float32), w, None, (1, 1), (1, 1), (1, 1), 1)
    assert onednn_convolution._plan.cache_info().misses == 1
    assert onednn_convolution._plan.cache_info().hits == 1


def test_threads() -> None:
    code = (
        "import numpy; from pytorch_tutor.backends import *; kernels(numpy.zeros(1)); set_threads(1);"
        "x = numpy.random.rand(300, 300).astype('f'); y = kernels(x).matmul(x, x);"
        "print(get_threads(), numpy.allclose(y, x @ x, rtol=1e-4))"
    )
    assert run(code) == "1 True"
    assert get_threads() >= 1
    assert callable(set_threads)


def test_threads_follow_the_environment() -> None:
    code = "from pytorch_tutor.backends import get_threads; print(get_threads())"
    assert run(code, OMP_NUM_THREADS="3") == "3"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_does_not_wait_for_its_parents_threads() -> None:
    """A worker of a data loader that computes after its parent has: it must answer, and with the same numbers."""
    code = """
import os, signal, numpy
from pytorch_tutor.backends import kernels, set_threads
set_threads(2)
x, w = numpy.ones((8, 16, 32, 32), "f"), numpy.ones((16, 16, 3, 3), "f")
options = ((1, 1), (1, 1), (1, 1), 1)
y = kernels(x).convolution(x, w, None, *options)
child = os.fork()
if child == 0:
    signal.alarm(60)
    again = kernels(x).convolution(x, w, None, *options)
    os._exit(0 if kernels(x).name == "numpy" and numpy.array_equal(y, again) else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert run(code) == "0"
