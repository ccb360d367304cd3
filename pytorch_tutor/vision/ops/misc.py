"""Blocks that several networks are made of: convolution with norm and activation, squeeze and excitation, MLP."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

Maker = Callable[..., nn.Module]


class ConvNormActivation(nn.Sequential):
    """A convolution that keeps the size (or divides it by ``stride``), then a normalisation and an activation.

    Args:
        in_channels, out_channels, kernel_size, stride, groups, dilation: of the convolution.
        padding: by default what keeps the size.
        norm_layer, activation_layer: what follows; None for nothing.
        inplace: handed to the activation, unless None.
        bias: by default only where no normalisation follows.
        conv_layer: the kind of convolution.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = None,
        groups: int = 1,
        norm_layer: Maker | None = nn.BatchNorm2d,
        activation_layer: Maker | None = nn.ReLU,
        dilation: Any = 1,
        inplace: bool | None = True,
        bias: bool | None = None,
        conv_layer: Maker = nn.Conv2d,
    ) -> None:
        if padding is None:
            padding = _same_size(kernel_size, dilation)
        layers = [
            conv_layer(
                in_channels,
                out_channels,
                kernel_size,
                stride,
                padding,
                dilation=dilation,
                groups=groups,
                bias=norm_layer is None if bias is None else bias,
            )
        ]
        if norm_layer is not None:
            layers.append(norm_layer(out_channels))
        if activation_layer is not None:
            layers.append(activation_layer(**({} if inplace is None else {"inplace": inplace})))
        super().__init__(*layers)
        self.out_channels = out_channels
        if type(self) is ConvNormActivation:
            warnings.warn(
                "Don't use ConvNormActivation directly, please use Conv2dNormActivation and Conv3dNormActivation instead.",
                stacklevel=2,
            )


def _same_size(kernel: Any, dilation: Any) -> Any:
    """The padding that keeps the size, for a number or for one number per axis."""
    if isinstance(kernel, int) and isinstance(dilation, int):
        return (kernel - 1) // 2 * dilation
    axes = len(kernel) if isinstance(kernel, Sequence) else len(dilation)
    kernels = list(kernel) if isinstance(kernel, Sequence) else [kernel] * axes
    dilations = list(dilation) if isinstance(dilation, Sequence) else [dilation] * axes
    return tuple((k - 1) // 2 * d for k, d in zip(kernels, dilations, strict=True))


class Conv2dNormActivation(ConvNormActivation):
    """:class:`ConvNormActivation` with a two-dimensional convolution.

    >>> from pytorch_tutor.vision.ops import Conv2dNormActivation
    >>> [type(layer).__name__ for layer in Conv2dNormActivation(3, 8, stride=2)]
    ['Conv2d', 'BatchNorm2d', 'ReLU']
    """


class Conv3dNormActivation(ConvNormActivation):
    """:class:`ConvNormActivation` with a three-dimensional convolution."""

    def __init__(self, in_channels: int, out_channels: int, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("conv_layer", nn.Conv3d)
        if len(args) < 5:
            kwargs.setdefault("norm_layer", nn.BatchNorm3d)
        super().__init__(in_channels, out_channels, *args, **kwargs)


class SqueezeExcitation(nn.Module):
    r"""Weighs channels by what the whole picture holds: :math:`y = x \cdot s(w_2\, a(w_1\, \mathrm{mean}(x)))`.

    Source: J. Hu, L. Shen, G. Sun, Squeeze-and-Excitation Networks, 2017.
    """

    def __init__(
        self,
        input_channels: int,
        squeeze_channels: int,
        activation: Maker = nn.ReLU,
        scale_activation: Maker = nn.Sigmoid,
    ) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(input_channels, squeeze_channels, 1)
        self.fc2 = nn.Conv2d(squeeze_channels, input_channels, 1)
        self.activation = activation()
        self.scale_activation = scale_activation()

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        scale = self.fc2(self.activation(self.fc1(self.avgpool(input))))
        return self.scale_activation(scale) * input


class MLP(nn.Sequential):
    """Linear layers with activations and dropout between.

    Args:
        in_channels: what comes in.
        hidden_channels: what each layer gives out, the last one's is the result.
        norm_layer, activation_layer: what follows each layer but the last.
        inplace: handed to activation and dropout, unless None.
        bias: of the linear layers.
        dropout: after each layer.
    """

    def __init__(
        self,
        in_channels: int,
        hidden_channels: Sequence[int],
        norm_layer: Maker | None = None,
        activation_layer: Maker | None = nn.ReLU,
        inplace: bool | None = None,
        bias: bool = True,
        dropout: float = 0.0,
    ) -> None:
        options = {} if inplace is None else {"inplace": inplace}
        layers: list[nn.Module] = []
        width = in_channels
        for wanted in hidden_channels[:-1]:
            layers.append(nn.Linear(width, wanted, bias=bias))
            if norm_layer is not None:
                layers.append(norm_layer(wanted))
            if activation_layer is not None:
                layers.append(activation_layer(**options))
            layers.append(nn.Dropout(dropout, **options))
            width = wanted
        layers += [nn.Linear(width, hidden_channels[-1], bias=bias), nn.Dropout(dropout, **options)]
        super().__init__(*layers)


class Permute(nn.Module):
    """Puts dimensions into another order."""

    def __init__(self, dims: Sequence[int]) -> None:
        super().__init__()
        self.dims = list(dims)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.permute(x, self.dims)


class FrozenBatchNorm2d(nn.Module):
    """Batch normalisation whose numbers do not change any more: all four are buffers."""

    weight: torch.Tensor
    bias: torch.Tensor
    running_mean: torch.Tensor
    running_var: torch.Tensor

    def __init__(self, num_features: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.register_buffer("weight", torch.ones(num_features))
        self.register_buffer("bias", torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        column = (1, -1, 1, 1)
        scale = self.weight.reshape(column) * (self.running_var.reshape(column) + self.eps).rsqrt()
        return x * scale + (self.bias.reshape(column) - self.running_mean.reshape(column) * scale)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.weight.shape[0]}, eps={self.eps})"
