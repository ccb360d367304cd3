"""Schedules along a cosine: falls slowly, then fast, then slowly again; once, or with restarts."""

from __future__ import annotations

import math
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.lr_scheduler.base import LRScheduler, set_value
from pytorch_tutor.optim.optimizer import Optimizer

__all__ = ["CosineAnnealingLR", "CosineAnnealingWarmRestarts"]


class CosineAnnealingLR(LRScheduler):
    r"""Lowers the learning rate along half a cosine.

    .. math:: \gamma_t = \gamma_{min} + \tfrac12 (\gamma_0 - \gamma_{min})\left(1 + \cos\frac{t\,\pi}{T_{max}}\right)

    Args:
        optimizer: the optimizer whose learning rates are changed.
        T_max: epochs until the minimum; after it the learning rate rises again.
        eta_min: :math:`\gamma_{min}`.
        last_epoch: number of the epoch before the first one.

    Example::

        >>> import pytorch_tutor as torch
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=2)
        >>> optimizer.step(); scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]

    Source: Loshchilov, Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts* (2016),
    https://arxiv.org/abs/1608.03983 (without the restarts).
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1) -> None:
        self.T_max = T_max
        self.eta_min = eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        groups, low, epoch, half = self.optimizer.param_groups, self.eta_min, self.last_epoch, self.T_max
        if self._is_initial:
            return self._current_lrs()
        if self._step_count == 1 and epoch > 0:  # resumed in the middle: there is no previous value to go on from
            return self._get_closed_form_lr()
        if (epoch - 1 - half) % (2 * half) == 0:  # just past a minimum, where the quotient below would be 0 / 0
            rise = (1 - math.cos(math.pi / half)) / 2
            return [group["lr"] + (base_lr - low) * rise for base_lr, group in zip(self.base_lrs, groups, strict=True)]
        quotient = (1 + math.cos(math.pi * epoch / half)) / (1 + math.cos(math.pi * (epoch - 1) / half))
        return [quotient * (group["lr"] - low) + low for group in groups]

    def _get_closed_form_lr(self) -> list[Any]:
        height = 1 + math.cos(math.pi * self.last_epoch / self.T_max)
        return [self.eta_min + (base_lr - self.eta_min) * height / 2 for base_lr in self.base_lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    r"""Half a cosine that starts over and over, each time ``T_mult`` times as long.

    .. math:: \gamma_t = \gamma_{min} + \tfrac12 (\gamma_0 - \gamma_{min})\left(1 + \cos\frac{T_{cur}\,\pi}{T_i}\right)

    A restart throws the weights out of a narrow minimum, and they settle in a wider one.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        T_0: epochs until the first restart.
        T_mult: how many times longer each period is than the one before.
        eta_min: :math:`\gamma_{min}`.
        last_epoch: number of the epoch before the first one.

    Example::

        >>> import pytorch_tutor as torch
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=2)
        >>> optimizer.step(); scheduler.step(); optimizer.step(); scheduler.step()
        >>> scheduler.get_last_lr()
        [1.0]

    Source: Loshchilov, Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts* (2016),
    https://arxiv.org/abs/1608.03983.
    """

    def __init__(
        self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0, last_epoch: int = -1
    ) -> None:
        if T_0 <= 0 or not isinstance(T_0, int):
            raise lesson(ValueError(f"Expected positive integer T_0, but got {T_0}"), hint="T_0=10")
        if T_mult < 1 or not isinstance(T_mult, int):
            raise lesson(ValueError(f"Expected integer T_mult >= 1, but got {T_mult}"), hint="T_mult=2")
        if not isinstance(eta_min, (float, int)):
            raise lesson(
                ValueError(f"Expected float or int eta_min, but got {eta_min} of type {type(eta_min)}"),
                hint="eta_min=0.0",
            )
        self.T_0 = T_0
        self.T_i = T_0
        self.T_mult = T_mult
        self.eta_min = eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        height = 1 + math.cos(math.pi * self.T_cur / self.T_i)
        return [self.eta_min + (base_lr - self.eta_min) * height / 2 for base_lr in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go on by one epoch, or to a given one, which may be a fraction: ``step(epoch + batch / batches)``."""
        if epoch is None and self.last_epoch < 0:
            epoch = 0
        if epoch is None:
            epoch = self.last_epoch + 1
            self.T_cur = self.T_cur + 1
            if self.T_cur >= self.T_i:
                self.T_cur = self.T_cur % self.T_i
                self.T_i = self.T_i * self.T_mult
        else:
            self._jump_to(epoch)
        self.last_epoch = math.floor(epoch)
        with self._getting_lr():
            for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
                set_value(group, "lr", lr)
        self._last_lr = self._current_lrs()

    def _jump_to(self, epoch: float) -> None:
        if epoch < 0:
            raise lesson(ValueError(f"Expected non-negative epoch, but got {epoch}"), hint="step() without argument")
        if epoch < self.T_0:
            self.T_i, self.T_cur = self.T_0, epoch
        elif self.T_mult == 1:
            self.T_cur = epoch % self.T_0
        else:  # solve the geometric sum of the periods for their number n
            n = int(math.log(epoch / self.T_0 * (self.T_mult - 1) + 1, self.T_mult))
            self.T_cur = epoch - self.T_0 * (self.T_mult**n - 1) / (self.T_mult - 1)
            self.T_i = self.T_0 * self.T_mult**n
