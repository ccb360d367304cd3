"""The table of heavy operations: one entry per kernel, filled by each backend in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Array = Any
Kernel = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kernels:
    """What an op may ask of a backend besides plain NumPy expressions.

    Every field is a function on raw arrays. Geometry (`stride`, `padding`, `dilation`, `kernel`) comes as tuples with
    one number per spatial axis. Arrays are laid out (batch, channels, *space), in memory of any order.

    The NumPy functions of the same names (`numpy_convolution.py`, `numpy_pooling.py`, ...) are the reference: they say
    what each kernel means. Another backend replaces entries that it can compute faster, see `onednn.py`.
    """

    name: str

    # numpy_convolution.py
    convolution: Kernel  # (x, w, b, stride, padding, dilation, groups) -> y
    convolution_input_gradient: Kernel  # (grad, w, input_shape, stride, padding, dilation, groups) -> dx
    convolution_weight_gradient: Kernel  # (grad, x, weight_shape, stride, padding, dilation, groups) -> dw
    convolution_parameter_gradients: Kernel  # (grad, x, weight_shape, bias, stride, ...) -> (dw, db or None)

    # numpy_pooling.py
    max_pool: Kernel  # (x, kernel, stride, padding, dilation, ceil_mode) -> (y, memo)
    max_pool_gradient: Kernel  # (grad, memo) -> dx
    max_pool_indices: Kernel  # (memo) -> flat positions in the input plane
    avg_pool: Kernel  # (x, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override) -> y
    avg_pool_gradient: Kernel  # (grad, input_shape, kernel, stride, ... as above) -> dx
    adaptive_avg_pool: Kernel  # (x, output_size) -> y
    adaptive_avg_pool_gradient: Kernel  # (grad, input_shape) -> dx

    # numpy_normalization.py
    batch_norm_train: Kernel  # (x, weight, bias, eps) -> (y, mean, biased variance, memo)
    batch_norm_gradient: Kernel  # (grad, memo) -> (dx, dweight, dbias)
    batch_norm_infer: Kernel  # (x, weight, bias, mean, variance, eps) -> y
    layer_norm: Kernel  # (x, axes counted from the end, weight, bias, eps) -> (y, memo)
    layer_norm_gradient: Kernel  # (grad, memo) -> (dx, dweight, dbias)

    # numpy_softmax.py
    softmax: Kernel  # (x, axis) -> y
    softmax_gradient: Kernel  # (grad, y, axis) -> dx
    log_softmax: Kernel  # (x, axis) -> y
    log_softmax_gradient: Kernel  # (grad, y, axis) -> dx

    # numpy_linear.py
    matmul: Kernel  # (a, b) -> a @ b
    linear: Kernel  # (x, w, b) -> x @ w.T + b
    linear_input_gradient: Kernel  # (grad, w) -> dx
    linear_weight_gradient: Kernel  # (grad, x) -> dw

    # numpy_elementwise.py
    relu: Kernel  # (x) -> max(x, 0)
    relu_gradient: Kernel  # (grad, y) -> grad where y > 0
    exp: Kernel
    log: Kernel
    tanh: Kernel
    sigmoid: Kernel
    add: Kernel  # (a, b), two arrays of one shape
    subtract: Kernel
    multiply: Kernel
    erf: Kernel

    # numpy_scatter.py
    scatter_add: Kernel  # (target, axis, index, source), in place
    embedding_gradient: Kernel  # (grad, index, rows) -> dtable

    # numpy_lstm.py
    lstm: Kernel  # (x, h, c, w_ih, w_hh, b, reverse) -> (states, last state, last cell, memo)
    lstm_gradient: Kernel  # (dstates, dh, dc, memo) -> (dx, dh, dc, dw_ih, dw_hh, db)

    # numpy_optimizers.py
    sgd: Kernel
    adam: Kernel
