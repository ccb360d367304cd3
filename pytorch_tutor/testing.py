"""``torch.testing``: two results compared the way a test should, with an error that says how they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .creation import as_tensor
from .tensor_base import TensorBase

# Relative and absolute tolerance for each type; whole numbers and booleans must be equal.
TOLERANCES = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}
NUMBERS = (bool, int, float, complex, np.generic)


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: str | Callable[[str], str] | None = None,
) -> None:
    r"""AssertionError unless ``actual`` and ``expected`` are close.

    $$|\text{actual} - \text{expected}| \le \text{atol} + \text{rtol} \cdot |\text{expected}|$$

    Sequences and mappings are compared item by item. Tolerances follow from the dtype unless both are given.

    >>> import pytorch_tutor as torch
    >>> torch.testing.assert_close(torch.ones(2), torch.ones(2) + 1e-7)
    >>> torch.testing.assert_close(torch.ones(2), torch.zeros(2))
    Traceback (most recent call last):
    AssertionError: Tensor-likes are not close!
    <BLANKLINE>
    Mismatched elements: 2 / 2 (100.0%)
    Greatest absolute difference: 1.0 at index (0,) (up to 1e-05 allowed)
    Greatest relative difference: inf at index (0,) (up to 1.3e-06 allowed)
    """
    if (rtol is None) != (atol is None):
        missing = "atol" if atol is None else "rtol"
        raise ValueError(f"Both 'rtol' and 'atol' must be either specified or omitted, but got no {missing}.")
    rules = {"rtol": rtol, "atol": atol, "equal_nan": equal_nan, "dtype": check_dtype, "stride": check_stride}
    text = _difference(actual, expected, rules, ())
    if text is not None:
        raise AssertionError(text if msg is None else msg(text) if callable(msg) else msg)


def _difference(actual: Any, expected: Any, rules: dict[str, Any], path: tuple[Any, ...]) -> str | None:
    """How two things differ, or None."""
    where = "" if not path else "\n\nThe failure occurred for item " + "".join(f"[{p!r}]" for p in path)
    if _is_sequence(actual) and _is_sequence(expected):
        if len(actual) != len(expected):
            return f"The length of the sequences mismatch: {len(actual)} != {len(expected)}{where}"
        items = [((*path, i), a, b) for i, (a, b) in enumerate(zip(actual, expected, strict=True))]
    elif isinstance(actual, Mapping) and isinstance(expected, Mapping):
        if set(actual) != set(expected):
            missing = sorted(set(expected) - set(actual), key=str)
            additional = sorted(set(actual) - set(expected), key=str)
            text = "The keys of the mappings do not match:"
            text += f"\nMissing keys in the actual mapping: {missing}" if missing else ""
            return text + (f"\nAdditional keys in the actual mapping: {additional}" if additional else "") + where
        items = [((*path, key), actual[key], expected[key]) for key in expected]
    else:
        report = _compared(actual, expected, rules)
        return None if report is None else report + where
    return next((t for p, a, b in items if (t := _difference(a, b, rules, p)) is not None), None)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _compared(actual: Any, expected: Any, rules: dict[str, Any]) -> str | None:
    """How two tensors, arrays or numbers differ, or None."""
    if actual is None and expected is None:
        return None
    number = isinstance(actual, NUMBERS) and isinstance(expected, NUMBERS)
    arrays = (TensorBase, np.ndarray)
    if not number and not (isinstance(actual, arrays) and isinstance(expected, arrays)):
        raise TypeError(f"No comparison pair was able to handle inputs of type {type(actual)} and {type(expected)}.")
    if number:
        if isinstance(actual, bool) and isinstance(expected, bool):
            return None if actual is expected else f"Booleans mismatch: {actual} is not {expected}"
        if rules["dtype"] and type(actual) is not type(expected):
            return f"The (d)types do not match: {type(actual)} != {type(expected)}."
    x, y = as_tensor(actual), as_tensor(expected)
    kinds = [k.name for k in (x.dtype, y.dtype)]
    if number:  # a number of Python is compared in float64
        kinds = ["float64" if isinstance(v, float) else k for v, k in zip((actual, expected), kinds, strict=True)]
    for name, first, second in (
        ("shape", x.shape, y.shape),
        *((("dtype", x.dtype, y.dtype),) if rules["dtype"] and not number else ()),
        *((("stride()", x.stride(), y.stride()),) if rules["stride"] else ()),
    ):
        if first != second:
            return f"The values for attribute '{name}' do not match: {first} != {second}."
    loosest = [TOLERANCES.get(k, (0.0, 0.0)) for k in kinds]
    rtol = max(t[0] for t in loosest) if rules["rtol"] is None else rules["rtol"]
    atol = max(t[1] for t in loosest) if rules["atol"] is None else rules["atol"]
    plain = (actual, expected) if number else (x._array, y._array)
    return _reported(np.asarray(plain[0]), np.asarray(plain[1]), rtol, atol, rules["equal_nan"])


def _reported(a: Any, b: Any, rtol: float, atol: float, equal_nan: bool) -> str | None:
    """PyTorch's report on two arrays of one shape, or None if they are close."""
    exact = rtol == 0 and atol == 0
    signed = a.dtype.kind in "biu" and b.dtype.kind in "biu"
    wide_a, wide_b = (v.astype("i8") if signed else v for v in (a, b))
    with np.errstate(all="ignore"):
        gap = np.abs(wide_a - wide_b)
        close = (a == b) | ((gap <= atol + rtol * np.abs(wide_b)) & np.isfinite(gap))
        if equal_nan:
            close = close | ((a != a) & (b != b))
        if close.all():
            return None
        sizes = np.abs(wide_b)
        relative = gap.astype("f4") / sizes.astype("f4") if signed else gap / sizes
    word = "equal" if exact else "close"
    allowed = ("", "") if exact else (f" (up to {atol} allowed)", f" (up to {rtol} allowed)")
    if not a.ndim:
        text = f"Scalars are not {word}!\n\nExpected {b.item()} but got {a.item()}.\n"
        return text + (
            f"Absolute difference: {gap.item()}{allowed[0]}\nRelative difference: {relative.item()}{allowed[1]}"
        )
    gap, relative = np.where(close, 0, gap), np.where(close, 0, relative)
    wrong = int((~close).sum())
    lines = [f"Tensor-likes are not {word}!", "", f"Mismatched elements: {wrong} / {a.size} ({wrong / a.size:.1%})"]
    for name, values, limit in (("absolute", gap, allowed[0]), ("relative", relative, allowed[1])):
        place = tuple(int(i) for i in np.unravel_index(int(values.argmax()), values.shape))
        lines.append(f"Greatest {name} difference: {values[place].item()} at index {place}{limit}")
    return "\n".join(lines)


__all__ = ["assert_close"]
