"""Trading time for memory: forget what happens inside a part of the model, and compute it again in the backward pass."""

from __future__ import annotations

import contextlib
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from pytorch_tutor import autograd
from pytorch_tutor.amp.autocast_mode import autocast, get_autocast_dtype, is_autocast_enabled
from pytorch_tutor.autograd.graph import saved_tensors_hooks
from pytorch_tutor.errors import lesson
from pytorch_tutor.graph import mode
from pytorch_tutor.ops.saved import Packed
from pytorch_tutor.random import fork_rng, get_rng_state, set_rng_state
from pytorch_tutor.tensor import Tensor

__all__ = [
    "CheckpointError", "CheckpointFunction", "checkpoint", "checkpoint_sequential", "noop_context_fn",
    "set_checkpoint_debug_enabled", "set_checkpoint_early_stop",
]  # fmt: skip

TIP = """
Tip: To see a more detailed error message, either pass `debug=True` to
`torch.utils.checkpoint.checkpoint(...)` or wrap the code block
with `with torch.utils.checkpoint.set_checkpoint_debug_enabled(True):` to
enable checkpoint\u2011debug mode globally.

If this error occurs under torch.compile with automatic_dynamic_shapes enabled,
it may be because the recomputation selected a different compiled graph than the
forward pass (e.g., a dynamic graph instead of the original static graph).
To fix this, either:
  - Use torch._dynamo.mark_dynamic() to explicitly mark varying dimensions as
    dynamic upfront, avoiding the static-to-dynamic transition.
  - Call torch._C._dynamo.eval_frame._set_lru_cache(False) to disable LRU cache
    reordering, which can change which graph is checked first between forward
    and recompute.
See https://github.com/pytorch/pytorch/issues/166926 for more details and
workaround examples.
"""


class CheckpointError(RuntimeError):
    """The second run of a checkpointed part was not like the first."""


class _Switches:
    early_stop: bool | None = None
    debug: bool | None = None


# -- the first variant: a node that keeps its inputs, and runs the part inside its backward
class CheckpointFunction(autograd.Function):
    """A node that keeps only its inputs: its backward runs the forward again, this time recorded."""

    @staticmethod
    def forward(ctx: Any, run: Callable[..., Any], preserve: bool, *args: Any) -> Any:
        if not any(arg.requires_grad for arg in args if isinstance(arg, Tensor)):
            warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2)
        ctx.part = run
        ctx.rng_state = get_rng_state() if preserve else None
        ctx.which_are_tensors = [isinstance(arg, Tensor) for arg in args]
        ctx.plain_arguments = [None if isinstance(arg, Tensor) else arg for arg in args]
        ctx.save_for_backward(*(arg for arg in args if isinstance(arg, Tensor)))
        with autograd.no_grad():
            return run(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        if mode.capturing:
            raise lesson(
                RuntimeError(
                    "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` "
                    "parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call "
                    ".backward() without passing the `inputs` argument."
                ),
                expected="loss.backward()",
                got="a pass to certain tensors only: the one inside this backward knows nothing of them",
                hint="checkpoint(..., use_reentrant=False)",
            )
        saved = iter(ctx.saved_tensors)
        inputs = []
        for is_tensor, other in zip(ctx.which_are_tensors, ctx.plain_arguments, strict=True):
            if is_tensor:
                tensor = next(saved)
                inputs.append(tensor.detach().requires_grad_(tensor.requires_grad))
            else:
                inputs.append(other)
        with fork_rng(enabled=ctx.rng_state is not None), autograd.enable_grad():
            if ctx.rng_state is not None:  # dropout must drop the same elements again
                set_rng_state(ctx.rng_state)
            outputs = ctx.part(*inputs)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        wanted = [
            (out, grad)
            for out, grad in zip(outputs, grads, strict=True)
            if isinstance(out, Tensor) and out.requires_grad and grad is not None
        ]
        if not wanted:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        # gradients of parameters arrive in their .grad on the way
        autograd.backward([out for out, _ in wanted], [grad for _, grad in wanted])
        return None, None, *(x.grad if isinstance(x, Tensor) else None for x in inputs)


# -- the second variant: saved-tensor hooks that keep nothing, and run the part when something is missed
class _Holder:
    """Stands in the graph for a value that was not kept; has it again after the second run."""

    value: Any = None


class _Stop(Exception):
    def __init__(self, frame: _Frame) -> None:
        super().__init__()
        self.frame = frame


class _Frame:
    """One checkpointed call: what stands for its values, and how to compute them."""

    def __init__(self, run: Callable[..., Any], args: tuple[Any, ...], early_stop: bool, check: bool) -> None:
        self.run, self.early_stop, self.check = run, early_stop, check
        # an outer checkpoint keeps the inputs of an inner one: by its hooks, that is, not at all
        hooks = mode.saving[-1] if mode.saving else None
        self.args = [
            Packed(a, *hooks) if hooks is not None and isinstance(a, Tensor) and a.grad_fn is not None else a
            for a in args
        ]
        self.holders: list[weakref.ref[_Holder]] = []
        self.looks: list[dict[str, Any]] = []

    def pack(self, tensor: Any) -> _Holder:
        holder = _Holder()
        self.holders.append(weakref.ref(holder))
        self.looks.append(_look(tensor))
        return holder

    def unpack(self, holder: _Holder) -> Any:
        if holder.value is None:
            self.compute_again()
        if holder.value is None:
            raise CheckpointError(
                "torch.utils.checkpoint: Unpack is being triggered for a tensor that was either never recomputed, or already "
                "unpacked once. If you are calling ctx.saved_tensors in backward, make sure to do so only once. Otherwise "
                "please open an issue with details on your use case."
            )
        value, holder.value = holder.value, None  # a second pass computes it a second time
        return value

    def compute_again(self) -> None:
        """Runs the part once more, recorded, and gives each value to its holder."""
        found: list[Any] = []

        def keep(tensor: Any) -> Any:
            found.append(tensor.detach())
            if len(found) > len(self.holders):
                raise CheckpointError(
                    "torch.utils.checkpoint: trying to save more tensors during recomputation than during the original "
                    f"forward pass.\n{TIP}"
                )
            if self.early_stop and len(found) == len(self.holders):
                raise _Stop(self)
            return tensor.detach()

        # what was packed was a result, hence wanted a gradient: so must what stands for it, or nothing is recorded
        args = [a.unpack().detach().requires_grad_() if isinstance(a, Packed) else a for a in self.args]
        try:
            with saved_tensors_hooks(keep, lambda tensor: tensor), autograd.enable_grad():
                self.run(*args)
        except _Stop as stop:
            if stop.frame is not self:
                raise
        if len(found) != len(self.holders):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the original forward and "
                f"recomputation.\nNumber of tensors saved during forward: {len(self.holders)}\nNumber of tensors saved "
                f"during recomputation: {len(found)}.\n{TIP}"
            )
        self.compare(found)
        for reference, tensor in zip(self.holders, found, strict=True):
            holder = reference()
            if holder is not None:
                holder.value = tensor

    def compare(self, found: list[Any]) -> None:
        """CheckpointError where shapes, types or places differ from those of the first run."""
        told = "".join(
            f"tensor at position {i}:\nsaved metadata: {look}\nrecomputed metadata: {_look(tensor)}\n"
            for i, (look, tensor) in enumerate(zip(self.looks, found, strict=True))
            if self.check and look != _look(tensor)
        )
        if told:
            raise CheckpointError(
                "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during "
                f"the forward pass.\n{told}.\n{TIP}"
            )


def _look(tensor: Any) -> dict[str, Any]:
    return {"shape": tensor.shape, "dtype": tensor.dtype, "device": tensor.device}


def noop_context_fn() -> tuple[Any, Any]:
    """Two contexts that do nothing: what ``context_fn`` is if nobody says."""
    return contextlib.nullcontext(), contextlib.nullcontext()


def _with_hooks(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], preserve: bool, contexts: tuple[Any, Any],
    check: bool, early_stop: bool,
) -> Any:  # fmt: skip
    first, second = contexts
    state = get_rng_state() if preserve else None
    precision = autocast("cpu", dtype=get_autocast_dtype("cpu"), enabled=is_autocast_enabled("cpu"))

    def again(*values: Any) -> None:
        with fork_rng(enabled=state is not None):
            if state is not None:
                set_rng_state(state)
            with precision, second:
                function(*values, **kwargs)

    if not mode.grad:
        return function(*args, **kwargs)
    frame = _Frame(again, args, early_stop, check)
    with saved_tensors_hooks(frame.pack, frame.unpack), first:
        return function(*args, **kwargs)


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """Call ``function(*args)`` without keeping its intermediate results; the backward pass computes them again.

    Memory for activations then grows with the number of checkpoints instead of the number of layers, for about a
    third more time. Gradients are the same.

    Args:
        function: a part of a model.
        args: its inputs.
        use_reentrant: True keeps the inputs in a node whose backward runs the part and a backward pass of its own: the
            inputs must require grad, and ``autograd.grad`` is refused. False hooks in where values are kept, and runs the
            part when the first of them is missed.
        context_fn: gives two context managers, for the first and the second run (not with ``use_reentrant=True``).
        determinism_check: ``"default"`` compares shapes, types and devices of both runs, ``"none"`` does not.
        debug: accepted.
        early_stop: end the second run when all that is needed is there.
        kwargs: ``preserve_rng_state`` (True: dropout drops the same elements the second time), and the function's own.

    Raises:
        CheckpointError: where the second run keeps other values than the first.

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
    preserve = kwargs.pop("preserve_rng_state", True)
    if use_reentrant:
        if kwargs:
            raise lesson(
                ValueError("Unexpected keyword arguments: " + ",".join(kwargs)), hint="use_reentrant=False takes them"
            )
        if context_fn is not noop_context_fn or debug is not False:
            raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
        return CheckpointFunction.apply(function, preserve, *args)
    if determinism_check not in ("default", "none"):
        raise ValueError(f"determinism_check should be one of ['default', 'none'], but got {determinism_check}")
    if (debug if _Switches.debug is None else _Switches.debug) and context_fn is not noop_context_fn:
        raise ValueError("debug=True is incompatible with non-default context_fn")
    stop = early_stop if _Switches.early_stop is None else _Switches.early_stop
    return _with_hooks(function, args, kwargs, preserve, context_fn(), determinism_check == "default", stop)


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Inside the block ``early_stop`` is this, for all checkpoints."""
    before, _Switches.early_stop = _Switches.early_stop, enable
    try:
        yield
    finally:
        _Switches.early_stop = before


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """Inside the block ``debug`` is this, for all checkpoints."""
    before, _Switches.debug = _Switches.debug, enabled
    try:
        yield
    finally:
        _Switches.debug = before


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
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly. In "
            "version 2.9 we will raise an exception if use_reentrant is not passed. use_reentrant=False is recommended, but "
            "if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for more "
            "details on the differences between the two variants.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
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
        input = checkpoint(piece(start, end), input, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    return piece(end, len(layers))(input)
