"""Which GPUs there are, which is in use, and waiting for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ..backends import cuda_available, devices
from ..device import device as _device
from ..errors import lesson
from ..tensor_base import TensorBase


def is_available() -> bool:
    """Is there a GPU that the engine can use?

    >>> import pytorch_tutor as torch
    >>> device = "cuda" if torch.cuda.is_available() else "cpu"
    """
    return cuda_available()


def device_count() -> int:
    """How many GPUs there are."""
    found = devices.cupy_or_none()
    return 0 if found is None else int(found.cuda.runtime.getDeviceCount())


def cupy() -> Any:
    """The cupy module.

    Raises:
        AssertionError: there is no GPU that CuPy can use.
    """
    found = devices.cupy_or_none()
    if found is None:
        raise lesson(
            AssertionError("Torch not compiled with CUDA enabled"),
            expected="an NVIDIA GPU, its driver, and CuPy",
            got="none that CuPy can use on this computer",
            hint="torch.cuda.is_available()  tells beforehand",
        )
    return found


def number_of(device: Any = None) -> int:
    """The number of a GPU: given as a number, as ``"cuda:1"``, or None for the one in use.

    Raises:
        ValueError: another kind of device.
    """
    if device is None:
        return current_device()
    if isinstance(device, int):
        return device
    place = _device(device)
    if place.type != "cuda":
        raise ValueError(f"Expected a cuda device, but got: {place}")
    return current_device() if place.index is None else place.index


def current_device() -> int:
    """The number of the GPU in use."""
    return int(cupy().cuda.runtime.getDevice())


def set_device(device: Any) -> None:
    """Chooses a GPU by number."""
    cupy().cuda.Device(number_of(device)).use()


class device:  # noqa: N801 - PyTorch spells this class in lower case
    """A block in which another GPU is the one in use."""

    def __init__(self, device: Any) -> None:
        if isinstance(device, (str, _device)) and _device(device).type != "cuda":
            raise ValueError(f"Expected a cuda device, but got: {device}")
        self._wanted: Any = device
        self._before = -1

    def __enter__(self) -> None:
        found = devices.cupy_or_none()
        if found is None:
            raise lesson(
                RuntimeError("PyTorch was compiled without CUDA support"),
                expected="a GPU",
                got="none that CuPy can use on this computer",
                hint="torch.cuda.is_available()  tells beforehand",
            )
        self._before = current_device()
        set_device(self._wanted)

    def __exit__(self, *exc: object) -> None:
        if self._before >= 0:
            set_device(self._before)


class device_of(device):  # noqa: N801 - PyTorch spells this class in lower case
    """A block in which the GPU of ``obj`` is the one in use; nothing changes for a tensor on the CPU."""

    def __init__(self, obj: TensorBase) -> None:
        self._elsewhere = obj.device.type != "cuda"
        self._wanted, self._before = obj.device, -1

    def __enter__(self) -> None:
        if not self._elsewhere:
            super().__enter__()


def get_device_name(device: Any = None) -> str:
    """What the GPU is called."""
    return str(get_device_properties(device).name)


def get_device_capability(device: Any = None) -> tuple[int, int]:
    """The compute capability, as (major, minor)."""
    found = get_device_properties(device)
    return found.major, found.minor


def get_device_properties(device: Any = None) -> SimpleNamespace:
    """Name, compute capability, bytes of memory and number of processors of a GPU."""
    facts = cupy().cuda.runtime.getDeviceProperties(number_of(device))
    name = facts["name"]
    return SimpleNamespace(
        name=name.decode() if isinstance(name, bytes) else str(name),
        major=int(facts["major"]),
        minor=int(facts["minor"]),
        total_memory=int(facts["totalGlobalMem"]),
        multi_processor_count=int(facts["multiProcessorCount"]),
    )


def get_arch_list() -> list[str]:
    """The architectures that the library was built for: the GPU's own, as CuPy compiles on the spot."""
    if not is_available():
        return []
    major, minor = get_device_capability()
    return [f"sm_{major}{minor}"]


def can_device_access_peer(device: Any, peer_device: Any) -> bool:
    """Can one GPU read the other's memory?"""
    return bool(cupy().cuda.runtime.deviceCanAccessPeer(number_of(device), number_of(peer_device)))


def synchronize(device: Any = None) -> None:
    """Waits until the GPU has done all it was given; operations return before they are finished."""
    found = cupy()
    with found.cuda.Device(number_of(device)):
        found.cuda.runtime.deviceSynchronize()


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Can the GPU compute with bfloat16?"""
    return is_available()


def init() -> None:
    """Starts CUDA now and not at the first use."""
    current_device()


def is_initialized() -> bool:
    """Has CUDA been started?"""
    return is_available()
