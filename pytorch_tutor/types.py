"""``torch.types``: what annotations in programs call the kinds of arguments."""

from __future__ import annotations

import builtins
from typing import Any, TypeAlias

from .device import device
from .dtypes import dtype
from .layouts import layout
from .size import Size
from .tensor import Tensor

_int, _float, _bool = builtins.int, builtins.float, builtins.bool
_dtype, _device, _layout = dtype, device, layout
_size: TypeAlias = Size | list[int] | tuple[int, ...]
_TensorOrTensors: TypeAlias = Tensor | tuple[Tensor, ...] | list[Tensor]
Number: TypeAlias = int | float | bool
Device: TypeAlias = device | str | int | None
FileLike: TypeAlias = Any
Storage: TypeAlias = Any
