"""Modules as functions of their parameters, and many modules of one kind as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import lesson
from ..functions.shape import stack


def functional_call(
    module: Any, parameter_and_buffer_dicts: Any, args: Any = None, kwargs: Any = None, *, tie_weights: bool = True,
    strict: bool = False,
) -> Any:  # fmt: skip
    """Calls a module with the given parameters in place of its own: the module as a function of its parameters.

    >>> import pytorch_tutor as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> values = {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([3.0])}
    >>> torch.func.functional_call(layer, values, torch.tensor([10.0, 20.0]))
    tensor([53.])
    """
    given: dict[str, Any] = {}
    many = isinstance(parameter_and_buffer_dicts, (tuple, list))
    for part in parameter_and_buffer_dicts if many else [parameter_and_buffer_dicts]:
        given.update(part)
    own = {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }
    if strict:
        _check_keys(module, own, given)
    if tie_weights:
        by_tensor = {id(own[name]): value for name, value in given.items() if name in own}
        given = {**{n: by_tensor[id(t)] for n, t in own.items() if id(t) in by_tensor}, **given}
    swapped = []
    try:
        for name, value in given.items():
            path, _, last = name.rpartition(".")
            owner = module.get_submodule(path)
            table = owner._parameters if last in owner._parameters else owner._buffers
            swapped.append((table, last, table.get(last), last in table))
            table[last] = value
        inputs = () if args is None else args if isinstance(args, tuple) else (args,)
        return module(*inputs, **(kwargs or {}))
    finally:
        for table, last, value, there in reversed(swapped):
            if there:
                table[last] = value
            else:
                del table[last]


def _check_keys(module: Any, own: dict[str, Any], given: dict[str, Any]) -> None:
    unexpected = [repr(key) for key in given if key not in own]
    missing = [repr(key) for key in own if key not in given]
    said = [f"Unexpected key(s): {', '.join(unexpected)}."] if unexpected else []
    said += [f"Missing key(s): {', '.join(missing)}."] if missing else []
    if said:
        raise lesson(
            RuntimeError(f"Error(s) in reparametrizing for {type(module).__name__}:\n\t" + "\n\t".join(said)),
            expected="exactly the module's names",
            got=f"{len(given)} of them",
        )


def stack_module_state(models: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters and the buffers of equal modules, each stacked along a new first dimension: for ``vmap``."""
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({m.training for m in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if any(type(m) is not type(models[0]) for m in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    return (
        _stacked([dict(m.named_parameters()) for m in models]),
        _stacked([dict(m.named_buffers()) for m in models]),
    )


def _stacked(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Leaves, each made of the tensors of one name."""
    found = {}
    for key in tables[0]:
        tensors = [t[key] for t in tables]
        wanted = {t.requires_grad for t in tensors}
        if len(wanted) > 1:
            raise RuntimeError(f"Expected {key} from each model to have the same .requires_grad")
        found[key] = stack([t.detach() for t in tensors]).requires_grad_(wanted.pop())
    return found
