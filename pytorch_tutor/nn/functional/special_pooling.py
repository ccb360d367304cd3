"""Rarer poolings: windows at random places, and putting pooled values back where they were found."""

from __future__ import annotations

from math import prod
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.functions.random import rand
from pytorch_tutor.nn.functional._arguments import Size, shape_text, tuple_of
from pytorch_tutor.ops.pooling import FractionalMaxPool2D, FractionalMaxPool3D, MaxUnpool2D, MaxUnpool3D


def fractional_max_pool2d(
    input: Any,
    kernel_size: Size,
    output_size: Size | None = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    """Maximum over windows whose places are drawn so that the output has `output_size`."""
    return _fractional(2, input, kernel_size, output_size, output_ratio, return_indices, _random_samples)


def fractional_max_pool3d(
    input: Any,
    kernel_size: Size,
    output_size: Size | None = None,
    output_ratio: Any = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    """`fractional_max_pool2d` along three axes."""
    return _fractional(3, input, kernel_size, output_size, output_ratio, return_indices, _random_samples)


def fractional_max_pool2d_with_indices(*args: Any, **kwargs: Any) -> Any:
    """`fractional_max_pool2d(..., return_indices=True)`."""
    return fractional_max_pool2d(*args, **{**kwargs, "return_indices": True})


def fractional_max_pool3d_with_indices(*args: Any, **kwargs: Any) -> Any:
    """`fractional_max_pool3d(..., return_indices=True)`."""
    return fractional_max_pool3d(*args, **{**kwargs, "return_indices": True})


def _fractional(
    axes: int, input: Any, kernel_size: Any, output_size: Any, ratio: Any, return_indices: bool, samples: Any
) -> Any:
    name = f"fractional_max_pool{axes}d"
    if output_size is None and ratio is None:
        raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
    if output_size is None:
        if isinstance(ratio, (tuple, list)) and len(ratio) > axes:
            raise ValueError(f"{name} requires output_ratio to either be a single Int or tuple of Ints.")
        ratios = tuple_of(ratio, axes)
        output_size = tuple(int(n * r) for n, r in zip(input.shape[-axes:], ratios, strict=True))
    kernel, size = tuple_of(kernel_size, axes), tuple_of(output_size, axes)
    batched = input.dim() == axes + 2
    if input.dim() not in (axes + 1, axes + 2):
        raise RuntimeError(f"{name}(): Expected {axes + 1}D or {axes + 2}D tensor, but got: {shape_text(input.shape)}")
    whole = input if batched else input.unsqueeze(0)
    if samples is None:
        samples = rand(whole.shape[0], whole.shape[1], axes, dtype=input.dtype)
    letters = ("time", "height", "width")[-axes:]
    for letter, n, k, m in zip(letters, whole.shape[2:], kernel, size, strict=True):
        if m + k - 1 > n:
            raise RuntimeError(f"{name}(): pool {letter} {k} too large relative to input {letter} {n}")
    y, where = apply(
        FractionalMaxPool2D if axes == 2 else FractionalMaxPool3D,
        whole,
        kernel=kernel,
        size=size,
        samples=samples._array,
    )
    if not batched:
        y, where = y.squeeze(0), where.squeeze(0)
    return (y, where) if return_indices else y


# ---------------------------------------------------------------------- the way back
def max_unpool1d(
    input: Any, indices: Any, kernel_size: Size, stride: Any = None, padding: Size = 0, output_size: Any = None
) -> Any:
    """Puts values back where `max_pool1d` found them, zeros elsewhere."""
    size = _unpooled(1, input, kernel_size, stride, padding, output_size)
    return _unpool(2, input.unsqueeze(-1), indices.unsqueeze(-1), (*size, 1)).squeeze(-1)


def max_unpool2d(
    input: Any, indices: Any, kernel_size: Size, stride: Any = None, padding: Size = 0, output_size: Any = None
) -> Any:
    """Puts values back where `max_pool2d` found them, zeros elsewhere."""
    return _unpool(2, input, indices, _unpooled(2, input, kernel_size, stride, padding, output_size))


def max_unpool3d(
    input: Any, indices: Any, kernel_size: Size, stride: Any = None, padding: Size = 0, output_size: Any = None
) -> Any:
    """Puts values back where `max_pool3d` found them, zeros elsewhere."""
    return _unpool(3, input, indices, _unpooled(3, input, kernel_size, stride, padding, output_size))


def _unpooled(axes: int, input: Any, kernel_size: Any, stride: Any, padding: Any, output_size: Any) -> tuple[int, ...]:
    kernel, padding = tuple_of(kernel_size, axes), tuple_of(padding, axes)
    stride = kernel if stride in (None, (), []) else tuple_of(stride, axes)
    usual = tuple(
        (n - 1) * s + k - 2 * p for n, s, k, p in zip(input.shape[-axes:], stride, kernel, padding, strict=True)
    )
    found = usual
    if output_size is not None:
        found = tuple(output_size)
        if len(found) == axes + 2:
            found = found[2:]
        if len(found) != axes:
            raise ValueError(
                f"output_size should be a sequence containing {axes} or {axes + 2} elements, "
                f"but it has a length of '{len(found)}'"
            )
        for d, (size, expected, s) in enumerate(zip(found, usual, stride, strict=True)):
            if not expected - s < size < expected + s:
                raise ValueError(
                    f'invalid output_size "{output_size}" (dim {d} must be between {expected - s} and {expected + s})'
                )
    for d, size in enumerate(found):
        if size < 0:
            raise ValueError(
                "max_unpooling: output_size must contain non-negative spatial dimensions, "
                f"but got output_size[{d}]={size}"
            )
    return found


def _unpool(axes: int, input: Any, indices: Any, size: tuple[int, ...]) -> Any:
    if indices._array.dtype != "int64":
        raise RuntimeError(f"elements in indices should be type int64 but got: {indices.dtype.name.capitalize()}")
    if input.shape != indices.shape:
        raise RuntimeError(
            f"Expected shape of indices to be same as that of the input tensor ({shape_text(input.shape)}) "
            f"but got indices tensor with shape: {shape_text(indices.shape)}"
        )
    batched = input.dim() == axes + 2
    if input.dim() not in (axes + 1, axes + 2):
        raise RuntimeError(
            f"Input to max_unpooling{axes}d should be a {axes + 1}d or {axes + 2}d Tensor, "
            f"but got tensor with dimension: {input.dim()}"
        )
    whole, where = (input, indices) if batched else (input.unsqueeze(0), indices.unsqueeze(0))
    wrong = (where._array < 0) | (where._array >= prod(size))
    if wrong.any():
        raise RuntimeError(
            f"Found an invalid max index: {int(where._array[wrong][0])} "
            f"(output volumes are of size {'x'.join(map(str, size))}"
        )
    y = apply(MaxUnpool2D if axes == 2 else MaxUnpool3D, whole, indices=where._array, size=size)
    return y if batched else y.squeeze(0)
