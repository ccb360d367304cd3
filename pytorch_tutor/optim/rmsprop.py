"""RMSprop: Adagrad with a memory that fades."""

from __future__ import annotations

from pytorch_tutor.functions import tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import check_eps, check_lr, check_weight_decay, number, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    r"""Divides each step by the root of a running mean of squared gradients.

    .. math::
        g_t &= \nabla f(\theta_{t-1}) + \lambda\,\theta_{t-1} \\
        v_t &= \alpha\, v_{t-1} + (1 - \alpha)\, g_t^2 \\
        b_t &= \mu\, b_{t-1} + \frac{g_t}{\sqrt{v_t} + \epsilon} \\
        \theta_t &= \theta_{t-1} - \gamma\, b_t

    With ``centered``, the running mean :math:`\bar g_t` of the gradient is subtracted, so that the division is by an
    estimate of their standard deviation: :math:`\sqrt{v_t - \bar g_t^2}`.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        alpha: how much of the past the mean keeps in a step.
        eps: :math:`\epsilon`, keeps the division away from zero.
        weight_decay: :math:`\lambda`, pulls weights towards zero.
        momentum: :math:`\mu`.
        centered: divide by the standard deviation instead of the root mean square.
        capturable, foreach: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, 100.0], requires_grad=True)
        >>> optimizer = torch.optim.RMSprop([w], lr=0.01)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()                   # v = 0.01 g^2, so the first step is 0.01 / sqrt(0.01) = 0.1
        >>> w
        tensor([ 0.9000, 99.9000], requires_grad=True)

    Source: Hinton, *Neural Networks for Machine Learning*, lecture 6 (2012); centered: Graves, *Generating Sequences
    With Recurrent Neural Networks* (2013). As in PyTorch, :math:`\epsilon` is added after the root.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_eps(eps)
        require(0.0 <= momentum, f"Invalid momentum value: {momentum}", hint="momentum=0.9")
        check_weight_decay(weight_decay)
        require(0.0 <= alpha, f"Invalid alpha value: {alpha}", hint="alpha=0.99")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0)
        state["square_avg"] = zeros_like(param, requires_grad=False)
        if group["momentum"] > 0:
            state["momentum_buffer"] = zeros_like(param, requires_grad=False)
        if group["centered"]:
            state["grad_avg"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr, alpha = number(group["lr"]), group["alpha"]
        state["step"] += 1
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        square_avg = state["square_avg"]
        square_avg.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
        if group["centered"]:
            mean = state["grad_avg"]
            mean.lerp_(grad, 1 - alpha)
            spread = square_avg.addcmul(mean, mean, value=-1).sqrt_()
        else:
            spread = square_avg.sqrt()
        # out of place where the graph has remembered the root for its own backward
        spread = spread.add(group["eps"]) if group["differentiable"] else spread.add_(group["eps"])
        if group["momentum"] > 0:
            velocity = state["momentum_buffer"]
            velocity.mul_(group["momentum"]).addcdiv_(grad, spread)
            param.add_(velocity, alpha=-lr)
        else:
            param.addcdiv_(grad, spread, value=-lr)
