"""Distributions of counts and choices: read Bernoulli and Categorical first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..creation import zeros
from ..dtypes import int64
from ..functions.arithmetic import where, xlogy
from ..functions.sampling import bernoulli, binomial, multinomial, poisson
from ..functions.shape import broadcast_tensors
from ..functions.special import lgamma
from ..functions.unary import log1p, sigmoid
from ..size import Size
from .distribution import Distribution, parameters


def one_of(probs: Any, logits: Any) -> None:
    """ValueError unless exactly one of the two ways to give probabilities was used."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


def limited(probs: Any) -> Any:
    """Probabilities kept off 0 and 1, so that their logarithms are finite."""
    eps = float(np.finfo(probs._array.dtype).eps)
    return probs.clamp(min=eps, max=1 - eps)


class Choice(Distribution):
    """What distributions of yes or no share: ``probs`` or ``logits``, each computed from the other."""

    arg_constraints = {"probs": "unit", "logits": "real"}

    def __init__(self, probs: Any, logits: Any, validate_args: bool | None) -> None:
        one_of(probs, logits)
        self._by_probs = probs is not None
        (given,) = parameters(probs if self._by_probs else logits)
        self.__dict__["probs" if self._by_probs else "logits"] = given
        super().__init__(given.shape, validate_args=validate_args)

    def __getattr__(self, name: str) -> Any:
        known = self.__dict__
        if name == "logits" and "probs" in known:
            p = limited(known["probs"])
            return p.log() - log1p(-p)
        if name == "probs" and "logits" in known:
            return sigmoid(known["logits"])
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")


def softplus(x: Any) -> Any:
    """ln(1 + e^x), which does not overflow."""
    return x.clamp(min=0) + log1p((-x.abs()).exp())


class Bernoulli(Choice):
    """1 with the probability ``probs``, otherwise 0.

    >>> import pytorch_tutor as torch
    >>> torch.distributions.Bernoulli(torch.tensor([0.25])).log_prob(torch.tensor([1.0])).exp()
    tensor([0.2500])
    """

    support = "bits"

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args)

    @property
    def mean(self) -> Any:
        return self.probs

    @property
    def variance(self) -> Any:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Any:
        return bernoulli(self.probs.detach().expand(self._extended(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        return value * self.logits - softplus(self.logits)

    def entropy(self) -> Any:
        return softplus(self.logits) - self.logits * self.probs


class Geometric(Choice):
    """How often something fails before it succeeds for the first time."""

    support = "counts"

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        super().__init__(probs, logits, validate_args)

    @property
    def mean(self) -> Any:
        return 1.0 / self.probs - 1.0

    @property
    def variance(self) -> Any:
        return (1.0 / self.probs - 1.0) / self.probs

    def sample(self, sample_shape: Any = ()) -> Any:
        p = self.probs.detach()
        tiny = float(np.finfo(p._array.dtype).tiny)
        u = zeros(self._extended(sample_shape), dtype=p.dtype).uniform_(tiny, 1)
        return (u.log() / log1p(-p)).floor()

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        value, probs = broadcast_tensors(value, self.probs)
        certain = (probs == 1) & (value == 0)  # 0 failures before a sure success: 0 ln 0
        return value * log1p(-where(certain, 0.0, probs)) + self.probs.log()

    def entropy(self) -> Any:
        return (softplus(self.logits) - self.logits * self.probs) / self.probs


class Binomial(Choice):
    """How often of ``total_count`` times something happens that has the probability ``probs``."""

    support = "counts"

    def __init__(
        self, total_count: Any = 1, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        one_of(probs, logits)
        count, given = parameters(total_count, probs if probs is not None else logits)
        self.total_count = count.to(given.dtype)
        super().__init__(given if probs is not None else None, given if probs is None else None, validate_args)

    @property
    def mean(self) -> Any:
        return self.total_count * self.probs

    @property
    def variance(self) -> Any:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Any:
        shape = self._extended(sample_shape)
        return binomial(self.total_count.expand(shape), self.probs.detach().expand(shape))

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        n = self.total_count
        ways = lgamma(n + 1) - lgamma(value + 1) - lgamma(n - value + 1)
        return ways + value * self.logits - n * softplus(self.logits)


class Categorical(Distribution):
    """One of several choices; the last dimension of ``probs`` or ``logits`` lists them.

    >>> import pytorch_tutor as torch
    >>> d = torch.distributions.Categorical(torch.tensor([1.0, 1.0, 2.0]))
    >>> d.probs, d.log_prob(torch.tensor(2)).exp()
    (tensor([0.2500, 0.2500, 0.5000]), tensor(0.5000))
    """

    support = "counts"

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        one_of(probs, logits)
        given = probs if probs is not None else logits
        if given.dim() < 1:
            name = "probs" if probs is not None else "logits"
            raise ValueError(f"`{name}` parameter must be at least one-dimensional.")
        if probs is not None:
            self.probs = probs / probs.sum(-1, True)
            self.logits = limited(self.probs).log()
        else:
            self.logits = logits - logits.logsumexp(-1, True)
            self.probs = self.logits.softmax(-1)
        self._num_events = given.size(-1)
        self.arg_constraints = {"probs": "unit"} if probs is not None else {"logits": "real"}
        super().__init__(given.shape[:-1], validate_args=validate_args)

    @property
    def param_shape(self) -> Size:
        """The shape of the probabilities."""
        return self.probs.shape

    @property
    def mean(self) -> Any:
        return self.probs[..., 0] * math.nan

    variance = mean

    @property
    def mode(self) -> Any:
        """The most probable choice."""
        return self.probs.argmax(-1)

    def sample(self, sample_shape: Any = ()) -> Any:
        rows = self.probs.detach().reshape(-1, self._num_events)
        drawn = multinomial(rows, math.prod(sample_shape), True).T
        return drawn.reshape(self._extended(sample_shape))

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        index = value.to(int64).unsqueeze(-1)
        shape = np.broadcast_shapes(tuple(index.shape), (*tuple(self.logits.shape)[:-1], 1))
        table = self.logits.expand((*shape[:-1], self._num_events))
        return table.gather(-1, index.expand(shape)).squeeze(-1)

    def entropy(self) -> Any:
        lowest = float(np.finfo(self.logits._array.dtype).min)
        return -(self.logits.clamp(min=lowest) * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Any:
        """All choices, along a new first dimension."""
        values = zeros(self._num_events, dtype=int64)
        values._array[...] = np.arange(self._num_events)
        values = values.reshape(-1, *[1] * len(self._batch_shape))
        return values.expand((self._num_events, *self._batch_shape)) if expand else values


class OneHotCategorical(Distribution):
    """One of several choices, as a vector with a 1 in its place."""

    support = "bits"

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: bool | None = None) -> None:
        self._categorical = Categorical(probs, logits, validate_args)
        self.probs, self.logits = self._categorical.probs, self._categorical.logits
        super().__init__(self.probs.shape[:-1], self.probs.shape[-1:], validate_args)

    @property
    def mean(self) -> Any:
        return self.probs

    @property
    def variance(self) -> Any:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Any:
        drawn = self._categorical.sample(sample_shape).unsqueeze(-1)
        return zeros(self._extended(sample_shape), dtype=self.probs.dtype).scatter_(-1, drawn, 1.0)

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        return self._categorical.log_prob(value.max(-1)[1])

    def entropy(self) -> Any:
        return self._categorical.entropy()


class Multinomial(Distribution):
    """How often each choice is taken in ``total_count`` draws."""

    support = "counts"

    def __init__(
        self, total_count: int = 1, probs: Any = None, logits: Any = None, validate_args: bool | None = None
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        self._categorical = Categorical(probs, logits, validate_args)
        self.probs, self.logits = self._categorical.probs, self._categorical.logits
        super().__init__(self.probs.shape[:-1], self.probs.shape[-1:], validate_args)

    @property
    def mean(self) -> Any:
        return self.probs * self.total_count

    @property
    def variance(self) -> Any:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Any:
        drawn = self._categorical.sample((self.total_count, *sample_shape))
        drawn = drawn.permute((*range(1, drawn.dim()), 0))
        counts = zeros(self._extended(sample_shape), dtype=self.probs.dtype)
        return counts.scatter_add_(-1, drawn, (drawn == drawn).to(self.probs.dtype))

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        ways = lgamma(value.sum(-1) + 1) - lgamma(value + 1).sum(-1)
        return ways + (self.logits * value).sum(-1)


class Poisson(Distribution):
    """How often something happens that happens ``rate`` times on average."""

    arg_constraints = {"rate": "not negative"}
    support = "counts"

    def __init__(self, rate: Any, validate_args: bool | None = None) -> None:
        (self.rate,) = parameters(rate)
        super().__init__(self.rate.shape, validate_args=validate_args)

    @property
    def mean(self) -> Any:
        return self.rate

    variance = mean

    def sample(self, sample_shape: Any = ()) -> Any:
        return poisson(self.rate.detach().expand(self._extended(sample_shape)))

    def log_prob(self, value: Any) -> Any:
        self._validate_sample(value)
        return xlogy(value, self.rate) - self.rate - lgamma(value + 1)
