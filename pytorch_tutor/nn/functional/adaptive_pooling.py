"""Adaptive pooling: say how large the output is to be, and the windows follow."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.nn.functional._arguments import require_tensor, shape_text
from pytorch_tutor.ops.pooling import AdaptiveAvgPool2D, AdaptiveAvgPool3D, AdaptiveMaxPool2D, AdaptiveMaxPool3D


def adaptive_avg_pool2d(input: Any, output_size: Any) -> Any:
    """The average over windows that divide the picture evenly into `output_size`; `None` keeps a size.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.adaptive_avg_pool2d(torch.arange(16.0).reshape(1, 1, 4, 4), 1)
    tensor([[[[7.5000]]]])
    """
    return _average(2, input, _sizes(output_size, input.size(), 2))


def adaptive_avg_pool1d(input: Any, output_size: Any) -> Any:
    """`adaptive_avg_pool2d` along one axis."""
    return _one_axis("adaptive_avg_pool1d", input, output_size, lambda x, size: _average(2, x, size))


def adaptive_avg_pool3d(input: Any, output_size: Any) -> Any:
    """`adaptive_avg_pool2d` along three axes."""
    return _average(3, input, _sizes(output_size, input.size(), 3))


def adaptive_max_pool2d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """The maximum over windows that divide the picture evenly into `output_size`."""
    y = _maximum(2, input, _sizes(output_size, input.size(), 2))
    return y if return_indices else y[0]


def adaptive_max_pool1d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool2d` along one axis."""
    y = _one_axis("adaptive_max_pool1d", input, output_size, lambda x, size: _maximum(2, x, size))
    return y if return_indices else y[0]


def adaptive_max_pool3d(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool2d` along three axes."""
    y = _maximum(3, input, _sizes(output_size, input.size(), 3))
    return y if return_indices else y[0]


def adaptive_max_pool1d_with_indices(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool1d(..., return_indices=True)`."""
    return adaptive_max_pool1d(input, output_size, True)


def adaptive_max_pool2d_with_indices(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool2d(..., return_indices=True)`."""
    return adaptive_max_pool2d(input, output_size, True)


def adaptive_max_pool3d_with_indices(input: Any, output_size: Any, return_indices: bool = False) -> Any:
    """`adaptive_max_pool3d(..., return_indices=True)`."""
    return adaptive_max_pool3d(input, output_size, True)


def _sizes(output_size: Any, shape: Any, axes: int) -> tuple[int, ...]:
    if not isinstance(output_size, (tuple, list)):
        return (int(shape[-1]) if output_size is None else output_size,) * axes
    if len(shape) <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}")
    defaults = shape[-len(output_size) :] if len(output_size) else ()
    found = tuple(d if v is None else v for v, d in zip(output_size, defaults, strict=True))
    return found * axes if len(found) == 1 else found


def _one_axis(name: str, input: Any, output_size: Any, pool: Any) -> Any:
    require_tensor(input, name)
    if input.dim() not in (2, 3):
        raise RuntimeError(
            f"Expected 2 to 3 dimensions, but got {input.dim()}-dimensional tensor for argument #1 'self' "
            f"(while checking arguments for {name})"
        )
    size = tuple(output_size) if isinstance(output_size, (tuple, list)) else (output_size,)
    if len(size) != 1:
        raise RuntimeError(f"{name}() argument 'output_size' should contain one int (got {len(size)})")
    y = pool(input.unsqueeze(-2), (1, *size))
    return tuple(part.squeeze(-2) for part in y) if isinstance(y, tuple) else y.squeeze(-2)


def _average(axes: int, input: Any, size: tuple[int, ...]) -> Any:
    name = f"adaptive_avg_pool{axes}d"
    if len(size) != axes:
        raise RuntimeError(f"{name}: output_size must be {axes}")
    if min(size) < 0:
        shown = "{}, {},{}".format(*size) if axes == 3 else ", ".join(map(str, size))  # PyTorch's own spacing
        raise RuntimeError(
            f"{name}: elements of output_size must be greater than or equal to 0 but received {{{shown}}}"
        )
    if input.dim() not in (axes + 1, axes + 2):
        raise RuntimeError(f"{name}(): Expected {axes + 1}D or {axes + 2}D tensor, but got {shape_text(input.shape)}")
    _no_empty(name, axes, input)
    if all(m == 1 for m in size):
        return input.mean(tuple(range(-axes, 0)), keepdim=True)
    op = AdaptiveAvgPool2D if axes == 2 else AdaptiveAvgPool3D
    if input.dim() == axes + 2:
        return apply(op, input, size=size)
    return apply(op, input.unsqueeze(0), size=size).squeeze(0)


def _maximum(axes: int, input: Any, size: tuple[int, ...]) -> Any:
    name = f"adaptive_max_pool{axes}d"
    if len(size) != axes:
        raise RuntimeError(f"{name}(): internal error: output_size.size() must be {axes}")
    if min(size) < 0:
        shape = (*input.shape[:-axes], *size)
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(size)}: {shape_text(shape)}")
    if input.dim() not in (axes + 1, axes + 2):
        raise RuntimeError(f"{name}(): Expected {axes + 1}D or {axes + 2}D tensor, but got: {shape_text(input.shape)}")
    _no_empty(name, axes, input)
    if input.dim() == axes + 2:
        found: tuple[Any, ...] = apply(AdaptiveMaxPool2D if axes == 2 else AdaptiveMaxPool3D, input, size=size)
        return found
    y, where = _maximum(axes, input.unsqueeze(0), size)
    return y.squeeze(0), where.squeeze(0)


def _no_empty(name: str, axes: int, input: Any) -> None:
    for i in range(input.dim() - axes, input.dim()):
        if input.shape[i] == 0:
            raise RuntimeError(
                f"{name}(): Expected input to have non-zero size for non-batch dimensions, "
                f"but input has sizes {shape_text(input.shape)} with dimension {i} being empty"
            )
