"""DataParallel: the wrapper that programs for several GPUs use; without several, it passes everything on."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.nn.modules.module import Module


class DataParallel(Module):
    """Runs `module` on the whole batch: splitting it over GPUs would give the same numbers.

    The wrapped module is `.module`, and the keys of the state dict begin with `module.`, as in PyTorch.

    >>> import pytorch_tutor as torch
    >>> model = torch.nn.DataParallel(torch.nn.Linear(2, 1))
    >>> list(model.state_dict())
    ['module.weight', 'module.bias']
    """

    def __init__(self, module: Module, device_ids: Any = None, output_device: Any = None, dim: int = 0) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[Any] = []
        self.dim = dim

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """Run the module."""
        return self.module(*inputs, **kwargs)


def data_parallel(
    module: Module,
    inputs: Any,
    device_ids: Any = None,
    output_device: Any = None,
    dim: int = 0,
    module_kwargs: dict[str, Any] | None = None,
) -> Any:
    """Run `module` on the whole batch (see `DataParallel`)."""
    arguments = inputs if isinstance(inputs, tuple) else (inputs,)
    return module(*arguments, **(module_kwargs or {}))
