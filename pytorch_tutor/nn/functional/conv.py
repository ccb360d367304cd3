"""Convolutions: the same small filter at every place of the input, and the transpose, which goes the other way."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.errors import lesson
from pytorch_tutor.graph.observers import observers
from pytorch_tutor.nn.functional._arguments import Size, c_name, scalar_name, shape_text, tuple_of
from pytorch_tutor.nn.functional.padding import pad
from pytorch_tutor.ops.conv import Convolution, TransposedConvolution
from pytorch_tutor.precision import lowered
from pytorch_tutor.refusals import refuse
from pytorch_tutor.tensor_base import TensorBase


def conv1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Any:
    """Convolution along one axis; see `conv2d`. Shapes: input (N, C, L) or (C, L), weight (O, C / groups, k)."""
    return _convolution("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Any:
    r"""$y_{n,o,t} = b_o + \sum_{c,k} w_{o,c,k} \, x_{n,c,\,t \cdot \text{stride} + k \cdot \text{dilation} - \text{padding}}$.

    Shapes: input (N, C, H, W) or (C, H, W), weight (O, C / groups, kH, kW), bias (O). Each spatial size becomes
    floor((size + 2 padding - dilation (k - 1) - 1) / stride) + 1. `padding` may be 'valid' or 'same'.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])

    Raises RuntimeError where channels, dtypes or sizes do not fit. Source: Y. LeCun et al., "Handwritten digit
    recognition with a back-propagation network", 1989.
    """
    return _convolution("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size | str = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Any:
    """Convolution along three axes; see `conv2d`. Shapes: input (N, C, D, H, W) or (C, D, H, W)."""
    return _convolution("conv3d", 3, input, weight, bias, stride, padding, dilation, groups)


def _convolution(
    name: str, axes: int, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    if not (
        isinstance(input, TensorBase)
        and isinstance(weight, TensorBase)
        and (bias is None or isinstance(bias, TensorBase))
    ):
        raise _wrong_arguments(name, input, weight, bias, stride, padding, dilation, groups)
    if observers.op_entered:  # autocast brings types together before they are compared
        input, weight, bias = lowered(input, weight, bias)
    if isinstance(padding, str):
        input, padding = _named_padding(axes, input, weight, stride, padding, dilation)
    for value in (stride, padding, dilation, groups):
        if isinstance(value, float):
            raise _wrong_arguments(name, input, weight, bias, stride, padding, dilation, groups)
    stride, padding = _lengths("stride", stride, axes), _lengths("padding", padding, axes)
    dilation = _lengths("dilation", dilation, axes)
    x = input._array
    batched = x.ndim == axes + 2
    if not batched:
        if x.ndim != axes + 1:
            raise lesson(
                RuntimeError(
                    f"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) input to {name}, "
                    f"but got input of size: {shape_text(x.shape)}"
                ),
                expected=f"a batch of {axes + 2} dimensions (N, C, ...), or one sample of {axes + 1}",
                got=shape_text(x.shape),
                hint="x.unsqueeze(0) adds a batch dimension",
            )
        input = input.unsqueeze(0)
        x = input._array
    _check(name, x, input, weight, bias, stride, padding, dilation, groups)
    if axes < 3 and any(d > 1 for d in tuple_of(dilation, axes)):
        refuse(input.dtype, "bool uint8 int8 int16 int32", "slow_conv_dilated<>")
    plain = set(weight.shape[2:]) == {1} and not any(tuple_of(padding, axes))
    refuse(input.dtype, "bool", "slow_conv2d_cpu" if axes < 3 else "slow_conv3d_cpu" if plain else "compute_columns3d")
    y = apply(Convolution, input, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)
    return y if batched else y.squeeze(0)


def _named_padding(axes: int, input: Any, weight: Any, stride: Any, padding: str, dilation: Any) -> tuple[Any, Any]:
    """'valid' pads nothing, 'same' so much that the size stays; an odd rest goes to the end."""
    if padding == "valid":
        return input, (0,) * axes
    if padding != "same":
        raise lesson(
            RuntimeError(f"Invalid padding string: '{padding}'"),
            expected="'same', 'valid' or numbers",
            got=repr(padding),
            hint="padding='same'",
        )
    if any(s != 1 for s in tuple_of(stride, axes)):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    if weight.dim() != axes + 2:
        raise RuntimeError(
            f"Expected {weight.dim()}-dimensional input for {weight.dim()}-dimensional weight"
            f"{shape_text(weight.shape)}, but got {input.dim()}-dimensional input of size {shape_text(input.shape)} instead"
        )
    totals = [d * (k - 1) for d, k in zip(tuple_of(dilation, axes), weight._array.shape[2:], strict=True)]
    if any(total % 2 for total in totals):
        widths: list[int] = []
        for total in reversed(totals):
            widths += [0, total % 2]
        input = pad(input, widths)
    return input, tuple(total // 2 for total in totals)


def _lengths(name: str, value: Any, axes: int) -> tuple[int, ...]:
    if value.__class__ is int:
        return (value,) * axes
    found = tuple(value) if isinstance(value, (tuple, list)) else (int(value),)
    if len(found) == 1:
        found *= axes
    if len(found) != axes:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {axes} values to match the convolution "
            f"dimensions, but got {name}={shape_text(found)}"
        )
    return found


def _check(
    name: str, x: Any, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> None:
    """Every mistake with its sentence; the correct call passes a handful of comparisons."""
    w = weight._array
    axes = len(stride)
    if bias is not None and bias.dtype is not input.dtype:
        raise lesson(
            RuntimeError(f"Input type ({c_name(input)}) and bias type ({c_name(bias)}) should be the same"),
            expected=f"{bias.dtype}, as the bias",
            got=str(input.dtype),
            hint=f"x.to({bias.dtype})",
        )
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if w.ndim != axes + 2:
        raise RuntimeError(
            f"expected stride to be a single integer value or a list of {w.ndim - 2} values to match the convolution "
            f"dimensions, but got stride={shape_text(stride)}"
        )
    if min(padding) < 0:
        raise RuntimeError("negative padding is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) <= 0:
        raise RuntimeError(f"dilation should be greater than zero, but got {shape_text(dilation)}")
    shape = shape_text(w.shape)
    if w.shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, "
            f"but got weight of size {shape} instead"
        )
    if w.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{shape}] instead"
        )
    channels = w.shape[1] * groups
    if x.shape[1] != channels:
        raise lesson(
            RuntimeError(
                f"Given groups={groups}, weight of size {shape}, expected input{shape_text(x.shape)} to have "
                f"{channels} channels, but got {x.shape[1]} channels instead"
            ),
            expected=f"x.shape[1] == {channels} (Conv{axes}d.in_channels)",
            got=x.shape[1],
            hint=f"Conv{axes}d(in_channels={x.shape[1]}, out_channels={w.shape[0]}, ...)",
        )
    if bias is not None and bias._array.shape != (w.shape[0],):
        raise RuntimeError(
            f"Given weight of size {shape}, expected bias to be 1-dimensional with {w.shape[0]} elements, "
            f"but got bias of size {shape_text(bias._array.shape)} instead"
        )
    if input.dtype is not weight.dtype:
        raise lesson(
            RuntimeError(f"expected scalar type {scalar_name(input)} but found {scalar_name(weight)}"),
            expected=f"{weight.dtype}, as the weight",
            got=str(input.dtype),
            hint=f"x.to({weight.dtype})",
        )
    if not all(w.shape[2:]):
        letters = ("depth", "height", "width")[-axes:]
        sizes = " ".join(f"kernel_{letter}: {size}" for letter, size in zip(letters, w.shape[2:], strict=True))
        raise RuntimeError(f"kernel size should be greater than zero, but got {sizes}")
    for n, k, p, d in zip(x.shape[2:], w.shape[2:], padding, dilation, strict=True):
        if n + 2 * p < d * (k - 1) + 1:
            padded = " x ".join(str(n + 2 * p) for n, p in zip(x.shape[2:], padding, strict=True))
            reach = " x ".join(str(d * (k - 1) + 1) for k, d in zip(w.shape[2:], dilation, strict=True))
            raise lesson(
                RuntimeError(
                    f"Calculated padded input size per channel: ({padded}). Kernel size: ({reach}). "
                    "Kernel size can't be greater than actual input size"
                ),
                expected="an input at least as large as the kernel",
                got=f"{padded} after padding, for a kernel of {reach}",
                hint="fewer pooling layers before this one, a larger picture, or padding",
            )


def _wrong_arguments(
    name: str, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> TypeError:
    """PyTorch's sentence for arguments that no form of a convolution takes."""
    given: list[Any] = [input, weight]
    rest = [bias, stride, padding, dilation, groups]
    defaults = [None, 1, 0, 1, 1]
    from_module = isinstance(stride, tuple)
    if from_module:
        given += rest
        shown = ", ".join(type(value).__name__ for value in given)
    else:
        names = ("bias", "stride", "padding", "dilation", "groups")
        shown = ", ".join(type(value).__name__ for value in given)
        for key, value, default in zip(names, rest, defaults, strict=True):
            if value is not default and value != default:
                shown += f", {key}={type(value).__name__}"
    detail = ""
    if from_module:
        marked = ", ".join(
            f"!tuple of ({', '.join(type(v).__name__ for v in value)})!"
            if isinstance(value, tuple)
            else f"!{type(value).__name__}!"
            for value in given
        )
        detail = f"      didn't match because some of the arguments have invalid types: ({marked})\n"
    ints = "tuple of ints"
    forms = "".join(
        f" * (Tensor input, Tensor weight, Tensor bias = None, {ints} stride = 1, {padding_form}, "
        f"{ints} dilation = 1, int groups = 1)\n{detail}"
        for padding_form in (f"{ints} padding = 0", 'str padding = "valid"')
    )
    culprit = next((value for value in (input, weight) if not isinstance(value, TensorBase)), bias)
    called = hasattr(culprit, "forward")
    return lesson(
        TypeError(
            f"{name}() received an invalid combination of arguments - got ({shown}), but expected one of:\n{forms}"
        ),
        expected="tensors for input and weight, integers for the rest",
        got=type(culprit).__name__,
        hint="pass the module's result, layer(x), and not the module" if called else None,
    )


# ---------------------------------------------------------------------- transposed
def conv_transpose1d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Any:
    """Transposed convolution along one axis; see `conv_transpose2d`."""
    return _transposed("conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Any:
    """Each input element spreads over a window, weighted by the filter: the gradient of `conv2d`, used forwards.

    Shapes: input (N, C, H, W), weight (C, O / groups, kH, kW); each spatial size becomes
    (size - 1) stride - 2 padding + dilation (k - 1) + output_padding + 1.
    """
    return _transposed("conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Any:
    """Transposed convolution along three axes; see `conv_transpose2d`."""
    return _transposed("conv_transpose3d", 3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def _transposed(
    name: str,
    axes: int,
    input: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: int,
    dilation: Any,
) -> Any:
    if not all(isinstance(value, TensorBase) for value in (input, weight)):
        raise _wrong_transposed(name, input, weight, bias)
    if observers.op_entered:
        input, weight, bias = lowered(input, weight, bias)
    stride, padding = _lengths("stride", stride, axes), _lengths("padding", padding, axes)
    dilation, extra = _lengths("dilation", dilation, axes), _lengths("output_padding", output_padding, axes)
    x, w = input._array, weight._array
    batched = x.ndim == axes + 2
    if not batched:
        if x.ndim != axes + 1:
            raise RuntimeError(
                f"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) input to {name}, "
                f"but got input of size: {shape_text(x.shape)}"
            )
        input = input.unsqueeze(0)
        x = input._array
    _check_transposed(x, input, weight, bias, stride, padding, extra, groups, dilation)
    space = [
        (n - 1) * s - 2 * p + d * (k - 1) + e + 1
        for n, s, p, d, k, e in zip(x.shape[2:], stride, padding, dilation, w.shape[2:], extra, strict=True)
    ]
    if min(space) <= 0:
        raise RuntimeError(
            f"Given input size per channel: ({' x '.join(map(str, x.shape[2:]))}). "
            f"Calculated output size per channel: ({' x '.join(map(str, space))}). Output size is too small"
        )
    refuse(input.dtype, "bool uint8 int8 int16 int32", f"slow_conv_transpose{max(axes, 2)}d_out_cpu")
    y = apply(
        TransposedConvolution,
        input,
        weight,
        bias,
        shape=(x.shape[0], w.shape[1] * groups, *space),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    return y if batched else y.squeeze(0)


def _check_transposed(
    x: Any, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, extra: Any, groups: int, dilation: Any
) -> None:
    w = weight._array
    axes = len(stride)
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if min(padding) < 0:
        raise RuntimeError("negative padding is not supported")
    if min(extra) < 0:
        raise RuntimeError("negative output_padding is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) <= 0:
        raise RuntimeError(f"dilation should be greater than zero, but got {shape_text(dilation)}")
    if x.shape[1] != w.shape[0]:
        raise lesson(
            RuntimeError(
                f"Given transposed=1, weight of size {shape_text(w.shape)}, expected input{shape_text(x.shape)} "
                f"to have {w.shape[0]} channels, but got {x.shape[1]} channels instead"
            ),
            expected=f"x.shape[1] == {w.shape[0]} (ConvTranspose{axes}d.in_channels)",
            got=x.shape[1],
        )
    if bias is not None and bias._array.shape != (w.shape[1] * groups,):
        raise RuntimeError(
            f"Given transposed=1, weight of size {shape_text(w.shape)}, expected bias to be 1-dimensional with "
            f"{w.shape[1] * groups} elements, but got bias of size {shape_text(bias._array.shape)} instead"
        )
    if input.dtype is not weight.dtype:
        raise RuntimeError(f"expected scalar type {scalar_name(input)} but found {scalar_name(weight)}")
    if any(e >= s and e >= d for e, s, d in zip(extra, stride, dilation, strict=True)):
        letters = ("depth", "height", "width")[-max(axes, 2) :]
        fill = [(e, s, d) for e, s, d in zip(extra, stride, dilation, strict=True)]
        if axes == 1:
            fill.insert(0, (0, 1, 1))
        parts = [
            " ".join(f"{what}_{letter}: {triple[i]}" for letter, triple in zip(letters, fill, strict=True))
            for i, what in enumerate(("output_padding", "stride", "dilation"))
        ]
        raise RuntimeError("output padding must be smaller than either stride or dilation, but got " + " ".join(parts))


def _wrong_transposed(name: str, input: Any, weight: Any, bias: Any) -> TypeError:
    shown = ", ".join(type(value).__name__ for value in (input, weight) + (() if bias is None else (bias,)))
    ints = "tuple of ints"
    return TypeError(
        f"{name}() received an invalid combination of arguments - got ({shown}), but expected (Tensor input, "
        f"Tensor weight, Tensor bias = None, {ints} stride = 1, {ints} padding = 0, {ints} output_padding = 0, "
        f"int groups = 1, {ints} dilation = 1)"
    )
