"""``torch.cuda.FloatTensor`` and its kin: the older spelling of a type of element together with a place."""

from __future__ import annotations

from typing import Any

from .. import dtypes
from ..creation import empty, tensor
from ..dtypes import dtype
from ..errors import lesson
from ..tensor_base import TensorBase
from .devices import is_available


class _CudaTensorType(type):
    """Tensors on a GPU are instances by their element type."""

    scalar_type: dtype

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, TensorBase) and instance.dtype is cls.scalar_type and instance.device.type == "cuda"

    def __call__(cls, *args: Any) -> Any:
        if not is_available():
            raise lesson(
                TypeError(f"type torch.cuda.{cls.__name__} not available. Torch not compiled with CUDA enabled."),
                expected="an NVIDIA GPU, its driver, and CuPy",
                got="none that CuPy can use on this computer",
                hint=f"torch.tensor(..., dtype={cls.scalar_type})",
            )
        if len(args) == 1 and isinstance(args[0], (list, tuple)):
            return tensor(args[0], dtype=cls.scalar_type, device="cuda")
        return empty(*(args or (0,)), dtype=cls.scalar_type, device="cuda")

    def __repr__(cls) -> str:
        return f"<class 'torch.cuda.{cls.__name__}'>"


def _type(name: str, scalar_type: dtype) -> Any:
    facts = {"scalar_type": scalar_type, "dtype": scalar_type, "__doc__": f"Tensors of {scalar_type} on a GPU."}
    made = _CudaTensorType(name, (), facts)
    made.__module__ = "torch.cuda"
    return made


FloatTensor, DoubleTensor = _type("FloatTensor", dtypes.float32), _type("DoubleTensor", dtypes.float64)
HalfTensor, BFloat16Tensor = _type("HalfTensor", dtypes.float16), _type("BFloat16Tensor", dtypes.bfloat16)
LongTensor, IntTensor = _type("LongTensor", dtypes.int64), _type("IntTensor", dtypes.int32)
ShortTensor, CharTensor = _type("ShortTensor", dtypes.int16), _type("CharTensor", dtypes.int8)
ByteTensor, BoolTensor = _type("ByteTensor", dtypes.uint8), _type("BoolTensor", dtypes.bool)
