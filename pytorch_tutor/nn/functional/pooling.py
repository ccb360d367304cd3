"""Pooling over windows: the maximum or the average. See also adaptive_pooling.py and special_pooling.py."""

from __future__ import annotations

from math import prod
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.functional._arguments import Size, require_tensor, shape_text, tuple_of
from pytorch_tutor.ops.pooling import AvgPool2D, AvgPool3D, MaxPool2DWithIndices, MaxPool3DWithIndices

WORDS = {1: "one", 2: "two", 3: "three"}


# ---------------------------------------------------------------------- maximum
def max_pool2d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    r"""The largest value in each window; `stride` is the kernel's size unless given.

    Shapes: input (N, C, H, W) or (C, H, W); each spatial size becomes
    floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. With `return_indices` also the positions.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.max_pool2d(torch.arange(16.0).reshape(1, 1, 4, 4), 2)
    tensor([[[[ 5.,  7.],
              [13., 15.]]]])
    """
    require_tensor(input, "max_pool2d")
    return _max_pool("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool1d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """`max_pool2d` along one axis. Shapes: input (N, C, L) or (C, L)."""
    require_tensor(input, "max_pool1d")
    x = input._array
    k, p, d = (
        _lengths("max_pool1d", argument, value, 1)[0]
        for argument, value in (("kernel_size", kernel_size), ("padding", padding), ("dilation", dilation))
    )
    s = k if stride in (None, (), []) else _lengths("max_pool1d", "stride", stride, 1)[0]
    if x.ndim not in (2, 3) or 0 in x.shape[-2:]:
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, "
            f"but got:{shape_text(x.shape)}"
        )
    for value, name in ((k, "kernel_size"), (s, "stride"), (d, "dilation")):
        if value <= 0:
            raise RuntimeError(f"max_pool1d() {name} must be greater than zero, but got {value}")
    if p < 0 and return_indices:  # PyTorch's way with indices is that of two dimensions
        raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
    if p < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {p}")
    if p > k // 2:
        raise RuntimeError(
            f"max_pool1d() padding should be at most half of kernel size, but got padding={p} and kernel_size={k}"
        )
    length = _length(x.shape[-1], k, s, p, d, ceil_mode)
    if length <= 0:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {length}")
    y = _max_pool("max_pool2d", 2, input.unsqueeze(-2), (1, k), (1, s), (0, p), (1, d), ceil_mode, return_indices)
    if return_indices:
        return y[0].squeeze(-2), y[1].squeeze(-2)
    return y.squeeze(-2)


def max_pool3d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """`max_pool2d` along three axes. Shapes: input (N, C, D, H, W) or (C, D, H, W)."""
    require_tensor(input, "max_pool3d")
    return _max_pool("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool1d_with_indices(*args: Any, **kwargs: Any) -> Any:
    """`max_pool1d(..., return_indices=True)`."""
    return max_pool1d(*args, **{**kwargs, "return_indices": True})


def max_pool2d_with_indices(*args: Any, **kwargs: Any) -> Any:
    """`max_pool2d(..., return_indices=True)`."""
    return max_pool2d(*args, **{**kwargs, "return_indices": True})


def max_pool3d_with_indices(*args: Any, **kwargs: Any) -> Any:
    """`max_pool3d(..., return_indices=True)`."""
    return max_pool3d(*args, **{**kwargs, "return_indices": True})


def _max_pool(
    name: str,
    axes: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    indices: bool,
) -> Any:
    kernel = _lengths(name, "kernel_size", kernel_size, axes)
    stride = kernel if stride is None or stride == () or stride == [] else _lengths(name, "stride", stride, axes)
    padding = _lengths(name, "padding", padding, axes)
    dilation = _lengths(name, "dilation", dilation, axes)
    x = input._array
    if x.ndim not in (axes + 1, axes + 2):
        if axes == 1 or x.ndim in (axes + 1, axes + 2):
            raise RuntimeError(_expected(axes, x.shape))
        raise lesson(
            RuntimeError(f"non-empty {axes + 1}D or {axes + 2}D (batch mode) tensor expected for input"),
            expected=f"(N, C, {', '.join('DHW'[-axes:])})",
            got=shape_text(x.shape),
            hint="x.unsqueeze(0)",
        )
    _check_window(axes, x, kernel, stride, padding, dilation, ceil_mode, is_max=True)
    batched = x.ndim == axes + 2
    if not batched:
        input = input.unsqueeze(0)
    op = MaxPool2DWithIndices if axes == 2 else MaxPool3DWithIndices
    options = (kernel, stride, padding, dilation, ceil_mode)
    if not indices:
        y = apply(op, input, options=options)
        return y if batched else y.squeeze(0)
    y, where = apply(op, input, options=options, indices=True)
    return (y, where) if batched else (y.squeeze(0), where.squeeze(0))


def _lengths(name: str, argument: str, value: Any, axes: int) -> tuple[int, ...]:
    if value.__class__ is int:
        return (value,) * axes
    if isinstance(value, (str, float)):
        at = " (position 2)" if argument == "kernel_size" and name.startswith("max") else ""
        raise TypeError(f"{name}(): argument '{argument}'{at} must be tuple of ints, not {type(value).__name__}")
    found = tuple(value) if isinstance(value, (tuple, list)) else (int(value),)
    if len(found) == 1:
        return found * axes
    if axes == 1:
        raise RuntimeError(
            f"{name}() {argument} must be an int, list of ints or tuple of ints of size 1 but got size {len(found)}"
            if name == "max_pool1d"
            else f"{name}() argument '{argument}' should contain one int (got {len(found)})"
        )
    if len(found) != axes:
        omitted = "be omitted, a single int" if argument == "stride" else "be a single int"
        either = "" if name == "avg_pool3d" and argument != "stride" else "either "
        raise RuntimeError(f"{name}: {argument} must {either}{omitted}, or a tuple of {WORDS[axes]} ints")
    return found


def _expected(axes: int, shape: Any) -> str:
    return (
        f"Expected {axes + 1}D or {axes + 2}D (batch mode) tensor with optional 0 dim batch size for input, "
        f"but got:{shape_text(shape)}"
    )


def _empty_axis(is_max: bool, shape: Any) -> str:
    """What pooling in three dimensions says of an axis of length zero; the first axis may be one, if it is a batch."""
    name = "max_pool3d_with_indices_out_cpu_template()" if is_max else "avg_pool3d()"
    return (
        f"{name}: Expected input's non-batch dimensions to have positive length, but input has a shape of "
        f"{shape_text(shape)} and non-batch dimension 0 has length zero!"
    )


def _length(size: int, k: int, s: int, p: int, d: int, ceil_mode: bool) -> int:
    """How many windows fit along an axis; with `ceil_mode` a partial one counts if it starts inside."""
    span = size + 2 * p - d * (k - 1) - 1
    count = (span + (s - 1 if ceil_mode else 0)) // s + 1
    return count - 1 if ceil_mode and (count - 1) * s >= size + p else count


def _check_window(
    axes: int, x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool, is_max: bool
) -> None:
    if 0 in stride:
        raise RuntimeError("stride should not be zero")
    for k, p, d in zip(kernel, padding, dilation, strict=True):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > abs(d * (k - 1) + 1) // 2:
            raise lesson(
                RuntimeError(
                    "pad should be at most half of effective kernel size, "
                    f"but got pad={p}, kernel_size={k} and dilation={d}"
                ),
                expected=f"padding <= {(d * (k - 1) + 1) // 2}",
                got=p,
                hint="a window must not see padding only",
            )
    if min(kernel) <= 0:
        letters = "kT: {} kH: {} kW: {}" if axes == 3 else "kH: {} kW: {}"
        raise RuntimeError("kernel size should be greater than zero, but got " + letters.format(*kernel))
    if min(stride) <= 0:
        letters = "dT: {} dH: {} dW: {}" if axes == 3 else "dH: {} dW: {}"
        raise RuntimeError("stride should be greater than zero, but got " + letters.format(*stride))
    if min(dilation) <= 0:
        letters = "dilationT: {} dilationH: {} dilationW: {}" if axes == 3 else "dilationH: {} dilationW: {}"
        raise RuntimeError("dilation should be greater than zero, but got " + letters.format(*dilation))
    if 0 in x.shape[-axes - 1 :]:
        raise RuntimeError(_expected(axes, x.shape) if axes < 3 else _empty_axis(is_max, x.shape))
    out = [
        _length(n, k, s, p, d, ceil_mode)
        for n, k, s, p, d in zip(x.shape[-axes:], kernel, stride, padding, dilation, strict=True)
    ]
    if axes == 3 and not is_max and any(n + 2 * p < k for n, p, k in zip(x.shape[-3:], padding, kernel, strict=True)):
        image, window = (
            " ".join(f"{pre}{a}: {n}" for a, n in zip("THW", sizes, strict=True))
            for pre, sizes in (("", x.shape[-3:]), ("k", kernel))
        )
        raise RuntimeError(f"input image ({image}) smaller than kernel size ({window})")
    if min(out) < 1:
        channels = x.shape[-axes - 1]
        before = "x".join(map(str, (channels, *x.shape[-axes:])))
        after = "x".join(map(str, (channels, *out)))
        raise lesson(
            RuntimeError(f"Given input size: ({before}). Calculated output size: ({after}). Output size is too small"),
            expected=f"a picture of at least {' x '.join(map(str, kernel))}",
            got=" x ".join(map(str, x.shape[-axes:])),
            hint="fewer pooling layers, or a larger picture",
        )


# ---------------------------------------------------------------------- average
def avg_pool2d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The average of each window; padding counts as zeros unless `count_include_pad=False`.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.avg_pool2d(torch.arange(16.0).reshape(1, 1, 4, 4), 2)
    tensor([[[[ 2.5000,  4.5000],
              [10.5000, 12.5000]]]])
    """
    require_tensor(input, "avg_pool2d")
    return _avg_pool(
        "avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def avg_pool1d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """`avg_pool2d` along one axis. Shapes: input (N, C, L) or (C, L)."""
    require_tensor(input, "avg_pool1d")
    if input.dim() not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.dim()}-dimensional tensor for argument #1 'self' "
            "(while checking arguments for avg_pool1d)"
        )
    k, p = _lengths("avg_pool1d", "kernel_size", kernel_size, 1)[0], _lengths("avg_pool1d", "padding", padding, 1)[0]
    s = k if stride in (None, (), []) else _lengths("avg_pool1d", "stride", stride, 1)[0]
    y = _avg_pool("avg_pool2d", 2, input.unsqueeze(-2), (1, k), (1, s), (0, p), ceil_mode, count_include_pad, None)
    return y.squeeze(-2)


def avg_pool3d(
    input: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """`avg_pool2d` along three axes."""
    require_tensor(input, "avg_pool3d")
    return _avg_pool(
        "avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def _avg_pool(
    name: str,
    axes: int,
    input: Any,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: int | None,
) -> Any:
    kernel = _lengths(name, "kernel_size", kernel_size, axes)
    stride = kernel if stride is None or stride == () or stride == [] else _lengths(name, "stride", stride, axes)
    padding = _lengths(name, "padding", padding, axes)
    if divisor == 0:
        raise RuntimeError("divisor must be not zero")
    x = input._array
    if x.ndim not in (axes + 1, axes + 2):
        if axes == 2:
            if x.ndim < axes + 1:
                input.size(-axes - 1)
            raise RuntimeError(_expected(axes, x.shape))
        raise RuntimeError(f"non-empty {axes + 1}D or {axes + 2}D (batch mode) tensor expected for input")
    _check_window(axes, x, kernel, stride, padding, (1,) * axes, ceil_mode, is_max=False)
    op = AvgPool2D if axes == 2 else AvgPool3D
    options = (kernel, stride, padding, ceil_mode, count_include_pad, divisor)
    if x.ndim == axes + 2:
        return apply(op, input, options=options)
    return apply(op, input.unsqueeze(0), options=options).squeeze(0)


# ---------------------------------------------------------------------- power average
def lp_pool1d(
    input: Any, norm_type: float, kernel_size: Size, stride: Size | None = None, ceil_mode: bool = False
) -> Any:
    r"""$\sqrt[p]{\sum x^p}$ over each window along one axis."""
    return _lp_pool(max_pool1d, avg_pool1d, input, norm_type, tuple_of(kernel_size, 1), stride, ceil_mode)


def lp_pool2d(
    input: Any, norm_type: float, kernel_size: Size, stride: Size | None = None, ceil_mode: bool = False
) -> Any:
    r"""$\sqrt[p]{\sum x^p}$ over each window along two axes."""
    return _lp_pool(max_pool2d, avg_pool2d, input, norm_type, tuple_of(kernel_size, 2), stride, ceil_mode)


def lp_pool3d(
    input: Any, norm_type: float, kernel_size: Size, stride: Size | None = None, ceil_mode: bool = False
) -> Any:
    r"""$\sqrt[p]{\sum x^p}$ over each window along three axes."""
    return _lp_pool(max_pool3d, avg_pool3d, input, norm_type, tuple_of(kernel_size, 3), stride, ceil_mode)


def _lp_pool(largest: Any, average: Any, input: Any, p: float, kernel: Any, stride: Any, ceil_mode: bool) -> Any:
    if p == float("inf"):
        return largest(input.abs(), kernel, stride, 0, 1, ceil_mode)
    if p == -float("inf"):
        return -largest(-input.abs(), kernel, stride, 0, 1, ceil_mode)
    # With a stride of its own PyTorch passes ceil_mode on; the mean times the window's size is the sum.
    mean = average(input.pow(p), kernel, stride, 0, ceil_mode)
    positive = mean.sign() * mean.abs().relu()
    return positive.mul(prod(kernel)).pow(1.0 / p)
