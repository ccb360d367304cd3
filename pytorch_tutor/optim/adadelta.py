"""Adadelta: RMSprop whose step has the units of the parameter, so that no learning rate is needed."""

from __future__ import annotations

from pytorch_tutor.functions import tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import check_eps, check_lr, check_weight_decay, number, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Adadelta"]


class Adadelta(Optimizer):
    r"""Scales each gradient by the size of recent steps over the size of recent gradients.

    .. math::
        g_t &= \nabla f(\theta_{t-1}) + \lambda\,\theta_{t-1} \\
        v_t &= \rho\, v_{t-1} + (1 - \rho)\, g_t^2 \\
        \Delta_t &= \frac{\sqrt{u_{t-1} + \epsilon}}{\sqrt{v_t + \epsilon}}\, g_t \\
        u_t &= \rho\, u_{t-1} + (1 - \rho)\, \Delta_t^2 \\
        \theta_t &= \theta_{t-1} - \gamma\, \Delta_t

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`; the method's own value is 1.
        rho: how much of the past the means keep in a step.
        eps: :math:`\epsilon`; also decides how large the very first steps are.
        weight_decay: :math:`\lambda`, pulls weights towards zero.
        foreach, capturable: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0], requires_grad=True)
        >>> optimizer = torch.optim.Adadelta([w])
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()                   # sqrt(eps) / sqrt(0.1 * 2^2) * 2 = 0.0032
        >>> w
        tensor([0.9968], requires_grad=True)

    Source: Zeiler, *ADADELTA: An Adaptive Learning Rate Method* (2012), https://arxiv.org/abs/1212.5701.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        require(0.0 <= rho <= 1.0, f"Invalid rho value: {rho}", hint="rho=0.9")
        check_eps(eps)
        check_weight_decay(weight_decay)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0)
        state["square_avg"] = zeros_like(param, requires_grad=False)
        state["acc_delta"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        rho, eps = group["rho"], group["eps"]
        state["step"] += 1
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        square_avg, acc_delta = state["square_avg"], state["acc_delta"]
        square_avg.mul_(rho).addcmul_(grad, grad, value=1 - rho)
        spread = square_avg.add(eps).sqrt_()
        delta = acc_delta.add(eps).sqrt_()
        if group["differentiable"]:
            delta = delta.clone()  # the graph has remembered the root
        delta.div_(spread).mul_(grad)
        acc_delta.mul_(rho).addcmul_(delta, delta, value=1 - rho)
        param.add_(delta, alpha=-number(group["lr"]))
