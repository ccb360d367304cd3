"""RAdam: Adam that waits with the adaptive division until it has seen enough gradients."""

from __future__ import annotations

from pytorch_tutor.functions import tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import check_betas, check_eps, check_lr, check_weight_decay, number
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["RAdam"]


class RAdam(Optimizer):
    r"""Adam with a rectified second moment, which makes a warm-up of the learning rate unnecessary.

    .. math::
        \rho_\infty &= \frac{2}{1 - \beta_2} - 1 \qquad
        \rho_t = \rho_\infty - \frac{2\,t\,\beta_2^t}{1 - \beta_2^t} \\
        r_t &= \sqrt{\frac{(\rho_t - 4)(\rho_t - 2)\,\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\,\rho_t}} \\
        \theta_t &= \theta_{t-1} - \gamma\, \hat m_t \cdot
        \begin{cases} r_t\, \dfrac{\sqrt{1 - \beta_2^t}}{\sqrt{v_t} + \epsilon} & \rho_t > 5 \\ 1 & \text{else}
        \end{cases}

    :math:`\rho_t` measures how many gradients :math:`v_t` stands for. While they are few, dividing by their root
    would be a gamble, and the step is plain momentum.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        betas: :math:`(\beta_1, \beta_2)`.
        eps: :math:`\epsilon`.
        weight_decay: pulls weights towards zero.
        decoupled_weight_decay: shrink the weights apart from the gradient, as :class:`AdamW` does.
        foreach, capturable: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = torch.optim.RAdam([w], lr=0.1)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()                   # the first steps are plain: 1 - 0.1 * 2
        >>> w
        tensor([0.8000], requires_grad=True)

    Source: Liu et al., *On the Variance of the Adaptive Learning Rate and Beyond* (2019),
    https://arxiv.org/abs/1908.03265.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
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
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0)
        state["exp_avg"] = zeros_like(param, requires_grad=False)
        state["exp_avg_sq"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr, (beta1, beta2), weight_decay = number(group["lr"]), group["betas"], group["weight_decay"]
        state["step"] += 1
        step = state["step"].item()
        if weight_decay != 0:
            if group["decoupled_weight_decay"]:
                param.mul_(1 - lr * weight_decay)
            else:
                grad = grad.add(param, alpha=weight_decay)
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        mean.lerp_(grad, 1 - beta1)
        square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        correction2 = 1 - beta2**step
        direction = mean / (1 - beta1**step) * lr
        rho_inf = 2 / (1 - beta2) - 1
        rho = rho_inf - 2 * step * beta2**step / correction2
        if rho > 5.0:
            rectify = ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
            direction = direction * (correction2**0.5 / square.sqrt().add(group["eps"])) * rectify
        param.add_(direction, alpha=-1.0)
