"""Calls that PyTorch takes and a Python function does not: the order of arguments of PyTorch 1.4 and before,
``p.add_(-lr, grad)`` for ``p.add_(grad, alpha=-lr)``, and a tensor with one number where a number is expected."""

from __future__ import annotations

from typing import Any

from .tensor_base import TensorBase
from .warn_once import warn_once

NUMBERS = ("Number", "float", "int")
Call = tuple[tuple[Any, ...], dict[str, Any]]


def as_function_takes_it(
    signature: Any, others: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Call | None:
    """The arguments in the order of today, with numbers as numbers; None where they are so already.

    >>> import pytorch_tutor as torch
    >>> torch.ones(2).add(torch.ones(2), alpha=torch.tensor(3.0))
    tensor([4., 4.])
    """
    numbers = [p.spoken in NUMBERS for p in signature.parameters]
    placed = tuple(number(a) if n else a for a, n in zip(args, numbers, strict=False)) + args[len(numbers) :]
    named = {p.name: n for p, n in zip(signature.parameters, numbers, strict=True)}
    taken = {k: number(v) if named.get(k) else v for k, v in kwargs.items()}
    if signature.hidden:
        deprecated(signature, others)
        for p, value in zip(signature.parameters, placed, strict=False):
            if p.spoken in NUMBERS:
                taken[p.name] = value
        return tuple(a for a, n in zip(placed, numbers, strict=False) if not n), taken
    changed = any(a is not b for a, b in zip(placed, args, strict=True)) or any(
        taken[k] is not kwargs[k] for k in taken
    )
    return (placed, taken) if changed else None


def number(value: Any) -> Any:
    """The number in a tensor."""
    return value._array.item() if isinstance(value, TensorBase) else value


def numbers_in(params: dict[str, Any], error: TypeError) -> dict[str, Any]:
    """An operation's parameters with numbers for tensors of one number; the error again where that cannot be it."""
    tensors = [value for value in params.values() if isinstance(value, TensorBase)]
    if not tensors or any(value._array.ndim or value.requires_grad for value in tensors):
        raise error
    return {key: number(value) for key, value in params.items()}


def deprecated(signature: Any, others: list[Any]) -> None:
    """PyTorch's warning for the old order, once in a program, whichever the function."""
    name = signature.name
    today = "".join(f"\n\t{name}{other}" for other in others if not other.hidden)
    warn_once(
        "overloads",
        f"This overload of {name} is deprecated:\n\t{name}{signature}\n"
        f"Consider using one of the following signatures instead:{today}",
        stacklevel=4,
    )
