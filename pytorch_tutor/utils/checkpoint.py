"""Trading time for memory: forget what happens inside a part of the model, and compute it again in the backward pass."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from pytorch_tutor import autograd
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import zeros
from pytorch_tutor.random import get_rng_state, set_rng_state
from pytorch_tutor.tensor import Tensor

__all__ = ["checkpoint", "checkpoint_sequential"]


class CheckpointFunction(autograd.Function):
    """A node that keeps only its inputs: its backward runs the forward again, this time recorded."""

    @staticmethod
    def forward(ctx: Any, run: Callable[..., Any], preserve: bool, anchor: Tensor, *args: Any) -> Any:
        ctx.part = run
        ctx.rng_state = get_rng_state() if preserve else None
        ctx.which_are_tensors = [isinstance(arg, Tensor) for arg in args]
        ctx.plain_arguments = [None if isinstance(arg, Tensor) else arg for arg in args]
        ctx.save_for_backward(*(arg for arg in args if isinstance(arg, Tensor)))
        with autograd.no_grad():
            return run(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        saved = iter(ctx.saved_tensors)
        inputs = []
        for is_tensor, other in zip(ctx.which_are_tensors, ctx.plain_arguments, strict=True):
            if is_tensor:
                tensor = next(saved)
                inputs.append(tensor.detach().requires_grad_(tensor.requires_grad))
            else:
                inputs.append(other)
        before = get_rng_state()
        if ctx.rng_state is not None:  # dropout must drop the same elements again
            set_rng_state(ctx.rng_state)
        with autograd.enable_grad():
            outputs = ctx.part(*inputs)
        if ctx.rng_state is not None:
            set_rng_state(before)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        wanted = [
            (out, grad)
            for out, grad in zip(outputs, grads, strict=True)
            if isinstance(out, Tensor) and out.requires_grad and grad is not None
        ]
        if wanted:  # gradients of parameters arrive in their .grad on the way
            autograd.backward([out for out, _ in wanted], [grad for _, grad in wanted])
        return None, None, None, *(x.grad if isinstance(x, Tensor) else None for x in inputs)


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """Call ``function(*args)`` without keeping its intermediate results; the backward pass computes them again.

    Memory for activations then grows with the number of checkpoints instead of the number of layers, for about a
    third more time. Gradients are the same.

    Args:
        function: a part of a model.
        args: its inputs.
        use_reentrant: both of PyTorch's variants are this one here; ``False`` also takes keyword arguments, and works
            where no input needs a gradient.
        preserve_rng_state: draw the same random numbers (dropout) the second time.
        kwargs: its keyword arguments.

    Example::

        >>> import pytorch_tutor as torch
        >>> from pytorch_tutor.utils.checkpoint import checkpoint
        >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> checkpoint(lambda v: (v**3).sum(), x, use_reentrant=False).backward()
        >>> x.grad
        tensor([ 3., 12.])

    Source: Chen, Xu, Zhang, Guestrin, *Training Deep Nets with Sublinear Memory Cost* (2016),
    https://arxiv.org/abs/1604.06174.
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, "
            "calling checkpoint without use_reentrant will raise an exception. use_reentrant=False is recommended, but "
            "if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for "
            "more details on the differences between the two variants.",
            stacklevel=2,
        )
        use_reentrant = True
    if kwargs and use_reentrant:
        raise lesson(
            ValueError("Unexpected keyword arguments: " + ",".join(kwargs)), hint="use_reentrant=False takes them"
        )

    def run(*values: Any) -> Any:
        return function(*values, **kwargs)

    # a tensor that wants a gradient makes the node part of the graph even where only parameters inside want theirs
    anchor = zeros(0, requires_grad=not use_reentrant)
    return CheckpointFunction.apply(run, preserve_rng_state, anchor, *args)


def checkpoint_sequential(
    functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """Checkpoint a sequential model in ``segments`` pieces; the last piece is kept as usual.

    Args:
        functions: a ``Sequential``, or a list of modules or functions.
        segments: number of pieces.
        input: what goes in.
        use_reentrant: see :func:`checkpoint`.
        kwargs: ``preserve_rng_state``.
    """
    layers = list(functions.children()) if hasattr(functions, "children") else list(functions)
    size = len(layers) // segments

    def piece(start: int, end: int) -> Callable[[Any], Any]:
        def run(value: Any) -> Any:
            for layer in layers[start:end]:
                value = layer(value)
            return value

        return run

    end = 0
    for start in range(0, size * (segments - 1), size):
        end = start + size
        input = checkpoint(piece(start, end), input, use_reentrant=use_reentrant, **kwargs)
    return piece(end, len(layers))(input)
