"""Which types of elements an operation refuses, and in which words.

PyTorch computes an operation by a kernel that is written for some types only; asked for another, it names the kernel:
``"abs_cpu" not implemented for 'Bool'``. An operation states that as data, ``refuses = {"bool": "abs_cpu"}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from . import dtypes
from .dtypes import ALL, SCALAR_NAMES, dtype
from .errors import lesson

# What the words of such a table stand for.
WORDS: dict[str, tuple[dtype, ...]] = {
    "int": (dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64),
    "unsigned": (dtypes.uint16, dtypes.uint32, dtypes.uint64),  # those that few kernels are written for
    "half": (dtypes.float16, dtypes.bfloat16),
    "float": (dtypes.float32, dtypes.float64),
    "complex": (dtypes.complex64, dtypes.complex128),
    **{d.name: (d,) for d in ALL},
}

Words = Mapping[str, "str | Exception"]
Refused = dict[dtype, "str | Exception"]


def expand(words: Words) -> Refused:
    """The table by type: words become the types they stand for.

    >>> from pytorch_tutor.refusals import expand
    >>> expand({"bool half": "lu_cpu"})
    {torch.bool: 'lu_cpu', torch.float16: 'lu_cpu', torch.bfloat16: 'lu_cpu'}
    """
    return {d: said for group, said in words.items() for word in group.split() for d in WORDS[word]}


def refusal(kind: dtype, said: str | Exception) -> Exception:
    """The error: a kernel's name gives PyTorch's common sentence; ``{type}`` in another one becomes the type's name."""
    name = SCALAR_NAMES[kind]
    error: Exception
    if isinstance(said, str):
        error = NotImplementedError(f"\"{said}\" not implemented for '{name}'")
    else:
        error = type(said)(str(said).replace("{type}", name))
    hints = {0: "x.int()  or  x.float()", 2: "x.float()", 3: "x.float()", 4: "x.real, x.imag or x.abs()"}
    return lesson(error, expected="a type that this operation is written for", got=str(kind), hint=hints[kind.rank])


@cache
def types(words: str) -> frozenset[dtype]:
    """What the words stand for, ``"bool half"``."""
    return frozenset(d for word in words.split() for d in WORDS[word])


def refuse(kind: dtype, words: str, said: str | Exception) -> None:
    """Raises where the words name the type: for functions that are composed of several operations.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.refusals import refuse
    >>> refuse(torch.int64, "bool complex", "kthvalue_cpu")
    """
    if kind in types(words):
        raise refusal(kind, said)
