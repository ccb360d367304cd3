"""Resizing pictures: nearest neighbour, linear, cubic, and averages over areas."""

from __future__ import annotations

import math
import warnings
from typing import Any

from pytorch_tutor.backends import namespace
from pytorch_tutor.dispatch import apply
from pytorch_tutor.nn.functional.adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from pytorch_tutor.ops.vision import Upsample
from pytorch_tutor.refusals import refuse


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Any:
    """Resizes the spatial axes to `size`, or by `scale_factor`.

    Shapes: input (N, C, L), (N, C, H, W) or (N, C, D, H, W). `mode` is 'nearest', 'nearest-exact', 'linear',
    'bilinear', 'trilinear', 'bicubic' or 'area'. `align_corners` lays the outermost pixels' middles on each other
    instead of the picture's borders; `antialias` averages when a picture shrinks.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.interpolate(torch.tensor([[[1.0, 2.0]]]), scale_factor=2)
    tensor([[[1., 1., 2., 2.]]])
    """
    if mode in ("nearest", "area", "nearest-exact"):
        if align_corners is not None:
            raise ValueError(
                "align_corners option can only be set with the interpolating modes: "
                "linear | bilinear | bicubic | trilinear"
            )
    elif align_corners is None:
        align_corners = False
    ndim = input.dim()
    space = tuple(input.shape[2:])
    out, factors = _sizes(space, size, scale_factor, mode, recompute_scale_factor)
    if antialias and not (mode in ("bilinear", "bicubic") and ndim == 4):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
        )
    _check_mode(ndim, mode)
    if mode == "area":
        return {3: adaptive_avg_pool1d, 4: adaptive_avg_pool2d, 5: adaptive_avg_pool3d}[ndim](input, out)
    if min(out, default=1) <= 0 or 0 in space:
        letters = "DHW"[3 - len(space) :]
        shown = [", ".join(f"{a}: {n}" for a, n in zip(letters, sizes, strict=True)) for sizes in (space, out)]
        raise RuntimeError(
            f"Input and output sizes should be greater than 0, but got input ({shown[0]}) output ({shown[1]})"
        )
    refuse(input.dtype, *_kernel(input, mode))
    xp = namespace(input._array)
    axes = len(space)
    matrices = []
    for axis, (n, m) in enumerate(zip(space, out, strict=True)):
        factor = factors[axis] if factors is not None else None
        if mode.startswith("nearest"):
            matrices.append(_nearest(xp, n, m, factor, exact=mode == "nearest-exact"))
        elif antialias:
            matrices.append(_antialiased(xp, n, m, factor, bool(align_corners), cubic=mode == "bicubic"))
        elif mode == "bicubic":
            matrices.append(_cubic(xp, n, m, factor, bool(align_corners)))
        else:
            matrices.append(_linear(xp, n, m, factor, bool(align_corners)))
    kind = {"nearest": "Nearest", "nearest-exact": "NearestExact"}.get(mode, mode.capitalize())
    return apply(Upsample, input, matrices=tuple(matrices), kind=f"{kind}{axes}D" + ("Aa" if antialias else ""))


def _kernel(input: Any, mode: str) -> tuple[str, str]:
    """The types that PyTorch's kernel for this mode refuses, and its name."""
    if input.dim() == 4 and input._array.shape[1] < 4 and (mode == "bilinear" or mode.startswith("nearest")):
        kernel = f"upsample_{mode.replace('-', '_')}2d_channels_last"
    else:
        plain = "nearest" if mode.startswith("nearest") else "cubic" if mode == "bicubic" else "linear"
        kernel = f"compute_indices_weights_{plain}"
    bytes_too = mode not in ("linear", "trilinear")
    return "bool int8 int16 int32 int64 complex" + ("" if bytes_too else " uint8"), kernel


def _sizes(
    space: tuple[int, ...], size: Any, scale_factor: Any, mode: str, recompute: bool | None
) -> tuple[tuple[int, ...], list[float] | None]:
    """The output's sizes, and the factors if they are to be used as they were given."""
    axes = len(space)
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is not None:
        if isinstance(size, (tuple, list)):
            if len(size) != axes:
                raise ValueError(
                    "Input and output must have the same number of spatial dimensions, but got input with spatial "
                    f"dimensions of {list(space)} and output size of {size}. Please provide input tensor in (N, C, d1, "
                    "d2, ...,dK) format and output size in (o1, o2, ...,oK) format."
                )
            if any(isinstance(n, float) for n in size):
                raise TypeError(
                    "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], "
                    f"but got size with types {[type(n) for n in size]}"
                )
            found = tuple(int(n) for n in size)
        else:
            found = (int(size),) * axes
        if recompute:
            raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
        return found, None
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if isinstance(scale_factor, (tuple, list)):
        if len(scale_factor) != axes:
            raise ValueError(
                "Input and scale_factor must have the same number of spatial dimensions, but got input with spatial "
                f"dimensions of {list(space)} and scale_factor of shape {scale_factor}. Please provide input tensor in "
                "(N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format."
            )
        factors = [float(f) for f in scale_factor]
    else:
        factors = [float(scale_factor)] * axes
    out = tuple(math.floor(n * f) for n, f in zip(space, factors, strict=True))
    return out, None if recompute or mode == "area" else factors


def _check_mode(ndim: int, mode: str) -> None:
    needed = {"linear": 3, "bilinear": 4, "trilinear": 5}.get(mode)
    if ndim in (3, 4, 5):
        if mode in ("nearest", "nearest-exact", "area") or needed == ndim or (mode == "bicubic" and ndim == 4):
            return
        if needed is not None:
            raise NotImplementedError(f"Got {ndim}D input, but {mode} mode needs {needed}D input")
    raise NotImplementedError(
        f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {ndim}D) for the modes: nearest | linear | "
        f"bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got {mode})"
    )


def _step(n: int, m: int, factor: float | None) -> float:
    """How far the input moves when the output moves by one pixel."""
    return 1.0 / factor if factor is not None and factor > 0 else n / m


def _nearest(xp: Any, n: int, m: int, factor: float | None, exact: bool) -> Any:
    step = xp.float32(_step(n, m, factor))
    place = (xp.arange(m).astype(xp.float32) + xp.float32(0.5 if exact else 0)) * step
    return xp.minimum(xp.floor(place).astype(xp.int64), n - 1)


def _places(xp: Any, n: int, m: int, factor: float | None, align_corners: bool, clamp: bool) -> Any:
    """Where, in the input, the middle of each output pixel lies."""
    if align_corners:
        return xp.arange(m) * ((n - 1) / (m - 1) if m > 1 else 0.0)
    place = (xp.arange(m) + 0.5) * _step(n, m, factor) - 0.5
    return xp.maximum(place, 0) if clamp else place


def _linear(xp: Any, n: int, m: int, factor: float | None, align_corners: bool) -> Any:
    """Each output pixel is a mixture of its two neighbours."""
    place = _places(xp, n, m, factor, align_corners, clamp=True)
    low = xp.minimum(xp.floor(place).astype(xp.int64), n - 1)
    high = xp.minimum(low + 1, n - 1)
    share = xp.clip(place - low, 0.0, 1.0)
    matrix = xp.zeros((m, n))
    rows = xp.arange(m)
    xp.add.at(matrix, (rows, low), 1 - share)
    xp.add.at(matrix, (rows, high), share)
    return matrix


def _cubic(xp: Any, n: int, m: int, factor: float | None, align_corners: bool) -> Any:
    """Each output pixel is a mixture of four neighbours; at the border the last pixel is repeated (R. Keys, 1981)."""
    place = _places(xp, n, m, factor, align_corners, clamp=False)
    base = xp.floor(place)
    matrix = xp.zeros((m, n))
    rows = xp.arange(m)
    for k in range(-1, 3):
        weight = _keys(xp, place - base - k, -0.75)
        xp.add.at(matrix, (rows, xp.clip(base + k, 0, n - 1).astype(xp.int64)), weight)
    return matrix


def _keys(xp: Any, distance: Any, a: float) -> Any:
    d = abs(distance)
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return xp.where(d <= 1, near, xp.where(d < 2, far, 0.0))


def _antialiased(xp: Any, n: int, m: int, factor: float | None, align_corners: bool, cubic: bool) -> Any:
    """Shrinking widens the filter, so that every input pixel counts."""
    if align_corners:
        step = (n - 1) / (m - 1) if m > 1 else 0.0
    else:
        step = _step(n, m, factor)
    stretch = max(step, 1.0)
    reach = (2.0 if cubic else 1.0) * stretch
    centre = step * (xp.arange(m) + 0.5)
    first = xp.maximum((centre - reach + 0.5).astype(xp.int64), 0)
    last = xp.minimum((centre + reach + 0.5).astype(xp.int64), n)
    place = xp.arange(n)
    distance = (place[None, :] + 0.5 - centre[:, None]) / stretch
    weight = _keys(xp, distance, -0.5) if cubic else xp.maximum(1 - abs(distance), 0)
    weight = weight * ((place >= first[:, None]) & (place < last[:, None]))
    return weight / weight.sum(1, keepdims=True)


# ---------------------------------------------------------------------- the old names
def upsample(
    input: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool | None = None
) -> Any:
    """Old name of `interpolate`."""
    warnings.warn("`nn.functional.upsample` is deprecated. Use `nn.functional.interpolate` instead.", stacklevel=2)
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """Old name of `interpolate(mode='nearest')`."""
    warnings.warn(
        "`nn.functional.upsample_nearest` is deprecated. Use `nn.functional.interpolate` instead.", stacklevel=2
    )
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """Old name of `interpolate(mode='bilinear', align_corners=True)`."""
    warnings.warn(
        "`nn.functional.upsample_bilinear` is deprecated. Use `nn.functional.interpolate` instead.", stacklevel=2
    )
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)
