"""`torch.nn`: modules, functions, initialization and utilities of neural networks."""

from __future__ import annotations

from pytorch_tutor.nn import functional, init, modules, parameter, utils
from pytorch_tutor.nn.modules import *
from pytorch_tutor.nn.modules import __all__ as _modules
from pytorch_tutor.nn.parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter

__all__ = [
    *_modules,
    "Buffer",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "functional",
    "init",
    "modules",
    "parameter",
    "utils",
]
