"""Convolution and its two gradients by oneDNN, on channels-last memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy

from pytorch_tutor.backends import numpy_convolution as reference
from pytorch_tutor.backends import onednn_library as dnnl
from pytorch_tutor.backends.numpy_windows import output_sizes
from pytorch_tutor.backends.onednn_primitive import (
    CACHED,
    Descriptions,
    Primitive,
    address,
    channels_last,
    dims,
    empty_channels_last,
    loaded,
    lock,
    row_major,
    scratch,
)

Array = Any
Ints = Sequence[int]
FLOAT = numpy.dtype(numpy.float32)


class Plan:
    """A prepared convolution and the copy between PyTorch's order of weights and the one that it likes."""

    __slots__ = ("main", "reorder", "size")

    def __init__(self, main: Primitive, reorder: Primitive | None, size: int) -> None:
        self.main, self.reorder, self.size = main, reorder, size


def convolution(
    x: Array, w: Array, b: Array | None, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> Array:
    """See the reference."""
    plan = None
    if x.dtype == FLOAT == w.dtype and x.ndim in (3, 4, 5):
        plan = _plan("forward", x.shape, w.shape, b is not None, tuple(stride), tuple(padding), tuple(dilation), groups)
    if plan is None:
        return reference.convolution(x, w, b, stride, padding, dilation, groups)
    out = output_sizes(x.shape[2:], w.shape[2:], stride, padding, dilation)
    y = empty_channels_last((x.shape[0], w.shape[0], *out))
    x, w = channels_last(x), numpy.ascontiguousarray(w)
    biases = () if b is None else (numpy.ascontiguousarray(b, FLOAT),)
    with lock:
        weights = _preferred(plan, w)
        plan.main(address(x), weights, *map(address, biases), address(y))
    return y


def convolution_input_gradient(
    grad: Array, w: Array, input_shape: Ints, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> Array:
    """See the reference."""
    plan = None
    shape = tuple(input_shape)
    if grad.dtype == FLOAT == w.dtype and grad.ndim in (3, 4, 5):
        plan = _plan("input", shape, w.shape, False, tuple(stride), tuple(padding), tuple(dilation), groups)
    if plan is None:
        return reference.convolution_input_gradient(grad, w, shape, stride, padding, dilation, groups)
    dx = empty_channels_last(shape)
    grad, w = channels_last(grad), numpy.ascontiguousarray(w)
    with lock:
        weights = _preferred(plan, w)
        plan.main(address(grad), weights, address(dx))
    return dx


def convolution_weight_gradient(
    grad: Array, x: Array, weight_shape: Ints, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> Array:
    """See the reference."""
    return convolution_parameter_gradients(grad, x, weight_shape, False, stride, padding, dilation, groups)[0]


def convolution_parameter_gradients(
    grad: Array, x: Array, weight_shape: Ints, bias: bool, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> tuple[Array, Array | None]:
    """See the reference."""
    plan = None
    shape = tuple(weight_shape)
    if grad.dtype == FLOAT == x.dtype and grad.ndim in (3, 4, 5):
        plan = _plan("weight", x.shape, shape, bias, tuple(stride), tuple(padding), tuple(dilation), groups)
    if plan is None:
        return reference.convolution_parameter_gradients(grad, x, shape, bias, stride, padding, dilation, groups)
    dw = numpy.empty(shape, FLOAT)
    db = numpy.empty(shape[0], FLOAT) if bias else None
    grad, x = channels_last(grad), channels_last(x)
    with lock:
        target = address(dw) if plan.reorder is None else scratch(plan.size)
        plan.main(address(x), address(grad), target, *(() if db is None else (address(db),)))
        if plan.reorder is not None:
            plan.reorder(target, address(dw))
    return dw, db


def _preferred(plan: Plan, w: Array) -> int:
    """The address of the weights in the order that the plan wants, copied into scratch space if need be."""
    if plan.reorder is None:
        return address(w)
    target = scratch(plan.size)
    plan.reorder(address(w), target)
    return target


@lru_cache(maxsize=CACHED)
def _plan(
    what: str,
    input_shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    bias: bool,
    stride: tuple[int, ...],
    padding: tuple[int, ...],
    dilation: tuple[int, ...],
    groups: int,
) -> Plan | None:
    """Prepare one of the three computations; None where oneDNN cannot (the reference then takes over)."""
    out = output_sizes(input_shape[2:], weight_shape[2:], stride, padding, dilation)
    if min(*input_shape, *weight_shape, *out) <= 0:
        return None
    lib = loaded()
    out_channels, per_group, *kernel = weight_shape
    # oneDNN writes the group as an axis of its own, and a dilation of 1 as 0.
    grouped = weight_shape if groups == 1 else (groups, out_channels // groups, per_group, *kernel)
    geometry = (dims(stride), dims([d - 1 for d in dilation]), dims(padding), dims(padding))
    with Descriptions(lib) as new:
        source = new.channels_last(input_shape)
        target = new.channels_last((input_shape[0], out_channels, *out))
        ours, best = new.strided(grouped, row_major(grouped)), new.any(grouped)
        biases = new.plain((out_channels,)) if bias else None
        try:
            forward = new.operation(
                "convolution_forward",
                dnnl.INFERENCE if what == "forward" else dnnl.TRAINING,
                dnnl.CONVOLUTION_DIRECT,
                source,
                best,
                biases,
                target,
                *geometry,
                None,
            )
            if what == "forward":
                theirs = lib.query(forward, dnnl.QUERY_WEIGHTS, 0)
                roles = [
                    (dnnl.SRC, source),
                    (dnnl.WEIGHTS, theirs),
                    *([(dnnl.BIAS, biases)] if biases else []),
                    (dnnl.DST, target),
                ]
                main = Primitive(lib, forward, roles)
            elif what == "input":
                backward = new.operation(
                    "convolution_backward_data", dnnl.CONVOLUTION_DIRECT, source, best, target, *geometry, forward, None
                )
                theirs = lib.query(backward, dnnl.QUERY_WEIGHTS, 0)
                main = Primitive(
                    lib, backward, [(dnnl.DIFF_DST, target), (dnnl.WEIGHTS, theirs), (dnnl.DIFF_SRC, source)]
                )
            else:
                backward = new.operation(
                    "convolution_backward_weights",
                    dnnl.CONVOLUTION_DIRECT,
                    source,
                    best,
                    biases,
                    target,
                    *geometry,
                    forward,
                    None,
                )
                theirs = lib.query(backward, dnnl.QUERY_DIFF_WEIGHTS, 0)
                roles = [(dnnl.SRC, source), (dnnl.DIFF_DST, target), (dnnl.DIFF_WEIGHTS, theirs)]
                main = Primitive(lib, backward, [*roles, *([(dnnl.DIFF_BIAS, biases)] if biases else [])])
            if lib.equal(ours, theirs):
                return Plan(main, None, 0)
            pair = (theirs, ours) if what == "weight" else (ours, theirs)
            reorder = Primitive(lib, new.reorder(*pair), [(dnnl.SRC, pair[0]), (dnnl.DST, pair[1])])
            return Plan(main, reorder, lib.size(theirs))
        except dnnl.UnsupportedError:
            return None
