"""Convolution by matrix multiplication: every window becomes a row, every filter a column (im2col).

Inside, memory is channels-last, (batch, *space, channels): the channels that a filter sums lie side by side. Results
keep the public shape (batch, channels, *space); only their strides tell.

Method: K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural networks for document processing",
2006.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from pytorch_tutor.backends.arrays import namespace
from pytorch_tutor.backends.numpy_windows import offsets, output_sizes, pad_space, padded_sizes, windows

Array = Any
Ints = Sequence[int]

COLUMN_BYTES = 4 << 20  # the rows of one block of images stay in the cache between being written and multiplied


def convolution(
    x: Array, w: Array, b: Array | None, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> Array:
    r"""y[n, o, t] = b[o] + \sum_{c, k} w[o, c, k] x[n, c, t stride + k dilation - padding].

    x (N, C, *space), w (O, C / groups, *kernel), b (O) or None; y (N, O, *out), channels-last in memory.
    """
    xp = namespace(x)
    dtype = xp.result_type(x, w)
    work = _working_dtype(xp, dtype)
    kernel = w.shape[2:]
    out = output_sizes(x.shape[2:], kernel, stride, padding, dilation)
    filters = _filters(xp, w.astype(work, copy=False), groups)
    y = xp.empty((x.shape[0], *out, w.shape[0]), work)
    for block, rows in _rows(xp, x, work, out, kernel, stride, padding, dilation, groups):
        product = xp.matmul(rows, filters.transpose(0, 2, 1))  # (G, rows, O / G)
        y[block] = product.transpose(1, 0, 2).reshape(y[block].shape)
    if b is not None:
        y += b
    return xp.moveaxis(y, -1, 1).astype(dtype, copy=False)


def convolution_input_gradient(
    grad: Array, w: Array, input_shape: Ints, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> Array:
    r"""\bar x: each output gradient, times its filter, is added to the window that it came from."""
    xp = namespace(grad)
    dtype = xp.result_type(grad, w)
    work = _working_dtype(xp, dtype)
    batch, channels, *space = input_shape
    kernel, out = w.shape[2:], grad.shape[2:]
    sizes = padded_sizes(space, out, kernel, stride, padding, dilation)
    filters = _filters(xp, w.astype(work, copy=False), groups)
    last = xp.moveaxis(grad, 1, -1).astype(work, copy=False)
    dx = xp.zeros((batch, *sizes, channels), work)
    for block in _blocks(batch, prod(out) * prod(kernel) * channels * work.itemsize):
        images = last[block].shape[0]
        grouped = last[block].reshape(images * prod(out), groups, -1).transpose(1, 0, 2)
        rows = xp.matmul(grouped, filters).transpose(1, 0, 2)  # (rows, G, places * C / G)
        rows = rows.reshape(images, *out, groups, prod(kernel), channels // groups)
        for place, index in enumerate(offsets(out, kernel, stride, dilation)):
            part = rows[..., place, :]
            dx[block][index] += part.reshape(*part.shape[:-2], channels)
    inside = tuple(slice(p, p + n) for p, n in zip(padding, space, strict=True))
    return xp.moveaxis(dx[(slice(None), *inside)], -1, 1).astype(dtype, copy=False)


def convolution_weight_gradient(
    grad: Array, x: Array, weight_shape: Ints, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> Array:
    r"""\bar w[o, c, k] = \sum_{n, t} \bar y[n, o, t] x[n, c, t stride + k dilation - padding]."""
    xp = namespace(grad)
    dtype = xp.result_type(grad, x)
    work = _working_dtype(xp, dtype)
    kernel, out = tuple(weight_shape[2:]), grad.shape[2:]
    per_group = weight_shape[1]
    last = xp.moveaxis(grad, 1, -1).astype(work, copy=False)
    dw = xp.zeros((groups, weight_shape[0] // groups, prod(kernel) * per_group), work)
    for block, rows in _rows(xp, x, work, out, kernel, stride, padding, dilation, groups):
        grouped = last[block].reshape(rows.shape[1], groups, -1).transpose(1, 2, 0)
        dw += xp.matmul(grouped, rows)
    dw = dw.reshape(weight_shape[0], *kernel, per_group)
    return xp.ascontiguousarray(xp.moveaxis(dw, -1, 1)).astype(dtype, copy=False)


def convolution_parameter_gradients(
    grad: Array, x: Array, weight_shape: Ints, bias: bool, stride: Ints, padding: Ints, dilation: Ints, groups: int = 1
) -> tuple[Array, Array | None]:
    """The gradients of weight and bias (None where there is no bias) together: some backends do both in one pass."""
    dw = convolution_weight_gradient(grad, x, weight_shape, stride, padding, dilation, groups)
    return dw, grad.sum(axis=(0, *range(2, grad.ndim))) if bias else None


def _working_dtype(xp: Any, dtype: Any) -> Any:
    """Half precision is multiplied in float32 and rounded once at the end, as PyTorch does."""
    return xp.dtype(xp.float32) if dtype == xp.float16 else xp.dtype(dtype)


def _filters(xp: Any, w: Array, groups: int) -> Array:
    """(O, C / G, *kernel) -> (G, O / G, places * C / G), in the order of the rows."""
    return xp.moveaxis(w, 1, -1).reshape(groups, w.shape[0] // groups, prod(w.shape[1:]))


def _blocks(batch: int, bytes_per_image: int) -> Iterator[slice]:
    step = max(1, COLUMN_BYTES // max(1, bytes_per_image))
    for start in range(0, batch, step):
        yield slice(start, min(start + step, batch))


def _rows(
    xp: Any, x: Array, work: Any, out: Ints, kernel: Ints, stride: Ints, padding: Ints, dilation: Ints, groups: int
) -> Iterator[tuple[slice, Array]]:
    """Blocks of images and their windows as rows: (G, windows of the block, places * C / G)."""
    batch, channels, *space = x.shape
    sizes = padded_sizes(space, out, kernel, stride, padding, dilation)
    last = pad_space(xp, xp.moveaxis(x, 1, -1).astype(work, copy=False), sizes, padding, 0)
    for block in _blocks(batch, prod(out) * prod(kernel) * channels * work.itemsize):
        seen = windows(xp, last[block], out, kernel, stride, dilation)
        images = seen.shape[0]
        split = seen.reshape(images * prod(out), prod(kernel), groups, channels // groups)
        yield block, split.transpose(2, 0, 1, 3).reshape(groups, images * prod(out), -1)
