"""swap_tensors: two tensors change places, so that every name of the one shows the other."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.errors import lesson


def swap_tensors(t1: Any, t2: Any) -> None:
    """Exchanges everything of two tensors: values, types, gradients, and what has been attached to them.

    >>> import pytorch_tutor as torch
    >>> a, b = torch.zeros(1), torch.ones(2)
    >>> torch.utils.swap_tensors(a, b)
    >>> a, b
    (tensor([1., 1.]), tensor([0.]))

    Raises:
        RuntimeError: a graph holds the gradient's place of one of them.
    """
    for name, tensor in (("t1", t1), ("t2", t2)):
        held = None if tensor._accumulator is None else tensor._accumulator()
        if held is not None:
            raise lesson(
                RuntimeError(f"{name} has an AccumulateGrad node that a graph holds: the tensors cannot be swapped"),
                hint="swap before the forward pass, or delete the results of the last one",
            )
    t1.__class__, t2.__class__ = t2.__class__, t1.__class__
    mine, other = dict(t1.__dict__), dict(t2.__dict__)
    t1.__dict__.clear()
    t1.__dict__.update(other)
    t2.__dict__.clear()
    t2.__dict__.update(mine)
