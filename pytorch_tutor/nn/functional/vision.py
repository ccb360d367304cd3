"""Pictures rearranged and read at other places: pixel shuffle, unfold and fold, spatial transformers."""

from __future__ import annotations

import warnings
from math import prod
from typing import Any

from pytorch_tutor.backends import namespace
from pytorch_tutor.dispatch import apply
from pytorch_tutor.nn.functional._arguments import Size, require_tensor, shape_text, tuple_of
from pytorch_tutor.ops import vision as ops
from pytorch_tutor.ops.grid_sample import GridSampler2D, GridSampler3D
from pytorch_tutor.refusals import refuse

CHANGED = (
    "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify "
    "align_corners=True if the old behavior is desired. See the documentation of grid_sample for details."
)


def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    r"""Turns channels into pixels: $(*, C r^2, H, W)$ becomes $(*, C, H r, W r)$."""
    require_tensor(input, "pixel_shuffle")
    _check_picture("pixel_shuffle", input)
    if upscale_factor <= 0:
        raise RuntimeError(f"pixel_shuffle expects a positive upscale_factor, but got {upscale_factor}")
    square = upscale_factor * upscale_factor
    if input.shape[-3] % square:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={input.shape[-3]} is not divisible by {square}"
        )
    return apply(ops.PixelShuffle, input, factor=upscale_factor)


def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """Turns pixels into channels: the inverse of `pixel_shuffle`."""
    require_tensor(input, "pixel_unshuffle")
    _check_picture("pixel_unshuffle", input)
    if downscale_factor <= 0:
        raise RuntimeError(f"pixel_unshuffle expects a positive downscale_factor, but got {downscale_factor}")
    for name, axis in (("height", -2), ("width", -1)):
        if input.shape[axis] % downscale_factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({axis})="
                f"{input.shape[axis]} is not divisible by {downscale_factor}"
            )
    return apply(ops.PixelUnshuffle, input, factor=downscale_factor)


def _check_picture(name: str, input: Any) -> None:
    if input.dim() < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with {input.dim()} dimension(s)"
        )


def channel_shuffle(input: Any, groups: int) -> Any:
    """Deals the channels of `groups` groups out in turn, so that grouped convolutions mix."""
    require_tensor(input, "channel_shuffle")
    if input.dim() <= 2:
        raise RuntimeError(
            f"channel_shuffle expects input with > 2 dims, but got input with sizes {shape_text(input.shape)}"
        )
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if input.shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {input.shape[1]} channels and {groups} groups."
        )
    return apply(ops.ChannelShuffle, input, groups=groups)


native_channel_shuffle = channel_shuffle


# ---------------------------------------------------------------------- windows as columns
def unfold(input: Any, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1) -> Any:
    """Every window as a column. Shapes: input (N, C, H, W) or (C, H, W), result (N, C * kH * kW, windows)."""
    refuse(input.dtype, "int", "im2col_out_cpu")
    require_tensor(input, "im2col")
    kernel, dilation, padding, stride = (tuple_of(v, 2) for v in (kernel_size, dilation, padding, stride))
    if input.dim() < 3:
        input.size(2)
    if input.dim() not in (3, 4) or 0 in input.shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
            f"but got: {shape_text(input.shape)}"
        )
    _positive(kernel=kernel, dilation=dilation, stride=stride)
    blocks = _blocks(input.shape[-2:], kernel, dilation, padding, stride)
    if min(blocks) < 1:
        raise RuntimeError(
            f"Given input with spatial size {_tuple(input.shape[-2:])}, kernel_size={_tuple(kernel)}, "
            f"dilation={_tuple(dilation)}, padding={_tuple(padding)}, calculated shape of the array of sliding blocks "
            f"as {_tuple(blocks)}, but its components must be at least one."
        )
    batched = input.dim() == 4
    y = apply(
        ops.Im2Col,
        input if batched else input.unsqueeze(0),
        kernel=kernel,
        dilation=dilation,
        padding=padding,
        stride=stride,
    )
    return y if batched else y.squeeze(0)


def fold(
    input: Any, output_size: Size, kernel_size: Size, dilation: Size = 1, padding: Size = 0, stride: Size = 1
) -> Any:
    """Adds columns back where `unfold` took them. Shapes: input (N, C * kH * kW, windows), result (N, C, H, W)."""
    refuse(input.dtype, "int", "col2im_out_cpu")
    require_tensor(input, "col2im")
    size = tuple_of(output_size, 2)
    kernel, dilation, padding, stride = (tuple_of(v, 2) for v in (kernel_size, dilation, padding, stride))
    if input.dim() not in (2, 3) or 0 in input.shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
            f"input, but got: {shape_text(input.shape)}"
        )
    _positive(kernel=kernel, dilation=dilation, stride=stride)
    rows, columns = input.shape[-2:]
    if rows % prod(kernel):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got "
            f"input.size(1)={rows} and kernel_size={_tuple(kernel)}."
        )
    blocks = _blocks(size, kernel, dilation, padding, stride)
    given = (
        f"Given output_size={_tuple(size)}, kernel_size={_tuple(kernel)}, dilation={_tuple(dilation)}, "
        f"padding={_tuple(padding)}, stride={_tuple(stride)}, "
    )
    if prod(blocks) != columns or min(blocks) < 0:
        raise RuntimeError(
            f"{given}expected size of input's dimension 2 to match the calculated number of sliding blocks "
            f"{blocks[0]} * {blocks[1]} = {prod(blocks)}, but got input.size(2)={columns}."
        )
    batched = input.dim() == 3
    y = apply(
        ops.Col2Im,
        input if batched else input.unsqueeze(0),
        size=size,
        kernel=kernel,
        dilation=dilation,
        padding=padding,
        stride=stride,
    )
    return y if batched else y.squeeze(0)


def _blocks(size: Any, kernel: Any, dilation: Any, padding: Any, stride: Any) -> tuple[int, ...]:
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, d, p, s in zip(size, kernel, dilation, padding, stride, strict=True)
    )


def _tuple(values: Any) -> str:
    return f"({', '.join(map(str, values))})"


def _positive(**sizes: tuple[int, ...]) -> None:
    names = {"kernel": "kernel size", "dilation": "dilation", "stride": "stride"}
    for name, (height, width) in sizes.items():
        if height <= 0 or width <= 0:
            raise RuntimeError(
                f"{names[name]} should be greater than zero, but got {name}_height: {height} {name}_width: {width}"
            )


# ---------------------------------------------------------------------- spatial transformers
def affine_grid(theta: Any, size: Any, align_corners: bool | None = None) -> Any:
    """The places that `grid_sample` reads for an affine map of the picture.

    Shapes: theta (N, 2, 3) and size (N, C, H, W), or (N, 3, 4) and (N, C, D, H, W); result (N, *space, axes).
    """
    if align_corners is None:
        warnings.warn(CHANGED, stacklevel=2)
        align_corners = False
    if not theta.is_floating_point():
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    size = tuple(size)
    if len(size) not in (4, 5):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. "
            f"Got size {list(size)}."
        )
    axes = len(size) - 2
    if theta.dim() != 3 or tuple(theta.shape[1:]) != (axes, axes + 1):
        raise ValueError(
            f"Expected a batch of {axes}D affine matrices of shape Nx{axes}x{axes + 1} for size {list(size)}. "
            f"Got {theta.shape}."
        )
    if min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {list(size)}")
    space = size[2:]
    if align_corners and min(space) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This is "
            "not an intended use case of affine_grid. See the documentation of affine_grid for details.",
            stacklevel=2,
        )
    xp = namespace(theta._array)
    lines = [_line(xp, n, align_corners) for n in space]
    mesh = xp.meshgrid(*lines, indexing="ij")
    base = xp.stack([*(m.reshape(-1) for m in reversed(mesh)), xp.ones(prod(space))], axis=1)
    return apply(ops.AffineGridGenerator, theta, base=base.astype(theta._array.dtype), space=space)


def _line(xp: Any, n: int, align_corners: bool) -> Any:
    if n <= 1:
        return xp.zeros(n)
    line = xp.linspace(-1.0, 1.0, n)
    return line if align_corners else line * (n - 1) / n


def grid_sample(
    input: Any, grid: Any, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Any:
    """Reads the picture at the places that `grid` gives, between its pixels; -1 and 1 are the borders.

    Shapes: input (N, C, H, W), grid (N, h, w, 2) with x before y; or 5-D with one axis more. `mode` is 'bilinear',
    'nearest' or 'bicubic', `padding_mode` 'zeros', 'border' or 'reflection'.
    """
    if mode not in ("bilinear", "nearest", "bicubic"):
        raise ValueError(
            f"nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'"
        )
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', "
            f"but got: '{padding_mode}'"
        )
    if align_corners is None:
        warnings.warn(CHANGED, stacklevel=2)
        align_corners = False
    _check_grid(input, grid, mode)
    op = GridSampler2D if input.dim() == 4 else GridSampler3D
    return apply(op, input, grid, mode=mode, padding_mode=padding_mode, align_corners=align_corners)


def _check_grid(input: Any, grid: Any, mode: str) -> None:
    if input.dim() not in (4, 5) or input.dim() != grid.dim():
        raise RuntimeError(
            "grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got input with sizes "
            f"{shape_text(input.shape)} and grid with sizes {shape_text(grid.shape)}"
        )
    if input.shape[0] != grid.shape[0]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with sizes "
            f"{shape_text(input.shape)} and grid with sizes {shape_text(grid.shape)}"
        )
    if grid.shape[-1] != input.dim() - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {input.dim() - 2} in last dimension, but got grid with sizes "
            f"{shape_text(grid.shape)}"
        )
    for i in range(2, input.dim()):
        if input.shape[i] == 0:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes "
                f"{shape_text(input.shape)} with dimension {i} being empty"
            )
    if mode == "bicubic" and input.dim() == 5:
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
