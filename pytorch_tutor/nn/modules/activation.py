"""Activations as modules: thin, because `nn.functional` says what each one computes."""

from __future__ import annotations

import warnings
from typing import Any

from pytorch_tutor.creation import empty
from pytorch_tutor.functions.unary import sigmoid, tanh
from pytorch_tutor.nn import functional as F
from pytorch_tutor.nn import init as initialize
from pytorch_tutor.nn.modules.attention import MultiheadAttention as MultiheadAttention  # PyTorch has it here, too
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.nn.parameter import Parameter


class _InPlace(Module):
    """An activation whose only option is whether it writes over its input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        """`inplace=True`, if so."""
        return "inplace=True" if self.inplace else ""

    def _tail(self) -> str:
        return ", inplace=True" if self.inplace else ""


class ReLU(_InPlace):
    r"""$\max(x, 0)$.

    >>> import pytorch_tutor as torch
    >>> torch.nn.ReLU()(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.relu(input, self.inplace)


class ReLU6(_InPlace):
    r"""$\min(\max(x, 0), 6)$."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.min_val, self.max_val = 0.0, 6.0

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.relu6(input, self.inplace)


class Threshold(_InPlace):
    """x where it is above `threshold`, `value` elsewhere."""

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.threshold, self.value = threshold, value

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        """The options."""
        return f"threshold={self.threshold}, value={self.value}{self._tail()}"


class LeakyReLU(_InPlace):
    """x where it is positive, `negative_slope` x elsewhere."""

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        """The options."""
        return f"negative_slope={self.negative_slope}{self._tail()}"


class RReLU(_InPlace):
    """Leaky ReLU with slopes drawn at random in training."""

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.lower, self.upper = lower, upper

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        """The options."""
        return f"lower={self.lower}, upper={self.upper}{self._tail()}"


class PReLU(Module):
    """Leaky ReLU with a slope that is learned: one, or one for each channel."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25, device: Any = None, dtype: Any = None) -> None:
        super().__init__()
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Back to the first slope."""
        initialize.constant_(self.weight, self.init)

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        """The options."""
        return f"num_parameters={self.num_parameters}"


class Hardtanh(_InPlace):
    r"""$\min(\max(x, \text{min\_val}), \text{max\_val})$."""

    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None:
        super().__init__(inplace)
        for old, new, value in (("min_value", "min_val", min_value), ("max_value", "max_val", max_value)):
            if value is not None:
                warnings.warn(
                    f"keyword argument `{old}` is deprecated and renamed to `{new}`", FutureWarning, stacklevel=2
                )
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        if self.max_val <= self.min_val:
            raise AssertionError(f"max_val ({self.max_val}) must be greater than min_val ({self.min_val})")

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        """The options."""
        return f"min_val={self.min_val}, max_val={self.max_val}{self._tail()}"


class Hardsigmoid(_InPlace):
    """A sigmoid of three straight pieces."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.hardsigmoid(input, self.inplace)

    def extra_repr(self) -> str:
        """Nothing, as in PyTorch."""
        return ""


class Hardswish(_InPlace):
    """x times `Hardsigmoid`."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.hardswish(input, self.inplace)

    def extra_repr(self) -> str:
        """Nothing, as in PyTorch."""
        return ""


class Hardshrink(Module):
    """0 between -lambd and lambd."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """The option."""
        return str(self.lambd)


class Softshrink(Module):
    """Every element moved towards 0 by lambd."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        """The option."""
        return str(self.lambd)


# ---------------------------------------------------------------------- smooth
class Sigmoid(Module):
    r"""$1 / (1 + e^{-x})$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return sigmoid(input)


class Tanh(Module):
    r"""$\tanh x$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return tanh(input)


class LogSigmoid(Module):
    r"""$\log \sigma(x)$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.logsigmoid(input)


class Softplus(Module):
    r"""$\tfrac1\beta \log(1 + e^{\beta x})$."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        """The options."""
        return f"beta={self.beta}, threshold={self.threshold}"


class ELU(_InPlace):
    r"""x where it is positive, $\alpha (e^x - 1)$ elsewhere."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        """The options."""
        return f"alpha={self.alpha}{self._tail()}"


class CELU(ELU):
    r"""x where it is positive, $\alpha (e^{x / \alpha} - 1)$ elsewhere."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.celu(input, self.alpha, self.inplace)


class SELU(_InPlace):
    """Self-normalizing ELU."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.selu(input, self.inplace)


class GELU(Module):
    r"""$x \Phi(x)$, or its fit by tanh."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        """The option."""
        return f"approximate={self.approximate!r}"


class SiLU(_InPlace):
    r"""$x \sigma(x)$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.silu(input, self.inplace)


class Mish(_InPlace):
    r"""$x \tanh(\log(1 + e^x))$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.mish(input, self.inplace)


class Softsign(Module):
    r"""$x / (1 + |x|)$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.softsign(input)


class Tanhshrink(Module):
    r"""$x - \tanh x$."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.tanhshrink(input)


class GLU(Module):
    r"""$a \, \sigma(b)$ with the input halved along `dim` into a and b."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.glu(input, self.dim)

    def extra_repr(self) -> str:
        """The option."""
        return f"dim={self.dim}"


# ---------------------------------------------------------------------- along a dimension
class Softmax(Module):
    r"""$e^{x_i} / \sum_j e^{x_j}$ along `dim`.

    >>> import pytorch_tutor as torch
    >>> torch.nn.Softmax(dim=1)(torch.zeros(1, 4))
    tensor([[0.2500, 0.2500, 0.2500, 0.2500]])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.softmax(input, self.dim, _stacklevel=5)

    def extra_repr(self) -> str:
        """The option."""
        return f"dim={self.dim}"


class Softmin(Softmax):
    """Softmax of the negated input."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.softmin(input, self.dim, _stacklevel=5)


class LogSoftmax(Softmax):
    """The logarithm of softmax."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        return F.log_softmax(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """Softmax over the channels of every pixel."""

    def forward(self, input: Any) -> Any:
        """Apply the activation."""
        if input.dim() not in (3, 4):
            raise ValueError(f"Softmax2d: expected input to be 3D or 4D, got {input.dim()}D instead")
        return F.softmax(input, -3, _stacklevel=5)
