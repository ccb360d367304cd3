"""Rprop: only the sign of the gradient counts; each number learns its own step size."""

from __future__ import annotations

from pytorch_tutor.functions import full_like, tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import check_lr, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Rprop"]


class Rprop(Optimizer):
    r"""Resilient backpropagation.

    .. math::
        \eta_t &= \begin{cases}
            \min(\eta_{t-1}\,\eta_+,\; \eta_{max}) & g_{t-1}\, g_t > 0 \quad\text{(same direction: faster)} \\
            \max(\eta_{t-1}\,\eta_-,\; \eta_{min}),\; g_t \leftarrow 0 & g_{t-1}\, g_t < 0
            \quad\text{(jumped over a minimum: slower)} \\
            \eta_{t-1} & \text{else} \end{cases} \\
        \theta_t &= \theta_{t-1} - \eta_t\, \operatorname{sign}(g_t)

    Meant for gradients of the whole data set: between mini-batches the sign is too noisy.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: the first step size :math:`\eta_0`.
        etas: :math:`(\eta_-, \eta_+)`.
        step_sizes: :math:`(\eta_{min}, \eta_{max})`.
        capturable, foreach: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, -100.0], requires_grad=True)
        >>> optimizer = torch.optim.Rprop([w], lr=0.5)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([  0.5000, -99.5000], requires_grad=True)

    Source: Riedmiller, Braun, *A direct adaptive method for faster backpropagation learning: the RPROP algorithm*
    (1993).
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        require(0.0 < etas[0] < 1.0 < etas[1], f"Invalid eta values: {etas[0]}, {etas[1]}", hint="etas=(0.5, 1.2)")
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        lr = float(group["lr"])
        state["step"] = tensor(0.0)
        state["prev"] = zeros_like(param, requires_grad=False)
        state["step_size"] = full_like(param, complex(lr, lr) if param.is_complex() else lr, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        slower, faster = group["etas"]
        prev, step_size = state["prev"], state["step_size"]
        state["step"] += 1
        agreement = grad.mul(prev.clone() if group["differentiable"] else prev)
        reversed_ = agreement.lt(0)
        factor = zeros_like(agreement, requires_grad=False).fill_(1)
        factor.masked_fill_(agreement.gt(0), faster).masked_fill_(reversed_, slower)
        step_size.mul_(factor).clamp_(*group["step_sizes"])
        grad = grad.masked_fill(reversed_, 0)
        param.addcmul_(grad.sign(), step_size, value=-1)
        prev.copy_(grad)
