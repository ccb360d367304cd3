"""``functorch``: the package in which ``torch.func`` was tried out; programs of 2022 import it."""

from __future__ import annotations

import copy
import functools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from . import func
from .functions.shape import stack
from .nn import Module
from .tensor import Tensor

State = tuple[Tensor, ...]


def _tell(name: str, today: str, level: int = 3) -> None:
    warnings.warn(
        "We've integrated functorch into PyTorch. As the final step of the integration, "
        f"`functorch.{name}` is deprecated as of PyTorch 2.0 and will be deleted in a future version of PyTorch >= 2.3. "
        f"Please use `{today}` instead; see the PyTorch 2.0 release notes and/or the `torch.func` migration guide for more "
        "details https://pytorch.org/docs/main/func.migrating.html",
        FutureWarning,
        stacklevel=level,
    )


def _moved(function: Callable[..., Any], today: str) -> Callable[..., Any]:
    """A function of ``torch.func`` by its older name, with PyTorch's warning."""

    @functools.wraps(function)
    def old(*args: Any, **kwargs: Any) -> Any:
        _tell(function.__name__, today)
        return function(*args, **kwargs)

    return old


grad = _moved(func.grad, "torch.func.grad")
grad_and_value = _moved(func.grad_and_value, "torch.func.grad_and_value")
vjp = _moved(func.vjp, "torch.func.vjp")
jvp = _moved(func.jvp, "torch.func.jvp")
jacrev = _moved(func.jacrev, "torch.func.jacrev")
jacfwd = _moved(func.jacfwd, "torch.func.jacfwd")
hessian = _moved(func.hessian, "torch.func.hessian")
functionalize = _moved(func.functionalize, "torch.func.functionalize")
vmap = _moved(func.vmap, "torch.vmap")


class FunctionalModuleWithBuffers(Module):
    """A module that is called with its parameters and buffers: ``module(params, buffers, *inputs)``."""

    def __init__(self, stateless_model: Module) -> None:
        super().__init__()
        self.stateless_model = stateless_model
        self.param_names = tuple(dict(stateless_model.named_parameters()))
        self.buffer_names = tuple(dict(stateless_model.named_buffers()))

    def forward(  # type: ignore[override]  # the state comes first
        self, params: Sequence[Tensor], buffers: Sequence[Tensor], *args: Any, **kwargs: Any
    ) -> Any:
        """The module's result for these numbers."""
        state = dict(zip(self.param_names + self.buffer_names, (*params, *buffers), strict=True))
        return func.functional_call(self.stateless_model, state, args, kwargs)


class FunctionalModule(FunctionalModuleWithBuffers):
    """A module that is called with its parameters: ``module(params, *inputs)``."""

    def forward(self, params: Sequence[Tensor], *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """The module's result for these numbers."""
        return super().forward(params, (), *args, **kwargs)


def _taken_apart(kind: type[FunctionalModuleWithBuffers], model: Module, frozen: bool) -> tuple[Any, State, State]:
    twin = copy.deepcopy(model)
    params = tuple(twin.parameters())
    for param in params:
        param.requires_grad_(not frozen and param.requires_grad)
    return kind(copy.deepcopy(twin).to("meta")), params, tuple(twin.buffers())


def make_functional(model: Module, disable_autograd_tracking: bool = False) -> tuple[FunctionalModule, State]:
    """The module as a function of its parameters, and these.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.functorch import make_functional
    >>> function, params = make_functional(torch.nn.Linear(2, 1))
    >>> function(params, torch.ones(3, 2)).shape
    torch.Size([3, 1])

    Raises RuntimeError for a module that has buffers.
    """
    _tell("make_functional", "torch.func.functional_call")
    if any(True for _ in model.buffers()):
        raise RuntimeError(
            "make_functional(model): `model` has buffers. Please use make_functional_with_buffers(model) instead."
        )
    function, params, _ = _taken_apart(FunctionalModule, model, disable_autograd_tracking)
    return function, params


def make_functional_with_buffers(
    model: Module, disable_autograd_tracking: bool = False
) -> tuple[FunctionalModuleWithBuffers, State, State]:
    """The module as a function of its parameters and buffers, and these."""
    _tell("make_functional_with_buffers", "torch.func.functional_call")
    return _taken_apart(FunctionalModuleWithBuffers, model, disable_autograd_tracking)


def combine_state_for_ensemble(models: Sequence[Module]) -> tuple[FunctionalModuleWithBuffers, State, State]:
    """One function for modules of one kind, and their parameters and buffers, each stacked along a new dimension."""
    _tell("combine_state_for_ensemble", "torch.func.stack_module_state")
    if not models:
        raise RuntimeError("combine_state_for_ensemble: Expected at least one model, got 0.")
    if len({model.training for model in models}) > 1:
        raise RuntimeError("combine_state_for_ensemble: Expected all models to have the same training/eval mode.")
    if len({type(model) for model in models}) > 1:
        raise RuntimeError("combine_state_for_ensemble: Expected all models to be of the same class.")
    apart = [_taken_apart(FunctionalModuleWithBuffers, model, False) for model in models]
    params, buffers = (
        tuple([stack(same).detach() for same in zip(*state, strict=True)])
        for state in list(zip(*apart, strict=True))[1:]
    )
    return apart[0][0], params, buffers


__all__ = [
    "FunctionalModule", "FunctionalModuleWithBuffers", "combine_state_for_ensemble", "functionalize", "grad",
    "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "make_functional", "make_functional_with_buffers", "vjp", "vmap",
]  # fmt: skip
