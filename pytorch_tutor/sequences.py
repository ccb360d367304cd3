"""New tensors that follow a rule: numbers in steps, the identity, the places of a triangle."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .backends import evenly
from .creation import _into, _place
from .dtypes import as_dtype, bfloat16, get_default_dtype, int64, of_number, to_bfloat16
from .errors import lesson
from .outputs import check_type
from .refusals import refuse
from .tensor_base import TensorBase, wrap

_NEW = "torch.layout layout = None, torch.device device = None, bool pin_memory = False, bool requires_grad = False)\n"
_ARANGE = (
    "arange() received an invalid combination of arguments - got ({}), but expected one of:\n"
    f" * (Number end, *, Tensor out = None, torch.dtype dtype = None, {_NEW}"
    f" * (Number start, Number end, *, torch.dtype dtype = None, {_NEW}"
    f" * (Number start, Number end, Number step = 1, *, Tensor out = None, torch.dtype dtype = None, {_NEW}"
)


_SPACE = "*, Tensor out = None, torch.dtype dtype = None, " + _NEW.removesuffix("\n").removesuffix(")")
_ENDS = ("Tensor start, Tensor end", "Number start, Tensor end", "Tensor start, Number end", "Number start, Number end")


def _ends(function: str, start: Any, end: Any, steps: Any, between: str = "") -> tuple[Any, Any, int]:
    """Both ends as numbers and the number of steps; TypeError and RuntimeError with PyTorch's sentences."""
    numbers = (int, float, complex, np.generic, TensorBase)
    fits = isinstance(start, numbers) and isinstance(end, numbers)
    if not fits or not hasattr(steps, "__index__") or isinstance(steps, bool):
        got = ", ".join(type(v).__name__ for v in (start, end, steps) if v is not None)
        ways = "".join(f" * ({ends}, int steps, {between}{_SPACE})\n" for ends in _ENDS)
        raise lesson(
            TypeError(
                f"{function}() received an invalid combination of arguments - got ({got}), but expected one of:\n{ways}"
            ),
            expected="two numbers and a whole number of steps",
            got=got,
        )
    ranks = [
        f"{name} with {v._array.ndim} dimension(s)"
        for name, v in (("start", start), ("end", end))
        if isinstance(v, TensorBase) and v._array.ndim
    ]
    if ranks:
        raise lesson(
            RuntimeError(
                f"{function} only supports 0-dimensional start and end tensors, but got {' and '.join(ranks)}."
            ),
            expected="numbers",
        )
    if steps.__index__() < 0:
        raise RuntimeError("number of steps must be non-negative")
    first, last = (v.item() if isinstance(v, TensorBase) else v for v in (start, end))
    return first, last, steps.__index__()


def arange(
    *args: Any, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False, start: Any = None, end: Any = None, step: Any = None,
) -> Any:  # fmt: skip
    """Numbers from ``start`` (0) up to, not including, ``end`` in steps.

    >>> import pytorch_tutor as torch
    >>> torch.arange(0, 10, 3)
    tensor([0, 3, 6, 9])
    """
    dtype = None if dtype is None else as_dtype(dtype, "arange")
    numbers = [a.item() if isinstance(a, TensorBase) else a for a in args]
    if not numbers and end is None:
        given = "" if start is None else f"start={type(start).__name__}"
        raise lesson(TypeError(_ARANGE.format(given)), expected="at least the end", hint="torch.arange(10)")
    if len(numbers) == 1 and end is None:  # the only number is the end
        numbers = [0 if start is None else start, *numbers]
    first = numbers[0] if numbers else 0 if start is None else start
    last = numbers[1] if len(numbers) > 1 else end
    by = numbers[2] if len(numbers) > 2 else 1 if step is None else step
    if by == 0:
        raise RuntimeError("step must be nonzero")
    if out is not None:
        if dtype is not None:
            check_type(dtype, out.dtype, "arange")
        dtype = out.dtype
    if not (math.isfinite(first) and math.isfinite(last)):
        raise lesson(RuntimeError(f"unsupported range: {first:g} -> {last:g}"), expected="finite bounds")
    if (last - first) * (1 if by > 0 else -1) < 0:
        raise lesson(
            RuntimeError("upper bound and lower bound inconsistent with step sign"),
            expected="a step that leads from start to end",
            got=f"start {first}, end {last}, step {by}",
        )
    whole = all(isinstance(n, int) for n in (first, last, by))
    kind = dtype or (of_number(1) if whole else get_default_dtype())
    if kind.name == "int64":  # the bounds themselves are cut off first
        first, last, by, whole = int(first), int(last), int(by), True
        if by == 0:
            raise lesson(ValueError("step must be nonzero"), expected="a step of at least 1 for whole numbers")
    count = max(0, -((first - last) // by) if whole else math.ceil((last - first) / by))
    if kind.rank == 2:  # other integers are counted as floats and cut off then
        if int(by) == 0 and kind is int64:
            raise lesson(ValueError("step must be nonzero"), expected="a step of at least 1 for whole numbers")
        first, by = int(first), int(by)
    refuse(kind, "bool complex unsigned", "arange_cpu")
    if kind.rank == 2:
        array = first + by * np.arange(count, dtype="i8")
    else:
        array = evenly.stepping(float(first), float(by), count, kind.array)
    if out is not None:
        return _into(out, wrap(array), "arange")
    array = array.astype(kind.array)
    return _place(
        to_bfloat16(array) if kind is bfloat16 else array, device, requires_grad, kind if kind is bfloat16 else None
    )


def range(
    start: Any, end: Any, step: Any = 1, *, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """Numbers from ``start`` up to and including ``end``; PyTorch's older function, which says that it is.

    >>> import pytorch_tutor as torch
    >>> torch.range(0, 1, 0.25)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    first, last, by = [a.item() if isinstance(a, TensorBase) else a for a in (start, end, step)]
    distance = last - first  # TypeError for what is no number, before anything is said
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its behavior is inconsistent with "
        "Python's range builtin. Instead, use torch.arange, which produces values in [start, end).",
        UserWarning,
        stacklevel=3,
    )
    kind = out.dtype if out is not None else as_dtype(dtype, "range") if dtype is not None else get_default_dtype()
    refuse(kind, "bool complex unsigned", "range_cpu")
    if by == 0:
        raise RuntimeError("step must be nonzero")
    if not math.isfinite(distance):
        raise lesson(RuntimeError(f"unsupported range: {first:g} -> {last:g}"), expected="finite bounds")
    if distance * (1 if by > 0 else -1) < 0:
        raise lesson(
            RuntimeError("upper bound and lower bound inconsistent with step sign"),
            expected="a step that leads from start to end",
            got=f"start {first}, end {last}, step {by}",
        )
    array = (first + by * np.arange(int(distance / by + 1))).astype("f8" if out is not None else kind.array)
    if out is not None:
        return _into(out, wrap(array), "range")
    tag = kind if kind is bfloat16 else None
    return _place(array if tag is None else to_bfloat16(array), device, requires_grad, tag)


def linspace(
    start: Any, end: Any, steps: Any = None, *, out: Any = None, dtype: Any = None, layout: Any = None,
    device: Any = None, requires_grad: bool = False,
) -> Any:  # fmt: skip
    """``steps`` evenly spaced numbers from ``start`` to ``end``, both included.

    >>> import pytorch_tutor as torch
    >>> torch.linspace(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    start, end, steps = _ends("linspace", start, end, steps)
    dtype = None if dtype is None else as_dtype(dtype, "linspace")
    if out is not None:
        check_type(dtype or out.dtype, out.dtype, "linspace")
        dtype = out.dtype
    kind = dtype or (get_default_dtype().to_complex() if isinstance(start + end, complex) else get_default_dtype())
    refuse(kind, "bool", "linspace_cpu")
    if kind.rank == 2:  # the ends are cut off first, then counted from the nearer one
        first, last = int(start), int(end)
        gap: Any = (last - first) / (steps - 1) if steps > 1 else 0.0
        i = np.arange(steps)
        array = np.where(i < steps // 2, first + gap * i, last - gap * (steps - i - 1))
        array = (np.array([float(first)]) if steps == 1 else array).astype(kind.array)
    elif kind.array.kind == "c":
        gap = complex((end - start) / max(steps - 1, 1))
        i = np.arange(steps)
        array = np.where(i < (steps + 1) // 2, start + gap * i, end - gap * (steps - i - 1)).astype(kind.array)
    else:
        array = evenly.between(start, end, steps, kind.array)
    if out is not None:
        return _into(out, wrap(array), "linspace")
    return _place(
        to_bfloat16(array) if kind is bfloat16 else array, device, requires_grad, kind if kind is bfloat16 else None
    )


def logspace(
    start: Any, end: Any, steps: Any = None, base: float = 10.0, *, out: Any = None, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """``steps`` numbers from base^start to base^end whose logarithms are evenly spaced."""
    start, end, steps = _ends("logspace", start, end, steps, "float base = 10.0, ")
    if out is not None:
        check_type(dtype or out.dtype, out.dtype, "logspace")
        dtype = out.dtype
    kind = dtype or get_default_dtype()
    refuse(kind, "bool", "logspace_cpu")
    first, last = (int(v) if kind.rank == 2 else float(v) for v in (start, end))
    array = (float(base) ** np.linspace(first, last, steps)).astype(kind.array)
    tag = kind if kind is bfloat16 else None
    array = array if tag is None else to_bfloat16(array)
    return _into(out, wrap(array), "logspace") if out is not None else _place(array, device, requires_grad, tag)


def eye(
    n: int, m: int | None = None, *, out: Any = None, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Any:  # fmt: skip
    """The identity matrix.

    >>> import pytorch_tutor as torch
    >>> torch.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    for name, k in (("n", n), ("m", n if m is None else m)):
        if k < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {k}")
    kind = get_default_dtype() if dtype is None else as_dtype(dtype, "eye")
    array = np.eye(n, m, dtype=kind.array)
    if out is not None:
        return _into(out, wrap(array))
    return _place(array, device, requires_grad, kind if kind is bfloat16 else None)


def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None) -> Any:
    """Rows and columns of the places on and below a diagonal."""
    return wrap(np.stack(np.tril_indices(row, offset, col)).astype("i8"))


def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None) -> Any:
    """Rows and columns of the places on and above a diagonal."""
    return wrap(np.stack(np.triu_indices(row, offset, col)).astype("i8"))
