"""The checks and small conversions that all optimizers share for their options (learning rate, betas, ...)."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.tensor import Tensor


def require(condition: bool, sentence: str, *, hint: str) -> None:
    """Raise PyTorch's ``ValueError`` sentence, with one thing to try, unless ``condition`` holds."""
    if not condition:
        raise lesson(ValueError(sentence), hint=hint)


def check_lr(lr: Any) -> None:
    """A learning rate is a number that is not negative, or a tensor with one element."""
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise lesson(ValueError("Tensor lr must be 1-element"), expected="1 element", got=f"{lr.numel()} elements")
    # `not lr >= 0` instead of `lr < 0`, so that nan is refused as well
    require(bool(0.0 <= lr), f"Invalid learning rate: {lr}", hint="lr=0.1 for SGD, lr=1e-3 for Adam")


def check_betas(betas: Any) -> None:
    """The two decay rates of Adam and its relatives lie in [0, 1)."""
    for i in (0, 1):
        require(
            bool(0.0 <= betas[i] < 1.0),
            f"Invalid beta parameter at index {i}: {betas[i]}",
            hint="betas=(0.9, 0.999)",
        )


def check_eps(eps: Any) -> None:
    """eps keeps a division away from zero, so it is not negative."""
    require(0.0 <= eps, f"Invalid epsilon value: {eps}", hint="eps=1e-8")


def check_weight_decay(weight_decay: Any) -> None:
    """A negative weight decay would blow the weights up."""
    require(bool(0.0 <= weight_decay), f"Invalid weight_decay value: {weight_decay}", hint="weight_decay=1e-4")


def check_fused(fused: bool | None, foreach: bool | None, differentiable: bool) -> None:
    """PyTorch offers three implementations of a step; at most one can be asked for."""
    if not fused:
        return
    if differentiable:
        raise lesson(RuntimeError("`fused` does not support `differentiable`"), hint="leave fused=None")
    if foreach:
        raise lesson(RuntimeError("`fused` and `foreach` cannot be `True` together."), hint="leave both None")


def number(value: Any) -> Any:
    """A hyperparameter as a Python number; a tensor that wants a gradient stays a (0-d) tensor.

    Reading a learning rate from a tensor lets a scheduler change it in place, and a differentiable step
    (``differentiable=True``) can even learn it.
    """
    if not isinstance(value, Tensor):
        return value
    if value.requires_grad:
        return value.squeeze() if value.dim() != 0 else value
    return value.item()
