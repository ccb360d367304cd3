"""`torch.nn`: modules, functions, initialization and utilities of neural networks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any as _Any

from pytorch_tutor.errors import missing_name as _missing_name
from pytorch_tutor.later import Later as _Later
from pytorch_tutor.nn import functional, init, modules, parameter, utils
from pytorch_tutor.nn.modules import *
from pytorch_tutor.nn.modules import __all__ as _modules
from pytorch_tutor.nn.parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter

if TYPE_CHECKING:  # loaded when first asked for
    from pytorch_tutor.nn import attention, parallel
    from pytorch_tutor.nn.parallel import DataParallel

_later = _Later(__name__, ["attention", "parallel"], {"DataParallel": "parallel.DataParallel"})

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


def __dir__() -> list[str]:
    return _later.dir()


def __getattr__(name: str) -> _Any:
    found = _later.find(name)
    if found is None:
        raise _missing_name("torch.nn", name, __all__)
    return found
