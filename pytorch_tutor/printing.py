"""How a tensor is written down: `repr(x)`, `str(x)` and `f"{x:.3f}"`, letter for letter as PyTorch does.

All numbers of a tensor are written in one style, chosen by looking at them together: as whole numbers ("1."), with a
fixed number of digits ("0.3333"), or in scientific notation where the largest is more than 1000 times the smallest.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from .dtypes import bool as boolean
from .dtypes import complex64, complex128, float64, get_default_dtype, int64
from .graph import mode
from .tensor_base import TensorBase


@dataclasses.dataclass
class Options:
    """What `set_printoptions` sets."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PRINT_OPTS = Options()
_PROFILES: dict[str, dict[str, Any]] = {
    "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80},
    "short": {"precision": 2, "threshold": 1000, "edgeitems": 2, "linewidth": 80},
    "full": {"precision": 4, "threshold": math.inf, "edgeitems": 3, "linewidth": 80},
}


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Sets how tensors are printed.

    Args:
        precision: digits behind the point (4).
        threshold: a tensor of more elements is shortened (1000).
        edgeitems: how many elements are then shown at each end of a dimension (3).
        linewidth: characters per line (80).
        profile: "default", "short" or "full": values for all of the above.
        sci_mode: scientific notation always (True), never (False), or where it helps (None).

    >>> import pytorch_tutor as torch
    >>> torch.set_printoptions(precision=2)
    >>> torch.tensor([1.12345])
    tensor([1.12])
    >>> torch.set_printoptions(profile="default")
    """
    chosen: dict[str, Any] = {} if profile is None else dict(_PROFILES.get(profile, {}))
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    chosen.update({name: value for name, value in given.items() if value is not None})
    for name, value in chosen.items():
        setattr(PRINT_OPTS, name, value)
    PRINT_OPTS.sci_mode = sci_mode


def get_printoptions() -> dict[str, Any]:
    """The current options, as keyword arguments of `set_printoptions`.

    >>> import pytorch_tutor as torch
    >>> torch.get_printoptions()["precision"]
    4
    """
    return dataclasses.asdict(PRINT_OPTS)


@contextlib.contextmanager
def printoptions(**options: Any) -> Iterator[None]:
    """Prints with other options inside a `with` block.

    >>> import pytorch_tutor as torch
    >>> with torch.printoptions(precision=1):
    ...     print(torch.tensor([0.123]))
    tensor([0.1])
    """
    before = get_printoptions()
    set_printoptions(**options)
    try:
        yield
    finally:
        set_printoptions(**before)


# -- one number -------------------------------------------------------------------------------------------------------


class Style:
    """How the numbers of one tensor are written, and how wide the widest of them is."""

    def __init__(self, array: Any) -> None:
        self.floating = array.dtype.kind == "f"
        self.scientific = False
        self.whole = True
        self.width = 1
        if not self.floating:
            self.width = max([1, *(len(str(value)) for value in array.reshape(-1).tolist())])
            return
        values = array.astype(np.float64).reshape(-1)
        values = values[np.isfinite(values) & (values != 0)]  # only these have a size to go by
        if not values.size:
            return
        sizes = np.abs(values)
        largest, smallest = float(sizes.max()), float(sizes.min())
        self.whole = bool((values == np.ceil(values)).all())
        self.scientific = (
            largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4
            if PRINT_OPTS.sci_mode is None
            else PRINT_OPTS.sci_mode
        )
        self.width = max([1, *(len(self.plain(value)) for value in values.tolist())])

    def plain(self, value: Any) -> str:
        """A number without padding."""
        if not self.floating:
            return str(value)
        if self.scientific:
            return f"{value:.{PRINT_OPTS.precision}e}"
        if self.whole:
            return f"{value:.0f}" + ("." if math.isfinite(value) else "")
        return f"{value:.{PRINT_OPTS.precision}f}"

    def write(self, value: Any) -> str:
        """A number, padded on the left to the width of the widest."""
        return self.plain(value).rjust(self.width)


class ComplexStyle:
    """The same for complex numbers: real and imaginary parts each have a style."""

    def __init__(self, array: Any) -> None:
        self.real, self.imaginary = Style(array.real), Style(array.imag)
        self.width = self.real.width + self.imaginary.width + 1

    def write(self, value: complex) -> str:
        """`1.+2.j`"""
        imaginary = (self.imaginary.write(value.imag) + "j").lstrip()
        return self.real.write(value.real) + ("" if imaginary[0] in "+-" else "+") + imaginary


# -- many numbers -----------------------------------------------------------------------------------------------------


def _shown(array: Any) -> Any:
    """The elements of a long tensor that will be shown: both ends of every dimension."""
    ends = PRINT_OPTS.edgeitems
    for axis, length in enumerate(array.shape):
        if length > 2 * ends:
            array = array.take([*range(ends), *range(length - ends, length)], axis=axis)
    return array


def _brackets(array: Any, indent: int, shorten: bool, style: Style | ComplexStyle) -> str:
    """Nested brackets of numbers; `indent` is the column of the outermost one."""
    if array.ndim == 0:
        return style.write(array.item())
    ends = PRINT_OPTS.edgeitems
    cut = shorten and len(array) > 2 * ends
    if array.ndim == 1:
        return _line(array, indent, cut, style)
    parts = [array[:ends], array[len(array) - ends :]] if cut else [array]
    rows = [[_brackets(row, indent + 1, shorten, style) for row in part] for part in parts]
    between = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return "[" + between.join([*rows[0], "...", *rows[1]] if cut else rows[0]) + "]"


def _line(array: Any, indent: int, cut: bool, style: Style | ComplexStyle) -> str:
    """A vector, broken into lines where it is too long for one."""
    ends = PRINT_OPTS.edgeitems
    if cut and not ends:
        numbers = ["..."]
    elif cut:
        first, last = ([style.write(v) for v in part.tolist()] for part in (array[:ends], array[-ends:]))
        numbers = [*first, " ...", *last]
    else:
        numbers = [style.write(v) for v in array.tolist()]
    per_line = max(1, (PRINT_OPTS.linewidth - indent) // (style.width + 2))
    lines = [", ".join(numbers[i : i + per_line]) for i in range(0, len(numbers), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def numbers_of(array: Any, indent: int) -> str:
    """The numbers of an array in brackets, without the word `tensor` around them."""
    if not array.size:
        return "[]"
    shorten = array.size > PRINT_OPTS.threshold
    shown = _shown(array) if shorten else array
    style = ComplexStyle(shown) if array.dtype.kind == "c" else Style(shown)
    return _brackets(array, indent, shorten, style)


# -- a tensor ---------------------------------------------------------------------------------------------------------


def tensor_repr(tensor: Any, tensor_contents: str | None = None) -> str:
    """`tensor(numbers, suffixes)`: the suffixes tell what the numbers do not.

    >>> import pytorch_tutor as torch
    >>> torch.ones(2, dtype=torch.float64, requires_grad=True)
    tensor([1., 1.], dtype=torch.float64, requires_grad=True)
    """
    kind = type(tensor).__name__
    prefix = "tensor(" if type(tensor) is TensorBase.concrete or kind == "Parameter" else f"{kind}("
    array = tensor._array
    array = array.get() if not isinstance(array, np.ndarray) else array
    if tensor.device.type == "meta":
        tensor_contents = "..."
    if tensor_contents is None:
        tensor_contents = numbers_of(array, len(prefix))
    shown = _with_suffixes(prefix + tensor_contents, list(_suffixes(tensor, array)), len(prefix))
    return f"Parameter({shown})" if getattr(tensor, "_is_param", False) else shown  # of a class of the user's


def _suffixes(tensor: Any, array: Any) -> Iterator[str]:
    default, dtype = get_default_dtype(), tensor.dtype
    if tensor.device.type != "cpu":
        yield f"device='{tensor.device}'"
    if tensor.device.type == "meta":
        yield f"size={tuple(array.shape)}"
        if dtype is not default:
            yield f"dtype={dtype}"
    elif not array.size:
        # No numbers tell the shape, nor whether they would be integers.
        if array.ndim != 1:
            yield f"size={tuple(array.shape)}"
        if dtype is not default:
            yield f"dtype={dtype}"
    else:
        if not PRINT_OPTS.edgeitems:
            yield f"size={tuple(array.shape)}"
        if dtype not in (default, complex128 if default is float64 else complex64, int64, boolean):
            yield f"dtype={dtype}"
    tangent_of, mode.tangent_of = mode.tangent_of, None  # a tangent is printed without its own
    try:
        tangent = None if tangent_of is None else tangent_of(tensor)
        shown = f"tangent={tangent}"
    finally:
        mode.tangent_of = tangent_of
    node = tensor.grad_fn
    if node is not None:
        yield f"grad_fn=<{node.name().rsplit('::', 1)[-1]}>"
    elif tensor.requires_grad:
        yield "requires_grad=True"
    if tangent is not None:
        yield shown


def _with_suffixes(text: str, suffixes: list[str], indent: int) -> str:
    """Appends suffixes, each on a new line if it would not fit on the last one."""
    column = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if column + len(suffix) + 2 > PRINT_OPTS.linewidth:
            text += ",\n" + " " * indent + suffix
            column = indent + len(suffix)
        else:
            text += ", " + suffix
            column += len(suffix) + 2
    return text + ")"


def tensor_format(tensor: Any, spec: str) -> str:
    """`f"{x:.3f}"`: a tensor without dimensions is formatted as its number, any other only without a format.

    >>> import pytorch_tutor as torch
    >>> f"{torch.tensor(3.14159):.3f}"
    '3.142'
    """
    if tensor._array.ndim == 0 and type(tensor) is TensorBase.concrete:
        return format(tensor._array.item(), spec)
    return object.__format__(tensor, spec)
