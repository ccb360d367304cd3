"""Saved-tensor hooks: what happens to the values that nodes keep between the forward and the backward pass."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import lesson
from ..graph import mode
from ..graph.mode import everywhere
from ..tensor_base import wrap


class saved_tensors_hooks:  # noqa: N801 - PyTorch spells this class in lower case
    """Inside the block every tensor that a node keeps goes through ``pack_hook``; backward gets ``unpack_hook`` of it.

    So what is kept can be counted, moved to another place, written to disk, or computed again. The inner of two blocks
    counts.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.autograd.graph import saved_tensors_hooks
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with saved_tensors_hooks(lambda t: t.numpy(), lambda array: torch.from_numpy(array)):
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])

    Raises:
        RuntimeError: where ``pack_hook`` writes to its tensor in place, or hooks are switched off.
        TypeError: where ``unpack_hook`` gives no tensor.
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook

    def __enter__(self) -> None:
        if mode.saving_refused is not None:
            raise RuntimeError(mode.saving_refused)
        mode.saving = (*mode.saving, (self.pack_hook, self.unpack_hook))
        everywhere.rare = True

    def __exit__(self, *exc: object) -> None:
        mode.saving = mode.saving[:-1]


class save_on_cpu(saved_tensors_hooks):  # noqa: N801 - PyTorch spells this class in lower case
    """Kept tensors wait in the host's memory and come back to their device for the backward pass.

    ``pin_memory`` is accepted; where everything lives on the CPU the block changes nothing but the copies.
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        self.pin_memory, self.device_type = pin_memory, device_type

        def pack(tensor: Any) -> tuple[Any, Any]:
            kept = tensor.detach()
            return tensor.device, kept.cpu() if tensor.is_cuda else kept.clone()

        def unpack(packed: tuple[Any, Any]) -> Any:
            device, tensor = packed
            return tensor.to(device)

        super().__init__(pack, unpack)


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Inside the block ``saved_tensors_hooks`` raises a RuntimeError with the given message."""
    if mode.saving:
        raise RuntimeError(error_message)
    before, mode.saving_refused = mode.saving_refused, error_message
    try:
        yield
    finally:
        mode.saving_refused = before


class _Kept:
    """A kept tensor, which becomes a copy when its memory is about to be written."""

    def __init__(self, tensor: Any) -> None:
        self.tensor = tensor
        self.shared = True

    def copy(self) -> None:
        if self.shared:
            self.tensor, self.shared = wrap(self.tensor._array.copy(), self.tensor._dtype), False


class _AllowMutation:
    """What :func:`allow_mutation_on_saved_tensors` gives: the kept tensors, by the counter of writes to their memory."""

    def __init__(self) -> None:
        self.active = True
        self.kept: dict[int, list[weakref.ref[_Kept]]] = {}

    def pack(self, tensor: Any) -> _Kept:
        held = _Kept(tensor.detach())
        self.kept.setdefault(id(tensor.version), []).append(weakref.ref(held))
        return held

    def unpack(self, held: _Kept) -> Any:
        if not self.active:
            raise lesson(
                AssertionError(
                    "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context"
                    "in which the graph was originally recorded."
                ),
                expected="backward() inside the block",
                got="backward() after it",
            )
        return held.tensor

    def before_write(self, target: Any) -> None:
        for reference in self.kept.get(id(target.version), ()):
            held = reference()
            if held is not None:
                held.copy()

    def clear(self) -> None:
        """Forgets what was kept."""
        self.kept.clear()


@contextmanager
def allow_mutation_on_saved_tensors() -> Iterator[_AllowMutation]:
    """Inside the block kept tensors may be written in place: they are copied just before, and backward sees the copy.

    >>> import pytorch_tutor as torch
    >>> with torch.autograd.graph.allow_mutation_on_saved_tensors():
    ...     x = torch.ones(2, requires_grad=True)
    ...     y = x.clone()
    ...     loss = (y**2).sum()
    ...     _ = y.sin_()
    ...     loss.backward()
    >>> x.grad
    tensor([2., 2.])
    """
    if mode.guard is not None:
        raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
    context = _AllowMutation()
    mode.guard = context.before_write
    try:
        with saved_tensors_hooks(context.pack, context.unpack):
            yield context
    finally:
        mode.guard = None
        context.active = False
        context.clear()
