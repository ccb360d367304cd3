"""Padding: a border of zeros, of the mirrored picture, of its outermost values, or of its other end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pytorch_tutor.backends import namespace
from pytorch_tutor.creation import empty
from pytorch_tutor.dispatch import apply
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.functional._arguments import require_tensor, shape_text
from pytorch_tutor.ops.padding import BorderPad, ConstantPadNd
from pytorch_tutor.refusals import refuse

COMBINATIONS = (
    "Supported combinations for non-constant padding:\n"
    "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
    "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
    "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
)


def pad(input: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Any:
    """Puts a border around the last dimensions; `pad` lists (before, after), the last dimension first.

    `mode` is 'constant' (filled with `value`, 0 unless given), 'reflect', 'replicate' or 'circular'. Negative widths
    cut off.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.pad(torch.tensor([[1, 2, 3]]), (2, 1), mode="reflect")
    tensor([[3, 2, 1, 2, 3, 2]])
    """
    require_tensor(input, "pad")
    widths = tuple(pad)
    ndim = input.dim()
    if len(widths) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(widths) > 2 * ndim:
        raise lesson(
            RuntimeError(
                "Padding length should be less than or equal to two times the input dimension "
                f"but got padding length {len(widths)} and input of dimension {ndim}"
            ),
            expected=f"at most {2 * ndim} numbers",
            got=len(widths),
        )
    if mode == "constant":
        return _constant(input, widths, 0 if value is None else value)
    if value is not None and value != 0:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    axes = len(widths) // 2
    if axes not in (1, 2, 3) or ndim not in (axes + 1, axes + 2):
        raise NotImplementedError(
            f"Padding size {len(widths)} is not supported for {ndim}D input tensor.\n{COMBINATIONS}"
        )
    if mode == "circular":
        return _circular(input, widths)
    if mode not in ("reflect", "replicate"):
        raise lesson(
            NotImplementedError(f"Unrecognised padding mode {mode}"),
            expected="'constant', 'reflect', 'replicate' or 'circular'",
            got=repr(mode),
        )
    return _border(input, widths, mode)


def _constant(input: Any, widths: tuple[int, ...], value: float) -> Any:
    full = [(0, 0)] * input.dim()
    for i in range(len(widths) // 2):
        full[-1 - i] = (int(widths[2 * i]), int(widths[2 * i + 1]))
    for (before, after), n in zip(full, input.shape, strict=True):
        if max(-before, 0) + max(-after, 0) > n or n + before + after < 0:
            raise RuntimeError("narrow(): length must be non-negative.")
    return apply(ConstantPadNd, input, widths=tuple(full), value=value)


def _border(input: Any, widths: tuple[int, ...], mode: str) -> Any:
    axes = len(widths) // 2
    name = "Reflection" if mode == "reflect" else "Replication"
    refuse(input.dtype, "bool", f"{name.lower()}_pad{axes}d")
    xp = namespace(input._array)
    positions: list[Any] = []
    for axis in reversed(range(input.dim() - axes, input.dim())):
        side = 2 * (input.dim() - 1 - axis)
        before, after = widths[side], widths[side + 1]
        n = input.shape[axis]
        if mode == "reflect" and (before >= n or after >= n):
            raise lesson(
                RuntimeError(
                    "Argument #4: Padding size should be less than the corresponding input dimension, but got: "
                    f"padding ({before}, {after}) at dimension {axis} of input {shape_text(input.shape)}"
                ),
                expected=f"less than {n}: a mirror shows each element once",
                got=(before, after),
            )
        if n + before + after < 1:
            raise RuntimeError(
                f"input ({'W: ' if axes == 1 else 'H: ' if axis == input.dim() - 2 else 'W: '}{n}) is too small."
                f" Calculated output {'W' if axis == input.dim() - 1 else 'H'}: {n + before + after}"
            )
        place = xp.arange(-before, n + after)
        if mode == "replicate":
            place = place.clip(0, n - 1)
        else:
            place = n - 1 - abs(n - 1 - abs(place))
        positions.insert(0, place)
    return apply(BorderPad, input, positions=tuple(positions), kind=f"{name}Pad{axes}D")


def _circular(input: Any, widths: tuple[int, ...]) -> Any:
    """Writes the input into the middle, then copies each end to the other side, as PyTorch does."""
    axes = len(widths) // 2
    first = input.dim() - axes
    shape, inner, source = list(input.shape), [slice(None)] * input.dim(), [slice(None)] * input.dim()
    for axis in range(first, input.dim()):
        side = 2 * (input.dim() - 1 - axis)
        before, after = widths[side], widths[side + 1]
        n = input.shape[axis]
        if before > n or after > n:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        shape[axis] = n + before + after
        if shape[axis] < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
        inner[axis] = slice(max(before, 0), shape[axis] - max(after, 0))
        source[axis] = slice(max(-before, 0), n - max(-after, 0))
    out = empty(shape, dtype=input.dtype, device=input.device)
    out[tuple(inner)] = input[tuple(source)]
    for axis in range(first, input.dim()):
        side = 2 * (input.dim() - 1 - axis)
        before, after = widths[side], widths[side + 1]
        size = shape[axis]
        lead = (slice(None),) * axis
        if before > 0:
            stop = size - max(after, 0)
            out[(*lead, slice(0, before))] = out[(*lead, slice(stop - before, stop))]
        if after > 0:
            start = max(before, 0)
            out[(*lead, slice(size - after, size))] = out[(*lead, slice(start, start + after))]
    return out
