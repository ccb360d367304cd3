"""Convolution layers and their transposes, along one, two and three axes. Read Conv2d first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pytorch_tutor.creation import empty
from pytorch_tutor.nn import functional as F
from pytorch_tutor.nn import init
from pytorch_tutor.nn.modules.lazy import LazyModuleMixin
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.nn.modules.sizes import ntuple
from pytorch_tutor.nn.parameter import Parameter, UninitializedParameter

Size = int | Sequence[int]
PADDINGS = ("same", "valid")
PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """What all convolutions share; `axes` is the number of spatial axes."""

    axes = 2
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
        output_padding: Size = 0,
    ) -> None:
        super().__init__()
        axes = self.axes
        stride = ntuple(stride, axes)
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(padding, str):
            if padding not in PADDINGS:
                raise ValueError(f"Invalid padding string {padding!r}, should be one of {set(PADDINGS)}")
            if padding == "same" and any(step != 1 for step in stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if padding_mode not in PADDING_MODES:
            raise ValueError(f"padding_mode must be one of {set(PADDING_MODES)}, but got padding_mode='{padding_mode}'")
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.dilation = ntuple(kernel_size, axes), stride, ntuple(dilation, axes)
        self.padding = padding if isinstance(padding, str) else ntuple(padding, axes)
        self.output_padding = ntuple(output_padding, axes)
        self.groups, self.padding_mode = groups, padding_mode
        self._border = self._border_widths()
        first, second = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        self.weight = Parameter(empty((first, second // groups, *self.kernel_size), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def _border_widths(self) -> list[int]:
        """The padding as `F.pad` wants it: (before, after) of the last axis first."""
        if self.padding == "valid":
            return [0, 0] * self.axes
        if self.padding == "same":
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            return [width for total in reversed(totals) for width in (total // 2, total - total // 2)]
        return [width for width in reversed(self.padding) for _ in range(2)]  # type: ignore[misc]

    def reset_parameters(self) -> None:
        r"""Draw the parameters anew, from $\mathcal U(-\sqrt k, \sqrt k)$, k = 1 / (inputs of one output)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        """The sizes, and what differs from its default."""
        zeros, ones = (0,) * self.axes, (1,) * self.axes
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        if self.padding != (0,) * len(self.padding):
            text += f", padding={self.padding}"
        if self.dilation != ones:
            text += f", dilation={self.dilation}"
        if self.output_padding != zeros:
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text

    def _conv_forward(self, input: Any, weight: Any, bias: Any) -> Any:
        function = (F.conv1d, F.conv2d, F.conv3d)[self.axes - 1]
        if self.padding_mode != "zeros":
            bordered = F.pad(input, self._border, mode=self.padding_mode)
            return function(bordered, weight, bias, self.stride, (0,) * self.axes, self.dilation, self.groups)
        return function(input, weight, bias, self.stride, self.padding, self.dilation, self.groups)

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        return self._conv_forward(input, self.weight, self.bias)


class Conv1d(_ConvNd):
    """Convolution along one axis; see `Conv2d`. Shapes: input (N, C, L) or (C, L)."""

    axes = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype
        )


class Conv2d(_ConvNd):
    r"""A filter bank that slides over pictures: $y_o = b_o + \sum_c w_{o,c} \star x_c$ (cross-correlation).

    Shapes: input (N, in_channels, H, W) or without N; each spatial size becomes
    floor((size + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1. `weight` is (out_channels, in_channels /
    groups, kH, kW). `padding` may be 'same' or 'valid'.

    >>> import pytorch_tutor as torch
    >>> torch.nn.Conv2d(3, 16, 3, padding=1)(torch.randn(1, 3, 32, 32)).shape
    torch.Size([1, 16, 32, 32])
    """

    axes = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype
        )

    def forward(self, input: Any) -> Any:
        """Apply the layer."""
        if self.padding_mode != "zeros":
            return self._conv_forward(input, self.weight, self.bias)
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv3d(_ConvNd):
    """Convolution along three axes; see `Conv2d`. Shapes: input (N, C, D, H, W) or (C, D, H, W)."""

    axes = 3

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size | str = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype
        )


# ---------------------------------------------------------------------- transposed
class _ConvTransposeNd(_ConvNd):
    transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            groups,
            bias,
            padding_mode,
            device,
            dtype,
            output_padding,
        )

    def forward(self, input: Any, output_size: Any = None) -> Any:
        """Apply the layer; `output_size` chooses among the sizes that the convolution would bring to the input's."""
        function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self.axes - 1]
        extra = self.output_padding if output_size is None else self._extra(input, output_size)
        padding: Any = self.padding  # numbers: transposed convolutions take no words
        return function(input, self.weight, self.bias, self.stride, padding, extra, self.groups, self.dilation)

    def _extra(self, input: Any, output_size: Sequence[int]) -> tuple[int, ...]:
        wanted, axes = list(output_size), self.axes
        if len(wanted) == input.dim() and input.dim() > axes:
            wanted = wanted[-axes:]
        if len(wanted) != axes:
            raise ValueError(
                f"ConvTranspose{axes}D: for {input.dim()}D input, output_size must have {axes} or {axes + 2} elements "
                f"(got {len(wanted)})"
            )
        padding: Any = self.padding
        sizes = zip(input.shape[-axes:], self.stride, padding, self.dilation, self.kernel_size, strict=True)
        least = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in sizes]
        most = [low + s - 1 for low, s in zip(least, self.stride, strict=True)]
        for size, low, high in zip(wanted, least, most, strict=True):
            if not low <= size <= high:
                raise ValueError(
                    f"requested an output size of {wanted}, but valid sizes range "
                    f"from {least} to {most} (for an input of {input.size()[2:]})"
                )
        return tuple(size - low for size, low in zip(wanted, least, strict=True))


class ConvTranspose1d(_ConvTransposeNd):
    """Transposed convolution along one axis; see `ConvTranspose2d`."""

    axes = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            output_padding,
            groups,
            bias,
            dilation,
            padding_mode,
            device,
            dtype,
        )


class ConvTranspose2d(_ConvTransposeNd):
    """Each pixel spreads over a window: the gradient of `Conv2d`, used as a layer that makes pictures larger.

    Each spatial size becomes (size - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1. `weight`
    is (in_channels, out_channels / groups, kH, kW).
    """

    axes = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            output_padding,
            groups,
            bias,
            dilation,
            padding_mode,
            device,
            dtype,
        )


class ConvTranspose3d(_ConvTransposeNd):
    """Transposed convolution along three axes; see `ConvTranspose2d`."""

    axes = 3

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            output_padding,
            groups,
            bias,
            dilation,
            padding_mode,
            device,
            dtype,
        )


# ---------------------------------------------------------------------- lazy
class _LazyConv(LazyModuleMixin):
    """A convolution that learns `in_channels` from its first input."""

    def __init__(self, out_channels: int, kernel_size: Size, *args: Any, **kwargs: Any) -> None:
        names = (
            ("stride", "padding", "output_padding", "groups", "bias", "dilation")
            if issubclass(type(self), _ConvTransposeNd)
            else ("stride", "padding", "dilation", "groups", "bias")
        )
        options = dict(zip((*names, "padding_mode", "device", "dtype"), args, strict=False)) | kwargs
        bias = options.pop("bias", True)
        place: Any = {"device": options.get("device"), "dtype": options.get("dtype")}
        super().__init__(0, 0, kernel_size, bias=False, **options)
        me: Any = self
        me.weight = UninitializedParameter(device=place["device"], dtype=place["dtype"])
        me.out_channels = out_channels
        if bias:
            me.bias = UninitializedParameter(device=place["device"], dtype=place["dtype"])

    def reset_parameters(self: Any) -> None:
        """Draw the parameters, once their shapes are known."""
        if not self.has_uninitialized_params() and self.in_channels != 0:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self: Any, input: Any, *args: Any, **kwargs: Any) -> None:
        """Give the parameters the shapes that fit `input`."""
        if not self.has_uninitialized_params():
            return
        if input.dim() not in (self.axes + 1, self.axes + 2):
            raise RuntimeError(
                f"Expected {self.axes + 1}D (unbatched) or {self.axes + 2}D (batched) input to {type(self).__name__}, "
                f"but got input of size: {input.shape}"
            )
        self.in_channels = input.shape[-self.axes - 1]
        if self.in_channels % self.groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        first, second = (
            (self.in_channels, self.out_channels) if self.transposed else (self.out_channels, self.in_channels)
        )
        self.weight.materialize((first, second // self.groups, *self.kernel_size))
        if self.bias is not None:
            self.bias.materialize((self.out_channels,))
        self.reset_parameters()


class LazyConv1d(_LazyConv, Conv1d):
    """A Conv1d that learns `in_channels` from its first input."""

    cls_to_become = Conv1d


class LazyConv2d(_LazyConv, Conv2d):
    """A Conv2d that learns `in_channels` from its first input."""

    cls_to_become = Conv2d


class LazyConv3d(_LazyConv, Conv3d):
    """A Conv3d that learns `in_channels` from its first input."""

    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyConv, ConvTranspose1d):
    """A ConvTranspose1d that learns `in_channels` from its first input."""

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    """A ConvTranspose2d that learns `in_channels` from its first input."""

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyConv, ConvTranspose3d):
    """A ConvTranspose3d that learns `in_channels` from its first input."""

    cls_to_become = ConvTranspose3d
