"""PyTorch's older spellings, which tutorials still use: ``torch.FloatTensor``, ``torch.set_default_tensor_type``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import dtypes
from .arguments import is_index
from .creation import empty, tensor
from .dtypes import dtype
from .layouts import strided
from .size import Size
from .tensor import Tensor
from .tensor_base import TensorBase


class _TensorType(type):
    """The class of ``torch.FloatTensor`` and its kin: tensors are instances by their element type."""

    scalar_type: dtype

    def __instancecheck__(cls, instance: object) -> bool:
        if not isinstance(instance, TensorBase) or instance.layout is not strided:
            return False
        return instance.dtype is cls.scalar_type and instance.device.type == "cpu"

    def __call__(cls, *args: Any) -> Any:
        if len(args) == 1 and isinstance(args[0], TensorBase):
            if args[0].dtype is not cls.scalar_type:
                raise TypeError(f"expected {cls.__name__} (got {args[0].type()})")
            return args[0].detach()
        if len(args) == 1 and isinstance(args[0], (Sequence, np.ndarray)) and not isinstance(args[0], Size):
            return tensor(args[0], dtype=cls.scalar_type)
        if len(args) == 1 and (isinstance(args[0], bool) or not is_index(args[0])):
            raise TypeError(f"new(): data must be a sequence (got {type(args[0]).__name__})")
        return empty(*(args or (0,)), dtype=cls.scalar_type)

    def __repr__(cls) -> str:
        return f"<class 'torch.{cls.__name__}'>"


def _type(name: str, scalar_type: dtype) -> Any:
    made = _TensorType(
        name, (), {"scalar_type": scalar_type, "dtype": scalar_type, "__doc__": f"Tensors of {scalar_type}."}
    )
    made.__module__ = "torch"
    return made


FloatTensor, DoubleTensor = _type("FloatTensor", dtypes.float32), _type("DoubleTensor", dtypes.float64)
HalfTensor, BFloat16Tensor = _type("HalfTensor", dtypes.float16), _type("BFloat16Tensor", dtypes.bfloat16)
LongTensor, IntTensor = _type("LongTensor", dtypes.int64), _type("IntTensor", dtypes.int32)
ShortTensor, CharTensor = _type("ShortTensor", dtypes.int16), _type("CharTensor", dtypes.int8)
ByteTensor, BoolTensor = _type("ByteTensor", dtypes.uint8), _type("BoolTensor", dtypes.bool)


def set_default_tensor_type(t: Any) -> None:
    """Sets the default float type by the older name of a tensor type."""
    if isinstance(t, str):
        wanted = t.rsplit(".", 1)[-1]
        by_name = {f"{name}Tensor": d for d, name in dtypes.SCALAR_NAMES.items()}
        if wanted not in by_name:
            raise TypeError(f"invalid type: '{t}'")
        dtypes.set_default_dtype(by_name[wanted])
    elif t is Tensor:
        dtypes.set_default_dtype(dtypes.float32)
    else:
        dtypes.set_default_dtype(t.scalar_type)
