"""Muon: momentum for matrices, made orthogonal before each step."""

from __future__ import annotations

import math

from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import addmm, zeros_like
from pytorch_tutor.optim.hyperparameters import number, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Muon"]

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


class Muon(Optimizer):
    r"""Momentum, orthogonalised by Newton-Schulz iterations.

    .. math::
        B_t &= \mu B_{t-1} + (1 - \mu)\, g_t \qquad \tilde B_t = (1 - \mu)\, g_t + \mu B_t \;\text{(nesterov)} \\
        X_0 &= \tilde B_t / \lVert \tilde B_t \rVert_F \qquad A = X_k X_k^\top \qquad
        X_{k+1} = a X_k + (b A + c A^2)\, X_k \\
        \theta_t &= (1 - \gamma\lambda)\,\theta_{t-1} - \gamma'\, X_5

    The polynomial pushes every singular value of the step towards 1, so that a matrix moves as much in its rare
    directions as in its dominant ones. It is computed in bfloat16, as PyTorch does. :math:`\gamma'` is
    :math:`\gamma\sqrt{\max(1, rows/columns)}` or, with ``adjust_lr_fn="match_rms_adamw"``,
    :math:`0.2\,\gamma\sqrt{\max(rows, columns)}`.

    Args:
        params: matrices (2-D parameters) only; give biases and embeddings to :class:`AdamW`.
        lr: learning rate :math:`\gamma`.
        weight_decay: :math:`\lambda`.
        momentum: :math:`\mu`.
        nesterov: look one push of momentum ahead.
        ns_coefficients: :math:`(a, b, c)`.
        eps: keeps the first division away from zero.
        ns_steps: number of iterations.
        adjust_lr_fn: None, ``"original"`` or ``"match_rms_adamw"``.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.eye(2, requires_grad=True)
        >>> optimizer = torch.optim.Muon([w], lr=0.1, weight_decay=0.0)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()
        >>> bool((w.diagonal() < 1).all())
        True

    Source: Jordan, *Muon: An optimizer for hidden layers in neural networks* (2024),
    https://kellerjordan.github.io/posts/muon/; scaling: https://arxiv.org/abs/2502.16982.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = _COEFFICIENTS,
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        if isinstance(lr, Tensor) and lr.numel() != 1:
            raise lesson(ValueError("Tensor lr must be 1-element"), got=f"{lr.numel()} elements")
        require(bool(0.0 <= lr), f"Learning rate should be >= 0 but is: {lr}", hint="lr=1e-3")
        require(0.0 <= momentum, f"momentum should be >= 0 but is: {momentum}", hint="momentum=0.95")
        require(0.0 <= weight_decay, f"weight decay should be >= 0 but is: {weight_decay}", hint="weight_decay=0.1")
        require(
            adjust_lr_fn in (None, "original", "match_rms_adamw"),
            f"Adjust learning rate function {adjust_lr_fn} is not supported",
            hint='adjust_lr_fn="original" or "match_rms_adamw"',
        )
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for param in group["params"]:
                require(
                    param.ndim == 2,
                    f"Muon only supports 2D parameters whereas we found a parameter with size: {param.size()}",
                    hint="give biases and embeddings to AdamW",
                )

    def _check_grad(self, param: Tensor, grad: Tensor, group: Group) -> None:
        if param.is_complex():
            raise lesson(RuntimeError("Muon does not support complex parameters"), hint="use Adam for them")
        super()._check_grad(param, grad, group)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["momentum_buffer"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr, momentum, buffer = number(group["lr"]), group["momentum"], state["momentum_buffer"]
        buffer.lerp_(grad, 1 - momentum)
        step = grad.lerp(buffer, momentum) if group["nesterov"] else buffer
        step = orthogonalize(step, group["ns_coefficients"], group["ns_steps"], group["eps"])
        param.mul_(1 - lr * group["weight_decay"])
        param.add_(step.to(param.dtype), alpha=-lr * _ratio(group["adjust_lr_fn"], *param.shape))


def orthogonalize(matrix: Tensor, coefficients: tuple[float, float, float], steps: int, eps: float) -> Tensor:
    """A matrix (in bfloat16) with the singular vectors of ``matrix`` and singular values near 1."""
    require(steps < 100, "Number of steps must be less than 100 for computational efficiency", hint="ns_steps=5")
    require(len(coefficients) == 3, "Coefficients must be a tuple of exactly 3 values", hint="leave the default")
    a, b, c = coefficients
    x = matrix.bfloat16()
    tall = matrix.size(0) > matrix.size(1)
    if tall:  # the smaller of the two products X X^T and X^T X
        x = x.T
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = addmm(x, addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


def _ratio(adjust: str | None, rows: int, columns: int) -> float:
    """How much the step of a matrix of this shape is enlarged."""
    if adjust == "match_rms_adamw":
        return 0.2 * math.sqrt(max(rows, columns))
    return math.sqrt(max(1, rows / columns))
