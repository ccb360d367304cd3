"""Schedules that go up and down within a run, a step for every batch: cycles, and one single cycle."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.lr_scheduler.base import (
    LRScheduler,
    check_optimizer,
    function_state,
    per_group,
    set_value,
)
from pytorch_tutor.optim.optimizer import Optimizer

__all__ = ["CyclicLR", "OneCycleLR"]


def _set_momentum(group: dict[str, Any], momentum: float, use_beta1: bool) -> None:
    if use_beta1:
        group["betas"] = (momentum, *group["betas"][1:])
    else:
        group["momentum"] = momentum


def _has_beta1(optimizer: Optimizer) -> bool:
    """Whether the optimizer's momentum is called beta1; it must have one of the two."""
    if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
        raise lesson(
            ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled"),
            hint="cycle_momentum=False",
        )
    return "betas" in optimizer.defaults


class CyclicLR(LRScheduler):
    r"""Moves the learning rate between two bounds, up and down, and the momentum the other way.

    Modes: ``"triangular"`` keeps the height of the cycles, ``"triangular2"`` halves it after each,
    ``"exp_range"`` scales it by :math:`\texttt{gamma}^t`.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        base_lr: lower bound; one number, or one for each group.
        max_lr: upper bound.
        step_size_up: batches of the way up.
        step_size_down: batches of the way down, as many as up by default.
        mode: one of the three.
        gamma: for ``"exp_range"``.
        scale_fn: your own factor, instead of a mode.
        scale_mode: whether ``scale_fn`` gets the number of the ``"cycle"`` or of ``"iterations"``.
        cycle_momentum: move the momentum too.
        base_momentum: momentum at the top of a cycle.
        max_momentum: momentum at the bottom of a cycle.
        last_epoch: number of the batch before the first one.

    Example::

        >>> import pytorch_tutor as torch
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
        >>> scheduler = torch.optim.lr_scheduler.CyclicLR(optimizer, base_lr=0.25, max_lr=0.75, step_size_up=2)
        >>> optimizer.step(); scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]

    Source: Smith, *Cyclical Learning Rates for Training Neural Networks* (2015), https://arxiv.org/abs/1506.01186.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        base_lrs = per_group("base_lr", optimizer, base_lr)
        if last_epoch == -1:
            for lr, group in zip(base_lrs, optimizer.param_groups, strict=True):
                set_value(group, "lr", lr)
        self.max_lrs = per_group("max_lr", optimizer, max_lr)
        up = float(step_size_up)
        self.total_size = up + (up if step_size_down is None else float(step_size_down))
        self.step_ratio = up / self.total_size
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise lesson(
                ValueError("mode is invalid and scale_fn is None"),
                expected='"triangular", "triangular2" or "exp_range"',
                got=repr(mode),
            )
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_ref: Callable[[float], float]
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        self._init_scale_fn()
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.use_beta1 = _has_beta1(optimizer)
            self.base_momentums = per_group("base_momentum", optimizer, base_momentum)
            self.max_momentums = per_group("max_momentum", optimizer, max_momentum)
            if last_epoch == -1:
                bounds = zip(self.base_momentums, self.max_momentums, optimizer.param_groups, strict=True)
                for low, high, group in bounds:
                    _set_momentum(group, high, self.use_beta1)
                    group["max_momentum"], group["base_momentum"] = high, low
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def _init_scale_fn(self) -> None:
        if self._scale_fn_custom is not None:
            return
        if self.mode == "triangular":
            self._scale_fn_ref, self.scale_mode = self._triangular_scale_fn, "cycle"
        elif self.mode == "triangular2":
            self._scale_fn_ref, self.scale_mode = self._triangular2_scale_fn, "cycle"
        else:
            self._scale_fn_ref, self.scale_mode = partial(self._exp_range_scale_fn, self.gamma), "iterations"

    def scale_fn(self, x: float) -> float:
        """The height of a cycle, relative to the first."""
        return self._scale_fn_ref(x) if self._scale_fn_custom is None else self._scale_fn_custom(x)

    @staticmethod
    def _triangular_scale_fn(x: float) -> float:
        return 1.0

    @staticmethod
    def _triangular2_scale_fn(x: float) -> float:
        return float(1 / (2.0 ** (x - 1)))

    @staticmethod
    def _exp_range_scale_fn(gamma: float, x: float) -> float:
        return float(gamma**x)

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle  # place within the cycle, 0 to 1
        climbed = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            bounds = zip(self.base_momentums, self.max_momentums, self.optimizer.param_groups, strict=True)
            for low, high, group in bounds:
                _set_momentum(group, high - (high - low) * climbed * scale, self.use_beta1)
        return [low + (high - low) * climbed * scale for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]

    def state_dict(self) -> dict[str, Any]:
        """All attributes except the optimizer and functions."""
        state = super().state_dict()
        state.pop("_scale_fn_ref", None)
        custom = state.pop("_scale_fn_custom")
        state["_scale_fn_custom"] = None if custom is None else function_state(custom)
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from a :meth:`state_dict`."""
        attributes = state_dict["_scale_fn_custom"]
        super().load_state_dict({key: value for key, value in state_dict.items() if key != "_scale_fn_custom"})
        if attributes is not None and self._scale_fn_custom is not None:
            self._scale_fn_custom.__dict__.update(attributes)
        self._init_scale_fn()


class OneCycleLR(LRScheduler):
    r"""One cycle for a whole run: up from a small learning rate to a large one, then down to nearly nothing.

    The large learning rate in the middle keeps the weights away from narrow minima; momentum goes the other way.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        max_lr: the top of the cycle; one number, or one for each group.
        total_steps: batches of the run; or give ``epochs`` and ``steps_per_epoch``.
        epochs: epochs of the run.
        steps_per_epoch: batches of an epoch.
        pct_start: share of the run that goes up.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        cycle_momentum: move the momentum too.
        base_momentum: momentum at the top of the cycle.
        max_momentum: momentum at its ends.
        div_factor: the first learning rate is ``max_lr / div_factor``.
        final_div_factor: the last one is the first over this.
        three_phase: come down to the first learning rate as slowly as up, then fall to the last one.
        last_epoch: number of the batch before the first one.

    Example::

        >>> import pytorch_tutor as torch
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.9)
        >>> scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
        >>> round(scheduler.get_last_lr()[0], 4)
        0.04

    Source: Smith, Topin, *Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates* (2017),
    https://arxiv.org/abs/1708.07120.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = _total_steps(total_steps, epochs, steps_per_epoch)
        if pct_start < 0 or pct_start > 1 or not isinstance(pct_start, float):
            raise lesson(
                ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}"), hint="pct_start=0.3"
            )
        if anneal_strategy not in ("cos", "linear"):
            raise lesson(
                ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"),
                hint='anneal_strategy="cos"',
            )
        self._schedule_phases = _phases(pct_start, self.total_steps, three_phase)
        self._anneal_func_type = anneal_strategy
        max_lrs = per_group("max_lr", optimizer, max_lr)
        if last_epoch == -1:
            for top, group in zip(max_lrs, optimizer.param_groups, strict=True):
                group["initial_lr"] = top / div_factor
                group["max_lr"] = top
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.use_beta1 = _has_beta1(optimizer)
            highs = per_group("max_momentum", optimizer, max_momentum)
            lows = per_group("base_momentum", optimizer, base_momentum)
            if last_epoch == -1:
                for low, high, group in zip(lows, highs, optimizer.param_groups, strict=True):
                    _set_momentum(group, high, self.use_beta1)
                    group["max_momentum"], group["base_momentum"] = high, low
        super().__init__(optimizer, last_epoch)

    def _anneal(self, start: float, end: float, share: float) -> float:
        if self._anneal_func_type == "cos":
            return end + (start - end) / 2.0 * (math.cos(math.pi * share) + 1)
        return (end - start) * share + start

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        step = self.last_epoch
        if step > self.total_steps:
            raise lesson(
                ValueError(f"Tried to step {step} times. The specified number of total steps is {self.total_steps}"),
                hint="total_steps = epochs * len(loader)",
            )
        start = 0.0
        for phase in self._schedule_phases:
            if step <= phase["end_step"] or phase is self._schedule_phases[-1]:
                break
            start = phase["end_step"]
        share = (step - start) / (phase["end_step"] - start)
        lrs = []
        for group in self.optimizer.param_groups:
            lrs.append(self._anneal(group[phase["start_lr"]], group[phase["end_lr"]], share))
            if self.cycle_momentum:
                momentum = self._anneal(group[phase["start_momentum"]], group[phase["end_momentum"]], share)
                _set_momentum(group, momentum, self.use_beta1)
        return lrs


def _total_steps(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is not None:
        _positive("total_steps", total_steps)
        return total_steps
    if epochs is not None and steps_per_epoch is not None:
        _positive("epochs", epochs)
        _positive("steps_per_epoch", steps_per_epoch)
        return epochs * steps_per_epoch
    raise lesson(
        ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)"),
        hint="epochs=10, steps_per_epoch=len(loader)",
    )


def _positive(name: str, value: Any) -> None:
    if not isinstance(value, int) or value <= 0:
        raise lesson(ValueError(f"Expected positive integer {name}, but got {value}"), hint=f"{name}=100")


def _phases(pct_start: float, total_steps: int, three_phase: bool) -> list[dict[str, Any]]:
    """The stretches of the cycle: where each ends, and between which values of a group it moves."""

    def phase(end_step: float, lrs: str, momenta: str) -> dict[str, Any]:
        (start_lr, end_lr), (start_momentum, end_momentum) = lrs.split(), momenta.split()
        return {
            "end_step": end_step,
            "start_lr": start_lr,
            "end_lr": end_lr,
            "start_momentum": start_momentum,
            "end_momentum": end_momentum,
        }

    up = phase(float(pct_start * total_steps) - 1, "initial_lr max_lr", "max_momentum base_momentum")
    if not three_phase:
        return [up, phase(total_steps - 1, "max_lr min_lr", "base_momentum max_momentum")]
    return [
        up,
        phase(float(2 * pct_start * total_steps) - 2, "max_lr initial_lr", "base_momentum max_momentum"),
        phase(total_steps - 1, "initial_lr min_lr", "max_momentum max_momentum"),
    ]
