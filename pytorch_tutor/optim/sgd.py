"""Stochastic gradient descent: step against the gradient. Read this optimizer first."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.backends import kernels
from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.hyperparameters import check_fused, check_lr, number, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["SGD"]


class SGD(Optimizer):
    r"""Stochastic gradient descent, optionally with momentum.

    .. math::
        g_t &= \nabla f(\theta_{t-1}) + \lambda\,\theta_{t-1} \\
        b_t &= \mu\, b_{t-1} + (1 - \tau)\, g_t \qquad (b_1 = g_1) \\
        \theta_t &= \theta_{t-1} - \gamma\, b_t

    with the learning rate :math:`\gamma`, the momentum :math:`\mu`, the dampening :math:`\tau` and the weight
    decay :math:`\lambda`. Without momentum, :math:`b_t = g_t`. With ``nesterov``, the step uses
    :math:`g_t + \mu\,b_t`: the gradient as if the next push of momentum were already made.

    Think of a ball: the gradient pushes it downhill, and momentum lets it keep some of its speed, so that it rolls
    on through small bumps and along narrow valleys instead of bouncing between their walls.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        momentum: :math:`\mu`, usually 0 or 0.9.
        dampening: :math:`\tau`, the part of a new gradient that momentum ignores.
        weight_decay: :math:`\lambda`, pulls weights towards zero.
        nesterov: use Nesterov's momentum.
        maximize: climb instead of descend.
        foreach, fused: accepted as in PyTorch; one implementation serves all.
        differentiable: record the step in the graph, to differentiate through it.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> optimizer = torch.optim.SGD([w], lr=0.1)
        >>> (w ** 2).sum().backward()          # gradient 2 w
        >>> optimizer.step()                   # w - 0.1 * 2 w
        >>> w
        tensor([0.8000, 1.6000], requires_grad=True)

    Source: Sutskever, Martens, Dahl, Hinton, *On the importance of initialization and momentum in deep learning*
    (2013). As in PyTorch, the learning rate multiplies the whole step and not each gradient as it enters :math:`b`.
    """

    complex_as_pairs = False  # additions and scalings are the same for complex numbers

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float | Tensor = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        require(momentum >= 0.0, f"Invalid momentum value: {momentum}", hint="momentum=0.9")
        require(bool(weight_decay >= 0.0), f"Invalid weight_decay value: {weight_decay}", hint="weight_decay=5e-4")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise lesson(
                ValueError("Nesterov momentum requires a momentum and zero dampening"),
                hint="SGD(params, lr=0.1, momentum=0.9, nesterov=True)",
            )
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        check_fused(fused, foreach, differentiable)

    takes_sparse = True

    def update_arrays(self, param: Any, grad: Any, state: State, group: Group) -> bool:
        velocity, momentum = state.get("momentum_buffer"), group["momentum"]
        if (momentum != 0 and velocity is None) or isinstance(group["weight_decay"], Tensor):
            return False
        kernels(param).sgd(
            param,
            grad,
            None if velocity is None or momentum == 0 else velocity._array,
            float(group["lr"]),
            momentum,
            group["dampening"],
            group["weight_decay"],
            group["nesterov"],
            group["maximize"],
        )
        return True

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr: Any = number(group["lr"])
        momentum, weight_decay = group["momentum"], number(group["weight_decay"])
        if isinstance(weight_decay, Tensor):  # a weight decay that is learned itself
            grad = grad.addcmul(param.clone(), weight_decay)
        elif weight_decay != 0:
            grad = grad.add(param, alpha=weight_decay)
        if momentum != 0:
            velocity = state.get("momentum_buffer")
            if velocity is None:  # the first gradient enters whole, undampened
                velocity = state["momentum_buffer"] = grad.detach().clone()
            else:
                velocity.mul_(momentum).add_(grad, alpha=1 - group["dampening"])
            grad = grad.add(velocity, alpha=momentum) if group["nesterov"] else velocity
        if isinstance(lr, Tensor):  # a learning rate that is learned itself
            param.addcmul_(grad, lr, value=-1)
        else:
            param.add_(grad, alpha=-lr)
