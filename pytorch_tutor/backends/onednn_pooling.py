"""Pooling by oneDNN, on channels-last memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends import numpy_pooling as reference
from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.numpy_pooling import MaxPool
from pytorch_tutor.backends.numpy_windows import output_sizes, padded_sizes
from pytorch_tutor.backends.onednn_primitive import (
    CACHED,
    Descriptions,
    Primitive,
    address,
    channels_last,
    dims,
    empty_channels_last,
    has_nan,
    loaded,
)

Array = Any
Ints = Sequence[int]
FLOAT = numpy.dtype(numpy.float32)


class Plan:
    """A prepared pooling: forward, backward, the output's shape and the bytes that remember the winners."""

    __slots__ = ("backward", "forward", "shape", "workspace")

    def __init__(self, forward: Primitive, backward: Primitive, shape: tuple[int, ...], workspace: int) -> None:
        self.forward, self.backward, self.shape, self.workspace = forward, backward, shape, workspace


class Winners:
    """The memo of `max_pool`: oneDNN's own record of the winners, and what the reference needs for the indices."""

    __slots__ = ("plan", "reference", "workspace")

    def __init__(self, plan: Plan, workspace: Array, memo: MaxPool) -> None:
        self.plan, self.workspace, self.reference = plan, workspace, memo


def max_pool(
    x: Array, kernel: Ints, stride: Ints, padding: Ints, dilation: Ints, ceil_mode: bool = False
) -> tuple[Array, Any]:
    """See the reference."""
    plan = None
    if x.dtype == FLOAT and x.ndim in (3, 4, 5):
        plan = _plan(dnnl.MAX, x.shape, tuple(kernel), tuple(stride), tuple(padding), tuple(dilation), ceil_mode)
    if plan is None or has_nan(x):
        return reference.max_pool(x, kernel, stride, padding, dilation, ceil_mode)
    y = empty_channels_last(plan.shape)
    workspace = numpy.empty(plan.workspace, numpy.uint8)
    last = channels_last(x)
    plan.forward(address(last), address(y), address(workspace))
    memo = MaxPool(x, y, tuple(kernel), tuple(stride), tuple(padding), tuple(dilation))
    return y, Winners(plan, workspace, memo)


def max_pool_gradient(grad: Array, memo: Any) -> Array:
    """See the reference."""
    if not isinstance(memo, Winners):
        return reference.max_pool_gradient(grad, memo)
    if grad.dtype != FLOAT:
        return reference.max_pool_gradient(grad, memo.reference)
    dx = empty_channels_last(memo.reference.x.shape)
    last = channels_last(grad)
    memo.plan.backward(address(last), address(dx), address(memo.workspace))
    return dx


def max_pool_indices(memo: Any) -> Array:
    """See the reference."""
    return reference.max_pool_indices(memo.reference if isinstance(memo, Winners) else memo)


def avg_pool(
    x: Array,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """See the reference."""
    plan = None
    if divisor_override is None:
        plan = _average(x.dtype, x.shape, kernel, stride, padding, ceil_mode, count_include_pad)
    if plan is None:
        return reference.avg_pool(x, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override)
    y = empty_channels_last(plan.shape)
    last = channels_last(x)
    plan.forward(address(last), address(y))
    return y


def avg_pool_gradient(
    grad: Array,
    input_shape: Ints,
    kernel: Ints,
    stride: Ints,
    padding: Ints,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    """See the reference."""
    shape = tuple(input_shape)
    plan = None
    if divisor_override is None:
        plan = _average(grad.dtype, shape, kernel, stride, padding, ceil_mode, count_include_pad)
    if plan is None:
        geometry = (kernel, stride, padding, ceil_mode, count_include_pad, divisor_override)
        return reference.avg_pool_gradient(grad, shape, *geometry)
    dx = empty_channels_last(shape)
    last = channels_last(grad)
    plan.backward(address(last), address(dx))
    return dx


def _average(
    dtype: Any, shape: tuple[int, ...], kernel: Ints, stride: Ints, padding: Ints, ceil_mode: bool, with_padding: bool
) -> Plan | None:
    """A prepared average, where oneDNN divides by the same number as PyTorch: not for a partial window at the end."""
    if dtype != FLOAT or len(shape) not in (3, 4, 5):
        return None
    once = (1,) * len(kernel)
    if ceil_mode:
        whole = output_sizes(shape[2:], kernel, stride, padding, once)
        if whole != output_sizes(shape[2:], kernel, stride, padding, once, ceil_mode):
            return None
    kind = dnnl.AVERAGE_WITH_PADDING if with_padding else dnnl.AVERAGE_WITHOUT_PADDING
    return _plan(kind, shape, tuple(kernel), tuple(stride), tuple(padding), once, False)


@lru_cache(maxsize=CACHED)
def _plan(
    kind: int,
    shape: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    ceil_mode: bool,
) -> Plan | None:
    """Prepare forward and backward; None where oneDNN cannot (the reference then takes over)."""
    space = shape[2:]
    out = output_sizes(space, kernel, stride, padding, dilation, ceil_mode)
    if min(*shape, *out) <= 0:
        return None
    lib = loaded()
    result = (*shape[:2], *out)
    reached = padded_sizes(space, out, kernel, stride, padding, dilation)
    after = [r - n - p for r, n, p in zip(reached, space, padding, strict=True)]
    geometry = (dims(stride), dims(kernel), dims([d - 1 for d in dilation]), dims(padding), dims(after))
    with Descriptions(lib) as new:
        source, target = new.channels_last(shape), new.channels_last(result)
        try:
            mode = dnnl.TRAINING if kind == dnnl.MAX else dnnl.INFERENCE
            forward = new.operation("pooling_forward", mode, kind, source, target, *geometry, None)
            hint = (
                forward
                if kind == dnnl.MAX
                else new.operation("pooling_forward", dnnl.TRAINING, kind, source, target, *geometry, None)
            )
            backward = new.operation("pooling_backward", kind, source, target, *geometry, hint, None)
            memory = lib.query(hint, dnnl.QUERY_WORKSPACE, 0) if kind == dnnl.MAX else None
            extra = [(dnnl.WORKSPACE, memory)] if memory else []
            return Plan(
                Primitive(lib, forward, [(dnnl.SRC, source), (dnnl.DST, target), *extra]),
                Primitive(lib, backward, [(dnnl.DIFF_DST, target), (dnnl.DIFF_SRC, source), *extra]),
                result,
                lib.size(memory) if memory else 0,
            )
        except dnnl.UnsupportedError:
            return None
