"""ASGD: plain steps, and an average of the places they visited."""

from __future__ import annotations

from pytorch_tutor.functions import tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import check_lr, check_weight_decay, number
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["ASGD"]


class ASGD(Optimizer):
    r"""Averaged stochastic gradient descent.

    .. math::
        \theta_t &= (1 - \lambda_0\,\eta_{t-1})\,\theta_{t-1} - \eta_{t-1}\, g_t \\
        \bar\theta_t &= \bar\theta_{t-1} + \mu_{t-1}\,(\theta_t - \bar\theta_{t-1}) \\
        \eta_t &= \frac{\gamma}{(1 + \lambda_0\,\gamma\, t)^\alpha} \qquad \mu_t = \frac{1}{\max(1,\, t - t_0)}

    The steps shrink slowly and jitter around the minimum; their average :math:`\bar\theta` (kept in
    ``optimizer.state[p]["ax"]``) sits still in the middle.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        lambd: decay term :math:`\lambda_0`.
        alpha: power of the decay of :math:`\eta`.
        t0: the step at which averaging starts.
        weight_decay: pulls weights towards zero.
        foreach, capturable: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = torch.optim.ASGD([w], lr=0.1)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([0.8000], requires_grad=True)

    Source: Polyak, Juditsky, *Acceleration of stochastic approximation by averaging* (1992).
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_weight_decay(weight_decay)
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0, device=param.device)
        state["eta"] = tensor(float(group["lr"]), device=param.device)
        state["mu"] = tensor(1.0, device=param.device)
        state["ax"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr, lambd = number(group["lr"]), group["lambd"]
        eta, mu, average = state["eta"].item(), state["mu"].item(), state["ax"]
        state["step"] += 1
        step = state["step"].item()
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        param.mul_(1 - lambd * eta)
        param.add_(grad, alpha=-eta)
        if mu == 1:
            average.copy_(param)
        else:
            average.add_(param.sub(average).mul_(mu))
        state["eta"].fill_(lr / ((1 + lambd * lr * step) ** group["alpha"]))
        state["mu"].fill_(1 / max(1, step - group["t0"]))
