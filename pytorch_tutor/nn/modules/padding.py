"""Padding layers: a border of a constant, of the mirrored input, of its last values, or of its other end."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.nn import functional as F
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.nn.modules.sizes import ntuple


class _Pad(Module):
    """`padding` is (before, after) for each axis, the last axis first, or one number for all."""

    axes, mode = 2, "constant"

    def __init__(self, padding: Any) -> None:
        super().__init__()
        self.padding = ntuple(padding, 2 * self.axes)

    def forward(self, input: Any) -> Any:
        """Add the border."""
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        """The widths."""
        return f"{self.padding}"


class ConstantPad1d(_Pad):
    """A border of `value` along one axis."""

    axes = 1

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Any) -> Any:
        """Add the border."""
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        """The widths and the value."""
        return f"padding={self.padding}, value={self.value}"


class ConstantPad2d(ConstantPad1d):
    """A border of `value` around a picture."""

    axes = 2


class ConstantPad3d(ConstantPad1d):
    """A border of `value` along three axes."""

    axes = 3


class _ZeroPad(ConstantPad1d):
    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        """The widths."""
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad):
    """A border of zeros along one axis."""

    axes = 1


class ZeroPad2d(_ZeroPad):
    """A border of zeros around a picture.

    >>> import pytorch_tutor as torch
    >>> torch.nn.ZeroPad2d(1)(torch.ones(1, 1, 2, 2)).sum()
    tensor(4.)
    """

    axes = 2


class ZeroPad3d(_ZeroPad):
    """A border of zeros along three axes."""

    axes = 3


class ReflectionPad1d(_Pad):
    """A mirrored border along one axis."""

    axes, mode = 1, "reflect"


class ReflectionPad2d(_Pad):
    """A mirrored border around a picture."""

    axes, mode = 2, "reflect"


class ReflectionPad3d(_Pad):
    """A mirrored border along three axes."""

    axes, mode = 3, "reflect"


class ReplicationPad1d(_Pad):
    """A border of the outermost values along one axis."""

    axes, mode = 1, "replicate"


class ReplicationPad2d(_Pad):
    """A border of the outermost values around a picture."""

    axes, mode = 2, "replicate"


class ReplicationPad3d(_Pad):
    """A border of the outermost values along three axes."""

    axes, mode = 3, "replicate"


class _CircularPad(_Pad):
    mode = "circular"

    def forward(self, input: Any) -> Any:
        """Add the border."""
        if input.dim() not in (self.axes + 1, self.axes + 2):
            raise ValueError(f"expected {self.axes + 1}D or {self.axes + 2}D input (got {input.dim()}D input)")
        return F.pad(input, self.padding, "circular")


class CircularPad1d(_CircularPad):
    """A border from the other end along one axis."""

    axes = 1


class CircularPad2d(_CircularPad):
    """A border from the other side of a picture."""

    axes = 2


class CircularPad3d(_CircularPad):
    """A border from the other end along three axes."""

    axes = 3
