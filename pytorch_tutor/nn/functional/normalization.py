"""Normalization: mean 0 and variance 1 over the batch, the sample, or groups of channels."""

from __future__ import annotations

from math import prod
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.functional._arguments import require_float, require_tensor, shape_text
from pytorch_tutor.nn.functional.padding import pad
from pytorch_tutor.nn.functional.pooling import avg_pool2d, avg_pool3d
from pytorch_tutor.ops.normalization import NativeBatchNorm, NativeGroupNorm, NativeLayerNorm
from pytorch_tutor.refusals import refuse


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Any:
    r"""$y = \gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$ for each channel.

    In training $\mu$ and $\sigma^2$ are those of the batch, and the running statistics move towards them by
    `momentum`; otherwise they are the running statistics. Shapes: input (N, C, *), the others (C).

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([[1.0], [3.0]])
    >>> torch.nn.functional.batch_norm(x, None, None, training=True)
    tensor([[-1.0000],
            [ 1.0000]])
    """
    require_tensor(input, "batch_norm")
    x = input._array
    if training:
        _more_than_one(x.shape, input)
        if eps <= 0.0:
            raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    elif eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    elif running_mean is None:
        raise RuntimeError("running_mean must be defined in evaluation mode")
    elif running_var is None:
        raise RuntimeError("running_var must be defined in evaluation mode")
    if training and running_mean is not None and input._mapped and not running_mean._mapped:
        raise RuntimeError(
            "Batch norm got a batched tensor as input while the running_mean or running_var, which will be updated in place, "
            "were not batched.\nIf you are using a module and do not need eval mode, please set `track_running_stats` to be "
            "False.If you are using a prebuilt module and do not need eval mode, please see the functorch website for "
            "resources on how to patch your module to work with vmap"
        )
    channels = x.shape[1] if x.ndim > 1 else 0
    for name, part in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        if part is not None and part._array.size != channels:
            raise lesson(
                RuntimeError(f"{name} should contain {channels} elements not {part._array.size}"),
                expected=f"{channels}, one for each channel (x.shape[1])",
                got=part._array.size,
                hint=f"BatchNorm(num_features={channels})",
            )
    require_float(input, "batch_norm")
    other = weight if weight is not None else running_mean
    if other is not None and other.dtype is not input.dtype and input.dtype.name not in ("bfloat16", "float16"):
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")
    return apply(
        NativeBatchNorm,
        input,
        weight,
        bias,
        mean=None if running_mean is None else running_mean._array,
        var=None if running_var is None else running_var._array,
        training=training,
        momentum=momentum,
        eps=eps,
    )


def _more_than_one(shape: Any, input: Any) -> None:
    if shape and shape[0] * prod(shape[2:]) == 1:
        raise lesson(
            ValueError(f"Expected more than 1 value per channel when training, got input size {input.size()}"),
            expected="at least two values per channel: their variance is needed",
            got=f"shape {shape_text(shape)}",
            hint="a larger batch, DataLoader(..., drop_last=True), or model.eval() when predicting",
        )


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Any:
    """`batch_norm` with the statistics of each sample. Source: D. Ulyanov et al., "Instance normalization", 2016."""
    require_tensor(input, "instance_norm")
    if use_input_stats and prod(input.shape[2:]) == 1:
        raise ValueError(f"Expected more than 1 spatial element when training, got input size {input.size()}")
    if not use_input_stats and running_mean is None:
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    n, c = input.shape[:2]

    # One sample of one channel is treated as a channel of its own, in a batch of one.
    def per_sample(part: Any) -> Any:
        return None if part is None else part.repeat(n)

    mean, var = per_sample(running_mean), per_sample(running_var)
    y = batch_norm(
        input.reshape(1, n * c, *input.shape[2:]),
        mean,
        var,
        per_sample(weight),
        per_sample(bias),
        use_input_stats,
        momentum,
        eps,
    )
    if use_input_stats:
        for running, found in ((running_mean, mean), (running_var, var)):
            if running is not None:
                running._array[...] = found._array.reshape(n, c).mean(0)
    return y.view(input.shape)


def layer_norm(input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-05) -> Any:
    r"""$y = \gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta$ over the last dimensions of each sample.

    Shapes: input $(*, \text{normalized\_shape})$, weight and bias `normalized_shape`.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.layer_norm(torch.tensor([1.0, 3.0]), (2,))
    tensor([-1.0000,  1.0000])
    """
    require_tensor(input, "layer_norm")
    _check_normalized("layer_norm", input, normalized_shape, weight, bias)
    _check_mixed(input, weight)
    require_float(input, "LayerNormKernelImpl")
    return apply(NativeLayerNorm, input, weight, bias, ndim=len(normalized_shape), eps=eps)


def _check_mixed(input: Any, weight: Any) -> None:
    """RuntimeError where the parameters are of another type: only half precision may meet float32."""
    if weight is None or weight.dtype is input.dtype:
        return
    if input.dtype.name not in ("bfloat16", "float16"):
        raise lesson(
            RuntimeError("mixed dtype (CPU): all inputs must share same datatype."),
            expected=str(weight.dtype),
            got=str(input.dtype),
            hint=f"input.to({weight.dtype})",
        )


def rms_norm(input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    r"""$y = \gamma x / \sqrt{\operatorname{mean}(x^2) + \epsilon}$: layer norm without the mean.

    `eps` is the dtype's machine epsilon unless given. Source: B. Zhang, R. Sennrich, "Root mean square layer
    normalization", 2019.
    """
    require_tensor(input, "rms_norm")
    _check_normalized("rms_norm", input, normalized_shape, weight, None)
    refuse(input.dtype, "bool int", "rms_norm")
    if eps is None:
        eps = {"float64": 2.220446049250313e-16}.get(input.dtype.name, 1.1920928955078125e-07)
    over = tuple(range(-len(normalized_shape), 0))
    wide = input.float() if input.dtype.itemsize < 4 else input
    y = wide * (wide.pow(2).mean(over, keepdim=True) + eps).rsqrt()
    if wide is not input:
        y = y.to(input.dtype)
    return y if weight is None else y * weight


def _check_normalized(name: str, input: Any, shape: Any, weight: Any, bias: Any) -> None:
    if not isinstance(shape, (tuple, list)):
        raise lesson(
            TypeError(
                f"{name}(): argument 'normalized_shape' (position 2) must be tuple of ints, not {type(shape).__name__}"
            ),
            expected="a tuple of ints",
            got=repr(shape),
            hint=f"({shape},)",
        )
    shown = shape_text(shape)
    if not shape:
        raise RuntimeError(
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, "
            f"but got normalized_shape = {shown}"
        )
    for kind, part in (("weight", weight), ("bias", bias)):
        if part is not None and tuple(part._array.shape) != tuple(shape):
            raise RuntimeError(
                f"Expected {kind} to be of same shape as normalized_shape, but got {kind} of shape "
                f"{shape_text(part._array.shape)} and normalized_shape = {shown}"
            )
    if tuple(input._array.shape[-len(shape) :]) != tuple(shape):
        star = "*" if name == "rms_norm" else "*, "
        raise lesson(
            RuntimeError(
                f"Given normalized_shape={shown}, expected input with shape [{star}{shown[1:-1]}], "
                f"but got input of size{shape_text(input._array.shape)}"
            ),
            expected=f"an input whose shape ends in {shown[1:-1]}",
            got=shape_text(input._array.shape),
            hint=f"LayerNorm({shape_text(input._array.shape[-len(shape) :])})",
        )


def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-05) -> Any:
    """Normalizes each sample over groups of channels. Shapes: input (N, C, *), weight and bias (C)."""
    if input.dim() < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {input.dim()}")
    size = [input.size(0) * input.size(1) // num_groups, num_groups, *input.size()[2:]]
    if size[0] * prod(size[2:]) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {size}")
    channels, shown = input.shape[1], shape_text(input.shape)
    if channels % num_groups:
        raise lesson(
            RuntimeError(
                "Expected number of channels in input to be divisible by num_groups, "
                f"but got input of shape {shown} and num_groups={num_groups}"
            ),
            expected=f"a multiple of {num_groups} channels",
            got=channels,
        )
    for name, part in (("weight", weight), ("bias", bias)):
        if part is not None and tuple(part.shape) != (channels,):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, "
                f"but got {name} of shape {shape_text(part.shape)} and input of shape {shown}"
            )
    _check_mixed(input, weight)
    require_float(input, "GroupNormKernelImpl")
    return apply(NativeGroupNorm, input, weight, bias, groups=num_groups, eps=eps)


def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    r"""$x_c / (k + \tfrac\alpha n \sum_{c'} x_{c'}^2)^\beta$ over `size` neighbouring channels.

    Source: A. Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", 2012.
    """
    ndim = input.dim()
    if ndim < 3:
        raise ValueError(f"Expected 3D or higher dimensionality                          input (got {ndim} dimensions)")
    if input.numel() == 0:
        return input
    squares = input.mul(input)
    if ndim == 3:
        squares = pad(squares.unsqueeze(1), (0, 0, size // 2, (size - 1) // 2))
        average = avg_pool2d(squares, (size, 1), stride=1).squeeze(1)
    else:
        n, c, height = input.shape[:3]
        squares = pad(squares.reshape(n, 1, c, height, -1), (0, 0, 0, 0, size // 2, (size - 1) // 2))
        average = avg_pool3d(squares, (size, 1, 1), stride=1).squeeze(1).reshape(input.shape)
    return input / average.mul(alpha).add(k).pow(beta)


def normalize(input: Any, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Any = None) -> Any:
    r"""$x / \max(\lVert x \rVert_p, \epsilon)$ along `dim`: vectors of length 1.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.normalize(torch.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    length = input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)
    return input / length if out is None else input.div(length, out=out)
