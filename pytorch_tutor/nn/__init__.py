"""`torch.nn`: modules, functions, initialization and utilities of neural networks."""

from __future__ import annotations

from typing import NoReturn as _NoReturn

from pytorch_tutor.errors import missing_name as _missing_name
from pytorch_tutor.nn import attention, functional, init, modules, parallel, parameter, utils
from pytorch_tutor.nn.modules import *
from pytorch_tutor.nn.modules import __all__ as _modules
from pytorch_tutor.nn.parallel import DataParallel
from pytorch_tutor.nn.parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter

__all__ = [
    *_modules,
    "Buffer",
    "DataParallel",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "attention",
    "functional",
    "init",
    "modules",
    "parallel",
    "parameter",
    "utils",
]


def __getattr__(name: str) -> _NoReturn:
    raise _missing_name("torch.nn", name, __all__)
