"""The gates around a module through which its gradients pass, so that backward hooks see all of them at once."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.graph import is_grad_enabled
from pytorch_tutor.ops.base import Op
from pytorch_tutor.tensor import Tensor

Hook = Callable[..., Any]


class BackwardHookFunction(Op):
    """The identity on several tensors: one node where all their gradients meet."""

    formula = r"y = x"
    gradient = {"x": r"\bar x = \bar y"}
    node_name = "BackwardHookFunctionBackward"

    def forward(ctx, *arrays: Any) -> tuple[Any, ...]:
        return arrays

    def backward(ctx, *grads: Any) -> tuple[Any, ...]:
        return grads


class BackwardHook:
    """One call of a module with backward hooks: a gate before `forward` and a gate after it.

    The backward pass meets the outer gate first. There the pre-hooks see `grad_output`; at the inner gate, when the
    gradients of all inputs are known, the hooks see `grad_input` and `grad_output` together. Arguments that are not
    tensors appear as `None`.
    """

    def __init__(self, module: Any, hooks: Sequence[Hook], pre_hooks: Sequence[Hook]) -> None:
        self.module, self.hooks, self.pre_hooks = module, hooks, pre_hooks
        self.grad_outputs: tuple[Any, ...] | None = None
        self.inputs: list[int] | None = None  # which arguments are tensors
        self.outputs: list[int] | None = None
        self.input_count = self.output_count = 0

    def enter(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Pass the arguments through the inner gate."""
        args, self.inputs = self._gate(args, self._at_inputs)
        self.input_count = len(args)
        return args

    def leave(self, result: Any) -> Any:
        """Pass the results through the outer gate."""
        single = not isinstance(result, tuple)
        results, self.outputs = self._gate((result,) if single else result, self._at_outputs)
        self.output_count = len(results)
        return results[0] if single else results

    def _gate(self, values: Any, hook: Hook) -> tuple[Any, list[int] | None]:
        places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
        if not (is_grad_enabled() and any(values[i].requires_grad for i in places)):
            return values, None
        passed = apply(BackwardHookFunction, *(values[i] for i in places))
        node = next(tensor.grad_fn for tensor in passed if tensor.grad_fn is not None)
        node.register_hook(hook)
        replaced = list(values)
        for place, tensor in zip(places, passed, strict=True):
            replaced[place] = tensor
        return (tuple(replaced) if type(values) is tuple else type(values)(*replaced)), places

    def _at_outputs(self, _: Any, grads: tuple[Any, ...]) -> tuple[Any, ...] | None:
        self.grad_outputs = _spread(self.outputs, grads, self.output_count)
        for hook in self.pre_hooks:
            replaced = hook(self.module, self.grad_outputs)
            if replaced is None:
                continue
            if len(replaced) != self.output_count:
                raise RuntimeError(
                    "Backward pre hook returned an invalid number of grad_output, "
                    f"got {len(replaced)}, but expected {self.output_count}"
                )
            self.grad_outputs = replaced
        sent = self.grad_outputs
        if self.inputs is None:  # there is no inner gate: no input requires a gradient
            self._without_inputs()
        return tuple(sent[i] for i in self.outputs or ())

    def _without_inputs(self) -> None:
        warnings.warn(
            "Full backward hook is firing when gradients are computed with respect to module outputs since no inputs "
            "require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
            "#torch.nn.Module.register_full_backward_hook for more details.",
            stacklevel=5,
        )
        for hook in self.hooks:
            replaced = hook(self.module, (None,) * self.input_count, self.grad_outputs)
            if replaced is not None and not (isinstance(replaced, tuple) and all(item is None for item in replaced)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires "
                    "gradient should always return None or None for all gradients."
                )
        self.grad_outputs = None

    def _at_inputs(self, grads: tuple[Any, ...], _: Any) -> tuple[Any, ...] | None:
        if self.grad_outputs is None:
            return None  # the gradient reached the input on a way around the module's output
        current = _spread(self.inputs, grads, self.input_count)
        for hook in self.hooks:
            replaced = hook(self.module, current, self.grad_outputs)
            if replaced is None:
                continue
            if len(replaced) != len(current):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, "
                    f"got {len(replaced)}, but expected {len(current)}"
                )
            current = replaced
        self.grad_outputs = None
        return tuple(current[i] for i in self.inputs or ())


def _spread(places: list[int] | None, values: Sequence[Any], size: int) -> tuple[Any, ...]:
    """The values at their places among the arguments, and None elsewhere."""
    spread = [None] * size
    for place, value in zip(places or (), values, strict=True):
        spread[place] = value
    return tuple(spread)
