"""Draw from distributions whose parameters are tensors: one draw per probability, rate or row of weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import apply, not_a_tensor, write_out
from ..dtypes import SCALAR_NAMES, int64
from ..errors import lesson
from ..generator import Generator
from ..ops import random as ops
from ..outputs import check_type
from ..tensor_base import TensorBase, wrap
from .random_arguments import floating, stream_of, whole_number
from .random_fill import bernoulli_, check_probabilities, check_probability


def _tensor(function: str, value: Any, argument: str = "input", position: int = 1) -> None:
    if not isinstance(value, TensorBase):
        raise not_a_tensor(function, argument, position, value)


def bernoulli(input: Any, p: float | None = None, *, generator: Generator | None = None, out: Any = None) -> Any:
    r"""Coins: 1 with the probability that ``input`` holds for the place, else 0.

    $$P(y_i = 1) = \text{input}_i$$

    Shapes: the result has the shape of ``input``. With ``p``, only the shape of ``input`` counts.

    >>> import pytorch_tutor as torch
    >>> torch.bernoulli(torch.tensor([0.0, 1.0, 1.0]))
    tensor([0., 1., 1.])

    Raises RuntimeError for probabilities outside [0, 1].
    """
    _tensor("bernoulli", input)
    if p is not None:
        check_probability(float(p))
        fresh = wrap(np.empty(input._array.shape, input._array.dtype), input._dtype)
        return bernoulli_(fresh, p, generator=generator)
    check_probabilities(input)
    stream = stream_of(generator, "bernoulli")
    return write_out(apply(ops.BernoulliOf, input, stream=stream, kind=input.dtype.name), out, "bernoulli")


def poisson(input: Any, generator: Generator | None = None) -> Any:
    r"""Counts of events that happen at the rates in ``input``.

    $$P(y) = \frac{\lambda^y e^{-\lambda}}{y!}$$

    >>> import pytorch_tutor as torch
    >>> torch.poisson(torch.zeros(3))
    tensor([0., 0., 0.])

    Raises RuntimeError for a negative rate.
    """
    _tensor("poisson", input)
    floating("poisson_cpu", input.dtype)
    if input._array.size and not bool((input._array >= 0).all()):
        raise lesson(
            RuntimeError("invalid Poisson rate, expected rate to be non-negative"),
            expected="rates of 0 or more",
            got=f"{input._array.min():g}",
        )
    return apply(ops.Poisson, input, stream=stream_of(generator, "poisson"), kind=input.dtype.name)


def binomial(count: Any, prob: Any, generator: Generator | None = None) -> Any:
    r"""How many of ``count`` trials succeed, each with probability ``prob``.

    $$P(y) = \binom{n}{y} p^y (1 - p)^{n - y}$$

    >>> import pytorch_tutor as torch
    >>> torch.binomial(torch.tensor([10.0, 10.0]), torch.tensor([0.0, 1.0]))
    tensor([ 0., 10.])
    """
    for place, (name, value) in enumerate((("count", count), ("prob", prob)), 1):
        _tensor("binomial", value, name, place)
        if not value.dtype.is_floating_point:
            raise lesson(
                ValueError(
                    f"binomial only supports floating-point dtypes for {name}, got: {SCALAR_NAMES[value.dtype]}"
                ),
                expected="a floating point dtype",
                got=str(value.dtype),
                hint=f"{name}.float()",
            )
    return apply(ops.Binomial, count, prob, stream=stream_of(generator, "binomial"), kind=count.dtype.name)


def _check_entries(weights: Any) -> None:
    for wrong, what in ((~(weights >= 0), "< 0"), (~np.isfinite(weights), "= infinity or NaN")):
        if bool(wrong.any()):
            raise lesson(
                RuntimeError(f"invalid multinomial distribution (encountering probability entry {what})"),
                expected="finite weights of 0 or more",
                hint="torch.softmax(logits, dim=-1)",
            )


def multinomial(
    input: Any, num_samples: int, replacement: bool = False, *, generator: Generator | None = None, out: Any = None
) -> Any:
    r"""Draws indices with chances in proportion to the weights in each row of ``input``.

    $$P(y = i) = \frac{w_i}{\sum_j w_j}$$

    Shapes: ``(C,)`` gives ``(num_samples,)``; ``(N, C)`` gives ``(N, num_samples)``.

    >>> import pytorch_tutor as torch
    >>> torch.multinomial(torch.tensor([0.0, 0.0, 3.0]), 4, replacement=True)
    tensor([2, 2, 2, 2])

    Raises RuntimeError where more is drawn than there is, or where weights are negative, infinite or all 0.
    """
    _tensor("multinomial", input)
    num_samples = whole_number("multinomial", "num_samples", None, num_samples)
    weights = input._array
    if weights.ndim not in (1, 2):
        raise lesson(
            RuntimeError("prob_dist must be 1 or 2 dim"), expected="(C,) or (N, C)", got=f"shape {list(weights.shape)}"
        )
    if weights.ndim and weights.shape[-1] > 2**24:
        raise lesson(
            RuntimeError("number of categories cannot exceed 2^24"), expected="at most 2^24", got=weights.shape[-1]
        )
    if not input.dtype.is_floating_point:
        raise lesson(
            RuntimeError(
                f"multinomial only supports floating-point dtypes for input, got: {SCALAR_NAMES[input.dtype]}"
            ),
            expected="a floating point dtype",
            got=str(input.dtype),
            hint="weights.float()",
        )
    if num_samples <= 0:
        raise lesson(RuntimeError("cannot sample n_sample <= 0 samples"), expected="num_samples > 0", got=num_samples)
    if not replacement and num_samples > weights.shape[-1]:
        raise lesson(
            RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement"),
            expected=f"num_samples <= {weights.shape[-1]}",
            got=num_samples,
            hint="replacement=True",
        )
    if weights.size:
        if replacement and num_samples > 1:  # another kernel, with sentences of its own
            _check_entries(weights)
        if not bool(((weights >= 0) & (weights < np.inf)).all()):
            raise lesson(
                RuntimeError("probability tensor contains either `inf`, `nan` or element < 0"),
                expected="finite weights of 0 or more",
                hint="torch.softmax(logits, dim=-1)",
            )
    if weights.ndim and bool((weights.sum(axis=-1) == 0).any()):
        raise lesson(
            RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)"),
            expected="at least one weight above 0",
            got="a sum of 0",
        )
    if out is not None:
        check_type(int64, out.dtype, "multinomial")
    stream = stream_of(generator, "multinomial")
    drawn = apply(
        ops.Multinomial, input, count=num_samples, replacement=bool(replacement), stream=stream, kind=input.dtype.name
    )
    return write_out(drawn, out, "multinomial")
