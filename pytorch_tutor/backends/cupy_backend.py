"""CUDA by CuPy: the reference's bodies run as they are; here is the little that CuPy spells differently.

CuPy is imported only inside the functions, and only by who holds one of its arrays or asks for a GPU.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from pytorch_tutor.backends.devices import cupy_or_none
from pytorch_tutor.backends.reference import NUMPY
from pytorch_tutor.backends.table import Kernels
from pytorch_tutor.errors import lesson

Array = Any


@lru_cache(maxsize=1)
def cupy_kernels() -> Kernels:
    """The reference with three entries that CuPy has, or lacks, in its own way."""
    return replace(NUMPY, name="cupy", erf=erf, scatter_add=scatter_add, embedding_gradient=embedding_gradient)


def erf(x: Array) -> Array:
    """CUDA's own erf."""
    return _extras("cupyx.scipy.special").erf(x)


def scatter_add(target: Array, axis: int, index: Array, source: Array) -> Array:
    """See the reference; additions that meet are atomic on a GPU, in no fixed order."""
    source = source[tuple(slice(n) for n in index.shape)]
    if target.ndim == 0:
        target += source.sum()
        return target
    cupy = gpu()
    places = list(cupy.ogrid[tuple(slice(n) for n in index.shape)])
    places[axis % target.ndim] = index
    _extras("cupyx").scatter_add(target, tuple(places), source)
    return target


def embedding_gradient(grad: Array, index: Array, rows: int) -> Array:
    """See the reference."""
    table = gpu().zeros((rows, *grad.shape[index.ndim :]), grad.dtype)
    _extras("cupyx").scatter_add(table, index, grad)
    return table


def gpu() -> Any:
    """The cupy module, where there is a GPU; AssertionError with PyTorch's sentence where there is none."""
    cupy = cupy_or_none()
    if cupy is None:
        raise lesson(
            AssertionError("Torch not compiled with CUDA enabled"),
            expected="an NVIDIA GPU, its driver, and CuPy",
            got="none that CuPy can use on this computer",
            hint='pip install "pytorch-tutor[cuda]"  on a computer with a GPU; here stay with device = "cpu"',
        )
    return cupy


def _extras(name: str) -> Any:
    """A part of CuPy that goes beyond NumPy."""
    return import_module(name)


def device_count() -> int:
    """How many GPUs CuPy sees: 0 without a driver.

    >>> device_count() >= 0
    True
    """
    cupy = cupy_or_none()
    return 0 if cupy is None else int(cupy.cuda.runtime.getDeviceCount())


def current_device() -> int:
    """The index of the GPU in use."""
    return int(gpu().cuda.Device().id)


def device_name(index: int | None = None) -> str:
    """The maker's name of a GPU."""
    cupy = gpu()
    properties = cupy.cuda.runtime.getDeviceProperties(current_device() if index is None else index)
    name = properties["name"]
    return name.decode() if isinstance(name, bytes) else str(name)


def synchronize(index: int | None = None) -> None:
    """Wait until a GPU has done all that was asked of it: only then does a clock tell the truth."""
    cupy = gpu()
    cupy.cuda.Device(current_device() if index is None else index).synchronize()


def memory_allocated() -> int:
    """Bytes in use by arrays; 0 without a GPU."""
    cupy = cupy_or_none()
    return 0 if cupy is None else int(cupy.get_default_memory_pool().used_bytes())


def memory_reserved() -> int:
    """Bytes that CuPy holds, in use or kept for the next array; 0 without a GPU."""
    cupy = cupy_or_none()
    return 0 if cupy is None else int(cupy.get_default_memory_pool().total_bytes())


def empty_cache() -> None:
    """Give back what is held but not in use."""
    cupy = cupy_or_none()
    if cupy is not None:
        cupy.get_default_memory_pool().free_all_blocks()
