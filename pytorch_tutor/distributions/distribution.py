"""Distribution: what all have in common. A batch of independent ones shares an object; an event is one outcome."""

from __future__ import annotations

import warnings
from typing import Any

from ..autograd import no_grad
from ..errors import lesson
from ..size import Size
from ..tensor import Tensor
from .constraints import is_dependent
from .utils import lazy_property


class Distribution:
    """A batch of distributions of shape ``batch_shape``, whose outcomes have the shape ``event_shape``."""

    has_rsample = False
    has_enumerate_support = False
    not_expanded: tuple[str, ...] = ()  # tensors that `expand` leaves as they are
    _validate_args = __debug__

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Whether parameters and values are checked from now on."""
        if value not in [True, False]:
            raise ValueError
        Distribution._validate_args = value

    def __init__(self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None) -> None:
        self._batch_shape, self._event_shape = Size(batch_shape), Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._check_parameters()

    def _check_parameters(self) -> None:
        """ValueError for a parameter outside of what it may be."""
        try:
            allowed = self.arg_constraints
        except NotImplementedError:
            allowed = {}
            warnings.warn(
                f"{self._called()} does not define `arg_constraints`. Please set `arg_constraints = {{}}` or initialize the "
                "distribution with `validate_args=False` to turn off validation.",
                stacklevel=3,
            )
        for name, constraint in allowed.items():
            lazy = name not in self.__dict__ and isinstance(getattr(type(self), name, None), lazy_property)
            if is_dependent(constraint) or lazy:
                continue
            value = getattr(self, name)
            if not bool(constraint.check(value.detach() if isinstance(value, Tensor) else value).all()):
                raise lesson(
                    ValueError(
                        f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) of distribution "
                        f"{self!r} to satisfy the constraint {constraint!r}, but found invalid values:\n{value}"
                    ),
                    expected=repr(constraint),
                    got=value,
                )

    def _validate_sample(self, value: Any) -> None:
        """ValueError for a value that the distribution cannot take."""
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        start = value.dim() - len(self._event_shape)
        if value.size()[start:] != self._event_shape:
            raise ValueError(
                f"The right-most size of value must match event_shape: {value.size()} vs {self._event_shape}."
            )
        expected = Size((*self._batch_shape, *self._event_shape))
        for i, j in zip(reversed(value.size()), reversed(expected), strict=False):
            if i != 1 and j != 1 and i != j:
                raise ValueError(
                    f"Value is not broadcastable with batch_shape+event_shape: {value.size()} vs {expected}."
                )
        try:
            support = self.support
        except NotImplementedError:
            warnings.warn(
                f"{self._called()} does not define `support` to enable sample validation. Please initialize the "
                "distribution with `validate_args=False` to turn off validation.",
                stacklevel=3,
            )
            return
        if not bool(support.check(value.detach()).all()):
            raise lesson(
                ValueError(
                    f"Expected value argument ({type(value).__name__} of shape {tuple(value.shape)}) to be within the "
                    f"support ({support!r}) of the distribution {self!r}, but found invalid values:\n{value}"
                ),
                expected=repr(support),
            )

    def _checked(self, value: Any) -> Any:
        """The value, checked if checks are on."""
        if self._validate_args:
            self._validate_sample(value)
        return value

    def _called(self) -> str:
        """The class by PyTorch's name."""
        return str(type(self)).replace("'pytorch_tutor.", "'torch.")

    # -- shapes
    @property
    def batch_shape(self) -> Size:
        """The shape of the batch of distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """The shape of one outcome."""
        return self._event_shape

    def _extended_shape(self, sample_shape: Any = ()) -> Size:
        return Size((*Size(sample_shape), *self._batch_shape, *self._event_shape))

    def _get_checked_instance(self, cls: type, _instance: Any = None) -> Any:
        """A new object for ``expand`` to fill; a subclass with an ``__init__`` of its own has to write its own ``expand``."""
        if _instance is None and type(self).__init__ != cls.__init__:  # type: ignore[misc]
            raise NotImplementedError(
                f"Subclass {type(self).__name__} of {cls.__name__} that defines a custom __init__ method must also define a "
                "custom .expand() method."
            )
        return object.__new__(type(self)) if _instance is None else _instance

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The same distribution for a larger batch, without copying: every parameter is expanded.

        >>> import pytorch_tutor as torch
        >>> torch.distributions.Normal(torch.zeros(1), torch.ones(1)).expand([3]).batch_shape
        torch.Size([3])
        """
        new = object.__new__(type(self)) if _instance is None else _instance
        before, after = tuple(self._batch_shape), tuple(batch_shape)
        for name, value in self.__dict__.items():
            if isinstance(value, Tensor) and name not in self.not_expanded:
                value = value.expand(after + tuple(value.shape)[len(before) :])
            elif isinstance(value, Distribution):
                value = value.expand(after + tuple(value.batch_shape)[len(before) :])
            new.__dict__[name] = value
        new._batch_shape = Size(after)
        return new

    # -- what a kind of distribution knows
    @property
    def arg_constraints(self) -> Any:
        """What each parameter may be."""
        raise NotImplementedError

    @property
    def support(self) -> Any:
        """What outcomes can be."""
        raise NotImplementedError

    @property
    def mean(self) -> Any:
        """The mean of the outcomes."""
        raise NotImplementedError

    @property
    def mode(self) -> Any:
        """The most probable outcome."""
        raise NotImplementedError(f"{self._called()} does not implement mode")

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
        warnings.warn(
            "`sample_n(n)` will be deprecated. Use `sample((n,))` instead.", category=FutureWarning, stacklevel=2
        )
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

    def enumerate_support(self, expand: bool = True) -> Any:
        """All possible outcomes, along a new first dimension."""
        raise NotImplementedError

    def entropy(self) -> Any:
        """The mean of -ln p: how much there is to be surprised at."""
        raise NotImplementedError

    def perplexity(self) -> Any:
        """e to the entropy."""
        return self.entropy().exp()

    def __repr__(self) -> str:
        names = [k for k in self.arg_constraints if k in self.__dict__]
        shown = [f"{k}: {v if v.numel() == 1 else v.size()}" for k in names for v in [self.__dict__[k]]]
        return f"{type(self).__name__}({', '.join(shown)})"
