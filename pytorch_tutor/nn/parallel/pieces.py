"""The four steps of data parallel training by hand: scatter, replicate, parallel_apply, gather."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from pytorch_tutor.device import device
from pytorch_tutor.functions import cat
from pytorch_tutor.nn.modules.module import Module
from pytorch_tutor.tensor import Tensor


def _place(target: Any) -> device:
    return device("cuda", target) if isinstance(target, int) else device(target)


def scatter(inputs: Any, target_gpus: Sequence[Any], dim: int = 0) -> Any:
    """Cut each tensor into one part per device, also inside tuples, lists and dicts; anything else goes to all.

    >>> import pytorch_tutor as torch
    >>> torch.nn.parallel.scatter(torch.arange(4), ["cpu", "cpu"])
    (tensor([0, 1]), tensor([2, 3]))
    """
    if isinstance(inputs, Tensor):
        parts = inputs.chunk(len(target_gpus), dim)
        return tuple([part.to(_place(gpu)) for part, gpu in zip(parts, target_gpus, strict=False)])
    if isinstance(inputs, tuple) and hasattr(inputs, "_fields"):
        return [type(inputs)(*part) for part in zip(*(scatter(x, target_gpus, dim) for x in inputs), strict=False)]
    if isinstance(inputs, tuple) and inputs:
        return list(zip(*(scatter(x, target_gpus, dim) for x in inputs), strict=False))
    if isinstance(inputs, list) and inputs:
        return [list(part) for part in zip(*(scatter(x, target_gpus, dim) for x in inputs), strict=False)]
    if isinstance(inputs, dict) and inputs:
        columns = [scatter(x, target_gpus, dim) for x in inputs.values()]
        return [type(inputs)(zip(inputs, part, strict=True)) for part in zip(*columns, strict=False)]
    return [inputs for _ in target_gpus]


def gather(outputs: Sequence[Any], target_device: Any, dim: int = 0) -> Any:
    """Put the parts together again on one device, also inside tuples, lists and dicts."""
    first = outputs[0]
    if isinstance(first, Tensor):
        parts = [part.unsqueeze(0) if part.dim() == 0 else part for part in outputs]
        return cat([part.to(_place(target_device)) for part in parts], dim)
    if first is None:
        return None
    if isinstance(first, dict):
        return type(first)((key, gather([o[key] for o in outputs], target_device, dim)) for key in first)
    whole = [gather(parts, target_device, dim) for parts in zip(*outputs, strict=True)]
    return type(first)(*whole) if hasattr(first, "_fields") else type(first)(whole)


def replicate(network: Module, devices: Sequence[Any], detach: bool = False) -> list[Module]:
    """A copy of the module per device, whose parameters' gradients arrive at the original.

    On a device where the original lives already, the copy's parameters are the original's tensors.
    """
    replicas = []
    for target in devices:
        place = _place(target)
        replica = copy.copy(network)
        replicas.append(replica)
        waiting = [replica]
        while waiting:
            module = waiting.pop()
            module.__dict__["_parameters"] = {
                name: None if p is None else (p.detach() if detach else p).to(place)
                for name, p in module._parameters.items()
            }
            module.__dict__["_buffers"] = {
                name: None if b is None else b.to(place) for name, b in module._buffers.items()
            }
            module.__dict__["_modules"] = {
                name: None if child is None else copy.copy(child) for name, child in module._modules.items()
            }
            waiting += [child for child in module._modules.values() if child is not None]
    return replicas


def parallel_apply(
    modules: Sequence[Module], inputs: Sequence[Any], kwargs_tup: Any = None, devices: Any = None
) -> list[Any]:
    """Run each module on its part. One after the other: on GPUs each returns before it is done."""
    if len(modules) != len(inputs):
        raise AssertionError(f"The number of modules {len(modules)} is not equal to the number of inputs {len(inputs)}")
    keywords = kwargs_tup or [{} for _ in modules]
    return [
        module(*(part if isinstance(part, (list, tuple)) else (part,)), **more)
        for module, part, more in zip(modules, inputs, keywords, strict=True)
    ]
