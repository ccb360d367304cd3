"""CuPy: what happens without it, with a broken one, and, on a computer with a GPU, that its kernels agree."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

from pytorch_tutor.backends import cuda_available, kernels, namespace
from pytorch_tutor.backends import cupy_backend as cuda
from pytorch_tutor.backends.reference import NUMPY


class BrokenRuntime:
    def getDeviceCount(self) -> int:  # noqa: N802 - CUDA's own name
        raise OSError("cudaErrorInsufficientDriver: CUDA driver version is insufficient for CUDA runtime version")


@pytest.fixture(params=["absent", "no driver", "fails at import", "no device"])
def no_gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    cupy: Any = types.ModuleType("cupy")
    cupy.ndarray = type("ndarray", (), {})
    runtime: Any = BrokenRuntime() if request.param == "no driver" else types.SimpleNamespace(getDeviceCount=lambda: 0)
    cupy.cuda = types.SimpleNamespace(runtime=runtime)
    if request.param == "absent":
        cupy = None  # an import of it then raises ImportError
    if request.param == "fails at import":

        class Finder:
            def find_spec(self, name: str, *_: Any) -> None:
                if name == "cupy":
                    raise OSError("libcuda.so.1: cannot open shared object file")

        monkeypatch.delitem(sys.modules, "cupy", raising=False)
        monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
        return
    monkeypatch.setitem(sys.modules, "cupy", cupy)


@pytest.mark.usefixtures("no_gpu")
def test_without_a_gpu_nothing_bare_comes_through() -> None:
    assert cuda_available() is False
    assert cuda.device_count() == 0
    assert cuda.memory_allocated() == cuda.memory_reserved() == 0
    cuda.empty_cache()
    for ask in (cuda.synchronize, cuda.current_device, cuda.device_name):
        with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled") as caught:
            ask()
        assert str(caught.value) == "Torch not compiled with CUDA enabled"
        assert any("pytorch-tutor[cuda]" in note for note in caught.value.__notes__)
    assert namespace(np.zeros(1)) is np
    assert kernels(np.zeros(1)).name in {"numpy", "onednn"}


def test_the_same_bodies_on_a_gpu(draw: Any) -> None:
    cupy = pytest.importorskip("cupy", reason="CuPy is not installed")
    if not cuda_available():
        pytest.skip("no GPU")
    x, w = draw.standard_normal((3, 4, 9, 9)), draw.standard_normal((6, 2, 3, 3))
    on_gpu = cupy.asarray(x)
    table = kernels(on_gpu)
    assert table.name == "cupy"
    assert namespace(on_gpu) is cupy
    options = ((2, 1), (1, 0), (1, 2), 2)
    y, expected = table.convolution(on_gpu, cupy.asarray(w), None, *options), NUMPY.convolution(x, w, None, *options)
    cupy.testing.assert_allclose(y, expected, atol=1e-9)
    dx = table.convolution_input_gradient(y, cupy.asarray(w), x.shape, *options)
    cupy.testing.assert_allclose(dx, NUMPY.convolution_input_gradient(expected, w, x.shape, *options), atol=1e-9)
    dw = table.convolution_weight_gradient(y, on_gpu, w.shape, *options)
    cupy.testing.assert_allclose(dw, NUMPY.convolution_weight_gradient(expected, x, w.shape, *options), atol=1e-9)
    pool = ((3, 2), (2, 1), (1, 1), (1, 1), True)
    (y, memo), (expected, reference) = table.max_pool(on_gpu, *pool), NUMPY.max_pool(x, *pool)
    cupy.testing.assert_allclose(y, expected)
    cupy.testing.assert_allclose(table.max_pool_gradient(y, memo), NUMPY.max_pool_gradient(expected, reference))
    cupy.testing.assert_array_equal(table.max_pool_indices(memo), NUMPY.max_pool_indices(reference))
    for name in ("softmax", "log_softmax"):
        cupy.testing.assert_allclose(getattr(table, name)(on_gpu, 1), getattr(NUMPY, name)(x, 1), atol=1e-12)
    cupy.testing.assert_allclose(table.erf(on_gpu), NUMPY.erf(x), atol=1e-14)
    index = draw.integers(0, 4, (3, 2, 9, 9))
    added = table.scatter_add(cupy.zeros((3, 4, 9, 9)), 1, cupy.asarray(index), on_gpu)
    cupy.testing.assert_allclose(added, NUMPY.scatter_add(np.zeros((3, 4, 9, 9)), 1, index, x), atol=1e-12)
    places, grad = draw.integers(0, 5, (7, 3)), draw.standard_normal((7, 3, 2))
    gradient = table.embedding_gradient(cupy.asarray(grad), cupy.asarray(places), 5)
    cupy.testing.assert_allclose(gradient, NUMPY.embedding_gradient(grad, places, 5), atol=1e-12)
    y, _, _, memo = table.batch_norm_train(on_gpu, None, None, 1e-5)
    expected, _, _, reference = NUMPY.batch_norm_train(x, None, None, 1e-5)
    cupy.testing.assert_allclose(y, expected, atol=1e-12)
    gradient = table.batch_norm_gradient(on_gpu, memo)[0]
    cupy.testing.assert_allclose(gradient, NUMPY.batch_norm_gradient(x, reference)[0], atol=1e-12)
