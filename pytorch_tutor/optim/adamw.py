"""AdamW: Adam with a weight decay that the adaptive division does not touch."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.optim.adam import Adam
from pytorch_tutor.optim.optimizer import ParamsT
from pytorch_tutor.tensor import Tensor

__all__ = ["AdamW"]


class AdamW(Adam):
    r"""Adam that shrinks the weights directly instead of through the gradient.

    .. math::
        \theta_t = (1 - \gamma\lambda)\,\theta_{t-1} - \gamma\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}

    In :class:`Adam` the decay :math:`\lambda\theta` is part of the gradient and is divided by
    :math:`\sqrt{\hat v_t}` too, so that weights with large gradients hardly decay. Here every weight shrinks by the
    same share, which is what weight decay means.

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: learning rate :math:`\gamma`.
        betas: how much of the past the two running means keep in a step.
        eps: :math:`\epsilon`, keeps the division away from zero.
        weight_decay: :math:`\lambda`.
        amsgrad: use the largest mean square so far.
        maximize: climb instead of descend.
        foreach, capturable, fused: accepted as in PyTorch; one implementation serves all.
        differentiable: record the step in the graph.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> optimizer = torch.optim.AdamW([w], lr=0.1, weight_decay=0.5)
        >>> (0 * w).sum().backward()           # no gradient at all: only the decay by 1 - 0.1 * 0.5 is left
        >>> optimizer.step()
        >>> w
        tensor([0.9500, 1.9000], requires_grad=True)

    Source: Loshchilov, Hutter, *Decoupled Weight Decay Regularization* (2017), https://arxiv.org/abs/1711.05101.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:  # a checkpoint from before this option meant AdamW all the same
            group["decoupled_weight_decay"] = True
