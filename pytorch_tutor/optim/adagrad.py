"""Adagrad: a step size for every number, smaller where the gradients have been large."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.functions import full_like, tensor
from pytorch_tutor.optim.hyperparameters import check_eps, check_fused, check_lr, check_weight_decay, number, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Adagrad"]


class Adagrad(Optimizer):
    r"""Divides each step by the root of the sum of all squared gradients so far.

    .. math::
        g_t &= \nabla f(\theta_{t-1}) + \lambda\,\theta_{t-1} \\
        s_t &= s_{t-1} + g_t^2 \\
        \theta_t &= \theta_{t-1} - \frac{\gamma}{1 + (t-1)\,\eta}\,\frac{g_t}{\sqrt{s_t} + \epsilon}

    A weight whose gradient is often zero (a rare word's) keeps large steps for the day it is needed. But
    :math:`s_t` only grows, so that all steps shrink in the end; :class:`RMSprop` mends that.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        lr_decay: :math:`\eta`, lowers the learning rate with every step.
        weight_decay: :math:`\lambda`, pulls weights towards zero.
        initial_accumulator_value: :math:`s_0`.
        eps: :math:`\epsilon`, keeps the division away from zero.
        foreach, fused: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, 100.0], requires_grad=True)
        >>> optimizer = torch.optim.Adagrad([w], lr=0.5)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()                   # the first step is lr for both, whatever their gradients
        >>> w
        tensor([ 0.5000, 99.5000], requires_grad=True)

    Source: Duchi, Hazan, Singer, *Adaptive Subgradient Methods for Online Learning and Stochastic Optimization* (2011).
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        require(0.0 <= lr_decay, f"Invalid lr_decay value: {lr_decay}", hint="lr_decay=0")
        check_weight_decay(weight_decay)
        require(
            0.0 <= initial_accumulator_value,
            f"Invalid initial_accumulator_value value: {initial_accumulator_value}",
            hint="initial_accumulator_value=0",
        )
        check_eps(eps)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        check_fused(fused, foreach, differentiable)
        for group in self.param_groups:  # the only optimizer whose state exists before the first step
            for param in group["params"]:
                self.init_state(param, self.state[param], group)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        start: Any = self.defaults["initial_accumulator_value"]
        state["step"] = tensor(0.0)
        state["sum"] = full_like(param, complex(start, start) if param.is_complex() else start, requires_grad=False)

    takes_sparse = True

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr, lr_decay, eps = number(group["lr"]), group["lr_decay"], group["eps"]
        state["step"] += 1
        step = state["step"].item()
        if group["weight_decay"] != 0:
            if grad.is_sparse:
                raise RuntimeError("weight_decay option is not compatible with sparse gradients")
            grad = grad.add(param, alpha=group["weight_decay"])
        lr = lr / (1 + (step - 1) * lr_decay)
        total = state["sum"]
        if grad.is_sparse:  # the same on the rows that the gradient names
            grad = grad.coalesce()
            rows, g = tuple(grad.indices()), grad.values()
            total.index_put_(rows, g.pow(2), accumulate=True)
            param.index_put_(rows, g / (total[rows].sqrt() + eps) * -lr, accumulate=True)
            return
        total.addcmul_(grad, grad, value=1)
        param.addcdiv_(grad, total.sqrt().add_(eps), value=-lr)

    def share_memory(self) -> None:
        """Move the sums into shared memory, for training by several processes."""
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param]["sum"].share_memory_()
