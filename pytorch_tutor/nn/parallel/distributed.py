"""DistributedDataParallel for a group of one process: the wrapped module, with PyTorch's names."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from pytorch_tutor.distributed import get_world_size
from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.modules.module import Module


class DistributedDataParallel(Module):
    """Runs `module`; gradients would be averaged over all processes of the group, and there is one.

    The wrapped module is `.module`, and the keys of the state dict begin with `module.`, as in PyTorch.

    Raises ValueError before `torch.distributed.init_process_group`, RuntimeError for a module without parameters.
    """

    def __init__(self, module: Module, device_ids: Any = None, output_device: Any = None, **options: Any) -> None:
        super().__init__()
        get_world_size()
        if not any(parameter.requires_grad for parameter in module.parameters()):
            raise lesson(
                RuntimeError(
                    "DistributedDataParallel is not needed when a module doesn't have any parameter that requires a "
                    "gradient."
                ),
                got=type(module).__name__,
                hint="use the module itself",
            )
        self.module = module
        self.device_ids, self.output_device = device_ids, output_device
        self.require_backward_grad_sync = True

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """Run the module."""
        return self.module(*inputs, **kwargs)

    @contextlib.contextmanager
    def no_sync(self) -> Iterator[None]:
        """A block whose gradients are not averaged yet: with one process, no difference."""
        before, self.require_backward_grad_sync = self.require_backward_grad_sync, False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before

    def join(self, **options: Any) -> contextlib.AbstractContextManager[None]:
        """A block for uneven inputs: with one process, no difference."""
        return contextlib.nullcontext()

    def register_comm_hook(self, state: Any, hook: Any) -> None:
        """Accepted: nothing is communicated."""
