"""A schedule that listens: lowers the learning rate when a measured quantity stops getting better."""

from __future__ import annotations

import warnings
from math import inf
from typing import Any, SupportsFloat

from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.lr_scheduler.base import (
    EPOCH_DEPRECATION_WARNING,
    LRScheduler,
    check_optimizer,
    set_value,
    values_of,
)
from pytorch_tutor.optim.optimizer import Optimizer

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(LRScheduler):
    r"""Multiplies the learning rate by ``factor`` when the metric has not improved for ``patience`` epochs.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        mode: ``"min"`` if smaller is better (a loss), ``"max"`` if larger is (an accuracy).
        factor: below 1.
        patience: bad epochs that are let pass.
        threshold: how much better counts as better.
        threshold_mode: ``"rel"``, a share of the best value, or ``"abs"``.
        cooldown: epochs to wait after a reduction before counting again.
        min_lr: the learning rate does not go below this; one number, or one for each group.
        eps: smaller changes of the learning rate are not made.

    Example::

        >>> import pytorch_tutor as torch
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
        >>> for loss in [3.0, 3.0, 3.0]:
        ...     optimizer.step()
        ...     scheduler.step(loss)
        >>> scheduler.get_last_lr()
        [0.1]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: list[float] | float = 0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1.0:
            raise lesson(ValueError("Factor should be < 1.0."), got=str(factor), hint="factor=0.1")
        self.factor = factor
        check_optimizer(optimizer)
        self.optimizer = optimizer
        groups = len(optimizer.param_groups)
        self.default_min_lr: float | None = None
        if isinstance(min_lr, (list, tuple)):
            if len(min_lr) != groups:
                raise lesson(ValueError(f"expected {groups} min_lrs, got {len(min_lr)}"), hint="one for each group")
            self.min_lrs = list(min_lr)
        else:
            self.default_min_lr = min_lr
            self.min_lrs = [min_lr] * groups
        self.patience = patience
        self.cooldown = cooldown
        self.eps = eps
        self.last_epoch = 0
        self._last_lr = values_of(optimizer, "lr")
        self._init_is_better(mode, threshold, threshold_mode)
        self._reset()

    def _reset(self) -> None:
        """Forget what was best and how many bad epochs there were."""
        self.best = self.mode_worse
        self.cooldown_counter = 0
        self.num_bad_epochs = 0

    def step(self, metrics: SupportsFloat, epoch: int | None = None) -> None:  # type: ignore[override]
        """Look at the metric of an epoch, and lower the learning rate if its patience is at an end."""
        current = float(metrics)
        if epoch is None:
            epoch = self.last_epoch + 1
        else:
            warnings.warn(EPOCH_DEPRECATION_WARNING, UserWarning, stacklevel=2)
        self.last_epoch = epoch
        if self._is_better(current, self.best):
            self.best = current
            self.num_bad_epochs = 0
        else:
            self.num_bad_epochs += 1
        if self.in_cooldown:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce_lr(epoch)
            self.cooldown_counter = self.cooldown
            self.num_bad_epochs = 0
        self._last_lr = values_of(self.optimizer, "lr")

    def _reduce_lr(self, epoch: int) -> None:
        groups = self.optimizer.param_groups
        if len(groups) != len(self.min_lrs):
            if self.default_min_lr is None:
                raise lesson(
                    RuntimeError(
                        "The number of param groups in the `optimizer` "
                        f"({len(groups)}) differs "
                        f"from when `ReduceLROnPlateau` was initialized "
                        f"({len(self.min_lrs)}), usually due to a new "
                        "param group being added to the optimizer. Please "
                        "modify the `min_lrs` field to match the length "
                        "of the `optimizer` param groups."
                    ),
                    hint="scheduler.min_lrs.append(0.0)",
                )
            self.min_lrs = [self.default_min_lr] * len(groups)
        for group, min_lr in zip(groups, self.min_lrs, strict=True):
            old_lr = float(group["lr"])
            new_lr = max(old_lr * self.factor, min_lr)
            if old_lr - new_lr > self.eps:
                set_value(group, "lr", new_lr)

    @property
    def in_cooldown(self) -> bool:
        """Whether bad epochs do not count at present."""
        return self.cooldown_counter > 0

    def _is_better(self, a: float, best: float) -> bool:
        if self.mode == "min":
            return a < (best * (1.0 - self.threshold) if self.threshold_mode == "rel" else best - self.threshold)
        return a > (best * (self.threshold + 1.0) if self.threshold_mode == "rel" else best + self.threshold)

    def _init_is_better(self, mode: str, threshold: float, threshold_mode: str) -> None:
        if mode not in {"min", "max"}:
            raise lesson(ValueError("mode " + mode + " is unknown!"), expected='"min" or "max"')
        if threshold_mode not in {"rel", "abs"}:
            raise lesson(ValueError("threshold mode " + threshold_mode + " is unknown!"), expected='"rel" or "abs"')
        self.mode_worse = inf if mode == "min" else -inf
        self.mode = mode
        self.threshold = threshold
        self.threshold_mode = threshold_mode

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from a ``state_dict()``."""
        self.__dict__.update(state_dict)
        self._init_is_better(self.mode, self.threshold, self.threshold_mode)
