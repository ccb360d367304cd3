"""How parameters get their first values; with the same seed, the same numbers as PyTorch. Simple to complex."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable
from typing import Any

from pytorch_tutor.autograd import no_grad
from pytorch_tutor.backends import namespace
from pytorch_tutor.creation import empty_like
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions.arithmetic import where
from pytorch_tutor.functions.random import randperm
from pytorch_tutor.sequences import eye as identity
from pytorch_tutor.tensor import Tensor

LINEAR_LAYERS = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
)


# ---------------------------------------------------------------------- the same value everywhere
def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with one value."""
    with no_grad():
        return tensor.fill_(val)


def ones_(tensor: Tensor) -> Tensor:
    """Fill with 1."""
    with no_grad():
        return tensor.fill_(1.0)


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0."""
    with no_grad():
        return tensor.zero_()


# ---------------------------------------------------------------------- from a distribution
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Tensor:
    r"""Draw from the uniform distribution $\mathcal U(a, b)$.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.nn.init.uniform_(torch.empty(2))
    tensor([0.4963, 0.7682])
    """
    with no_grad():
        return tensor.uniform_(a, b, generator=generator)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Tensor:
    r"""Draw from the normal distribution $\mathcal N(\text{mean}, \text{std}^2)$."""
    with no_grad():
        return tensor.normal_(mean, std, generator=generator)


def trunc_normal_(
    tensor: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, generator: Any = None
) -> Tensor:
    r"""Draw from $\mathcal N(\text{mean}, \text{std}^2)$, drawing again whatever falls outside $[a, b]$.

    Where the interval holds little of the distribution, candidates come from $\mathcal U(a, b)$ instead and each
    is accepted with a probability proportional to its density (rejection sampling; J. von Neumann, 1951).
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )
    inside = _normal_cdf((b - mean) / std) - _normal_cdf((a - mean) / std)
    with no_grad():
        if inside > 0.3:
            return _redraw_outside(tensor, mean, std, a, b, generator)
        return _accept_by_density(tensor, mean, std, a, b, generator)


def _normal_cdf(x: float) -> float:
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def _redraw_outside(tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Any) -> Tensor:
    low, high = tensor.new_tensor(a).item(), tensor.new_tensor(b).item()  # as this dtype rounds them
    tensor.normal_(mean, std, generator=generator)
    while True:
        outside = (tensor < low) | (tensor > high)
        if not outside.any():
            return tensor
        tensor.copy_(where(outside, empty_like(tensor).normal_(mean, std, generator=generator), tensor))


def _accept_by_density(tensor: Tensor, mean: float, std: float, a: float, b: float, generator: Any) -> Tensor:
    mode = max(a, min(mean, b))
    log_peak = -0.5 * ((mode - mean) / std) ** 2
    candidates, chance = empty_like(tensor), empty_like(tensor)

    def refused() -> Tensor:
        """Compare the logarithm of a uniform number with the log density relative to its peak."""
        density = candidates.clone().sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(log_peak)
        return chance.uniform_(generator=generator).log_().gt(density)

    candidates.uniform_(a, b, generator=generator)
    tensor.copy_(candidates)
    pending = refused()
    while pending.any():
        candidates.uniform_(a, b, generator=generator)
        tensor.copy_(where(pending, candidates, tensor))
        pending = refused() & pending
    return tensor


# ---------------------------------------------------------------------- with a structure
def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with the identity, so that a linear layer at first passes its input through."""
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    with no_grad():
        return tensor.copy_(identity(*tensor.shape, dtype=tensor.dtype))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill a convolution's weight so that it passes its input through: a 1 in the middle of each channel's own filter."""
    if tensor.dim() not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    if tensor.shape[0] % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    per_group = tensor.shape[0] // groups
    middle = tuple(size // 2 for size in tensor.shape[2:])
    with no_grad():
        tensor.zero_()
        for group in range(groups):
            for channel in range(min(per_group, tensor.shape[1])):
                tensor[(group * per_group + channel, channel, *middle)] = 1
    return tensor


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Any = None) -> Tensor:
    r"""Fill with a (semi-)orthogonal matrix times `gain`: the Q of a random matrix's QR decomposition.

    Source: A. Saxe, J. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks", 2013. The signs make Q uniformly distributed: F. Mezzadri, math-ph/0609050.
    """
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    with no_grad():
        drawn = tensor.new_empty((rows, columns)).normal_(0, 1, generator=generator)
        wide = rows < columns
        matrix = drawn.t()._array if wide else drawn._array
        xp = namespace(matrix)
        q, r = xp.linalg.qr(matrix)
        q = q * xp.sign(xp.diagonal(r))
        tensor.copy_(tensor.new_tensor((q.T if wide else q).reshape(tensor.shape)))
        return tensor.mul_(gain)


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Any = None) -> Tensor:
    r"""Draw a matrix from $\mathcal N(0, \text{std}^2)$ and set a share of each column to zero.

    Source: J. Martens, "Deep learning via Hessian-free optimization", 2010.
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    with no_grad():
        tensor.normal_(0, std, generator=generator)
        for column in range(columns):
            tensor[randperm(rows)[:zeros], column] = 0
    return tensor


# ---------------------------------------------------------------------- scaled to the layer's size
def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    r"""How much an activation shrinks a signal, as the factor that makes up for it.

    1 for linear layers and sigmoid, 5/3 for tanh, $\sqrt 2$ for ReLU, $\sqrt{2 / (1 + \text{slope}^2)}$ for leaky
    ReLU, 3/4 for SELU.

    >>> import pytorch_tutor as torch
    >>> torch.nn.init.calculate_gain("leaky_relu", 0.2)
    1.3867504905630728
    """
    if nonlinearity in LINEAR_LAYERS or nonlinearity == "sigmoid":
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        if param is None:
            param = 0.01
        elif isinstance(param, bool) or not isinstance(param, (int, float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1 + param**2))
    if nonlinearity == "selu":
        return 3.0 / 4
    raise lesson(
        ValueError(f"Unsupported nonlinearity {nonlinearity}"),
        expected="'linear', 'conv2d' and the like, 'sigmoid', 'tanh', 'relu', 'leaky_relu' or 'selu'",
        got=repr(nonlinearity),
        hint="use the gain of the activation that comes closest",
    )


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs feed one output of a weight, and how many outputs one input feeds."""
    if tensor.dim() < 2:
        raise lesson(
            ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"),
            expected="a weight (outputs, inputs, ...)",
            got=f"shape {list(tensor.shape)}",
            hint="biases are initialized by zeros_ or uniform_",
        )
    outputs, inputs, *kernel = tensor.shape
    return inputs * math.prod(kernel), outputs * math.prod(kernel)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    r"""Draw from $\mathcal U(-a, a)$, $a = \text{gain} \sqrt{6 / (\text{fan\_in} + \text{fan\_out})}$.

    Keeps the variance of signals and of gradients about equal through layers with symmetric activations. Source:
    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    bound = math.sqrt(3.0) * (gain * math.sqrt(2.0 / float(fan_in + fan_out)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Any = None) -> Tensor:
    r"""Draw from $\mathcal N(0, \sigma^2)$, $\sigma = \text{gain} \sqrt{2 / (\text{fan\_in} + \text{fan\_out})}$."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / float(fan_in + fan_out)), generator)


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of {['fan_in', 'fan_out']}")
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def kaiming_uniform_(
    tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> Tensor:
    r"""Draw from $\mathcal U(-b, b)$, $b = \text{gain} \sqrt{3 / \text{fan}}$: the default of Linear and Conv layers.

    Keeps the variance of signals (`fan_in`) or of gradients (`fan_out`) through layers with ReLU. Source: K. He,
    X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", 2015.
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _calculate_correct_fan(tensor, mode)
    bound = math.sqrt(3.0) * (calculate_gain(nonlinearity, a) / math.sqrt(fan))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: Any = None
) -> Tensor:
    r"""Draw from $\mathcal N(0, \sigma^2)$, $\sigma = \text{gain} / \sqrt{\text{fan}}$ (see `kaiming_uniform_`)."""
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _calculate_correct_fan(tensor, mode)
    return normal_(tensor, 0, calculate_gain(nonlinearity, a) / math.sqrt(fan), generator)


# ---------------------------------------------------------------------- the old names
def _deprecated(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    old, new = function.__name__[:-1], function.__name__

    @functools.wraps(function)
    def warned(*args: Any, **kwargs: Any) -> Tensor:
        warnings.warn(f"`nn.init.{old}` is now deprecated in favor of `nn.init.{new}`.", FutureWarning, stacklevel=2)
        return function(*args, **kwargs)

    warned.__name__ = warned.__qualname__ = old
    warned.__doc__ = f"Old name of `{new}`."
    return warned


uniform, normal, constant = _deprecated(uniform_), _deprecated(normal_), _deprecated(constant_)
eye, dirac, sparse, orthogonal = _deprecated(eye_), _deprecated(dirac_), _deprecated(sparse_), _deprecated(orthogonal_)
xavier_uniform, xavier_normal = _deprecated(xavier_uniform_), _deprecated(xavier_normal_)
kaiming_uniform, kaiming_normal = _deprecated(kaiming_uniform_), _deprecated(kaiming_normal_)
