"""Adam: momentum and RMSprop together, each corrected for having started at zero."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.backends import kernels
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import maximum, tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import (
    check_betas,
    check_eps,
    check_fused,
    check_lr,
    check_weight_decay,
    number,
)
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Adam"]


class Adam(Optimizer):
    r"""Steps along a running mean of gradients, divided by the root of a running mean of their squares.

    .. math::
        g_t &= \nabla f(\theta_{t-1}) + \lambda\,\theta_{t-1} \\
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1)\, g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 \\
        \hat m_t &= \frac{m_t}{1 - \beta_1^t} \qquad \hat v_t = \frac{v_t}{1 - \beta_2^t} \\
        \theta_t &= \theta_{t-1} - \gamma\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    Both means start at zero and would be too small at first: after one step :math:`m_1 = (1 - \beta_1)\,g_1`. The
    hats undo exactly that. So the first step has the size :math:`\gamma`, whatever the scale of the loss.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        betas: :math:`(\beta_1, \beta_2)`, how much of the past the two means keep in a step.
        eps: :math:`\epsilon`, keeps the division away from zero.
        weight_decay: :math:`\lambda`, added to the gradient (see :class:`AdamW` for the other way).
        amsgrad: use the largest :math:`v_t` so far, so that steps never grow again.
        foreach, fused, capturable: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.
        differentiable: record the step in the graph.
        decoupled_weight_decay: shrink the weights apart from the gradient: this is :class:`AdamW`.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, 100.0], requires_grad=True)
        >>> optimizer = torch.optim.Adam([w], lr=0.1)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()
        >>> w
        tensor([ 0.9000, 99.9000], requires_grad=True)

    Source: Kingma, Ba, *Adam: A Method for Stochastic Optimization* (2014), https://arxiv.org/abs/1412.6980;
    amsgrad: Reddi, Kale, Kumar, *On the Convergence of Adam and Beyond* (2018).
    """

    _called = "Adam"
    _sparse_advice = ", please consider SparseAdam instead"

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        _refuse_tensor("lr", lr, foreach, capturable)
        check_lr(lr)
        check_eps(eps)
        check_betas(betas)
        check_weight_decay(weight_decay)
        if not (all(isinstance(b, float) for b in betas) or all(isinstance(b, Tensor) for b in betas)):
            raise lesson(ValueError("betas must be either both floats or both Tensors"), hint="betas=(0.9, 0.999)")
        for i, beta in enumerate(betas):
            _refuse_tensor(f"betas[{i}]", beta, foreach, capturable)
        defaults = {
            "lr": lr,
            "betas": tuple(b.squeeze() if isinstance(b, Tensor) and b.dim() != 0 else b for b in betas),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)
        check_fused(fused, foreach, differentiable)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0)
        state["exp_avg"] = zeros_like(param, requires_grad=False)
        state["exp_avg_sq"] = zeros_like(param, requires_grad=False)
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zeros_like(param, requires_grad=False)

    def update_arrays(self, param: Any, grad: Any, state: State, group: Group) -> bool:
        counter = state["step"]._array
        counter += 1
        kernels(param).adam(
            param,
            grad,
            state["exp_avg"]._array,
            state["exp_avg_sq"]._array,
            state["max_exp_avg_sq"]._array if group["amsgrad"] else None,
            float(counter),
            float(group["lr"]),
            float(group["betas"][0]),
            float(group["betas"][1]),
            group["eps"],
            group["weight_decay"],
            group["maximize"],
            group["decoupled_weight_decay"],
        )
        return True

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr: Any = number(group["lr"])
        beta1: Any = number(group["betas"][0])
        beta2: Any = number(group["betas"][1])
        differentiable = group["differentiable"]
        state["step"] += 1
        step = state["step"].item()
        if group["weight_decay"] != 0:
            if group["decoupled_weight_decay"]:
                param.mul_(1 - lr * group["weight_decay"])
            else:
                grad = grad.add(param, alpha=group["weight_decay"])
        mean, square = state["exp_avg"], state["exp_avg_sq"]
        mean.lerp_(grad, 1 - beta1)
        square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        correction1, correction2 = 1 - beta1**step, 1 - beta2**step
        if group["amsgrad"]:
            largest = state["max_exp_avg_sq"]
            largest.copy_(maximum(largest.clone() if differentiable else largest, square))
            square = largest
        spread = square.sqrt() / correction2**0.5
        if differentiable:  # the graph keeps what it sees, so nothing it has seen is overwritten
            param.addcdiv_(mean.clone() * (-lr / correction1), spread.add(group["eps"]))
        else:
            param.addcdiv_(mean, spread.add_(group["eps"]), value=-lr / correction1)


def _refuse_tensor(name: str, value: Any, foreach: bool | None, capturable: bool) -> None:
    """A tensor hyperparameter has one element, and PyTorch's foreach path takes none unless capturable."""
    if not isinstance(value, Tensor):
        return
    if foreach and not capturable:
        if name == "lr":
            sentence = "lr as a Tensor is not supported for capturable=False and foreach=True"
        else:
            sentence = f"{name} as a Tensor is not supported for capturable=False and foreach=True"
        raise lesson(ValueError(sentence), hint="leave foreach=None")
    if value.numel() != 1:
        raise lesson(ValueError(f"Tensor {name} must be 1-element"), got=f"{value.numel()} elements")
