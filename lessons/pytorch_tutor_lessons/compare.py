"""Is an answer what it should be? Numbers within rounding, tensors with their shape, everything else exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def as_array(value: Any) -> Any:
    """The value as a NumPy array where it is a tensor, an array or a number; otherwise None."""
    if hasattr(value, "detach"):
        value = value.detach()
        return np.asarray(value.numpy() if str(value.dtype) != "torch.bfloat16" else value.float().numpy())
    if isinstance(value, (bool, str)) or value is None:
        return None
    return np.asarray(value) if isinstance(value, (int, float, np.ndarray, np.generic)) else None


def same(got: Any, expected: Any, tolerance: float = 1e-4) -> bool:
    """Are two results the same, as far as rounding lets one tell?

    >>> same(0.1 + 0.2, 0.3), same([1, 2.0], [1, 2]), same("a", "b")
    (True, True, False)
    """
    if isinstance(expected, (tuple, list)):
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return False
        return all(same(g, e, tolerance) for g, e in zip(got, expected, strict=True))
    if isinstance(expected, dict):
        return isinstance(got, dict) and got.keys() == expected.keys() and all(same(got[k], expected[k]) for k in got)
    if isinstance(expected, bool) or isinstance(got, bool):
        return bool(got is expected)
    a, b = as_array(got), as_array(expected)
    if b is None:
        return bool(type(got) is type(expected) and got == expected)
    if a is None or a.shape != b.shape:
        return False
    if b.dtype.kind in "biu" and a.dtype.kind in "biu":
        return bool((a == b).all())
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True))


def shown(value: Any, limit: int = 300) -> str:
    """The value as text, short enough for a message.

    >>> shown(1 / 3), shown([1, 2])
    ('0.3333', '[1, 2]')
    """
    if isinstance(value, float):
        return f"{value:.4g}" if math.isfinite(value) else str(value)
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
