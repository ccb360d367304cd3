"""Schedules made of schedules: one after another, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.lr_scheduler.base import LRScheduler, set_value
from pytorch_tutor.optim.lr_scheduler.plateau import ReduceLROnPlateau
from pytorch_tutor.optim.optimizer import Optimizer

__all__ = ["ChainedScheduler", "SequentialLR"]


class _Combined(LRScheduler):
    """What both share: checking the parts, and saving and loading them."""

    _schedulers: Sequence[LRScheduler]

    def _check_parts(self, schedulers: Sequence[Any], optimizer: Optimizer) -> None:
        name = type(self).__name__
        for i, scheduler in enumerate(schedulers):
            if not hasattr(scheduler, "optimizer"):
                raise lesson(
                    TypeError(f"{name} at index {i} should have `optimizer` as its attribute."),
                    got=f"a {type(scheduler).__name__}",
                )
            if isinstance(scheduler, ReduceLROnPlateau):
                raise lesson(
                    ValueError(
                        f"{name} does not support `ReduceLROnPlateau` scheduler as it "
                        "requires additional kwargs to be specified when calling `step`, "
                        f"but got one at index {i} in the given schedulers sequence."
                    ),
                    hint="step it yourself, with its metric",
                )
            if optimizer != scheduler.optimizer:
                raise lesson(
                    ValueError(
                        f"{name} expects all schedulers to belong to the same optimizer, but "
                        f"got scheduler {type(scheduler).__name__} at index {i} has {scheduler.optimizer}, "
                        f"which is different from {type(optimizer).__name__}."
                    ),
                    hint="build all schedulers on one optimizer",
                )

    def state_dict(self) -> dict[str, Any]:
        """All attributes except the optimizer; the parts by their own ``state_dict()``."""
        state = {key: value for key, value in self.__dict__.items() if key not in ("optimizer", "_schedulers")}
        state["_schedulers"] = [scheduler.state_dict() for scheduler in self._schedulers]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from a :meth:`state_dict`."""
        self.__dict__.update({key: value for key, value in state_dict.items() if key != "_schedulers"})
        for scheduler, state in zip(self._schedulers, state_dict["_schedulers"], strict=False):
            scheduler.load_state_dict(state)


class SequentialLR(_Combined):
    r"""Runs schedulers one after another; each starts anew at its milestone.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        schedulers: the schedulers, all on this optimizer.
        milestones: epochs at which the second, third, ... take over.
        last_epoch: number of the epoch before the first one.

    Example::

        >>> import pytorch_tutor as torch
        >>> from pytorch_tutor.optim.lr_scheduler import ConstantLR, ExponentialLR, SequentialLR
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> parts = [ConstantLR(optimizer, factor=0.5, total_iters=2), ExponentialLR(optimizer, gamma=0.5)]
        >>> scheduler = SequentialLR(optimizer, parts, milestones=[2])
        >>> lrs = []
        >>> for epoch in range(4):
        ...     lrs += scheduler.get_last_lr()
        ...     optimizer.step()
        ...     scheduler.step()
        >>> lrs
        [0.5, 0.5, 1.0, 0.5]
    """

    def __init__(
        self, optimizer: Optimizer, schedulers: list[LRScheduler], milestones: list[int], last_epoch: int = -1
    ) -> None:
        if len(schedulers) < 1:
            raise lesson(
                ValueError(f"{type(self).__name__} expects at least one scheduler, but got no scheduler."),
                hint="SequentialLR(optimizer, [first, second], milestones=[5])",
            )
        self._check_parts(schedulers, optimizer)
        if len(milestones) != len(schedulers) - 1:
            raise lesson(
                ValueError(
                    "Sequential Schedulers expects number of schedulers provided to be one more "
                    "than the number of milestone points, but got number of schedulers "
                    f"{len(schedulers)} and the number of milestones to be equal to {len(milestones)}"
                ),
                expected=f"{len(schedulers) - 1} milestones",
                got=f"{len(milestones)}",
            )
        self._schedulers = schedulers
        self._milestones = milestones
        self.last_epoch = last_epoch + 1
        self.optimizer = optimizer
        # each part took its first step when it was built, one on top of the other: undo that, start the first alone
        for group in optimizer.param_groups:
            set_value(group, "lr", group["initial_lr"])
        self.recursive_undo()
        first = schedulers[bisect_right(milestones, 0)]
        first._initial_step()
        self._last_lr = first.get_last_lr()

    def recursive_undo(self, sched: LRScheduler | None = None) -> None:
        """Take back the step that each part (and each part's part) made when it was built."""
        scheduler = self if sched is None else sched
        if isinstance(scheduler, _Combined):
            for part in scheduler._schedulers:
                self.recursive_undo(part)
        elif hasattr(scheduler, "last_epoch"):
            scheduler.last_epoch -= 1

    def step(self) -> None:  # type: ignore[override]
        """Go on to the next epoch with the scheduler whose turn it is."""
        self.last_epoch += 1
        i = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[i]
        if i > 0 and self._milestones[i - 1] == self.last_epoch:
            scheduler._update_lr(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


class ChainedScheduler(_Combined):
    r"""Steps several schedulers at once; their factors multiply, since each changes what the one before left.

    Args:
        schedulers: the schedulers, all on one optimizer.
        optimizer: that optimizer; the first scheduler's by default.

    Example::

        >>> import pytorch_tutor as torch
        >>> from pytorch_tutor.optim.lr_scheduler import ChainedScheduler, ExponentialLR, StepLR
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> parts = [StepLR(optimizer, 1, gamma=0.5), ExponentialLR(optimizer, gamma=0.5)]
        >>> scheduler = ChainedScheduler(parts, optimizer=optimizer)
        >>> optimizer.step(); scheduler.step()
        >>> scheduler.get_last_lr()
        [0.25]
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        if len(schedulers) < 1:
            raise lesson(
                ValueError(
                    f"{type(self).__name__} expects at least one scheduler to be chained, but got no scheduler."
                ),
                hint="ChainedScheduler([first, second])",
            )
        optimizer = optimizer or schedulers[0].optimizer
        self._check_parts(schedulers, optimizer)
        self._schedulers = schedulers
        self.optimizer = optimizer
        self._last_lr = self._current_lrs()

    def step(self) -> None:  # type: ignore[override]
        """Step every part, in order."""
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = self._current_lrs()
