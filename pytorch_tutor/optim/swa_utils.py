"""Averaged weights: the mean of the places that training visited is often a better model than the last one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any

from pytorch_tutor.autograd import no_grad
from pytorch_tutor.dtypes import long
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import tensor
from pytorch_tutor.nn import Module
from pytorch_tutor.nn.modules.batchnorm import _BatchNorm
from pytorch_tutor.optim.lr_scheduler.base import LRScheduler, per_group
from pytorch_tutor.optim.optimizer import Optimizer
from pytorch_tutor.tensor import Tensor

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]


def get_swa_avg_fn() -> Callable[[Tensor, Tensor, Any], Tensor]:
    r"""The running mean of one parameter: :math:`\bar\theta_{n+1} = \bar\theta_n + (\theta - \bar\theta_n) / (n + 1)`.

    Example::

        >>> import pytorch_tutor as torch
        >>> average = torch.optim.swa_utils.get_swa_avg_fn()
        >>> average(torch.tensor(1.0), torch.tensor(3.0), 1)
        tensor(2.)
    """

    @no_grad()
    def swa_update(averaged: Tensor, current: Tensor, num_averaged: Any) -> Tensor:
        return averaged + (current - averaged) / (num_averaged + 1)

    return swa_update


def get_swa_multi_avg_fn() -> Callable[[Any, Any, Any], None]:
    """The running mean of a list of parameters, in place."""

    @no_grad()
    def swa_update(averaged: Any, current: Any, num_averaged: Any) -> None:
        weight = 1 / (int(num_averaged) + 1)
        for mean, value in zip(averaged, current, strict=True):
            if mean.is_floating_point() or mean.is_complex():
                mean.lerp_(value, weight)
            else:
                mean.add_((value - mean).div(int(num_averaged) + 1, rounding_mode="trunc"))

    return swa_update


def get_ema_avg_fn(decay: float = 0.999) -> Callable[[Tensor, Tensor, Any], Tensor]:
    r"""The exponential moving mean of one parameter: :math:`\bar\theta \leftarrow d\,\bar\theta + (1 - d)\,\theta`.

    Args:
        decay: :math:`d`, in [0, 1].

    Example::

        >>> import pytorch_tutor as torch
        >>> average = torch.optim.swa_utils.get_ema_avg_fn(0.5)
        >>> average(torch.tensor(1.0), torch.tensor(3.0), 1)
        tensor(2.)
    """
    _check_decay(decay)

    @no_grad()
    def ema_update(averaged: Tensor, current: Tensor, num_averaged: Any) -> Tensor:
        return decay * averaged + (1 - decay) * current

    return ema_update


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[[Any, Any, Any], None]:
    """The exponential moving mean of a list of parameters, in place.

    Args:
        decay: how much of the mean is kept in an update, in [0, 1].
    """
    _check_decay(decay)

    @no_grad()
    def ema_update(averaged: Any, current: Any, num_averaged: Any) -> None:
        for mean, value in zip(averaged, current, strict=True):
            if mean.is_floating_point() or mean.is_complex():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(mean * decay + value * (1 - decay))

    return ema_update


def _check_decay(decay: float) -> None:
    if decay < 0.0 or decay > 1.0:
        raise lesson(
            ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range."),
            hint="decay=0.999",
        )


class AveragedModel(Module):
    r"""A copy of a model whose weights are averages of the model's weights over time.

    Args:
        model: the model whose weights are averaged.
        device: where the averages are kept; with the model by default.
        avg_fn: ``(averaged, current, number) -> averaged`` for one parameter; a running mean by default.
        multi_avg_fn: the same for lists of parameters, in place; only one of the two.
        use_buffers: average the buffers too, instead of copying them.

    Example::

        >>> import pytorch_tutor as torch
        >>> model = torch.nn.Linear(1, 1, bias=False)
        >>> averaged = torch.optim.swa_utils.AveragedModel(model)
        >>> for value in [1.0, 2.0, 6.0]:
        ...     _ = torch.nn.init.constant_(model.weight, value)
        ...     averaged.update_parameters(model)
        >>> averaged.module.weight.item()
        3.0

    Source: Izmailov et al., *Averaging Weights Leads to Wider Optima and Better Generalization* (2018),
    https://arxiv.org/abs/1803.05407.
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Callable[[Tensor, Tensor, Any], Tensor] | None = None,
        multi_avg_fn: Callable[[Any, Any, Any], None] | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise lesson(
                AssertionError("Only one of avg_fn and multi_avg_fn should be provided"), hint="leave one of them out"
            )
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, dtype=long, device=device))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The averaged model's answer."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Take the model's present weights into the averages."""
        pairs = [
            (mean.detach(), value.detach().to(mean.device))
            for mean, value in zip(self._averaged(self.module), self._averaged(model), strict=False)
        ]
        if self.n_averaged == 0:
            for mean, value in pairs:
                mean.copy_(value)
        elif self.avg_fn is not None:
            for mean, value in pairs:
                mean.copy_(self.avg_fn(mean, value, self.n_averaged.to(mean.device)))
        elif pairs:
            update = self.multi_avg_fn or get_swa_multi_avg_fn()
            # a kind of tensor at a time, as PyTorch's joint kernels need it
            for kind in dict.fromkeys((str(mean.device), str(mean.dtype)) for mean, _ in pairs):
                alike = [pair for pair in pairs if (str(pair[0].device), str(pair[0].dtype)) == kind]
                means, values = zip(*alike, strict=True)
                update(list(means), list(values), self.n_averaged.to(means[0].device))
        if not self.use_buffers:
            for mean, value in zip(self.module.buffers(), model.buffers(), strict=True):
                mean.detach().copy_(value.detach().to(mean.device))
        self.n_averaged += 1

    def _averaged(self, model: Module) -> Iterable[Tensor]:
        return chain(model.parameters(), model.buffers()) if self.use_buffers else model.parameters()


@no_grad()
def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Measure the statistics of batch normalisation anew: averaged weights make other activations.

    Args:
        loader: batches of input, or tuples that begin with the input.
        model: the (averaged) model.
        device: where the inputs are moved.
    """
    momenta = {m: m.momentum for m in model.modules() if isinstance(m, _BatchNorm)}
    if not momenta:
        return
    was_training = model.training
    model.train()
    for module in momenta:
        module.reset_running_stats()
        module.momentum = None  # a plain mean over all batches
    for batch in loader:
        inputs = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(inputs if device is None else inputs.to(device))
    for module, momentum in momenta.items():
        module.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    r"""Moves the learning rate to a constant at which the weights keep wandering, so that averaging helps.

    Args:
        optimizer: the optimizer whose learning rates are changed.
        swa_lr: the constant; one number, or one for each group.
        anneal_epochs: epochs until it is reached.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        last_epoch: number of the epoch before the first one.

    Example::

        >>> import pytorch_tutor as torch
        >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        >>> scheduler = torch.optim.swa_utils.SWALR(optimizer, 0.5, anneal_epochs=1)
        >>> optimizer.step(); scheduler.step()
        >>> scheduler.get_last_lr()
        [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float | list[float],
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        for value, group in zip(per_group("swa_lr", optimizer, swa_lr), optimizer.param_groups, strict=True):
            group["swa_lr"] = value
        if anneal_strategy not in ("cos", "linear"):
            raise lesson(
                ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}"),
                hint='anneal_strategy="cos"',
            )
        self._anneal_strategy = anneal_strategy
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise lesson(
                ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}"),
                hint="anneal_epochs=10",
            )
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _share(self, step: int) -> float:
        """How far the way to swa_lr is done after so many steps."""
        t = max(0, min(1, step / max(1, self.anneal_epochs)))
        return (1 - math.cos(math.pi * t)) / 2 if self._anneal_strategy == "cos" else t

    def get_lr(self) -> list[Any]:
        self._warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, share = self._share(step - 1), self._share(step)
        lrs = []
        for group in self.optimizer.param_groups:
            lr, target = group["lr"], group["swa_lr"]
            # the learning rate that annealing began with, found by undoing the share done so far
            start = target if before == 1 else (lr - before * target) / (1 - before)
            lrs.append(target * share + start * (1 - share))
        return lrs
