"""Distribution: what all have in common. A batch of independent ones shares an object; an event is one outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..autograd import no_grad
from ..creation import as_tensor
from ..dtypes import get_default_dtype
from ..errors import lesson
from ..functions.arithmetic import where
from ..functions.shape import broadcast_tensors
from ..size import Size
from ..tensor import Tensor

NAMES = {
    "positive": "GreaterThan(lower_bound=0.0)",
    "unit": "Interval(lower_bound=0.0, upper_bound=1.0)",
    "real": "Real()",
    "counts": "IntegerGreaterThan(lower_bound=0)",
    "bits": "Boolean()",
    "not negative": "GreaterThanEq(lower_bound=0.0)",
}  # what PyTorch calls the sets
TESTS: dict[str, Callable[[Any], Any]] = {
    "positive": lambda x: x > 0,
    "unit": lambda x: (x >= 0) & (x <= 1),
    "real": lambda x: x == x,
    "counts": lambda x: (x % 1 == 0) & (x >= 0),
    "bits": lambda x: (x == 0) | (x == 1),
    "not negative": lambda x: x >= 0,
}


def parameters(*values: Any) -> tuple[Any, ...]:
    """Numbers and tensors as tensors of one shape and a type of floats."""
    known = next((v for v in values if isinstance(v, Tensor)), None)
    kind = get_default_dtype() if known is None else known.dtype
    return tuple(broadcast_tensors(*[v if isinstance(v, Tensor) else as_tensor(float(v), dtype=kind) for v in values]))


class Distribution:
    """A batch of distributions of shape ``batch_shape``, whose outcomes have the shape ``event_shape``."""

    has_rsample = False
    arg_constraints: dict[str, str] = {}
    support = "real"
    _validate_args = True

    def __init__(self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None) -> None:
        self._batch_shape, self._event_shape = Size(batch_shape), Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            for name, kind in self.arg_constraints.items():
                self._check(name, kind)

    def _check(self, name: str, kind: str) -> None:
        """ValueError for a parameter outside of what it may be."""
        value = getattr(self, name, None)
        if value is None or not isinstance(value, Tensor) or bool(TESTS[kind](value).all()):
            return
        raise lesson(
            ValueError(
                f"Expected parameter {name} (Tensor of shape {tuple(value.shape)}) of distribution {self!r} to satisfy the "
                f"constraint {NAMES[kind]}, but found invalid values:\n{value}"
            ),
            expected=kind,
            got=value,
        )

    def _validate_sample(self, value: Any) -> None:
        """ValueError for a value that the distribution cannot take."""
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        if self._validate_args and not bool(TESTS[self.support](value).all()):
            raise lesson(
                ValueError(
                    f"Expected value argument (Tensor of shape {tuple(value.shape)}) to be within the support "
                    f"({NAMES[self.support]}) of the distribution {self!r}, but found invalid values:\n{value}"
                ),
                expected=self.support,
            )

    @property
    def batch_shape(self) -> Size:
        """The shape of the batch of distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one outcome."""
        return self._event_shape

    def _extended(self, sample_shape: Any = ()) -> Size:
        return Size((*sample_shape, *self._batch_shape, *self._event_shape))

    @property
    def mean(self) -> Any:
        """The mean of the outcomes."""
        raise NotImplementedError

    @property
    def variance(self) -> Any:
        """The mean squared distance from the mean."""
        raise NotImplementedError

    @property
    def stddev(self) -> Any:
        """The square root of the variance."""
        return self.variance.sqrt()

    def sample(self, sample_shape: Any = ()) -> Any:
        """Random outcomes, without history."""
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Any:
        """Random outcomes as a differentiable function of the parameters: the reparameterisation trick."""
        raise NotImplementedError

    def sample_n(self, n: int) -> Any:
        """``n`` outcomes."""
        return self.sample((n,))

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability (or its density) of an outcome."""
        raise NotImplementedError

    def cdf(self, value: Any) -> Any:
        """The probability of an outcome up to the value."""
        raise NotImplementedError

    def icdf(self, value: Any) -> Any:
        """The value up to which outcomes have the given probability."""
        raise NotImplementedError

    def entropy(self) -> Any:
        """The mean of -ln p: how much there is to be surprised at."""
        raise NotImplementedError

    def perplexity(self) -> Any:
        """e to the entropy."""
        return self.entropy().exp()

    def __repr__(self) -> str:
        names = [k for k in self.arg_constraints if k in self.__dict__]
        shown = [
            f"{k}: {v if v.numel() == 1 else v.size()}" for k in names if isinstance(v := self.__dict__[k], Tensor)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


class Independent(Distribution):
    """Some of the batch's dimensions taken as dimensions of one outcome: their log-probabilities are added.

    >>> import pytorch_tutor as torch
    >>> d = torch.distributions.Independent(torch.distributions.Normal(torch.zeros(3), torch.ones(3)), 1)
    >>> d.event_shape, d.log_prob(torch.zeros(3))
    (torch.Size([3]), tensor(-2.7568))
    """

    def __init__(
        self, base_distribution: Any, reinterpreted_batch_ndims: int, validate_args: bool | None = None
    ) -> None:
        if reinterpreted_batch_ndims > len(base_distribution.batch_shape):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual "
                f"{reinterpreted_batch_ndims} vs {len(base_distribution.batch_shape)}"
            )
        shape = tuple(base_distribution.batch_shape) + tuple(base_distribution.event_shape)
        cut = len(base_distribution.batch_shape) - reinterpreted_batch_ndims
        self.base_dist, self.reinterpreted_batch_ndims = base_distribution, reinterpreted_batch_ndims
        self.has_rsample = base_distribution.has_rsample
        super().__init__(shape[:cut], shape[cut:], validate_args)

    @property
    def mean(self) -> Any:
        return self.base_dist.mean

    @property
    def variance(self) -> Any:
        return self.base_dist.variance

    def sample(self, sample_shape: Any = ()) -> Any:
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Any:
        return self.base_dist.rsample(sample_shape)

    def _summed(self, value: Any) -> Any:
        n = self.reinterpreted_batch_ndims
        return value.sum(tuple(range(-n, 0))) if n else value

    def log_prob(self, value: Any) -> Any:
        return self._summed(self.base_dist.log_prob(value))

    def entropy(self) -> Any:
        return self._summed(self.base_dist.entropy())

    def __repr__(self) -> str:
        return f"Independent({self.base_dist}, {self.reinterpreted_batch_ndims})"


def inside(condition: Any, value: Any, outside: float) -> Any:
    """The value where the condition holds, a number elsewhere."""
    return where(condition, value, outside)
