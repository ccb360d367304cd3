"""Adamax: Adam with the largest recent gradient in place of their root mean square."""

from __future__ import annotations

from pytorch_tutor.functions import maximum, tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import check_betas, check_eps, check_lr, check_weight_decay, number
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Adamax"]


class Adamax(Optimizer):
    r"""Adam with the infinity norm.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        u_t &= \max(\beta_2\, u_{t-1},\; |g_t| + \epsilon) \\
        \theta_t &= \theta_{t-1} - \frac{\gamma}{1 - \beta_1^t}\, \frac{m_t}{u_t}

    :math:`u_t` needs no correction for starting at zero, since a maximum takes the first gradient whole.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        betas: :math:`(\beta_1, \beta_2)`.
        eps: :math:`\epsilon`.
        weight_decay: added to the gradient, times the weight.
        foreach, capturable: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, 100.0], requires_grad=True)
        >>> optimizer = torch.optim.Adamax([w], lr=0.1)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([ 0.9000, 99.9000], requires_grad=True)

    Source: Kingma, Ba, *Adam: A Method for Stochastic Optimization* (2014), section 7, https://arxiv.org/abs/1412.6980.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_eps(eps)
        check_betas(betas)
        check_weight_decay(weight_decay)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0)
        state["exp_avg"] = zeros_like(param, requires_grad=False)
        state["exp_inf"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        beta1, beta2 = group["betas"]
        state["step"] += 1
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        mean, largest = state["exp_avg"], state["exp_inf"]
        mean.lerp_(grad, 1 - beta1)
        largest.copy_(maximum(largest * beta2, grad.abs().add_(group["eps"])))
        lr = number(group["lr"]) / (1 - beta1 ** state["step"].item())
        param.addcdiv_(mean, largest, value=-lr)
