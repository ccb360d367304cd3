"""Fill a tensor that exists with random numbers, in place: `x.normal_()`, `x.uniform_(-1, 1)` and their like."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ..backends.meta import MetaArray
from ..dispatch import apply_inplace, check_writable
from ..dtypes import C_NAMES, SCALAR_NAMES, dtype, finfo, iinfo
from ..errors import lesson
from ..generator import Generator
from ..ops import random as ops
from ..refusals import refuse
from ..tensor_base import TensorBase
from .random_arguments import floating, no_such_call, number, stream_of

LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1
_DIGITS = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}


def _fill(op_class: Any, input: Any, *others: Any, generator: Any, function: str, **params: Any) -> Any:
    if isinstance(input._array, MetaArray):  # there are no numbers to draw
        check_writable(input)
        return input
    stream = stream_of(generator, function)
    input.settle()
    return apply_inplace(op_class, input, *others, stream=stream, kind=input.dtype.name, **params)


def _positive(function: str, name: str, value: float) -> None:
    """RuntimeError for a scale that is not above 0."""
    if not value > 0.0:
        raise lesson(
            RuntimeError(f"{function} expects {name} > 0.0, but found {name}={value:g}"),
            expected=f"{name} > 0",
            got=f"{value:g}",
        )


def uniform_(input: Any, *args: Any, generator: Generator | None = None, **bounds: Any) -> Any:
    r"""Fills with numbers that are uniform on $[\text{from}, \text{to})$; by default on $[0, 1)$.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.empty(3).uniform_(-1, 1)
    tensor([-0.0075,  0.5364, -0.8230])
    """
    low, high = _two("uniform_", ("from", "to"), args, bounds, (0.0, 1.0))
    kind = input.dtype
    floating("check_uniform_bounds", kind, complex_too=True)
    limit = finfo(kind).max
    real = C_NAMES[kind.to_real()]
    for name, value in (("from", low), ("to", high)):
        if not -limit <= value <= limit:
            raise lesson(
                RuntimeError(f"{name} is out of bounds for {real}"), expected=f"|{name}| <= {limit:g}", got=value
            )
    if low > high:
        raise lesson(
            RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"),
            expected="from <= to",
            got=f"from={low:g}, to={high:g}",
        )
    if high - low > limit:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{SCALAR_NAMES[kind]}>::max(), but found to={high:g} and "
            f"from={low:g} which result in to-from to exceed the limit"
        )
    return _fill(ops.Uniform, input, generator=generator, function="uniform_", low=low, high=high)


def _two(
    function: str, names: tuple[str, str], args: tuple[Any, ...], named: dict[str, Any], default: tuple[float, float]
) -> tuple[float, float]:
    """Two optional numbers, by place or by name (`from` is a word of Python's grammar, so it cannot be a parameter)."""
    if len(args) > 2:
        raise TypeError(f"{function}() takes from 0 to 2 positional arguments but {len(args)} were given")
    values = dict(zip(names, default, strict=True))
    for place, (name, value) in enumerate(zip(names, args, strict=False), 1):
        values[name] = number(function, name, place, value)
    for name, value in named.items():
        if name not in values:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
        values[name] = number(function, name, names.index(name) + 1, value)
    return values[names[0]], values[names[1]]


def normal_(input: Any, mean: Any = 0, std: Any = 1, *, generator: Generator | None = None) -> Any:
    r"""Fills with numbers of a normal distribution, $y \sim \mathcal N(\text{mean}, \text{std}^2)$.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.empty(3).normal_(mean=10.0, std=0.1)
    tensor([10.1541,  9.9707,  9.7821])
    """
    mean, std = number("normal_", "mean", 1, mean), number("normal_", "std", 2, std)
    check_std(std)
    floating("normal_kernel_cpu", input.dtype, complex_too=True)
    whole = input.settle().flags.c_contiguous
    std = std_of_parts(std, input.dtype)
    return _fill(ops.Normal, input, generator=generator, function="normal_", mean=mean, std=std, whole=whole)


def check_std(std: float) -> None:
    """RuntimeError for a negative standard deviation."""
    if not std >= 0.0:
        raise lesson(
            RuntimeError(f"normal expects std >= 0.0, but found std {std:g}"), expected="std >= 0", got=f"{std:g}"
        )


def std_of_parts(std: float, kind: dtype) -> float:
    """A complex number of variance 1 has two parts of variance 1/2."""
    return std / math.sqrt(2) if kind.is_complex else std


def bernoulli_(input: Any, p: Any = 0.5, *, generator: Generator | None = None) -> Any:
    """Fills with 1 where chance has it, with probability ``p``, and 0 elsewhere; ``p`` is a number or a tensor.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.empty(5).bernoulli_(0.5)
    tensor([0., 0., 1., 0., 0.])
    """
    refuse(input.dtype, "complex", "bernoulli_scalar_cpu_")
    if isinstance(p, TensorBase):
        check_probabilities(p)
        probabilities: Any = p
        if p._array.shape != input._array.shape:
            probabilities = probabilities.expand(input._array.shape)
        return _fill(ops.FillBernoulli, input, probabilities, generator=generator, function="bernoulli_")
    if isinstance(p, str) or not hasattr(p, "__float__"):
        raise no_such_call("bernoulli_", (p,), "x.bernoulli_(0.5)")
    check_probability(float(p))
    return _fill(ops.Bernoulli, input, generator=generator, function="bernoulli_", p=float(p), variant=2)


def check_probability(p: float) -> None:
    """RuntimeError for a probability outside [0, 1]."""
    if not 0 <= p <= 1:
        raise lesson(
            RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}"), expected="0 <= p <= 1", got=f"{p:g}"
        )


def check_probabilities(p: Any) -> None:
    """Errors for a tensor of probabilities that are none."""
    refuse(p.dtype, "complex", "bernoulli_tensor_cpu_self_")
    floating("bernoulli_tensor_cpu_p_", p.dtype)
    if p._array.size and not bool(((p._array >= 0) & (p._array <= 1)).all()):
        raise lesson(
            RuntimeError(
                "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  "
                "If so, please report an enhancement request to PyTorch.)"
            ),
            expected="probabilities from 0 to 1",
            got=f"from {p._array.min():g} to {p._array.max():g}",
            hint="p.clamp(0, 1)",
        )


def random_(input: Any, *args: Any, generator: Generator | None = None, **bounds: Any) -> Any:
    """Fills with whole numbers from ``from`` to ``to`` - 1; without bounds, with all that the dtype can count.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.empty(4, dtype=torch.int64).random_(10)
    tensor([4, 9, 3, 0])
    """
    bounded = RuntimeError("check_random_bounds handles only integral, floating-point and boolean types")
    refuse(input.dtype, "complex", bounded if args or bounds else "random_kernel_cpu")
    if len(args) > 2:
        raise TypeError(f"random_() takes 2 positional arguments but {len(args)} were given")
    given = dict(zip(("to",) if len(args) == 1 else ("from", "to"), args, strict=False)) | bounds
    wrong = any(isinstance(v, (float, str)) or not (v is None or hasattr(v, "__index__")) for v in given.values())
    if wrong or set(given) - {"from", "to"}:
        raise no_such_call("random_", args, "x.random_(0, 10)", **bounds)
    kind = input.dtype
    if not given:
        return _fill(ops.Random, input, generator=generator, function="random_", bounds=None, variant=2)
    low, high = int(given.get("from", 0)), given.get("to")
    if high is None:
        high = _end_of(kind, low)
        check_bounds(low, high, kind) if kind.is_integer else None
    else:
        high = int(high)
        check_bounds(low, high, kind)
    variant = 0 if "from" in given else 1
    return _fill(ops.Random, input, generator=generator, function="random_", bounds=(low, high), variant=variant)


def _end_of(kind: dtype, low: int) -> int:
    """One past the largest integer that ``random_(low, None)`` may draw."""
    if low == LOWEST:
        return HIGHEST + 1
    if kind.name == "bool":
        return 2
    return (1 << _DIGITS[kind.name]) + 1 if kind.is_floating_point else iinfo(kind).max + 1


def check_bounds(low: int, high: int, kind: dtype) -> None:
    """RuntimeError where no integer lies in [low, high) or one of them does not fit the type."""
    if low >= high:
        raise lesson(
            RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"),
            expected="from < to",
            got=f"from={low}, to={high}",
        )
    if kind.is_complex:
        raise RuntimeError("check_random_bounds handles only integral, floating-point and boolean types")
    smallest: float
    largest: float
    if kind.name == "bool":
        smallest, largest = 0, 1
    elif kind.is_floating_point:
        smallest, largest = finfo(kind).min, finfo(kind).max
    else:
        smallest, largest = iinfo(kind).min, iinfo(kind).max
    name = "short int" if kind.name == "int16" else C_NAMES[kind]
    for argument, value in (("from", low), ("to - 1", high - 1)):
        if not smallest <= value <= largest:
            raise lesson(
                RuntimeError(f"{argument} is out of bounds for {name}"),
                expected=f"{smallest:g} to {largest:g}",
                got=value,
                hint="dtype=torch.int64",
            )
        if kind.is_floating_point and abs(value) > 1 << _DIGITS[kind.name]:
            digits = _DIGITS[kind.name]
            warnings.warn(
                f"{argument} is out of bounds [-(2^{digits}), 2^{digits}]. Due to precision limitations {name} can "
                "support discrete uniform distribution only within this range. This warning will become an error in "
                "version 1.7 release, please fix the code in advance",
                stacklevel=4,
            )


def exponential_(input: Any, lambd: Any = 1, *, generator: Generator | None = None) -> Any:
    r"""Fills with waiting times, $y \sim \lambda e^{-\lambda y}$.

    >>> import pytorch_tutor as torch
    >>> bool((torch.empty(100).exponential_() >= 0).all())
    True
    """
    rate = number("exponential_", "lambd", 1, lambd)
    _positive("exponential_", "lambda", rate)
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you "
            f"specified {SCALAR_NAMES[input.dtype]}"
        )
    return _fill(ops.Exponential, input, generator=generator, function="exponential_", rate=rate)


def geometric_(input: Any, p: Any, *, generator: Generator | None = None) -> Any:
    r"""Fills with the number of trials up to the first success, $y \sim p\,(1 - p)^{y - 1}$.

    >>> import pytorch_tutor as torch
    >>> bool((torch.empty(100).geometric_(0.5) >= 1).all())
    True
    """
    p = number("geometric_", "p", 1, p)
    if not 0 < p < 1:
        raise lesson(
            RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}"), expected="0 < p < 1", got=f"{p:g}"
        )
    refuse(input.dtype, "bool complex", "geometric_cpu")
    return _fill(ops.Geometric, input, generator=generator, function="geometric_", p=p)


def log_normal_(input: Any, mean: Any = 1, std: Any = 2, *, generator: Generator | None = None) -> Any:
    r"""Fills with numbers whose logarithm is normal, $\ln y \sim \mathcal N(\text{mean}, \text{std}^2)$.

    >>> import pytorch_tutor as torch
    >>> bool((torch.empty(100).log_normal_() > 0).all())
    True
    """
    mean, std = number("log_normal_", "mean", 1, mean), number("log_normal_", "std", 2, std)
    _positive("log_normal_", "std", std)
    floating("log_normal_cpu", input.dtype)
    return _fill(ops.LogNormal, input, generator=generator, function="log_normal_", mean=mean, std=std)


def cauchy_(input: Any, median: Any = 0, sigma: Any = 1, *, generator: Generator | None = None) -> Any:
    r"""Fills with numbers of Cauchy's distribution, $y \sim \frac{1}{\pi} \frac{\sigma}{(y - m)^2 + \sigma^2}$.

    >>> import pytorch_tutor as torch
    >>> torch.empty(2, 3).cauchy_().shape
    torch.Size([2, 3])
    """
    median, sigma = number("cauchy_", "median", 1, median), number("cauchy_", "sigma", 2, sigma)
    _positive("cauchy_", "sigma", sigma)
    if not input.dtype.is_floating_point:
        name = C_NAMES[input.dtype]
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. dtype must be a floating point but you "
            f"specified {name + ' int' if name in ('long', 'short') else name}"
        )
    return _fill(ops.Cauchy, input, generator=generator, function="cauchy_", median=median, sigma=sigma)
