"""What every learning rate scheduler is: a counter of epochs and a rule that gives the next learning rates."""

from __future__ import annotations

import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.optimizer import Optimizer
from pytorch_tutor.tensor import Tensor

__all__ = ["LRScheduler"]

_SEE_MORE = "See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
EPOCH_DEPRECATION_WARNING = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being "
    "deprecated where possible. Please use `scheduler.step()` to step the "
    "scheduler. During the deprecation, if epoch is different from None, the "
    "closed form is used instead of the new chainable form, where available. "
    "Please open an issue if you are unable to replicate your use case: "
    "https://github.com/pytorch/pytorch/issues/new/choose."
)


class LRScheduler:
    r"""Base class of schedulers: changes the ``lr`` of an optimizer's parameter groups.

    A subclass defines :meth:`get_lr`, usually in *chainable* form: the next learning rate from the present one, so
    that several schedulers can act on one optimizer. Many also know a *closed form*, from the epoch alone.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        last_epoch: number of the epoch before the first one; -1 to begin.

    Example::

        >>> import pytorch_tutor as torch
        >>> class HalfLR(torch.optim.lr_scheduler.LRScheduler):
        ...     def get_lr(self):
        ...         return [base_lr / 2 ** self.last_epoch for base_lr in self.base_lrs]
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> scheduler = HalfLR(optimizer)
        >>> for epoch in range(2):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    _get_lr_called_within_step: bool = False
    _is_initial: bool = False
    last_epoch: int

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", copied(group["lr"]))
            elif "initial_lr" not in group:
                raise lesson(
                    KeyError(
                        f"param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with "
                        "last_epoch >= 0.\n"
                        "This typically happens when:\n"
                        "1. You're trying to resume training from a checkpoint but haven't properly loaded the "
                        "optimizer state\n"
                        "2. You're using last_epoch >= 0 for a fresh training run (not recommended)"
                    ),
                    hint="optimizer.load_state_dict(...) first, or last_epoch=-1",
                )
        self.base_lrs: list[Any] = values_of(optimizer, "initial_lr")
        self.last_epoch = last_epoch
        if not hasattr(optimizer, "_opt_called"):
            # from now on it counts whether optimizer.step() came before scheduler.step()
            optimizer._opt_called = False
        self._initial_step()

    def _initial_step(self) -> None:
        """Step to epoch 0, so that the optimizer begins with the schedule's first learning rate."""
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def get_lr(self) -> list[Any]:
        """The next learning rate of each group; called by :meth:`step` only (see :meth:`get_last_lr`)."""
        raise NotImplementedError

    def get_last_lr(self) -> list[Any]:
        """The learning rates that the last :meth:`step` set."""
        return self._last_lr

    def step(self, epoch: int | None = None) -> None:
        """Go on to the next epoch and set its learning rates. Call it after ``optimizer.step()``.

        Args:
            epoch: deprecated; jump to this epoch.
        """
        if self._step_count == 1:
            self._warn_about_order()
        self._step_count += 1
        if epoch is not None:
            warnings.warn(EPOCH_DEPRECATION_WARNING, UserWarning, stacklevel=2)
        self._update_lr(epoch)

    def _warn_about_order(self) -> None:
        if not hasattr(self.optimizer.step, "hooked"):
            warnings.warn(
                "Seems like `optimizer.step()` has been overridden after learning rate scheduler "
                "initialization. Please, make sure to call `optimizer.step()` before "
                f"`lr_scheduler.step()`. {_SEE_MORE}",
                UserWarning,
                stacklevel=3,
            )
        elif not getattr(self.optimizer, "_opt_called", False):
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. "
                "In PyTorch 1.1.0 and later, you should call them in the opposite order: "
                "`optimizer.step()` before `lr_scheduler.step()`.  Failure to do this "
                "will result in PyTorch skipping the first value of the learning rate schedule. "
                f"{_SEE_MORE}",
                UserWarning,
                stacklevel=3,
            )

    def _update_lr(self, epoch: int | None = None) -> None:
        with self._getting_lr():
            if epoch is None:
                self.last_epoch += 1
                values = self.get_lr()
            else:
                self.last_epoch = epoch
                closed_form: Callable[[], list[Any]] = getattr(self, "_get_closed_form_lr", self.get_lr)
                values = closed_form()
        for group, lr in zip(self.optimizer.param_groups, values, strict=True):
            set_value(group, "lr", lr)
        self._last_lr: list[Any] = values_of(self.optimizer, "lr")

    @contextmanager
    def _getting_lr(self) -> Iterator[None]:
        self._get_lr_called_within_step = True
        try:
            yield
        finally:
            self._get_lr_called_within_step = False

    def _warn_outside_step(self) -> None:
        """In the chainable form a direct call of get_lr() would apply the rule once more than a reader expects."""
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use `get_last_lr()`.",
                UserWarning,
                stacklevel=3,
            )

    def _current_lrs(self) -> list[Any]:
        return values_of(self.optimizer, "lr")

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on later: all attributes except the optimizer."""
        return {key: value for key, value in self.__dict__.items() if key != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from a :meth:`state_dict`."""
        self.__dict__.update(state_dict)


def check_optimizer(optimizer: Any) -> None:
    """A scheduler needs an optimizer to act on."""
    if not isinstance(optimizer, Optimizer):
        raise lesson(
            TypeError(f"{type(optimizer).__name__} is not an Optimizer"),
            expected="an optimizer, such as torch.optim.SGD(model.parameters())",
            got=f"a {type(optimizer).__name__}",
        )


def copied(value: Any) -> Any:
    """A learning rate that is a tensor is copied, so that later changes in place do not reach the copy."""
    return value.clone() if isinstance(value, Tensor) else value


def values_of(optimizer: Optimizer, key: str) -> list[Any]:
    """One option of every group."""
    return [copied(group[key]) for group in optimizer.param_groups]


def set_value(group: dict[str, Any], key: str, value: Any) -> None:
    """Set an option of a group; a tensor is filled in place."""
    if isinstance(group[key], Tensor):
        group[key].fill_(value.item() if isinstance(value, Tensor) else value)
    else:
        group[key] = value


def per_group(name: str, optimizer: Optimizer, value: Any) -> list[Any]:
    """One value for each group, from a single value or a list of them."""
    count = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [copied(value) for _ in range(count)]
    if len(value) != count:
        raise lesson(
            ValueError(
                f"{name} must have the same length as optimizer.param_groups. "
                f"{name} has {len(value)} values, param_groups has {count}."
            ),
            expected=f"one number, or {count} of them",
            got=f"{len(value)} numbers",
        )
    return [copied(v) for v in value]


def function_state(function: Any) -> dict[str, Any] | None:
    """What a checkpoint keeps of a user's function: nothing of a plain one, the attributes of a callable object."""
    return None if isinstance(function, types.FunctionType) else function.__dict__.copy()
