"""Autocast's rule: which operations run in low precision, which in float32, and who casts their inputs."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from .dtypes import bfloat16, dtype, float16, float32, float64
from .graph.observers import observers
from .ops.base import Op
from .tensor_base import TensorBase

F = TypeVar("F", bound=Callable[..., Any])
# PyTorch's lists, by the names of our operations: products gain from low precision and suffer little from it ...
LOW = frozenset(
    "Mm Bmm Addmm Convolution TransposedConvolution ScaledDotProductFlashAttentionForCpu MkldnnRnnLayer".split()
)
# ... losses, transforms and decompositions would lose too many digits ...
FULL = frozenset(
    """
    MseLoss SmoothL1Loss HuberLoss SoftMarginLoss BinaryCrossEntropy BinaryCrossEntropyWithLogits NllLoss NllLoss2D
    MultiMarginLoss MultilabelMarginLoss CtcLoss Prod GridSampler2D GridSampler3D BorderPad AvgPool3D
    AdaptiveAvgPool3D MaxPool3DWithIndices AdaptiveMaxPool3D FractionalMaxPool2D FractionalMaxPool3D
    FftC2C FftR2C FftC2R Inverse Solve Cholesky Eigh Qr Svd
    """.split()
)
# ... and on a GPU, where float16 overflows at 65504, everything else that sums or grows quickly.
FULL_ON_CUDA = FULL | frozenset(
    """
    Acos Asin Cosh Exp Expm1 Log Log10 Log1p Log2 Reciprocal Rsqrt Sinh Tan Pow PowTensor Softplus Cumprod Cumsum
    DistanceNorm LogSoftmax NativeGroupNorm NativeLayerNorm Norm Softmax Sum
    """.split()
)
DEFAULTS = {"cpu": bfloat16, "cuda": float16, "mps": float16, "xpu": float16}  # the last two: known, without devices


class State(threading.local):
    """The thread's autocast: per kind of device, is it on and to which type; how deep; the weights cast so far."""

    def __init__(self) -> None:
        self.enabled = dict.fromkeys(DEFAULTS, False)
        self.target = dict(DEFAULTS)
        self.nesting = 0
        self.cache_enabled = True
        self.cache: dict[int, tuple[Any, Any]] = {}


state = State()
_lock = threading.Lock()
_users = 0  # how many threads and devices have autocast on: while none has, no operation pays for it


def set_enabled(kind: str, enabled: bool) -> None:
    """Switches autocast for one kind of device in this thread."""
    global _users
    if state.enabled[kind] is enabled:
        return
    state.enabled[kind] = enabled
    with _lock:
        _users += 1 if enabled else -1
        if enabled and _users == 1:
            observers.op_entered = (*observers.op_entered, cast_inputs)
        elif not _users:
            observers.op_entered = tuple(f for f in observers.op_entered if f is not cast_inputs)


def cast_inputs(op_class: type[Op], inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """What autocast does before an operation: the inputs in the type that its list prescribes."""
    name = op_class.__name__
    if name in LOW:
        return lowered(*inputs)
    if name in FULL:
        return full(*inputs)
    return full(*inputs, only="cuda") if name in FULL_ON_CUDA else inputs


def lowered(*inputs: Any) -> tuple[Any, ...]:
    """The inputs in autocast's type, where autocast is on for their device."""
    return tuple([_lower(t) if isinstance(t, TensorBase) else t for t in inputs])


def _lower(tensor: Any) -> Any:
    kind = "cpu" if tensor._array.__class__ is np.ndarray else "cuda"
    target = state.target[kind]
    if not state.enabled[kind] or tensor.dtype is target or not _eligible(tensor):
        return tensor
    # a weight is cast once for all its uses inside the outermost block
    keeps = state.cache_enabled and tensor.dtype is float32 and tensor._requires_grad and tensor._base is None
    if not keeps:
        return tensor.to(target)
    found = state.cache.get(id(tensor))
    if found is None or found[1].dtype is not target:
        found = state.cache[id(tensor)] = (tensor, tensor.to(target))  # held, so that its id stays its own
    return found[1]


def full(*inputs: Any, only: str = "") -> tuple[Any, ...]:
    """The inputs in float32, where autocast is on for their device."""
    if not observers.op_entered:
        return inputs
    return tuple([_raise(t, only) if isinstance(t, TensorBase) else t for t in inputs])


def _raise(tensor: Any, only: str) -> Any:
    kind = "cpu" if tensor._array.__class__ is np.ndarray else "cuda"
    if not state.enabled[kind] or only not in ("", kind) or not _eligible(tensor):
        return tensor
    return tensor.to(float32)


def enabled(kind: str = "cpu") -> bool:
    """Is autocast on, in this thread, for this kind of device?"""
    return bool(observers.op_entered) and state.enabled[kind]


def in_full(function: F) -> F:
    """For a function that is composed of several operations: under autocast it takes its tensors in float32."""

    @functools.wraps(function)
    def inside(*args: Any, **kwargs: Any) -> Any:
        if observers.op_entered:
            args = full(*args)
            kwargs = dict(zip(kwargs, full(*kwargs.values()), strict=True))
        return function(*args, **kwargs)

    return inside  # type: ignore[return-value]


def _eligible(tensor: Any) -> bool:
    kind: dtype = tensor.dtype
    return kind is not float64 and kind.is_floating_point


__all__ = ["DEFAULTS", "FULL", "FULL_ON_CUDA", "LOW", "enabled", "full", "in_full", "lowered", "set_enabled", "state"]
