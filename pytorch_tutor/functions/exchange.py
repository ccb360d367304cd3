"""DLPack: how array libraries hand memory to each other without copying. NumPy makes and reads the capsules."""

from __future__ import annotations

import enum
from typing import Any

import numpy as np

from ..backends.coo import Coo
from ..backends.meta import MetaArray
from ..creation import from_numpy
from ..dtypes import bfloat16
from ..errors import lesson
from ..tensor_base import TensorBase
from .conversion import to
from .shape import clone

CONSUMED = (
    "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, so you might have "
    "already constructed a tensor from it once."
)


KINDS = {
    "kDLCPU": 1, "kDLCUDA": 2, "kDLCUDAHost": 3, "kDLOpenCL": 4, "kDLVulkan": 7, "kDLMetal": 8, "kDLVPI": 9, "kDLROCM": 10,
    "kDLROCMHost": 11, "kDLExtDev": 12, "kDLCUDAManaged": 13, "kDLOneAPI": 14, "kDLWebGPU": 15, "kDLHexagon": 16,
    "kDLMAIA": 17,
}  # fmt: skip
DLDeviceType: Any = enum.EnumMeta.__call__(
    enum.IntEnum, "DLDeviceType", KINDS, module="pytorch_tutor.utils.dlpack"
)  # the numbers that DLPack has for the kinds of devices


def device_of(self: Any) -> tuple[Any, int]:
    """``__dlpack_device__``: the kind of device and its number."""
    kind = self.device.type
    if kind not in ("cpu", "cuda"):
        raise ValueError(f"Unknown device type {kind} for Dlpack")
    return DLDeviceType.kDLCPU if kind == "cpu" else DLDeviceType.kDLCUDA, self.device.index or 0


def capsule_of(self: Any, **options: Any) -> Any:
    """A capsule that shows the tensor's memory."""
    array = self.settle()
    if isinstance(array, MetaArray):
        raise BufferError("Cannot pack tensors on meta")
    if self.dtype is bfloat16:
        raise lesson(
            RuntimeError("Unsupported dtype in DLTensor."), got="bfloat16, which NumPy does not have", hint="x.float()"
        )
    if isinstance(array, np.ndarray) and not array.flags.writeable:  # an expanded tensor, which NumPy protects
        array = writable(array)
    try:
        return array.__dlpack__(**options)
    except TypeError:  # NumPy before 2.1 knows one version of the format
        return array.__dlpack__()


def export(self: Any, stream: Any = -1, max_version: Any = None, dl_device: Any = None, copy: Any = None) -> Any:
    """``__dlpack__``: a capsule that shows the tensor's memory, for another library to read once.

    Raises:
        BufferError: a tensor that requires grad, is sparse, or has no memory.
    """
    if self.requires_grad:
        raise lesson(BufferError("Can't export tensors that require gradient, use tensor.detach()"), hint="x.detach()")
    if isinstance(self._array, Coo):
        raise BufferError("Can't export tensors with layout other than torch.strided")
    if stream is not None and type(stream) is not int:
        raise TypeError("stream must be ``int`` or ``none``")
    if self.device.type == "cpu" and stream not in (None, -1):
        raise AssertionError("stream should be None on cpu.")
    source = clone(self) if copy else self
    return capsule_of(source) if max_version is None else capsule_of(source, max_version=max_version)


class Producer:
    """Somebody's memory as NumPy wants it offered: with a device, and a capsule when it asks."""

    def __init__(self, source: Any) -> None:
        self.source, self.old = source, True

    def __dlpack_device__(self) -> tuple[int, int]:
        return DLDeviceType.kDLCPU, 0

    def __dlpack__(self, **options: Any) -> Any:
        capsule = self.source
        if hasattr(capsule, "__dlpack__"):
            try:
                capsule = capsule.__dlpack__(max_version=(1, 0))
            except TypeError:  # a library that knows the first version only
                capsule = capsule.__dlpack__()
        self.old = "versioned" not in repr(capsule)
        return capsule


class Window:
    """The same memory, and leave to write to it."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.__array_interface__["data"][0], False)}


def writable(array: Any) -> Any:
    """A view that may be written: of what nobody said is read-only."""
    return np.asarray(Window(array))


def from_dlpack(ext_tensor: Any, *, device: Any = None, copy: bool | None = None) -> Any:
    """A tensor on the memory of another library's array: writing to one writes to the other.

    ``ext_tensor`` is anything with ``__dlpack__``, or a capsule, which can be read once. Memory that its owner says is
    read-only stays so. ``copy=True`` gives the tensor memory of its own.

    Raises:
        RuntimeError: neither of the two, or a capsule that was read before.
        BufferError: a tensor that requires grad, or elements of a type that DLPack does not have.

    >>> import numpy, pytorch_tutor as torch
    >>> a = numpy.zeros(2)
    >>> t = torch.from_dlpack(a)
    >>> t[0] = 1
    >>> a, numpy.from_dlpack(t)
    (array([1., 0.]), array([1., 0.]))
    """
    if isinstance(ext_tensor, TensorBase):
        if ext_tensor.dtype is not bfloat16:
            export(ext_tensor)  # says what it refuses
        made = ext_tensor.detach()
    else:
        is_capsule = type(ext_tensor).__name__ == "PyCapsule"
        if not is_capsule and not hasattr(ext_tensor, "__dlpack__") or "used_dltensor" in repr(ext_tensor):
            raise lesson(
                RuntimeError(CONSUMED),
                expected="an array with __dlpack__, or a capsule that nobody has read",
                got=type(ext_tensor).__name__,
                hint="torch.tensor(data)",
            )
        producer = Producer(ext_tensor)
        array = np.from_dlpack(producer)
        made = from_numpy(writable(array))
        if not producer.old:  # an old capsule does not say whether it may be written, and NumPy then forbids it
            made._array = array
    if copy:
        made = clone(made)
    return made if device is None else to(made, device)


def to_dlpack(tensor: Any) -> Any:
    """A capsule that shows the tensor's memory, for ``from_dlpack`` of any library to read once.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([1.0, 2.0])
    >>> torch.utils.dlpack.from_dlpack(torch.utils.dlpack.to_dlpack(x))
    tensor([1., 2.])
    """
    return capsule_of(tensor)
