"""Adafactor: an adaptive step whose memory is one number per row and column instead of one per weight."""

from __future__ import annotations

from pytorch_tutor.dtypes import finfo
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import tensor, zeros_like
from pytorch_tutor.optim.hyperparameters import number, require
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["Adafactor"]


class Adafactor(Optimizer):
    r"""Approximates Adam's mean of squares by the product of a column and a row.

    .. math::
        \beta_t &= 1 - t^{\tau} \qquad \rho_t = \min(\gamma, 1/\sqrt t) \qquad
        \alpha_t = \max(\epsilon_2, \mathrm{RMS}(\theta_{t-1}))\,\rho_t \\
        R_t &= \beta_t R_{t-1} + (1 - \beta_t)\,\mathrm{mean}_{cols}(g_t^2) \qquad
        C_t = \beta_t C_{t-1} + (1 - \beta_t)\,\mathrm{mean}_{rows}(g_t^2) \\
        \hat V_t &= \frac{R_t\, C_t}{\mathrm{mean}(R_t)} \qquad U_t = \frac{g_t}{\max(\sqrt{\hat V_t}, \epsilon_1)} \\
        \theta_t &= \theta_{t-1} - \alpha_t\, \frac{U_t}{\max(1, \mathrm{RMS}(U_t)/d)}

    Args:
        params: parameters, ``(name, parameter)`` pairs or groups.
        lr: the largest relative step :math:`\gamma`.
        beta2_decay: :math:`\tau`.
        eps: :math:`(\epsilon_1, \epsilon_2)`; None takes the machine precision of the parameter.
        d: how large the root mean square of an update may be.
        weight_decay: shrinks the weights apart from the gradient.
        foreach: accepted as in PyTorch; one implementation serves all.
        maximize: climb instead of descend.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.ones(4, 3, requires_grad=True)
        >>> optimizer = torch.optim.Adafactor([w], lr=0.1)
        >>> (w ** 2).sum().backward()
        >>> optimizer.step()
        >>> sorted(optimizer.state[w])         # 4 + 3 numbers instead of 4 * 3
        ['col_var', 'row_var', 'step']

    Source: Shazeer, Stern, *Adafactor: Adaptive Learning Rates with Sublinear Memory Cost* (2018),
    https://arxiv.org/abs/1804.04235.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        if isinstance(lr, Tensor) and lr.numel() != 1:
            raise lesson(ValueError("Tensor lr must be 1-element"), got=f"{lr.numel()} elements")
        require(bool(0.0 <= lr), f"Learning rate should be >= 0 but is: {lr}", hint="lr=1e-2")
        require(0.0 >= beta2_decay, f"beta2_decay should be <= 0 but is: {beta2_decay}", hint="beta2_decay=-0.8")
        require(eps[0] is None or 0.0 <= eps[0], f"epsilon1 should be >= 0 but is: {eps[0]}", hint="eps=(None, 1e-3)")
        require(0.0 <= eps[1], f"epsilon2 should be >= 0 but is: {eps[1]}", hint="eps=(None, 1e-3)")
        require(1.0 <= d, f"Clipping threshold d should be >= 1 but is: {d}", hint="d=1.0")
        require(0.0 <= weight_decay, f"weight_decay should be >= 0 but is: {weight_decay}", hint="weight_decay=0.0")
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def _check_grad(self, param: Tensor, grad: Tensor, group: Group) -> None:
        if param.is_complex():
            raise lesson(RuntimeError("Adafactor does not support complex parameters"), hint="use Adam for them")
        super()._check_grad(param, grad, group)

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = tensor(0.0)
        if param.dim() > 1:
            shape = list(param.shape)
            state["row_var"] = param.new_zeros([*shape[:-1], 1])
            state["col_var"] = param.new_zeros([*shape[:-2], 1, shape[-1]])
        else:
            state["variance"] = zeros_like(param, requires_grad=False)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        lr, (eps1, eps2), d = number(group["lr"]), group["eps"], group["d"]
        eps1 = finfo(param.dtype).eps if eps1 is None else eps1
        state["step"] += 1
        step = state["step"].item()
        weight = step ** group["beta2_decay"]  # of the new gradient: 1 at first, less and less later
        alpha = max(eps2, param.norm(2).item() / (param.numel() ** 0.5)) * min(lr, 1 / (step**0.5))
        if group["weight_decay"] != 0:
            param.mul_(1 - lr * group["weight_decay"])
        if grad.dim() > 1:
            row, column = state["row_var"], state["col_var"]
            row.lerp_(grad.norm(2, dim=-1, keepdim=True).square().div_(grad.size(-1)), weight)
            column.lerp_(grad.norm(2, dim=-2, keepdim=True).square().div_(grad.size(-2)), weight)
            variance = (row @ column).div_(row.mean(dim=-2, keepdim=True).clamp_(min=eps1))
        else:
            state["variance"].lerp_(grad * grad, weight)
            variance = state["variance"].clone()
        update = variance.clamp_(min=eps1 * eps1).rsqrt_().mul_(grad)
        clip = max(1.0, update.norm(2).item() / ((update.numel() ** 0.5) * d))
        param.add_(update, alpha=-alpha / clip)
