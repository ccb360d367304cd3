"""SparseAdam: Adam for large tables of which a step sees only a few rows, and touches no others."""

from __future__ import annotations

from math import sqrt
from typing import Any

from pytorch_tutor.creation import zeros_like
from pytorch_tutor.errors import lesson
from pytorch_tutor.optim.hyperparameters import check_betas, check_eps, check_lr, number
from pytorch_tutor.optim.optimizer import Group, Optimizer, ParamsT, State
from pytorch_tutor.tensor import Tensor

__all__ = ["SparseAdam"]


class SparseAdam(Optimizer):
    r"""Adam on the rows that the gradient names; the averages of all other rows stand still.

    .. math::
        m_r &\leftarrow m_r + (1 - \beta_1)(g_r - m_r), \qquad v_r \leftarrow v_r + (1 - \beta_2)(g_r^2 - v_r) \\
        \theta_r &\leftarrow \theta_r - \gamma \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\,
        \frac{m_r}{\sqrt{v_r} + \epsilon} \qquad \text{for each row } r \text{ of the gradient}

    That differs from Adam, whose averages also fade, and still move the weights, while a row is not seen.

    Args:
        params: tables whose gradients are sparse, such as the weight of ``nn.Embedding(..., sparse=True)``.
        lr: length of the steps.
        betas: how slowly the averages of the gradient and of its square forget.
        eps: keeps the division away from zero.
        maximize: step along the gradient instead of against it.

    Example::

        >>> import pytorch_tutor as torch
        >>> table = torch.nn.Embedding.from_pretrained(torch.ones(4, 1), freeze=False, sparse=True)
        >>> optimizer = torch.optim.SparseAdam(table.parameters(), lr=0.5)
        >>> table(torch.tensor([2])).sum().backward()
        >>> optimizer.step()
        >>> [round(x, 3) for x in table.weight.flatten().tolist()]
        [1.0, 1.0, 0.5, 1.0]
    """

    takes_sparse = True

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        maximize: bool = False,
    ) -> None:
        check_lr(lr)
        check_eps(eps)
        check_betas(betas)
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize})
        self._refuse("Sparse", "is_sparse", "requires dense parameter tensors")
        self._refuse("Complex", "is_complex", "does not support complex parameters")

    def _refuse(self, kind: str, asked: str, said: str) -> None:
        """ValueError that names the parameters, by group and position, that this method is not for."""
        found = []
        for i, group in enumerate(self.param_groups):
            for j, param in enumerate(group["params"]):
                answer = getattr(param, asked)
                if answer() if callable(answer) else answer:
                    found.append([i, j])
        if found:
            raise ValueError(f"{kind} params at indices {found}: SparseAdam {said}")

    def _check_grad(self, param: Tensor, grad: Tensor, group: Group) -> None:
        if not grad.is_sparse:
            raise lesson(
                RuntimeError("SparseAdam does not support dense gradients, please consider Adam instead"),
                expected="a table made with sparse=True",
                got="an ordinary gradient",
                hint="torch.optim.Adam",
            )

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        state["step"] = 0
        state["exp_avg"], state["exp_avg_sq"] = zeros_like(param), zeros_like(param)

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        state["step"] += 1
        grad = grad.coalesce()  # each row once: what follows is not linear
        rows, g = tuple(grad.indices()), grad.values()
        if not g.numel():
            return
        lr: Any = number(group["lr"])
        beta1, beta2 = group["betas"]
        mean, square = state["exp_avg"][rows], state["exp_avg_sq"][rows]
        mean = mean + (g - mean) * (1 - beta1)
        square = square + (g.pow(2) - square) * (1 - beta2)
        state["exp_avg"].index_put_(rows, mean)
        state["exp_avg_sq"].index_put_(rows, square)
        step = state["step"]
        size = lr * sqrt(1 - beta2**step) / (1 - beta1**step)
        param.index_put_(rows, -size * (mean / (square.sqrt() + group["eps"])), accumulate=True)
