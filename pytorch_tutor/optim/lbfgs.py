"""L-BFGS: learns the curvature of the loss from how the gradient changed between steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytorch_tutor.autograd import enable_grad, no_grad
from pytorch_tutor.backends import namespace
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import cat, view_as_real
from pytorch_tutor.optim.hyperparameters import check_lr, number
from pytorch_tutor.optim.line_search import strong_wolfe
from pytorch_tutor.optim.optimizer import Optimizer, ParamsT
from pytorch_tutor.tensor import Tensor
from pytorch_tutor.tensor_base import wrap

__all__ = ["LBFGS"]

# What one step leaves for the next: direction, length, pairs (y, s) and their 1 / y.s, curvature, gradient, loss.
_REMEMBERED = ("d", "t", "old_dirs", "old_stps", "ro", "H_diag", "prev_flat_grad", "prev_loss")


class LBFGS(Optimizer):
    r"""Limited-memory BFGS, a quasi-Newton method.

    Newton's step :math:`-H^{-1} g` needs the matrix of second derivatives. BFGS builds :math:`H^{-1}` from pairs
    :math:`s_k = \theta_{k+1} - \theta_k` and :math:`y_k = g_{k+1} - g_k`, since :math:`y \approx H s`; *limited memory*
    keeps only the last ``history_size`` pairs and multiplies by :math:`H^{-1}` in two loops over them:

    .. math::
        q &= -g, \qquad \alpha_i = \rho_i\, s_i^\top q,
        \quad q \leftarrow q - \alpha_i y_i \quad(i \text{ from new to old}) \\
        r &= \tfrac{s^\top y}{y^\top y}\, q, \qquad \beta_i = \rho_i\, y_i^\top r,
        \quad r \leftarrow r + (\alpha_i - \beta_i)\, s_i \quad(i \text{ from old to new})

    with :math:`\rho_i = 1 / y_i^\top s_i`. One :meth:`step` makes up to ``max_iter`` such steps and evaluates the
    loss anew for each, so it needs a closure, and the same data each time (no mini-batches, no dropout).

    Args:
        params: parameters; a single group.
        lr: length of the steps, 1 for a full Newton step.
        max_iter: iterations per :meth:`step`.
        max_eval: evaluations of the closure per :meth:`step`; 1.25 times ``max_iter`` by default.
        tolerance_grad: stop when the largest gradient is at most this.
        tolerance_change: stop when steps or loss change less than this.
        history_size: how many pairs are remembered.
        line_search_fn: None or ``"strong_wolfe"``.

    Example::

        >>> import pytorch_tutor as torch
        >>> w = torch.tensor([3.0, -1.0], requires_grad=True)
        >>> optimizer = torch.optim.LBFGS([w], line_search_fn="strong_wolfe")
        >>> def closure():
        ...     optimizer.zero_grad()
        ...     loss = ((w - torch.tensor([1.0, 2.0])) ** 2).sum()
        ...     loss.backward()
        ...     return loss
        >>> _ = optimizer.step(closure)
        >>> [round(value, 3) for value in w.tolist()]
        [1.0, 2.0]

    Source: Nocedal, Wright, *Numerical Optimization*, algorithms 7.4 and 7.5.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_lr(lr)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise lesson(
                ValueError("LBFGS doesn't support per-parameter options (parameter groups)"),
                got=f"{len(self.param_groups)} groups",
                hint="LBFGS(model.parameters())",
            )

    # ---------------------------------------------------------------- all parameters as one vector

    @property
    def _params(self) -> list[Tensor]:
        params: list[Tensor] = self.param_groups[0]["params"]
        return params

    def _flat_grad(self) -> Tensor:
        pieces = []
        for param in self._params:
            grad = param.new_zeros(param.shape) if param.grad is None else param.grad.to_dense()
            pieces.append((view_as_real(grad) if grad.is_complex() else grad).reshape(-1))
        return cat(pieces, 0)

    def _walk(self, t: Any, direction: Tensor) -> None:
        offset = 0
        for param in self._params:
            target = view_as_real(param) if param.is_complex() else param
            count = target.numel()
            target.add_(direction[offset : offset + count].view_as(target), alpha=number(t))
            offset += count

    # ---------------------------------------------------------------- the step

    @no_grad()
    def step(self, closure: Callable[[], Any]) -> Any:
        """Up to ``max_iter`` steps; returns the loss before the first one.

        Args:
            closure: clears the gradients, computes the loss, calls ``backward`` and returns the loss.
        """
        group, state = self.param_groups[0], self.state[self._params[0]]
        lr = number(group["lr"])
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        def evaluate() -> tuple[Any, Tensor]:
            with enable_grad():
                result = closure()
            return result, self._flat_grad()

        first_loss, grad = evaluate()
        loss, evaluations = float(first_loss), 1
        state["func_evals"] += 1
        if grad.abs().max() <= group["tolerance_grad"]:
            return first_loss
        memory = {key: state.get(key) for key in _REMEMBERED}
        for iteration in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            direction = memory["d"] = self._direction(state, memory, grad, group["history_size"])
            if memory["prev_flat_grad"] is None:
                memory["prev_flat_grad"] = grad.clone()
            else:
                memory["prev_flat_grad"].copy_(grad)
            previous_loss = memory["prev_loss"] = loss
            # without any knowledge of the curvature, the first step is kept short
            t = min(1.0, 1.0 / grad.abs().sum()) * lr if state["n_iter"] == 1 else lr
            memory["t"] = t
            slope = grad.dot(direction)
            if slope > -group["tolerance_change"]:
                break
            used = 0
            converged = False
            if group["line_search_fn"] is None:
                self._walk(t, direction)
                if iteration != group["max_iter"]:  # the last evaluation would only repeat the next step's first
                    result, grad = evaluate()
                    loss, used = float(result), 1
                    converged = bool(grad.abs().max() <= group["tolerance_grad"])
            elif group["line_search_fn"] == "strong_wolfe":
                origin = [param.clone() for param in self._params]

                def probe(
                    step: Any, origin: list[Tensor] = origin, direction: Tensor = direction
                ) -> tuple[float, Tensor]:
                    self._walk(step, direction)
                    result, gradient = evaluate()
                    for param, value in zip(self._params, origin, strict=True):
                        param.copy_(value)
                    return float(result), gradient

                loss, grad, t, used = strong_wolfe(
                    probe, t, direction, loss, grad, slope, max_ls=group["max_eval"] - evaluations
                )
                self._walk(t, direction)
                memory["t"] = t
                converged = bool(grad.abs().max() <= group["tolerance_grad"])
            else:
                raise lesson(
                    RuntimeError("only 'strong_wolfe' is supported"),
                    expected="None or 'strong_wolfe'",
                    got=repr(group["line_search_fn"]),
                )
            evaluations += used
            state["func_evals"] += used
            if (
                evaluations >= group["max_eval"]
                or converged
                or direction.mul(t).abs().max() <= group["tolerance_change"]
                or abs(loss - previous_loss) < group["tolerance_change"]
            ):
                break
        state.update(memory)
        return first_loss

    @staticmethod
    def _direction(state: dict[str, Any], memory: dict[str, Any], grad: Tensor, history: int) -> Tensor:
        """Where to go: minus the inverse curvature times the gradient, by the two loops over the remembered pairs."""
        if state["n_iter"] == 1:
            memory.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
            return grad.neg()
        y, s = grad.sub(memory["prev_flat_grad"]), memory["d"].mul(memory["t"])
        ys = y.dot(s)
        ys_list, s_list, rho = memory["old_dirs"], memory["old_stps"], memory["ro"]
        if ys > 1e-10:  # only pairs along which the loss curves upwards
            if len(ys_list) == history:
                for remembered in (ys_list, s_list, rho):
                    remembered.pop(0)
            ys_list.append(y)
            s_list.append(s)
            rho.append(1.0 / ys)
            memory["H_diag"] = ys / y.dot(y)
        alphas = state.setdefault("al", [None] * history)
        # hundreds of tiny products: on raw arrays, since here the bookkeeping of tensors would be all the work
        ys_arrays, s_arrays = [t._array for t in ys_list], [t._array for t in s_list]
        scales = [t._array[()] for t in rho]  # numbers of the parameters' own type
        direction = grad.neg()
        r = direction._array
        xp, scaled, alpha = namespace(r), r.copy(), list(scales)
        for i in reversed(range(len(scales))):
            alpha[i] = s_arrays[i].dot(r) * scales[i]
            xp.subtract(r, xp.multiply(ys_arrays[i], alpha[i], out=scaled), out=r)
        r *= float(memory["H_diag"])
        for i in range(len(scales)):
            beta = ys_arrays[i].dot(r) * scales[i]
            xp.add(r, xp.multiply(s_arrays[i], alpha[i] - beta, out=scaled), out=r)
        alphas[: len(alpha)] = [wrap(xp.asarray(value)) for value in alpha]
        return direction
